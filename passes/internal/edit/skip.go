package edit

import (
	"go/ast"
	"go/types"
	"slices"
)

// skipsRelease reports whether a return in place of stmt skips statements after
// it that may release something or tell somebody. It errs on the side of yes.
//
// After the loop, or where there is none, these are a send, a close, and a call
// without arguments that has no value, such as an unlock, a Done or a cancel.
// Inside the loop the rest of the round is work that a stop is meant to cut
// short, so there a send is no release, and neither is a call of this package's
// own code, unless the same object was used before in the round, as in
// "c.lock(); wait; c.unlock()".
func (s *site) skipsRelease(stmt ast.Stmt, outer []ast.Node) bool {
	child, inLoop := ast.Node(stmt), loopFollows(outer)
	for i, n := range outer {
		if isFunc(n) {
			return false
		}
		before, after := siblings(child, n)
		for _, skipped := range after {
			if s.releases(skipped, before, inLoop) {
				return true
			}
		}
		if isLoop(n) {
			inLoop = loopFollows(outer[i+1:])
		}
		if loop, ok := n.(*ast.ForStmt); ok && loop.Cond == nil && !hasBreak(loop, labelOf(loop, outer)) {
			return false // what follows the loop is never reached
		}
		child = n
	}
	return false
}

func isLoop(n ast.Node) bool {
	switch n.(type) {
	case *ast.ForStmt, *ast.RangeStmt:
		return true
	}
	return false
}

// loopFollows reports whether a loop encloses the place in the same function.
func loopFollows(outer []ast.Node) bool {
	i := slices.IndexFunc(outer, func(n ast.Node) bool { return isLoop(n) || isFunc(n) })
	return i >= 0 && isLoop(outer[i])
}

// siblings returns the statements before and after child in the list of its
// parent.
func siblings(child, parent ast.Node) (before, after []ast.Stmt) {
	var list []ast.Stmt
	switch parent := parent.(type) {
	case *ast.BlockStmt:
		list = parent.List
	case *ast.CaseClause:
		list = parent.Body
	case *ast.CommClause:
		list = parent.Body
	}
	for i, stmt := range list {
		if stmt == child {
			return list[:i], list[i+1:]
		}
	}
	return nil, nil
}

func (s *site) releases(stmt ast.Stmt, before []ast.Stmt, inLoop bool) bool {
	found := false
	ast.Inspect(stmt, func(n ast.Node) bool {
		switch n := n.(type) {
		case *ast.FuncLit, *ast.DeferStmt:
			return false // does not run here
		case *ast.SendStmt:
			found = found || !inLoop
		case *ast.CallExpr:
			found = found || s.isRelease(n, before, inLoop)
		}
		return !found
	})
	return found
}

func (s *site) isRelease(call *ast.CallExpr, before []ast.Stmt, inLoop bool) bool {
	if s.Info.Types[call.Fun].IsBuiltin() {
		id, ok := ast.Unparen(call.Fun).(*ast.Ident)
		return ok && id.Name == "close"
	}
	if len(call.Args) > 0 || s.hasValue(call) {
		return false
	}
	if !inLoop {
		return true
	}
	switch fun := ast.Unparen(call.Fun).(type) {
	case *ast.Ident:
		return s.isForeign(s.Info.Uses[fun])
	case *ast.SelectorExpr:
		return s.isForeign(s.Info.Uses[fun.Sel]) || s.mentions(before, fun.X)
	}
	return true
}

// isForeign reports whether a function comes from another package, or a
// function value has a type from there, such as context.CancelFunc.
func (s *site) isForeign(obj types.Object) bool {
	if obj == nil || obj.Pkg() != s.Pkg {
		return true
	}
	named, ok := types.Unalias(obj.Type()).(*types.Named)
	return ok && named.Obj().Pkg() != s.Pkg
}

// mentions reports whether the statements use the object that an expression
// starts with.
func (s *site) mentions(stmts []ast.Stmt, e ast.Expr) bool {
	root := s.root(e)
	found := false
	for _, stmt := range stmts {
		ast.Inspect(stmt, func(n ast.Node) bool {
			id, ok := n.(*ast.Ident)
			found = found || (ok && (root == nil || s.Info.Uses[id] == root || s.Info.Defs[id] == root))
			return !found
		})
	}
	return found
}

func (s *site) root(e ast.Expr) types.Object {
	switch e := ast.Unparen(e).(type) {
	case *ast.Ident:
		return s.Info.Uses[e]
	case *ast.SelectorExpr:
		return s.root(e.X)
	}
	return nil
}

// hasValue reports whether a call has a result other than an error: such calls
// ask something, they do not release.
func (s *site) hasValue(call *ast.CallExpr) bool {
	t := s.Info.TypeOf(call)
	if t == nil || isError(t) {
		return false
	}
	tuple, ok := t.(*types.Tuple)
	return !ok || tuple.Len() > 0
}
