package wait_test

import (
	"fmt"
	"strings"
	"testing"

	"github.com/killcheck/killcheck/analyzer/internal/roomtest"
	"github.com/killcheck/killcheck/analyzer/model"
	"github.com/killcheck/killcheck/analyzer/wait"
	"github.com/killcheck/killcheck/analyzer/wake"
)

// TestWaits tells of each wait of a function what ends it, and of each goroutine which
// waits it has that do not end by themselves.
func TestWaits(t *testing.T) {
	roomtest.Run(t, func(p *roomtest.Package) {
		v := model.New(p.Input).Verdicts()
		for _, g := range v.Goroutines {
			ws, more := v.Waits(g)
			var names []string
			for _, w := range ws {
				names = append(names, fmt.Sprintf("%s at %s", ops[w.Op], v.WhereOf(g, w)))
			}
			if more {
				names = append(names, "more")
			}
			if len(names) > 0 {
				p.Say(g.Site.Pos, "stays in %s", strings.Join(names, ", "))
			}
		}
		for _, fn := range v.Functions {
			for _, w := range v.AllWaits(fn) {
				if w.Fn == fn {
					p.Say(w.Pos, "%s", text(w))
				}
			}
		}
	})
}

var ops = [...]string{"select", "nothing", "receive", "send", "loop", "call", "join", "unread"}

// text says what ends the wait.
func text(w *wait.Wait) string {
	actions := [...]string{"close", "send", "receive", "cancel", "store", "join", "time", "data", "return", "peer"}
	var wakes []string
	for _, k := range w.Wakes {
		s := actions[k.Action] + " " + k.Name
		switch {
		case k.Param != nil:
			s += " by who calls"
		case k.Level == wake.Itself:
			s += " itself"
		case k.Level == wake.Never:
			s += " never"
		case k.Stops():
			s += " as a stop"
		}
		wakes = append(wakes, strings.Join(strings.Fields(s), " "))
	}
	if len(wakes) == 0 {
		wakes = []string{"no wake"}
	}
	return ops[w.Op] + ": " + strings.Join(wakes, ", ") + marks(
		w.Other, "or otherwise", w.Part, "in part", w.Timed, "timed", w.Stays, "stays", w.Meant, "meant", w.Told, "told", w.Far != "", "far",
	)
}

// marks joins the words whose conditions hold, each pair a condition and a word.
func marks(pairs ...any) string {
	var text strings.Builder
	for i := 0; i < len(pairs); i += 2 {
		if pairs[i].(bool) {
			text.WriteString(", " + pairs[i+1].(string))
		}
	}
	return text.String()
}
