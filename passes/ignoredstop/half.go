package ignoredstop

import (
	"github.com/killcheck/killcheck/analyzer/fault"
	"github.com/killcheck/killcheck/analyzer/program"
	"github.com/killcheck/killcheck/analyzer/wait"
	"github.com/killcheck/killcheck/passes/internal/remedy"
	"github.com/killcheck/killcheck/passes/internal/report"
)

// halfStops reports waits in loops that heed a stop in another wait: asked to stop
// there, the goroutine stays.
func (q *question) halfStops(g *program.Goroutine) {
	for _, h := range q.Faults().Halves(g) {
		if q.InTest(h.Pos) {
			continue // the test knows how many values it takes
		}
		who, around := "goroutine", "the loop around it"
		if !g.Started() {
			who = "function"
		}
		if h.Calls {
			around = "the loop that leads here"
		}
		o := report.Finding{
			// A wait in a callee that does not go round is often one of a protocol
			// that its callers keep.
			Pos: h.Pos, Extended: g.Process || q.InCommand() || h.Taken || h.Hook || h.Room || h.Calls && !h.Alone,
			Message: who + " does not stop while it " + does(h) + ": " + around + " heeds " + h.Heeds + ", this wait does not",
		}
		if h.Stop.Expr != "" && !q.Undone(h.In) {
			o.Remedy = turn(h, q.Bare(h.F) && !h.Asked)
		}
		q.Report(g, h.F, o, program.Step{Pos: h.Loop, End: h.Loop + 3, Text: "the loop that heeds " + h.Heeds})
	}
}

// does says what the wait does.
func does(h fault.Half) string {
	switch h.Op {
	case wait.Send:
		return "sends on " + h.Name
	case wait.Recv:
		return "waits for " + h.Name
	}
	return "waits in a select"
}

// turn returns the remedy that turns the wait to the stop.
func turn(h fault.Half, safe bool) remedy.Remedy {
	r := remedy.Remedy{Op: remedy.Select, Pos: h.Pos, Stop: h.Stop, Tail: h.Tail, Safe: safe}
	switch h.Op {
	case wait.Send:
		r.Op = remedy.Send
	case wait.Recv:
		r.Op = remedy.Recv
	}
	return r
}
