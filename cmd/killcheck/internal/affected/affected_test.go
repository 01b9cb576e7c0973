package affected

import (
	"maps"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"testing"
)

// A fixture is a repository with packages, as go list tells of them.
type fixture struct {
	t     *testing.T
	tree  *Tree
	units []*Unit
}

// newFixture makes a with tests, b that imports a, c with an embedded file that imports
// b, d with cgo, e by itself, and f whose tests import a.
func newFixture(t *testing.T) *fixture {
	root, err := filepath.EvalSymlinks(t.TempDir())
	if err != nil {
		t.Fatal(err)
	}
	f := &fixture{t: t, tree: &Tree{Root: root, Known: make(map[string]bool), Changed: make(map[string]bool)}}
	for _, name := range []string{"go.mod", "README.md", "a/a.go", "a/a_test.go", "a/x_test.go", "b/b.go", "c/c.go", "c/data/x.txt", "d/d.go", "d/d.h", "e/e.go", "f/f.go", "f/f_test.go"} {
		f.file(name)
		f.tree.Known[name] = true
	}
	dir := func(name string) string { return filepath.Join(root, name) }
	module := &struct{ GoMod string }{filepath.Join(root, "go.mod")}
	f.units = []*Unit{
		{ImportPath: "fmt", Standard: true, Dir: "/go/src/fmt", GoFiles: []string{"print.go"}},
		{ImportPath: "m/a", Dir: dir("a"), Module: module, GoFiles: []string{"a.go"}, TestGoFiles: []string{"a_test.go"}, XTestGoFiles: []string{"x_test.go"}, Imports: []string{"fmt"}},
		{ImportPath: "m/b", Dir: dir("b"), Module: module, GoFiles: []string{"b.go"}, Imports: []string{"fmt", "m/a"}},
		{ImportPath: "m/c", Dir: dir("c"), Module: module, GoFiles: []string{"c.go"}, EmbedPatterns: []string{"data"}, EmbedFiles: []string{"data/x.txt"}, Imports: []string{"fmt", "m/b"}},
		{ImportPath: "m/d", Dir: dir("d"), Module: module, CgoFiles: []string{"d.go"}, HFiles: []string{"d.h"}},
		{ImportPath: "m/e", Dir: dir("e"), Module: module, GoFiles: []string{"e.go"}},
		{ImportPath: "m/f", Dir: dir("f"), Module: module, GoFiles: []string{"f.go"}, TestGoFiles: []string{"f_test.go"}},
		{ImportPath: "m/a [m/a.test]", ForTest: "m/a", Dir: dir("a"), Module: module, GoFiles: []string{"a.go", "a_test.go"}, Imports: []string{"fmt"}},
		{ImportPath: "m/b [m/a.test]", ForTest: "m/a", Dir: dir("b"), Module: module, GoFiles: []string{"b.go"}, Imports: []string{"fmt", "m/a [m/a.test]"}},
		{ImportPath: "m/a_test [m/a.test]", ForTest: "m/a", Dir: dir("a"), Module: module, GoFiles: []string{"x_test.go"}, Imports: []string{"fmt", "m/a [m/a.test]", "m/b [m/a.test]"}},
		{ImportPath: "m/a.test", Dir: dir("a"), Module: module, GoFiles: []string{"/cache/main.go"}, Imports: []string{"m/a [m/a.test]", "m/a_test [m/a.test]"}},
		{ImportPath: "m/f [m/f.test]", ForTest: "m/f", Dir: dir("f"), Module: module, GoFiles: []string{"f.go", "f_test.go"}, Imports: []string{"fmt", "m/a"}},
	}
	return f
}

func (f *fixture) file(name string) {
	f.t.Helper()
	name = filepath.Join(f.tree.Root, name)
	if err := os.MkdirAll(filepath.Dir(name), 0o777); err != nil {
		f.t.Fatal(err)
	}
	if err := os.WriteFile(name, nil, 0o666); err != nil {
		f.t.Fatal(err)
	}
}

// unit returns the unit of an import path.
func (f *fixture) unit(path string) *Unit {
	return f.units[slices.IndexFunc(f.units, func(u *Unit) bool { return u.ImportPath == path })]
}

func (f *fixture) paths() string {
	s := &Selection{Tree: f.tree, Caches: []string{"/go"}, Overlay: map[string]bool{}}
	return strings.ReplaceAll(strings.Join(slices.Sorted(maps.Keys(s.Graph(f.units).Paths(nil))), " "), "m/", "")
}

