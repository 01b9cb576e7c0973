package lifetime

import (
	"go/token"

	"golang.org/x/tools/go/ssa"

	"github.com/killcheck/killcheck/analyzer/flow"
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
)

// A Dead is a wait for what never comes.
type Dead struct {
	Kind DeadKind
	F    *Frame          // nil if no goroutine is known to run it
	In   ssa.Instruction // the receive or select; nil for DeadFlag
	Chan ssa.Value       // what it waits for; nil for DeadFlag
	Pos  token.Pos       // of the wait, or of the loop for DeadFlag
	At   token.Pos       // of the case
}

// deads returns the waits of the goroutine whose wakes nobody raises, and the
// loops that only such a wake would end.
func (w *world) deads(g *Goroutine) []Dead {
	var all []Dead
	for _, f := range g.Frames {
		graph := w.prunedGraph(f.Fn)
		for _, b := range f.Fn.Blocks {
			if in := graph.StopsAt(b); in != nil && graph.Reachable(b) && w.deadWait(in) {
				all = append(all, dead(f, in))
			}
			for _, in := range b.Instrs {
				if u, ok := in.(*ssa.UnOp); ok && isRecv(u) && graph.Executes(u) && w.selfRaised(g, u, u.X) {
					all = append(all, Dead{SelfWait, f, u, u.X, u.Pos(), u.Pos()})
				}
			}
		}
		all = append(all, w.selfDead(g, f)...)
		if g.Process {
			continue // it works as long as the process lives, and is given a signal for form
		}
		plain := w.plainGraph(f.Fn).All()
		for _, l := range graph.All() {
			if !l.Endless() {
				continue
			}
			for _, p := range plain {
				if p.Head == l.Head && !p.Endless() {
					all = append(all, w.deadExits(f, p.Blocks)...)
				}
			}
		}
	}
	return all
}

// dead describes a wait that nothing ends.
func dead(f *Frame, in ssa.Instruction) Dead {
	if sel, ok := in.(*ssa.Select); ok {
		return Dead{DeadWait, f, sel, sel.States[0].Chan, sel.Pos(), sel.States[0].Pos}
	}
	return Dead{DeadWait, f, in, in.(*ssa.UnOp).X, in.Pos(), in.Pos()}
}

// deadExits returns the exit of the loop, if its exits are all waits on channels
// that nobody closes.
func (w *world) deadExits(f *Frame, blocks []*ssa.BasicBlock) []Dead {
	for _, b := range withCases(blocks) {
		for i := range b.Succs {
			if recv := rangeExit(b, i); recv != nil && w.neverClosed(recv.X) {
				return []Dead{{DeadRange, f, recv, recv.X, recv.Pos(), recv.Pos()}}
			}
			if sel, k := selectCase(b, i); sel != nil && k < len(sel.States) && w.deadCase(sel, k) {
				return []Dead{{DeadCase, f, sel, sel.States[k].Chan, sel.Pos(), sel.States[k].Pos}}
			}
			if l := w.syn.loop(f.Fn, blocks); l != nil && w.deadFlag(b, i) {
				return []Dead{{DeadFlag, f, nil, nil, l.Pos(), l.Pos()}}
			}
		}
	}
	return nil
}

// stuckIn returns the waits that nothing ends in functions that run in no
// goroutine which is known to start here.
func (w *world) stuckIn() []Dead {
	var all []Dead
	for _, fn := range w.Functions {
		if !w.Graph.Live(fn) || w.process[fn] || fn.Synthetic != "" {
			continue
		}
		graph := w.prunedGraph(fn)
		for _, b := range fn.Blocks {
			if in := graph.StopsAt(b); in != nil && graph.Reachable(b) && w.deadWait(in) && !w.inTest(in.Pos()) {
				all = append(all, dead(nil, in))
			}
		}
	}
	return all
}

// selfDead returns the first loop that only a wake would end which the goroutine
// itself raises, and that only after the loop.
func (w *world) selfDead(g *Goroutine, f *Frame) []Dead {
	if !w.hasOwnCase(g, f.Fn) {
		return nil
	}
	dead := func(b *ssa.BasicBlock, i int) bool {
		if w.openRange(b, i) {
			return true
		}
		sel, k := selectCase(b, i)
		return sel != nil && k < len(sel.States) && (w.deadCase(sel, k) || w.selfRaised(g, sel, sel.States[k].Chan))
	}
	graph := flow.New(f.Fn, flow.Cuts{Stops: w.noReturn, Dead: dead})
	for _, l := range graph.All() {
		if !l.Endless() {
			continue
		}
		for _, b := range withCases(l.Blocks) {
			for i := range b.Succs {
				sel, k := selectCase(b, i)
				if sel != nil && k < len(sel.States) && w.selfRaised(g, sel, sel.States[k].Chan) {
					return []Dead{{SelfCase, f, sel, sel.States[k].Chan, sel.Pos(), sel.States[k].Pos}}
				}
			}
		}
	}
	return nil
}

// hasOwnCase reports whether fn has a select with a case that the goroutine
// alone raises.
func (w *world) hasOwnCase(g *Goroutine, fn *ssa.Function) bool {
	for _, b := range fn.Blocks {
		for _, in := range b.Instrs {
			sel, ok := in.(*ssa.Select)
			if !ok {
				continue
			}
			for _, st := range sel.States {
				if w.onlyRaisedBy(g, st.Chan) {
					return true
				}
			}
		}
	}
	return false
}
