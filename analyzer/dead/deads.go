package dead

import (
	"go/token"
	"slices"

	"golang.org/x/tools/go/ssa"

	"github.com/killcheck/killcheck/analyzer/code"
	"github.com/killcheck/killcheck/analyzer/flow"
	"github.com/killcheck/killcheck/analyzer/program"
)

// Kind says how a goroutine waits for what never comes.
type Kind uint8

// The ways to wait for what never comes.
const (
	Unraised  Kind = iota // nobody raises what the receive or select waits for
	SelfWait              // the goroutine itself alone raises it, after the wait
	SelfCase              // the same of the only case that would end a loop
	Range                 // nobody closes the channel, which alone would end the loop
	Case                  // nobody raises the only case that would end the loop
	Flag                  // nobody sets the flag that would end the loop
	LeftRange             // nobody closes the channel, and those who send on it return
)

// A Wait is a wait for what never comes.
type Wait struct {
	Kind Kind
	F    *program.Frame  // nil if no goroutine is known to run it
	In   ssa.Instruction // the receive, send or select; nil for Flag
	Chan ssa.Value       // what it waits for; nil for Flag
	Pos  token.Pos       // of the wait, or of the loop for Flag
	At   token.Pos       // of the case
}

// Deads returns the waits of the goroutine whose wakes nobody raises, and the
// loops that only such a wake would end.
func (ev *Waits) Deads(g *program.Goroutine) []Wait {
	var all []Wait
	for _, f := range g.Frames {
		graph := ev.PrunedGraph(f.Fn)
		for _, b := range f.Fn.Blocks {
			if in := graph.StopsAt(b); in != nil && graph.Reachable(b) && ev.DeadWait(in) {
				all = append(all, dead(f, in))
			}
			for _, in := range b.Instrs {
				if u, ok := in.(*ssa.UnOp); ok && code.IsRecv(u) && graph.Executes(u) && ev.selfRaised(g, u, u.X) {
					all = append(all, Wait{SelfWait, f, u, u.X, u.Pos(), u.Pos()})
				}
			}
		}
		all = append(all, ev.selfDead(g, f)...)
		if g.Process {
			continue // it works as long as the process lives, and is given a signal for form
		}
		plain := ev.PlainGraph(f.Fn).All()
		for _, l := range graph.All() {
			if !l.Endless() {
				continue
			}
			for _, p := range plain {
				if p.Head == l.Head && !p.Endless() {
					all = append(all, ev.deadExits(f, p.Blocks)...)
				}
			}
		}
	}
	return all
}

// dead describes a wait that nothing ends.
func dead(f *program.Frame, in ssa.Instruction) Wait {
	switch in := in.(type) {
	case *ssa.Select:
		return Wait{Unraised, f, in, in.States[0].Chan, in.Pos(), in.States[0].Pos}
	case *ssa.Send:
		return Wait{Unraised, f, in, in.Chan, in.Pos(), in.Pos()}
	}
	return Wait{Unraised, f, in, in.(*ssa.UnOp).X, in.Pos(), in.Pos()}
}

// deadExits returns the exit of the loop, if its exits are all waits on channels
// that nobody closes.
func (ev *Waits) deadExits(f *program.Frame, blocks []*ssa.BasicBlock) []Wait {
	for _, b := range flow.WithCases(blocks) {
		for i := range b.Succs {
			if recv := flow.RangeExit(b, i); recv != nil && ev.NeverClosed(recv.X) {
				return []Wait{{Range, f, recv, recv.X, recv.Pos(), recv.Pos()}}
			}
			if sel, k := flow.SelectCase(b, i); sel != nil && k < len(sel.States) && ev.DeadCase(sel, k) {
				return []Wait{{Case, f, sel, sel.States[k].Chan, sel.Pos(), sel.States[k].Pos}}
			}
			if l := ev.Syn.Loop(f.Fn, blocks); l != nil && ev.NeverSet(b, i) && !comparesNil(flow.Condition(b)) {
				return []Wait{{Flag, f, nil, nil, l.Pos(), l.Pos()}}
			}
		}
	}
	return nil
}

// comparesNil reports whether the condition asks whether something is there, and not
// for a flag.
func comparesNil(cond ssa.Value) bool {
	tested, _ := code.NilTest(cond)
	return tested != nil
}

