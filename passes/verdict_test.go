package passes_test

import (
	"fmt"
	"go/ast"
	"go/token"
	"path/filepath"
	"slices"
	"strings"
	"testing"

	"golang.org/x/tools/go/analysis"
	"golang.org/x/tools/go/analysis/checker"
	"golang.org/x/tools/go/packages"

	"github.com/killcheck/killcheck/analyzer"
	"github.com/killcheck/killcheck/analyzer/explain"
	"github.com/killcheck/killcheck/analyzer/model"
	"github.com/killcheck/killcheck/passes"
)

// TestVerdicts compares the verdicts of the goroutines in testdata/verdict with
// the comments
//
//	// WANT: stops by ctx.Done()
//
// behind or above the go statements. The packages there import each other, so
// that what one learns of another travels as a fact. A want that begins with FN
// or FP is a known wrong answer.
func TestVerdicts(t *testing.T) {
	pkgs := loadVerdicts(t)
	got := make(map[string][]string) // by file:line
	checks := passes.New(passes.Options{})
	judge := &analysis.Analyzer{
		Name: "tell", Doc: "tell the verdicts", Requires: append(checks.Analyzers(), analyzer.Analyzer),
		Run: func(pass *analysis.Pass) (any, error) {
			res := pass.ResultOf[analyzer.Analyzer].(*analyzer.Result)
			if res.Internal != "" {
				return nil, fmt.Errorf("internal: %s", res.Internal)
			}
			said := checks.Said(pass)
			res.Ask(func(m *model.Model) {
				m.Verdicts().Hear(said)
				e := explain.New(m.Verdicts())
				for _, g := range e.Listed() {
					text := m.Verdicts().Of(g).String()
					key := place(pass.Fset, g.Site.Pos)
					got[key] = append(got[key], text+": runs "+e.Runs(g, pass.Pkg))
				}
			})
			return nil, nil
		},
	}
	analyze(t, judge, pkgs)
	n := 0
	for _, pkg := range pkgs {
		for _, f := range pkg.Syntax {
			n += wantVerdicts(t, pkg.Fset, f, got)
		}
	}
	if n == 0 {
		t.Error("nothing is wanted")
	}
	for key, texts := range got {
		t.Errorf("%s: nobody wants %q", key, texts)
	}
}

// wantVerdicts takes what the comments of the file want out of got, and returns
// how many there are.
func wantVerdicts(t *testing.T, fset *token.FileSet, f *ast.File, got map[string][]string) int {
	t.Helper()
	n := 0
	for _, group := range f.Comments {
		for _, c := range group.List {
			_, want, ok := strings.Cut(c.Text, "WANT: ")
			if !ok {
				continue
			}
			n++
			key := place(fset, c.Pos())
			i := slices.IndexFunc(got[key], func(text string) bool { return strings.HasPrefix(text+":", want+":") || text == want })
			if i < 0 {
				t.Errorf("%s: want %q, got %q", key, want, got[key])
				delete(got, key)
				continue
			}
			if got[key] = slices.Delete(got[key], i, i+1); len(got[key]) == 0 {
				delete(got, key)
			}
		}
	}
	return n
}

// TestExplain looks for the facts that an explanation must hold.
func TestExplain(t *testing.T) {
	pkgs := loadVerdicts(t)
	texts := make(map[string]string)
	checks := passes.New(passes.Options{})
	tell := &analysis.Analyzer{
		Name: "tell", Doc: "tell the explanations", Requires: append(checks.Analyzers(), analyzer.Analyzer),
		Run: func(pass *analysis.Pass) (any, error) {
			res := pass.ResultOf[analyzer.Analyzer].(*analyzer.Result)
			said := checks.Said(pass)
			res.Ask(func(m *model.Model) {
				m.Verdicts().Hear(said)
				for _, e := range explain.New(m.Verdicts()).All() {
					texts[place(pass.Fset, e.Pos)] += e.Text + "\n"
				}
			})
			if res.Internal != "" {
				return nil, fmt.Errorf("internal: %s", res.Internal)
			}
			return nil, nil
		},
	}
	analyze(t, tell, pkgs)
	for _, pkg := range pkgs {
		for _, f := range pkg.Syntax {
			for _, group := range f.Comments {
				for _, c := range group.List {
					_, want, ok := strings.Cut(c.Text, "SAYS: ")
					if !ok {
						continue
					}
					key := place(pkg.Fset, c.Pos())
					for _, part := range strings.Split(want, " | ") {
						if !strings.Contains(texts[key], part) {
							t.Errorf("%s: no %q in\n%s", key, part, texts[key])
						}
					}
				}
			}
		}
	}
}

func place(fset *token.FileSet, pos token.Pos) string {
	p := fset.Position(pos)
	return fmt.Sprintf("%s:%d", filepath.Base(p.Filename), p.Line)
}

func loadVerdicts(t *testing.T) []*packages.Package {
	t.Helper()
	pkgs, err := packages.Load(&packages.Config{
		Mode: packages.LoadSyntax | packages.NeedModule, Dir: filepath.Join("testdata", "verdict"), Fset: token.NewFileSet(),
	}, "./...")
	if err != nil || packages.PrintErrors(pkgs) > 0 || len(pkgs) == 0 {
		t.Fatalf("the module does not load: %v", err)
	}
	return pkgs
}

func analyze(t *testing.T, a *analysis.Analyzer, pkgs []*packages.Package) {
	t.Helper()
	graph, err := checker.Analyze([]*analysis.Analyzer{a}, pkgs, &checker.Options{Sequential: true, SanityCheck: true})
	if err != nil {
		t.Fatal(err)
	}
	for act := range graph.All() {
		if act.Err != nil {
			t.Fatalf("%v: %v", act, act.Err)
		}
	}
}
