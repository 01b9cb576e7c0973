package event

import (
	"go/types"
	"slices"

	"golang.org/x/tools/go/ssa"

	"github.com/killcheck/killcheck/analyzer/code"
	"github.com/killcheck/killcheck/analyzer/flow"
	"github.com/killcheck/killcheck/analyzer/kb"
	"github.com/killcheck/killcheck/analyzer/program"
	"github.com/killcheck/killcheck/analyzer/signal"
)

// A StopEdge is where control goes when a stop signal has been seen.
type StopEdge struct{ From, To *ssa.BasicBlock }

// StopEdges returns the edges of fn that are taken on a stop.
func (ev *Events) StopEdges(fn *ssa.Function) []StopEdge {
	var edges []StopEdge
	graph := ev.PlainGraph(fn)
	for _, b := range fn.Blocks {
		if !graph.Reachable(b) {
			continue
		}
		for i, to := range b.Succs {
			if len(to.Preds) != 1 {
				continue
			}
			sel, k := flow.SelectCase(b, i)
			stop := sel != nil && k < len(sel.States) && sel.States[k].Dir == types.RecvOnly && ev.asksStop(sel.States[k].Chan)
			if stop || ev.EndedIf(flow.Condition(b), i == 0) != nil {
				edges = append(edges, StopEdge{b, to})
			}
		}
	}
	return edges
}

// Leaves returns the returns that control gets to from the edge without executing
// one of the instructions, if it takes no way that others take, too.
func (ev *Events) Leaves(e StopEdge, without map[ssa.Instruction]bool) []*ssa.Return {
	var found []*ssa.Return
	graph := ev.PlainGraph(e.To.Parent())
	seen := map[*ssa.BasicBlock]bool{}
	work := []*ssa.BasicBlock{e.To}
blocks:
	for len(work) > 0 {
		b := work[len(work)-1]
		work = work[:len(work)-1]
		// Inv: a block that the edge does not dominate is on other ways as well.
		if seen[b] || !e.To.Dominates(b) && !code.OnlyReturns(b) {
			continue
		}
		seen[b] = true
		for _, in := range b.Instrs {
			if without[in] || in == graph.StopsAt(b) {
				continue blocks
			}
			if r, ok := in.(*ssa.Return); ok {
				found = append(found, r)
			}
		}
		for _, to := range graph.Succs(b) {
			if !ev.isNone(b, to, without) {
				work = append(work, to)
			}
		}
	}
	slices.SortFunc(found, func(a, b *ssa.Return) int { return a.Block().Index - b.Block().Index })
	return found
}

// isNone reports whether control goes from b to its successor only where that is nil
// on which one of the calls works: nobody misses the call there.
func (ev *Events) isNone(b, to *ssa.BasicBlock, calls map[ssa.Instruction]bool) bool {
	tested, ifNil := code.NilTest(flow.Condition(b))
	if tested == nil || b.Succs[0] == b.Succs[1] || ifNil != (to == b.Succs[0]) {
		return false
	}
	at := ev.Place(tested, nil)
	for in := range calls {
		c, ok := in.(ssa.CallInstruction)
		if !ok {
			continue
		}
		on := c.Common().Value
		if !c.Common().IsInvoke() && len(c.Common().Args) > 0 {
			on = c.Common().Args[0]
		}
		if ev.Place(on, nil) == at {
			return true
		}
	}
	return false
}

// asksStop reports whether the channel is closed to end somebody, or is a
// context's.
func (ev *Events) asksStop(v ssa.Value) bool {
	if !ev.IsStopCase(v) || ev.Timed(v) {
		return false
	}
	c := ev.Graph.Class(ev.Base, v)
	return len(c.Contexts) > 0 || len(c.Has(signal.Close)) > 0
}

// CallsClose reports whether fn calls a closing method, itself or in what it
// calls.
func (ev *Events) CallsClose(fn *ssa.Function, depth int) bool {
	for _, b := range fn.Blocks {
		for _, in := range b.Instrs {
			c, ok := in.(ssa.CallInstruction)
			if !ok {
				continue
			}
			if recv := code.Receiver(c.Common()); recv != nil && len(fn.Params) > 0 && ev.CloseCall(c.Common()) {
				if recv == ssa.Value(fn.Params[0]) || code.TypeName(recv.Type()) != nil && code.TypeName(recv.Type()).Pkg() == ev.Pkg {
					return true
				}
			}
			fns, _ := ev.Graph.Callees(c)
			for _, f := range fns {
				if depth > 0 && f.Blocks != nil && ev.CallsClose(f, depth-1) {
					return true
				}
			}
		}
	}
	return false
}

// IsStopCase reports whether the case is taken because of a stop or a timer, not
// because a message has come.
func (ev *Events) IsStopCase(v ssa.Value) bool {
	c := ev.Graph.Class(ev.Base, v)
	if len(c.Contexts) > 0 || len(c.Library) > 0 {
		return true
	}
	if len(c.Has(signal.Close)) > 0 && len(c.Has(signal.Send)) == 0 {
		return true
	}
	return code.IsStopChan(v.Type())
}

// CloseCall reports whether the call ends its receiver.
func (ev *Events) CloseCall(c *ssa.CallCommon) bool {
	fn := signal.Callee(c)
	if fn == nil || code.Receiver(c) == nil {
		return false
	}
	if ev.Base.CloseMethod(fn.Name()) {
		return true
	}
	e, ok := ev.Base.Func(fn)
	return ok && len(e.Raise(kb.Close)) > 0
}

