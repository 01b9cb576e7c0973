package lifetime

import (
	"go/token"
	"go/types"

	"golang.org/x/tools/go/ssa"

	"github.com/killcheck/killcheck/analyzer/flow"
	"github.com/killcheck/killcheck/analyzer/kb"
	"github.com/killcheck/killcheck/analyzer/signal"
)

// plainGraph returns the graph of fn without what follows calls that do not
// return, and without the ends of loops over channels that are never closed.
func (w *world) plainGraph(fn *ssa.Function) *flow.Graph {
	if g := w.plain[fn]; g != nil {
		return g
	}
	g := flow.New(fn, flow.Cuts{Stops: w.noReturn, Dead: w.openRange})
	w.plain[fn] = g
	return g
}

// findReturns computes which functions can return, to a fixpoint.
func (w *world) findReturns() {
	for _, fn := range w.Functions {
		w.returns[fn] = true
	}
	for range 4 {
		changed := false
		for _, fn := range w.Functions {
			if w.returns[fn] && !flow.New(fn, flow.Cuts{Stops: w.noReturn, Dead: w.openRange}).Returns() {
				w.returns[fn] = recovers(fn)
				changed = changed || !w.returns[fn]
			}
		}
		if !changed {
			return
		}
	}
}

// recovers reports whether fn has a block that runs after a recovered panic.
func recovers(fn *ssa.Function) bool { return fn.Recover != nil }

// noReturn reports whether control does not get past the instruction.
func (w *world) noReturn(in ssa.Instruction) bool {
	switch in := in.(type) {
	case *ssa.Select:
		return in.Blocking && len(in.States) == 0
	case *ssa.Call:
		c := in.Common()
		if callee := signal.Callee(c); callee != nil {
			if e, ok := w.Base.Func(callee); ok {
				return e.Effect == kb.NoReturn
			}
			if f := w.Fact(callee); f != nil {
				return f.NoReturn || f.Endless
			}
		}
		if s := c.StaticCallee(); s != nil && s.Blocks != nil && (s.Pkg == nil || s.Pkg.Pkg == w.Pkg) {
			if o := s.Origin(); o != nil {
				s = o
			}
			r, ok := w.returns[s]
			return ok && !r
		}
	}
	return false
}

// openRange reports whether the edge leaves a range over a channel of a library
// that is never closed: a ticker's.
func (w *world) openRange(b *ssa.BasicBlock, i int) bool {
	recv := rangeExit(b, i)
	if recv == nil {
		return false
	}
	c := w.Graph.Class(w.Base, recv.X)
	if c.Unknown || c.Nil || len(c.Library) == 0 || len(c.Makes)+len(c.Contexts) > 0 {
		return false
	}
	for _, e := range c.Library {
		if e.Effect != kb.NeverClosed {
			return false
		}
	}
	return true
}

// rangeExit returns the receive of a range over a channel, if the edge is the
// one that is taken when the channel is closed.
func rangeExit(b *ssa.BasicBlock, i int) *ssa.UnOp {
	cond := condition(b)
	if cond == nil {
		return nil
	}
	x, ok := cond.(*ssa.Extract)
	if !ok || x.Index != 1 || i != 1 {
		return nil
	}
	recv, ok := x.Tuple.(*ssa.UnOp)
	if !ok || recv.Op != token.ARROW || !recv.CommaOk {
		return nil
	}
	return recv
}

// condition returns the condition at the end of b, or nil.
func condition(b *ssa.BasicBlock) ssa.Value {
	if len(b.Instrs) == 0 {
		return nil
	}
	if x, ok := b.Instrs[len(b.Instrs)-1].(*ssa.If); ok {
		return x.Cond
	}
	return nil
}

