package peer

import (
	"slices"

	"golang.org/x/tools/go/ssa"

	"github.com/killcheck/killcheck/analyzer/code"
	"github.com/killcheck/killcheck/analyzer/program"
	"github.com/killcheck/killcheck/analyzer/signal"
)

// OnCredit reports whether the instruction is a send for which the channel may have the
// room, since the receivers see to it, or one on a channel that only tests make.
func (p *Peers) OnCredit(in ssa.Instruction) bool {
	send, ok := in.(*ssa.Send)
	if !ok {
		return false
	}
	c := p.Graph.Class(p.Base, send.Chan)
	if room, ok := p.Capacity(c); ok && (room > 0 && p.PlainGraph(send.Parent()).FindsRoom(send) || p.Credit(send, room, c.Has(signal.Recv, signal.Range))) {
		return true
	}
	inTest := func(mk *ssa.MakeChan) bool { return p.InTest(mk.Pos()) }
	return c.Own() && !p.InTest(send.Pos()) && !slices.ContainsFunc(c.Makes, func(mk *ssa.MakeChan) bool { return !inTest(mk) })
}

// SomeRoom reports whether the channel is made with a room that is no constant.
func (p *Peers) SomeRoom(s *ssa.Send) bool {
	return slices.ContainsFunc(p.Graph.Class(p.Base, s.Chan).Makes, func(mk *ssa.MakeChan) bool {
		_, ok := mk.Size.(*ssa.Const)
		return !ok
	})
}

// RangedOver reports whether the instruction sends on a channel that is closed in
// sight and handed out, but not by the function that starts the goroutine: that
// returns a generator, which its caller may leave.
func (p *Peers) RangedOver(g *program.Goroutine, in ssa.Instruction) bool {
	send, ok := in.(*ssa.Send)
	if !ok {
		return false
	}
	c := p.Graph.Class(p.Base, send.Chan)
	if len(c.Has(signal.Close)) == 0 {
		return false
	}
	return slices.ContainsFunc(c.Makes, p.handsOut) && !p.returnsOne(code.Outermost(g.Site.In), c)
}

// returnsOne reports whether fn returns a channel of the class.
func (p *Peers) returnsOne(fn *ssa.Function, c *signal.Class) bool {
	for _, b := range fn.Blocks {
		r, ok := b.Instrs[len(b.Instrs)-1].(*ssa.Return)
		if !ok {
			continue
		}
		for _, v := range r.Results {
			if !code.IsChan(v.Type()) {
				continue
			}
			for _, mk := range p.Graph.Class(p.Base, v).Makes {
				if slices.Contains(c.Makes, mk) {
					return true
				}
			}
		}
	}
	return false
}

func (p *Peers) handsOut(mk *ssa.MakeChan) bool { return p.Graph.HandedOut(mk) }
