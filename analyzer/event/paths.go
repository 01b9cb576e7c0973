package event

import (
	"go/types"
	"slices"

	"golang.org/x/tools/go/ssa"

	"github.com/killcheck/killcheck/analyzer/code"
	"github.com/killcheck/killcheck/analyzer/flow"
	"github.com/killcheck/killcheck/analyzer/program"
	"github.com/killcheck/killcheck/analyzer/signal"
)

// OnError reports whether the instruction is done only where there is an error.
func OnError(in ssa.Instruction) bool {
	for cond := range flow.HoldsAt(in.Block()) {
		cmp, ok := cond.(*ssa.BinOp)
		if ok && (code.IsError(cmp.X.Type()) || code.IsError(cmp.Y.Type())) {
			return true
		}
	}
	return code.IsErrorChan(in)
}

// Dependent reports whether the send happens only under a condition that the
// spawner knows as well: then the two may agree on it.
func (ev *Events) Dependent(in ssa.Instruction) bool { return ev.VariableConds(in) }

func (ev *Events) VariableConds(in ssa.Instruction) bool {
	for cond := range flow.HoldsAt(in.Block()) {
		if flow.Outer(cond, 6) && !flow.NilChannel(cond) {
			return true
		}
	}
	return false
}

// Skippable reports whether the instruction, or a call that leads to it, stands
// in a loop that can go round without it, or that goes round when something
// comes which is sent a few times: how often it comes is then not known.
func (ev *Events) Skippable(f *program.Frame, in ssa.Instruction) bool {
	for ; f != nil; f = f.From {
		for _, l := range ev.PlainGraph(f.Fn).Around(in.Block()) {
			if ev.RoundWithout(f.Fn, l, in.Block()) || ev.driven(f.Fn, l) {
				return true
			}
		}
		if f.Call == nil {
			return false
		}
		in = f.Call
	}
	return false
}

// OwnErrors reports whether the instruction sends an error in a loop that works
// by itself: no message makes it go round, so nothing says that there is one
// error at most.
func (ev *Events) OwnErrors(f *program.Frame, in ssa.Instruction) bool {
	if !OnError(in) {
		return false
	}
	for ; f != nil; f = f.From {
		for _, l := range ev.PlainGraph(f.Fn).Around(in.Block()) {
			for _, x := range ev.WaitsIn(f.Fn, l) {
				if _, ok := x.(*ssa.Send); !ok {
					return false
				}
			}
		}
		if f.Call == nil {
			return true
		}
		in = f.Call
	}
	return true
}

// driven reports whether the loop waits for a channel on which all sends are seen
// and none stands in a loop.
func (ev *Events) driven(fn *ssa.Function, l *flow.Loop) bool {
	for _, in := range ev.WaitsIn(fn, l) {
		var chans []ssa.Value
		switch in := in.(type) {
		case *ssa.UnOp:
			chans = append(chans, in.X)
		case *ssa.Select:
			for _, st := range in.States {
				if st.Dir == types.RecvOnly {
					chans = append(chans, st.Chan)
				}
			}
		}
		for _, v := range chans {
			c := ev.Graph.Class(ev.Base, v)
			sends := c.Has(signal.Send)
			if ev.known(c) && len(sends) > 0 && !slices.ContainsFunc(sends, func(o signal.Op) bool { return ev.Looped(o.In) }) {
				return true
			}
		}
	}
	return false
}

// SendsOf returns the sends of fn that are no case of a select.
func (ev *Events) SendsOf(fn *ssa.Function) []*ssa.Send {
	sends, ok := ev.sends[fn]
	if !ok {
		for _, b := range fn.Blocks {
			for _, in := range b.Instrs {
				if s, ok := in.(*ssa.Send); ok {
					sends = append(sends, s)
				}
			}
		}
		ev.sends[fn] = sends
	}
	return sends
}

// StartedOnly reports whether fn is run by goroutines that start in view and by
// nobody else.
func (ev *Events) StartedOnly(fn *ssa.Function, depth int) bool {
	calls, open := ev.Graph.Callers(fn)
	if open && !ev.OnlyStarted(fn) || depth == 0 {
		return false
	}
	for _, c := range calls {
		if _, isGo := c.(*ssa.Go); isGo || ev.IsBody(fn) {
			continue
		}
		if !ev.IsBody(c.Parent()) && !ev.StartedOnly(c.Parent(), depth-1) {
			return false
		}
	}
	return len(calls) > 0 || ev.IsBody(fn)
}
