package dirtystop

import (
	"slices"

	"golang.org/x/tools/go/ssa"

	"github.com/killcheck/killcheck/analyzer/code"
	"github.com/killcheck/killcheck/analyzer/event"
	"github.com/killcheck/killcheck/analyzer/kb"
	"github.com/killcheck/killcheck/analyzer/lock"
	"github.com/killcheck/killcheck/analyzer/owner"
	"github.com/killcheck/killcheck/analyzer/program"
	"github.com/killcheck/killcheck/analyzer/signal"
	"github.com/killcheck/killcheck/passes/internal/remedy"
	"github.com/killcheck/killcheck/passes/internal/report"
)

// dirtyStops finds the ways out by which a function leaves on a stop without
// releasing what its other ways release.
func (q *question) dirtyStops(gs []*program.Goroutine, o *owner.Owners) {
	locks := lock.New(q.Events)
	for _, fn := range q.Functions {
		if !q.Graph.Live(fn) || fn.Synthetic != "" || q.InTest(fn.Pos()) {
			continue
		}
		edges := q.StopEdges(fn)
		if len(edges) == 0 {
			continue
		}
		d := &dirty{q: q, fn: fn, edges: edges}
		d.g, d.f = q.Runner(gs, fn)
		d.locks(locks)
		d.resources(o)
		d.joins()
	}
}

// dirty judges the stops of one function.
type dirty struct {
	q     *question
	fn    *ssa.Function
	edges []event.StopEdge
	g     *program.Goroutine // one that runs the function; may be nil
	f     *program.Frame
}

// report reports that the return leaves something undone that the call does on
// another path.
func (d *dirty) report(r *ssa.Return, done ssa.Instruction, reason string, step program.Step) {
	pos := d.q.ReturnPos(r)
	o := report.Finding{Pos: pos, End: pos + 1, Extended: true, Message: report.Subject(d.g) + " leaves on its stop " + reason}
	if r.Pos().IsValid() {
		o.End = pos + 6
	}
	if done != nil {
		o.Remedy = remedy.Remedy{Op: remedy.Release, Pos: pos, At: done.Pos(), Safe: true}
	}
	d.q.Report(d.g, d.f, o, step)
}

// locks reports locks that are still held.
func (d *dirty) locks(l *lock.Locker) {
	given := make(map[program.Place]ssa.Instruction)
	for _, b := range d.fn.Blocks {
		for _, in := range b.Instrs {
			if _, ok := in.(*ssa.Defer); ok {
				if _, ok := d.q.LockCall(in); ok || d.defersUnlock(in.(*ssa.Defer)) {
					return
				}
			}
			if op, ok := d.q.LockCall(in); ok && !op.Takes() {
				given[d.q.Place(op.On, nil)] = in
			}
		}
	}
	if len(given) == 0 {
		return
	}
	for _, e := range d.edges {
		for _, r := range d.returns(e, nil) {
			for _, k := range l.At(r) {
				if given[k.Place] != nil && k.By.Block().Dominates(e.To) {
					d.report(r, given[k.Place], "with "+d.q.LockText(k.By)+" still held, which the other paths give back: the next to take it waits for ever", d.q.CallStep(k.By, "the lock is taken here"))
				}
			}
		}
	}
}

// defersUnlock reports whether the deferred function is not known, or gives back
// locks.
func (d *dirty) defersUnlock(in *ssa.Defer) bool {
	fns, open := d.q.Graph.Callees(in)
	if open && in.Call.StaticCallee() == nil {
		return true
	}
	for _, fn := range fns {
		for _, b := range fn.Blocks {
			for _, x := range b.Instrs {
				if op, ok := d.q.LockCall(x); ok && !op.Takes() {
					return true
				}
			}
		}
	}
	return false
}

// returns finds the returns that control gets to from the edge without executing
// one of the instructions.
func (d *dirty) returns(e event.StopEdge, without map[ssa.Instruction]bool) []*ssa.Return {
	var found []*ssa.Return
	graph := d.q.PlainGraph(d.fn)
	seen := map[*ssa.BasicBlock]bool{}
	work := []*ssa.BasicBlock{e.To}
blocks:
	for len(work) > 0 {
		b := work[len(work)-1]
		work = work[:len(work)-1]
		// Inv: a block that the edge does not dominate is on other ways as well.
		if seen[b] || !e.To.Dominates(b) && !code.OnlyReturns(b) {
			continue
		}
		seen[b] = true
		for _, in := range b.Instrs {
			if without[in] || in == graph.StopsAt(b) {
				continue blocks
			}
			if r, ok := in.(*ssa.Return); ok {
				found = append(found, r)
			}
		}
		work = append(work, graph.Succs(b)...)
	}
	slices.SortFunc(found, func(a, b *ssa.Return) int { return a.Block().Index - b.Block().Index })
	return found
}

