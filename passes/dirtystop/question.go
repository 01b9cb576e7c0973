package dirtystop

import (
	"go/token"

	"github.com/killcheck/killcheck/analyzer/owner"
	"github.com/killcheck/killcheck/analyzer/program"
	"github.com/killcheck/killcheck/passes/internal/remedy"
	"github.com/killcheck/killcheck/passes/internal/report"
)

// dirtyStops finds the ways out by which a function leaves on a stop without
// releasing what its other ways release.
func (q *question) dirtyStops() {
	for _, fn := range q.Functions {
		if !q.Graph.Live(fn) || fn.Synthetic != "" || q.InTest(fn.Pos()) {
			continue
		}
		g, f := q.Runner(q.Goroutines, fn)
		report := func(pos, end, done token.Pos, reason string, step program.Step) {
			q.dirty(g, f, pos, end, done, reason, step)
		}
		for _, k := range q.Locks().LeftOnStop(fn) {
			report(k.Pos, k.End, k.Give, "with "+k.Name+" still held, which the other paths give back: the next to take it waits for ever", q.StepAt(k.Take, "the lock is taken here"))
		}
		for _, l := range q.Owners().LeftOnStop(fn) {
			switch l.Kind {
			case owner.LeftOpen:
				report(l.Pos, l.End, l.Done, "with the value of "+q.Syn.Callee(l.Opened)+" still open, which the other paths close", q.StepAt(l.Opened, "it is opened here"))
			case owner.Untold:
				report(l.Pos, l.End, l.Done, "without the Done that its other paths call: whoever waits for the group waits for ever", q.StepAt(l.Done, "another path does it here"))
			case owner.Unclosed:
				report(l.Pos, l.End, l.Done, "without closing the channel that its other paths close: whoever receives from it waits for ever", q.StepAt(l.Done, "another path does it here"))
			}
		}
	}
}

// dirty reports that the return leaves something undone that a call at done does on
// another path.
func (q *question) dirty(g *program.Goroutine, f *program.Frame, pos, end, done token.Pos, reason string, step program.Step) {
	o := report.Finding{Pos: pos, End: end, Extended: true, Message: report.Subject(g) + " leaves on its stop " + reason}
	if done.IsValid() {
		o.Remedy = remedy.Remedy{Op: remedy.Release, Pos: pos, At: done, Safe: true}
	}
	q.Report(g, f, o, step)
}
