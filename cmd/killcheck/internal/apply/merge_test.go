package apply

import (
	"os"
	"path/filepath"
	"slices"
	"strings"
	"testing"

	"github.com/killcheck/killcheck/cmd/killcheck/internal/finding"
)

// A folder is a module on disk whose files may be edited.
type folder struct {
	t     *testing.T
	dir   string
	files *Files
}

func newFolder(t *testing.T, texts map[string]string) *folder {
	t.Helper()
	dir, err := filepath.EvalSymlinks(t.TempDir())
	if err != nil {
		t.Fatal(err)
	}
	f := &folder{t, dir, &Files{Own: make(finding.Listing), Writable: true}}
	f.write("go.mod", "module example.com/m\n")
	for name, text := range texts {
		f.write(name, text)
		f.files.Own[f.path(name)] = dir
	}
	return f
}

func (f *folder) path(name string) string { return filepath.Join(f.dir, filepath.FromSlash(name)) }

func (f *folder) write(name, text string) {
	f.t.Helper()
	if err := os.MkdirAll(filepath.Dir(f.path(name)), 0o777); err != nil {
		f.t.Fatal(err)
	}
	if err := os.WriteFile(f.path(name), []byte(text), 0o666); err != nil {
		f.t.Fatal(err)
	}
}

func (f *folder) read(name string) string {
	f.t.Helper()
	data, err := os.ReadFile(f.path(name))
	if err != nil {
		f.t.Fatal(err)
	}
	return string(data)
}

// fix returns a fix that makes, in each of some files, the text old into new,
// where it stands for the first time.
func (f *folder) fix(changes ...[3]string) finding.Fix {
	f.t.Helper()
	var fix finding.Fix
	for _, c := range changes {
		text := f.read(c[0])
		at := strings.Index(text, c[1])
		if at < 0 {
			f.t.Fatalf("%s lacks %q", c[0], c[1])
		}
		fix.Edits = append(fix.Edits, finding.Edit{
			File: f.path(c[0]), Start: at, End: at + len(c[1]), New: c[2], Sum: Sum([]byte(text)),
		})
	}
	return fix
}

// behind returns a fix that inserts a text behind the first place of another.
func (f *folder) behind(name, place, text string) finding.Fix {
	f.t.Helper()
	fix := f.fix([3]string{name, place, text})
	fix.Edits[0].Start = fix.Edits[0].End
	return fix
}

func only(t *testing.T, p *Plan) string {
	t.Helper()
	if len(p.Changes) != 1 || len(p.Left) > 0 {
		t.Fatalf("%d changes, left %+v", len(p.Changes), p.Left)
	}
	return string(p.Changes[0].New)
}

func TestMergeOverlap(t *testing.T) {
	f := newFolder(t, map[string]string{"a.go": "package a\n\nvar x = 1\n\nvar y = 2\n"})
	one, other := f.fix([3]string{"a.go", "1", "10"}), f.fix([3]string{"a.go", "x = 1", "z = 1"})
	third := f.fix([3]string{"a.go", "2", "20"}, [3]string{"a.go", "1", "10"}) // shares an edit
	p := Merge([]finding.Fix{one, other, third, one}, f.files)
	if got := only(t, p); got != "package a\n\nvar x = 10\n\nvar y = 20\n" {
		t.Errorf("got %s", got)
	}
	if p.Fixes != 3 || p.Overlapping != 1 || p.Refused != 0 {
		t.Errorf("%d fixes, %d overlap, %d refused", p.Fixes, p.Overlapping, p.Refused)
	}
	p = Merge([]finding.Fix{f.behind("a.go", "1", " + 1"), f.behind("a.go", "1", " + 2")}, f.files)
	if got := only(t, p); p.Overlapping != 1 || !strings.Contains(got, "x = 1 + 1\n") {
		t.Errorf("two insertions at one place: %d overlap\n%s", p.Overlapping, got)
	}
}

