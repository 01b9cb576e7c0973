package lifetime

import (
	"slices"

	"golang.org/x/tools/go/ssa"

	"github.com/killcheck/killcheck/analyzer/flow"
	"github.com/killcheck/killcheck/analyzer/signal"
)

// excludes reports whether the operation cannot go on while k is held.
func (l *locker) excludes(op lockOp, k held) bool {
	return op.takes() && (!k.read || !op.reads()) && l.class(op.on) == k.class
}

// needs returns the lock call that control must pass before it comes to the
// instruction, or that holds the lock there, if k excludes it; or nil if there
// is a way without. Calls of fn are followed to its callers.
func (h *holder) needs(in ssa.Instruction, fn *ssa.Function, k held, depth int) *reason {
	if depth == 0 {
		return nil
	}
	for _, x := range h.at(in) {
		if x.class == k.class && (!k.read || !x.read) {
			return &reason{lock: x.by, inside: true}
		}
	}
	if r := h.before(in, fn, k, depth); r != nil {
		return r
	}
	calls, open := h.callers(fn)
	if open || len(calls) == 0 {
		return nil
	}
	var why *reason
	for _, c := range calls {
		if _, isGo := c.(*ssa.Go); isGo || c.Parent() == fn {
			return nil
		}
		r := h.needs(c, c.Parent(), k, depth-1)
		if r == nil {
			return nil
		}
		why = r
	}
	return why
}

// before returns the lock call without which control does not come to the
// instruction. What is deferred runs at the end of the function.
func (h *holder) before(in ssa.Instruction, fn *ssa.Function, k held, depth int) *reason {
	stops := func(x ssa.Instruction) bool {
		for _, s := range h.starts {
			if s.Parent() == fn && x != s && h.w.precedes(x, s) {
				return false // before there can be a wait
			}
		}
		return x != in && (h.mustTake(x, k, 2) || depth > 1 && h.waitsFor(x, k))
	}
	g := flow.New(fn, flow.Cuts{Stops: func(x ssa.Instruction) bool { return h.w.noReturn(x) || stops(x) }, Dead: h.w.openRange})
	if _, ok := in.(*ssa.Defer); ok {
		if g.Executes(in) && returnsAfter(g, in) {
			return nil
		}
	} else if g.Executes(in) || !h.w.plainGraph(fn).Executes(in) {
		return nil
	}
	for _, b := range fn.Blocks {
		if x := g.StopsAt(b); x != nil && g.Reachable(b) && stops(x) {
			return &reason{lock: x}
		}
	}
	return nil
}

// returnsAfter reports whether a return can be reached from the instruction.
func returnsAfter(g *flow.Graph, in ssa.Instruction) bool {
	seen := make(map[*ssa.BasicBlock]bool)
	work := []*ssa.BasicBlock{in.Block()}
	for len(work) > 0 {
		b := work[len(work)-1]
		work = work[:len(work)-1]
		if g.StopsAt(b) != nil {
			continue
		}
		if _, ok := b.Instrs[len(b.Instrs)-1].(*ssa.Return); ok {
			return true
		}
		for _, s := range g.Succs(b) {
			if !seen[s] {
				seen[s] = true
				work = append(work, s)
			}
		}
	}
	return false
}

// mustTake reports whether the instruction does not get past k: it takes the
// lock, or calls a function that does so before it returns.
func (h *holder) mustTake(in ssa.Instruction, k held, depth int) bool {
	c, ok := in.(*ssa.Call)
	if !ok {
		return false
	}
	if op, ok := h.w.lockCall(c); ok {
		return h.excludes(op, k)
	}
	fns := h.runs(c)
	if len(fns) != 1 || depth == 0 {
		return false
	}
	if _, open := h.w.Graph.Callees(c); open {
		return false
	}
	key := takerKey{fn: fns[0], class: k.class, read: k.read}
	if v, ok := h.takers[key]; ok {
		return v
	}
	h.takers[key] = false
	fn := fns[0]
	t := h.touches(fn)[k.class]
	v := t.take || t.takeRead && !k.read
	if v {
		g := flow.New(fn, flow.Cuts{Stops: func(x ssa.Instruction) bool { return h.w.noReturn(x) || h.mustTake(x, k, depth-1) }})
		v = !g.Returns()
	}
	h.takers[key] = v
	return v
}

// waitsFor reports whether the instruction waits for something that only code
// raises which needs the lock.
func (h *holder) waitsFor(in ssa.Instruction, k held) bool {
	u, ok := in.(*ssa.UnOp)
	if !ok || !isRecv(u) {
		return false
	}
	c := h.w.Graph.Class(h.w.Base, u.X)
	if !c.Closed() || len(c.Library)+len(c.Contexts) > 0 || len(c.Makes) == 0 {
		return false
	}
	ops := c.Has(signal.Send, signal.Close)
	for _, o := range ops {
		if o.Fn == in.Parent() || h.needs(o.In, o.Fn, k, 1) == nil {
			return false
		}
	}
	return len(ops) > 0
}

