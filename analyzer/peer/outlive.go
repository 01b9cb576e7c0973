package peer

import (
	"go/types"
	"slices"

	"golang.org/x/tools/go/ssa"

	"github.com/killcheck/killcheck/analyzer/flow"
	"github.com/killcheck/killcheck/analyzer/program"
	"github.com/killcheck/killcheck/analyzer/signal"
)

// Outlived reports whether the instruction is a send of the goroutine for which a
// receiver stays: it leaves its loop only by the close, or by stops that are raised
// when the goroutine has ended.
func (p *Peers) Outlived(g *program.Goroutine, f *program.Frame, in ssa.Instruction) bool {
	send, ok := in.(*ssa.Send)
	if !ok || f == nil {
		return false
	}
	c := p.Graph.Class(p.Base, send.Chan)
	return slices.ContainsFunc(c.Has(signal.Recv, signal.Range), func(o signal.Op) bool {
		return !p.InTest(o.Pos()) && !p.DeadFor(o.Fn, g.Site.In, send.Parent()) && p.outlives(o, g, f, send)
	})
}

// outlives reports whether the receive is made again and again until the channel is
// closed, or the sender has ended.
func (p *Peers) outlives(o signal.Op, g *program.Goroutine, f *program.Frame, send *ssa.Send) bool {
	graph := p.PlainGraph(o.Fn)
	for _, l := range graph.Around(o.In.Block()) {
		stays := true
		for _, e := range l.Exits {
			if e.To == nil {
				stays = false
				break
			}
			if p.byClose(e, o) || flow.FirstReturn(graph, e.To, nil, nil) == nil {
				continue // by the close, or in a panic
			}
			stops := stopsOf(e)
			stays = len(stops) > 0 && !slices.ContainsFunc(stops, func(v ssa.Value) bool {
				return v == nil || !p.endings.EndedBefore(g, f, send.Chan, v, o.Fn) && !p.Covered(send, v)
			})
			if !stays {
				break
			}
		}
		if stays {
			return true
		}
	}
	return false
}

// stopsOf returns the channels of the select cases behind which alone the edge is
// taken: the one, or all those that are left if it goes on to the next case. One that
// is nil stands for another way.
func stopsOf(e flow.Edge) []ssa.Value {
	received := func(b *ssa.BasicBlock, i int) ssa.Value {
		sel, k := flow.SelectCase(b, i)
		if sel == nil || !sel.Blocking || k >= len(sel.States) || sel.States[k].Dir != types.RecvOnly {
			return nil
		}
		return sel.States[k].Chan
	}
	if flow.OtherCase(e.From, flow.Succ(e)) {
		all := []ssa.Value{received(e.To, 0)}
		for b := e.To; flow.OtherCase(b, 1); {
			b = b.Succs[1]
			all = append(all, received(b, 0))
		}
		return all
	}
	for b, from := e.To, e.From; b != nil && from != nil; b, from = from, from.Idom() {
		for i, s := range from.Succs {
			if v := received(from, i); s == b && v != nil && (b == e.To || len(b.Preds) == 1) {
				return []ssa.Value{v}
			}
		}
	}
	return nil
}
