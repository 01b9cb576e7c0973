// Package release gives back what is held: a lock during a wait, a lock or a
// handle on a way out, a value that is dropped, a context that belongs to others.
package release

import (
	"go/token"

	"github.com/killcheck/killcheck/passes/internal/fix/edit"
	"github.com/killcheck/killcheck/passes/internal/remedy"
)

// A site is a place that this family changes.
type site struct{ *edit.Site }

// Builder returns the builder for the operation, or nil if it is not one of this
// family.
func Builder(op remedy.Op) edit.Builder {
	return edit.Family[*site]{
		remedy.Unlock:     unlock,
		remedy.Release:    release,
		remedy.CloseValue: closeValue,
		remedy.Forward:    forward,
	}.Builder(op, func(s *edit.Site) *site { return &site{s} })
}

// Place returns the site of another place of the remedy, in the same file.
func (s *site) Place(pos token.Pos) (*site, error) {
	at, err := s.Site.Place(pos)
	if err != nil {
		return nil, err
	}
	return &site{at}, nil
}
