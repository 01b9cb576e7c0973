package event

import (
	"go/token"
	"slices"

	"golang.org/x/tools/go/ssa"

	"github.com/killcheck/killcheck/analyzer/code"
	"github.com/killcheck/killcheck/analyzer/flow"
	"github.com/killcheck/killcheck/analyzer/program"
)

// DeadKind says how a goroutine waits for what never comes.
type DeadKind uint8

// The ways to wait for what never comes.
const (
	DeadWait  DeadKind = iota // nobody raises what the receive or select waits for
	SelfWait                  // the goroutine itself alone raises it, after the wait
	SelfCase                  // the same of the only case that would end a loop
	DeadRange                 // nobody closes the channel, which alone would end the loop
	DeadCase                  // nobody raises the only case that would end the loop
	DeadFlag                  // nobody sets the flag that would end the loop
	LeftRange                 // nobody closes the channel, and those who send on it return
)

// A Dead is a wait for what never comes.
type Dead struct {
	Kind DeadKind
	F    *program.Frame  // nil if no goroutine is known to run it
	In   ssa.Instruction // the receive, send or select; nil for DeadFlag
	Chan ssa.Value       // what it waits for; nil for DeadFlag
	Pos  token.Pos       // of the wait, or of the loop for DeadFlag
	At   token.Pos       // of the case
}

// Deads returns the waits of the goroutine whose wakes nobody raises, and the
// loops that only such a wake would end.
func (ev *Events) Deads(g *program.Goroutine) []Dead {
	var all []Dead
	for _, f := range g.Frames {
		graph := ev.prunedGraph(f.Fn)
		for _, b := range f.Fn.Blocks {
			if in := graph.StopsAt(b); in != nil && graph.Reachable(b) && ev.deadWait(in) {
				all = append(all, dead(f, in))
			}
			for _, in := range b.Instrs {
				if u, ok := in.(*ssa.UnOp); ok && code.IsRecv(u) && graph.Executes(u) && ev.selfRaised(g, u, u.X) {
					all = append(all, Dead{SelfWait, f, u, u.X, u.Pos(), u.Pos()})
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
func dead(f *program.Frame, in ssa.Instruction) Dead {
	switch in := in.(type) {
	case *ssa.Select:
		return Dead{DeadWait, f, in, in.States[0].Chan, in.Pos(), in.States[0].Pos}
	case *ssa.Send:
		return Dead{DeadWait, f, in, in.Chan, in.Pos(), in.Pos()}
	}
	return Dead{DeadWait, f, in, in.(*ssa.UnOp).X, in.Pos(), in.Pos()}
}

// deadExits returns the exit of the loop, if its exits are all waits on channels
// that nobody closes.
func (ev *Events) deadExits(f *program.Frame, blocks []*ssa.BasicBlock) []Dead {
	for _, b := range flow.WithCases(blocks) {
		for i := range b.Succs {
			if recv := flow.RangeExit(b, i); recv != nil && ev.neverClosed(recv.X) {
				return []Dead{{DeadRange, f, recv, recv.X, recv.Pos(), recv.Pos()}}
			}
			if sel, k := flow.SelectCase(b, i); sel != nil && k < len(sel.States) && ev.DeadCase(sel, k) {
				return []Dead{{DeadCase, f, sel, sel.States[k].Chan, sel.Pos(), sel.States[k].Pos}}
			}
			if l := ev.Syn.Loop(f.Fn, blocks); l != nil && ev.NeverSet(b, i) && !comparesNil(flow.Condition(b)) {
				return []Dead{{DeadFlag, f, nil, nil, l.Pos(), l.Pos()}}
			}
		}
	}
	return nil
}

// StuckIn returns the waits that nothing ends in functions that run in no
// goroutine which is known to start here.
func (ev *Events) StuckIn() []Dead {
	var all []Dead
	for _, fn := range ev.Functions {
		if !ev.Graph.Live(fn) || ev.Process[fn] || fn.Synthetic != "" {
			continue
		}
		graph := ev.prunedGraph(fn)
		for _, b := range fn.Blocks {
			if in := graph.StopsAt(b); in != nil && graph.Reachable(b) && ev.deadWait(in) && !ev.InTest(in.Pos()) {
				all = append(all, dead(nil, in))
			}
		}
		for _, u := range ev.leftRanges(fn) {
			all = append(all, Dead{LeftRange, nil, u, u.X, u.Pos(), u.Pos()})
		}
	}
	return all
}

// selfDead returns the first loop that only a wake would end which the goroutine
// itself raises, and that only after the loop.
func (ev *Events) selfDead(g *program.Goroutine, f *program.Frame) []Dead {
	if !ev.hasOwnCase(g, f.Fn) {
		return nil
	}
	dead := func(b *ssa.BasicBlock, i int) bool {
		if ev.OpenRange(b, i) {
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
					return []Dead{{SelfCase, f, sel, sel.States[k].Chan, sel.Pos(), sel.States[k].Pos}}
				}
			}
		}
	}
	return nil
}

// raisedIn reports whether a round of the loop may raise the channel for the next.
func (ev *Events) raisedIn(l *flow.Loop, ch ssa.Value) bool {
	ins, _ := ev.Raises(ch)
	return slices.ContainsFunc(ins, func(in ssa.Instruction) bool { return ev.comesIn(l, in, 3) })
}

// hasOwnCase reports whether fn has a select with a case that the goroutine
// alone raises.
func (ev *Events) hasOwnCase(g *program.Goroutine, fn *ssa.Function) bool {
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
func (ev *Events) comesIn(l *flow.Loop, in ssa.Instruction, depth int) bool {
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
