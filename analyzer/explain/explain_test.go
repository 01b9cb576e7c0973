package explain_test

import (
	"slices"
	"strings"
	"testing"

	"github.com/killcheck/killcheck/analyzer/explain"
	"github.com/killcheck/killcheck/analyzer/internal/roomtest"
	"github.com/killcheck/killcheck/analyzer/model"
)

// TestExplain tells of each goroutine how it ends, what it runs, and whether the map
// leaves it out. In package texts it tells the explanations.
func TestExplain(t *testing.T) {
	roomtest.Run(t, func(p *roomtest.Package) {
		e := explain.New(model.New(p.Input).Verdicts())
		if p.Pkg.Name() == "texts" {
			for _, x := range e.All() {
				p.Say(x.Pos, "%s", strings.ReplaceAll(strings.ReplaceAll(x.Text, "\n", " |"), "\t", " "))
			}
			return
		}
		listed := e.Listed()
		for _, g := range e.Goroutines {
			text := e.Of(g).String() + ": " + e.Runs(g, p.Pkg)
			if !slices.Contains(listed, g) {
				text += ", not listed"
			}
			p.Say(g.Site.Pos, "%s", text)
		}
	})
}
