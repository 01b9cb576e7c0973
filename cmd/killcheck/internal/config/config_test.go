package config

import (
	"crypto/sha256"
	"encoding/json"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"testing"

	"github.com/killcheck/killcheck/cmd/killcheck/internal/selection"
)

var checks = []selection.Check{{Name: "endless", Core: true}, {Name: "abandoned", Core: true}, {Name: "unjoined"}}

// read reads a file with the text, in a directory of its own.
func read(t *testing.T, text string) (*Config, error) {
	t.Helper()
	dir := t.TempDir()
	write(t, filepath.Join(dir, Name), text)
	write(t, filepath.Join(dir, "good.kb"), "# ours\nfunc example.com/jobs.Run blocks sql never\n")
	write(t, filepath.Join(dir, "bad.kb"), "\nfunc example.com/jobs.Run blocks nonsense -\n")
	return Read(filepath.Join(dir, Name), dir, checks)
}

func write(t *testing.T, name, text string) {
	t.Helper()
	if err := os.MkdirAll(filepath.Dir(name), 0o777); err != nil {
		t.Fatal(err)
	}
	if err := os.WriteFile(name, []byte(text), 0o666); err != nil {
		t.Fatal(err)
	}
}

// TestWrong: each mistake is told with file:line:col.
func TestWrong(t *testing.T) {
	for text, want := range map[string]string{
		"chekcs: core":                          `:1:1: unknown key "chekcs"; did you mean "checks"?`,
		"x: 1":                                  `:1:1: unknown key "x"; want one of checks, tests, `,
		"checks: core\nchecks: all":             `:2:1: key "checks" is there twice`,
		"checks:\n  - core\n  - endles":         `:3:5: unknown check "endles"; did you mean "endless"?`,
		"checks:\n  a: b":                       `:2:3: want a text`,
		"checks: ~":                             `:1:9: want a text`,
		"- checks":                              `:1:1: want keys with values`,
		"tests: perhaps":                        `:1:8: want true or false`,
		"exclude: [/a]":                         `:1:11: a path below the directory`,
		"exclude: [../a]":                       `:1:11: a path below the directory`,
		"exclude: ['a\\b']":                     `:1:11: a path below the directory`,
		"exclude: ['a[b']":                      `:1:11: bad pattern`,
		"exclude: ['']":                         `:1:11: want a text`,
		"exclude: [./]":                         `:1:11: a path is wanted`,
		"severity: eror":                        `:1:11: unknown severity "eror": want one of error, warning, note; did you mean "error"?`,
		"severity:\n  endles: error":            `:2:3: unknown key "endles"; did you mean "endless"?`,
		"severity:\n  core: [error]":            `:2:9: unknown severity`,
		"paths:\n  - checks: all":               `:2:5: key "path" is missing`,
		"paths:\n  - path: a\n    tests: 1":     `:3:12: want true or false`,
		"paths: a":                              `:1:8: want a list`,
		"rows: [func a.F blocks nonsense -]":    `:1:8: unknown kind "nonsense"`,
		"rows: [none.kb]":                       `:1:8: `,
		"rows: [/etc/passwd]":                   `:1:8: `,
		"rows: [../x.kb]":                       `:1:8: `,
		"rows: [bad.kb]":                        `bad.kb:2:1: unknown kind "nonsense"`,
		"rows:\n  - |-\n    func a.F\n    x":    `:2:5: an entry of the list is one row`,
		"rows: [good.kb, good.kb]":              `example.com/jobs.Run has a row already`,
		"goroutines: [{arg: 0}]":                `:1:14: key "func" is missing`,
		"goroutines: [{func: a.Go, arg: x}]":    `:1:32: want the number of a parameter`,
		"goroutines: [{func: a.Go, joined: 1}]": `:1:35: want true or false`,
		"goroutines: [{func: Go}]":              `:1:14: bad symbol "Go"`,
		"stops: [{func: a.T.C()}]":              `:1:9: bad symbol`,
		"lifetimes: [{func: a.New}]":            `:1:13: key "ends-by" is missing`,
		"a: &x b\nc: *x":                        `:1:4: anchors and aliases are not taken`,
		"checks: [core":                         `:1:1: did not find expected`,
		"a: b\n c: d":                           `:2:1: mapping values are not allowed`,
	} {
		_, err := read(t, text)
		if err == nil || !strings.Contains(err.Error(), want) {
			t.Errorf("%q: %v, want %s", text, err, want)
		}
	}
	// All are told, not the first alone.
	if _, err := read(t, "tests: 1\nexclude: [/a]\nx: 1"); err == nil || strings.Count(err.Error(), "\n") != 2 {
		t.Errorf("of three mistakes: %v", err)
	}
}

func TestEmpty(t *testing.T) {
	for _, text := range []string{"", "# nothing\n", "~", "---\n"} {
		if c, err := read(t, text); err != nil || c.Text() != "" || !c.Any("endless", true) || c.Any("unjoined", false) {
			t.Errorf("%q: %+v, %v", text, c, err)
		}
	}
}

