package leftopen_test

import (
	"testing"

	"github.com/killcheck/killcheck/analyzer/internal/roomtest"
	"github.com/killcheck/killcheck/analyzer/leftopen"
	"github.com/killcheck/killcheck/analyzer/model"
)

// TestFind tells of each goroutine how it ends, and of each wait that only a close ends
// which handle is left open, and where.
func TestFind(t *testing.T) {
	roomtest.Run(t, func(p *roomtest.Package) {
		m := model.New(p.Input)
		for _, g := range m.Goroutines {
			p.Say(g.Site.Pos, "%s", m.Verdicts().Of(g))
			for _, u := range leftopen.Find(m.Verdicts(), m.Handles(), g) {
				text := "nobody closes it"
				if u.Ret.IsValid() {
					text = "left at " + m.Where(u.Ret)
				}
				if u.Lives {
					text += ", may live"
				}
				p.Say(u.At, "unclosed: %s of %s, %s", u.Name, u.Maker.RelString(p.Pkg), text)
			}
		}
	})
}
