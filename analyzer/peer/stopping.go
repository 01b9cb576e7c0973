package peer

import (
	"slices"

	"golang.org/x/tools/go/ssa"

	"github.com/killcheck/killcheck/analyzer/code"
	"github.com/killcheck/killcheck/analyzer/program"
	"github.com/killcheck/killcheck/analyzer/signal"
)

// StopSends returns the sends by which somebody asks a loop to stop, or takes leave of
// it, although the loop may have left by then: those of methods that end an object,
// and those of deferred calls. Other sends are made while the loop is meant to run.
func (p *Peers) StopSends() (all []Unmet) {
	for _, fn := range p.Functions {
		sends := p.SendsOf(fn)
		if len(sends) == 0 || fn.Synthetic != "" || !p.Graph.Live(fn) || !p.partOfEnd(fn, 2) {
			continue
		}
		graph := p.PlainGraph(fn)
		for _, s := range sends {
			if graph.Executes(s) && !p.VariableConds(s) {
				all = append(all, p.stopSend(fn, s)...)
			}
		}
	}
	return all
}

// partOfEnd reports whether fn is a method that ends its object, or is deferred, or
// is called by such a function.
func (p *Peers) partOfEnd(fn *ssa.Function, depth int) bool {
	if fn.Signature.Recv() != nil && p.Base.CloseMethod(fn.Name()) {
		return true
	}
	calls, _ := p.Graph.Callers(fn)
	return slices.ContainsFunc(calls, func(c ssa.CallInstruction) bool {
		switch c.(type) {
		case *ssa.Defer:
			return p.Graph.Live(c.Parent())
		case *ssa.Go:
			return false
		}
		return depth > 0 && fn.Parent() == nil && p.partOfEnd(c.Parent(), depth-1)
	})
}

// stopSend returns the send if each receiver is a goroutine that can leave before
// it receives.
func (p *Peers) stopSend(fn *ssa.Function, s *ssa.Send) []Unmet {
	c := p.Graph.Class(p.Base, s.Chan)
	if !c.Own() {
		return nil
	}
	recvs := c.Has(signal.Recv, signal.Range)
	if room, ok := p.Capacity(c); !ok || room > 0 || len(recvs) == 0 {
		return nil
	}
	recvs, fake := p.inCode(s.Pos(), recvs)
	sender, f := p.Runner(p.Goroutines, fn)
	if p.closedByOthers(sender, c) {
		return nil
	}
	var by *exit
	for _, o := range recvs {
		g, _ := p.Runner(p.Goroutines, o.Fn)
		if g == nil || g.Has(fn) || !p.StartedOnly(o.Fn, 4) {
			return nil
		}
		x := p.leaves(o, recvs, func(stop ssa.Value) bool {
			return sender != nil && p.endings.EndedBefore(sender, f, s.Chan, stop, o.Fn)
		})
		if x == nil || x.stop != nil && p.RaisedAfter(s, x.stop) {
			return nil
		}
		by = x
	}
	return []Unmet{{Kind: LoopLeaves, G: sender, F: f, Pos: s.Pos(), Way: by.way, Case: by.at, Other: by.op.Pos(), Unsure: fake}}
}

// closedByOthers reports whether somebody beside the goroutine closes a channel of the
// class: a send that waits then panics, which is another fault, and does not stay.
func (p *Peers) closedByOthers(g *program.Goroutine, c *signal.Class) bool {
	return slices.ContainsFunc(c.Has(signal.Close), func(o signal.Op) bool { return g == nil || !g.Has(o.Fn) })
}

// closedAtEnd reports whether the function closes a channel of the class whenever it
// returns: it defers that, itself or in a literal.
func (p *Peers) closedAtEnd(fn *ssa.Function, c *signal.Class) bool {
	for d := range code.Defers(fn) {
		if slices.ContainsFunc(c.Has(signal.Close), func(o signal.Op) bool { return o.In == ssa.Instruction(d) || o.Fn == d.Call.StaticCallee() }) {
			return true
		}
	}
	return false
}
