package unclosed

import (
	_ "embed"

	"golang.org/x/tools/go/analysis"

	"github.com/killcheck/killcheck/analyzer/lifetime"
	"github.com/killcheck/killcheck/passes/internal/report"
)

//go:embed doc.go
var doc string

// New returns the analyzer of this check.
func New(options report.Options) *analysis.Analyzer {
	return report.New(report.Rule{
		Kind: lifetime.Unclosed,
		Doc:  doc,
	}, options)
}
