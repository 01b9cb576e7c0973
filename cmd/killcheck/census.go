package main

import (
	"go/types"

	"golang.org/x/tools/go/analysis"

	"github.com/killcheck/killcheck/analyzer"
	"github.com/killcheck/killcheck/analyzer/lifetime"
)

// goroutineCategory marks what the census says of one goroutine.
const goroutineCategory = "goroutine"

// newCensus returns the analyzer that tells the command line, through the
// findings of go vet, that a package was analysed. Without it a package that
// has no findings could not be told from one that was left out. With its flag
// -map it also lists the goroutines.
func newCensus() *analysis.Analyzer {
	a := &analysis.Analyzer{
		Name:     "killcheckcensus",
		Doc:      "report that a package was analysed (used by the killcheck command)",
		Requires: []*analysis.Analyzer{analyzer.Analyzer},
	}
	all := a.Flags.Bool("map", false, "report every goroutine")
	a.Flags.String("again", "", "only makes another key for the build cache")
	a.Run = func(pass *analysis.Pass) (any, error) {
		if len(pass.Files) == 0 {
			return nil, nil
		}
		pass.Report(analysis.Diagnostic{Pos: pass.Files[0].Package, Category: a.Name, Message: "analysed"})
		if result, ok := pass.ResultOf[analyzer.Analyzer].(*analyzer.Result); ok && *all {
			for _, g := range result.Goroutines {
				pass.Report(describeGoroutine(pass.Pkg, g, result))
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
	verdict := result.Judge(g)
	if verdict.Ending == lifetime.Stuck {
		for _, o := range result.Obstacles {
			if o.Site == g.Site && !o.Extended {
				d.Related = append(d.Related, analysis.RelatedInformation{Pos: o.Pos, End: o.End, Message: string(o.Kind) + ": " + o.Message})
			}
		}
	}
	body := "a function that is not known"
	if g.Site.Body != nil {
		body = g.Site.Body.RelString(pkg)
	}
	d.Message = verdict.String() + ": runs " + body
	if g.Site.Via != "" {
		d.Message += " through " + g.Site.Via
	}
	return d
}
