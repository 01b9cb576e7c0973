package report

import (
	"go/ast"
	"go/parser"
	"go/token"
	"go/types"
	"os"
	"path/filepath"
	"strings"
	"testing"

	"golang.org/x/tools/go/analysis"

	"github.com/killcheck/killcheck/analyzer"
	"github.com/killcheck/killcheck/analyzer/event"
	"github.com/killcheck/killcheck/analyzer/model"
	"github.com/killcheck/killcheck/analyzer/program"
	"github.com/killcheck/killcheck/analyzer/spawn"
	"github.com/killcheck/killcheck/passes/internal/remedy"
)

const source = `package p

func f(quit chan bool) int {
	go g()
	select {}
}

func g() { // a
	select {} //killcheck:ignore endless -- on the line
}

//killcheck:ignore endless,heldlock -- the whole function
func h() {

	select {}
}

func i(quit chan bool) {
	//killcheck:ignore heldlock -- another check
	select {}
	//killcheck:ignore endless
	select {}
}
`

// A run is one run of the check endless over one file.
type run struct {
	pass     *analysis.Pass
	check    *check
	selects  []token.Pos // the select statements, in order
	spawn    token.Pos
	reported []analysis.Diagnostic
}

func newRun(t *testing.T, name, text string, options Options) *run {
	t.Helper()
	path := filepath.Join(t.TempDir(), name)
	if err := os.WriteFile(path, []byte(text), 0o666); err != nil {
		t.Fatal(err)
	}
	fset := token.NewFileSet()
	file, err := parser.ParseFile(fset, path, text, parser.ParseComments)
	if err != nil {
		t.Fatal(err)
	}
	info := &types.Info{
		Types:     make(map[ast.Expr]types.TypeAndValue),
		Defs:      make(map[*ast.Ident]types.Object),
		Uses:      make(map[*ast.Ident]types.Object),
		Implicits: make(map[ast.Node]types.Object),
	}
	config := types.Config{FakeImportC: true}
	pkg, err := config.Check("p", fset, []*ast.File{file}, info)
	if err != nil {
		t.Fatal(err)
	}
	r := &run{}
	r.pass = &analysis.Pass{
		Fset: fset, Files: []*ast.File{file}, Pkg: pkg, TypesInfo: info,
		ReadFile: os.ReadFile,
		Report:   func(d analysis.Diagnostic) { r.reported = append(r.reported, d) },
	}
	r.pass.ResultOf = map[*analysis.Analyzer]any{Files: describe(r.pass)}
	r.check = &check{pass: r.pass, rule: Rule{Name: "endless"}, options: options}
	ast.Inspect(file, func(n ast.Node) bool {
		switch n := n.(type) {
		case *ast.SelectStmt:
			r.selects = append(r.selects, n.Pos())
		case *ast.GoStmt:
			r.spawn = n.Pos()
		}
		return true
	})
	return r
}

func (r *run) with(obstacles ...Finding) *Result {
	r.pass.ResultOf[analyzer.Analyzer] = &analyzer.Result{Model: model.New(program.Input{Fset: r.pass.Fset, Pkg: r.pass.Pkg, Files: r.pass.Files, Info: r.pass.TypesInfo})}
	r.check.rule.Find = func(q *Question) { q.found = obstacles }
	return r.check.run()
}

// obstacle returns an obstacle at the n-th select.
func (r *run) obstacle(n int) Finding {
	site := &spawn.Site{Pos: r.spawn, End: r.spawn + 2}
	return Finding{
		Site: site,
		Pos:  r.selects[n], End: r.selects[n] + 6, Message: "goroutine never stops: a test",
		Path: []program.Step{{Pos: site.Pos, End: site.End, Text: "the goroutine starts here"}},
		Remedy: remedy.Remedy{
			Op: remedy.EmptySelect, Pos: r.selects[n],
			Stop: event.Stop{Expr: "quit"}, Safe: true,
		},
	}
}

func (r *run) lines() []int {
	var lines []int
	for _, d := range r.reported {
		lines = append(lines, r.pass.Fset.Position(d.Pos).Line)
	}
	return lines
}

