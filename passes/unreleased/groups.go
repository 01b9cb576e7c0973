package unreleased

import (
	"golang.org/x/tools/go/ssa"

	"github.com/killcheck/killcheck/analyzer/code"
	"github.com/killcheck/killcheck/analyzer/count"
	"github.com/killcheck/killcheck/analyzer/flow"
	"github.com/killcheck/killcheck/analyzer/kb"
	"github.com/killcheck/killcheck/analyzer/program"
	"github.com/killcheck/killcheck/analyzer/signal"
	"github.com/killcheck/killcheck/passes/internal/remedy"
	"github.com/killcheck/killcheck/passes/internal/report"
)

// syncWaits finds the waits for condition variables that nobody signals, and for
// wait groups that do not come to zero.
func (q *question) syncWaits(gs []*program.Goroutine) {
	s := q.SyncIndex()
	for _, o := range s.Waits {
		if q.deferredWait(o.In) {
			continue // judged where it stands only
		}
		e, _ := signal.Entry(q.Base, o.In.Common())
		if len(e.Wake(kb.Broadcast)) > 0 {
			if wakes, ok := s.On(&s.Wakes, o.Typ, o.Class); ok && len(wakes) == 0 && !q.neverSet(code.Receiver(o.In.Common())) {
				g, f := q.Runner(gs, o.In.Parent())
				q.Report(g, f, report.Finding{
					Pos:     o.In.Pos(),
					Message: q.subjectOf(gs, o) + " waits for ever: nothing signals " + q.LockText(o.In),
					Remedy:  remedy.Remedy{Op: remedy.Broadcast, Pos: o.In.Pos(), Safe: true},
				})
			}
			continue
		}
		q.groupWait(gs, s, o)
	}
}

// neverSet reports whether v is read from a pointer field that nothing is stored
// in: code that uses it does not run.
func (q *question) neverSet(v ssa.Value) bool {
	load, ok := v.(*ssa.UnOp)
	if !ok {
		return false
	}
	field, ok := load.X.(*ssa.FieldAddr)
	if !ok {
		return false
	}
	set, _ := q.CellsOf().Fields.At(field.X.Type()).(map[int]bool)
	return !set[field.Field]
}

func (q *question) deferredWait(c ssa.CallInstruction) bool {
	_, ok := c.(*ssa.Call)
	return !ok
}

// groupWait judges a wait for a wait group.
func (q *question) groupWait(gs []*program.Goroutine, s *count.SyncOps, o count.SyncOp) {
	dones, ok := s.On(&s.Dones, o.Typ, o.Class)
	if !ok {
		return
	}
	adds, ok := s.On(&s.Adds, o.Typ, o.Class)
	if !ok || len(adds) == 0 {
		return
	}
	name := q.LockText(o.In)
	switch {
	case len(dones) == 0:
		q.reportSync(gs, o, q.subjectOf(gs, o)+" waits for ever: nothing calls Done on "+name, remedy.Remedy{Op: remedy.Done, Pos: o.In.Pos(), At: adds[0].In.Pos()}, q.CallStep(adds[0].In, "this makes it wait"))
	case q.own(gs, s, o), q.excess(gs, s, o):
	case q.tooEarly(o, adds, dones):
		q.reportSync(gs, o, q.subjectOf(gs, o)+" waits for ever: "+name+" counts the goroutines of all rounds of the loop, but the wait is inside it", remedy.Remedy{},
			q.CallStep(adds[0].In, "all of them are counted here"))
	default:
		for _, r := range q.Running(gs, dones[0].In.Parent()) { // Inv: it calls all of them
			g := r.G
			if ret := q.skipsDone(g, o, adds, dones); ret != nil {
				q.reportSync(gs, o, q.subjectOf(gs, o)+" can wait for ever: a goroutine that it waits for can return without "+name+".Done()", remedy.Remedy{},
					program.Step{Pos: g.Site.Pos, End: g.Site.End, Text: "it starts here"}, q.ReturnStep(ret))
				return
			}
		}
	}
}

// tooEarly reports whether the wait stands in a loop that starts one goroutine
// per round, while all of them have been counted before the loop.
func (q *question) tooEarly(o count.SyncOp, adds, dones []count.SyncOp) bool {
	fn := o.In.Parent()
	for _, l := range q.PlainGraph(fn).Around(o.In.Block()) {
		for _, a := range adds {
			if a.In.Parent() != fn || l.Has(a.In.Block()) || !q.Precedes(a.In, o.In) || one(a.In) {
				return false
			}
		}
		for _, d := range dones {
			if d.Spawn || !q.startedIn(d.In.Parent(), fn, l) {
				return false
			}
		}
		return true
	}
	return false
}

// one reports whether the call adds the constant 1.
func one(c ssa.CallInstruction) bool {
	k, ok := c.Common().Args[1].(*ssa.Const)
	return ok && k.Value != nil && k.Int64() <= 1
}

// startedIn reports whether goroutines with the body fn start in the loop of
// parent and nowhere else.
func (q *question) startedIn(fn, parent *ssa.Function, l *flow.Loop) bool {
	sites := q.SiteIndex().Of[fn]
	return len(sites) == 1 && sites[0].In == parent && l.Has(sites[0].Inst.Block())
}

// skipsDone returns a return by which the goroutine ends without Done, although
// it calls it on another path and nobody else does.
func (q *question) skipsDone(g *program.Goroutine, o count.SyncOp, adds, dones []count.SyncOp) *ssa.Return {
	body := g.Site.Body
	if body == nil || g.Site.In == o.In.Parent() && !flow.LeadsTo(q.PlainGraph(g.Site.In), g.Site.Inst, o.In) {
		return nil // it starts after the wait, if at all
	}
	counts := make(map[ssa.Instruction]bool)
	for _, d := range dones {
		if d.In.Parent() != body || d.Spawn || q.deferredWait(d.In) || q.Looped(d.In) {
			return nil
		}
		counts[d.In] = true
	}
	counted := false
	for _, a := range adds {
		if a.In.Parent() == g.Site.In && q.Precedes(a.In, g.Site.Inst) {
			counted = true
		} else {
			return nil
		}
	}
	if !counted || program.Recovers(body) {
		return nil
	}
	graph := flow.New(body, flow.Cuts{Stops: func(in ssa.Instruction) bool { return q.NoReturn(in) || counts[in] }, Dead: q.OpenRange})
	for _, b := range body.Blocks {
		if !graph.Reachable(b) || graph.StopsAt(b) != nil {
			continue
		}
		if r, ok := b.Instrs[len(b.Instrs)-1].(*ssa.Return); ok {
			return r
		}
	}
	return nil
}

func (q *question) subjectOf(gs []*program.Goroutine, o count.SyncOp) string {
	g, _ := q.Runner(gs, o.In.Parent())
	return report.Subject(g)
}

func (q *question) reportSync(gs []*program.Goroutine, o count.SyncOp, msg string, r remedy.Remedy, steps ...program.Step) {
	g, f := q.Runner(gs, o.In.Parent())
	q.Report(g, f, report.Finding{Pos: o.In.Pos(), Message: msg, Remedy: r}, steps...)
}