// resources reports what fn opens, closes on other paths, and leaves open here.
func (d *dirty) resources(o *owner.Owners) {
	for _, b := range d.fn.Blocks {
		for _, in := range b.Instrs {
			c, ok := in.(*ssa.Call)
			if !ok || c.Call.Signature().Results().Len() == 0 {
				continue
			}
			row, known := signal.Entry(d.q.Base, &c.Call)
			if known && (row.Effect == kb.Derives || row.Kind == kb.KindTimer && d.q.HasGo("1.23")) {
				continue // a timer that nobody holds is collected
			}
			v := ssa.Value(c)
			if c.Call.Signature().Results().Len() > 1 {
				v = code.UsedResult(c, 0)
			}
			if v == nil {
				continue
			}
			u := &owner.Drop{Ev: d.q.Events, Start: c, Err: code.ErrorOf(c)}
			u.Follow(v)
			if u.Ended && !u.Kept && !u.All && d.opens(c) && (d.frees(u) || o.Constructor(c) != nil) {
				d.leftOpen(c, u)
			}
		}
	}
}

// frees reports whether a use of the value is a close that frees something, not
// one that only ends a format.
func (d *dirty) frees(u *owner.Drop) bool {
	for in := range u.Uses {
		if c, ok := in.(ssa.CallInstruction); ok {
			if row, ok := signal.Entry(d.q.Base, c.Common()); ok && len(row.Raise(kb.Close)) > 0 {
				return true
			}
		}
	}
	return false
}

// opens reports whether the call makes what it returns, as far as can be seen:
// it is no method that hands out a part of its receiver.
func (d *dirty) opens(c *ssa.Call) bool {
	return c.Call.Signature().Recv() == nil || code.ErrorOf(c) != nil
}

func (d *dirty) leftOpen(c *ssa.Call, u *owner.Drop) {
	for _, e := range d.edges {
		if !c.Block().Dominates(e.From) || !u.OpenAt(e.From) || u.None(e.From, e.To) {
			continue
		}
		for _, r := range d.returns(e, u.Uses) {
			callee := d.q.Syn.Callee(c.Pos())
			d.report(r, u.Ending(), "with the value of "+callee+" still open, which the other paths close", program.Step{Pos: d.q.Syn.Start(c.Pos()), End: d.q.Syn.End(c.Pos()), Text: "it is opened here"})
		}
	}
}

// joins reports a wait group that is not told of the end, and a result channel
// that is not closed.
func (d *dirty) joins() {
	if d.g == nil || d.f == nil || d.f.From != nil {
		return // not the body of a goroutine
	}
	groups, channels := make(map[ssa.Instruction]bool), make(map[ssa.Instruction]bool)
	for _, b := range d.fn.Blocks {
		for _, in := range b.Instrs {
			if df, ok := in.(*ssa.Defer); ok && !d.known(df) {
				return
			}
			c, ok := in.(*ssa.Call)
			if !ok || d.q.Looped(c) {
				continue
			}
			if row, ok := signal.Entry(d.q.Base, &c.Call); ok && len(row.Raise(kb.Done)) > 0 {
				groups[c] = true
			}
			if b, ok := c.Call.Value.(*ssa.Builtin); ok && b.Name() == "close" && d.onlyClose(c) {
				channels[c] = true
			}
		}
	}
	d.missing(groups, "without the Done that its other paths call: whoever waits for the group waits for ever")
	d.missing(channels, "without closing the channel that its other paths close: whoever receives from it waits for ever")
}

// known reports whether the deferred call neither closes channels nor tells a
// wait group.
func (d *dirty) known(in *ssa.Defer) bool {
	if b, ok := in.Call.Value.(*ssa.Builtin); ok {
		return b.Name() != "close"
	}
	row, ok := signal.Entry(d.q.Base, &in.Call)
	return ok && len(row.Raise(kb.Done)) == 0
}

// onlyClose reports whether the call is in the only function that closes its
// channel, and somebody waits for it without another way out.
func (d *dirty) onlyClose(c *ssa.Call) bool {
	cl := d.q.Graph.Class(d.q.Base, c.Call.Args[0])
	if !cl.Private() {
		return false
	}
	for _, o := range cl.Has(signal.Close) {
		if o.Fn != d.fn {
			return false
		}
	}
	return slices.ContainsFunc(cl.Has(signal.Recv, signal.Range), func(o signal.Op) bool { return o.Naked() && o.Fn != d.fn })
}

func (d *dirty) missing(calls map[ssa.Instruction]bool, reason string) {
	if len(calls) == 0 {
		return
	}
	u := &owner.Drop{Ev: d.q.Events, Start: d.fn.Blocks[0].Instrs[0], Uses: calls}
	var one ssa.Instruction
	for in := range calls {
		if one == nil || in.Pos() < one.Pos() {
			one = in
		}
	}
	for _, e := range d.edges {
		if !u.OpenAt(e.From) {
			continue
		}
		for _, r := range d.returns(e, calls) {
			d.report(r, one, reason, program.Step{Pos: d.q.Syn.Start(one.Pos()), End: d.q.Syn.End(one.Pos()), Text: "another path does it here"})
		}
	}
}
