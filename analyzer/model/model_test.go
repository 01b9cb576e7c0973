package model_test

import (
	"sync"
	"testing"

	"github.com/killcheck/killcheck/analyzer/internal/roomtest"
	"github.com/killcheck/killcheck/analyzer/model"
)

// TestModel tells of each function what its callers in other packages need to know, and
// of each goroutine how it ends. Many ask at once.
func TestModel(t *testing.T) {
	roomtest.Run(t, func(p *roomtest.Package) {
		p.Exports = true
		m := model.New(p.Input)
		var wg sync.WaitGroup
		for _, g := range m.Goroutines {
			wg.Go(func() {
				m.Ask(func() { p.Say(g.Site.Pos, "%s", m.Verdicts().Of(g)) })
			})
		}
		wg.Wait()
		sums := m.Summaries()
		for _, fn := range m.Functions {
			s := sums[fn]
			if s.NoReturn {
				p.Say(fn.Pos(), "does not return")
			}
			if len(s.Spawns) > 0 {
				p.Say(fn.Pos(), "starts argument %v", s.Spawns)
			}
			if len(s.Runs) > 0 {
				p.Say(fn.Pos(), "runs argument %v", s.Runs)
			}
			if len(s.Waits) > 0 {
				p.Say(fn.Pos(), "waits in %d places", len(s.Waits))
			}
		}
	})
}
