package main

import (
	"go/types"

	"golang.org/x/tools/go/analysis"

	"github.com/killcheck/killcheck/analyzer"
	"github.com/killcheck/killcheck/analyzer/lifetime"
)

// The categories mark what the census says of one goroutine, and what it
// explains.
const (
	goroutineCategory = "goroutine"
	explainCategory   = "explain"
	spawnCategory     = "explain spawn"
)

// newCensus returns the analyzer that tells the command line, through the
// findings of go vet, that a package was analysed. Without it a package that
// has no findings could not be told from one that was left out. With its flag
// -map it also lists the goroutines, and with -explain it explains every wait.
func newCensus() *analysis.Analyzer {
	a := &analysis.Analyzer{
		Name:     "killcheckcensus",
		Doc:      "report that a package was analysed (used by the killcheck command)",
		Requires: []*analysis.Analyzer{analyzer.Analyzer},
	}
	all := a.Flags.Bool("map", false, "report every goroutine")
	explain := a.Flags.Bool("explain", false, "explain every wait")
	a.Flags.String("again", "", "only makes another key for the build cache")
	a.Run = func(pass *analysis.Pass) (any, error) {
		if len(pass.Files) == 0 {
			return nil, nil
		}
		pass.Report(analysis.Diagnostic{Pos: pass.Files[0].Package, Category: a.Name, Message: "analysed"})
		result, ok := pass.ResultOf[analyzer.Analyzer].(*analyzer.Result)
		if ok && *all {
			for _, g := range result.Goroutines {
				pass.Report(describeGoroutine(pass.Pkg, g, result))
			}
		}
		if ok && *explain {
			for _, e := range result.Explain() {
				d := analysis.Diagnostic{Pos: e.Pos, End: e.End, Category: explainCategory, Message: e.Text}
				if e.Spawn {
					d.Category = spawnCategory
				}
				pass.Report(d)
			}
		}
		return nil, nil
	}
	return a
}

// describeGoroutine says what a goroutine runs and how it ends, with its
// obstacles as related information.
func describeGoroutine(pkg *types.Package, g *lifetime.Goroutine, result *analyzer.Result) analysis.Diagnostic {
	d := analysis.Diagnostic{Pos: g.Site.Pos, End: g.Site.End, Category: goroutineCategory}
	for _, o := range result.Obstacles {
		if o.Site == g.Site {
			tier := tierCore
			if o.Extended {
				tier = tierExtended
			}
			d.Related = append(d.Related, analysis.RelatedInformation{Pos: o.Pos, End: o.End, Message: string(o.Kind) + " (" + tier + "): " + o.Message})
		}
	}
	d.Message = result.Judge(g).String() + ": runs " + result.Runs(g, pkg)
	return d
}
