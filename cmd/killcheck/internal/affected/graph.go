package affected

import (
	"go/ast"
	"go/parser"
	"go/token"
	"os"
	"path/filepath"
	"slices"
	"strings"
)

// A Graph is who imports whom, and what has changed.
type Graph struct {
	selection *Selection
	units     []*Unit
	at        map[string]*Unit
	importers map[*Unit][]*Unit
	changed   map[*Unit]bool // its own files have changed
	restored  map[*Unit]bool // it and what it imports can be had as they were; filled as needed
	spent     int64          // what comparing has cost so far
	budget    int64          // and what it may cost
}

// Graph looks for what has changed of units.
func (s *Selection) Graph(units []*Unit) *Graph {
	s.dirs, s.files = make(map[string]change), make(map[string][]string)
	for name := range s.Tree.Changed {
		dir := filepath.Join(s.Tree.Root, filepath.FromSlash(name[:strings.LastIndexByte(name, '/')+1]))
		s.dirs[dir] = s.dirs[dir].or(kind(name))
		s.files[dir] = append(s.files[dir], name)
		s.native = s.native || !strings.HasSuffix(name, ".go")
	}
	g := &Graph{
		selection: s, units: units, budget: -1,
		at: make(map[string]*Unit), importers: make(map[*Unit][]*Unit), changed: make(map[*Unit]bool), restored: make(map[*Unit]bool),
	}
	own := make(map[string]change)
	for _, u := range units {
		g.at[u.ImportPath] = u
		if u.ForTest == "" {
			own[u.path()] = s.own(u)
		}
	}
	for _, u := range units {
		for _, dep := range g.imports(u) {
			g.importers[dep] = append(g.importers[dep], u)
		}
		path := u.path()
		if u.tested() {
			path = u.ForTest
		}
		c, ok := own[path]
		if !ok { // only tests import it
			c = s.own(u)
		}
		g.changed[u] = c.code || u.tested() && c.tests
	}
	return g
}

// imports returns the units that a unit imports directly.
func (g *Graph) imports(u *Unit) []*Unit {
	var all []*Unit
	for _, path := range u.Imports {
		if dep := g.at[path]; dep != nil { // else it is "C", or broken
			all = append(all, dep)
		}
	}
	return all
}

// Paths returns the import paths of the packages that can have other findings, if
// those that same holds are to their importers what they were at the revision.
func (g *Graph) Paths(same map[string]bool) map[string]bool {
	suspects := g.suspects(func(u *Unit) bool { return !same[u.ImportPath] })
	paths := make(map[string]bool)
	for _, u := range g.units {
		if tested := g.at[strings.TrimSuffix(u.ImportPath, ".test")]; tested != nil && tested != u {
			continue // the program that runs the tests
		}
		switch {
		case !suspects[u]:
		case u.ForTest == "":
			paths[u.path()] = true
		case u.tested():
			paths[u.ForTest] = true
		}
	}
	return paths
}

// suspects returns the units that have changed, or import a suspect that differs.
func (g *Graph) suspects(differs func(*Unit) bool) map[*Unit]bool {
	found := make(map[*Unit]bool)
	var visit func(u *Unit) bool
	visit = func(u *Unit) bool {
		is, ok := found[u]
		if ok {
			return is
		}
		found[u] = g.changed[u] // for a circle, which is an error anyway
		for _, dep := range g.imports(u) {
			if visit(dep) && differs(dep) {
				found[u] = true
			}
		}
		return found[u]
	}
	for _, u := range g.units {
		visit(u)
	}
	return found
}

// share is the part of what may be saved that comparing may cost: one in so many.
const share = 3

// Next returns packages of which it is worth to find out whether they are to their
// importers what they were at the revision, each with all of its imports restored;
// none if there are no more. Known says so of those that were compared; those that
// are not worth it are entered there as well.
func (g *Graph) Next(known map[string]bool) []*Unit {
	for {
		least := g.suspects(func(u *Unit) bool {
			same, ok := known[u.ImportPath]
			return ok && !same || !ok && !g.comparable(u)
		})
		most := g.suspects(func(u *Unit) bool { return !known[u.ImportPath] })
		open := make(map[*Unit]bool)
		for u := range most {
			if most[u] && !least[u] {
				open[u] = true
			}
		}
		if g.budget < 0 {
			g.budget = weigh(open) / share
		}
		var wave []*Unit
		again := false
		for _, u := range g.units {
			if _, ok := known[u.ImportPath]; ok || !least[u] || !g.comparable(u) {
				continue
			}
			gain, cost := weigh(g.above(u, open)), u.cost()
			if gain == 0 && !slices.ContainsFunc(g.importers[u], func(v *Unit) bool { return open[v] }) {
				continue // nobody waits for it
			}
			if cost*share > gain || g.spent+cost > g.budget {
				known[u.ImportPath], again = false, true
				continue
			}
			g.spent += cost
			wave = append(wave, u)
		}
		if len(wave) > 0 || !again {
			return wave
		}
	}
}

