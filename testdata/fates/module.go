package main

import (
	"fmt"
	"math/rand/v2"
	"os"
	"os/exec"
	"path/filepath"
	"regexp"
	"slices"
	"strings"
)

// A place is where the text of a unit stands.
type place struct {
	file     string // relative to the module
	from, to int    // lines
}

// A module is a generated one.
type module struct {
	dir   string
	units []*unit
}

// perPackage is how many units a package holds, perFile how many a file.
const (
	perPackage = 24
	perFile    = 8
)

// library is where a path of the generated code comes from.
var libraries = map[string]string{
	"atomic": "sync/atomic", "bufio": "bufio", "context": "context", "errgroup": "golang.org/x/sync/errgroup", "errors": "errors",
	"exec": "os/exec", "fmt": "fmt", "http": "net/http", "io": "io", "log": "log", "net": "net", "os": "os", "signal": "os/signal",
	"sort": "sort", "strings": "strings", "sync": "sync", "time": "time",
}

// A choice is a kind with one of its breakages, or with none.
type choice struct {
	kind     *kind
	breakage string
}

// choices returns all of them.
func choices(kinds []*kind) []choice {
	var all []choice
	for _, k := range kinds {
		all = append(all, choice{k, ""})
		for _, b := range k.breaks {
			all = append(all, choice{k, b})
		}
	}
	return all
}

// deal chooses n units: half of them stop, and the kinds come in turn, as do the
// breakages of each.
func deal(kinds []*kind, n int, r *rand.Rand) []*unit {
	units := make([]*unit, n)
	for i := range units {
		k := kinds[i/2%len(kinds)]
		units[i] = &unit{kind: k}
		if i%2 == 1 {
			units[i].breakage = k.breaks[i/2/len(kinds)%len(k.breaks)]
		}
		units[i].form(r)
	}
	r.Shuffle(n, func(i, j int) { units[i], units[j] = units[j], units[i] })
	return units
}

// form chooses where the body stands and how it is started.
func (u *unit) form(r *rand.Rand) {
	places := bodies
	if u.kind.here {
		places = []string{inLiteral, inMethod, inFunction}
	}
	u.body, u.starter = places[r.IntN(len(places))], starters[r.IntN(len(starters))]
}

// write makes the text of all units and writes the module. Each unit has its own
// random numbers, so that a change of one kind leaves the others as they are.
func (m *module) write(root string, seed uint64) error {
	if err := m.writeMod(root); err != nil {
		return err
	}
	n := &names{used: map[string]bool{}}
	for i, u := range m.units {
		r := rand.New(rand.NewPCG(seed, uint64(i)))
		n.r = r
		if err := build(u, r, n, second(i)); err != nil {
			return err
		}
	}
	for i := 0; i < len(m.units); i += perPackage {
		some := m.units[i:min(i+perPackage, len(m.units))]
		for j := 0; j < len(some); j += perFile {
			if err := m.writeFile(first(i), j/perFile, some[j:min(j+perFile, len(some))], func(u *unit) string { return u.text }); err != nil {
				return err
			}
		}
		if err := m.writeFile(second(i), 0, some, func(u *unit) string { return u.lib }); err != nil {
			return err
		}
	}
	return nil
}

// first and second name the packages of a unit.
func first(i int) string  { return fmt.Sprintf("p%03d", i/perPackage) }
func second(i int) string { return fmt.Sprintf("q%03d", i/perPackage) }

// writeMod writes go.mod and go.sum. The one module that is needed is one of killcheck's.
func (m *module) writeMod(root string) error {
	get := exec.Command("go", "list", "-m", "golang.org/x/sync")
	get.Dir = root
	out, err := get.Output()
	if err != nil {
		return fmt.Errorf("go list -m golang.org/x/sync: %w", err)
	}
	sum, err := os.ReadFile(filepath.Join(root, "go.sum"))
	if err != nil {
		return err
	}
	if err := write(filepath.Join(m.dir, "go.mod"), "module example.com/fates\n\ngo 1.25.0\n\nrequire "+string(out)); err != nil {
		return err
	}
	return write(filepath.Join(m.dir, "go.sum"), string(sum))
}

var qualifier = regexp.MustCompile(`\b([a-z]+|q[0-9]+)\.[A-Z]`)

func (m *module) writeFile(pkg string, number int, units []*unit, text func(*unit) string) error {
	file := fmt.Sprintf("internal/%s/%c.go", pkg, 'a'+number)
	var body strings.Builder
	used := map[string]bool{}
	for _, u := range units {
		for _, match := range qualifier.FindAllStringSubmatch(text(u), -1) {
			if path := libraries[match[1]]; path != "" {
				used[path] = true
			} else if strings.HasPrefix(match[1], "q") {
				used["example.com/fates/internal/"+match[1]] = true
			}
		}
	}
	var imports []string
	for path := range used {
		imports = append(imports, fmt.Sprintf("\t%q\n", path))
	}
	slices.Sort(imports)
	fmt.Fprintf(&body, "package %s\n\n", pkg)
	if len(imports) > 0 {
		fmt.Fprintf(&body, "import (\n%s)\n\n", strings.Join(imports, ""))
	}
	line := strings.Count(body.String(), "\n") + 1
	for _, u := range units {
		t := text(u)
		if t == "" {
			continue
		}
		t = strings.TrimSpace(t) + "\n\n"
		lines := strings.Count(t, "\n")
		u.places = append(u.places, place{file, line, line + lines - 1})
		body.WriteString(t)
		line += lines
	}
	if len(imports) == 0 && body.Len() < 20 {
		return nil // nothing stands in it
	}
	return write(filepath.Join(m.dir, file), strings.TrimSpace(body.String())+"\n")
}

func write(file, text string) error {
	if err := os.MkdirAll(filepath.Dir(file), 0o777); err != nil {
		return err
	}
	return os.WriteFile(file, []byte(text), 0o666)
}

// at returns the unit whose text stands at a line.
func (m *module) at(file string, line int) *unit {
	if rel, err := filepath.Rel(m.dir, file); err == nil && filepath.IsAbs(file) {
		file = rel
	}
	for _, u := range m.units {
		for _, p := range u.places {
			if p.file == filepath.ToSlash(file) && p.from <= line && line <= p.to {
				return u
			}
		}
	}
	return nil
}
