package notify

import (
	"slices"

	"golang.org/x/tools/go/ssa"

	"github.com/killcheck/killcheck/analyzer/code"
	"github.com/killcheck/killcheck/analyzer/flow"
	"github.com/killcheck/killcheck/analyzer/group"
	"github.com/killcheck/killcheck/analyzer/signal"
)

// givenSkips returns where a function literal is called that alone calls Done, and a
// return of it without that. The function that counts gives it away as an argument or
// message, one for each that it counts, and it is called once at most.
func (p *Notifiers) givenSkips(adds, dones []group.SyncOp) (ssa.CallInstruction, *ssa.Return) {
	lit := dones[0].In.Parent()
	mk := p.madeOnce(lit, adds[0].In.Parent())
	if mk == nil || p.Recovers(lit) {
		return nil, nil
	}
	counts := make(map[ssa.Instruction]bool)
	for _, d := range dones {
		if d.In.Parent() != lit || d.Spawn || deferredWait(d.In) || p.Looped(d.In) {
			return nil, nil
		}
		counts[d.In] = true
	}
	for _, a := range adds {
		if a.In.Parent() != mk.Parent() || !p.Precedes(a.In, mk) || !p.sameLoops(a.In, mk) && one(a.In) {
			return nil, nil
		}
	}
	call := p.givenTo(mk, mk, 6)
	if call == nil || !p.survives(call) {
		return nil, nil
	}
	return call, p.returnWithout(lit, counts)
}

// madeOnce returns what makes a value of the function in another one, if that is one
// instruction: a literal of it, or the value of a method that nobody calls by its name.
func (p *Notifiers) madeOnce(fn, in *ssa.Function) (one *ssa.MakeClosure) {
	if calls, open := p.Graph.Callers(fn); fn.Parent() == nil && !open && len(calls) == 1 && calls[0].Parent().Synthetic != "" {
		fn = calls[0].Parent()
	} else if fn.Parent() == nil {
		return nil
	}
	for _, b := range in.Blocks {
		for _, x := range b.Instrs {
			if mk, ok := x.(*ssa.MakeClosure); ok && mk.Fn == fn {
				if one != nil {
					return nil
				}
				one = mk
			}
		}
	}
	return one
}

// sameLoops reports whether the same loops are around both instructions.
func (p *Notifiers) sameLoops(a, b ssa.Instruction) bool {
	g := p.PlainGraph(a.Parent())
	return slices.Equal(g.Around(a.Block()), g.Around(b.Block()))
}

// givenTo follows a function value, of which each round of the loops around the
// instruction from has one, to the one call of it; nil if more is done with it.
func (p *Notifiers) givenTo(v ssa.Value, from ssa.Instruction, depth int) ssa.CallInstruction {
	use := onlyUse(v)
	if use == nil || depth == 0 || from != nil && !p.sameLoops(from, use) || from == nil && p.Looped(use) {
		return nil
	}
	switch use := use.(type) {
	case *ssa.ChangeType:
		return p.givenTo(use, from, depth-1)
	case *ssa.Send:
		return p.sentTo(use.Chan, depth)
	case *ssa.Select:
		for _, st := range use.States {
			if st.Send == v {
				return p.sentTo(st.Chan, depth)
			}
		}
	case ssa.CallInstruction:
		if use.Common().Value == v {
			if _, isGo := use.(*ssa.Go); isGo {
				return nil // a goroutine, which is judged as one
			}
			return use
		}
		fn := use.Common().StaticCallee()
		if fn == nil || len(fn.Blocks) == 0 || p.errorRead(use) {
			return nil
		}
		for _, param := range fn.Params {
			if code.Argument(use.Common(), param) == v {
				return p.givenTo(param, nil, depth-1)
			}
		}
	}
	return nil
}

// onlyUse returns the instruction that alone uses the value, or nil.
func onlyUse(v ssa.Value) (use ssa.Instruction) {
	for _, r := range *v.Referrers() {
		if _, ok := r.(*ssa.DebugRef); ok {
			continue
		}
		if use != nil {
			return nil
		}
		use = r
	}
	return use
}

// errorRead reports whether something is done with the error that the call gives: who
// gave the function away may leave then, and wait for nothing.
func (p *Notifiers) errorRead(call ssa.CallInstruction) bool {
	c, ok := call.(*ssa.Call)
	return ok && code.GivesError(c) && len(*c.Referrers()) > 0
}

// sentTo follows what is sent to the one call of it, if one receive alone takes it.
func (p *Notifiers) sentTo(ch ssa.Value, depth int) ssa.CallInstruction {
	c := p.Graph.Class(p.Base, ch)
	recvs := c.Has(signal.Recv, signal.Range)
	if !c.Own() || len(recvs) != 1 {
		return nil
	}
	if v := recvs[0].Received(); v != nil {
		return p.givenTo(v, recvs[0].In, depth-1)
	}
	return nil
}

// survives reports whether the program goes on if what is called fails.
func (p *Notifiers) survives(call ssa.CallInstruction) bool {
	graph := p.PlainGraph(call.Parent())
	for _, b := range call.Parent().Blocks {
		for i, s := range b.Succs {
			if flow.OnFailure(b, i) && call.Block().Dominates(b) && !flow.ReturnsAfter(graph, s.Instrs[0]) && len(graph.Around(s)) == 0 {
				return false
			}
		}
	}
	return true
}

// returnWithout returns a return of the function to which control comes without any of
// the instructions, or nil.
func (p *Notifiers) returnWithout(fn *ssa.Function, counts map[ssa.Instruction]bool) *ssa.Return {
	graph := flow.New(fn, flow.Cuts{Stops: func(in ssa.Instruction) bool { return p.NoReturn(in) || counts[in] }, Dead: p.NeverTaken})
	if rets := flow.ReturnsOf(graph); len(rets) > 0 {
		return rets[0]
	}
	return nil
}
