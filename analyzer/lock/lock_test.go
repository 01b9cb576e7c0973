package lock_test

import (
	"slices"
	"strings"
	"testing"

	"golang.org/x/tools/go/ssa"

	"github.com/killcheck/killcheck/analyzer/event"
	"github.com/killcheck/killcheck/analyzer/internal/roomtest"
	"github.com/killcheck/killcheck/analyzer/lock"
	"github.com/killcheck/killcheck/analyzer/program"
)

// TestLock tells of each wait and each call of a function of the package which
// locks are held there for certain, and of each function which locks it may take or
// give back, and with which it leaves on a stop.
func TestLock(t *testing.T) {
	roomtest.Run(t, func(p *roomtest.Package) {
		prog := program.New(p.Input)
		l := lock.New(event.New(prog))
		p.Each(func(in ssa.Instruction) {
			what := ""
			if prog.WaitOf(in) != nil {
				what = "waits"
			} else if c, ok := in.(*ssa.Call); ok && c.Call.StaticCallee() != nil && c.Call.StaticCallee().Pkg == in.Parent().Pkg {
				what = "calls"
			}
			if what == "" {
				return
			}
			var held []string
			for _, h := range l.At(in) {
				name := className(h.Class)
				if h.Read {
					name += " to read"
				}
				held = append(held, name)
			}
			if len(held) > 0 {
				what += " with " + strings.Join(held, ", ")
			}
			p.Say(in.Pos(), "%s", what)
		})
		for _, fn := range p.Functions {
			for _, k := range l.LeftOnStop(fn) {
				p.Say(k.Pos, "leaves with %s held", k.Name)
			}
			var names []string
			for class := range l.Touches(fn) {
				names = append(names, className(class))
			}
			slices.Sort(names)
			for _, name := range names {
				p.Say(fn.Pos(), "touches %s", name)
			}
		}
	})
}

func className(c program.LockClass) string {
	switch {
	case c.Owner != nil:
		return c.Owner.Name() + c.Path
	case c.Root != nil:
		if a, ok := c.Root.(*ssa.Alloc); ok {
			return a.Comment + c.Path
		}
		return c.Root.Name() + c.Path
	}
	return "an unknown lock"
}
