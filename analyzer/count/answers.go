package count

import (
	"slices"

	"golang.org/x/tools/go/ssa"

	"github.com/killcheck/killcheck/analyzer/code"
	"github.com/killcheck/killcheck/analyzer/flow"
	"github.com/killcheck/killcheck/analyzer/signal"
)

// answers reports whether each round of the loops around the sends has a channel of
// its own: it came in a request, which the round has received, and each channel goes
// into one request.
func (ct *Counts) answers(c *signal.Class, ops []signal.Op) bool {
	for _, o := range ops {
		if !received(holder(o.Chan)) || !ct.TakenAnew(o.In, o.Chan) {
			return false
		}
	}
	for _, m := range c.Makes {
		if ct.handed(ct.PlainGraph(m.Parent()), m, m.Block(), 6) > 1 {
			return false
		}
	}
	return len(c.Makes) > 0
}

// received reports whether the instruction is a value that came out of a channel.
func received(in ssa.Instruction) bool {
	if a, ok := in.(*ssa.Alloc); ok {
		in, _ = code.OnlyStore(a).(ssa.Instruction)
	}
	if x, ok := in.(*ssa.Extract); ok {
		if _, ok := x.Tuple.(*ssa.Select); ok {
			return true
		}
		in, _ = x.Tuple.(ssa.Instruction)
	}
	u, ok := in.(*ssa.UnOp)
	return ok && code.IsRecv(u)
}

// handed returns how often the value, which is made at home, is given away: sent,
// stored or passed, by itself or as part of an object that is made with it. A function
// that only receives from it does not count.
func (ct *Counts) handed(g *flow.Graph, v ssa.Value, home *ssa.BasicBlock, depth int) int {
	if depth == 0 {
		return Many
	}
	n := 0
	for _, r := range *v.Referrers() {
		switch r := r.(type) {
		case *ssa.Send:
			if r.X == v {
				n += timesOf(g, r.Block(), home)
			}
		case *ssa.Select:
			for _, st := range r.States {
				if st.Send == v {
					n += timesOf(g, r.Block(), home)
				}
			}
		case *ssa.Store:
			if r.Val != v {
				continue
			}
			times := timesOf(g, r.Block(), home)
			if at, ok := r.Addr.(*ssa.FieldAddr); ok {
				if a, ok := at.X.(*ssa.Alloc); ok {
					times *= ct.handed(g, a, a.Block(), depth-1)
				}
			}
			n += times
		case *ssa.UnOp:
			if !code.IsRecv(r) {
				n += ct.handed(g, r, home, depth-1)
			}
		case *ssa.MakeInterface:
			n += ct.handed(g, r, home, depth-1)
		case *ssa.ChangeType:
			n += ct.handed(g, r, home, depth-1)
		case ssa.CallInstruction:
			if _, builtin := r.Common().Value.(*ssa.Builtin); !builtin && !ct.receivesOnly(r, v) {
				n += timesOf(g, r.Block(), home)
			}
		case *ssa.Phi, *ssa.MakeClosure:
			return Many
		}
	}
	return min(n, Many)
}

// receivesOnly reports whether all functions that the call may run only receive from
// the channel that they are given.
func (ct *Counts) receivesOnly(c ssa.CallInstruction, ch ssa.Value) bool {
	fns, open := ct.Graph.Callees(c)
	return !open && len(fns) > 0 && !slices.ContainsFunc(fns, func(fn *ssa.Function) bool {
		receives, _ := ct.Graph.Directions(fn)
		return slices.ContainsFunc(fn.Params, func(p *ssa.Parameter) bool {
			return code.Argument(c.Common(), p) == ch && !slices.Contains(receives, slices.Index(fn.Params, p))
		})
	})
}
