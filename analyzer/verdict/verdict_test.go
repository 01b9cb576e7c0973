package verdict_test

import (
	"testing"

	"golang.org/x/tools/go/ssa"

	"github.com/killcheck/killcheck/analyzer/internal/roomtest"
	"github.com/killcheck/killcheck/analyzer/model"
	"github.com/killcheck/killcheck/analyzer/summary"
	"github.com/killcheck/killcheck/analyzer/verdict"
)

// TestVerdict tells of each goroutine how it ends. In package heard a check has something
// to say of each.
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
