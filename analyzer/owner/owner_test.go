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
// nobody can wait for that; of each call of a constructor what its value needs; and
// where the value is dropped without; and of each function what it leaves undone on a
// stop.
func TestOwner(t *testing.T) {
	left := [...]string{"leaves a value open", "leaves a group untold", "leaves a channel open"}
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
		for _, fn := range p.Functions {
			for _, d := range o.Unclosed(fn) {
				p.Say(d.Pos, "dropped without %s%s", d.Ender, partly(d))
			}
			for _, l := range o.LeftOnStop(fn) {
				p.Say(l.Pos, "%s", left[l.Kind])
			}
		}
		for _, g := range prog.Goroutines {
			for _, d := range o.Unfinished(g) {
				p.Say(d.Pos, "dropped without %s where %s fails", d.Ender, d.In)
			}
			for _, d := range o.Unstopped(g) {
				p.Say(d.Pos, "%s does not call %s", d.In, d.Ender)
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

func partly(d owner.Dropped) string {
	if d.Partly {
		return " on a path"
	}
	return ""
}
