package fault_test

import (
	"strings"
	"testing"

	"golang.org/x/tools/go/ssa"

	"github.com/killcheck/killcheck/analyzer/fault"
	"github.com/killcheck/killcheck/analyzer/internal/roomtest"
	"github.com/killcheck/killcheck/analyzer/model"
	"github.com/killcheck/killcheck/analyzer/program"
	"github.com/killcheck/killcheck/analyzer/summary"
	"github.com/killcheck/killcheck/analyzer/verdict"
	"github.com/killcheck/killcheck/analyzer/wait"
)

// TestFaults tells of each goroutine how it ends, and of each place what is wrong with the
// wait there; and of functions that are given a context where they stay.
func TestFaults(t *testing.T) {
	tell := func(p *roomtest.Package) map[*ssa.Function]*summary.Func { return model.New(p.Input).Summaries() }
	roomtest.RunWith(t, tell, func(p *roomtest.Package) {
		m := model.New(p.Input).Faults()
		for _, g := range m.Goroutines {
			text := m.Of(g).String()
			if m.Of(g).Ending == verdict.ByProcess {
				text = string(verdict.ByProcess) // a comment in words would make it true
			}
			p.Say(g.Site.Pos, "%s", text)
			sayFaults(p, m, g)
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
	})
}

// sayFaults says what is wrong with the waits of one goroutine.
func sayFaults(p *roomtest.Package, m *fault.Faults, g *program.Goroutine) {
	ops := [...]string{wait.Select: "select", wait.Recv: "receive", wait.Send: "send"}
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
		p.Say(s.At, "skipped: %s by %s at %s%s", s.Name, s.Maker.RelString(p.Pkg), text, marks(s.Unsure, "unsure", s.Far != "", "far"))
	}
	for _, f := range g.Frames {
		for _, b := range f.Fn.Blocks {
			for _, in := range b.Instrs {
				if c, ok := in.(*ssa.Call); ok && c.Pos().IsValid() {
					if flag := m.Flagged(g, f, c); flag != "" {
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
