package directive

import (
	_ "embed"
	"fmt"
	"slices"

	"golang.org/x/tools/go/analysis"

	"github.com/killcheck/killcheck/analyzer"
	"github.com/killcheck/killcheck/analyzer/directive"
	"github.com/killcheck/killcheck/passes/internal/extract"
	"github.com/killcheck/killcheck/passes/internal/report"
)

// Name is the name of this check.
const Name = "directive"

//go:embed doc.go
var doc string

// New returns the analyzer of this check. It requires the others, whether they
// are on or not, so that it knows which comments are needed. Those of golangci-lint
// are left to it if it runs the checks.
func New(checks []*analysis.Analyzer, golangci bool) *analysis.Analyzer {
	text, _ := extract.Doc(doc, Name)
	a := &analysis.Analyzer{
		Name:     Name,
		Doc:      text,
		URL:      report.URL(Name),
		Requires: append([]*analysis.Analyzer{analyzer.Analyzer, report.Files}, checks...),
	}
	verbose := a.Flags.Bool("verbose", false, "report failures inside the other checks, too")
	a.Run = func(pass *analysis.Pass) (any, error) {
		run(pass, checks, *verbose, golangci)
		return nil, nil
	}
	report.Shown(a)
	return a
}

func run(pass *analysis.Pass, checks []*analysis.Analyzer, verbose, golangci bool) {
	var names []string
	used := make(map[*directive.Directive]bool)
	failed := failures(pass, checks)
	for _, check := range checks {
		names = append(names, check.Name)
		for _, d := range pass.ResultOf[check].(*report.Result).Used {
			used[d] = true
		}
	}
	files := pass.ResultOf[report.Files].(*report.Package)
	for _, d := range files.Directives {
		if d.All && golangci {
			continue
		}
		if problem := problem(d, names); problem != "" {
			diagnose(pass, d, problem)
			continue
		}
		if d.Verb == directive.Ignore && len(failed) == 0 && !used[d] {
			diagnose(pass, d, "unused directive: there is nothing to ignore here")
		}
	}
	if !verbose || len(pass.Files) == 0 {
		return
	}
	for _, failure := range failed {
		pass.Report(analysis.Diagnostic{Pos: pass.Files[0].Package, Category: "internal", Message: "internal error: " + failure})
	}
}

// problem returns what is wrong with a directive, or nothing.
func problem(d *directive.Directive, names []string) string {
	if !d.Valid() || d.Verb != directive.Ignore {
		return d.Problem
	}
	for _, name := range d.Args {
		if !slices.Contains(names, name) {
			return fmt.Sprintf("unknown check %q", name)
		}
	}
	return ""
}

// failures returns the panics of the engine and of the checks.
func failures(pass *analysis.Pass, checks []*analysis.Analyzer) []string {
	var all []string
	if s := pass.ResultOf[analyzer.Analyzer].(*analyzer.Result).Internal; s != "" {
		all = append(all, s)
	}
	for _, check := range checks {
		if s := pass.ResultOf[check].(*report.Result).Internal; s != "" {
			all = append(all, s)
		}
	}
	return all
}

func diagnose(pass *analysis.Pass, d *directive.Directive, message string) {
	pass.Report(analysis.Diagnostic{
		Pos:      d.Pos,
		End:      d.End,
		Category: Name,
		URL:      report.URL(Name),
		Message:  message,
	})
}
