package vetjson

import (
	"path/filepath"
	"slices"
	"strings"

	"github.com/killcheck/killcheck/cmd/killcheck/internal/finding"
)

// Internal is the category of a diagnostic that tells of a failure inside a
// check, which has lost some findings.
const Internal = "internal"

// Muted is the category of a finding that a comment in the source mutes. Its
// first related position is the comment, and the message of that is the reason.
const Muted = "muted"

// sourcePrefix begins the message of a related position that tells which text of
// its file the edits belong to.
const sourcePrefix = "killcheck:source "

// extendedNote is the message of a related position that tells that a finding is
// not of the core tier.
const extendedNote = "killcheck:tier extended"

// reviewSuffix ends the message of a fix that a person has to look at.
const reviewSuffix = " (review)"

// Package returns the import path, tests in a package of their own included.
func (u Unit) Package() string {
	path, _, _ := strings.Cut(u.ID, " ")
	return path
}

// Finding returns a diagnostic of the unit as a finding. The original of a file
// is the one that stands for it in what people see: an overlay replaces it by
// the other.
func (u Unit) Finding(d Diagnostic, original func(file string) string) finding.Finding {
	span := func(posn, end string) finding.Span {
		s := Span(posn, end)
		s.File = original(s.File)
		return s
	}
	f := finding.Finding{
		Check:   d.Category,
		Package: u.Package(),
		Message: d.Message,
		Span:    span(d.Posn, d.End),
	}
	related := d.Related
	switch {
	case d.Category == Muted && len(related) > 0:
		f.Muted, related = related[0].Message, related[1:]
		f.Check = u.Analyzer
	case d.Category == "":
		f.Check = u.Analyzer
	}
	sums := make(map[string]string) // by file
	for _, r := range related {
		if r.Message == extendedNote {
			f.Extended = true
			continue
		}
		if sum, ok := strings.CutPrefix(r.Message, sourcePrefix); ok {
			sums[Span(r.Posn, "").File] = sum
			continue
		}
		f.Path = append(f.Path, finding.Step{Span: span(r.Posn, r.End), Message: r.Message})
	}
	for _, fix := range d.Fixes {
		message, review := strings.CutSuffix(fix.Message, reviewSuffix)
		made := finding.Fix{Message: message, Review: review}
		for _, e := range fix.Edits {
			made.Edits = append(made.Edits, finding.Edit{
				File: original(e.Filename), Start: e.Start, End: e.End, New: e.New, Sum: sums[e.Filename],
			})
		}
		if editable(made) {
			f.Fixes = append(f.Fixes, made)
		}
	}
	return f
}

// editable reports whether a fix can be true to its files: in a file that a
// //line comment names, offsets belong to another text.
func editable(fix finding.Fix) bool {
	return !slices.ContainsFunc(fix.Edits, func(e finding.Edit) bool {
		return filepath.Ext(e.File) != ".go" || !filepath.IsAbs(e.File) || e.Start > e.End
	})
}
