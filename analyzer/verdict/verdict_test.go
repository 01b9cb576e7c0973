package verdict_test

import (
	"strings"
	"testing"

	"golang.org/x/tools/go/ssa"

	"github.com/killcheck/killcheck/analyzer/internal/roomtest"
	"github.com/killcheck/killcheck/analyzer/model"
	"github.com/killcheck/killcheck/analyzer/summary"
	"github.com/killcheck/killcheck/analyzer/verdict"
)

// TestVerdict tells of each goroutine how it ends. In package wakes it also tells of each
// wait what ends it, how sure that is, and why. In package heard a check has something to
// say of each.
func TestVerdict(t *testing.T) {
	tell := func(p *roomtest.Package) map[*ssa.Function]*summary.Func { return model.New(p.Input).Summaries() }
	roomtest.RunWith(t, tell, func(p *roomtest.Package) {
		v := model.New(p.Input).Verdicts()
		if p.Pkg.Name() == "heard" {
			v.Hear(saidOfAll(v))
		}
		for _, g := range v.Goroutines {
			text := v.Of(g).String()
			if v.Of(g).Ending == verdict.ByProcess {
				text = string(verdict.ByProcess) // a comment in words would make it true
			}
			p.Say(g.Site.Pos, "%s", text)
		}
		if p.Pkg.Name() == "wakes" {
			sayWaits(p, v)
		}
	})
}

// saidOfAll is what a check could say of the first call of each goroutine.
func saidOfAll(v *verdict.Verdicts) (all []verdict.Said) {
	for _, g := range v.Goroutines {
		for _, in := range g.Frames[0].Fn.Blocks[0].Instrs {
			if c, ok := in.(*ssa.Call); ok {
				all = append(all, verdict.Said{Check: "check", Site: g.Site, Pos: v.Syn.Start(c.Pos()), Waits: true})
				break
			}
		}
	}
	return all
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

// sayWaits says of each wait what ends it.
func sayWaits(p *roomtest.Package, v *verdict.Verdicts) {
	ops := [...]string{"select", "nothing", "receive", "send", "loop", "call", "join", "unread"}
	actions := [...]string{"close", "send", "receive", "cancel", "store", "join", "time", "data", "return", "peer"}
	levels := [...]string{"never", "only if", "unclear", "perhaps", "surely", "itself"}
	reasons := [...]string{
		"", " (nobody does)", " (nil channel)", " (one path)", " (root context)", " (not cancelled)", " (only after)", " (data decide)",
		" (no exit)", " (partner)", " (not seen)", " (not read)", " (not end)", " (no more)", " (recursive)",
	}
	for _, fn := range v.Functions {
		for _, w := range v.AllWaits(fn) {
			if w.Fn != fn {
				continue
			}
			var wakes []string
			for _, k := range w.Wakes {
				text := actions[k.Action] + " " + k.Name + " "
				if k.Param != nil {
					text += "by who calls"
				} else {
					text += levels[k.Level] + reasons[k.Why]
				}
				wakes = append(wakes, strings.Join(strings.Fields(text), " "))
			}
			if len(wakes) == 0 {
				wakes = []string{"no wake"}
			}
			p.Say(w.Pos, "%s: %s%s", ops[w.Op], strings.Join(wakes, ", "), marks(
				w.Other, "or otherwise", w.Part, "in part", w.Timed, "timed", w.Stays, "stays", w.Meant, "meant", w.Told, "told", w.Far != "", "far",
			))
		}
	}
}
