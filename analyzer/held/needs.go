package held

import (
	"slices"

	"golang.org/x/tools/go/ssa"

	"github.com/killcheck/killcheck/analyzer/code"
	"github.com/killcheck/killcheck/analyzer/flow"
	"github.com/killcheck/killcheck/analyzer/lock"
	"github.com/killcheck/killcheck/analyzer/program"
	"github.com/killcheck/killcheck/analyzer/signal"
)

// needs returns the lock call that control must pass before it comes to the
// instruction, or that holds the lock there, if k excludes it; or nil if there
// is a way without. Calls of fn are followed to its callers.
func (h *holder) needs(in ssa.Instruction, fn *ssa.Function, k lock.Held, depth int) *reason {
	if depth == 0 {
		return nil
	}
	for _, x := range h.At(in) {
		if x.Class == k.Class && (!k.Read || !x.Read) && !h.Apart(x, k) {
			return &reason{lock: x.By, inside: true}
		}
	}
	if r := h.before(in, fn, k, depth); r != nil {
		return r
	}
	calls, open := h.Callers(fn)
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
func (h *holder) before(in ssa.Instruction, fn *ssa.Function, k lock.Held, depth int) *reason {
	stops := func(x ssa.Instruction) bool {
		for _, s := range h.starts {
			if s.Parent() != fn {
				continue
			}
			if _, met := x.(*ssa.UnOp); met && x == s || x != s && h.Ev.Precedes(x, s) {
				return false // before there can be a wait
			}
		}
		return x != in && (h.mustTake(x, k, 2) || depth > 1 && h.waitsFor(x, k))
	}
	g := flow.New(fn, flow.Cuts{Stops: func(x ssa.Instruction) bool { return h.Ev.NoReturn(x) || stops(x) }, Dead: h.Ev.OpenRange})
	if _, ok := in.(*ssa.Defer); ok {
		if g.Executes(in) && flow.ReturnsAfter(g, in) {
			return nil
		}
	} else if g.Executes(in) || !h.Ev.PlainGraph(fn).Executes(in) {
		return nil
	}
	for _, b := range fn.Blocks {
		if x := g.StopsAt(b); x != nil && g.Reachable(b) && stops(x) {
			return &reason{lock: x}
		}
	}
	return nil
}

type takerKey struct {
	fn    *ssa.Function
	class program.LockClass
	read  bool
}

// mustTake reports whether the instruction does not get past k: it takes the
// lock, or calls a function that does so before it returns.
func (h *holder) mustTake(in ssa.Instruction, k lock.Held, depth int) bool {
	c, ok := in.(*ssa.Call)
	if !ok {
		return false
	}
	if op, ok := h.Ev.LockCall(c); ok {
		return h.Excludes(op, k)
	}
	fns := h.Runs(c)
	if len(fns) != 1 || depth == 0 {
		return false
	}
	if _, open := h.Ev.Graph.Callees(c); open || h.anew(c, fns[0], k) {
		return false
	}
	key := takerKey{fns[0], k.Class, k.Read}
	if v, ok := h.mustTakes[key]; ok {
		return v
	}
	h.mustTakes[key] = false
	fn := fns[0]
	t := h.Touches(fn)[k.Class]
	v := t.Take || t.TakeRead && !k.Read
	if v {
		g := flow.New(fn, flow.Cuts{Stops: func(x ssa.Instruction) bool { return h.Ev.NoReturn(x) || h.mustTake(x, k, depth-1) }})
		v = !g.Returns()
	}
	h.mustTakes[key] = v
	return v
}

// anew reports whether the call brings the function that holds k to another object, as
// from the root of a tree to a branch: what it takes there is another lock.
func (h *holder) anew(c *ssa.Call, fn *ssa.Function, k lock.Held) bool {
	self, ok := k.Place.Root.(*ssa.Parameter)
	if !ok || fn != k.By.Parent() || c.Call.IsInvoke() {
		return false
	}
	i := slices.Index(fn.Params, self)
	if i < 0 || i >= len(c.Call.Args) {
		return false
	}
	p := h.Ev.Place(c.Call.Args[i], nil)
	_, free := p.Root.(*ssa.FreeVar)
	return !free && (p.Root != k.Place.Root || p.Path != "")
}

// waitsFor reports whether the instruction waits for something that only code
// raises which needs the lock, and has not done so before the wait.
func (h *holder) waitsFor(in ssa.Instruction, k lock.Held) bool {
	u, ok := in.(*ssa.UnOp)
	if !ok || !code.IsRecv(u) {
		return false
	}
	c := h.Ev.Graph.Class(h.Ev.Base, u.X)
	if !c.Closed() || len(c.Library)+len(c.Contexts) > 0 || len(c.Makes) == 0 {
		return false
	}
	ops := c.Has(signal.Send, signal.Close)
	for _, o := range ops {
		if o.Fn == in.Parent() || o.Fn == h.wait.Parent() && h.Ev.Precedes(o.In, h.wait) || h.needs(o.In, o.Fn, k, 1) == nil {
			return false
		}
	}
	return len(ops) > 0
}

// mayTake returns a call of fn, or of what it calls, that takes the lock k.
func (h *holder) mayTake(in ssa.Instruction, k lock.Held, depth int) ssa.Instruction {
	c, ok := in.(*ssa.Call)
	if !ok {
		return nil
	}
	if op, ok := h.Ev.LockCall(c); ok {
		if h.Excludes(op, k) {
			return c
		}
		return nil
	}
	if depth == 0 {
		return nil
	}
	if _, open := h.Ev.Graph.Callees(c); open {
		return nil // such as the Close of whatever an interface holds
	}
	for _, fn := range h.Runs(c) {
		t := h.Touches(fn)[k.Class]
		if h.anew(c, fn, k) || !t.Take && (!t.TakeRead || k.Read) {
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
func (h *holder) busyLoop(in ssa.Instruction, fn *ssa.Function, k lock.Held, partners []signal.Op) *reason {
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
func (h *holder) only(fn *ssa.Function) *program.Goroutine {
	var one *program.Goroutine
	for _, r := range h.Ev.Running(h.Ev.Goroutines, fn) {
		g := r.G
		if one != nil || h.Ev.Looped(g.Site.Inst) {
			return nil
		}
		one = g
	}
	if one == nil || !h.within(one, fn, 4) {
		return nil
	}
	return one
}

// within reports whether fn runs in the goroutine only.
func (h *holder) within(g *program.Goroutine, fn *ssa.Function, depth int) bool {
	if depth == 0 {
		return false
	}
	calls, open := h.Callers(fn)
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
func (h *holder) lockBefore(g *program.Goroutine, in ssa.Instruction, fn *ssa.Function, k lock.Held) *reason {
	i := slices.IndexFunc(g.Frames, func(f *program.Frame) bool { return f.Fn == fn })
	if i < 0 {
		return nil
	}
	for f := g.Frames[i]; f != nil; f = f.From {
		graph := h.Ev.PlainGraph(f.Fn)
		for _, b := range f.Fn.Blocks {
			for _, x := range b.Instrs {
				if x == in && f == g.Frames[i] || !graph.Executes(x) || h.behind(graph, x) {
					continue
				}
				if lock := h.mayTake(x, k, 3); lock != nil && flow.LeadsTo(graph, x, in) {
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

// behind reports whether control has come past the instruction for good before
// there can be a wait.
func (h *holder) behind(g *flow.Graph, x ssa.Instruction) bool {
	return slices.ContainsFunc(h.starts, func(s ssa.Instruction) bool {
		return s.Parent() == x.Parent() && x != s && h.Ev.Precedes(x, s) && !flow.LeadsTo(g, s, x)
	})
}
