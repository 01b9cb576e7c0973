package unreleased

import (
	"golang.org/x/tools/go/ssa"

	"github.com/killcheck/killcheck/analyzer/code"
	"github.com/killcheck/killcheck/analyzer/program"
	"github.com/killcheck/killcheck/analyzer/signal"
	"github.com/killcheck/killcheck/passes/internal/report"
)

// notStarted reports the receives of methods from a channel that only a goroutine
// raises which another method starts, if that method may have returned
// without starting it, because the object was made that way.
func (q *question) notStarted(gs []*program.Goroutine) {
	for _, fn := range q.Functions {
		if fn.Signature.Recv() == nil || fn.Synthetic != "" || !q.Graph.Live(fn) {
			continue
		}
		for u := range q.Receives(fn) {
			g := q.raiser(fn, u, gs)
			if g == nil || q.filled(u) || q.mayNotWait(u, g.Site.Inst) {
				continue
			}
			ret := q.SkipsStart(g)
			if ret == nil {
				continue
			}
			by, f := q.Runner(gs, fn)
			q.Report(by, f, report.Finding{
				Pos:     u.Pos(),
				Message: report.Subject(by) + " can wait for ever: only the goroutine that " + g.Site.In.Name() + " starts raises " + q.Syn.Channel(u.Pos()) + ", and " + g.Site.In.Name() + " can return without starting it",
			}, program.Step{Pos: g.Site.Pos, End: g.Site.End, Text: "that goroutine starts here"}, q.ReturnStep(ret))
		}
	}
}

// raiser returns the only goroutine that raises the channel of the receive, if a
// method of the same type as fn starts it, and nothing else runs what it runs.
func (q *question) raiser(fn *ssa.Function, u *ssa.UnOp, gs []*program.Goroutine) *program.Goroutine {
	c := q.Graph.Class(q.Base, u.X)
	raises := c.Has(signal.Send, signal.Close)
	if !c.Private() || c.Nil || len(c.Library)+len(c.Contexts) > 0 || len(c.Makes) == 0 || len(raises) == 0 {
		return nil
	}
	var one *program.Goroutine
	for _, o := range raises {
		rs := q.Running(gs, o.Fn)
		if len(rs) != 1 || one != nil && rs[0].G != one || !q.StartedOnly(o.Fn, 4) {
			return nil
		}
		one = rs[0].G
	}
	recv := one.Site.In.Signature.Recv()
	if recv == nil || one.Site.In == fn || code.TypeName(recv.Type()) != code.TypeName(fn.Signature.Recv().Type()) {
		return nil
	}
	return one
}
