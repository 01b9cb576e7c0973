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
		{ImportPath: "m/a", Dir: dir("a"), Module: module, GoFiles: []string{"a.go"}, TestGoFiles: []string{"a_test.go"}, XTestGoFiles: []string{"x_test.go"}, Deps: []string{"fmt"}},
		{ImportPath: "m/b", Dir: dir("b"), Module: module, GoFiles: []string{"b.go"}, Deps: []string{"fmt", "m/a"}},
		{ImportPath: "m/c", Dir: dir("c"), Module: module, GoFiles: []string{"c.go"}, EmbedPatterns: []string{"data"}, EmbedFiles: []string{"data/x.txt"}, Deps: []string{"fmt", "m/a", "m/b"}},
		{ImportPath: "m/d", Dir: dir("d"), Module: module, CgoFiles: []string{"d.go"}, HFiles: []string{"d.h"}},
		{ImportPath: "m/e", Dir: dir("e"), Module: module, GoFiles: []string{"e.go"}},
		{ImportPath: "m/f", Dir: dir("f"), Module: module, GoFiles: []string{"f.go"}, TestGoFiles: []string{"f_test.go"}},
		{ImportPath: "m/a [m/a.test]", ForTest: "m/a", Dir: dir("a"), Module: module, GoFiles: []string{"a.go", "a_test.go"}, Deps: []string{"fmt"}},
		{ImportPath: "m/b [m/a.test]", ForTest: "m/a", Dir: dir("b"), Module: module, GoFiles: []string{"b.go"}, Deps: []string{"fmt", "m/a [m/a.test]"}},
		{ImportPath: "m/a_test [m/a.test]", ForTest: "m/a", Dir: dir("a"), Module: module, GoFiles: []string{"x_test.go"}, Deps: []string{"fmt", "m/a [m/a.test]", "m/b [m/a.test]"}},
		{ImportPath: "m/a.test", Dir: dir("a"), Module: module, GoFiles: []string{"/cache/main.go"}, Deps: []string{"m/a [m/a.test]", "m/a_test [m/a.test]"}},
		{ImportPath: "m/f [m/f.test]", ForTest: "m/f", Dir: dir("f"), Module: module, GoFiles: []string{"f.go", "f_test.go"}, Deps: []string{"fmt", "m/a"}},
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
	return strings.ReplaceAll(strings.Join(slices.Sorted(maps.Keys(s.Paths(f.units))), " "), "m/", "")
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
	if got := s.Paths(f.units); !got["m/b"] || !got["m/c"] || got["m/e"] {
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

func TestRead(t *testing.T) {
	units, err := Read([]byte("{\"ImportPath\": \"a\"}\n{\"ImportPath\": \"b [b.test]\", \"ForTest\": \"b\", \"Error\": {\"Err\": \"x\"}}\n"))
	if err != nil || len(units) != 2 || units[1].path() != "b" || units[1].Error == nil {
		t.Errorf("%v, %v", units, err)
	}
	if _, err := Read([]byte("{\"ImportPath\": ")); err == nil {
		t.Error("half an object is no error")
	}
}
