package signal

import (
	"go/types"
	"slices"

	"golang.org/x/tools/go/ssa"
)

// given is the key of a channel that is an argument of a call and goes to the outside:
// dir says what is done with it there, as far as that is known.
type given struct {
	in  ssa.CallInstruction
	arg int
	dir types.ChanDir
}

// givenAs returns the direction in which the callee uses argument i, a channel:
// that of its type, or what the fact of a function of another package says.
func (g *Graph) givenAs(c *ssa.CallCommon, i int) types.ChanDir {
	t, ok := c.Args[i].Type().Underlying().(*types.Chan)
	if !ok {
		return types.SendRecv
	}
	if t.Dir() != types.SendRecv || g.direct == nil || c.IsInvoke() {
		return t.Dir()
	}
	fn := Callee(c)
	if fn == nil || fn.Pkg() == g.pkg.Pkg {
		return types.SendRecv
	}
	return g.direct(fn, i)
}

// Directions returns which of the parameters of fn, which are channels, it and what
// it calls only receive from, and on which they only send. All else that may be
// done with one is seen.
func (g *Graph) Directions(fn *ssa.Function) (receives, sends []int) {
	for i, p := range fn.Params {
		t, ok := p.Type().Underlying().(*types.Chan)
		if !ok || t.Dir() != types.SendRecv {
			continue
		}
		r := g.ahead.of(g.value(p))
		nodes, _ := g.forward(g.value(p))
		closes := false
		for _, n := range nodes {
			for _, o := range g.ops[n] {
				closes = closes || o.Kind == Close
				r.sends = r.sends || o.Kind == Send
				r.recvs = r.recvs || o.Kind == Recv || o.Kind == Range
			}
		}
		switch {
		case closes || r.sends && r.recvs:
		case r.sends:
			sends = append(sends, i)
		default:
			receives = append(receives, i)
		}
	}
	return receives, sends
}

// GivenOnce reports whether the channels of the class get out of sight in one way alone:
// as that argument of the call. All else that is done with them is seen.
func (g *Graph) GivenOnce(c *Class, in ssa.CallInstruction, arg int) bool {
	call, i := g.GivenCall(c)
	return call == in && i == arg
}

// GivenCall returns the only call by which the channels of the class get out of sight,
// and which argument they are there; nil if they do so in other ways, or not all that
// makes them is seen.
func (g *Graph) GivenCall(c *Class) (in ssa.CallInstruction, arg int) {
	nodes, _ := g.forward(c.starts...)
	for _, n := range nodes {
		if !slices.Contains(g.succ[n], outside) {
			continue
		}
		k, ok := g.keys[n].(given)
		if !ok || in != nil {
			return nil, 0
		}
		in, arg = k.in, k.arg
	}
	if c.Unknown || c.Nil || len(c.Makes) != 1 || len(c.Library)+len(c.Contexts) > 0 {
		return nil, 0
	}
	return in, arg
}

// OnlySends reports whether all that is done with the channel that is a parameter is to
// send on it.
func (g *Graph) OnlySends(p *ssa.Parameter) bool {
	ops, open := g.OpsOn(p)
	return !open && len(ops) > 0 && !slices.ContainsFunc(ops, func(o Op) bool { return o.Kind != Send })
}

// OpsOn returns the operations on the channel that is a parameter, and whether it gets
// out of sight.
func (g *Graph) OpsOn(p *ssa.Parameter) (ops []Op, open bool) {
	nodes, open := g.forward(g.value(p))
	for _, n := range nodes {
		ops = append(ops, g.ops[n]...)
	}
	return ops, open
}
