package owner_test

import (
	"testing"

	"golang.org/x/tools/go/ssa"

	"github.com/killcheck/killcheck/analyzer/event"
	"github.com/killcheck/killcheck/analyzer/internal/roomtest"
	"github.com/killcheck/killcheck/analyzer/owner"
	"github.com/killcheck/killcheck/analyzer/program"
)

// TestOwner tells of each goroutine which method of its owner ends it, and that
// nobody can wait for that; and of each call of a constructor what its value needs.
func TestOwner(t *testing.T) {
	roomtest.Run(t, func(p *roomtest.Package) {
		prog := program.New(p.Input)
		o := owner.New(event.New(prog), prog.Goroutines)
		for _, g := range prog.Goroutines {
			if e := o.Ends[g]; e != nil {
				p.Say(g.Site.Pos, "ended by %s", e.Ender)
				if e.Shared {
					p.Say(g.Site.Pos, "or by a context that is given")
				}
			}
		}
		for _, l := range o.Unjoined(prog.Goroutines) {
			p.Say(l.G.Site.Pos, "nobody waits")
			if l.Freed != "" {
				p.Say(l.G.Site.Pos, "uses %s, which is closed", l.Freed)
			}
		}
		p.Each(func(in ssa.Instruction) {
			if c, ok := in.(*ssa.Call); ok {
				if s := o.Constructor(c); s != nil {
					p.Say(c.Pos(), "result %d needs %s", o.ValueIndex(c), s.Ender)
				}
			}
		})
	})
}
