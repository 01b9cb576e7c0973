package analyzer

import (
	"reflect"

	"golang.org/x/tools/go/analysis"

	"github.com/killcheck/killcheck/analyzer/lifetime"
)

// Analyzer computes the lifetime of every goroutine of a package. It reports
// nothing; the checks under passes require it and report from its [Result].
var Analyzer = &analysis.Analyzer{
	Name:       "killcheck",
	Doc:        "compute whether goroutines can be stopped",
	Run:        run,
	ResultType: reflect.TypeFor[*Result](),
}

// A Result holds what is known of one package.
type Result struct {
	Obstacles []lifetime.Obstacle // sorted by position
	Internal  string              // a panic inside the engine, with its stack; empty if there was none
}

func run(pass *analysis.Pass) (any, error) {
	return &Result{}, nil
}
