// Package finding holds what killcheck found, as data: independent of the
// driver that found it and of the format in which it is shown.
package finding

import (
	"cmp"
	"fmt"
	"slices"
)

// A Finding is one fault that a check reported.
type Finding struct {
	Check    string // name of the check
	Extended bool   // not of the core tier; see [Finding.Tier]
	Package  string // import path, without the suffix of a test variant
	Message  string
	Severity string // error, warning or note; empty stands for that of the tier
	Span
	Path  []Step // from the spawn to the fault
	Fixes []Fix  // the first is preferred

	Fingerprint string // stays the same while lines move; see [SetFingerprints]
	Baselined   bool   // known from the baseline: shown only where a format can mark it
	Muted       string // the reason that a directive in the source gives for it; empty if none mutes it
}

// Tier returns the tier of the finding. One that is less certain than others of its
// check is in the extended tier, even if the check is in the core.
func (f Finding) Tier() string {
	if f.Extended {
		return "extended"
	}
	return "core"
}

// Level returns the severity of the finding: error, warning or note.
func (f Finding) Level() string {
	switch {
	case f.Severity != "":
		return f.Severity
	case f.Extended:
		return "note"
	}
	return "warning"
}

// Name returns the check, and the tier if it is not the core, for people.
func (f Finding) Name() string {
	if f.Extended {
		return f.Check + " (" + f.Tier() + ")"
	}
	return f.Check
}

// Counts reports whether the finding is to be shown and makes the command fail.
// The others are known to those who work on the code.
func (f Finding) Counts() bool { return !f.Baselined && f.Muted == "" }

// A Span is a range of source text.
type Span struct {
	File       string // absolute
	Start, End Point  // End is the zero Point or not before Start
}

// A Point is a position in a file. Line and Col count from 1; Col counts
// bytes. Zero means unknown.
type Point struct {
	Line, Col int
}

// A Step is one position on the way from the spawn to the fault.
type Step struct {
	Span
	Message string
}

// A Fix is a set of edits that belong together.
type Fix struct {
	Message string
	Review  bool // a person has to look at it before it is applied
	Edits   []Edit
}

// An Edit replaces the bytes from Start up to End of a file.
type Edit struct {
	File       string // absolute
	Start, End int    // byte offsets
	New        string
	Sum        string // SHA-256 of the text that the offsets belong to, in hexadecimal; empty if unknown
}

func (p Point) compare(q Point) int {
	return cmp.Or(cmp.Compare(p.Line, q.Line), cmp.Compare(p.Col, q.Col))
}

// Sort sorts findings by file, position, check and message, and drops those
// that were found more than once, as happens for a file that belongs to a
// package and to its test variant.
func Sort(all []Finding) []Finding {
	slices.SortFunc(all, detailed)
	return slices.CompactFunc(all, func(a, b Finding) bool { return compare(a, b) == 0 })
}

// ByPath puts sorted findings into the order of the paths that programs see, which
// does not depend on where the repository lies. Findings of one file keep theirs.
func ByPath(sorted []Finding, root string) {
	slices.SortStableFunc(sorted, func(a, b Finding) int {
		return cmp.Compare(Relative(root, a.File), Relative(root, b.File))
	})
}

func compare(a, b Finding) int {
	return cmp.Or(
		cmp.Compare(a.File, b.File),
		a.Start.compare(b.Start),
		cmp.Compare(a.Check, b.Check),
		cmp.Compare(a.Message, b.Message),
	)
}

// detailed orders findings that are equal for [Sort], so that the one that is
// kept does not depend on which package was analysed first.
func detailed(a, b Finding) int {
	if c := compare(a, b); c != 0 {
		return c
	}
	return cmp.Compare(fmt.Sprintf("%+v", a), fmt.Sprintf("%+v", b))
}
