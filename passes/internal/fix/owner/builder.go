// Package owner gives goroutines a stop where none is in reach: a Stop that waits
// for the type that they belong to, or a context for the functions above them.
package owner

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
		remedy.Owner: owner,
		remedy.Join:  join,
	}.Builder(op, func(s *edit.Site) *site { return &site{s} })
}