func TestDiagnostic(t *testing.T) {
	r := newRun(t, "p.go", source, Options{Core: true})
	r.with(r.obstacle(0))
	if len(r.reported) != 1 {
		t.Fatalf("%d diagnostics", len(r.reported))
	}
	d := r.reported[0]
	if d.Pos != r.selects[0] || d.End != d.Pos+6 || d.Category != "endless" || !strings.HasSuffix(d.URL, "docs/checks/endless.md") {
		t.Errorf("got %+v", d)
	}
	if len(d.Related) != 1 || d.Related[0].Pos != r.spawn {
		t.Errorf("related %+v: want the spawn first", d.Related)
	}
	if len(d.SuggestedFixes) != 0 {
		t.Error("a fix that changes a result is offered without -review")
	}
}

func TestPosition(t *testing.T) {
	r := newRun(t, "p.go", source, Options{Core: true})
	elsewhere := r.obstacle(0)
	elsewhere.Pos, elsewhere.End = token.NoPos, token.NoPos
	elsewhere.Remedy.Pos = token.NoPos
	nowhere := elsewhere
	nowhere.Site = nil
	r.with(r.obstacle(4), elsewhere, nowhere, r.obstacle(0), r.obstacle(0))
	got := r.lines()
	want := []int{4, 5, 22} // the spawn, and each select once
	if len(got) != len(want) {
		t.Fatalf("reported on lines %v, want %v", got, want)
	}
	for i := range want {
		if got[i] != want[i] {
			t.Fatalf("reported on lines %v, want %v", got, want)
		}
	}
}

func TestIgnore(t *testing.T) {
	r := newRun(t, "p.go", source, Options{Core: true})
	result := r.with(r.obstacle(0), r.obstacle(1), r.obstacle(2), r.obstacle(3), r.obstacle(4))
	if got := r.lines(); len(got) != 3 || got[0] != 5 || got[1] != 20 || got[2] != 22 {
		t.Errorf("reported on lines %v, want 5, 20 (another check) and 22 (no reason)", got)
	}
	if len(result.Used) != 2 {
		t.Errorf("%d directives are used, want 2", len(result.Used))
	}
}

func TestExtended(t *testing.T) {
	for _, test := range []struct {
		options Options
		want    int
	}{
		{Options{Core: true}, 0},
		{Options{Core: true, Extended: true}, 1},
		{Options{}, 1},
	} {
		r := newRun(t, "p.go", source, test.options)
		o := r.obstacle(0)
		o.Extended = true
		r.with(o)
		if len(r.reported) != test.want {
			t.Errorf("%+v: %d diagnostics, want %d", test.options, len(r.reported), test.want)
		}
	}
}

// TestTier: the tier is told to programs, and in the message where nothing else is;
// of two findings at one place the more certain one counts.
func TestTier(t *testing.T) {
	for _, test := range []struct {
		options  Options
		extended bool // the finding
		want     bool
	}{
		{Options{Core: true}, false, false},
		{Options{Core: true, Extended: true}, true, true},
		{Options{}, false, true},
	} {
		for _, compact := range []bool{false, true} {
			options := test.options
			options.Compact, options.Notes = compact, !compact
			r := newRun(t, "p.go", source, options)
			o := r.obstacle(0)
			o.Extended = test.extended
			r.with(o)
			d := r.reported[0]
			got := len(d.Related) > 0 && d.Related[0].Message == "killcheck:tier extended" || strings.Contains(d.Message, " (extended)")
			if got != test.want {
				t.Errorf("%+v: says that it is extended: %v, by %q and %+v", options, got, d.Message, d.Related)
			}
		}
	}
	r := newRun(t, "p.go", source, Options{Core: true, Extended: true})
	perhaps, sure := r.obstacle(0), r.obstacle(0)
	perhaps.Extended, sure.Message = true, "sure"
	r.with(perhaps, sure)
	if len(r.reported) != 1 || r.reported[0].Message != "sure" {
		t.Errorf("two findings at one place: %+v", r.reported)
	}
}

