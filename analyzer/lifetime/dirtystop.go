package lifetime

import (
	"go/types"
	"slices"

	"golang.org/x/tools/go/ssa"

	"github.com/killcheck/killcheck/analyzer/kb"
	"github.com/killcheck/killcheck/analyzer/signal"
)

// A stopEdge is where control goes when a stop signal has been seen.
type stopEdge struct{ from, to *ssa.BasicBlock }

// dirtyStops finds the ways out by which a function leaves on a stop without
// releasing what its other ways release.
func (w *world) dirtyStops(gs []*Goroutine, o *owners) {
	locks := newLocker(w)
	for _, fn := range w.Functions {
		if !w.Graph.Live(fn) || fn.Synthetic != "" || w.inTest(fn.Pos()) {
			continue
		}
		edges := w.stopEdges(fn)
		if len(edges) == 0 {
			continue
		}
		d := &dirty{w: w, fn: fn, edges: edges}
		d.g, d.f = w.runner(gs, fn)
		d.locks(locks)
		d.resources(o)
		d.joins()
	}
}

// stopEdges returns the edges of fn that are taken on a stop.
func (w *world) stopEdges(fn *ssa.Function) []stopEdge {
	var edges []stopEdge
	graph := w.plainGraph(fn)
	for _, b := range fn.Blocks {
		if !graph.Reachable(b) {
			continue
		}
		for i, to := range b.Succs {
			if len(to.Preds) != 1 {
				continue
			}
			sel, k := selectCase(b, i)
			stop := sel != nil && k < len(sel.States) && sel.States[k].Dir == types.RecvOnly && w.asksStop(sel.States[k].Chan)
			if stop || w.saysStopped(condition(b), i == 0) {
				edges = append(edges, stopEdge{b, to})
			}
		}
	}
	return edges
}

// asksStop reports whether the channel is closed to end somebody, or is a
// context's.
func (w *world) asksStop(v ssa.Value) bool {
	if !w.isStopCase(v) || w.timed(v) {
		return false
	}
	c := w.Graph.Class(w.Base, v)
	return len(c.Contexts) > 0 || len(c.Has(signal.Close)) > 0
}

// dirty judges the stops of one function.
type dirty struct {
	w     *world
	fn    *ssa.Function
	edges []stopEdge
	g     *Goroutine // one that runs the function; may be nil
	f     *Frame
}

// report reports that the return leaves something undone that the call does on
// another path.
func (d *dirty) report(r *ssa.Return, done ssa.Instruction, reason string, step Step) {
	pos := d.w.returnPos(r)
	o := Obstacle{Kind: DirtyStop, Pos: pos, End: pos + 1, Extended: true, Message: subject(d.g) + " leaves on its stop " + reason}
	if r.Pos().IsValid() {
		o.End = pos + 6
	}
	if done != nil {
		o.Remedy = Remedy{Op: Release, Pos: pos, At: done.Pos(), Safe: true}
	}
	d.w.report(d.g, d.f, o, step)
}

// locks reports locks that are still held.
func (d *dirty) locks(l *locker) {
	given := make(map[place]ssa.Instruction)
	for _, b := range d.fn.Blocks {
		for _, in := range b.Instrs {
			if _, ok := in.(*ssa.Defer); ok {
				if _, ok := d.w.lockCall(in); ok || d.defersUnlock(in.(*ssa.Defer)) {
					return
				}
			}
			if op, ok := d.w.lockCall(in); ok && !op.takes() {
				given[d.w.place(op.on, nil)] = in
			}
		}
	}
	if len(given) == 0 {
		return
	}
	for _, e := range d.edges {
		for _, r := range d.returns(e, nil) {
			for _, k := range l.at(r) {
				if given[k.place] != nil && k.by.Block().Dominates(e.to) {
					d.report(r, given[k.place], "with "+d.w.lockText(k.by)+" still held, which the other paths give back: the next to take it waits for ever", d.w.callStep(k.by, "the lock is taken here"))
				}
			}
		}
	}
}

// defersUnlock reports whether the deferred function is not known, or gives back
// locks.
func (d *dirty) defersUnlock(in *ssa.Defer) bool {
	fns, open := d.w.Graph.Callees(in)
	if open && in.Call.StaticCallee() == nil {
		return true
	}
	for _, fn := range fns {
		for _, b := range fn.Blocks {
			for _, x := range b.Instrs {
				if op, ok := d.w.lockCall(x); ok && !op.takes() {
					return true
				}
			}
		}
	}
	return false
}