// AsksContext reports whether the condition, being true or false as said, means
// that a context for which ended holds has ended.
func (ev *Events) AsksContext(cond ssa.Value, holds bool, ended func(ssa.Value) bool) bool {
	if cond == nil || ev.EndedIf(cond, holds) == nil {
		return false
	}
	c := cond.(*ssa.BinOp).X.(*ssa.Call)
	return c.Call.IsInvoke() && ended(c.Call.Value)
}

// MadeIn reports whether fn makes a channel of the class. One who makes a
// channel and closes it says that something is over.
func MadeIn(c *signal.Class, fn *ssa.Function) bool {
	for _, m := range c.Makes {
		if code.Outermost(m.Parent()) == fn {
			return true
		}
	}
	return false
}

// Closes reports whether fn is a method that closes, or is called by one.
func (ev *Events) Closes(fn *ssa.Function, depth int) bool {
	fn = code.Outermost(fn)
	if ev.Base.CloseMethod(fn.Name()) {
		return true
	}
	if depth == 0 {
		return false
	}
	calls, _ := ev.Graph.Callers(fn)
	for _, c := range calls {
		if ev.Closes(c.Parent(), depth-1) {
			return true
		}
	}
	return false
}

// EndsSomething reports whether the frame is part of an end: a deferred call, a
// method that closes, or a function called after the stop was seen.
func (ev *Events) EndsSomething(f *program.Frame) bool {
	for ; f != nil; f = f.From {
		if _, ok := f.Call.(*ssa.Defer); ok {
			return true
		}
		if fn := f.Fn; fn.Signature.Recv() != nil && ev.Base.CloseMethod(fn.Name()) {
			return true
		}
		if f.From != nil && ev.AfterStop(f.From, f.Call) {
			return true
		}
	}
	return false
}

// AfterStop reports whether control gets to the instruction only after a stop
// signal has been seen.
func (ev *Events) AfterStop(f *program.Frame, in ssa.Instruction) bool {
	for _, x := range in.Block().Instrs {
		if x == in {
			break
		}
		if ev.receivesStop(x) {
			return true
		}
	}
	for b := in.Block(); b.Idom() != nil; b = b.Idom() {
		d := b.Idom()
		for _, x := range d.Instrs {
			if ev.receivesStop(x) {
				return true
			}
		}
		for i, s := range d.Succs {
			if s != b || len(b.Preds) != 1 {
				continue
			}
			if sel, k := flow.SelectCase(d, i); sel != nil && k < len(sel.States) && ev.IsStopCase(sel.States[k].Chan) && !ev.Timed(sel.States[k].Chan) {
				return true
			}
			if ev.EndedIf(flow.Condition(d), i == 0) != nil {
				return true
			}
		}
	}
	return false
}

// receivesStop reports whether the instruction waits for a stop signal alone.
func (ev *Events) receivesStop(in ssa.Instruction) bool {
	u, ok := in.(*ssa.UnOp)
	return ok && code.IsRecv(u) && ev.IsStopCase(u.X) && !ev.Timed(u.X)
}

// Timed reports whether the channel is a timer's.
func (ev *Events) Timed(v ssa.Value) bool {
	c := ev.Graph.Class(ev.Base, v)
	return len(c.Library) > 0 && len(c.Contexts) == 0
}

// EndedIf returns the context that has ended if the condition is true, or false, as said:
// ctx.Err() != nil. It is nil if the condition tells of none.
func (ev *Events) EndedIf(cond ssa.Value, holds bool) ssa.Value {
	cond, want := flow.Positive(cond)
	tested, ifNil := code.NilTest(cond)
	c, ok := tested.(*ssa.Call)
	if !ok || ifNil == (holds == want) {
		return nil
	}
	return signal.AskedContext(ev.Base, &c.Call)
}

// LooksAtStop reports whether the frame, or one that calls it, looks at a stop
// signal: then the goroutine is meant to stop, and the call is what keeps it.
func (ev *Events) LooksAtStop(f *program.Frame) bool {
	for ; f != nil; f = f.From {
		for _, b := range f.Fn.Blocks {
			for _, in := range b.Instrs {
				if ev.looks(in) {
					return true
				}
			}
		}
	}
	return false
}

// InLoop reports whether the instruction stands in a loop of the goroutine, or is
// called from one.
func (ev *Events) InLoop(f *program.Frame, in ssa.Instruction) bool {
	for ; f != nil; f = f.From {
		if ev.Looped(in) {
			return true
		}
		if f.Call != nil {
			in = f.Call
		}
	}
	return false
}

// LoopLooksAtStop reports whether the loop around the instruction, or around the
// call that leads to it, looks at a stop signal: then the goroutine stops after
// the round.
func (ev *Events) LoopLooksAtStop(f *program.Frame, in ssa.Instruction) bool {
	for ; f != nil; f = f.From {
		for _, l := range ev.PlainGraph(f.Fn).Around(in.Block()) {
			for _, b := range l.Blocks {
				if slices.ContainsFunc(b.Instrs, ev.looks) {
					return true
				}
			}
		}
		if f.Call == nil {
			return false
		}
		in = f.Call
	}
	return false
}

func (ev *Events) looks(in ssa.Instruction) bool {
	switch in := in.(type) {
	case *ssa.Select:
		for _, st := range in.States {
			if st.Dir == types.RecvOnly && ev.IsStopCase(st.Chan) && !ev.Timed(st.Chan) {
				return true
			}
		}
	case *ssa.Call:
		return signal.AskedContext(ev.Base, &in.Call) != nil
	}
	return false
}
