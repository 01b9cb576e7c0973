package event

import (
	"go/token"
	"slices"
	"strings"

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
		if needs[i] = ev.heldAt(o.In); len(needs[i]) == 0 {
			return false
		}
	}
	var held []lockTake
	at := ev.instructionAt(f.Fn, pos)
	for ; f != nil && at != nil; f = f.From {
		held = append(held, ev.heldAt(at)...)
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

// heldAt returns the locks of the object itself, whose method runs, that the function has
// taken before it comes to the instruction, and holds there.
func (ev *Events) heldAt(in ssa.Instruction) (all []lockTake) {
	for _, t := range ev.lockOps(in.Parent()) {
		if _, isCall := t.in.(*ssa.Call); isCall && t.op.Takes() && t.class.Known() && ev.ofReceiver(t.op.On) && ev.Precedes(t.in, in) && !ev.givenBack(t, in) {
			all = append(all, t)
		}
	}
	return all
}

// givenBack reports whether the function may give the lock back before the instruction, or
// calls what does.
func (ev *Events) givenBack(t lockTake, in ssa.Instruction) bool {
	graph := ev.PlainGraph(in.Parent())
	for _, b := range in.Parent().Blocks {
		for _, x := range b.Instrs {
			if c, ok := x.(*ssa.Call); ok && c != in && ev.gives(c, t.class) && flow.LeadsTo(graph, t.in, c) && flow.LeadsTo(graph, c, in) {
				return true
			}
		}
	}
	return false
}

// gives reports whether the call gives back a lock of the class, or one of a function that
// does, and takes none.
func (ev *Events) gives(c *ssa.Call, class program.LockClass) bool {
	if op, ok := ev.LockCall(c); ok {
		return !op.Takes() && ev.Class(op.On) == class
	}
	callee := c.Call.StaticCallee()
	if callee == nil {
		return false
	}
	gives, takes := false, false
	for _, u := range ev.lockOps(callee) {
		if u.class == class {
			gives, takes = gives || !u.op.Takes(), takes || u.op.Takes()
		}
	}
	return gives && !takes
}

// ofReceiver reports whether the lock lies in the object whose method the function is, or is
// part of: others of its type have locks of their own.
func (ev *Events) ofReceiver(lock ssa.Value) bool {
	place := ev.Place(lock, nil)
	p, ok := place.Root.(*ssa.Parameter)
	return ok && p.Parent().Signature.Recv() != nil && p == p.Parent().Params[0] && !strings.Contains(strings.TrimPrefix(place.Path, "*"), "*")
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
