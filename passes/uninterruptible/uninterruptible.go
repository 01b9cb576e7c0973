package uninterruptible

import (
	_ "embed"

	"golang.org/x/tools/go/analysis"

	"github.com/killcheck/killcheck/passes/internal/report"
)

//go:embed doc.go
var doc string

// Analyzer is the check with the options that it has by default.
var Analyzer = New(report.Options{Core: true})

// New returns the analyzer of this check.
func New(options report.Options) *analysis.Analyzer {
	return report.New(report.Rule{Name: "uninterruptible", Doc: doc, Find: find, Waits: true}, options)
}

// A question is what this check asks the model.
type question struct {
	*report.Question
}

func find(asked *report.Question) {
	q := &question{Question: asked}
	q.uninterruptible()
	q.accepts()
	q.naps()
}
