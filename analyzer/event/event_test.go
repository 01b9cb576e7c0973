package event_test

import (
	"testing"

	"golang.org/x/tools/go/ssa"

	"github.com/killcheck/killcheck/analyzer/event"
	"github.com/killcheck/killcheck/analyzer/internal/roomtest"
	"github.com/killcheck/killcheck/analyzer/program"
)

// TestEvent tells of each goroutine where it can stay without heeding a stop, and
// which stop is in reach; of each make of a channel how much room it has; of each call
// whether it is one that ends its receiver; of each function what it ends from outside.
func TestEvent(t *testing.T) {
	stays := [...]string{"an empty select", "no exit", "retries", "starved", "an answer"}
	roomtest.Run(t, func(p *roomtest.Package) {
		prog := program.New(p.Input)
		ev := event.New(prog)
		for _, g := range prog.Goroutines {
			for _, s := range ev.Stays(g) {
				p.Say(s.Pos, "stays: %s%s", stays[s.Kind], reach(s.Stop))
			}
			f := g.Frames[0]
			p.Each(func(in ssa.Instruction) {
				if s, ok := in.(*ssa.Send); ok && s.Parent() == f.Fn {
					p.Say(s.Pos(), "a send%s", reach(ev.StopAt(g, f, s.Pos())))
				}
				if s, ok := in.(*ssa.Call); ok && s.Parent() == f.Fn && ev.AfterStop(f, in) {
					p.Say(s.Pos(), "after a stop")
				}
			})
		}
		kills := [...]string{"kills a thread", "kills its library", "unwinds its library"}
		for _, fn := range p.Functions {
			for _, k := range ev.Kills(fn) {
				p.Say(k.Pos, "%s by %s", kills[k.Kind], k.By)
			}
		}
		p.Each(func(in ssa.Instruction) {
			switch in := in.(type) {
			case *ssa.MakeChan:
				if n, ok := ev.Capacity(p.Graph.Class(p.Base, in)); ok {
					p.Say(in.Pos(), "room %d", n)
				} else {
					p.Say(in.Pos(), "room not known")
				}
			case *ssa.Call:
				if ev.CloseCall(&in.Call) {
					p.Say(in.Pos(), "ends its receiver")
				}
			}
		})
	})
}

func reach(s event.Stop) string {
	if s == (event.Stop{}) {
		return ""
	}
	return ", in reach of " + s.Expr
}
