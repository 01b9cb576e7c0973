package event

import (
	"go/types"
	"iter"

	"golang.org/x/tools/go/ssa"

	"github.com/killcheck/killcheck/analyzer/flow"
	"github.com/killcheck/killcheck/analyzer/signal"
)

// Met returns the operations of partners that have been done whenever control is
// at the instruction: its function has received before what one operation alone
// sends or closes, or has sent without room what one receive alone takes.
func (ev *Events) Met(at ssa.Instruction) []ssa.Instruction {
	var ins []ssa.Instruction
	meet := func(ch ssa.Value, kinds ...signal.OpKind) {
		c := ev.Graph.Class(ev.Base, ch)
		if !c.Own() {
			return
		}
		if ops := c.Has(kinds...); len(ops) == 1 && ops[0].Sel == nil {
			ins = append(ins, ops[0].In)
		}
	}
	for dir, ch := range ev.DoneBefore(at) {
		if dir == types.RecvOnly {
			meet(ch, signal.Send, signal.Close)
		} else if room, ok := ev.Capacity(ev.Graph.Class(ev.Base, ch)); ok && room == 0 {
			meet(ch, signal.Recv, signal.Range)
		}
	}
	return ins
}

// DoneBefore yields the channels on which the function has sent, or from which it has
// received, whenever control is at the instruction.
func (ev *Events) DoneBefore(at ssa.Instruction) iter.Seq2[types.ChanDir, ssa.Value] {
	return func(yield func(types.ChanDir, ssa.Value) bool) {
		for _, s := range ev.SendsOf(at.Parent()) {
			if s != at && ev.Precedes(s, at) && !yield(types.SendOnly, s.Chan) {
				return
			}
		}
		for sel, k := range flow.CasesTo(at.Block()) {
			if !yield(sel.States[k].Dir, sel.States[k].Chan) {
				return
			}
		}
		for u := range ev.Receives(at.Parent()) {
			if u != at && ev.Precedes(u, at) && !yield(types.RecvOnly, u.X) {
				return
			}
		}
	}
}
