// Package wake makes somebody raise what a wait is for: a close, a cancel, a
// broadcast, a flag, a deadline.
package wake

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
	var build func(*site) (edit.Fix, error)
	switch op {
	case remedy.Interrupt:
		build = interrupt
	case remedy.EndError:
		build = endError
	case remedy.WaitDelay:
		build = waitDelay
	case remedy.CloseChan:
		build = closeChan
	case remedy.Cancel:
		build = cancelContext
	case remedy.Broadcast:
		build = broadcast
	case remedy.Done:
		build = done
	case remedy.RaiseFlag:
		build = raiseFlag
	default:
		return nil
	}
	return func(s *edit.Site) (edit.Fix, error) { return build(&site{s}) }
}

// Place returns the site of another place of the remedy, in the same file.
func (s *site) Place(pos token.Pos) (*site, error) {
	at, err := s.Site.Place(pos)
	if err != nil {
		return nil, err
	}
	return &site{at}, nil
}
