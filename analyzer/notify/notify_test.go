package notify_test

import (
	"testing"

	"github.com/killcheck/killcheck/analyzer/count"
	"github.com/killcheck/killcheck/analyzer/event"
	"github.com/killcheck/killcheck/analyzer/group"
	"github.com/killcheck/killcheck/analyzer/internal/roomtest"
	"github.com/killcheck/killcheck/analyzer/notify"
	"github.com/killcheck/killcheck/analyzer/program"
)

// TestNotify tells of each wait for a group or condition variable why it may not end, and
// where who would see to that leaves.
func TestNotify(t *testing.T) {
	kinds := [...]string{
		"nothing signals", "nothing is done", "waits for itself", "more is counted", "more is added", "all rounds are counted",
		"a member leaves", "a function that is given away leaves", "who sets the flag does not signal",
	}
	roomtest.Run(t, func(p *roomtest.Package) {
		prog := program.New(p.Input)
		n := notify.New(count.New(group.New(event.New(prog))))
		for _, x := range n.Groups() {
			text := kinds[x.Kind]
			if x.Leaves.Pos.IsValid() {
				text += " at " + prog.Where(x.Leaves.Pos)
			}
			p.Say(x.Pos, "%s", text)
		}
	})
}
