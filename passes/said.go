package passes

import (
	"golang.org/x/tools/go/analysis"

	"github.com/killcheck/killcheck/analyzer/verdict"
	"github.com/killcheck/killcheck/passes/internal/report"
)

// Said returns what the checks of the suite say of the package of a pass, of all
// tiers, in the order of the suite. The pass must require the checks.
func (s Suite) Said(pass *analysis.Pass) []verdict.Said {
	var all []verdict.Said
	for _, check := range s {
		result, ok := pass.ResultOf[check.Analyzer].(*report.Result)
		if !ok {
			continue // that of directives says nothing of goroutines
		}
		for _, f := range result.Findings {
			all = append(all, verdict.Said{
				Check: check.Analyzer.Name, Site: f.Site, Pos: f.Pos, Message: f.Message,
				Extended: f.Extended || check.Tier == Extended, Waits: result.Waits,
			})
		}
	}
	return all
}
