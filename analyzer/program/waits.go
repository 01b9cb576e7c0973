package program

import (
	"go/token"
	"go/types"

	"golang.org/x/tools/go/ssa"

	"github.com/killcheck/killcheck/analyzer/code"
	"github.com/killcheck/killcheck/analyzer/kb"
	"github.com/killcheck/killcheck/analyzer/signal"
)

// A LockWait is an operation that can wait, as far as locks are concerned.
type LockWait struct {
	In    ssa.Instruction
	Chans []signal.Op // the channel operations, of which any ends the wait
	Cond  ssa.Value   // the condition variable that it waits for
	Group ssa.Value   // the wait group that it waits for
}

// WaitOf returns the wait that the instruction does, or nil.
func (prog *Program) WaitOf(in ssa.Instruction) *LockWait {
	switch in := in.(type) {
	case *ssa.Send:
		return &LockWait{In: in, Chans: []signal.Op{{Kind: signal.Send, In: in, Fn: in.Parent(), Chan: in.Chan}}}
	case *ssa.UnOp:
		if in.Op != token.ARROW {
			return nil
		}
		kind := signal.Recv
		if in.CommaOk && in.Block().Comment == "rangechan.loop" {
			kind = signal.Range
		}
		return &LockWait{In: in, Chans: []signal.Op{{Kind: kind, In: in, Fn: in.Parent(), Chan: in.X}}}
	case *ssa.Select:
		if !in.Blocking || len(in.States) == 0 {
			return nil
		}
		wt := &LockWait{In: in}
		for i, st := range in.States {
			op := signal.Op{Kind: signal.Recv, In: in, Fn: in.Parent(), Chan: st.Chan, Sel: in, Case: i}
			if st.Send != nil {
				op.Kind = signal.Send
			}
			wt.Chans = append(wt.Chans, op)
		}
		return wt
	case *ssa.Call:
		e, ok := signal.Entry(prog.Base, in.Common())
		if !ok || e.Effect != kb.Blocks {
			return nil
		}
		switch {
		case len(e.Wake(kb.Broadcast)) > 0:
			return &LockWait{In: in, Cond: code.Receiver(in.Common())}
		case len(e.Wake(kb.Done)) > 0:
			return &LockWait{In: in, Group: code.Receiver(in.Common())}
		}
	}
	return nil
}

// Pos returns where the wait stands in the code.
func (t *LockWait) Pos() token.Pos {
	return t.In.Pos()
}

// LockOp is what a call does to a lock.
type LockOp struct {
	effect kb.Effect // Lock, RLock, Unlock or RUnlock
	On     ssa.Value // the address of the lock
}

func (o LockOp) Takes() bool { return o.effect == kb.Lock || o.effect == kb.RLock }

func (o LockOp) Reads() bool { return o.effect == kb.RLock || o.effect == kb.RUnlock }

// LockCall returns what the call does to a lock, or ok false. A method value,
// such as unlock := mu.Unlock, is called like the method.
func (prog *Program) LockCall(in ssa.Instruction) (op LockOp, ok bool) {
	c, isCall := in.(ssa.CallInstruction)
	if !isCall {
		return LockOp{}, false
	}
	if m, ok := c.Common().Value.(*ssa.MakeClosure); ok {
		return prog.LockValue(m)
	}
	e, known := signal.Entry(prog.Base, c.Common())
	if !known {
		return LockOp{}, false
	}
	return lockOp(e, code.Receiver(c.Common()))
}

// LockValue returns what the method value does to a lock when it is called, or
// ok false.
func (prog *Program) LockValue(m *ssa.MakeClosure) (op LockOp, ok bool) {
	method, isMethod := m.Fn.(*ssa.Function).Object().(*types.Func)
	if !isMethod || len(m.Bindings) != 1 {
		return LockOp{}, false
	}
	e, known := prog.Base.Func(method)
	if !known {
		return LockOp{}, false
	}
	return lockOp(e, m.Bindings[0])
}

func lockOp(e kb.Entry, on ssa.Value) (op LockOp, ok bool) {
	switch e.Effect {
	case kb.Lock, kb.RLock, kb.Unlock, kb.RUnlock:
		return LockOp{e.Effect, on}, true
	}
	return LockOp{}, false
}
