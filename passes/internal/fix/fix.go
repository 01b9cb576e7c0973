// Package fix turns remedies into text edits. Each family of fixes is a package of
// its own; the tools for text, names and imports are those of package edit.
//
// Every builder inserts text around the source that is there and never prints a
// body anew, so comments, labels and defers survive. A builder that cannot be
// sure of its work returns an error, and no fix is offered.
//
// A fix is exact if the program does just what it did until a stop is asked
// for, and the way out that it adds skips nothing that somebody may wait for
// (see leave.go of package edit). Other fixes are for review only.
package fix

import (
	"errors"
	"fmt"

	"github.com/killcheck/killcheck/passes/internal/fix/edit"
	"github.com/killcheck/killcheck/passes/internal/fix/owner"
	"github.com/killcheck/killcheck/passes/internal/fix/promote"
	"github.com/killcheck/killcheck/passes/internal/fix/release"
	"github.com/killcheck/killcheck/passes/internal/fix/room"
	"github.com/killcheck/killcheck/passes/internal/fix/stopcheck"
	"github.com/killcheck/killcheck/passes/internal/fix/wake"
	"github.com/killcheck/killcheck/passes/internal/remedy"
)

// Build returns the fix for a remedy. The error says why there is none.
func Build(f *edit.File, r remedy.Remedy) (edit.Fix, error) {
	build := builder(r.Op)
	if build == nil {
		return edit.Fix{}, fmt.Errorf("no builder for %q", r.Op)
	}
	if f.Index == nil {
		f.Index = edit.NewIndex(f)
	}
	if f.Families == nil {
		f.Families = builder
	}
	path := edit.PathAt(f.Syntax, r.Pos)
	if len(path) == 0 {
		return edit.Fix{}, errors.New("position outside the file")
	}
	site := &edit.Site{File: f, Remedy: r, Path: path}
	if site.NilContext() {
		return edit.Fix{}, errors.New("the context may be nil")
	}
	if r.Stop.Lent {
		return edit.Fix{}, errors.New("what ends the object does not raise the stop")
	}
	fix, err := build(site)
	if err != nil {
		return edit.Fix{}, err
	}
	if fix.Edits, err = f.PlaceImports(fix.Edits); err != nil {
		return edit.Fix{}, err
	}
	fix.Edits = edit.Merge(fix.Edits)
	for i := 1; i < len(fix.Edits); i++ {
		if fix.Edits[i].Pos < fix.Edits[i-1].End {
			return edit.Fix{}, errors.New("two edits of one place")
		}
	}
	fix.Exact = fix.Exact && r.Safe
	return fix, nil
}

// builder returns the builder of the family that knows the operation, or nil.
func builder(op remedy.Op) edit.Builder {
	for _, family := range []func(remedy.Op) edit.Builder{
		stopcheck.Builder, room.Builder, owner.Builder, wake.Builder, release.Builder, promote.Builder,
	} {
		if build := family(op); build != nil {
			return build
		}
	}
	return nil
}
