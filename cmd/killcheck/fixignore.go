package main

import (
	"slices"

	"github.com/killcheck/killcheck/cmd/killcheck/internal/apply"
	"github.com/killcheck/killcheck/cmd/killcheck/internal/finding"
	"github.com/killcheck/killcheck/cmd/killcheck/internal/ignore"
)

// comments returns an edit for each line with findings, which puts a comment there
// that hides them. What the check of such comments says cannot be hidden.
func (f *fixer) comments(out *outcome) []finding.Fix {
	type line struct {
		file string
		n    int
	}
	var lines []line
	checks := make(map[line][]string)
	for _, found := range out.findings {
		at := line{found.File, found.Start.Line}
		if _, own := out.own[found.File]; !own || !found.Counts() || !f.suite.mutes(found.Check) {
			continue
		}
		if checks[at] == nil {
			lines = append(lines, at)
		}
		if !slices.Contains(checks[at], found.Check) {
			checks[at] = append(checks[at], found.Check)
		}
	}
	source := finding.NewSource(out.analysed, f.request.overlay)
	var all []finding.Fix
	for _, at := range lines {
		text, known := source.Text(at.file)
		place, ok := ignore.At(text, at.n)
		if !known || !ok {
			continue // the finding stays, and is reported
		}
		all = append(all, finding.Fix{Message: "ignore it", Edits: []finding.Edit{{
			File: at.file, Start: place.Offset, End: place.Offset,
			New: place.Text(ignore.Comment(checks[at], f.opts.reason)), Sum: apply.Sum([]byte(text)),
		}}})
	}
	return all
}

// mutes reports whether a directive can hide the findings of a check.
func (s suite) mutes(name string) bool {
	c, ok := s.find(name)
	return ok && c.flag("muted") != nil
}
