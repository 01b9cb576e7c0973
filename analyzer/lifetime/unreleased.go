package lifetime

import (
	"go/token"
	"slices"

	"golang.org/x/tools/go/ssa"
)

// unreleased finds the waits of the goroutine whose wakes nobody raises, and the
// loops that only such a wake would end.
func (w *world) unreleased(g *Goroutine) {
	for _, f := range g.Frames {
		graph := w.prunedGraph(f.Fn)
		for _, b := range f.Fn.Blocks {
			if in := graph.StopsAt(b); in != nil && graph.Reachable(b) && w.deadWait(in) {
				w.dead(g, f, in)
			}
			for _, in := range b.Instrs {
				if u, ok := in.(*ssa.UnOp); ok && isRecv(u) && graph.Executes(u) && w.selfRaised(g, u, u.X) {
					w.report(g, f, Obstacle{
						Kind: Unreleased, Pos: u.Pos(),
						Message: "goroutine waits for itself: nothing else raises " + w.syn.channel(u.Pos()) + ", and it does so after this wait only",
					})
				}
			}
		}
		w.selfDead(g, f)
		plain := w.plainGraph(f.Fn).All()
		for _, l := range graph.All() {
			if !l.Endless() {
				continue
			}
			for _, p := range plain {
				if p.Head == l.Head && !p.Endless() {
					w.deadExits(g, f, p.Blocks)
				}
			}
		}
	}
}

// dead reports a wait that nothing ends.
func (w *world) dead(g *Goroutine, f *Frame, in ssa.Instruction) {
	switch in := in.(type) {
	case *ssa.UnOp:
		w.report(g, f, Obstacle{
			Kind: Unreleased, Pos: in.Pos(),
			Message: subject(g) + " waits for ever: " + w.whyDead(in.X, in.Pos()),
			Remedy:  w.raising(g, in, in.X),
		})
	case *ssa.Select:
		w.report(g, f, Obstacle{
			Kind: Unreleased, Pos: in.Pos(),
			Message: subject(g) + " waits for ever: " + w.whyDead(in.States[0].Chan, in.States[0].Pos),
			Remedy:  w.raising(g, in, in.States[0].Chan),
		})
	}
}

func subject(g *Goroutine) string {
	if g == nil {
		return "whoever gets here"
	}
	return "goroutine"
}

// whyDead says why nobody raises the channel.
func (w *world) whyDead(v ssa.Value, pos token.Pos) string {
	c := w.Graph.Class(w.Base, v)
	for _, ctx := range c.Contexts {
		if l := w.Graph.Context(w.Base, ctx); !l.Ends {
			return "the context of " + w.syn.channel(pos) + " does not end, " + l.Why
		}
	}
	if w.onlyNil(c) {
		return w.syn.channel(pos) + " is never made, and a nil channel never wakes anybody"
	}
	return "nothing sends on " + w.syn.channel(pos) + " or closes it"
}

// deadExits reports the loop whose exits are all waits on channels that nobody
// closes.
func (w *world) deadExits(g *Goroutine, f *Frame, blocks []*ssa.BasicBlock) {
	if g.Process {
		return // it works as long as the process lives, and is given a signal for form
	}
	for _, b := range withCases(blocks) {
		for i := range b.Succs {
			if recv := rangeExit(b, i); recv != nil && w.neverClosed(recv.X) {
				w.report(g, f, Obstacle{
					Kind: Unreleased, Pos: recv.Pos(),
					Message: "goroutine never stops: nothing closes " + w.syn.channel(recv.Pos()) + ", which alone would end its loop",
					Remedy:  w.raising(g, recv, recv.X),
				})
				return
			}
			if sel, k := selectCase(b, i); sel != nil && k < len(sel.States) && w.deadCase(sel, k) {
				pos := sel.States[k].Pos
				w.report(g, f, Obstacle{
					Kind: Unreleased, Pos: sel.Pos(),
					Message: "goroutine never stops: only the case " + w.syn.channel(pos) + " would end its loop, and " + w.whyDead(sel.States[k].Chan, pos),
					Remedy:  w.raising(g, sel, sel.States[k].Chan),
				}, Step{Pos: pos, End: w.syn.end(pos), Text: "only this case would end the loop"})
				return
			}
			if l := w.syn.loop(f.Fn, blocks); l != nil && w.deadFlag(b, i) {
				w.report(g, f, Obstacle{
					Kind: Unreleased, Pos: l.Pos(),
					Message: "goroutine never stops: its loop ends when a flag is set, and nothing sets it",
					Remedy:  Remedy{Op: RaiseFlag, Pos: l.Pos()},
				})
				return
			}
		}
	}
}

// withCases returns the blocks of a loop, and those behind it that only choose
// among the cases of a select in the loop: the last cases, if they all leave.
func withCases(blocks []*ssa.BasicBlock) []*ssa.BasicBlock {
	all := slices.Clone(blocks)
	for i := 0; i < len(all); i++ {
		if sel, _ := selectCase(all[i], 0); sel == nil {
			continue
		}
		next := all[i].Succs[1]
		if sel, _ := selectCase(next, 0); sel != nil && slices.Contains(blocks, sel.Block()) && !slices.Contains(all, next) {
			all = append(all, next)
		}
	}
	return all
}

// stuck finds the waits that nothing ends in functions that run in no goroutine
// which is known to start here.
func (w *world) stuck() {
	for _, fn := range w.Functions {
		if !w.Graph.Live(fn) || w.process[fn] || fn.Synthetic != "" {
			continue
		}
		graph := w.prunedGraph(fn)
		for _, b := range fn.Blocks {
			if in := graph.StopsAt(b); in != nil && graph.Reachable(b) && w.deadWait(in) && !w.inTest(in.Pos()) {
				w.dead(nil, nil, in)
			}
		}
	}
}
