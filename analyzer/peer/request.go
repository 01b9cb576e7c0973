package peer

import (
	"go/token"

	"golang.org/x/tools/go/ssa"

	"github.com/killcheck/killcheck/analyzer/code"
	"github.com/killcheck/killcheck/analyzer/flow"
)

// excludes reports whether control is not at the block where the send is the answer: the
// channel belongs to a request, of which another field says here that it is one kind of
// request, and there that it is none.
func excludes(s *ssa.Send, b *ssa.BasicBlock) bool {
	of := member(s.Chan)
	if of.Owner == nil {
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
		for not, ok := cond.(*ssa.UnOp); ok && not.Op == token.NOT; not, ok = cond.(*ssa.UnOp) {
			cond, holds = not.X, !holds
		}
		if m := member(cond); m.Owner != nil && m.Owner == of.Owner {
			known[m] = holds
		}
	}
	return known
}

// member returns the field that v is read from, or the zero Member.
func member(v ssa.Value) code.Member {
	switch v := v.(type) {
	case *ssa.Field:
		m, _ := code.MemberOf(v.X.Type(), v.Field).(code.Member)
		return m
	case *ssa.UnOp:
		if a, ok := v.X.(*ssa.FieldAddr); ok {
			m, _ := code.MemberOf(a.X.Type(), a.Field).(code.Member)
			return m
		}
	}
	return code.Member{}
}