// mayTake returns a call of fn, or of what it calls, that takes the lock k.
func (h *holder) mayTake(in ssa.Instruction, k held, depth int) ssa.Instruction {
	c, ok := in.(*ssa.Call)
	if !ok {
		return nil
	}
	if op, ok := h.w.lockCall(c); ok {
		if h.excludes(op, k) {
			return c
		}
		return nil
	}
	if depth == 0 {
		return nil
	}
	for _, fn := range h.runs(c) {
		t := h.touches(fn)[k.class]
		if !t.take && (!t.takeRead || k.read) {
			continue
		}
		for _, b := range fn.Blocks {
			for _, x := range b.Instrs {
				if got := h.mayTake(x, k, depth-1); got != nil {
					return got
				}
			}
		}
	}
	return nil
}

// busyLoop returns a lock call in the one goroutine that does all the partner
// operations, after which it comes to the operation: while it waits there, it
// cannot do it.
func (h *holder) busyLoop(in ssa.Instruction, fn *ssa.Function, k held, partners []signal.Op) *reason {
	g := h.only(fn)
	if g == nil {
		return nil
	}
	for _, o := range partners {
		if !g.Has(o.Fn) && h.needs(o.In, o.Fn, k, 3) == nil {
			return nil
		}
	}
	return h.lockBefore(g, in, fn, k)
}

// only returns the goroutine that alone runs fn, or nil.
func (h *holder) only(fn *ssa.Function) *Goroutine {
	var one *Goroutine
	for _, r := range h.w.running(h.gs, fn) {
		g := r.g
		if one != nil || h.w.looped(g.Site.Inst) {
			return nil
		}
		one = g
	}
	if one == nil || !h.within(one, fn, 4) {
		return nil
	}
	return one
}

// callers returns the calls of fn that can run.
func (l *locker) callers(fn *ssa.Function) (calls []ssa.CallInstruction, open bool) {
	all, open := l.w.Graph.Callers(fn)
	for _, c := range all {
		if l.w.Graph.Live(c.Parent()) {
			calls = append(calls, c)
		}
	}
	return calls, open
}

// within reports whether fn runs in the goroutine only.
func (h *holder) within(g *Goroutine, fn *ssa.Function, depth int) bool {
	if depth == 0 {
		return false
	}
	calls, open := h.callers(fn)
	if fn == g.Site.Body {
		return !open && (len(calls) == 0 || len(calls) == 1 && calls[0] == g.Site.Inst)
	}
	if open || len(calls) == 0 {
		return false
	}
	for _, c := range calls {
		if _, isGo := c.(*ssa.Go); isGo || !g.Has(c.Parent()) || !h.within(g, c.Parent(), depth-1) {
			return false
		}
	}
	return true
}

// lockBefore returns a lock call of the goroutine from which control can come to
// the instruction.
func (h *holder) lockBefore(g *Goroutine, in ssa.Instruction, fn *ssa.Function, k held) *reason {
	i := slices.IndexFunc(g.Frames, func(f *Frame) bool { return f.Fn == fn })
	if i < 0 {
		return nil
	}
	for f := g.Frames[i]; f != nil; f = f.From {
		graph := h.w.plainGraph(f.Fn)
		for _, b := range f.Fn.Blocks {
			for _, x := range b.Instrs {
				if x == in && f == g.Frames[i] || !graph.Executes(x) {
					continue
				}
				if lock := h.mayTake(x, k, 3); lock != nil && leadsTo(graph, x, in) {
					return &reason{lock: lock}
				}
			}
		}
		if f.Call != nil {
			in = f.Call
		}
	}
	return nil
}

// leadsTo reports whether control can come from behind a to b. What is deferred
// runs at the end.
func leadsTo(g *flow.Graph, a, b ssa.Instruction) bool {
	if _, ok := b.(*ssa.Defer); ok {
		return returnsAfter(g, a) && g.Executes(b)
	}
	if a.Block() == b.Block() && slices.Index(a.Block().Instrs, a) < slices.Index(b.Block().Instrs, b) {
		return true
	}
	seen := make(map[*ssa.BasicBlock]bool)
	work := []*ssa.BasicBlock{a.Block()}
	for len(work) > 0 {
		x := work[len(work)-1]
		work = work[:len(work)-1]
		for _, s := range g.Succs(x) {
			if s == b.Block() {
				return true
			}
			if !seen[s] {
				seen[s] = true
				work = append(work, s)
			}
		}
	}
	return false
}
