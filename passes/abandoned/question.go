package abandoned

import (
	"golang.org/x/tools/go/ssa"

	"github.com/killcheck/killcheck/analyzer/count"
	"github.com/killcheck/killcheck/analyzer/event"
	"github.com/killcheck/killcheck/analyzer/program"
	"github.com/killcheck/killcheck/analyzer/signal"
	"github.com/killcheck/killcheck/passes/internal/remedy"
	"github.com/killcheck/killcheck/passes/internal/report"
)

// abandoned finds the sends and receives of goroutines whose partners can leave
// first. Only operations that are no case of a select count: a select has
// another way out.
func (q *question) abandoned(gs []*program.Goroutine) {
	for _, g := range gs {
		if q.EndsWithMain(g) {
			continue
		}
		q.pipes(g)
		for _, f := range g.Frames {
			graph := q.PlainGraph(f.Fn)
			for _, b := range f.Fn.Blocks {
				for _, in := range b.Instrs {
					if s, ok := in.(*ssa.Send); ok && graph.Executes(s) {
						q.send(g, f, s, gs)
					}
				}
			}
			for u := range q.Receives(f.Fn) {
				q.leavingSenders(g, f, u, gs)
			}
		}
	}
	q.stopping(gs)
	q.inCircles(gs)
}

// inCircles reports the sends whose receivers all come only after a wait for this
// send.
func (q *question) inCircles(gs []*program.Goroutine) {
	for _, p := range q.Circles() {
		g, f := q.Runner(gs, p.In.Parent())
		if !p.Sends() || g == nil && !q.Alone(gs, p) {
			continue
		}
		q.Report(g, f, report.Finding{
			Pos:     p.In.Pos(),
			Message: report.Subject(g) + " waits for itself: what would receive from " + q.Syn.Channel(p.In.Pos()) + " comes only after a wait for this send",
		}, q.CircleSteps(p, "this would receive")...)
	}
}

// send reports the send if the receivers can leave before they take it.
func (q *question) send(g *program.Goroutine, f *program.Frame, s *ssa.Send, gs []*program.Goroutine) {
	c := q.Graph.Class(q.Base, s.Chan)
	if !c.Private() || c.Nil || len(c.Library)+len(c.Contexts) > 0 {
		return
	}
	room, ok := q.Capacity(c)
	if !ok || !q.Affords(g, f.Fn, len(c.Ops())) {
		return
	}
	recvs := c.Has(signal.Recv, signal.Range)
	if len(recvs) == 0 {
		q.neverReceived(g, f, s, c, room, gs)
		return
	}
	if q.beforeReceiver(g, f, s, c, room, recvs) || q.handed(g, f, s, c, recvs) || q.counted(g, f, s, c, room, recvs, gs) {
		return
	}
	q.leaving(g, f, s, c, room, recvs, gs)
}

// neverReceived reports a send on a channel that nothing receives from.
func (q *question) neverReceived(g *program.Goroutine, f *program.Frame, s *ssa.Send, c *signal.Class, room int, gs []*program.Goroutine) {
	n := q.SendsUpTo(f, s, c)
	if n <= room {
		n = q.SendsInAll(g, c, gs)
	}
	if n <= room || n >= count.Many && room > event.SmallRoom && event.OnError(s) || q.VariableConds(s) || q.BlockedBefore(f, s, c, room) {
		return
	}
	stop := q.StopAt(g, f, s.Pos())
	o := report.Finding{
		Pos:     s.Pos(),
		Message: "goroutine cannot end its send: nothing receives from " + q.Syn.Channel(s.Pos()) + q.AndReach(stop),
	}
	if stop.Expr != "" {
		o.Remedy = remedy.Remedy{Op: remedy.Send, Pos: s.Pos(), Stop: stop, Safe: q.Bare(f)}
	}
	q.Report(g, f, o)
}

// beforeReceiver reports a send for which the channel has no room, if the
// goroutine itself starts all receivers, and only after the send. It reports
// whether it has decided.
func (q *question) beforeReceiver(g *program.Goroutine, f *program.Frame, s *ssa.Send, c *signal.Class, room int, recvs []signal.Op) bool {
	for _, m := range c.Makes {
		if !g.Has(m.Parent()) {
			return false
		}
	}
	if q.SendsUpTo(f, s, c) <= room || q.VariableConds(s) {
		return false
	}
	before := q.Before(g, s)
	for _, o := range recvs {
		started := false
		for _, site := range q.Sites {
			if !q.RunsIn(site.Body, o.Fn) {
				continue
			}
			if !q.OnlyIn(g, site.In, 6) || before(site.Inst) {
				return false
			}
			started = true
		}
		if !started || g.Has(o.Fn) || !q.StartedOnly(o.Fn, 4) {
			return false
		}
	}
	q.Report(g, f, report.Finding{
		Pos:     s.Pos(),
		Message: "goroutine waits for itself: it starts what receives from " + q.Syn.Channel(s.Pos()) + " only after this send, for which there is no room",
	}, program.Step{Pos: recvs[0].Pos(), End: q.Syn.End(recvs[0].Pos()), Text: "this would receive"})
	return true
}
