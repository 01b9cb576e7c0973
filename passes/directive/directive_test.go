package directive_test

import (
	"testing"

	"golang.org/x/tools/go/analysis"
	"golang.org/x/tools/go/analysis/analysistest"

	"github.com/killcheck/killcheck/passes"
)

func Test(t *testing.T) {
	var directive *analysis.Analyzer
	for _, check := range passes.New(passes.Options{}) {
		if check.Analyzer.Name == "directive" {
			directive = check.Analyzer
		}
	}
	analysistest.Run(t, analysistest.TestData(), directive, "a", "generated")
}
