package main

import (
	"encoding/json"
	"fmt"
	"go/parser"
	"go/token"
	"go/version"
	"log"
	"os"
	"path/filepath"
	"runtime"
	"runtime/debug"
	"slices"
	"strconv"
	"strings"

	"golang.org/x/tools/go/analysis"
	"golang.org/x/tools/go/analysis/unitchecker"

	"github.com/killcheck/killcheck/cmd/killcheck/internal/finding"
	"github.com/killcheck/killcheck/internal/regular"
)

// A vetCall is a call by the go command as its vet or fix tool.
type vetCall struct {
	args []string
	unit *unit // what to analyse; nil if the go command asks for the version or the flags
}

// readVetCall tells a call by the go command from one by a person, who may name a
// file that happens to end in .cfg: arguments that begin with a minus sign, and then
// the file vet.cfg in the directory that also gets the results. So nobody can have us
// write elsewhere by such a file.
func readVetCall(args []string) (vetCall, bool) {
	if len(args) == 0 {
		return vetCall{}, false
	}
	last := args[len(args)-1]
	if len(args) == 1 && (last == "-V=full" || last == "-flags") {
		return vetCall{args: args}, true
	}
	flags := !slices.ContainsFunc(args[:len(args)-1], func(arg string) bool { return !strings.HasPrefix(arg, "-") })
	if !flags || !filepath.IsAbs(last) || filepath.Base(last) != "vet.cfg" {
		return vetCall{}, false
	}
	unit, err := readUnit(last)
	if err != nil || !unit.beside(last) {
		return vetCall{}, false
	}
	return vetCall{args, unit}, true
}

// vetFace speaks the protocol of go vet. It ends the process where
// unitchecker does.
func vetFace(s suite, call vetCall) exitCode {
	log.SetOutput(standardError()) // unitchecker tells of compile errors by it
	if call.unit == nil && call.args[0] == "-V=full" && s.printVersion(os.Stdout) {
		return exitClean
	}
	if unit, args := call.unit, call.args; unit != nil {
		if text := skew(os.Getenv("GOVERSION")); text != "" {
			return refuse(unit, text)
		}
		last := len(args) - 1
		if !writesFixes(args) {
			args[last] = unit.adapt(args[last], asksFor(args, s.census.Name))
		}
		if err := expandRows(args); err != nil {
			fmt.Fprintf(standardError(), "killcheck: %v\n", err)
			return exitFindings
		}
		off := s.defaultsOff(args)
		if !asksFor(args, s.census.Name) {
			s.nameChecks()
			var err error
			if off, err = s.configure(unit, args, off); err != nil {
				fmt.Fprintf(standardError(), "killcheck: %v\n", err)
				return exitFindings
			}
		}
		limitMemory()
		os.Args = append(append(os.Args[:1:1], off...), args...)
	}
	unitchecker.Main(s.analyzers()...)
	return exitClean // not reached: Main ends the process
}

// nameChecks puts the name of the check before each message, since go vet shows
// nothing else from which an ignore directive could be written. The command line
// asks for the census, and shows the name itself.
func (s suite) nameChecks() {
	for _, c := range s.checks {
		run := c.analyzer.Run
		c.analyzer.Run = func(pass *analysis.Pass) (any, error) {
			report := pass.Report
			pass.Report = func(d analysis.Diagnostic) {
				d.Message = c.name + ": " + d.Message
				report(d)
			}
			return run(pass)
		}
	}
}

// memoryLimit is the size of the heap, in bytes, at which the collector begins to
// work harder. No package is known that comes to it: the 400,000 lines with tests of
// the server of NATS take 1.9 GiB. With 1.5 GiB the collector took a quarter of their
// time.
const memoryLimit = 5 << 29

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
	ImportPath    string
	GoFiles       []string
	Stdout        *string // absent before go1.26
	FixArchive    string
	Module        *json.RawMessage // absent before go1.27
	ModulePath    string
	ModuleVersion string
	IgnoredFiles  []string
	VetxOnly      bool
	VetxOutput    string

	raw map[string]json.RawMessage
}

