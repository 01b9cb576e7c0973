package dead_test

import (
	"testing"

	"github.com/killcheck/killcheck/analyzer/dead"
	"github.com/killcheck/killcheck/analyzer/event"
	"github.com/killcheck/killcheck/analyzer/internal/roomtest"
	"github.com/killcheck/killcheck/analyzer/program"
)

// TestDead tells of each wait for what never comes, in a goroutine or in none, why
// nothing comes; and of each drain of a timer in vain.
func TestDead(t *testing.T) {
	kinds := [...]string{"nobody raises it", "only itself raises it", "only itself raises the case", "nobody closes it", "nobody raises the case", "nobody sets the flag", "who sends returns"}
	roomtest.Run(t, func(p *roomtest.Package) {
		prog := program.New(p.Input)
		waits := dead.New(event.New(prog))
		for _, g := range prog.Goroutines {
			for _, d := range waits.Deads(g) {
				p.Say(d.Pos, "dead: %s", kinds[d.Kind])
			}
		}
		for _, d := range waits.StuckIn() {
			p.Say(d.Pos, "dead in no goroutine: %s", kinds[d.Kind])
		}
		for _, fn := range p.Functions {
			for _, d := range waits.Drains(fn) {
				p.Say(d.In.Pos(), "drains in vain")
			}
		}
	})
}
