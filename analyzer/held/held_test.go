package held_test

import (
	"testing"

	"github.com/killcheck/killcheck/analyzer/count"
	"github.com/killcheck/killcheck/analyzer/event"
	"github.com/killcheck/killcheck/analyzer/group"
	"github.com/killcheck/killcheck/analyzer/held"
	"github.com/killcheck/killcheck/analyzer/internal/roomtest"
	"github.com/killcheck/killcheck/analyzer/join"
	"github.com/killcheck/killcheck/analyzer/lock"
	"github.com/killcheck/killcheck/analyzer/program"
)

// TestHeld tells of each place what stalls there, and on which lock.
func TestHeld(t *testing.T) {
	ends := [...]string{"a receiver", "a close, with no receiver", "a raise", "a close", "a wake", "a member"}
	roomtest.Run(t, func(p *roomtest.Package) {
		ev := event.New(program.New(p.Input))
		gr := group.New(ev)
		for _, s := range held.Find(count.New(gr), join.New(gr), lock.New(ev)) {
			switch s.Kind {
			case held.Waits:
				when := "after"
				if s.While {
					when = "with"
				}
				p.Say(s.Pos, "waits with %s for %s %s it", s.Lock, ends[s.Ends], when)
			case held.Twice:
				p.Say(s.Pos, "takes %s again", s.Lock)
			case held.TwiceRead:
				p.Say(s.Pos, "takes %s again for reading", s.Lock)
			case held.TwiceRound:
				p.Say(s.Pos, "takes %s again in the next round", s.Lock)
			case held.TwiceDefer:
				p.Say(s.Pos, "takes %s again when it returns", s.Lock)
			case held.Again:
				p.Say(s.Pos, "runs %s again", s.Lock)
			case held.Kept:
				p.Say(s.Pos, "keeps %s", s.Lock)
			case held.Crossed:
				p.Say(s.Pos, "takes %s after %s", s.Then, s.Lock)
			}
		}
	})
}
