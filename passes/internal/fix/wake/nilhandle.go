package wake

import (
	"go/ast"
	"go/token"

	"github.com/killcheck/killcheck/passes/internal/fix/edit"
)

// mayBeNil reports whether a handle may be missing, or another one, when the stop comes:
// what runs then would call a method of nil, or end a handle that nobody waits on. It may
// be where the function asks whether it is nil, or sets it, after the place from which the
// stop ends it; a field also where the package takes it away.
func (s *site) mayBeNil(handle ast.Expr, from token.Pos) bool {
	id := edit.Name(handle)
	if id == nil {
		return false
	}
	fn := s.Function()
	for _, use := range s.Index.Uses[s.Info.Uses[id]] {
		syntax := s.Index.FileAt(use.Pos())
		if syntax == nil {
			continue
		}
		after := from <= use.Pos() && edit.Within(fn, use.Pos())
		value, compared := s.askedOf(use, edit.PathAt(syntax, use.Pos()))
		if after && (compared || value != nil) || value != nil && s.Info.Types[value].IsNil() {
			return true
		}
	}
	return false
}

// askedOf returns the value that a use of a handle sets it to, if it does, and whether it
// compares the handle with nil.
func (s *site) askedOf(use *ast.Ident, path []ast.Node) (value ast.Expr, compared bool) {
	child := ast.Node(use)
	for _, n := range path {
		switch n := n.(type) {
		case *ast.BinaryExpr:
			return nil, s.Info.Types[n.X].IsNil() || s.Info.Types[n.Y].IsNil()
		case *ast.AssignStmt:
			for i, left := range n.Lhs {
				if left == child {
					return n.Rhs[min(i, len(n.Rhs)-1)], false
				}
			}
			return nil, false
		case *ast.SelectorExpr:
			if n.Sel != use {
				return nil, false // what is asked is a part of it
			}
		case *ast.Ident:
		default:
			return nil, false
		}
		child = n
	}
	return nil, false
}
