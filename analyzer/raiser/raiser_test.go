package raiser_test

import (
	"slices"
	"testing"

	"github.com/killcheck/killcheck/analyzer/circle"
	"github.com/killcheck/killcheck/analyzer/count"
	"github.com/killcheck/killcheck/analyzer/event"
	"github.com/killcheck/killcheck/analyzer/group"
	"github.com/killcheck/killcheck/analyzer/internal/roomtest"
	"github.com/killcheck/killcheck/analyzer/program"
	"github.com/killcheck/killcheck/analyzer/raiser"
)

// TestRaiser tells of each receive who may leave without raising its channel, and where,
// and of each gate whether it may stay shut.
func TestRaiser(t *testing.T) {
	by := [...]string{"the spawner leaves", "the sender leaves", "the answerer leaves", "the answerer is not started", "the server goes on"}
	roomtest.Run(t, func(p *roomtest.Package) {
		prog := program.New(p.Input)
		r := raiser.New(circle.New(count.New(group.New(event.New(prog)))))
		for _, u := range slices.Concat(r.Unraised(), r.Unstarted()) {
			p.Say(u.Pos, "%s at %s", by[u.Kind], prog.Where(u.Leaves.Pos))
		}
		for _, x := range r.Shut() {
			if x.Never {
				p.Say(x.In.Pos(), "nothing opens it")
			} else {
				p.Say(x.In.Pos(), "left shut at %s", prog.Where(x.Leaves.Pos))
			}
		}
	})
}