// StuckIn returns the waits that nothing ends in functions that run in no
// goroutine which is known to start here.
func (ev *Waits) StuckIn() []Wait {
	var all []Wait
	for _, fn := range ev.Functions {
		if !ev.Graph.Live(fn) || ev.Process[fn] || fn.Synthetic != "" {
			continue
		}
		graph := ev.PrunedGraph(fn)
		for _, b := range fn.Blocks {
			if in := graph.StopsAt(b); in != nil && graph.Reachable(b) && ev.DeadWait(in) && !ev.InTest(in.Pos()) {
				all = append(all, dead(nil, in))
			}
		}
		for _, u := range ev.leftRanges(fn) {
			all = append(all, Wait{LeftRange, nil, u, u.X, u.Pos(), u.Pos()})
		}
	}
	return all
}

// selfDead returns the first loop that only a wake would end which the goroutine
// itself raises, and that only after the loop.
func (ev *Waits) selfDead(g *program.Goroutine, f *program.Frame) []Wait {
	if !ev.hasOwnCase(g, f.Fn) {
		return nil
	}
	dead := func(b *ssa.BasicBlock, i int) bool {
		if ev.NeverTaken(b, i) {
			return true
		}
		sel, k := flow.SelectCase(b, i)
		return sel != nil && k < len(sel.States) && (ev.DeadCase(sel, k) || ev.selfRaised(g, sel, sel.States[k].Chan))
	}
	graph := flow.New(f.Fn, flow.Cuts{Stops: ev.NoReturn, Dead: dead})
	for _, l := range graph.All() {
		if !l.Endless() {
			continue
		}
		for _, b := range flow.WithCases(l.Blocks) {
			for i := range b.Succs {
				sel, k := flow.SelectCase(b, i)
				if sel != nil && k < len(sel.States) && ev.selfRaised(g, sel, sel.States[k].Chan) && !ev.raisedIn(l, sel.States[k].Chan) {
					return []Wait{{SelfCase, f, sel, sel.States[k].Chan, sel.Pos(), sel.States[k].Pos}}
				}
			}
		}
	}
	return nil
}

// selfRaised reports whether the wait is for the goroutine itself: it alone
// raises the channel, and not before the wait.
func (ev *Waits) selfRaised(g *program.Goroutine, wait ssa.Instruction, v ssa.Value) bool {
	if !ev.OnlyRaisedBy(g, v) {
		return false
	}
	before := ev.Before(g, wait)
	ins, _ := ev.Raises(v)
	for _, in := range ins {
		if before(in) && !ev.deferredAround(g, wait, in) {
			return false
		}
	}
	return true
}

// deferredAround reports whether the instruction is a deferred call of the
// function that waits, or of one that has called it: it is done when that
// function returns, which is after the wait.
func (ev *Waits) deferredAround(g *program.Goroutine, wait, in ssa.Instruction) bool {
	if _, ok := in.(*ssa.Defer); !ok || ev.Looped(in) {
		return false
	}
	for _, f := range g.Frames {
		if f.Fn != wait.Parent() {
			continue
		}
		for ; f != nil; f = f.From {
			if f.Fn == in.Parent() {
				return true
			}
		}
	}
	return false
}

// raisedIn reports whether a round of the loop may raise the channel for the next.
func (ev *Waits) raisedIn(l *flow.Loop, ch ssa.Value) bool {
	ins, _ := ev.Raises(ch)
	return slices.ContainsFunc(ins, func(in ssa.Instruction) bool { return ev.comesIn(l, in, 3) })
}

// hasOwnCase reports whether fn has a select with a case that the goroutine
// alone raises.
func (ev *Waits) hasOwnCase(g *program.Goroutine, fn *ssa.Function) bool {
	for _, b := range fn.Blocks {
		for _, in := range b.Instrs {
			sel, ok := in.(*ssa.Select)
			if !ok {
				continue
			}
			for _, st := range sel.States {
				if ev.OnlyRaisedBy(g, st.Chan) {
					return true
				}
			}
		}
	}
	return false
}

// comesIn reports whether a round of the loop may come to the instruction, through so many
// calls.
func (ev *Waits) comesIn(l *flow.Loop, in ssa.Instruction, depth int) bool {
	if _, deferred := in.(*ssa.Defer); deferred {
		return false
	}
	if l.Has(in.Block()) {
		return true
	}
	calls, _ := ev.Graph.Callers(in.Parent())
	return depth > 0 && slices.ContainsFunc(calls, func(c ssa.CallInstruction) bool {
		_, isCall := c.(*ssa.Call)
		return isCall && ev.comesIn(l, c, depth-1)
	})
}
