package verdict

import (
	"slices"
	"strings"
	"testing"

	"golang.org/x/tools/go/ssa"

	"github.com/killcheck/killcheck/analyzer/internal/roomtest"
	"github.com/killcheck/killcheck/analyzer/program"
	"github.com/killcheck/killcheck/analyzer/summary"
)

// TestVerdict tells of each goroutine how it ends; and of each place what the questions
// find there that the checks ask. In package wakes it also tells of each wait what ends
// it, how sure that is, and why; in package runs, what each goroutine runs, and whether
// the map leaves it out. In package heard a check has something to say of each.
func TestVerdict(t *testing.T) {
	tell := func(p *roomtest.Package) map[*ssa.Function]*summary.Func { return New(p.Input).Summaries() }
	roomtest.RunWith(t, tell, func(p *roomtest.Package) {
		m := New(p.Input)
		if p.Pkg.Name() == "heard" {
			m.Hear(saidOfAll(m))
		}
		listed := m.Listed()
		for _, g := range m.Goroutines {
			v := m.Judge(g)
			text := v.String()
			if v.Ending == ByProcess {
				text = string(v.Ending) // a comment in words would make it true
			}
			if p.Pkg.Name() == "runs" {
				text += ": " + m.Runs(g, p.Pkg)
				if !slices.Contains(listed, g) {
					text += ", not listed"
				}
			}
			p.Say(g.Site.Pos, "%s", text)
			sayQuestions(p, m, g)
		}
		for _, b := range m.Broken() {
			text := "broken promise of " + b.Name
			if b.What != "" {
				text += ": " + b.What
			}
			if b.Hands {
				text += ", handed on"
			}
			p.Say(b.Pos, "%s", text)
		}
		if p.Pkg.Name() == "wakes" {
			sayWaits(p, m)
		}
	})
}

// saidOfAll is what a check could say of the first call of each goroutine.
func saidOfAll(m *Model) (all []Said) {
	for _, g := range m.Goroutines {
		for _, in := range g.Frames[0].Fn.Blocks[0].Instrs {
			if c, ok := in.(*ssa.Call); ok {
				all = append(all, Said{Check: "check", Site: g.Site, Pos: m.Syn.Start(c.Pos()), Waits: true})
				break
			}
		}
	}
	return all
}

// sayQuestions says what the questions about one goroutine find.
func sayQuestions(p *roomtest.Package, m *Model, g *program.Goroutine) {
	ops := [...]string{WaitSelect: "select", WaitRecv: "receive", WaitSend: "send"}
	for _, h := range m.Halves(g) {
		p.Say(h.Pos, "half: %s, heeds %s%s", ops[h.Op], h.Heeds, marks(
			h.F == nil, "nobody seen", h.Calls, "of a caller", h.Alone, "alone", h.Tail, "tail", h.Taken, "taken",
			h.Hook, "hook", h.Room, "room", h.Asked, "asked", h.Stop.Expr != "", "in reach of "+h.Stop.Expr,
		))
	}
	for _, f := range m.Fars(g) {
		p.Say(f.Pos, "far: %s%s", f.What, marks(f.Stop.Expr != "", "in reach of "+f.Stop.Expr, f.Given, "given"))
	}
	for _, f := range m.FarDeads(g) {
		p.Say(f.Pos, "far dead: %s", f.What)
	}
	for _, d := range m.DeadLoops(g) {
		p.Say(d.Wait.Pos, "dead loop: %s%s", d.Name, d.Why)
	}
	for _, s := range m.Skipped(g) {
		text := "nowhere"
		if s.Leaves.Pos.IsValid() {
			text = m.Where(s.Leaves.Pos)
		}
		p.Say(s.At, "skipped: %s by %s at %s%s", s.Name, m.matcher().name(s.Maker), text, marks(s.Unsure, "unsure", s.Far != "", "far"))
	}
	for _, u := range m.Unclosed(g) {
		text := "nobody closes it"
		if u.Ret.IsValid() {
			text = "left at " + m.Where(u.Ret)
		}
		p.Say(u.At, "unclosed: %s of %s, %s%s", u.Name, m.matcher().name(u.Maker), text, marks(u.Lives, "may live", u.Far != "", "far"))
	}
	for _, f := range g.Frames {
		for _, b := range f.Fn.Blocks {
			for _, in := range b.Instrs {
				if c, ok := in.(*ssa.Call); ok && c.Pos().IsValid() {
					if flag := m.Flagged(f, c); flag != "" {
						p.Say(c.Pos(), "flagged by %s", flag)
					}
				}
			}
		}
	}
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
func sayWaits(p *roomtest.Package, m *Model) {
	ops := [...]string{"select", "nothing", "receive", "send", "loop", "call", "join", "unread"}
	actions := [...]string{"close", "send", "receive", "cancel", "store", "join", "time", "data", "return", "peer"}
	levels := [...]string{"never", "only if", "unclear", "perhaps", "surely", "itself"}
	reasons := [...]string{
		"", " (nobody does)", " (nil channel)", " (one path)", " (root context)", " (not cancelled)", " (only after)", " (data decide)",
		" (no exit)", " (partner)", " (not seen)", " (not read)", " (not end)", " (no more)", " (recursive)",
	}
	x := m.matcher()
	for _, fn := range m.Functions {
		for _, w := range x.all(fn) {
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
