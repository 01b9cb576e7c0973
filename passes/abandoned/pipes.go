package abandoned

import (
	"github.com/killcheck/killcheck/analyzer/program"
	"github.com/killcheck/killcheck/passes/internal/report"
)

// pipes reports waits of the goroutine on one end of a pipe, if the function that
// has the other end can return without an end to it.
func (q *question) pipes(g *program.Goroutine) {
	for _, l := range q.Handles().Left(g) {
		other, done := "the reader's end", "read to its end or closed"
		if l.Reads {
			other, done = "the writer's end", "closed"
		}
		o := report.Finding{
			Pos: l.Wait.Pos(), Extended: !l.Sure,
			Message: "goroutine can wait for ever in " + q.Syn.Callee(l.Wait.Pos()) + ": the function that started it can return before " + other + " of the pipe is " + done,
		}
		var steps []program.Step
		if l.By != nil {
			steps = append(steps, q.StepAt(l.By.Pos(), "this is given the other end, and need not go on to its end"))
		}
		q.Report(g, l.F, o, append(steps, q.ReturnStep(l.Ret))...)
	}
}
