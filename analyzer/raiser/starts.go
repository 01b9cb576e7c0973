package raiser

import (
	"golang.org/x/tools/go/ssa"

	"github.com/killcheck/killcheck/analyzer/code"
	"github.com/killcheck/killcheck/analyzer/program"
	"github.com/killcheck/killcheck/analyzer/signal"
)

// Unstarted returns the receives of methods from a channel that only a goroutine
// raises which another method starts, if that method may have returned
// without starting it, because the object was made that way.
func (p *Raisers) Unstarted() []Unraised {
	var all []Unraised
	for _, fn := range p.Functions {
		if fn.Signature.Recv() == nil || fn.Synthetic != "" || !p.Graph.Live(fn) {
			continue
		}
		for u := range p.Receives(fn) {
			g := p.raiser(fn, u)
			if g == nil || p.filled(u) || p.mayNotWait(u, g.Site.Inst) {
				continue
			}
			if ret := p.SkipsStart(g); ret != nil {
				by, f := p.Runner(p.Goroutines, fn)
				all = append(all, Unraised{Kind: ByUnstarted, G: by, F: f, Pos: u.Pos(), By: g, Name: g.Site.In.Name(), Leaves: p.ReturnStep(ret)})
			}
		}
	}
	return all
}

// raiser returns the only goroutine that raises the channel of the receive, if a
// method of the same type as fn starts it, and nothing else runs what it runs.
func (p *Raisers) raiser(fn *ssa.Function, u *ssa.UnOp) *program.Goroutine {
	c := p.Graph.Class(p.Base, u.X)
	raises := c.Has(signal.Send, signal.Close)
	if !c.Own() || len(c.Makes) == 0 || len(raises) == 0 {
		return nil
	}
	var one *program.Goroutine
	for _, o := range raises {
		rs := p.Running(p.Goroutines, o.Fn)
		if len(rs) != 1 || one != nil && rs[0].G != one || !p.StartedOnly(o.Fn, 4) {
			return nil
		}
		one = rs[0].G
	}
	recv := one.Site.In.Signature.Recv()
	if recv == nil || one.Site.In == fn || code.TypeName(recv.Type()) != code.TypeName(fn.Signature.Recv().Type()) {
		return nil
	}
	return one
}
