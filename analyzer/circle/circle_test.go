package circle_test

import (
	"fmt"
	"testing"

	"github.com/killcheck/killcheck/analyzer/circle"
	"github.com/killcheck/killcheck/analyzer/count"
	"github.com/killcheck/killcheck/analyzer/event"
	"github.com/killcheck/killcheck/analyzer/group"
	"github.com/killcheck/killcheck/analyzer/internal/roomtest"
	"github.com/killcheck/killcheck/analyzer/program"
)

// TestCircle tells of each wait that waits for itself what would end it, and the wait
// that comes before that; and of each wait for what was shut before its goroutine started
// what shut it, and how many of the calls that open it must be made.
func TestCircle(t *testing.T) {
	kinds := [...]string{"lock", "group", "room"}
	roomtest.Run(t, func(p *roomtest.Package) {
		ci := circle.New(count.New(group.New(event.New(program.New(p.Input)))))
		for _, x := range ci.Circles() {
			what := "receives"
			switch {
			case x.Gate() != "":
				what = "waits for " + x.Gate()
			case x.Joins():
				what = "waits for the group " + ci.GroupName(x)
			case x.Sends():
				what = "sends"
			}
			words := what + " in a circle"
			if x.Waker != nil {
				words += fmt.Sprintf(", till the one at %s", ci.Where(x.Waker.Pos()))
				if x.First != x.In {
					words += fmt.Sprintf(", after the wait at %s", ci.Where(x.First.Pos()))
				}
			}
			if ci.Alone(ci.Goroutines, x) {
				words += ", of no goroutine"
			}
			p.Say(x.In.Pos(), "%s", words)
		}
		for _, x := range ci.Gates() {
			p.Say(x.In.Pos(), "%s %s is shut at %s, to open it takes %d of %d calls", kinds[x.Kind], x.Name, ci.Where(x.Shut.Pos()), x.Need, len(x.Opens))
		}
	})
}
