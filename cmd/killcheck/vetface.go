package main

import (
	"encoding/json"
	"fmt"
	"go/parser"
	"go/token"
	"go/version"
	"os"
	"path/filepath"
	"runtime"
	"runtime/debug"
	"slices"
	"strings"

	"golang.org/x/tools/go/analysis/unitchecker"
)

// isVetCall reports whether the go command calls us as its vet or fix tool.
func isVetCall(args []string) bool {
	return slices.ContainsFunc(args, func(arg string) bool {
		return arg == "-V=full" || arg == "-flags" || strings.HasSuffix(arg, ".cfg")
	})
}

// vetFace speaks the protocol of go vet. It ends the process where
// unitchecker does.
func vetFace(s suite, args []string) exitCode {
	if last := args[len(args)-1]; strings.HasSuffix(last, ".cfg") {
		unit, err := readUnit(last)
		if err != nil {
			fmt.Fprintf(standardError(), "killcheck: %v\n", err)
			return exitFindings
		}
		if text := skew(os.Getenv("GOVERSION")); text != "" {
			return refuse(unit, text)
		}
		if !writesFixes(args) && unit.needsSticky() {
			args[len(args)-1] = unit.sticky(last)
		}
		limitMemory()
		os.Args = append(append(os.Args[:1:1], s.defaultsOff(args)...), args...)
	}
	unitchecker.Main(s.analyzers()...)
	return exitClean // not reached: Main ends the process
}

// memoryLimit is the size of the heap, in bytes, at which the collector begins to
// work harder. Only packages of some hundred thousand lines come to it, for
// which go vet itself takes as much.
const memoryLimit = 3 << 29

// limitMemory keeps a large package from taking twice what it needs, unless the
// user has set a limit.
func limitMemory() {
	if os.Getenv("GOMEMLIMIT") == "" {
		debug.SetMemoryLimit(memoryLimit)
	}
}

// defaultsOff returns flags that turn off what runs only when asked for: the
// extended checks and the census. If the arguments turn any analyzer on,
// unitchecker runs just those anyway.
func (s suite) defaultsOff(args []string) []string {
	var off []string
	for _, c := range s.checks {
		if asksFor(args, c.name) {
			return nil
		}
		if c.tier == tierExtended {
			off = append(off, "-"+c.name+"=false")
		}
	}
	if asksFor(args, s.census.Name) {
		return nil
	}
	return append(off, "-"+s.census.Name+"=false")
}

func asksFor(args []string, name string) bool {
	return slices.ContainsFunc(args, func(arg string) bool {
		flag, value, _ := strings.Cut(strings.TrimPrefix(arg, "-"), "=")
		return strings.TrimPrefix(flag, "-") == name && (value == "" || value == "true" || value == "1")
	})
}

// writesFixes reports whether the tool is to write fixed files.
func writesFixes(args []string) bool {
	return slices.Contains(args, "-fix") && !slices.Contains(args, "-diff")
}

// skew returns a message if the go command of the given version is newer than
// the one that built this program: its standard library cannot be
// type-checked then.
func skew(goCommand string) string {
	ours := runtime.Version()
	if !version.IsValid(goCommand) || !version.IsValid(ours) {
		return "" // a development version
	}
	if version.Compare(version.Lang(goCommand), version.Lang(ours)) <= 0 {
		return ""
	}
	return fmt.Sprintf("built with %s, which cannot read the packages of the newer %s: install killcheck again with %[2]s", ours, goCommand)
}

// refuse ends the analysis of a unit because of version skew. A unit that is
// needed only for its facts has none and says nothing, so that the message
// comes once for each package that was asked for.
func refuse(u *unit, text string) exitCode {
	if u.VetxOnly {
		if err := os.WriteFile(u.VetxOutput, nil, 0o666); err == nil {
			return exitClean
		}
	}
	fmt.Fprintf(standardError(), "killcheck: %s\n", text)
	return exitFindings
}

// A unit is the part of a unitchecker config that decides how to run it.
type unit struct {
	Dir           string
	Stdout        *string          // absent before go1.26
	Module        *json.RawMessage // absent before go1.27
	ModulePath    string
	ModuleVersion string
	IgnoredFiles  []string
	VetxOnly      bool
	VetxOutput    string

	raw map[string]json.RawMessage
}

func readUnit(name string) (*unit, error) {
	data, err := os.ReadFile(name)
	if err != nil {
		return nil, err
	}
	u := new(unit)
	if err := json.Unmarshal(data, u); err != nil {
		return nil, fmt.Errorf("%s: %w", name, err)
	}
	if err := json.Unmarshal(data, &u.raw); err != nil {
		return nil, fmt.Errorf("%s: %w", name, err)
	}
	return u, nil
}

// needsSticky reports whether the unit has to be run with its diagnostics,
// although the go command asks only for its facts.
//
// The go command of go1.26 caches what the tool prints under a key that does
// not say whether diagnostics were wanted. If a package is first analysed as a
// dependency, its cached output is empty, and asking for the package itself
// then finds nothing. So a package of a module that is worked on always prints
// its diagnostics, and the command line drops those that were not asked for. A
// package with tests of its own is another unit when it is asked for, so it
// does not need this.
func (u *unit) needsSticky() bool {
	return u.Stdout != nil && u.Module == nil && u.VetxOnly &&
		u.ModulePath != "" && !u.downloaded() && !u.hasTests()
}

// downloaded reports whether the package lies in the module cache, where nobody
// asks for it by itself. A version alone does not say so: a module that a
// replace directive takes from a folder has one as well. Folders of the cache
// carry the version in their name. A vendored module is no work of the user's
// either.
func (u *unit) downloaded() bool {
	dir := filepath.ToSlash(u.Dir)
	return u.ModuleVersion != "" && (strings.Contains(dir, "@"+u.ModuleVersion) || strings.Contains(dir, "/vendor/"))
}

// hasTests reports whether the package has test files inside the package.
func (u *unit) hasTests() bool {
	tests, err := filepath.Glob(filepath.Join(u.Dir, "*_test.go"))
	if err != nil {
		return false // a directory name with pattern characters: stay on the safe side
	}
	for _, file := range tests {
		if slices.Contains(u.IgnoredFiles, file) || slices.Contains(u.IgnoredFiles, filepath.Base(file)) {
			continue
		}
		f, err := parser.ParseFile(token.NewFileSet(), file, nil, parser.PackageClauseOnly)
		if err == nil && !strings.HasSuffix(f.Name.Name, "_test") {
			return true
		}
	}
	return false
}

// sticky writes a copy of the config that asks for diagnostics, and returns
// its name. If that fails, it returns the name of the original.
func (u *unit) sticky(name string) string {
	u.raw["VetxOnly"] = json.RawMessage("false")
	data, err := json.Marshal(u.raw)
	if err != nil {
		return name
	}
	copied := strings.TrimSuffix(name, ".cfg") + ".sticky.cfg"
	if err := os.WriteFile(copied, data, 0o666); err != nil {
		return name
	}
	return copied
}
