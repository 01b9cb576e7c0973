package config

import (
	"path/filepath"
	"slices"
	"strings"

	"golang.org/x/tools/go/analysis"

	"github.com/killcheck/killcheck/cmd/killcheck/internal/selection"
)

// extendedNote is the message of a related position that tells, where the flag notes
// of a check is set, that a finding is not of the core tier.
const extendedNote = "killcheck:tier extended"

// notePrefix begins the messages of all related positions that are for programs.
const notePrefix = "killcheck:"

// Filter makes a check report only what a configuration wants, for drivers that show
// what they are given. It sets the flags of the check, and so may be called once.
func Filter(check *analysis.Analyzer, c *Config, o Overrides, checks []selection.Check) error {
	flags := map[string]bool{"notes": true, "extended": c.LessCertain(checks)}
	for name, on := range flags {
		if on && check.Flags.Lookup(name) != nil {
			if err := check.Flags.Set(name, "true"); err != nil {
				return err
			}
		}
	}
	run := check.Run
	check.Run = func(pass *analysis.Pass) (any, error) {
		report := pass.Report
		pass.Report = func(d analysis.Diagnostic) {
			extended := !isCore(check.Name, checks)
			d.Related = slices.DeleteFunc(slices.Clone(d.Related), func(r analysis.RelatedInformation) bool {
				extended = extended || r.Message == extendedNote
				return strings.HasPrefix(r.Message, notePrefix)
			})
			// Go vet names files relative to the directory of the package, where it runs the tool.
			file, err := filepath.Abs(pass.Fset.PositionFor(d.Pos, false).Filename)
			if err != nil || c.Shows(o, file, check.Name, extended) {
				report(d)
			}
		}
		return run(pass)
	}
	return nil
}

func isCore(name string, checks []selection.Check) bool {
	return slices.ContainsFunc(checks, func(c selection.Check) bool { return c.Name == name && c.Core })
}