// selectCase returns the select and the number of the case that is taken on
// edge i of b.
func selectCase(b *ssa.BasicBlock, i int) (*ssa.Select, int) {
	cmp, ok := condition(b).(*ssa.BinOp)
	if !ok || cmp.Op != token.EQL || i != 0 {
		return nil, 0
	}
	x, ok := cmp.X.(*ssa.Extract)
	if !ok || x.Index != 0 {
		return nil, 0
	}
	sel, ok := x.Tuple.(*ssa.Select)
	if !ok {
		return nil, 0
	}
	k, ok := cmp.Y.(*ssa.Const)
	if !ok || k.Value == nil {
		return nil, 0
	}
	return sel, int(k.Int64())
}

// prunedGraph returns the plain graph of fn without the waits that nobody ends
// and the cases that nobody raises.
func (w *world) prunedGraph(fn *ssa.Function) *flow.Graph {
	if g := w.pruned[fn]; g != nil {
		return g
	}
	g := flow.New(fn, flow.Cuts{
		Stops: func(in ssa.Instruction) bool { return w.noReturn(in) || w.deadWait(in) },
		Dead: func(b *ssa.BasicBlock, i int) bool {
			if w.openRange(b, i) {
				return true
			}
			if recv := rangeExit(b, i); recv != nil {
				return w.neverClosed(recv.X)
			}
			if sel, k := selectCase(b, i); sel != nil && k < len(sel.States) {
				return w.deadCase(sel, k)
			}
			return w.deadFlag(b, i)
		},
	})
	w.pruned[fn] = g
	return g
}

// deadFlag reports whether the edge is taken only when a flag is set that nobody
// sets.
func (w *world) deadFlag(b *ssa.BasicBlock, i int) bool {
	cond := condition(b)
	if cond == nil {
		return false
	}
	value, ok := w.flagValue(cond)
	return ok && value == (i == 1)
}

// deadWait reports whether nothing ends the wait of the instruction.
func (w *world) deadWait(in ssa.Instruction) bool {
	switch in := in.(type) {
	case *ssa.UnOp:
		return in.Op == token.ARROW && w.neverRaised(in.X)
	case *ssa.Select:
		if !in.Blocking || len(in.States) == 0 {
			return false
		}
		for i := range in.States {
			if !w.deadCase(in, i) {
				return false
			}
		}
		return true
	}
	return false
}

func (w *world) deadCase(sel *ssa.Select, i int) bool {
	st := sel.States[i]
	if st.Dir == types.RecvOnly {
		return w.neverRaised(st.Chan)
	}
	c := w.Graph.Class(w.Base, st.Chan)
	room, ok := w.capacity(c)
	return w.known(c) && !c.Recvs && ok && room == 0 && len(c.Has(signal.Recv, signal.Range, signal.Close)) == 0
}

// neverRaised reports whether nobody sends on the channel or closes it. That is
// true of a channel that is never made as well.
func (w *world) neverRaised(v ssa.Value) bool {
	c := w.Graph.Class(w.Base, v)
	return w.known(c) && (w.onlyNil(c) || len(c.Has(signal.Send, signal.Close)) == 0) && w.contextsEnd(c) == ""
}

// neverClosed reports whether nobody closes the channel.
func (w *world) neverClosed(v ssa.Value) bool {
	c := w.Graph.Class(w.Base, v)
	return w.known(c) && len(c.Has(signal.Close)) == 0 && w.contextsEnd(c) == ""
}

// known reports whether everybody who could raise the channel is seen.
func (w *world) known(c *signal.Class) bool {
	if !c.Closed() || len(c.Library) > 0 {
		return false
	}
	return w.onlyNil(c) || !c.Nil && len(c.Makes)+len(c.Contexts) > 0
}

// onlyNil reports whether the channel is a variable that nothing is assigned to.
func (w *world) onlyNil(c *signal.Class) bool {
	return c.Nil && !c.Unknown && len(c.Makes)+len(c.Contexts)+len(c.Library) == 0
}

// contextsEnd returns why none of the contexts of the class ends, or "+" if one
// may end, or "" if there are none or none ends.
func (w *world) contextsEnd(c *signal.Class) string {
	for _, v := range c.Contexts {
		if w.Graph.Context(w.Base, v).Ends {
			return "+"
		}
	}
	return ""
}
