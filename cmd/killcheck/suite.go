package main

import (
	"fmt"
	"io"
	"slices"
	"strings"
	"text/tabwriter"

	"golang.org/x/tools/go/analysis"

	"github.com/killcheck/killcheck/analyzer"
	"github.com/killcheck/killcheck/cmd/killcheck/internal/cli"
	"github.com/killcheck/killcheck/cmd/killcheck/internal/finding"
	"github.com/killcheck/killcheck/cmd/killcheck/internal/format"
	"github.com/killcheck/killcheck/passes"
)

// The tiers of checks.
const (
	tierCore     = "core"     // on unless turned off
	tierExtended = "extended" // off unless asked for
)

// A check is what the command knows of one check.
type check struct {
	name, tier string
	analyzer   *analysis.Analyzer
}

// summary returns the first line of the page of the check.
func (c check) summary() string {
	line, _, _ := strings.Cut(c.analyzer.Doc, "\n")
	return strings.TrimPrefix(line, c.name+": ")
}

// flag returns the argument that sets a boolean flag of the check in the vet
// tool, or nothing if the check has no such flag.
func (c check) flag(name string) []string {
	if c.analyzer.Flags.Lookup(name) == nil {
		return nil
	}
	return []string{"-" + c.name + "." + name}
}

// A suite is the checks in the order in which they are shown, and the
// analyzer that tells the command line what was analysed.
type suite struct {
	checks []check
	census *analysis.Analyzer
}

// newSuite returns the checks of package passes.
func newSuite() suite {
	checks := passes.New(passes.Options{})
	s := suite{census: newCensus(checks)}
	for _, c := range checks {
		s.checks = append(s.checks, check{c.Analyzer.Name, string(c.Tier), c.Analyzer})
	}
	return s
}

func (s suite) analyzers() []*analysis.Analyzer {
	var all []*analysis.Analyzer
	for _, c := range s.checks {
		all = append(all, c.analyzer)
	}
	return append(all, s.census, analyzer.Analyzer) // the last one only for its flag
}

// names returns the names of the checks.
func (s suite) names() []string {
	var names []string
	for _, c := range s.checks {
		names = append(names, c.name)
	}
	return names
}

func (s suite) find(name string) (check, bool) {
	i := slices.IndexFunc(s.checks, func(c check) bool { return c.name == name })
	if i < 0 {
		return check{}, false
	}
	return s.checks[i], true
}

// A selection says for each check of which tiers its findings are shown.
type selection map[string]tiers

type tiers struct{ core, extended bool }

// shows reports whether a finding is to be shown.
func (s selection) shows(f finding.Finding) bool {
	if f.Extended {
		return s[f.Check].extended
	}
	return s[f.Check].core
}

// choose interprets the value of -checks: a comma-separated list of core,
// extended, all, names, and names with a minus sign in front. A list that
// starts with a minus sign starts from core. The tiers are those of findings: the
// extended one holds what a check of the core is less sure of, too. A name stands
// for the findings of the tier of that check.
func (s suite) choose(list string) (selection, error) {
	sel := make(selection)
	set := func(core, extended, on bool) {
		for _, c := range s.checks {
			t := sel[c.name]
			if core && c.tier == tierCore {
				t.core = on
			}
			if extended {
				t.extended = on
			}
			sel[c.name] = t
		}
	}
	for i, word := range strings.Split(list, ",") {
		word = strings.TrimSpace(word)
		name, minus := strings.CutPrefix(word, "-")
		if minus && i == 0 {
			set(true, false, true)
		}
		switch name {
		case tierCore, tierExtended, "all":
			set(name != tierExtended, name != tierCore, !minus)
		default:
			c, ok := s.find(name)
			switch {
			case !ok:
				words := append(s.names(), tierCore, tierExtended, "all")
				return nil, usagef("unknown check %q%s (\"killcheck checks\" lists them)", name, cli.Hint(name, words))
			case minus:
				sel[name] = tiers{}
			case c.tier == tierCore:
				sel[name] = tiers{true, sel[name].extended}
			default:
				sel[name] = tiers{extended: true}
			}
		}
	}
	return sel, nil
}

// lessCertain reports whether the selection holds what a check of the core is less
// sure of.
func (s suite) lessCertain(sel selection) bool {
	return slices.ContainsFunc(s.checks, func(c check) bool { return c.tier == tierCore && sel[c.name].extended })
}

// rules describes the checks for the formats.
func (s suite) rules() []format.Rule {
	var rules []format.Rule
	for _, c := range s.checks {
		rules = append(rules, format.Rule{
			Name:    c.name,
			Core:    c.tier == tierCore,
			Summary: c.summary(),
			Doc:     c.analyzer.Doc,
			URL:     c.analyzer.URL,
		})
	}
	return rules
}

// list prints the checks with tier and summary.
func (s suite) list(w io.Writer) error {
	tw := tabwriter.NewWriter(w, 0, 8, 2, ' ', 0)
	for _, c := range s.checks {
		fmt.Fprintf(tw, "%s\t%s\t%s\n", c.name, c.tier, c.summary())
	}
	return tw.Flush()
}

// toolFlags returns the flags that make the vet tool run all checks and the
// census. They do not depend on the selected names, so that every run shares
// the facts and findings in the build cache.
func (s suite) toolFlags(extended bool) []string {
	var flags []string
	for _, c := range s.checks {
		flags = append(flags, "-"+c.name)
		flags = append(flags, c.flag("review")...)
		flags = append(flags, c.flag("verbose")...)
		flags = append(flags, c.flag("muted")...)
		flags = append(flags, c.flag("notes")...)
		if extended {
			flags = append(flags, c.flag("extended")...)
		}
	}
	return append(flags, "-"+s.census.Name)
}

// set sets the flags of the analyzers to what toolFlags and rowsFlags say, for a
// driver in this process.
func (s suite) set(extended bool, rows string) error {
	if err := analyzer.Analyzer.Flags.Set(rowsFlag, rows); err != nil {
		return err
	}
	for _, c := range s.checks {
		for _, name := range []string{"review", "verbose", "muted", "notes", "extended"} {
			if c.analyzer.Flags.Lookup(name) == nil || (name == "extended" && !extended) {
				continue
			}
			if err := c.analyzer.Flags.Set(name, "true"); err != nil {
				return err
			}
		}
	}
	return nil
}
