package program

import (
	"go/ast"
	"go/doc"
	"go/token"

	"github.com/killcheck/killcheck/analyzer/code"
)

// Unrun returns the testable examples that say no output: they are compiled and
// shown, but never run.
func Unrun(fset *token.FileSet, files []*ast.File) map[ast.Node]bool {
	unrun := make(map[ast.Node]bool)
	for _, f := range files {
		if !code.InTest(fset, f.Pos()) {
			continue
		}
		bodies := make(map[ast.Node]ast.Node)
		for _, d := range f.Decls {
			if d, ok := d.(*ast.FuncDecl); ok {
				bodies[d.Body] = d
			}
		}
		for _, e := range doc.Examples(f) {
			if e.Output == "" && !e.EmptyOutput {
				unrun[bodies[e.Code]] = true
			}
		}
	}
	delete(unrun, nil)
	return unrun
}
