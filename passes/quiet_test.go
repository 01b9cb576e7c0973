package passes_test

import (
	"path/filepath"
	"testing"

	"golang.org/x/tools/go/analysis"

	"github.com/killcheck/killcheck/passes"
	"github.com/killcheck/killcheck/passes/internal/passtest"
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
	dir, err := filepath.Abs("testdata")
	if err != nil {
		t.Fatal(err)
	}
	for _, act := range passtest.Analyze(t, dir, all, "mechanisms", "lookalikes") {
		for _, dep := range act.Deps {
			for _, d := range dep.Diagnostics {
				t.Errorf("%s: %s: %s", dep.Package.Fset.Position(d.Pos), dep.Analyzer.Name, d.Message)
			}
		}
	}
}