func TestRows(t *testing.T) {
	c, err := read(t, `
rows: [good.kb, "func example.com/a.F blocks sql never"]
goroutines:
  - func: example.com/pool.Go
  - {func: (*example.com/pool.Pool).Go, arg: 1, joined: true}
stops:
  - func: (*example.com/life.Stopper).C
lifetimes:
  - func: example.com/client.New
    ends-by: Close
`)
	if err != nil {
		t.Fatal(err)
	}
	want := `func example.com/jobs.Run blocks sql never
func example.com/a.F blocks sql never
func example.com/pool.Go spawns spawn - arg=0
func (*example.com/pool.Pool).Go spawns spawn - arg=1 join
func (*example.com/life.Stopper).C stop-signal chan stop:recv
func example.com/client.New instant func - ender=Close
`
	if c.Text() != want {
		t.Errorf("got\n%s", c.Text())
	}
	for _, row := range c.Rows {
		if pkg := row.pkg(); !strings.HasPrefix(pkg, "example.com/") || strings.Contains(pkg, ".F") || strings.HasSuffix(pkg, "Pool") {
			t.Errorf("the package of %s is %s", row.Symbol, pkg)
		}
	}
}

func TestHash(t *testing.T) {
	dir := t.TempDir()
	file := filepath.Join(dir, Name)
	hash := func(text, rows string) string {
		write(t, file, text)
		write(t, filepath.Join(dir, "r.kb"), rows)
		c, err := Read(file, dir, checks)
		if err != nil {
			t.Fatal(err)
		}
		return c.Hash
	}
	const named = "rows: r.kb"
	first := hash(named, "func a.F blocks sql never\n")
	if hash(named, "func a.F blocks sql never\n") != first {
		t.Error("the same files have another hash")
	}
	if hash(named, "func a.G blocks sql never\n") == first {
		t.Error("the rows do not count")
	}
	if hash("rows: [r.kb]", "func a.F blocks sql never\n") == first {
		t.Error("the text does not count")
	}
}

func TestShows(t *testing.T) {
	c, err := read(t, `
checks: [core, unjoined]
exclude: [gen, "*.pb.go", a/b/**]
paths:
  - path: cmd
    checks: [-endless]
    severity: note
  - path: [cmd/server, "**/hot/*.go"]
    checks: all
    tests: false
    severity: {abandoned: error, extended: warning}
severity: {core: error, endless: warning}
`)
	if err != nil {
		t.Fatal(err)
	}
	core, _ := selection.Choose(checks, []string{"core"}, nil)
	over := Overrides{Default: core}
	dir := filepath.Dir(c.File)
	for _, test := range []struct {
		file, check string
		extended    bool
		want        Severity // empty if it is not shown
	}{
		{"a.go", "endless", false, Warning},
		{"a.go", "abandoned", false, Error},
		{"a.go", "abandoned", true, ""},
		{"a.go", "unjoined", true, Note},
		{"a_test.go", "abandoned", false, Error},
		{"gen/a.go", "abandoned", false, ""},
		{"x/gen/y/a.go", "abandoned", false, ""},
		{"x/generated/a.go", "abandoned", false, Error},
		{"x/a.pb.go", "abandoned", false, ""},
		{"a/b/c.go", "abandoned", false, ""},
		{"x/a/b/c.go", "abandoned", false, Error},
		{"cmd/a.go", "endless", false, ""},
		{"cmd/a.go", "abandoned", false, Note},
		{"cmd/a.go", "unjoined", true, Note},
		{"cmd/server/a.go", "endless", false, Note},
		{"cmd/server/a.go", "endless", true, Warning},
		{"cmd/server/a.go", "abandoned", false, Error},
		{"cmd/server/a_test.go", "abandoned", false, ""},
		{"x/hot/a.go", "endless", true, Warning},
		{"x/hot/y/a.go", "endless", true, ""},
		{"../other/a.go", "abandoned", false, Error},
	} {
		file := filepath.Join(dir, filepath.FromSlash(test.file))
		var got Severity
		if c.Shows(over, file, test.check, test.extended) {
			got = c.Severity(file, test.check, test.extended)
		}
		if got != test.want {
			t.Errorf("%s %s %v: %q, want %q", test.file, test.check, test.extended, got, test.want)
		}
	}
	if !c.LessCertain(checks) || !c.Any("unjoined", false) {
		t.Error("what a rule wants is not looked for")
	}
	off := false
	over.Checks, over.Tests = core, &off
	if c.Shows(over, filepath.Join(dir, "a.go"), "unjoined", true) || !c.Shows(over, filepath.Join(dir, "cmd/a.go"), "endless", false) || c.Shows(over, filepath.Join(dir, "a_test.go"), "endless", false) {
		t.Error("flags do not win")
	}
	var none *Config
	if !none.Shows(Overrides{Default: core}, "/a.go", "endless", false) || none.Severity("/a.go", "unjoined", true) != Note {
		t.Error("no file is not the default")
	}
}

