package report

import (
	"go/ast"
	"go/parser"
	"go/token"
	"testing"

	"golang.org/x/tools/go/analysis"

	"github.com/killcheck/killcheck/internal/plain"
)

// TestShown: what a driver may print of a finding commands no terminal, and a name
// that cannot be shown gives way to that of the file.
func TestShown(t *testing.T) {
	const source = "package p\n//line other.go:7\nvar a int\n//line x\x1b[2J\u202e.go:9\nvar b int\n" +
		"/*line \n::error::forged.go:3:4*/ var c int\n"
	fset := token.NewFileSet()
	file, err := parser.ParseFile(fset, "/dir/real.go", source, parser.ParseComments)
	if err != nil {
		t.Fatal(err)
	}
	a := &analysis.Analyzer{Name: "a", Run: func(pass *analysis.Pass) (any, error) {
		for _, decl := range pass.Files[0].Decls {
			pass.Report(analysis.Diagnostic{Pos: decl.Pos(), End: decl.End(), Message: "why\x1b[2J",
				Related: []analysis.RelatedInformation{{Pos: decl.Pos(), Message: "\u202e"}}})
		}
		return nil, nil
	}}
	Shown(a)
	var got []string
	_, err = a.Run(&analysis.Pass{Fset: fset, Files: []*ast.File{file}, Report: func(d analysis.Diagnostic) {
		if d.Message != `why\u001b[2J` || d.Related[0].Message != `\u202e` {
			t.Errorf("says %q, %q", d.Message, d.Related[0].Message)
		}
		for _, pos := range []token.Pos{d.Pos, d.End, d.Related[0].Pos} {
			name := fset.Position(pos).Filename
			if plain.Line(name) != name {
				t.Errorf("the name is %q", name)
			}
		}
		got = append(got, fset.Position(d.Pos).String())
	}})
	if err != nil {
		t.Fatal(err)
	}
	want := []string{"/dir/other.go:7", "/dir/real.go:5:1", "/dir/real.go:7:26"}
	if len(got) != len(want) {
		t.Fatalf("got %q", got)
	}
	for i := range want {
		if got[i] != want[i] {
			t.Errorf("finding %d is at %s, want %s", i, got[i], want[i])
		}
	}
}