// above returns those of some units that import one, directly or through others.
func (g *Graph) above(u *Unit, of map[*Unit]bool) map[*Unit]bool {
	found := make(map[*Unit]bool)
	var visit func(u *Unit)
	visit = func(u *Unit) {
		for _, v := range g.importers[u] {
			if of[v] && !found[v] {
				found[v] = true
				visit(v)
			}
		}
	}
	visit(u)
	return found
}

// comparable reports whether the unit can be had as it was at the revision.
func (g *Graph) comparable(u *Unit) bool {
	return u.ForTest == "" && !u.Standard && !cached(u.Dir, g.selection.Caches) && g.selection.existed(u) && g.restorable(u)
}

// restorable reports whether all that the unit is made of can be had as it was.
func (g *Graph) restorable(u *Unit) bool {
	is, ok := g.restored[u]
	if ok {
		return is
	}
	is = !g.changed[u] || g.selection.restores(u)
	g.restored[u] = is
	for _, dep := range g.imports(u) {
		is = is && g.restorable(dep)
	}
	g.restored[u] = is
	return is
}

// restores reports whether the files of the unit that have changed are Go files of
// which it is known what they were.
func (s *Selection) restores(u *Unit) bool {
	dir, err := filepath.EvalSymlinks(u.Dir)
	if err != nil || dir != u.Dir || u.Error != nil || len(u.DepsErrors) > 0 || u.Incomplete || len(u.CgoFiles) > 0 {
		return false
	}
	for file := range s.Overlay {
		if filepath.Dir(file) == dir {
			return false
		}
	}
	for _, name := range s.files[dir] {
		old, ok := s.Tree.Old[name]
		if !ok || old != nil && !strings.HasSuffix(name, "_test.go") && !isGo(old) {
			return false
		}
	}
	return !slices.ContainsFunc(slices.Concat(u.GoFiles, u.CFiles, u.CXXFiles, u.MFiles, u.HFiles, u.FFiles, u.SFiles, u.SwigFiles, u.SwigCXXFiles, u.SysoFiles), func(file string) bool {
		file = filepath.Join(dir, file)
		rel, _ := s.Tree.rel(file)
		_, old := s.Tree.Old[rel]
		return !old && !s.Tree.Same(file)
	})
}

// isGo reports whether the text of a file is Go by itself, without C, which includes
// what it likes.
func isGo(text []byte) bool {
	f, err := parser.ParseFile(token.NewFileSet(), "", text, parser.ImportsOnly)
	return err == nil && !slices.ContainsFunc(f.Imports, func(spec *ast.ImportSpec) bool { return spec.Path.Value == `"C"` })
}

// existed reports whether the unit had files at the revision.
func (s *Selection) existed(u *Unit) bool {
	return slices.ContainsFunc(slices.Concat(u.GoFiles, u.CgoFiles), func(file string) bool {
		file = filepath.Join(u.Dir, file)
		rel, _ := s.Tree.rel(file)
		return s.Tree.Same(file) || s.Tree.Old[rel] != nil
	})
}

// cost is what it takes to compare the unit: once as it was, and once as it is, if
// with its tests it is another one.
func (u *Unit) cost() int64 {
	if len(u.TestGoFiles) > 0 {
		return 2 * u.weight()
	}
	return u.weight()
}

// weight is what it takes to analyse the unit.
func (u *Unit) weight() int64 {
	weight := int64(2000) // to start a program
	for _, file := range slices.Concat(u.GoFiles, u.CgoFiles) {
		if info, err := os.Stat(filepath.Join(u.Dir, file)); err == nil {
			weight += info.Size()
		}
	}
	return weight
}

// weigh returns the weight of packages. Their tests are left out of account.
func weigh(units map[*Unit]bool) (weight int64) {
	for u := range units {
		if u.ForTest == "" {
			weight += u.weight()
		}
	}
	return weight
}
