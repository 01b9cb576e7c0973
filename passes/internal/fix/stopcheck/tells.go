package stopcheck

import (
	"go/ast"
	"go/token"
	"slices"

	"github.com/killcheck/killcheck/passes/internal/fix/edit"
)

// tellsOfStop reports whether a send gives others the error of a call that the stop ends,
// and one of them hears of the stop in no other way: with both ready, a select takes
// either, and the error may be lost.
func (s *site) tellsOfStop(stmt *ast.SendStmt) bool {
	if s.Stop.Ctx == "" || !edit.IsError(s.Info.TypeOf(stmt.Value)) || !s.fromStop(stmt.Value) {
		return false
	}
	id := edit.Name(stmt.Chan)
	if id == nil {
		return true
	}
	uses, elsewhere := s.UsesOf(s.Info.Uses[id])
	return elsewhere || slices.ContainsFunc(uses, s.hearsNothingElse)
}

// fromStop reports whether an error comes from a call that is given the context of the
// stop: the call itself, or the last assignment before it.
func (s *site) fromStop(e ast.Expr) bool {
	call, _ := ast.Unparen(e).(*ast.CallExpr)
	if id, ok := ast.Unparen(e).(*ast.Ident); ok {
		call = s.lastCall(id)
	}
	return call != nil && slices.ContainsFunc(call.Args, func(arg ast.Expr) bool {
		return s.Source(arg.Pos(), arg.End()) == s.Stop.Ctx
	})
}

// lastCall returns the call from which a variable has been assigned last before a use of
// it, or nil.
func (s *site) lastCall(use *ast.Ident) (call *ast.CallExpr) {
	obj := s.Info.Uses[use]
	ast.Inspect(s.Function(), func(n ast.Node) bool {
		assign, ok := n.(*ast.AssignStmt)
		if !ok || obj == nil || assign.Pos() > use.Pos() {
			return true
		}
		for i, left := range assign.Lhs {
			if id, ok := left.(*ast.Ident); ok && s.Info.ObjectOf(id) == obj {
				call, _ = ast.Unparen(assign.Rhs[min(i, len(assign.Rhs)-1)]).(*ast.CallExpr)
			}
		}
		return true
	})
	return call
}

// hearsNothingElse reports whether a use of a channel receives from it, but not beside the
// end of a context.
func (s *site) hearsNothingElse(use *ast.Ident) bool {
	path := edit.PathAt(s.Syntax, use.Pos())
	received := false
	for i, n := range path {
		switch n := n.(type) {
		case *ast.UnaryExpr:
			received = n.Op == token.ARROW
		case *ast.RangeStmt:
			return edit.Name(n.X) == use
		case *ast.CommClause:
			sel, ok := path[i+2].(*ast.SelectStmt)
			return received && !(ok && s.hearsOfContext(sel))
		case *ast.ExprStmt, *ast.AssignStmt:
			if _, ok := path[i+1].(*ast.CommClause); !ok {
				return received
			}
		case ast.Stmt:
			return received
		}
	}
	return false
}

// hearsOfContext reports whether a case of a select receives from the Done of a context.
func (s *site) hearsOfContext(sel *ast.SelectStmt) bool {
	return slices.ContainsFunc(sel.Body.List, func(clause ast.Stmt) bool {
		comm, ok := clause.(*ast.CommClause).Comm.(*ast.ExprStmt)
		if !ok {
			return false
		}
		recv, ok := ast.Unparen(comm.X).(*ast.UnaryExpr)
		if !ok || recv.Op != token.ARROW {
			return false
		}
		call, ok := ast.Unparen(recv.X).(*ast.CallExpr)
		if !ok {
			return false
		}
		fun, ok := ast.Unparen(call.Fun).(*ast.SelectorExpr)
		return ok && fun.Sel.Name == "Done" && edit.IsContext(s.Info.TypeOf(fun.X))
	})
}
