package standstill_test

import (
	"testing"

	"github.com/killcheck/killcheck/analyzer/event"
	"github.com/killcheck/killcheck/analyzer/group"
	"github.com/killcheck/killcheck/analyzer/internal/roomtest"
	"github.com/killcheck/killcheck/analyzer/program"
	"github.com/killcheck/killcheck/analyzer/standstill"
)

// TestFind tells of each wait that stays, and whether only one way leads there.
func TestFind(t *testing.T) {
	roomtest.Run(t, func(p *roomtest.Package) {
		for _, x := range standstill.Find(group.New(event.New(program.New(p.Input)))) {
			when := "always"
			if x.After.Pos.IsValid() {
				when = "on one way"
			}
			p.Say(x.Pos, "%s stays %s, sends: %v", x.By.Name(), when, x.Sends)
		}
	})
}
