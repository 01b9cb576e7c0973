package wake_test

import (
	"strings"
	"testing"

	"github.com/killcheck/killcheck/analyzer/internal/roomtest"
	"github.com/killcheck/killcheck/analyzer/model"
	"github.com/killcheck/killcheck/analyzer/verdict"
	"github.com/killcheck/killcheck/analyzer/wait"
	"github.com/killcheck/killcheck/analyzer/wake"
)

// TestWakes tells of each operation that waits what ends it, how sure that is, why, and who
// does it.
func TestWakes(t *testing.T) {
	roomtest.Run(t, func(p *roomtest.Package) {
		v := model.New(p.Input).Verdicts()
		for _, fn := range v.Functions {
			for _, w := range v.AllWaits(fn) {
				if w.Fn != fn || w.Op == wait.Loop {
					continue
				}
				for _, k := range w.Wakes {
					p.Say(w.Pos, "%s", text(v, k))
				}
			}
		}
	})
}

// text says what is known of the wake.
func text(v *verdict.Verdicts, k wake.Wake) string {
	actions := [...]string{"close", "send", "receive", "cancel", "store", "join", "time", "data", "return", "peer"}
	levels := [...]string{"never", "only if", "unclear", "perhaps", "surely", "itself"}
	s := actions[k.Action] + " " + k.Name
	if k.Param != nil {
		return s + " by who calls"
	}
	s += " " + levels[k.Level]
	if why := k.Why.String(); why != "" {
		s += " (" + why + ")"
	}
	for _, in := range k.Who {
		s += " by " + v.Where(v.Syn.CalledAt(in))
	}
	if k.Of != nil {
		s += " of " + v.Where(k.Of.Made.Pos())
	}
	if len(k.If) > 0 {
		s += " if " + strings.Join(k.If, ", ")
	}
	return strings.Join(strings.Fields(s), " ")
}
