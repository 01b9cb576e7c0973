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
	return edit.Family[*site]{
		remedy.Loop:        loop,
		remedy.EmptySelect: emptySelect,
		remedy.Select:      selectCase,
		remedy.Send:        send,
		remedy.Until:       until,
		remedy.Recv:        recv,
		remedy.Range:       rangeChannel,
		remedy.Sleep:       sleep,
		remedy.CtxForm:     ctxForm,
		remedy.Break:       breakLoop,
		remedy.LeaveCase:   leaveCase,
	}.Builder(op, func(s *edit.Site) *site { return &site{s} })
}
