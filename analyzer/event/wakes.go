package event

import (
	"go/token"
	"go/types"
	"slices"

	"golang.org/x/tools/go/ssa"

	"github.com/killcheck/killcheck/analyzer/code"
	"github.com/killcheck/killcheck/analyzer/flow"
	"github.com/killcheck/killcheck/analyzer/signal"
)

// PrunedGraph returns the plain graph of fn without the waits that nobody ends
// and the cases that nobody raises.
func (ev *Events) PrunedGraph(fn *ssa.Function) *flow.Graph {
	if g := ev.pruned[fn]; g != nil {
		return g
	}
	g := flow.New(fn, flow.Cuts{
		Stops: func(in ssa.Instruction) bool { return ev.NoReturn(in) || ev.DeadWait(in) },
		Dead:  ev.deadEdge,
	})
	ev.pruned[fn] = g
	return g
}

// deadEdge reports whether the edge is taken only if somebody does what nobody does.
func (ev *Events) deadEdge(b *ssa.BasicBlock, i int) bool {
	if ev.NeverTaken(b, i) {
		return true
	}
	if recv := flow.RangeExit(b, i); recv != nil {
		return ev.NeverClosed(recv.X)
	}
	if sel, k := flow.SelectCase(b, i); sel != nil && k < len(sel.States) {
		return ev.DeadCase(sel, k)
	}
	return ev.NeverSet(b, i) || ev.nilEdge(b, i)
}

// Behind reports whether the instruction stands behind a call that does not come back,
// as nobody ends what it waits for, or behind a case of a select that never is ready.
func (ev *Events) Behind(in ssa.Instruction) bool {
	for sel, k := range flow.CasesTo(in.Block()) {
		if ev.DeadCase(sel, k) {
			return true
		}
	}
	fn := in.Parent()
	for _, b := range fn.Blocks {
		if !b.Dominates(in.Block()) {
			continue
		}
		for _, x := range b.Instrs {
			if c, ok := x.(*ssa.Call); ok && ev.Precedes(c, in) && ev.staysIn(c.Call.StaticCallee()) {
				return true
			}
		}
	}
	return false
}

// staysIn reports whether control does not come back from the function: what would end a
// wait of it is never come to.
func (ev *Events) staysIn(fn *ssa.Function) bool {
	if fn == nil || len(fn.Blocks) == 0 || fn.Pkg == nil || fn.Pkg.Pkg != ev.Pkg {
		return false
	}
	stays, ok := ev.stays[fn]
	if !ok {
		stays = !ev.Recovers(fn) && !flow.New(fn, flow.Cuts{
			Stops: func(in ssa.Instruction) bool { return ev.NoReturn(in) || ev.DeadWait(in) || ev.neverComes(in) },
			Dead:  ev.deadEdge,
		}).Returns()
		ev.stays[fn] = stays
	}
	return stays
}

// neverComes reports whether the instruction receives from a channel, and control comes to
// nobody's send on it or close of it.
func (ev *Events) neverComes(in ssa.Instruction) bool {
	u, ok := in.(*ssa.UnOp)
	if !ok || u.Op != token.ARROW {
		return false
	}
	c := ev.Graph.Class(ev.Base, u.X)
	return ev.known(c) && ev.ContextsEnd(c) == "" && !slices.ContainsFunc(c.Has(signal.Send, signal.Close), func(o signal.Op) bool {
		return ev.PlainGraph(o.Fn).Executes(o.In)
	})
}

// NeverSet reports whether the edge is taken only when a flag is set that nobody
// sets.
func (ev *Events) NeverSet(b *ssa.BasicBlock, i int) bool {
	cond := flow.Condition(b)
	if cond == nil {
		return false
	}
	value, ok := ev.FlagValue(cond)
	return ok && value == (i == 1)
}

// nilEdge reports whether the edge is taken only when a channel is not nil that
// nobody makes: it is there for tests, or for those who will make it one day.
func (ev *Events) nilEdge(b *ssa.BasicBlock, i int) bool {
	tested, ifNil := code.NilTest(flow.Condition(b))
	if tested == nil || !code.IsChan(tested.Type()) {
		return false
	}
	c := ev.Graph.Class(ev.Base, tested)
	return ifNil != (i == 0) && ev.known(c) && ev.OnlyNil(c)
}

// DeadWait reports whether nothing ends the wait of the instruction.
func (ev *Events) DeadWait(in ssa.Instruction) bool {
	switch in := in.(type) {
	case *ssa.UnOp:
		return in.Op == token.ARROW && ev.NeverRaised(in.X)
	case *ssa.Send:
		return ev.neverMade(in.Chan) && !flow.MadeAt(in.Chan, in.Block())
	case *ssa.Select:
		if !in.Blocking || len(in.States) == 0 {
			return false
		}
		for i := range in.States {
			if !ev.DeadCase(in, i) {
				return false
			}
		}
		return true
	}
	return false
}

// DeadCase reports whether nobody lets the case of the select be taken.
func (ev *Events) DeadCase(sel *ssa.Select, i int) bool {
	st := sel.States[i]
	if st.Dir == types.RecvOnly {
		return ev.NeverRaised(st.Chan)
	}
	if ev.neverMade(st.Chan) {
		return true
	}
	c := ev.Graph.Class(ev.Base, st.Chan)
	room, ok := ev.Capacity(c)
	return ev.known(c) && !c.Recvs && ok && room == 0 && len(c.Has(signal.Recv, signal.Range, signal.Close)) == 0
}

// NeverRaised reports whether nobody sends on the channel or closes it. That is
// true of a channel that is never made as well.
func (ev *Events) NeverRaised(v ssa.Value) bool {
	c := ev.Graph.Class(ev.Base, v)
	return ev.known(c) && (ev.OnlyNil(c) || len(c.Has(signal.Send, signal.Close)) == 0) && ev.ContextsEnd(c) == ""
}

// neverMade reports whether the channel is a variable that nothing is assigned
// to: a send on it waits for ever.
func (ev *Events) neverMade(v ssa.Value) bool {
	c := ev.Graph.Class(ev.Base, v)
	return ev.known(c) && ev.OnlyNil(c)
}

// NeverClosed reports whether nobody closes the channel.
func (ev *Events) NeverClosed(v ssa.Value) bool {
	c := ev.Graph.Class(ev.Base, v)
	return ev.known(c) && len(c.Has(signal.Close)) == 0 && ev.ContextsEnd(c) == ""
}

// known reports whether everybody who could raise the channel is seen.
func (ev *Events) known(c *signal.Class) bool {
	if !c.Closed() || len(c.Library) > 0 {
		return false
	}
	return ev.OnlyNil(c) || !c.Nil && len(c.Makes)+len(c.Contexts) > 0
}

// OnlyNil reports whether the channel is a variable that nothing is assigned to.
func (ev *Events) OnlyNil(c *signal.Class) bool {
	return c.Nil && !c.Unknown && len(c.Makes)+len(c.Contexts)+len(c.Library) == 0
}

// ContextsEnd returns why none of the contexts of the class ends, or "+" if one
// may end, or "" if there are none or none ends.
func (ev *Events) ContextsEnd(c *signal.Class) string {
	for _, v := range c.Contexts {
		if ev.Graph.Context(ev.Base, v).Ends {
			return "+"
		}
	}
	return ""
}