// returns finds the returns that control gets to from the edge without executing
// one of the instructions.
func (d *dirty) returns(e stopEdge, without map[ssa.Instruction]bool) []*ssa.Return {
	var found []*ssa.Return
	graph := d.w.plainGraph(d.fn)
	seen := map[*ssa.BasicBlock]bool{}
	work := []*ssa.BasicBlock{e.to}
blocks:
	for len(work) > 0 {
		b := work[len(work)-1]
		work = work[:len(work)-1]
		// Inv: a block that the edge does not dominate is on other ways as well.
		if seen[b] || !e.to.Dominates(b) && !onlyReturns(b) {
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

// onlyReturns reports whether nothing but a return, deferred calls included, is
// done in b.
func onlyReturns(b *ssa.BasicBlock) bool {
	_, ok := b.Instrs[len(b.Instrs)-1].(*ssa.Return)
	return ok
}

// resources reports what fn opens, closes on other paths, and leaves open here.
func (d *dirty) resources(o *owners) {
	for _, b := range d.fn.Blocks {
		for _, in := range b.Instrs {
			c, ok := in.(*ssa.Call)
			if !ok || c.Call.Signature().Results().Len() == 0 {
				continue
			}
			row, known := signal.Entry(d.w.Base, &c.Call)
			if known && (row.Effect == kb.Derives || row.Kind == kb.KindTimer && d.w.hasGo("1.23")) {
				continue // a timer that nobody holds is collected
			}
			v := ssa.Value(c)
			if c.Call.Signature().Results().Len() > 1 {
				v = usedResult(c, 0)
			}
			if v == nil {
				continue
			}
			u := &drop{w: d.w, start: c, err: errorOf(c)}
			u.follow(v)
			if u.ended && !u.kept && !u.all && d.opens(c) && (d.frees(u) || o.constructor(c) != nil) {
				d.leftOpen(c, u)
			}
		}
	}
}

// frees reports whether a use of the value is a close that frees something, not
// one that only ends a format.
func (d *dirty) frees(u *drop) bool {
	for in := range u.uses {
		if c, ok := in.(ssa.CallInstruction); ok {
			if row, ok := signal.Entry(d.w.Base, c.Common()); ok && len(row.Raise(kb.Close)) > 0 {
				return true
			}
		}
	}
	return false
}

// opens reports whether the call makes what it returns, as far as can be seen:
// it is no method that hands out a part of its receiver.
func (d *dirty) opens(c *ssa.Call) bool {
	return c.Call.Signature().Recv() == nil || errorOf(c) != nil
}

func (d *dirty) leftOpen(c *ssa.Call, u *drop) {
	for _, e := range d.edges {
		if !c.Block().Dominates(e.from) || !u.openAt(e.from) || u.none(e.from, e.to) {
			continue
		}
		for _, r := range d.returns(e, u.uses) {
			callee := d.w.syn.callee(c.Pos())
			d.report(r, u.ending(), "with the value of "+callee+" still open, which the other paths close", Step{Pos: d.w.syn.start(c.Pos()), End: d.w.syn.end(c.Pos()), Text: "it is opened here"})
		}
	}
}

// ending returns the first plain call that ends the value, or nil.
func (d *drop) ending() ssa.Instruction {
	var first ssa.Instruction
	for in := range d.uses {
		c, ok := in.(*ssa.Call)
		if ok && d.w.closeCall(&c.Call) && (first == nil || in.Pos() < first.Pos()) {
			first = in
		}
	}
	return first
}

// openAt reports whether control can get from the start to the end of the block
// without a use that ends the value.
func (d *drop) openAt(end *ssa.BasicBlock) bool {
	graph := d.w.plainGraph(end.Parent())
	seen := make(map[*ssa.BasicBlock]bool)
	work := []*ssa.BasicBlock{d.start.Block()}
blocks:
	for len(work) > 0 {
		b := work[len(work)-1]
		work = work[:len(work)-1]
		if seen[b] {
			continue
		}
		seen[b] = true
		ins := b.Instrs
		if b == d.start.Block() {
			ins = ins[slices.Index(ins, d.start):]
		}
		for _, in := range ins {
			if d.uses[in] {
				continue blocks
			}
		}
		if b == end {
			return true
		}
		work = d.next(graph, b, work)
	}
	return false
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
			if !ok || d.w.looped(c) {
				continue
			}
			if row, ok := signal.Entry(d.w.Base, &c.Call); ok && len(row.Raise(kb.Done)) > 0 {
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
	row, ok := signal.Entry(d.w.Base, &in.Call)
	return ok && len(row.Raise(kb.Done)) == 0
}

// onlyClose reports whether the call is in the only function that closes its
// channel, and somebody waits for it without another way out.
func (d *dirty) onlyClose(c *ssa.Call) bool {
	cl := d.w.Graph.Class(d.w.Base, c.Call.Args[0])
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
	u := &drop{w: d.w, start: d.fn.Blocks[0].Instrs[0], uses: calls}
	var one ssa.Instruction
	for in := range calls {
		if one == nil || in.Pos() < one.Pos() {
			one = in
		}
	}
	for _, e := range d.edges {
		if !u.openAt(e.from) {
			continue
		}
		for _, r := range d.returns(e, calls) {
			d.report(r, one, reason, Step{Pos: d.w.syn.start(one.Pos()), End: d.w.syn.end(one.Pos()), Text: "another path does it here"})
		}
	}
}
