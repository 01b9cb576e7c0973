package lost_test

import (
	"testing"

	"github.com/killcheck/killcheck/analyzer/event"
	"github.com/killcheck/killcheck/analyzer/internal/roomtest"
	"github.com/killcheck/killcheck/analyzer/lost"
	"github.com/killcheck/killcheck/analyzer/program"
)

// TestLost tells of each goroutine where it is severed from the stop of whoever starts
// it, or from its group; of each function where a loop of it misses a stop, and which
// cancel functions it overwrites.
func TestLost(t *testing.T) {
	missed := [...]string{"a case", "a break", "an error"}
	roomtest.Run(t, func(p *roomtest.Package) {
		prog := program.New(p.Input)
		l := lost.New(event.New(prog))
		for _, g := range prog.Goroutines {
			if c, ok := l.Severed(g); ok {
				p.Say(c.Pos, "severed from %s", c.Stop.Ctx)
			}
			if c, ok := l.LeavesGroup(g); ok {
				p.Say(c.Pos, "leaves its group")
			}
		}
		for _, fn := range p.Functions {
			g, _ := prog.Runner(prog.Goroutines, fn)
			for _, m := range l.MissedStops(g, fn) {
				p.Say(m.Pos, "%s, and the loop goes round again: %s", missed[m.Kind], m.Name)
			}
			for _, c := range l.LostCancels(fn) {
				p.Say(c.Over, "overwrites %s", c.Name)
			}
		}
	})
}