// TestLayout shows what a fix does to texts of many forms. The fix is always the
// same: a statement more in f, by the hand of somebody who does not know gofmt.
func TestLayout(t *testing.T) {
	const body = "func f(c chan int) {\n\tfor {\n\t\t<-c\n\t}\n}\n"
	inserted := func(tab, end string) string {
		return strings.NewReplacer("\n", end, "\t", tab).Replace("\n\t\tif   len( c )>0 {\n\t    return\n\t}")
	}
	const laid = "\n\t\tif len(c) > 0 {\n\t\t\treturn\n\t\t}"
	for name, test := range map[string]struct{ text, insert, want string }{
		"formatted":   {"package a\n\n" + body, inserted("\t", "\n"), laid},
		"crlf":        {strings.ReplaceAll("package a\n\n"+body, "\n", "\r\n"), inserted("\t", "\r\n"), strings.ReplaceAll(laid, "\n", "\r\n")},
		"bom":         {"\ufeffpackage a\n\n" + body, inserted("\t", "\n"), laid},
		"bom, crlf":   {strings.ReplaceAll("\ufeffpackage a\n\n"+body, "\n", "\r\n"), inserted("\t", "\r\n"), strings.ReplaceAll(laid, "\n", "\r\n")},
		"no end":      {"package a\n\n" + body + "\nvar x int", inserted("\t", "\n"), laid},
		"unformatted": {"package a\n\n\n\nvar   x=1\n" + body + "  var y = 2;  // y\nfunc  g( ) { if (x>1) { x=2 }; }\n", inserted("\t", "\n"), laid},
		"spaces":      {"package a\n" + strings.ReplaceAll(body, "\t", "    "), inserted("    ", "\n"), laid},
		"mixed ends":  {"package a\r\n\nvar x = 1\r\n" + body, inserted("\t", "\n"), laid},
		"raw string":  {"package a\n\nvar s = `\r\n  x\t\r`\n\n/* a\r\nb */\n" + body, inserted("\t", "\n"), laid},
	} {
		t.Run(name, func(t *testing.T) {
			f := newFolder(t, map[string]string{"a.go": test.text})
			got := only(t, Merge([]finding.Fix{f.behind("a.go", "<-c", test.insert)}, f.files))
			if want := strings.Replace(test.text, "<-c", "<-c"+test.want, 1); got != want {
				t.Errorf("got\n%q\nwant\n%q", got, want)
			}
		})
	}
}

// TestLayoutFirst inserts lines in front of others, with the first on a line of
// its own and behind its indentation.
func TestLayoutFirst(t *testing.T) {
	const text = "package a\n\nfunc f() {\n\n\n  g()\n\n h()\n}\n"
	f := newFolder(t, map[string]string{"a.go": text})
	for fix, want := range map[*[2]string]string{
		{"  g()", "  x:=1\n  _=x\n  g()"}: "\n\n\tx := 1\n\t_ = x\n\tg()\n\n h()",
		{"g()", "x:=1\n  _=x\n  g()"}:     "\n\n\tx := 1\n\t_ = x\n\tg()\n\n h()",
	} {
		got := only(t, Merge([]finding.Fix{f.fix([3]string{"a.go", fix[0], fix[1]})}, f.files))
		if want := strings.Replace(text, "\n\n  g()\n\n h()", want, 1); got != want {
			t.Errorf("%q: got\n%q\nwant\n%q", fix, got, want)
		}
	}
}

// TestLayoutLine breaks a line of code: all of it is laid out, and no other.
func TestLayoutLine(t *testing.T) {
	const text = "package a\n\n func f() { for { g(); h( ) } }\n func  i( ) { }\n"
	f := newFolder(t, map[string]string{"a.go": text})
	got := only(t, Merge([]finding.Fix{f.fix([3]string{"a.go", "g()", "\nif x() {\nreturn\n}\n"})}, f.files))
	want := "package a\n\nfunc f() {\n\tfor {\n\t\tif x() {\n\t\t\treturn\n\t\t}\n\t\th()\n\t}\n}\n func  i( ) { }\n"
	if got != want {
		t.Errorf("got\n%s\nwant\n%s", got, want)
	}
}

