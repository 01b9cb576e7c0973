package report

import (
	"go/ast"
	"go/types"

	"github.com/killcheck/killcheck/analyzer/event"
	"github.com/killcheck/killcheck/analyzer/program"
)

func (q *Question) AndReach(s event.Stop) string {
	if s.Expr == "" {
		return ""
	}
	return ", and " + s.Name() + " is in reach"
}

func Subject(g *program.Goroutine) string {
	if g == nil {
		return "whoever gets here"
	}
	return "goroutine"
}

// Describe says why the goroutine has no end there.
func (q *Question) Describe(s event.Stay) string {
	if s.Kind == event.EmptySelectStay {
		return "select{} waits for nothing"
	}
	if r, ok := s.Stmt.(*ast.RangeStmt); ok {
		if _, ok := q.Info.TypeOf(r.X).Underlying().(*types.Chan); ok {
			return "nothing closes " + types.ExprString(r.X) + ", so the range over it has no end"
		}
	}
	return "the loop has no exit"
}
