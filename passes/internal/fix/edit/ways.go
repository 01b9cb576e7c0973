package edit

import (
	"go/ast"
	"go/token"
	"slices"
	"strings"
)

// endsElsewhere reports whether the function, where it leaves because its work is done,
// ends something that it has at stmt as well, and is not among the calls.
func (s *Site) endsElsewhere(stmt ast.Stmt, outer []ast.Node, calls []string) bool {
	fn := slices.IndexFunc(outer, IsFunc)
	if fn < 0 || s.usualReturnOrBare(outer) {
		return false
	}
	failing := make(map[*ast.BlockStmt]bool)
	found := false
	Own(BodyOf(outer[fn]), func(n ast.Node) {
		if branch, ok := n.(*ast.IfStmt); ok && s.asksError(branch.Cond) {
			failing[branch.Body] = true
		}
		list := listOf(n)
		if block, ok := n.(*ast.BlockStmt); ok && failing[block] || len(list) < 2 || found || slices.Contains(list, stmt) {
			return
		}
		switch last := list[len(list)-1].(type) {
		case *ast.ReturnStmt:
		case *ast.BranchStmt:
			if last.Tok != token.BREAK {
				return
			}
		default:
			return
		}
		found = slices.ContainsFunc(list, func(x ast.Stmt) bool {
			fun := argless(x)
			return fun != nil && (s.endsWork(x) || strings.HasPrefix(fun.Sel.Name, "close") || strings.HasPrefix(fun.Sel.Name, "stop")) &&
				s.Same(x, stmt.Pos()) && !slices.Contains(calls, s.Source(x.Pos(), x.End()))
		})
	})
	return found
}

// asksError reports whether a condition compares an error.
func (s *Site) asksError(cond ast.Expr) bool {
	cmp, ok := cond.(*ast.BinaryExpr)
	return ok && (IsError(s.Info.TypeOf(cmp.X)) || IsError(s.Info.TypeOf(cmp.Y)))
}

// usualReturnOrBare reports whether the function leaves elsewhere on the stop by nothing
// but a return.
func (s *Site) usualReturnOrBare(outer []ast.Node) bool {
	if s.usualReturn(outer) != "" {
		return true
	}
	return slices.ContainsFunc(s.onStop(outer), func(body []ast.Stmt) bool {
		_, ok := body[0].(*ast.ReturnStmt)
		return ok
	})
}

// usualWay returns the lines by which the function leaves on the stop elsewhere, if they
// are more than a return and mean the same at stmt: each stands on one line.
func (s *Site) usualWay(stmt ast.Stmt, outer []ast.Node) []string {
next:
	for _, body := range s.onStop(outer) {
		if _, ok := body[len(body)-1].(*ast.ReturnStmt); !ok || len(body) < 2 {
			continue
		}
		var lines []string
		for _, x := range body {
			text := s.Source(x.Pos(), x.End())
			if strings.Contains(text, "\n") || !s.Same(x, stmt.Pos()) || unlocks(x) {
				continue next
			}
			lines = append(lines, text)
		}
		return lines
	}
	return nil
}

// unlocks reports whether a statement gives back a lock: it need not be held elsewhere.
func unlocks(stmt ast.Stmt) bool {
	fun := argless(stmt)
	return fun != nil && strings.HasSuffix(fun.Sel.Name, "Unlock")
}
