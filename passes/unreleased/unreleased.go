package unreleased

import (
	_ "embed"
	"go/token"

	"golang.org/x/tools/go/analysis"

	"github.com/killcheck/killcheck/passes/internal/report"
)

//go:embed doc.go
var doc string

// Analyzer is the check with the options that it has by default.
var Analyzer = New(report.Options{Core: true})

// New returns the analyzer of this check.
func New(options report.Options) *analysis.Analyzer {
	return report.New(report.Rule{Name: "unreleased", Doc: doc, Find: find, Waits: true}, options)
}

// A question is what this check asks the model.
type question struct {
	*report.Question
}

func find(asked *report.Question) {
	q := &question{Question: asked}
	for _, g := range q.Goroutines {
		q.unreleased(g)
		q.farDeads(g)
	}
	q.stuck()
	q.spent()
	unraised := q.Raisers().Unraised()
	said := make(map[token.Pos]bool)
	for _, u := range unraised {
		said[u.Pos] = true
	}
	q.unraised(unraised)
	for _, g := range q.Goroutines {
		q.skipped(g, said)
		q.unclosed(g)
	}
	q.groups()
	q.inCircles(q.Goroutines)
	q.gates()
	q.unraised(q.Raisers().Unstarted())
	q.Standstills(false)
}
