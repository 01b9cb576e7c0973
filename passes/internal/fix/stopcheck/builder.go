// Package stopcheck lets loops, waits and calls heed a stop signal in reach: a
// check at the head of a loop, a case in a select, a wait made a select, or the
// form of a call that takes a context.
package stopcheck

import (
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
	case remedy.Loop:
		build = loop
	case remedy.EmptySelect:
		build = emptySelect
	case remedy.Select:
		build = selectCase
	case remedy.Send:
		build = send
	case remedy.Recv:
		build = recv
	case remedy.Range:
		build = rangeChannel
	case remedy.Sleep:
		build = sleep
	case remedy.CtxForm:
		build = ctxForm
	case remedy.Break:
		build = breakLoop
	case remedy.LeaveCase:
		build = leaveCase
	default:
		return nil
	}
	return func(s *edit.Site) (edit.Fix, error) { return build(&site{s}) }
}
