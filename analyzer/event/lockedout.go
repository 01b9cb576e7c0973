package event

import (
	"go/token"
	"slices"

	"golang.org/x/tools/go/ssa"

	"github.com/killcheck/killcheck/analyzer/flow"
	"github.com/killcheck/killcheck/analyzer/program"
	"github.com/killcheck/killcheck/analyzer/signal"
)

// A lockTake is an operation on a lock, and the class of that.
type lockTake struct {
	in    ssa.CallInstruction
	op    program.LockOp
	class program.LockClass
}

// lockedOut reports whether everybody who closes the channel has to take a lock first
// that is held at pos, or on the way there: the stop cannot come before the wait is over.
func (ev *Events) lockedOut(f *program.Frame, ch ssa.Value, pos token.Pos) bool {
	closes := ev.Graph.Class(ev.Base, ch).Has(signal.Close)
	if len(closes) == 0 {
		return false
	}
	needs := make([][]lockTake, len(closes))
	for i, o := range closes {
		if needs[i] = ev.takenBefore(o.In); len(needs[i]) == 0 {
			return false
		}
	}
	var held []lockTake
	at := ev.instructionAt(f.Fn, pos)
	for ; f != nil && at != nil; f = f.From {
		for _, t := range ev.takenBefore(at) {
			if !ev.givenBack(t, at) {
				held = append(held, t)
			}
		}
		at = nil
		if f.Call != nil {
			at = f.Call
		}
	}
	return !slices.ContainsFunc(needs, func(ts []lockTake) bool {
		return !slices.ContainsFunc(ts, func(t lockTake) bool {
			return slices.ContainsFunc(held, func(h lockTake) bool { return h.class == t.class && !(h.op.Reads() && t.op.Reads()) })
		})
	})
}

// takenBefore returns the locks of a known class that the function has always taken before
// it comes to the instruction.
func (ev *Events) takenBefore(in ssa.Instruction) (all []lockTake) {
	for _, t := range ev.lockOps(in.Parent()) {
		if _, isCall := t.in.(*ssa.Call); isCall && t.op.Takes() && t.class.Known() && ev.Precedes(t.in, in) {
			all = append(all, t)
		}
	}
	return all
}

// givenBack reports whether the function may give the lock back before the instruction.
func (ev *Events) givenBack(t lockTake, in ssa.Instruction) bool {
	graph := ev.PlainGraph(in.Parent())
	return slices.ContainsFunc(ev.lockOps(in.Parent()), func(u lockTake) bool {
		_, isCall := u.in.(*ssa.Call)
		return isCall && !u.op.Takes() && u.class == t.class && flow.LeadsTo(graph, t.in, u.in) && flow.LeadsTo(graph, u.in, in)
	})
}

// lockOps returns the operations of the function on locks.
func (ev *Events) lockOps(fn *ssa.Function) []lockTake {
	ops, ok := ev.locking[fn]
	if ok {
		return ops
	}
	for _, b := range fn.Blocks {
		for _, in := range b.Instrs {
			c, isCall := in.(ssa.CallInstruction)
			if !isCall {
				continue
			}
			if op, ok := ev.LockCall(c); ok {
				ops = append(ops, lockTake{c, op, ev.Class(op.On)})
			}
		}
	}
	ev.locking[fn] = ops
	return ops
}
