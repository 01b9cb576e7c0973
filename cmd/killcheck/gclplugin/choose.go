package gclplugin

import (
	"fmt"

	"golang.org/x/tools/go/analysis"

	"github.com/killcheck/killcheck/analyzer"
	"github.com/killcheck/killcheck/cmd/killcheck/internal/config"
	"github.com/killcheck/killcheck/cmd/killcheck/internal/selection"
	"github.com/killcheck/killcheck/passes"
)

// selectable returns the checks for package selection.
func selectable() []selection.Check {
	var all []selection.Check
	for _, check := range passes.New(passes.Options{}) {
		all = append(all, selection.Check{Name: check.Analyzer.Name, Core: check.Tier == passes.Core})
	}
	return all
}

// choose returns the checks that the settings and the configuration name, in the order
// of the suite. Words of the settings win over the configuration.
func choose(words []string, cfg *config.Config) ([]*analysis.Analyzer, error) {
	checks := selectable()
	core, err := selection.Choose(checks, []string{selection.Core}, nil)
	if err != nil {
		return nil, err
	}
	over := config.Overrides{Default: core}
	if len(words) > 0 {
		if over.Checks, err = selection.Choose(checks, words, nil); err != nil {
			return nil, err
		}
	}
	extended := cfg.LessCertain(checks)
	if over.Checks != nil {
		extended = over.Checks.LessCertain(checks)
	}
	var chosen []*analysis.Analyzer
	for _, check := range passes.New(passes.Options{Compact: true, Extended: extended}) {
		on := cfg.Any(check.Analyzer.Name, check.Tier == passes.Core)
		if over.Checks != nil {
			on = over.Checks.Any(check.Analyzer.Name)
		}
		if !on {
			continue
		}
		if cfg != nil {
			if err := config.Filter(check.Analyzer, cfg, over, checks); err != nil {
				return nil, err
			}
		}
		chosen = append(chosen, check.Analyzer)
	}
	if len(chosen) == 0 {
		return nil, fmt.Errorf("%q leaves no check", "checks")
	}
	return chosen, nil
}

// marked makes the names of analyzers tell of the configuration, since golangci-lint
// keeps results under names, and knows only of the settings in its own file: the engine
// gets a name for the rows, and the checks get a companion for the rest, which does
// nothing.
func marked(chosen []*analysis.Analyzer, hash string) []*analysis.Analyzer {
	if hash == "" {
		return chosen
	}
	analyzer.Analyzer.Name = "killcheck_" + hash[:16]
	return append(chosen, &analysis.Analyzer{
		Name: "killcheckconfig_" + hash[:16],
		Doc:  "tell one configuration of killcheck from another",
		Run:  func(*analysis.Pass) (any, error) { return nil, nil },
	})
}
