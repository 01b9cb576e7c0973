// Package selection says of which checks and tiers findings are wanted.
package selection

import (
	"fmt"
	"slices"
	"strings"

	"github.com/killcheck/killcheck/cmd/killcheck/internal/cli"
)

// The words that stand for tiers.
const (
	Core     = "core"     // on unless turned off
	Extended = "extended" // off unless asked for
	All      = "all"
)

// A Check is a check and its tier.
type Check struct {
	Name string
	Core bool
}

// Words returns the words that a list may hold: the tiers, and the names of the
// checks.
func Words(checks []Check) []string {
	words := []string{Core, Extended, All}
	for _, c := range checks {
		words = append(words, c.Name)
	}
	return words
}

// A Selection says for each check of which tiers its findings are shown.
type Selection map[string]tiers

type tiers struct{ core, extended bool }

// Shows reports whether a finding of a check is shown. Extended is the tier of the
// finding, which may be lower than that of its check.
func (s Selection) Shows(check string, extended bool) bool {
	if extended {
		return s[check].extended
	}
	return s[check].core
}

// LessCertain reports whether the selection holds what a check of the core is less
// sure of.
func (s Selection) LessCertain(checks []Check) bool {
	return slices.ContainsFunc(checks, func(c Check) bool { return c.Core && s[c.Name].extended })
}

// Any reports whether findings of a check are shown at all.
func (s Selection) Any(check string) bool { return s[check].core || s[check].extended }

// Choose interprets a list of core, extended, all, names, and words with a minus
// sign in front. A list that starts with a minus sign takes away from another
// selection: from base, or from the core if base is nil. The tiers are those of
// findings: the extended one holds what a check of the core is less sure of, too. A
// name stands for the findings of the tier of that check.
func Choose(checks []Check, words []string, base Selection) (Selection, error) {
	sel := make(Selection)
	set := func(core, extended, on bool) {
		for _, c := range checks {
			t := sel[c.Name]
			if core && c.Core {
				t.core = on
			}
			if extended {
				t.extended = on
			}
			sel[c.Name] = t
		}
	}
	for i, word := range words {
		word = strings.TrimSpace(word)
		name, minus := strings.CutPrefix(word, "-")
		if minus && i == 0 {
			set(true, false, true)
			if base != nil {
				sel = clone(base)
			}
		}
		switch name {
		case Core, Extended, All:
			set(name != Extended, name != Core, !minus)
		default:
			i := slices.IndexFunc(checks, func(c Check) bool { return c.Name == name })
			switch {
			case i < 0:
				return nil, fmt.Errorf("unknown check %q%s", name, cli.Hint(name, Words(checks)))
			case minus:
				sel[name] = tiers{}
			case checks[i].Core:
				sel[name] = tiers{true, sel[name].extended}
			default:
				sel[name] = tiers{extended: true}
			}
		}
	}
	return sel, nil
}

func clone(s Selection) Selection {
	copied := make(Selection)
	for name, t := range s {
		copied[name] = t
	}
	return copied
}
