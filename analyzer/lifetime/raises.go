package lifetime

import (
	"slices"

	"golang.org/x/tools/go/ssa"

	"github.com/killcheck/killcheck/analyzer/flow"
	"github.com/killcheck/killcheck/analyzer/signal"
)

// raises returns the instructions that end a wait on the channel v: sends,
// closes and calls of cancel functions. open is true if there may be others.
func (w *world) raises(v ssa.Value) (ins []ssa.Instruction, open bool) {
	c := w.Graph.Class(w.Base, v)
	if r, ok := w.raised[c]; ok {
		return r.ins, r.open
	}
	defer func() { w.raised[c] = raisers{slices.Clip(ins), open} }()
	open = !c.Closed() || c.Nil || len(c.Library) > 0
	for _, o := range c.Has(signal.Send, signal.Close) {
		ins = append(ins, o.In)
	}
	for _, ctx := range c.Contexts {
		calls, o := w.Graph.Cancels(w.Base, ctx)
		open = open || o
		for _, c := range calls {
			ins = append(ins, c)
		}
	}
	return ins, open
}

// raisers are what raises returns for a class.
type raisers struct {
	ins  []ssa.Instruction
	open bool
}

// onlyIn reports whether nobody but the goroutine runs fn.
func (w *world) onlyIn(g *Goroutine, fn *ssa.Function, depth int) bool {
	if depth == 0 || !g.Has(fn) {
		return false
	}
	calls, open := w.Graph.Callers(fn)
	if open {
		return false
	}
	for _, c := range calls {
		if c == g.Site.Inst {
			continue
		}
		if _, isGo := c.(*ssa.Go); isGo || !w.onlyIn(g, c.Parent(), depth-1) {
			return false
		}
	}
	return len(calls) > 0 || fn == g.Site.Body
}

// onlyRaisedBy reports whether the goroutine alone raises the channel.
func (w *world) onlyRaisedBy(g *Goroutine, v ssa.Value) bool {
	ins, open := w.raises(v)
	if open || len(ins) == 0 {
		return false
	}
	for _, in := range ins {
		if !w.onlyIn(g, in.Parent(), 6) {
			return false
		}
	}
	return true
}

// selfRaised reports whether the wait is for the goroutine itself: it alone
// raises the channel, and not before the wait.
func (w *world) selfRaised(g *Goroutine, wait ssa.Instruction, v ssa.Value) bool {
	if !w.onlyRaisedBy(g, v) {
		return false
	}
	before := w.before(g, wait)
	ins, _ := w.raises(v)
	for _, in := range ins {
		if before(in) && !w.deferredAround(g, wait, in) {
			return false
		}
	}
	return true
}

// deferredAround reports whether the instruction is a deferred call of the
// function that waits, or of one that has called it: it is done when that
// function returns, which is after the wait.
func (w *world) deferredAround(g *Goroutine, wait, in ssa.Instruction) bool {
	if _, ok := in.(*ssa.Defer); !ok || w.looped(in) {
		return false
	}
	for _, f := range g.Frames {
		if f.Fn != wait.Parent() {
			continue
		}
		for ; f != nil; f = f.From {
			if f.Fn == in.Parent() {
				return true
			}
		}
	}
	return false
}

// before returns what the goroutine can execute without passing the wait.
func (w *world) before(g *Goroutine, wait ssa.Instruction) func(ssa.Instruction) bool {
	graphs := make(map[*ssa.Function]*flow.Graph)
	cut := flow.Cuts{Stops: func(in ssa.Instruction) bool { return in == wait || w.noReturn(in) }, Dead: w.openRange}
	for changed := true; changed; {
		changed = false
		for _, f := range g.Frames {
			if graphs[f.Fn] != nil {
				continue
			}
			if f.From != nil && (graphs[f.From.Fn] == nil || !runs(graphs[f.From.Fn], f.Call)) {
				continue // not called before the wait
			}
			graphs[f.Fn] = flow.New(f.Fn, cut)
			changed = true
		}
	}
	return func(in ssa.Instruction) bool {
		graph := graphs[in.Parent()]
		return graph != nil && runs(graph, in)
	}
}

// runs reports whether the graph executes the instruction: a deferred call when
// the function returns.
func runs(g *flow.Graph, in ssa.Instruction) bool {
	if !g.Executes(in) {
		return false
	}
	if _, ok := in.(*ssa.Defer); ok {
		return g.Returns()
	}
	return true
}

// closedLast reports whether only deferred calls of the frame, or of those
// around it, raise the channel v: whoever sees that knows that the frame has
// returned. That another goroutine may run the same function is no matter, as
// it has an object of its own.
func (w *world) closedLast(f *Frame, v ssa.Value) bool {
	ins, open := w.raises(v)
	if open || len(ins) == 0 {
		return false
	}
	around := make(map[*ssa.Function]bool)
	for ; f != nil; f = f.From {
		around[f.Fn] = true
	}
	for _, in := range ins {
		if _, ok := in.(*ssa.Defer); !ok || !around[in.Parent()] {
			return false
		}
	}
	return true
}