// TestLayoutNeighbours shows that a formatted file stays formatted: the comments
// beside a longer line move.
func TestLayoutNeighbours(t *testing.T) {
	for _, end := range []string{"\n", "\r\n"} {
		ends := strings.NewReplacer("\n", end)
		f := newFolder(t, map[string]string{"a.go": ends.Replace("package a\n\nvar (\n\ta = 1 // one\n\tb = 2 // two\n)\n")})
		got := only(t, Merge([]finding.Fix{f.fix([3]string{"a.go", "2", "22222"})}, f.files))
		if want := ends.Replace("package a\n\nvar (\n\ta = 1     // one\n\tb = 22222 // two\n)\n"); got != want {
			t.Errorf("got\n%q", got)
		}
	}
}

func TestImports(t *testing.T) {
	const text = "package a\n\nimport (\n\t\"fmt\"\n\t\"time\"\n)\n\nvar x = fmt.Sprint()\n\nvar d = time.Now()\n"
	f := newFolder(t, map[string]string{"a.go": text, "alone.go": "package a\n\nimport \"time\"\n\nvar e = time.Now()\n"})
	add := func(paths string) finding.Fix {
		fix := f.behind("a.go", "import (\n\t", paths)
		return fix
	}
	p := Merge([]finding.Fix{add("\"bytes\"\n\t\"errors\"\n\t"), add("\"errors\"\n\t"), add("\"context\"\n\t")}, f.files)
	if got, want := only(t, p), strings.Replace(text, "\"fmt\"", "\"bytes\"\n\t\"context\"\n\t\"errors\"\n\t\"fmt\"", 1); got != want || p.Fixes != 3 {
		t.Errorf("%d fixes, got\n%s\nwant\n%s", p.Fixes, got, want)
	}
	p = Merge([]finding.Fix{f.fix([3]string{"a.go", "time.Now()", "0"}), f.fix([3]string{"alone.go", "time.Now()", "0"})}, f.files)
	if len(p.Changes) != 2 {
		t.Fatalf("%d changes", len(p.Changes))
	}
	if got := string(p.Changes[0].New); got != "package a\n\nimport (\n\t\"fmt\"\n)\n\nvar x = fmt.Sprint()\n\nvar d = 0\n" {
		t.Errorf("got\n%s", got)
	}
	if got := string(p.Changes[1].New); got != "package a\n\nvar e = 0\n" {
		t.Errorf("got\n%s", got)
	}
}

func TestWithoutUnused(t *testing.T) {
	const rest = "\n\nvar _ = x\n"
	use := func(names ...string) string { return "\n\nvar _ = " + strings.Join(names, ".A + ") + ".A\n" }
	for _, test := range []struct{ imports, used, want string }{
		{"import (\n\t\"a\"\n\n\t\"b.org/x\"\n\n\t\"c\"\n)", "x", "import (\n\t\"a\"\n\n\t\"c\"\n)"},
		{"import (\n\t\"a\"\n\n\t\"b.org/x\"\n)", "x", "import (\n\t\"a\"\n)"},
		{"import (\n\t// why\n\t\"b.org/x\" // which\n\n\t\"a\"\n)", "x", "import (\n\t\"a\"\n)"},
		{"import (\n\t\"b.org/x/v2\"\n\t\"b.org/go-y\"\n\tz \"b.org/x/v3\"\n\t\"b.org/w.v2\"\n\t\"a\"\n)", "x y z w", "import (\n\t\"a\"\n)"},
		{"import (\n\t_ \"b.org/x\"\n\t. \"b.org/y\"\n)", "x y", "import (\n\t_ \"b.org/x\"\n\t. \"b.org/y\"\n)"},
		{"import (\n\t\"b.org/other\"\n)", "x", "import (\n\t\"b.org/other\"\n)"}, // a name that cannot be guessed
		{"import (\"a\"; \"b.org/x\"; \"c\")", "x", "import (\"a\";  \"c\")"},
		{"import \"a\"\nimport \"b.org/x\"", "x", "import \"a\""},
		{"import (\n\t\"a\"\n\t\"a\"\n)", "y", "import (\n\t\"a\"\n)"},
	} {
		got, err := withoutUnused([]byte("package p\n\n"+test.imports+use(strings.Fields(test.used)...)), []byte("package p\n\n"+test.imports+rest))
		if want := "package p\n\n" + test.want + rest; err != nil || string(got) != want {
			t.Errorf("%v, got\n%s\nwant\n%s", err, got, want)
		}
	}
}