func TestPaths(t *testing.T) {
	for _, test := range []struct {
		name    string
		changed string // a file, or "" and a function
		do      func(f *fixture)
		want    string
	}{
		{"nothing", "", nil, ""},
		{"a leaf", "e/e.go", nil, "e"},
		{"what others import", "a/a.go", nil, "a b c f"},
		{"in the middle, which tests compile again", "b/b.go", nil, "a b c"},
		{"a test", "a/a_test.go", nil, "a"},
		{"a test in a package of its own", "a/x_test.go", nil, "a"},
		{"a file that is gone", "b/gone.go", nil, "a b c"},
		{"a file that build tags leave out", "e/e_plan9.go", nil, "e"},
		{"an assembler file", "e/e.s", nil, "d e"},
		{"a page", "e/README.md", nil, "d"}, // and C could include it
		{"what is embedded", "c/data/x.txt", nil, "c d"},
		{"what was embedded", "c/data/deep/gone.txt", nil, "c d"},
		{"a header", "include/x.h", nil, "d"},
		{"a file that git does not know", "", func(f *fixture) { delete(f.tree.Known, "b/b.go") }, "a b c"},
		{"a test that git does not know", "", func(f *fixture) { delete(f.tree.Known, "a/a_test.go") }, "a"},
		{"a package that is broken", "", func(f *fixture) { f.unit("m/b").Error = new(struct{}) }, "a b c"},
		{"a package that imports one", "", func(f *fixture) { f.unit("m/c").DepsErrors = make([]struct{}, 1) }, "c"},
		{"no directory", "", func(f *fixture) { f.unit("m/e").Dir = "" }, "e"},
		{"a package outside", "", func(f *fixture) { f.unit("m/e").Dir = os.TempDir() }, "e"},
		{"a package of the cache", "", func(f *fixture) { f.unit("m/e").Dir = "/go/pkg/mod/e" }, ""},
		{"a file in the root", "x.go", nil, ""},
	} {
		f := newFixture(t)
		if test.changed != "" {
			f.tree.Changed[test.changed] = true
		}
		if test.do != nil {
			test.do(f)
		}
		if got := f.paths(); got != test.want {
			t.Errorf("%s: %q, want %q", test.name, got, test.want)
		}
	}
}

func TestOverlay(t *testing.T) {
	f := newFixture(t)
	s := &Selection{Tree: f.tree, Overlay: map[string]bool{filepath.Join(f.unit("m/b").Dir, "new.go"): true}}
	f.unit("fmt").Standard = true
	if got := s.Graph(f.units).Paths(nil); !got["m/b"] || !got["m/c"] || got["m/e"] {
		t.Errorf("%v", got)
	}
}

func TestLinks(t *testing.T) {
	f := newFixture(t)
	file := filepath.Join(f.tree.Root, "e", "e.go")
	if err := os.Rename(file, filepath.Join(f.tree.Root, "other.go")); err != nil {
		t.Fatal(err)
	}
	if err := os.Symlink("../other.go", file); err != nil {
		t.Skip(err)
	}
	if got := f.paths(); got != "e" {
		t.Errorf("a link to a file: %q", got)
	}
	f = newFixture(t)
	link := filepath.Join(t.TempDir(), "link")
	if err := os.Symlink(f.tree.Root, link); err != nil {
		t.Skip(err)
	}
	for _, u := range f.units {
		if rel, err := filepath.Rel(f.tree.Root, u.Dir); err == nil && filepath.IsLocal(rel) {
			u.Dir = filepath.Join(link, rel)
		}
	}
	if got := f.paths(); got != "" {
		t.Errorf("a link to the repository: %q", got)
	}
	f.tree.Changed["e/e.go"] = true
	if got := f.paths(); got != "e" {
		t.Errorf("a link to the repository, and a change: %q", got)
	}
}

func TestAll(t *testing.T) {
	f := newFixture(t)
	caches := []string{"/go"}
	if why := f.tree.All(f.units, []string{filepath.Join(f.tree.Root, "README.md")}, caches); why != "" {
		t.Errorf("nothing has changed: %s", why)
	}
	f.unit("m/e").Module = &struct{ GoMod string }{"/go/pkg/mod/cache/download/e.mod"}
	if why := f.tree.All(f.units, nil, caches); why != "" {
		t.Errorf("a module of the cache: %s", why)
	}
	for name, want := range map[string]string{
		"go.mod": "go.mod has changed", "sub/go.sum": "sub/go.sum has changed", "vendor/modules.txt": "vendor/modules.txt has changed",
		".killcheck.yaml": ".killcheck.yaml has changed", "go.work": "go.work has changed",
	} {
		f := newFixture(t)
		f.tree.Changed[name] = true
		if why := f.tree.All(f.units, nil, caches); why != want {
			t.Errorf("%s: %q", name, why)
		}
	}
	for _, file := range []string{filepath.Join(f.tree.Root, "rows.kb"), os.Args[0]} {
		if why := f.tree.All(f.units, []string{file}, caches); why != file+" has changed, or git does not know it" {
			t.Errorf("%q", why)
		}
	}
	delete(f.tree.Known, "go.mod")
	if why := f.tree.All(f.units, nil, caches); !strings.HasSuffix(why, "go.mod has changed, or git does not know it") {
		t.Errorf("a go.mod that git does not know: %q", why)
	}
}

