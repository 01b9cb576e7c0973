package signal

import (
	"go/types"

	"golang.org/x/tools/go/ssa"
)

// given is the key of an argument of a call that goes to the outside, of which it
// is known that only one thing is done with it there.
type given struct {
	in  ssa.CallInstruction
	arg int
	dir types.ChanDir
}

// givenAs returns the direction in which the callee uses argument i, a channel:
// that of its type, or what the fact of a function of another package says.
func (g *Graph) givenAs(c *ssa.CallCommon, i int) types.ChanDir {
	if _, ok := c.Args[i].Type().Underlying().(*types.Chan); !ok || g.direct == nil || c.IsInvoke() {
		return types.SendRecv
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
