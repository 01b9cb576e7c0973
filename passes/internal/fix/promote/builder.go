// Package promote moves a call that nothing ends to a child process.
package promote

import (
	"github.com/killcheck/killcheck/passes/internal/fix/edit"
	"github.com/killcheck/killcheck/passes/internal/remedy"
)

// A site is a place that this family changes.
type site struct{ *edit.Site }

// Builder returns the builder for the operation, or nil if it is not one of this
// family.
func Builder(op remedy.Op) edit.Builder {
	return edit.Family[*site]{
		remedy.Promote: promote,
	}.Builder(op, func(s *edit.Site) *site { return &site{s} })
}
