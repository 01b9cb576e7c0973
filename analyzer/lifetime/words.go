package lifetime

import (
	"go/ast"
	"go/types"
)

// orSay ends the message about a goroutine that has no stop signal in reach.
const orSay = "; give it a stop signal, or say //killcheck:lifetime process -- why"

// describe says why the goroutine has no end there.
func (w *world) describe(s Stay) string {
	if s.Kind == EmptySelectStay {
		return "select{} waits for nothing"
	}
	if r, ok := s.Stmt.(*ast.RangeStmt); ok {
		if _, ok := w.Info.TypeOf(r.X).Underlying().(*types.Chan); ok {
			return "nothing closes " + types.ExprString(r.X) + ", so the range over it has no end"
		}
	}
	return "the loop has no exit"
}
