package join_test

import (
	"go/types"
	"testing"

	"golang.org/x/tools/go/ssa"

	"github.com/killcheck/killcheck/analyzer/event"
	"github.com/killcheck/killcheck/analyzer/group"
	"github.com/killcheck/killcheck/analyzer/internal/roomtest"
	"github.com/killcheck/killcheck/analyzer/join"
	"github.com/killcheck/killcheck/analyzer/program"
	"github.com/killcheck/killcheck/analyzer/signal"
)

// TestJoin tells of each call which goroutines that its function starts have ended there;
// of each start, whether what the function defers waits for the end; and of each send of
// a goroutine, whether that has ended before anybody raises what its receiver leaves by.
func TestJoin(t *testing.T) {
	roomtest.Run(t, func(p *roomtest.Package) {
		prog := program.New(p.Input)
		en := join.New(group.New(event.New(prog)))
		for _, g := range prog.Goroutines {
			if en.JoinedAtReturn(g) {
				p.Say(g.Site.Pos, "has ended at the return")
			}
			p.Each(func(in ssa.Instruction) {
				if _, ok := in.(*ssa.Call); ok && in != ssa.Instruction(g.Site.Inst) && en.Ended(g, in) {
					p.Say(in.Pos(), "the one of %s has ended", prog.Where(g.Site.Pos))
				}
			})
			for _, f := range g.Frames {
				for _, s := range en.SendsOf(f.Fn) {
					left(en, p, g, f, s)
				}
			}
		}
	})
}

// left tells of the send whether the goroutine has ended before its receivers leave.
func left(en *join.Endings, p *roomtest.Package, g *program.Goroutine, f *program.Frame, s *ssa.Send) {
	for _, o := range p.Graph.Class(p.Base, s.Chan).Has(signal.Recv) {
		if o.Sel == nil {
			continue
		}
		for k, other := range o.Sel.States {
			if k == o.Case || other.Dir != types.RecvOnly {
				continue
			}
			when := "may go on when"
			if en.EndedBefore(g, f, s.Chan, other.Chan, o.Fn) {
				when = "has ended before"
			}
			p.Say(s.Pos(), "%s the receiver leaves by the case of %s", when, en.Where(other.Pos))
		}
	}
}