// maxUnit is the size, in bytes, up to which a config is read. It holds some hundred
// for each package that the unit imports.
const maxUnit = 64 << 20

func readUnit(name string) (*unit, error) {
	data, err := regular.ReadFile(name, maxUnit)
	if err != nil {
		return nil, err
	}
	u := new(unit)
	if err := regular.Unmarshal(name, data, u); err != nil {
		return nil, err
	}
	return u, regular.Unmarshal(name, data, &u.raw)
}

// beside reports whether the unit is one of the go command, whose results go into
// the directory of the config.
func (u *unit) beside(config string) bool {
	outputs := []string{u.VetxOutput}
	if u.Stdout != nil {
		outputs = append(outputs, *u.Stdout)
	}
	if u.FixArchive != "" {
		outputs = append(outputs, u.FixArchive)
	}
	dir := filepath.Dir(config)
	return u.ImportPath != "" && len(u.GoFiles) > 0 && !slices.ContainsFunc(outputs, func(file string) bool {
		return filepath.Dir(file) != dir
	})
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
// does not need this, but for the census, which wants to know what its importers
// know of it.
func (u *unit) needsSticky(census bool) bool {
	return u.Stdout != nil && u.Module == nil && u.VetxOnly &&
		!u.standard() && !u.downloaded() && (census || !u.hasTests())
}

// standard reports whether the package belongs to the standard library. Such a
// package has no module, but neither has one below GOPATH where modules are off.
func (u *unit) standard() bool {
	if u.ModulePath != "" {
		return false
	}
	root := os.Getenv("GOROOT") // the go command sets it for its tools
	rel, err := filepath.Rel(filepath.Join(root, "src"), u.Dir)
	return root == "" || err == nil && filepath.IsLocal(rel)
}

// downloaded reports whether the package lies in the module cache, where nobody
// asks for it by itself. A version alone does not say so: a module that a
// replace directive takes from a folder has one as well. Folders of the cache
// carry the version in their name. A vendored package is no work of the user's
// either.
func (u *unit) downloaded() bool {
	dir := filepath.ToSlash(u.Dir)
	if u.ModulePath == "" {
		return strings.Contains(dir, "/vendor/")
	}
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
		text, err := regular.ReadFile(file, finding.MaxSource)
		if err != nil {
			continue // no file that the go command would compile
		}
		f, err := parser.ParseFile(token.NewFileSet(), file, text, parser.PackageClauseOnly)
		if err == nil && !strings.HasSuffix(f.Name.Name, "_test") {
			return true
		}
	}
	return false
}

// adapt returns the name of the config to use: that of a copy, if the unit has to be
// run with its diagnostics, or has to say that it holds tests. The census wants to know
// that of a package, since the go command gives it the name of the one without. If the
// copy cannot be written, it is the original.
func (u *unit) adapt(name string, census bool) string {
	changed := make(map[string]string)
	if u.needsSticky(census) {
		changed["VetxOnly"] = "false"
	}
	if census && !strings.HasSuffix(u.ImportPath, "_test") && slices.ContainsFunc(u.GoFiles, func(file string) bool { return strings.HasSuffix(file, "_test.go") }) {
		changed["ID"] = strconv.Quote(u.ImportPath + " [" + u.ImportPath + ".test]")
	}
	if len(changed) == 0 {
		return name
	}
	for key, value := range changed {
		u.raw[key] = json.RawMessage(value)
	}
	data, err := json.Marshal(u.raw)
	if err != nil {
		return name
	}
	copied := strings.TrimSuffix(name, ".cfg") + ".adapted.cfg"
	if err := os.WriteFile(copied, data, 0o666); err != nil {
		return name
	}
	return copied
}