// TestRefused shows what is never edited.
func TestRefused(t *testing.T) {
	texts := map[string]string{
		"generated.go": "// Code generated by x. DO NOT EDIT.\n\npackage a\n\nvar x = 1\n",
		"cgo.go":       "package a\n\nimport \"C\"\n\nvar x = 1\n",
		"line.go":      "package a\n\n//line other.go:1\n\nvar x = 1\n",
		"linear.go":    "package a\n\nvar x /*line other.go:1:1*/ = 1\n",
		"changed.go":   "package a\n\nvar x = 1\n",
		"broken.go":    "package a\n\nvar x = 1\n",
		"outside.go":   "package a\n\nvar x = 1\n",
		"foreign.go":   "package a\n\nvar x = 1\n",
		"good.go":      "package a\n\nvar x = 1\n",
	}
	f := newFolder(t, texts)
	fixes := make(map[string]finding.Fix)
	for name := range texts {
		fixes[name] = f.fix([3]string{name, "x", "y"})
	}
	f.write("changed.go", "package a\n\nvar z, x = 1, 2\n")
	fixes["broken.go"].Edits[0].New = "}"
	fixes["outside.go"].Edits[0].End = 1000
	delete(f.files.Own, f.path("foreign.go"))
	want := map[string]string{
		"generated.go": "is generated", "cgo.go": "uses cgo", "line.go": "has a //line comment", "linear.go": "has a //line comment",
		"changed.go": reasonChanged, "broken.go": "would not be Go any more", "outside.go": "has a fix that lies outside", "foreign.go": reasonForeign,
	}
	var all []finding.Fix
	for name := range texts {
		all = append(all, fixes[name])
	}
	p := Merge(all, f.files)
	if len(p.Changes) != 1 || p.Changes[0].Name != f.path("good.go") || p.Fixes != 1 || p.Refused != len(texts)-1 {
		t.Errorf("%d changes, %d fixes, %d refused", len(p.Changes), p.Fixes, p.Refused)
	}
	for name, reason := range want {
		if !slices.ContainsFunc(p.Left, func(l Left) bool { return l.Name == f.path(name) && strings.HasPrefix(l.Reason, reason) }) {
			t.Errorf("%s: want %q in %+v", name, reason, p.Left)
		}
	}
	// A fix of two files of which one is refused is not made in the other.
	both := finding.Fix{Edits: append(fixes["good.go"].Edits, fixes["cgo.go"].Edits...)}
	if p := Merge([]finding.Fix{both}, f.files); len(p.Changes) > 0 || p.Refused != 1 {
		t.Errorf("half a fix: %d changes", len(p.Changes))
	}
}

// TestEditsOfOldRuns refuses edits that do not say of which text they are.
func TestEditsOfOldRuns(t *testing.T) {
	f := newFolder(t, map[string]string{"a.go": "package a\n\nvar x = 1\n"})
	fix := f.fix([3]string{"a.go", "x", "y"})
	fix.Edits[0].Sum = ""
	if p := Merge([]finding.Fix{fix}, f.files); len(p.Changes) > 0 || p.Refused != 1 {
		t.Errorf("%d changes, %d refused", len(p.Changes), p.Refused)
	}
}
