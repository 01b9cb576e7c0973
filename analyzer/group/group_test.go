package group_test

import (
	"fmt"
	"strings"
	"testing"

	"github.com/killcheck/killcheck/analyzer/event"
	"github.com/killcheck/killcheck/analyzer/group"
	"github.com/killcheck/killcheck/analyzer/internal/roomtest"
	"github.com/killcheck/killcheck/analyzer/program"
)

// TestGroup tells of each call on a wait group, condition variable or lock what it does
// to it, and how many calls do the same to the same object, if all of them are seen; of
// each wait for a group, whether more is added to it than is taken away, and whether who
// waits is one of those that are counted; of each start, whether it is sure to start one
// goroutine; and of each function, which parameters it does no more with than to take or wait.
func TestGroup(t *testing.T) {
	roomtest.Run(t, func(p *roomtest.Package) {
		gr := group.New(event.New(program.New(p.Input)))
		s := gr.SyncIndex()
		for _, list := range []struct {
			does string
			ops  *[]group.SyncOp
		}{{"waits", &s.Waits}, {"takes away", &s.Dones}, {"wakes", &s.Wakes}, {"adds", &s.Adds}, {"locks", &s.Locks}, {"unlocks", &s.Unlocks}} {
			for _, o := range *list.ops {
				words := []string{list.does}
				if list.ops == &s.Adds {
					if n, ok := o.Adds(); ok {
						words = append(words, fmt.Sprint(n))
					}
				}
				if o.Spawn {
					words = append(words, "at the end of what it starts")
				}
				if o.Reads {
					words = append(words, "for reading")
				}
				if all, ok := s.On(list.ops, o.Typ, o.Class); ok {
					words = append(words, fmt.Sprintf("with %d in all", len(all)))
				}
				p.Say(o.In.Pos(), "%s", strings.Join(words, " "))
			}
		}
		for _, o := range s.Waits {
			if x := s.Excess(o); x != nil {
				when := "always"
				if x.Both {
					when = "on one way"
				}
				p.Say(o.In.Pos(), "%d too much %s", x.More, when)
			}
			if _, ok := s.Own(o); ok {
				p.Say(o.In.Pos(), "waits for itself")
			}
		}
		for _, g := range gr.Goroutines {
			if gr.StartsOne(g.Site) {
				p.Say(g.Site.Pos, "starts one")
			}
		}
		for _, fn := range p.Functions {
			if params := gr.Takes(fn); len(params) > 0 {
				p.Say(fn.Pos(), "only takes %v", params)
			}
		}
	})
}
