package owner

import (
	"fmt"
	"go/ast"
	"go/token"
	"go/types"
	"slices"

	"golang.org/x/tools/go/analysis"

	"github.com/killcheck/killcheck/passes/internal/fix/edit"
	"github.com/killcheck/killcheck/passes/internal/remedy"
)

// endReaders closes the channels on which the goroutine alone sends and over which others
// range: without that they would stay when the stop has ended it. It fails if it cannot.
func (p *plan) endReaders(t *thread) ([]analysis.TextEdit, error) {
	var edits []analysis.TextEdit
	done := make(map[types.Object]bool)
	for _, fn := range t.runs {
		for _, w := range p.waits(fn) {
			send, ok := w.node.(*ast.SendStmt)
			if !ok {
				continue
			}
			ch := p.given(t, send.Chan)
			if ch == nil || done[ch] {
				continue
			}
			done[ch] = true
			if !p.rangedOver(ch, t, 2) {
				continue
			}
			change, err := p.closing(ch)
			if err != nil {
				return nil, fmt.Errorf("what ranges over %s would stay: %w", ch.Name(), err)
			}
			edits = append(edits, change...)
		}
	}
	return edits, nil
}

// given returns the variable of the function which starts the goroutine that a channel
// is, or nil. It may be handed over as an argument.
func (p *plan) given(t *thread, ch ast.Expr) types.Object {
	id, ok := ast.Unparen(ch).(*ast.Ident)
	if !ok {
		return nil
	}
	obj := p.Info.Uses[id]
	if i := p.place(t.body, obj); i >= 0 {
		if t.stmt == nil || i >= len(t.call.Args) {
			return nil
		}
		if id, ok = ast.Unparen(t.call.Args[i]).(*ast.Ident); !ok {
			return nil
		}
		obj = p.Info.Uses[id]
	}
	if obj == nil || !edit.Within(t.decl.Body, obj.Pos()) {
		return nil
	}
	return obj
}

// place returns which parameter of a function the object is, or -1.
func (p *plan) place(fn ast.Node, obj types.Object) int {
	list := paramsOf(fn)
	i := 0
	for _, field := range list.List {
		for _, id := range field.Names {
			if p.Info.Defs[id] == obj {
				return i
			}
			i++
		}
	}
	return -1
}

func paramsOf(fn ast.Node) *ast.FieldList {
	if lit, ok := fn.(*ast.FuncLit); ok {
		return lit.Type.Params
	}
	return fn.(*ast.FuncDecl).Type.Params
}

// rangedOver reports whether a variable, or the parameter of a function that is given it,
// is ranged over outside of the goroutine.
func (p *plan) rangedOver(obj types.Object, t *thread, depth int) bool {
	return slices.ContainsFunc(p.Index.Uses[obj], func(id *ast.Ident) bool {
		path := p.path(id.Pos())
		if len(path) < 2 || edit.Within(t.body, id.Pos()) {
			return false
		}
		switch n := path[1].(type) {
		case *ast.RangeStmt:
			return n.X == ast.Expr(id)
		case *ast.CallExpr:
			decl := p.decls[p.callee(n)]
			if decl == nil || depth == 0 || n == t.call {
				return false
			}
			param := edit.ParamAt(p.Info.TypeOf(decl.Name), slices.Index(n.Args, ast.Expr(id)))
			return param != nil && p.rangedOver(param, t, depth-1)
		}
		return false
	})
}

// closing returns the edits that close a channel where nothing more is sent on it.
func (p *plan) closing(ch types.Object) ([]analysis.TextEdit, error) {
	f, err := p.at(ch.Pos())
	if err != nil {
		return nil, err
	}
	at := token.NoPos
	for _, n := range p.path(ch.Pos()) {
		if assign, ok := n.(*ast.AssignStmt); ok && len(assign.Rhs) == 1 {
			at = assign.Rhs[0].Pos()
		}
	}
	if at == token.NoPos || p.Families == nil {
		return nil, fmt.Errorf("%s is not made for a variable of its own", ch.Name())
	}
	r := remedy.Remedy{Op: remedy.CloseChan, Pos: at, At: at}
	fix, err := p.Families(r.Op)(&edit.Site{File: f, Remedy: r, Path: edit.PathAt(f.Syntax, at)})
	return fix.Edits, err
}
