// Package room gives a channel the room for the values that nobody may receive.
package room

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
		remedy.Make: capacity,
	}.Builder(op, func(s *edit.Site) *site { return &site{s} })
}
