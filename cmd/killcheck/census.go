package main

import (
	"go/types"

	"golang.org/x/tools/go/analysis"

	"github.com/killcheck/killcheck/analyzer"
	"github.com/killcheck/killcheck/analyzer/explain"
	"github.com/killcheck/killcheck/analyzer/model"
	"github.com/killcheck/killcheck/analyzer/program"
	"github.com/killcheck/killcheck/analyzer/verdict"
	"github.com/killcheck/killcheck/passes"
)

// The categories mark what the census says of one goroutine, and what it
// explains.
const (
	goroutineCategory = "goroutine"
	explainCategory   = "explain"
	spawnCategory     = "explain spawn"
)

// censusMessage is what the census says of every package. The hash of what its
// importers know of it may follow.
const censusMessage = "analysed"

// newCensus returns the analyzer that tells the command line, through the
// findings of go vet, that a package was analysed. Without it a package that
// has no findings could not be told from one that was left out. With its flag
// -map it also lists the goroutines, and with -explain it explains every wait.
func newCensus(checks passes.Suite) *analysis.Analyzer {
	a := &analysis.Analyzer{
		Name:     "killcheckcensus",
		Doc:      "report that a package was analysed (used by the killcheck command)",
		Requires: append(checks.Analyzers(), analyzer.Analyzer),
	}
	all := a.Flags.Bool("map", false, "report every goroutine")
	explains := a.Flags.Bool("explain", false, "explain every wait")
	a.Flags.String("again", "", "only makes another key for the build cache")
	a.Run = func(pass *analysis.Pass) (any, error) {
		if len(pass.Files) == 0 {
			return nil, nil
		}
		result, ok := pass.ResultOf[analyzer.Analyzer].(*analyzer.Result)
		message := censusMessage
		if hash := knownOf(pass, result); hash != "" {
			message += " " + hash
		}
		pass.Report(analysis.Diagnostic{Pos: pass.Files[0].Package, Category: a.Name, Message: message})
		if !ok || !*all && !*explains {
			return nil, nil
		}
		said := checks.Said(pass)
		result.Ask(func(m *model.Model) {
			m.Verdicts().Hear(said)
			e := explain.New(m.Verdicts())
			if *all {
				for _, g := range e.Listed() {
					pass.Report(describeGoroutine(pass.Pkg, g, e, said))
				}
			}
			if *explains {
				for _, e := range e.All() {
					d := analysis.Diagnostic{Pos: e.Pos, End: e.End, Category: explainCategory, Message: e.Text}
					if e.Spawn {
						d.Category = spawnCategory
					}
					pass.Report(d)
				}
			}
		})
		return nil, nil
	}
	return a
}

// describeGoroutine says what a goroutine runs and how it ends, with its
// obstacles as related information.
func describeGoroutine(pkg *types.Package, g *program.Goroutine, e *explain.Explainer, said []verdict.Said) analysis.Diagnostic {
	d := analysis.Diagnostic{Pos: g.Site.Pos, End: g.Site.End, Category: goroutineCategory}
	for _, o := range said {
		if o.Site == g.Site {
			tier := tierCore
			if o.Extended {
				tier = tierExtended
			}
			d.Related = append(d.Related, analysis.RelatedInformation{Pos: o.Pos, Message: o.Check + " (" + tier + "): " + o.Message})
		}
	}
	d.Message = e.Of(g).String() + ": runs " + e.Runs(g, pkg)
	return d
}
