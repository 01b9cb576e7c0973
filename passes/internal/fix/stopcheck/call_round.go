package stopcheck

import (
	"go/ast"
	"go/token"
	"slices"
	"strings"

	"github.com/killcheck/killcheck/passes/internal/fix/edit"
)

// goesRound reports whether the error of a call leads back to it in a loop without end
// that does not look at the context before: once that has ended, the call fails each time.
//
//	for {
//		rows, err := db.Query(q)
//		if err != nil {
//			continue
//		}
//		use(rows)
//		select {
//		case <-ctx.Done():
//			return
//		case <-time.After(d):
//		}
//	}
func (s *site) goesRound(call *ast.CallExpr) bool {
	loop, body, _, err := s.LoopStmt()
	if err != nil {
		return false
	}
	if endless, ok := loop.(*ast.ForStmt); !ok || endless.Cond != nil {
		return false
	}
	i := slices.IndexFunc(body.List, func(x ast.Stmt) bool { return edit.Within(x, call.Pos()) })
	if i < 0 || slices.ContainsFunc(body.List[:i], s.looksAtStop) {
		return false
	}
	at := []ast.Stmt{body.List[i]}
	if i+1 < len(body.List) {
		at = append(at, body.List[i+1])
	}
	return slices.ContainsFunc(at, func(x ast.Stmt) bool {
		branch, ok := x.(*ast.IfStmt)
		return ok && asksNil(branch.Cond) && continues(branch.Body) && !s.looksAtStop(branch.Body)
	})
}

// looksAtStop reports whether a statement names the context of the stop other than as the
// argument of a call.
func (s *site) looksAtStop(x ast.Stmt) bool {
	text := s.Source(x.Pos(), x.End())
	return strings.Contains(text, s.Stop.Ctx+".Done()") || strings.Contains(text, s.Stop.Ctx+".Err()")
}

// asksNil reports whether a condition compares with nil that it is not.
func asksNil(cond ast.Expr) bool {
	found := false
	ast.Inspect(cond, func(n ast.Node) bool {
		cmp, ok := n.(*ast.BinaryExpr)
		if !ok || cmp.Op != token.NEQ {
			return true
		}
		id, ok := ast.Unparen(cmp.Y).(*ast.Ident)
		found = found || ok && id.Name == "nil"
		return true
	})
	return found
}

// continues reports whether a block ends by going round.
func continues(body *ast.BlockStmt) bool {
	if len(body.List) == 0 {
		return false
	}
	branch, ok := body.List[len(body.List)-1].(*ast.BranchStmt)
	return ok && branch.Tok == token.CONTINUE
}
