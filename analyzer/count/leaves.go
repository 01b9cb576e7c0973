package count

import (
	"go/token"

	"golang.org/x/tools/go/ssa"

	"github.com/killcheck/killcheck/analyzer/flow"
	"github.com/killcheck/killcheck/analyzer/signal"
)

// OneEach reports whether each channel of the class, which one element of a list has,
// is sent on once at most: the element leaves the list before the send, or a loop goes
// through the elements and nothing is sent after it.
func (ct *Counts) OneEach(c *signal.Class) bool {
	if len(c.Makes) != 1 || !ct.KeptOnce(c.Makes[0], nil) {
		return false
	}
	left := false
	sends := c.Has(signal.Send)
	for _, o := range sends {
		if o.Sel != nil || o.Fn != sends[0].Fn {
			return false
		}
		if ct.outOfList(o) {
			left = true
			continue
		}
		around := ct.PlainGraph(o.Fn).Around(o.In.Block())
		if len(around) != 1 || !element(o.Chan, around[0], 8) {
			return false
		}
		for _, x := range sends {
			if x.In != o.In && flow.LeadsTo(ct.PlainGraph(o.Fn), o.In, x.In) {
				return false
			}
		}
	}
	return left
}

// outOfList reports whether the list in a field, of which an element has the channel,
// is cut by one between the look at the element and the send.
func (ct *Counts) outOfList(o signal.Op) bool {
	at, ok := holder(o.Chan).(*ssa.Alloc)
	if !ok {
		return false
	}
	for _, r := range *at.Referrers() {
		s, ok := r.(*ssa.Store)
		if !ok || s.Addr != at {
			continue
		}
		load, ok := s.Val.(*ssa.UnOp)
		if !ok || load.Op != token.MUL {
			return false
		}
		elem, ok := load.X.(*ssa.IndexAddr)
		if !ok {
			return false
		}
		list, ok := elem.X.(*ssa.UnOp)
		return ok && ct.cutBefore(load, o.In, list.X)
	}
	return false
}

// cutBefore reports whether a store between the two instructions leaves the list at
// the address one element shorter.
func (ct *Counts) cutBefore(from, to ssa.Instruction, list ssa.Value) bool {
	for _, b := range to.Parent().Blocks {
		for _, in := range b.Instrs {
			s, ok := in.(*ssa.Store)
			if !ok || !flow.Same(s.Addr, list) || !ct.Precedes(from, s) || !ct.Precedes(s, to) {
				continue
			}
			cut, ok := s.Val.(*ssa.Slice)
			if !ok {
				continue
			}
			old, ok := cut.X.(*ssa.UnOp)
			if ok && flow.Same(old.X, list) && (cut.High != nil) != (cut.Low != nil) {
				return true
			}
		}
	}
	return false
}
