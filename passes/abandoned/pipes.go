package abandoned

import (
	"strconv"

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
			Pos: l.Wait.Pos(), Extended: !l.Sure || q.JoinedAtReturn(g), // it would wait itself
			Message: "goroutine can wait for ever in " + q.Syn.Callee(l.Wait.Pos()) + ": the function that started it can return before " + other + " of the pipe is " + done,
		}
		var steps []program.Step
		if l.By != nil {
			steps = append(steps, q.StepAt(l.By.Pos(), "this is given the other end, and need not go on to its end"))
		}
		q.Report(g, l.F, o, append(steps, q.ReturnStep(l.Ret))...)
	}
}

// unread reports writes to a pipe of which nobody reads enough.
func (q *question) unread() {
	for _, u := range q.Handles().Unread() {
		what := "nobody reads from the pipe"
		var steps []program.Step
		if len(u.Reads) > 0 {
			what = "of the pipe no more is read than once"
			if len(u.Reads) > 1 {
				what = "of the pipe no more is read than " + strconv.Itoa(len(u.Reads)) + " times"
			}
			steps = append(steps, q.StepAt(u.Reads[0].Pos(), "this reads"))
		}
		in := u.Far
		if in == "" {
			in = q.Syn.Callee(u.Write.Pos())
		}
		q.Report(u.G, u.F, report.Finding{
			Pos:     u.Write.Pos(),
			Message: "goroutine can wait for ever in " + in + ": " + what + ", and nobody closes its reader's end",
		}, steps...)
	}
}
