package main

import (
	"golang.org/x/tools/go/analysis"

	"github.com/killcheck/killcheck/analyzer"
)

// newCensus returns the analyzer that tells the command line, through the
// findings of go vet, that a package was analysed. Without it a package that
// has no findings could not be told from one that was left out.
func newCensus() *analysis.Analyzer {
	return &analysis.Analyzer{
		Name:     "killcheckcensus",
		Doc:      "report that a package was analysed (used by the killcheck command)",
		Requires: []*analysis.Analyzer{analyzer.Analyzer},
		Run: func(pass *analysis.Pass) (any, error) {
			if len(pass.Files) > 0 {
				pass.Report(analysis.Diagnostic{Pos: pass.Files[0].Package, Category: pass.Analyzer.Name, Message: "analysed"})
			}
			return nil, nil
		},
	}
}