// TestNext: what has changed is compared if enough packages import it, and whatever
// imports what is not the same comes next.
func TestNext(t *testing.T) {
	root, err := filepath.EvalSymlinks(t.TempDir())
	if err != nil {
		t.Fatal(err)
	}
	newFixture := func(tests ...string) *fixture {
		f := &fixture{t: t, tree: &Tree{Root: root, Known: make(map[string]bool), Changed: map[string]bool{"base/x.go": true}, Old: map[string][]byte{"base/x.go": []byte("package base\n\nvar country = \"C\"\n")}}}
		add := func(path, test string, imports ...string) {
			f.file(path + "/x.go")
			f.tree.Known[path+"/x.go"] = true
			u := &Unit{ImportPath: path, Dir: filepath.Join(root, path), GoFiles: []string{"x.go"}, Imports: imports}
			if test != "" {
				u.ImportPath, u.ForTest = path+" ["+test+".test]", test
			}
			f.units = append(f.units, u)
		}
		add("base", "")
		add("middle", "", "base")
		for _, path := range []string{"a", "b", "c", "d"} {
			add(path, "", "middle")
			add(path+"/a", "", path)
		}
		add("other", "", "base")
		for _, path := range tests {
			add("base", path, path)
			add(path, path, "base ["+path+".test]")
		}
		return f
	}
	names := func(units []*Unit) string {
		var all []string
		for _, u := range units {
			all = append(all, u.ImportPath)
		}
		return strings.Join(all, " ")
	}
	const everything = "a a/a b b/a base c c/a d d/a middle other"
	for _, test := range []struct {
		name  string
		do    func(f *fixture)
		same  string // packages that are found to be the same
		waves string
		paths string
	}{
		{"the same", nil, "base", "base", "base"},
		{"not the same", nil, "", "base, middle", everything},
		{"the same in the middle", nil, "middle", "base, middle", "base middle other"},
		{"nothing of the revision", func(f *fixture) { f.tree.Old = nil }, "base", "", everything},
		{"new", func(f *fixture) { f.tree.Old["base/x.go"] = nil }, "base", "middle", everything},
		{"cgo", func(f *fixture) { f.tree.Old["base/x.go"] = []byte("package base\n\nimport \"C\"\n") }, "base", "", everything},
		{"a file that is no Go", func(f *fixture) { f.tree.Changed["base/x.s"] = true }, "base", "", everything},
		{"a file that git does not know", func(f *fixture) { delete(f.tree.Old, "base/x.go"); delete(f.tree.Known, "base/x.go") }, "base", "", everything},
		{"an import that git does not know", func(f *fixture) {
			f.unit("base").Imports = []string{"other"}
			f.unit("other").Imports = nil
			delete(f.tree.Known, "other/x.go")
		}, "base other", "", everything},
		{"few importers", func(f *fixture) {
			for _, path := range []string{"a", "b", "c", "d"} {
				f.unit(path).Imports = nil
			}
		}, "base", "", "base middle other"},
		{"a large package", func(f *fixture) {
			if err := os.WriteFile(filepath.Join(root, "base", "x.go"), make([]byte, 9000), 0o666); err != nil {
				t.Fatal(err)
			}
		}, "base", "middle", everything},
	} {
		f := newFixture()
		if test.do != nil {
			test.do(f)
		}
		s := &Selection{Tree: f.tree}
		g, known := s.Graph(f.units), make(map[string]bool)
		var waves []string
		for wave := g.Next(known); len(wave) > 0; wave = g.Next(known) {
			waves = append(waves, names(wave))
			for _, u := range wave {
				known[u.ImportPath] = slices.Contains(strings.Fields(test.same), u.ImportPath)
			}
		}
		if got := strings.Join(waves, ", "); got != test.waves {
			t.Errorf("%s: compares %q, want %q", test.name, got, test.waves)
		}
		if got := strings.Join(slices.Sorted(maps.Keys(g.Paths(known))), " "); got != test.paths {
			t.Errorf("%s: %q, want %q", test.name, got, test.paths)
		}
	}
	// What is compiled again for a test may know something else than what was compared.
	f := newFixture("d")
	g := (&Selection{Tree: f.tree}).Graph(f.units)
	if got := strings.Join(slices.Sorted(maps.Keys(g.Paths(map[string]bool{"base": true}))), " "); got != "base d" {
		t.Errorf("with tests: %q", got)
	}
}

func TestRead(t *testing.T) {
	units, err := Read([]byte("{\"ImportPath\": \"a\"}\n{\"ImportPath\": \"b [b.test]\", \"ForTest\": \"b\", \"Error\": {\"Err\": \"x\"}}\n"))
	if err != nil || len(units) != 2 || units[1].path() != "b" || units[1].Error == nil {
		t.Errorf("%v, %v", units, err)
	}
	if _, err := Read([]byte("{\"ImportPath\": ")); err == nil {
		t.Error("half an object is no error")
	}
}