func TestFind(t *testing.T) {
	dir, err := filepath.EvalSymlinks(t.TempDir())
	if err != nil {
		t.Fatal(err)
	}
	find := func(at, want string) {
		t.Helper()
		if want != "" {
			want = filepath.Join(dir, want, Name)
		}
		if got, err := Find(filepath.Join(dir, at)); err != nil || got != want {
			t.Errorf("%s: %s, %v; want %s", at, got, err, want)
		}
	}
	write(t, filepath.Join(dir, Name), "")
	write(t, filepath.Join(dir, "repo/m/go.mod"), "module m\n")
	write(t, filepath.Join(dir, "repo/m/p/q/a.go"), "package q\n")
	write(t, filepath.Join(dir, "repo/n/a.go"), "package n\n")
	find("repo/m/p/q", "") // what lies above no repository may be anybody's
	write(t, filepath.Join(dir, "repo/.git/HEAD"), "")
	find("repo/m/p/q", "")
	write(t, filepath.Join(dir, "repo", Name), "")
	find("repo/m/p/q", "repo")
	find("repo/n", "repo")
	write(t, filepath.Join(dir, "repo/m/p", Name), "") // below the module
	find("repo/m/p/q", "repo")
	write(t, filepath.Join(dir, "repo/m", Name), "")
	find("repo/m/p/q", "repo/m")
	find("repo/n", "repo")
	write(t, filepath.Join(dir, "repo/k/go.mod"), "module k\n")
	write(t, filepath.Join(dir, "repo/k/.killcheck.yml"), "")
	if _, err := Find(filepath.Join(dir, "repo/k")); err == nil || !strings.HasSuffix(err.Error(), ".killcheck.yml: the name of the file has to be .killcheck.yaml") {
		t.Errorf("another name: %v", err)
	}
	t.Setenv(Variable, Off)
	find("repo/m/p/q", "")
	t.Setenv(Variable, filepath.Join(dir, "repo/n", Name))
	find("repo/m/p/q", "repo/n")
}

// TestSet: a file is read once, and a broken one is an error each time.
func TestSet(t *testing.T) {
	dir, err := filepath.EvalSymlinks(t.TempDir())
	if err != nil {
		t.Fatal(err)
	}
	write(t, filepath.Join(dir, "a/go.mod"), "module a\n")
	write(t, filepath.Join(dir, "a", Name), "tests: false\n")
	write(t, filepath.Join(dir, "b/go.mod"), "module b\n")
	write(t, filepath.Join(dir, "b", Name), "tests: 1\n")
	s := NewSet(checks, dir, "")
	one, err := s.For(filepath.Join(dir, "a"))
	if two, _ := s.For(filepath.Join(dir, "a/sub")); err != nil || one == nil || one != two || s.Of(filepath.Join(dir, "a/x.go")) != one {
		t.Errorf("%v, %v, %v", one, two, err)
	}
	for range 2 {
		if _, err := s.For(filepath.Join(dir, "b")); err == nil || !strings.Contains(err.Error(), filepath.Join("b", Name)+":1:8: ") {
			t.Errorf("error %v", err)
		}
	}
	if all := s.All(); len(all) != 1 || all[0] != one {
		t.Errorf("%d files", len(all))
	}
	if c, err := NewSet(checks, dir, Off).For(filepath.Join(dir, "b")); c != nil || err != nil {
		t.Errorf("off: %v, %v", c, err)
	}
}

// TestSchema: the schema has each key that is read.
func TestSchema(t *testing.T) {
	text, err := Schema(checks)
	if err != nil {
		t.Fatal(err)
	}
	var schema struct {
		Properties map[string]any
	}
	if err := json.Unmarshal(text, &schema); err != nil {
		t.Fatal(err)
	}
	_, wrong := read(t, "x: 1")
	_, list, _ := strings.Cut(wrong.Error(), "want one of ")
	keys := strings.Split(list, ", ")
	for _, key := range keys {
		if schema.Properties[key] == nil {
			t.Errorf("no %s", key)
		}
	}
	if len(schema.Properties) != len(keys) || !slices.Contains(keys, "lifetimes") {
		t.Errorf("%d keys, %q", len(schema.Properties), keys)
	}
}

func FuzzRead(f *testing.F) {
	for _, text := range []string{"checks: core", "paths:\n- path: a", "rows: [a b]", "a: &a [*a]", "severity: {core: error}"} {
		f.Add(text)
	}
	f.Fuzz(func(t *testing.T, text string) {
		if len(text) > 1000 {
			return
		}
		r := &reader{config: &Config{File: "/none/" + Name}, shown: Name, dir: "/none", checks: checks, sum: sha256.New()}
		r.read([]byte(text))
		for _, err := range r.errs {
			if !strings.Contains(err.Error(), Name+":") {
				t.Errorf("%q: an error without a place: %v", text, err)
			}
		}
	})
}
