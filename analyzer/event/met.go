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
	for ch := range ev.SentBefore(at) {
		if room, ok := ev.Capacity(ev.Graph.Class(ev.Base, ch)); ok && room == 0 {
			meet(ch, signal.Recv, signal.Range)
		}
	}
	for ch := range ev.ReceivedBefore(at) {
		meet(ch, signal.Send, signal.Close)
	}
	return ins
}

// SentBefore yields the channels on which the function has sent whenever control is at
// the instruction.
func (ev *Events) SentBefore(at ssa.Instruction) iter.Seq[ssa.Value] {
	return func(yield func(ssa.Value) bool) {
		for ch := range casesTo(at, types.SendOnly) {
			if !yield(ch) {
				return
			}
		}
		for _, s := range ev.SendsOf(at.Parent()) {
			if s != at && ev.Precedes(s, at) && !yield(s.Chan) {
				return
			}
		}
	}
}

// ReceivedBefore yields the channels from which the function has received whenever
// control is at the instruction.
func (ev *Events) ReceivedBefore(at ssa.Instruction) iter.Seq[ssa.Value] {
	return func(yield func(ssa.Value) bool) {
		for ch := range casesTo(at, types.RecvOnly) {
			if !yield(ch) {
				return
			}
		}
		for u := range ev.Receives(at.Parent()) {
			if u != at && ev.Precedes(u, at) && !yield(u.X) {
				return
			}
		}
	}
}

// casesTo yields the channels of the cases that alone lead to the instruction.
func casesTo(at ssa.Instruction, dir types.ChanDir) iter.Seq[ssa.Value] {
	return func(yield func(ssa.Value) bool) {
		for sel, k := range flow.CasesTo(at.Block()) {
			if st := sel.States[k]; st.Dir == dir && !yield(st.Chan) {
				return
			}
		}
	}
}
