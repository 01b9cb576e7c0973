package peer

import (
	"golang.org/x/tools/go/ssa"

	"github.com/killcheck/killcheck/analyzer/code"
	"github.com/killcheck/killcheck/analyzer/flow"
)

// excludes reports whether control is not at the block where the send is the answer: the
// channel belongs to a request, of which another field says here that it is one kind of
// request, and there that it is none.
func excludes(s *ssa.Send, b *ssa.BasicBlock) bool {
	of, ok := code.ReadFrom(s.Chan).(code.Member)
	if !ok {
		return false
	}
	here := said(s.Block(), of)
	for m, holds := range said(b, of) {
		if is, ok := here[m]; ok && is != holds {
			return true
		}
	}
	return false
}

// said returns the boolean fields of the type to which the member belongs that are
// known at the block, and whether they hold.
func said(b *ssa.BasicBlock, of code.Member) map[code.Member]bool {
	known := make(map[code.Member]bool)
	for cond, holds := range flow.HoldsAt(b) {
		flag, want := flow.Positive(cond)
		if m, ok := code.ReadFrom(flag).(code.Member); ok && m.Owner == of.Owner {
			known[m] = holds == want
		}
	}
	return known
}
