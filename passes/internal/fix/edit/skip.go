package edit

import (
	"go/ast"
	"go/token"
	"go/types"
	"slices"
)

// SkipsRelease reports whether a return in place of stmt skips statements after
// it that may release something or tell somebody. It errs on the side of yes.
//
// Inside a loop the rest of the round is work that a stop is meant to cut short.
// What counts there is in [site.endsRound]. Outside of loops, every statement
// counts that does not use a variable which stmt declares: what is done with a
// received value cannot be done without it.
func (s *Site) SkipsRelease(stmt ast.Stmt, outer []ast.Node) bool {
	return s.skipsRelease(stmt, outer, len(outer))
}

// skipsRelease is SkipsRelease where only so many of the nodes around are left.
func (s *Site) skipsRelease(stmt ast.Stmt, outer []ast.Node, within int) bool {
	declared := s.declared(stmt)
	child := ast.Node(stmt)
	for i, n := range outer[:within] {
		if IsFunc(n) {
			return false
		}
		_, after := Siblings(child, n)
		last := slices.IndexFunc(after, func(x ast.Stmt) bool { _, ok := x.(*ast.ReturnStmt); return ok && isReturn(x) })
		if last >= 0 {
			after = after[:last]
		}
		if InLoop(outer[i:]) {
			before := Round(child, outer[i:])
			after = s.withoutLocking(after)
			if slices.ContainsFunc(after, func(x ast.Stmt) bool { return s.EndsRound(x, before) }) {
				return true
			}
		} else if slices.ContainsFunc(after, func(x ast.Stmt) bool { return !isReturn(x) && !s.Uses(x, declared) }) {
			return true
		}
		if last >= 0 {
			return false // it leaves there anyway
		}
		if loop, ok := n.(*ast.ForStmt); ok && loop.Cond == nil && !HasBreak(loop, LabelOf(loop, outer)) {
			return false // what follows the loop is never reached
		}
		child = n
	}
	return false
}

// withoutLocking returns the statements of a list other than those that take a
// lock, and those that give back one which the list has taken.
func (s *Site) withoutLocking(list []ast.Stmt) []ast.Stmt {
	var rest []ast.Stmt
	given := make(map[string]bool)
	for _, stmt := range list {
		if give := s.giveBack(stmt); give != "" {
			given[give] = true
			continue
		}
		if expr, ok := stmt.(*ast.ExprStmt); !ok || !given[s.Source(expr.Pos(), expr.End())] {
			rest = append(rest, stmt)
		}
	}
	return rest
}

// EndsRound reports whether a statement in the rest of a round may release what
// the round has taken, or join what it has started: a close, a receive whose
// value is dropped, a call without arguments such as an unlock, a Done or a
// cancel, and a call with a variable of this round. A call without arguments of
// this package's own code counts only if its object was used before in the
// round, as in "c.lock(); wait; c.unlock()".
func (s *Site) EndsRound(stmt ast.Stmt, before []ast.Stmt) bool {
	found := false
	ast.Inspect(stmt, func(n ast.Node) bool {
		switch n := n.(type) {
		case *ast.FuncLit, *ast.DeferStmt:
			return false // does not run here
		case *ast.ExprStmt:
			switch x := ast.Unparen(n.X).(type) {
			case *ast.UnaryExpr:
				found = found || x.Op == token.ARROW
			case *ast.CallExpr:
				found = found || s.isRelease(x, before)
			}
		case *ast.AssignStmt:
			if call, ok := ast.Unparen(n.Rhs[0]).(*ast.CallExpr); ok && len(call.Args) == 0 {
				found = found || s.isRelease(call, before)
			}
		}
		return !found
	})
	return found
}

func (s *Site) isRelease(call *ast.CallExpr, before []ast.Stmt) bool {
	if s.Info.Types[call.Fun].IsBuiltin() {
		return ClosedBy(s.Info, call) != nil
	}
	if len(call.Args) > 0 {
		var taken []types.Object
		for _, stmt := range before {
			taken = append(taken, s.declared(stmt)...)
		}
		return slices.ContainsFunc(call.Args, func(arg ast.Expr) bool { return s.Uses(arg, taken) })
	}
	if s.hasValue(call) {
		return false
	}
	switch fun := ast.Unparen(call.Fun).(type) {
	case *ast.Ident:
		return s.isForeign(s.Info.Uses[fun])
	case *ast.SelectorExpr:
		root := s.Root(fun.X)
		return s.isForeign(s.Info.Uses[fun.Sel]) || root == nil ||
			slices.ContainsFunc(before, func(x ast.Stmt) bool { return s.Uses(x, []types.Object{root}) })
	}
	return true
}

