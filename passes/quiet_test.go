package passes_test

import (
	"testing"

	"golang.org/x/tools/go/analysis"
	"golang.org/x/tools/go/analysis/analysistest"

	"github.com/killcheck/killcheck/passes"
)

// No core check reports anything in code that stops.
func TestQuiet(t *testing.T) {
	suite := passes.New(passes.Options{})
	all := &analysis.Analyzer{
		Name: "core",
		Doc:  "run all core checks",
		Run:  func(*analysis.Pass) (any, error) { return nil, nil },
	}
	for _, check := range suite {
		if check.Tier == passes.Core {
			all.Requires = append(all.Requires, check.Analyzer)
		}
	}
	for _, result := range analysistest.Run(t, analysistest.TestData(), all, "mechanisms", "lookalikes") {
		for _, dep := range result.Action.Deps {
			for _, d := range dep.Diagnostics {
				t.Errorf("%s: %s: %s", dep.Package.Fset.Position(d.Pos), dep.Analyzer.Name, d.Message)
			}
		}
	}
}
