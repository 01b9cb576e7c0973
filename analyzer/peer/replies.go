package peer

import (
	"go/types"
	"slices"

	"golang.org/x/tools/go/ssa"

	"github.com/killcheck/killcheck/analyzer/code"
	"github.com/killcheck/killcheck/analyzer/flow"
	"github.com/killcheck/killcheck/analyzer/signal"
)

// Replies reports whether the instruction sends the one answer to a request that the
// round has received, and all who make requests receive their answer, whatever
// happens: they do not leave first.
func (p *Peers) Replies(in ssa.Instruction) bool {
	send, ok := in.(*ssa.Send)
	if !ok {
		return false
	}
	c := p.Graph.Class(p.Base, send.Chan)
	if !c.Private() || c.Nil {
		return false
	}
	loop := p.PlainGraph(send.Parent()).Around(send.Block())
	if len(loop) == 0 || slices.ContainsFunc(c.Has(signal.Send), func(o signal.Op) bool {
		return o.In != in && (o.Fn != send.Parent() || o.In.Block().Dominates(send.Block()) || send.Block().Dominates(o.In.Block()))
	}) {
		return false
	}
	answers := slices.DeleteFunc(slices.Clone(c.Has(signal.Recv)), func(o signal.Op) bool { return o.Sel != nil })
	return slices.ContainsFunc(received(send.Block(), loop[0]), func(ch ssa.Value) bool {
		q := p.Graph.Class(p.Base, ch)
		asks := q.Has(signal.Send)
		return q.Private() && !q.Nil && len(asks) > 0 && !slices.ContainsFunc(asks, func(o signal.Op) bool { return !p.awaits(o, c, answers) })
	})
}

// Awaited reports whether somebody receives what is sent without another way out.
func (p *Peers) Awaited(s *ssa.Send) bool {
	return slices.ContainsFunc(p.Graph.Class(p.Base, s.Chan).Has(signal.Recv), func(o signal.Op) bool { return o.Sel == nil })
}

// received returns the channels of which the round of the loop has received something
// whenever control is at the block.
func received(b *ssa.BasicBlock, l *flow.Loop) (all []ssa.Value) {
	for sel, k := range flow.CasesTo(b) {
		if l.Has(sel.Block()) && sel.States[k].Dir == types.RecvOnly {
			all = append(all, sel.States[k].Chan)
		}
	}
	for ; b != nil && l.Has(b); b = b.Idom() {
		for _, in := range b.Instrs {
			if u, ok := in.(*ssa.UnOp); ok && code.IsRecv(u) {
				all = append(all, u.X)
			}
		}
	}
	return all
}

// awaits reports whether one of the answers is received on every way from the request.
func (p *Peers) awaits(ask signal.Op, c *signal.Class, answers []signal.Op) bool {
	count := p.NewCounter(ask.Fn, c, answers)
	if ask.Sel == nil {
		l, ok := count.Least(ask.In)
		return !ok || l.Count > 0
	}
	to := flow.CaseBlock(ask.Sel, ask.Case)
	if to == nil {
		return false
	}
	l, ok := count.LeastFrom(to, nil)
	return !ok || l.Count > 0
}
