package wake

import (
	"errors"
	"go/ast"
	"go/token"
	"go/types"

	"github.com/killcheck/killcheck/passes/internal/fix/edit"
)

// broadcast wakes those who wait for a condition where it changes.
//
//	b.closed = true
//	                b.change.Broadcast()
//
// The condition is what the loop around the Wait tests. The variables in it have
// to be changed in this file only. A Signal that wakes one of many is no case of
// this: here nothing wakes anybody.
func broadcast(s *site) (edit.Fix, error) {
	call, outer, ok := edit.Enclosing[*ast.CallExpr](s.Site)
	if !ok {
		return edit.Fix{}, errors.New("no call")
	}
	fun, ok := ast.Unparen(call.Fun).(*ast.SelectorExpr)
	if !ok || !s.IsPath(fun.X) {
		return edit.Fix{}, errors.New("the condition variable has no name")
	}
	tested := s.tested(outer)
	if len(tested) == 0 {
		return edit.Fix{}, errors.New("no loop tests the condition")
	}
	fix := edit.Fix{Message: "wake the waiters where the condition changes"}
	waiter, _, _ := s.Innermost()
	var problem error
	ends := true // all changes are the end of the object
	s.Wherever(func(n ast.Node) bool {
		stmt, ok := n.(ast.Stmt)
		if !ok || problem != nil {
			return problem == nil
		}
		for _, left := range changed(stmt) {
			if !s.isOne(left, tested) {
				continue
			}
			change, own, err := s.wakeAfter(stmt, left, fun.X, waiter)
			if err != nil {
				problem = err
			} else if !own {
				fix.Edits = append(fix.Edits, change)
				ends = ends && s.inEnder(stmt)
			}
		}
		return true
	}, tested...)
	if problem != nil {
		return edit.Fix{}, problem
	}
	if len(fix.Edits) == 0 {
		return edit.Fix{}, errors.New("nothing changes the condition")
	}
	fix.Exact = ends && s.LoopsRound()
	return fix, nil
}

// inEnder reports whether a statement stands in a method that ends its object.
func (s *site) inEnder(stmt ast.Stmt) bool {
	at, err := s.Place(stmt.Pos())
	if err != nil {
		return false
	}
	fn, _, _ := at.Innermost()
	decl, ok := fn.(*ast.FuncDecl)
	return ok && s.EndsObject(decl)
}

// tested returns the variables and fields that the condition of the loop around
// the wait names.
func (s *site) tested(outer []ast.Node) []types.Object {
	for _, n := range outer {
		if edit.IsFunc(n) {
			break
		}
		loop, ok := n.(*ast.ForStmt)
		if !ok {
			continue
		}
		if loop.Cond == nil {
			break
		}
		var objs []types.Object
		ast.Inspect(loop.Cond, func(n ast.Node) bool {
			switch n := n.(type) {
			case *ast.SelectorExpr:
				if v, ok := s.Info.Uses[n.Sel].(*types.Var); ok {
					objs = append(objs, v)
				}
				return false
			case *ast.Ident:
				if v, ok := s.Info.Uses[n].(*types.Var); ok {
					objs = append(objs, v)
				}
			}
			return true
		})
		return objs
	}
	return nil
}

// changed returns what a statement assigns to.
func changed(stmt ast.Stmt) []ast.Expr {
	switch stmt := stmt.(type) {
	case *ast.AssignStmt:
		if stmt.Tok != token.DEFINE {
			return stmt.Lhs
		}
	case *ast.IncDecStmt:
		return []ast.Expr{stmt.X}
	}
	return nil
}

// isOne reports whether an expression stands for one of the variables or fields,
// or an element of one.
func (s *site) isOne(e ast.Expr, objs []types.Object) bool {
	for _, obj := range objs {
		switch e := ast.Unparen(e).(type) {
		case *ast.Ident:
			if s.Info.Uses[e] == obj {
				return true
			}
		case *ast.SelectorExpr:
			if s.Info.Uses[e.Sel] == obj {
				return true
			}
		case *ast.IndexExpr:
			return s.isOne(e.X, objs)
		}
	}
	return false
}

// wakeAfter returns the edit that wakes the waiters below a change. own is true
// for a change that needs no wake: by the waiter itself, or to an object that
// the function has just made.
func (s *site) wakeAfter(stmt ast.Stmt, left, cond ast.Expr, waiter ast.Node) (change edit.TextEdit, own bool, err error) {
	at, err := s.Place(stmt.Pos())
	if err != nil {
		return change, false, err
	}
	fn, body, _ := at.Innermost()
	if fn == waiter || body != nil && at.makesRoot(body, left) {
		return change, true, nil
	}
	if _, outer, err := at.Statement(); err != nil || !edit.StandsAlone(outer) {
		return change, false, edit.ErrNotAlone
	}
	name, err := s.sibling(left, cond, stmt.End())
	if err != nil {
		return change, false, err
	}
	return s.Beneath(stmt, name+".Broadcast()"), false, nil
}

// makesRoot reports whether the object that an expression starts with is made in
// the body: no other goroutine has it yet, as far as that function goes.
func (s *site) makesRoot(body *ast.BlockStmt, e ast.Expr) bool {
	obj := s.Root(e)
	found := false
	ast.Inspect(body, func(n ast.Node) bool {
		assign, ok := n.(*ast.AssignStmt)
		if !ok || assign.Tok != token.DEFINE || len(assign.Lhs) != 1 || obj == nil {
			return !found
		}
		if id, ok := assign.Lhs[0].(*ast.Ident); ok && s.Info.Defs[id] == obj {
			found = s.makesObject(assign.Rhs[0])
		}
		return !found
	})
	return found
}

// makesObject reports whether an expression is a composite literal, its address,
// or a call of new.
func (s *site) makesObject(e ast.Expr) bool {
	switch e := ast.Unparen(e).(type) {
	case *ast.CompositeLit:
		return true
	case *ast.UnaryExpr:
		return e.Op == token.AND && s.makesObject(e.X)
	case *ast.CallExpr:
		id, ok := ast.Unparen(e.Fun).(*ast.Ident)
		return ok && id.Name == "new" && s.Info.Types[e.Fun].IsBuiltin()
	}
	return false
}

// sibling returns an expression for the condition variable next to another
// variable: of the same object, under the name that the object has there.
func (s *site) sibling(left, cond ast.Expr, pos token.Pos) (string, error) {
	if s.Same(cond, pos) {
		if obj := s.Root(cond); obj != nil && obj.Parent() == s.Pkg.Scope() {
			return s.Source(cond.Pos(), cond.End()), nil
		}
	}
	for {
		if index, ok := ast.Unparen(left).(*ast.IndexExpr); ok {
			left = index.X
			continue
		}
		break
	}
	owner, ok := ast.Unparen(left).(*ast.SelectorExpr)
	own, ok2 := ast.Unparen(cond).(*ast.SelectorExpr)
	if ok && ok2 && s.IsPath(owner.X) {
		a, b := s.Info.TypeOf(owner.X), s.Info.TypeOf(own.X)
		if a != nil && b != nil && types.Identical(pointee(a), pointee(b)) {
			return s.Source(owner.X.Pos(), owner.X.End()) + "." + own.Sel.Name, nil
		}
	}
	if s.Same(cond, pos) {
		return s.Source(cond.Pos(), cond.End()), nil
	}
	return "", errors.New("the condition variable has no name where the condition changes")
}

func pointee(t types.Type) types.Type {
	if p, ok := t.Underlying().(*types.Pointer); ok {
		return p.Elem()
	}
	return t
}