func TestFixes(t *testing.T) {
	tests := []struct {
		name, file, text string
		options          Options
		want             string // the message of the fix, empty for none
	}{
		{"safe", "p.go", "package p\n\nfunc f(quit chan bool) {\n\tgo f(quit)\n\tselect {}\n}\n", Options{}, "wait for quit"},
		{"review", "p.go", source, Options{Review: true}, "wait for quit (review)"},
		{"line", "p.go", "package p\n\nfunc f(quit chan bool) {\n\tgo f(quit)\n//line x.y:1\n\tselect {}\n}\n", Options{}, ""},
		{"cgo", "p.go", "package p\n\nimport \"C\"\n\nvar _ C.int\n\nfunc f(quit chan bool) {\n\tgo f(quit)\n\tselect {}\n}\n", Options{}, ""},
		{"yacc", "p.y", "package p\n\nfunc f(quit chan bool) {\n\tgo f(quit)\n\tselect {}\n}\n", Options{}, ""},
		{"no stop", "p.go", "package p\n\nfunc f() {\n\tgo f()\n\tselect {}\n}\n", Options{Review: true}, ""},
	}
	for _, test := range tests {
		t.Run(test.name, func(t *testing.T) {
			r := newRun(t, test.file, test.text, test.options)
			r.with(r.obstacle(0))
			if len(r.reported) != 1 {
				t.Fatalf("%d diagnostics", len(r.reported))
			}
			fixes := r.reported[0].SuggestedFixes
			if test.want == "" {
				if len(fixes) > 0 {
					t.Errorf("fix %q is offered", fixes[0].Message)
				}
				return
			}
			if len(fixes) != 1 || fixes[0].Message != test.want {
				t.Errorf("got fixes %+v, want %q", fixes, test.want)
			}
		})
	}
}

func TestGenerated(t *testing.T) {
	r := newRun(t, "p.go", "// Code generated by a test. DO NOT EDIT.\n\n"+source, Options{})
	r.with(r.obstacle(0))
	if len(r.reported) > 0 {
		t.Error("a generated file is reported")
	}
	if len(r.check.files.Directives) > 0 {
		t.Error("directives of a generated file are read")
	}
}

// What cgo makes of a file is reported, with no fix; what it adds is not.
func TestCgo(t *testing.T) {
	header := "// Code generated by cmd/cgo; DO NOT EDIT.\n\n"
	for _, test := range []struct {
		text string
		want int
	}{
		{header + "//line p.go:1:1\n" + source, 1},
		{header + source, 0},
		{header + "//line p.go:1:1\n// Code generated by a test. DO NOT EDIT.\n\n" + source, 0},
	} {
		r := newRun(t, "p.go", test.text, Options{Review: true})
		r.with(r.obstacle(0))
		if len(r.reported) != test.want {
			t.Errorf("%d reports, want %d, of\n%s", len(r.reported), test.want, test.text)
		}
		for _, d := range r.reported {
			if len(d.SuggestedFixes) > 0 {
				t.Error("a fix in a file that cgo made")
			}
		}
	}
}

func TestCompact(t *testing.T) {
	r := newRun(t, "p.go", source, Options{Core: true, Compact: true})
	r.with(r.obstacle(0))
	d := r.reported[0]
	if len(d.Related) > 0 || !strings.HasSuffix(d.Message, "a test (started at p.go:4)") {
		t.Errorf("got %q, %d related", d.Message, len(d.Related))
	}
}

// A panic costs the findings of one package only.
func TestPanic(t *testing.T) {
	r := newRun(t, "p.go", source, Options{})
	delete(r.pass.ResultOf, Files)
	result := r.with(r.obstacle(0))
	if !strings.HasPrefix(result.Internal, "endless: ") || !strings.Contains(result.Internal, "goroutine ") {
		t.Errorf("note %q, want the check, the panic and the stack", result.Internal)
	}
	if len(r.reported) > 0 {
		t.Error("reported in spite of the panic")
	}
}
