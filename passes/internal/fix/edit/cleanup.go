package edit

import (
	"go/ast"
	"go/types"
	"slices"
	"strings"
)

// cleanup returns the calls that a return in place of stmt has to make first:
// it gives back the locks that the function holds there, and makes the calls
// that come after stmt on the straight way and tell others of the end, such as
// a Done or a close. Innermost comes first.
//
//	mu.Lock()
//	ch <- v
//	mu.Unlock()
//	wg.Done()
//
// has to give the lock back and call Done. Of the nodes around only the first few count:
// those within what is left.
func (s *Site) cleanup(stmt ast.Stmt, outer []ast.Node, within int) []string {
	declared := s.declared(stmt)
	var calls []string
	child := ast.Node(stmt)
	var inner []ast.Stmt // what stands before stmt further in
	jumps := false       // what follows further out is not on the way
	for _, n := range outer[:within] {
		if IsFunc(n) {
			break
		}
		before, after := Siblings(child, n)
		if jumps {
			after = nil
		}
		for _, give := range s.heldLocks(before, outer) {
			given := slices.ContainsFunc(inner, func(x ast.Stmt) bool { return s.mayGive(x, give) })
			if !given && !slices.Contains(calls, give) {
				calls = append(calls, give)
			}
		}
		inner = append(inner, before...)
		for j, x := range after {
			jumps = jumps || isJump(x)
			call := s.Source(x.Pos(), x.End())
			if s.endsWork(x) && !s.Uses(x, declared) && !s.declaredIn(x, after[:j]) && !slices.Contains(calls, call) {
				calls = append(calls, call)
			}
		}
		if loop, ok := n.(*ast.ForStmt); ok && loop.Cond == nil && !HasBreak(loop, LabelOf(loop, outer)) {
			jumps = true // what follows the loop is never reached
		}
		child = n
	}
	return calls
}

// heldLocks returns the calls that give back the locks that are held after the
// statements of a list, the last one first. A lock that a deferred call gives
// back does not count, nor does one that this function does not give back.
func (s *Site) heldLocks(list []ast.Stmt, outer []ast.Node) []string {
	var held []string
	for i, stmt := range list {
		give := s.giveBack(stmt)
		if give == "" || slices.ContainsFunc(list[i+1:], func(x ast.Stmt) bool { return s.mayGive(x, give) }) || !s.givesLater(give, list[len(list)-1], outer) {
			continue
		}
		held = append(held, give)
	}
	slices.Reverse(held)
	return held
}

// giveBack returns the call that gives back the lock which a statement takes, or
// nothing if it takes none.
func (s *Site) giveBack(stmt ast.Stmt) string {
	fun := argless(stmt)
	if fun == nil || !s.IsPath(fun.X) {
		return ""
	}
	lock := s.Source(fun.X.Pos(), fun.X.End())
	switch fun.Sel.Name {
	case "Lock":
		return lock + ".Unlock()"
	case "RLock":
		return lock + ".RUnlock()"
	}
	return ""
}

// mayGive reports whether the lock may have been given back, or will be by a
// defer, once a statement is done. A branch that leaves does not count.
func (s *Site) mayGive(stmt ast.Stmt, give string) bool {
	found := false
	ast.Inspect(stmt, func(n ast.Node) bool {
		switch n := n.(type) {
		case *ast.BlockStmt:
			if len(n.List) > 0 && isJump(n.List[len(n.List)-1]) {
				return false
			}
		case *ast.CallExpr:
			found = found || s.Source(n.Pos(), n.End()) == give
		}
		return !found
	})
	return found
}

func isJump(stmt ast.Stmt) bool {
	switch stmt.(type) {
	case *ast.ReturnStmt, *ast.BranchStmt:
		return true
	}
	return false
}

// givesLater reports whether the function gives the lock back further down.
func (s *Site) givesLater(give string, from ast.Stmt, outer []ast.Node) bool {
	i := slices.IndexFunc(outer, IsFunc)
	found := false
	if i >= 0 {
		ast.Inspect(outer[i], func(n ast.Node) bool {
			call, ok := n.(*ast.CallExpr)
			found = found || ok && call.Pos() > from.End() && s.Source(call.Pos(), call.End()) == give
			return !found
		})
	}
	return found
}

// endsWork reports whether a statement does nothing but tell others that work
// has ended, or end what this code has begun.
func (s *Site) endsWork(stmt ast.Stmt) bool {
	expr, ok := stmt.(*ast.ExprStmt)
	if !ok {
		return false
	}
	call, ok := ast.Unparen(expr.X).(*ast.CallExpr)
	if !ok {
		return false
	}
	if s.Info.Types[call.Fun].IsBuiltin() {
		return ClosedBy(s.Info, call) != nil
	}
	if len(call.Args) > 0 {
		return false
	}
	if t := s.Info.TypeOf(call.Fun); t != nil && types.TypeString(types.Unalias(t), nil) == "context.CancelFunc" {
		return true
	}
	fun, ok := ast.Unparen(call.Fun).(*ast.SelectorExpr)
	if !ok {
		return false
	}
	switch name := fun.Sel.Name; name {
	case "Done", "Close", "Release":
		return true
	default:
		return strings.HasPrefix(name, "Stop")
	}
}

// declaredIn reports whether a statement uses variables that some others declare.
func (s *Site) declaredIn(stmt ast.Stmt, others []ast.Stmt) bool {
	return slices.ContainsFunc(others, func(x ast.Stmt) bool { return s.Uses(stmt, s.declared(x)) })
}

// argless returns what a statement calls, if it is a call of a method without
// arguments and nothing else.
func argless(stmt ast.Stmt) *ast.SelectorExpr {
	expr, ok := stmt.(*ast.ExprStmt)
	if !ok {
		return nil
	}
	call, ok := ast.Unparen(expr.X).(*ast.CallExpr)
	if !ok || len(call.Args) > 0 {
		return nil
	}
	fun, _ := ast.Unparen(call.Fun).(*ast.SelectorExpr)
	return fun
}

// LeaveWait is leave for a wait. If what follows is no more than what the way out
// would do, the case for the stop has no body.
func (s *Site) LeaveWait(stmt ast.Stmt, outer []ast.Node) (Way, error) {
	out, err := s.Leave(stmt, outer)
	if err == nil && s.leavesAnyway(stmt, outer, out) {
		out = Way{Exact: !IsDeferred(outer)}
	}
	return out, err
}

// leavesAnyway reports whether the code after stmt does nothing but what is on
// the way out.
func (s *Site) leavesAnyway(stmt ast.Stmt, outer []ast.Node, out Way) bool {
	child := ast.Node(stmt)
	for _, n := range outer {
		switch n.(type) {
		case *ast.FuncLit, *ast.FuncDecl:
			return out.Code == "return"
		case *ast.ForStmt, *ast.RangeStmt:
			return false
		}
		_, after := Siblings(child, n)
		for _, x := range after {
			text := s.Source(x.Pos(), x.End())
			if _, ok := x.(*ast.ReturnStmt); ok {
				return text == out.Code
			}
			if !slices.Contains(out.cleanup, text) {
				return false
			}
		}
		child = n
	}
	return false
}
