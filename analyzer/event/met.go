package event

import (
	"go/types"

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
	taken := func(ch ssa.Value) {
		if room, ok := ev.Capacity(ev.Graph.Class(ev.Base, ch)); ok && room == 0 {
			meet(ch, signal.Recv, signal.Range)
		}
	}
	for _, s := range ev.SendsOf(at.Parent()) {
		if s != at && ev.Precedes(s, at) {
			taken(s.Chan)
		}
	}
	for sel, k := range flow.CasesTo(at.Block()) {
		st := sel.States[k]
		if st.Dir == types.RecvOnly {
			meet(st.Chan, signal.Send, signal.Close)
		} else {
			taken(st.Chan)
		}
	}
	for u := range ev.Receives(at.Parent()) {
		if u != at && ev.Precedes(u, at) {
			meet(u.X, signal.Send, signal.Close)
		}
	}
	return ins
}
