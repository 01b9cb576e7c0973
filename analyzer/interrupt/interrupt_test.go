package interrupt_test

import (
	"cmp"
	"testing"

	"github.com/killcheck/killcheck/analyzer/event"
	"github.com/killcheck/killcheck/analyzer/handle"
	"github.com/killcheck/killcheck/analyzer/internal/roomtest"
	"github.com/killcheck/killcheck/analyzer/interrupt"
	"github.com/killcheck/killcheck/analyzer/program"
)

// TestInterrupt tells of each call that its stop does not interrupt why; of each wait
// that goes on after what is meant to end it; and of each receive for which no value of
// a timer is left.
func TestInterrupt(t *testing.T) {
	roomtest.Run(t, func(p *roomtest.Package) {
		prog := program.New(p.Input)
		ev := event.New(prog)
		h := interrupt.New(ev, handle.New(ev))
		deaf := [...]string{"a sleep", "a sleep without a stop", "has a form with a context", "standard input", "nobody closes it", "a FIFO", "nothing ends it", "given another context", "in another package", "a timer", "nobody hears it"}
		ends := [...]string{"goes on after a close", "goes on after a stop", "the context bounds the making", "children may hold the output", "does not end a read"}
		for _, fn := range p.Functions {
			g, f := prog.Runner(prog.Goroutines, fn)
			for _, e := range h.FalseEnds(g, f, fn) {
				p.Say(e.Pos, "%s", ends[e.Kind])
			}
			for _, s := range h.Spent(fn) {
				p.Say(s.In.Pos(), "nothing is left in %s", s.Name)
			}
		}
		say := func(ds []interrupt.Deaf) {
			for _, d := range ds {
				p.Say(d.Pos, "deaf to %s: %s", cmp.Or(d.Stop.Name(), "a flag"), deaf[d.Kind])
			}
		}
		for _, g := range prog.Goroutines {
			say(h.Deaf(g))
		}
		for _, g := range ev.Promised() {
			say(h.Accepts(g))
			say(h.Naps(g))
		}
	})
}
