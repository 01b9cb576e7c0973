package fault

import (
	"slices"

	"golang.org/x/tools/go/ssa"

	"github.com/killcheck/killcheck/analyzer/code"
	"github.com/killcheck/killcheck/analyzer/flow"
	"github.com/killcheck/killcheck/analyzer/signal"
	"github.com/killcheck/killcheck/analyzer/wait"
)

// raisesFirst reports whether a stop that the loop heeds has been raised whenever
// control is at the wait, or at the call that leads there, by the same function: a
// case for that stop would be ready at once.
func (m *Faults) raisesFirst(l *flow.Loop, at ssa.Instruction, w *wait.Wait) bool {
	for _, r := range m.selfStops(l) {
		if m.raisedBefore(r, at) || w.In != at && m.raisedBefore(r, w.In) {
			return true
		}
	}
	return false
}

// selfStops returns what raises the stops that the loop looks at.
func (m *Faults) selfStops(l *flow.Loop) []ssa.Instruction {
	var all []ssa.Instruction
	context := func(ctx ssa.Value) {
		calls, _ := m.Graph.Cancels(m.Base, ctx)
		for _, c := range calls {
			all = append(all, c)
		}
	}
	channel := func(ch ssa.Value) {
		c := m.Graph.Class(m.Base, ch)
		for _, ctx := range c.Contexts {
			context(ctx)
		}
		if code.IsStopChan(ch.Type()) {
			all = append(all, signal.Instructions(c.Has(signal.Close))...)
		}
	}
	for _, b := range l.Blocks {
		for _, in := range b.Instrs {
			switch in := in.(type) {
			case *ssa.UnOp:
				if code.IsRecv(in) {
					channel(in.X)
				}
			case *ssa.Select:
				for _, st := range in.States {
					if st.Send == nil {
						channel(st.Chan)
					}
				}
			case *ssa.Call:
				if ctx := signal.AskedContext(m.Base, &in.Call); ctx != nil {
					context(ctx)
				}
			}
		}
	}
	return all
}

// raisedBefore reports whether the raise, or a call of the function that does it,
// comes before the instruction in the same function.
func (m *Faults) raisedBefore(raise, in ssa.Instruction) bool {
	before := func(s ssa.Instruction) bool {
		_, now := s.(*ssa.Call)
		return now && s.Parent() == in.Parent() && m.Precedes(s, in)
	}
	here, there := code.Outermost(in.Parent()), code.Outermost(raise.Parent())
	if here == there {
		return slices.ContainsFunc(m.Lift([]ssa.Instruction{raise}, in.Parent(), 3), before)
	}
	for _, s := range m.Lift([]ssa.Instruction{raise}, there, 3) {
		if s.Parent() != there {
			continue // a goroutine's, or what nobody is seen to call
		}
		calls, _ := m.Graph.Callers(there)
		for _, c := range calls {
			if before(c) {
				return true
			}
		}
	}
	return false
}