// isForeign reports whether a function comes from another package, or a
// function value has a type from there, such as context.CancelFunc.
func (s *Site) isForeign(obj types.Object) bool {
	if obj == nil || obj.Pkg() != s.Pkg {
		return true
	}
	named, ok := types.Unalias(obj.Type()).(*types.Named)
	return ok && named.Obj().Pkg() != s.Pkg
}

// hasValue reports whether a call has a result other than an error: such calls
// ask something, they do not release.
func (s *Site) hasValue(call *ast.CallExpr) bool {
	t := s.Info.TypeOf(call)
	if t == nil || IsError(t) {
		return false
	}
	tuple, ok := t.(*types.Tuple)
	return !ok || tuple.Len() > 0
}

// declared returns the variables that a statement declares itself.
func (s *Site) declared(stmt ast.Stmt) []types.Object {
	var objs []types.Object
	if assign, ok := stmt.(*ast.AssignStmt); ok && assign.Tok == token.DEFINE {
		for _, left := range assign.Lhs {
			if id, ok := left.(*ast.Ident); ok && s.Info.Defs[id] != nil {
				objs = append(objs, s.Info.Defs[id])
			}
		}
	}
	if decl, ok := stmt.(*ast.DeclStmt); ok {
		for _, spec := range decl.Decl.(*ast.GenDecl).Specs {
			if value, ok := spec.(*ast.ValueSpec); ok {
				for _, id := range value.Names {
					objs = append(objs, s.Info.Defs[id])
				}
			}
		}
	}
	return objs
}

// Uses reports whether a node names one of the objects.
func (s *Site) Uses(n ast.Node, objs []types.Object) bool {
	found := false
	ast.Inspect(n, func(n ast.Node) bool {
		id, ok := n.(*ast.Ident)
		found = found || (ok && s.Info.Uses[id] != nil && slices.Contains(objs, s.Info.Uses[id]))
		return !found
	})
	return found
}

// Root returns what an expression such as c.conn.mu starts with.
func (s *Site) Root(e ast.Expr) types.Object {
	switch e := ast.Unparen(e).(type) {
	case *ast.Ident:
		return s.Info.Uses[e]
	case *ast.SelectorExpr:
		return s.Root(e.X)
	}
	return nil
}

// isReturn reports whether a statement does nothing but leave, without a call.
func isReturn(stmt ast.Stmt) bool {
	switch stmt := stmt.(type) {
	case *ast.BranchStmt:
		return true
	case *ast.ReturnStmt:
		return !slices.ContainsFunc(stmt.Results, HasCall)
	}
	return false
}

// HasCall reports whether an expression calls or receives.
func HasCall(e ast.Expr) bool {
	found := false
	ast.Inspect(e, func(n ast.Node) bool {
		switch n := n.(type) {
		case *ast.CallExpr:
			found = true
		case *ast.UnaryExpr:
			found = found || n.Op == token.ARROW
		}
		return !found
	})
	return found
}

// IsLoop reports whether a node is a loop, of either kind.
func IsLoop(n ast.Node) bool {
	switch n.(type) {
	case *ast.ForStmt, *ast.RangeStmt:
		return true
	}
	return false
}

// InLoop reports whether one of the nodes up to the function is a loop.
func InLoop(outer []ast.Node) bool {
	i := slices.IndexFunc(outer, func(n ast.Node) bool { return IsLoop(n) || IsFunc(n) })
	return i >= 0 && IsLoop(outer[i])
}

// Round returns the statements that come before child in its round of the loop.
func Round(child ast.Node, outer []ast.Node) []ast.Stmt {
	var all []ast.Stmt
	for _, n := range outer {
		if IsLoop(n) || IsFunc(n) {
			break
		}
		before, _ := Siblings(child, n)
		all = append(all, before...)
		child = n
	}
	return all
}

// Siblings returns the statements before and after child in the list of its
// parent. The clauses of a switch or select do not follow one another.
func Siblings(child, parent ast.Node) (before, after []ast.Stmt) {
	switch child.(type) {
	case *ast.CaseClause, *ast.CommClause:
		return nil, nil
	}
	list := listOf(parent)
	for i, stmt := range list {
		if stmt == child {
			return list[:i], list[i+1:]
		}
	}
	return nil, nil
}

// listOf returns the statements that a block or clause consists of.
func listOf(n ast.Node) []ast.Stmt {
	switch n := n.(type) {
	case *ast.BlockStmt:
		return n.List
	case *ast.CaseClause:
		return n.Body
	case *ast.CommClause:
		return n.Body
	}
	return nil
}
