package capacity_test

import (
	"testing"

	"golang.org/x/tools/go/ssa"

	"github.com/killcheck/killcheck/analyzer/capacity"
	"github.com/killcheck/killcheck/analyzer/count"
	"github.com/killcheck/killcheck/analyzer/event"
	"github.com/killcheck/killcheck/analyzer/group"
	"github.com/killcheck/killcheck/analyzer/internal/roomtest"
	"github.com/killcheck/killcheck/analyzer/program"
)

// TestCapacity tells of each send of a goroutine which room would be enough for all, and
// whether that is there; whether the channel is closed behind the value; how often its
// sender runs for one channel; and whether all that is sent is taken. It tells of each
// function how many values it sends on the parameters that it fills.
func TestCapacity(t *testing.T) {
	roomtest.Run(t, func(p *roomtest.Package) {
		prog := program.New(p.Input)
		cp := capacity.New(count.New(group.New(event.New(prog))))
		for _, g := range prog.Goroutines {
			for _, f := range g.Frames {
				for _, s := range cp.SendsOf(f.Fn) {
					sends(cp, p, g, f, s)
				}
			}
		}
		for _, fn := range p.Functions {
			if params := cp.Fills(fn); len(params) > 0 {
				p.Say(fn.Pos(), "fills %v", params)
			}
		}
	})
}

func sends(cp *capacity.Capacities, p *roomtest.Package, g *program.Goroutine, f *program.Frame, s *ssa.Send) {
	c := p.Graph.Class(p.Base, s.Chan)
	if room := cp.RoomForAll(g, f, s, c); room != "" {
		p.Say(s.Pos(), "room %s is enough", room)
	}
	if cp.EachFits(s, c) {
		p.Say(s.Pos(), "room for each")
	}
	if cp.ClosedBehind(c) {
		p.Say(s.Pos(), "closed behind")
	}
	if n := cp.SenderRuns(c); n < count.Many {
		p.Say(s.Pos(), "sender runs %d times", n)
	}
	if cp.MetInAll(c, func(ssa.Instruction, int) bool { return true }) {
		p.Say(s.Pos(), "all are taken")
	}
}
