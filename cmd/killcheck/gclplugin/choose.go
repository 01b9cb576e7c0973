package gclplugin

import (
	"errors"
	"fmt"
	"strings"

	"golang.org/x/tools/go/analysis"

	"github.com/killcheck/killcheck/passes"
)

// choose returns the checks that the words name, in the order of the suite. The
// words are those of the flag -checks of the command: a list that is empty or
// starts with a minus sign starts from the core tier.
func choose(words []string) ([]*analysis.Analyzer, error) {
	tiers := make(map[string]passes.Tier)
	for _, check := range passes.New(passes.Options{}) {
		tiers[check.Analyzer.Name] = check.Tier
	}
	on := make(map[string]bool)
	set := func(value bool, match func(passes.Tier) bool) {
		for name, tier := range tiers {
			if match(tier) {
				on[name] = value
			}
		}
	}
	core := func(t passes.Tier) bool { return t == passes.Core }
	if len(words) == 0 || strings.HasPrefix(words[0], "-") {
		set(true, core)
	}
	extended := false // report less certain findings, too
	for _, word := range words {
		name, minus := strings.CutPrefix(word, "-")
		switch name {
		case string(passes.Core):
			set(!minus, core)
		case string(passes.Extended):
			set(!minus, func(t passes.Tier) bool { return t == passes.Extended })
			extended = !minus
		case "all":
			set(!minus, func(passes.Tier) bool { return true })
			extended = !minus
		default:
			if _, ok := tiers[name]; !ok {
				return nil, fmt.Errorf("settings of killcheck: unknown check %q", word)
			}
			on[name] = !minus
		}
	}
	var chosen []*analysis.Analyzer
	for _, check := range passes.New(passes.Options{Compact: true, Extended: extended}) {
		if on[check.Analyzer.Name] {
			chosen = append(chosen, check.Analyzer)
		}
	}
	if len(chosen) == 0 {
		return nil, errors.New("settings of killcheck: \"checks\" leaves no check")
	}
	return chosen, nil
}
