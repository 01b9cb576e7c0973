package falsestop

import (
	"go/ast"
	"go/token"

	"github.com/killcheck/killcheck/analyzer/code"
	"github.com/killcheck/killcheck/passes/internal/report"
)

// blank finds _ = ctx in a goroutine with a loop that does not look at ctx: the
// assignment only quiets whoever asks for a use.
func (s *stopper) blank(body *ast.BlockStmt) {
	if body == nil || s.g == nil {
		return
	}
	ast.Inspect(body, func(n ast.Node) bool {
		if _, ok := n.(*ast.FuncLit); ok {
			return false // a function of its own
		}
		a, ok := n.(*ast.AssignStmt)
		if !ok || a.Tok != token.ASSIGN || len(a.Lhs) != 1 || len(a.Rhs) != 1 {
			return true
		}
		to, ok := a.Lhs[0].(*ast.Ident)
		from, ok2 := a.Rhs[0].(*ast.Ident)
		if !ok || !ok2 || to.Name != "_" {
			return true
		}
		if t := s.q.Info.TypeOf(from); t == nil || !code.IsContext(t) && !code.IsStopChan(t) {
			return true
		}
		s.unused(body, a, from)
		return true
	})
}

// unused judges an assignment of the stop signal to nothing.
func (s *stopper) unused(body *ast.BlockStmt, a *ast.AssignStmt, name *ast.Ident) {
	obj := s.q.Info.Uses[name]
	uses := 0
	ast.Inspect(body, func(n ast.Node) bool {
		if id, ok := n.(*ast.Ident); ok && s.q.Info.Uses[id] == obj {
			uses++
		}
		return true
	})
	if uses != 1 {
		return
	}
	for _, g := range s.q.Goroutines {
		for _, stay := range s.q.Stays(g) {
			at, stop := stay.Pos, stay.Stop
			if stop.Expr == "" || at < body.Pos() || at > body.End() || stop.Ctx != name.Name && stop.Expr != name.Name || s.q.Documented(at) {
				continue
			}
			s.report(report.Finding{
				Pos: a.Pos(), End: a.End(), Instead: at,
				Message: "stop has no effect: " + name.Name + " is named here and heeded nowhere",
				Remedy:  s.q.Staying(g, stay),
			}, s.loop(at))
			return
		}
	}
}
