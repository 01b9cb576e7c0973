package main

import (
	"fmt"
	"io"
	"slices"
	"strings"
	"text/tabwriter"

	"golang.org/x/tools/go/analysis"

	"github.com/killcheck/killcheck/analyzer"
	"github.com/killcheck/killcheck/cmd/killcheck/internal/format"
	"github.com/killcheck/killcheck/cmd/killcheck/internal/selection"
	"github.com/killcheck/killcheck/passes"
)

// The tiers of checks.
const (
	tierCore     = selection.Core     // on unless turned off
	tierExtended = selection.Extended // off unless asked for
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

// selectable returns the checks for package selection.
func (s suite) selectable() []selection.Check {
	var all []selection.Check
	for _, c := range s.checks {
		all = append(all, selection.Check{Name: c.name, Core: c.tier == tierCore})
	}
	return all
}

// choose interprets the value of -checks, a comma-separated list.
func (s suite) choose(list string) (selection.Selection, error) {
	sel, err := selection.Choose(s.selectable(), strings.Split(list, ","), nil)
	if err != nil {
		return nil, usagef("%v (\"killcheck checks\" lists them)", err)
	}
	return sel, nil
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

			Precision: passes.Precision(c.name),
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
