package lifetime

import (
	"golang.org/x/tools/go/ssa"

	"github.com/killcheck/killcheck/analyzer/flow"
	"github.com/killcheck/killcheck/analyzer/signal"
)

// starved reports a loop that waits in every round for a message on a channel
// that nobody closes, and that only an error of its work leaves, while a stop
// signal in reach is not heeded: when no more messages come, it waits for ever.
func (w *world) starved(g *Goroutine, f *Frame, l *flow.Loop) {
	recv := w.receivesEachRound(f.Fn, l)
	if recv == nil || !w.neverClosed(recv.X) {
		return
	}
	class := w.Graph.Class(w.Base, recv.X)
	if len(class.Has(signal.Send)) == 0 {
		return // unreleased
	}
	for _, e := range l.Exits {
		if e.To == nil {
			return
		}
		if rangeExit(e.From, succ(e)) == recv {
			continue // never taken
		}
		if !w.onFailure(e) || dependsOn(condition(e.From), recv, 8) {
			return
		}
	}
	for _, b := range l.Blocks {
		for _, in := range b.Instrs {
			if in != recv && w.heeds(in, 3) && !w.insideSend(in) {
				return
			}
		}
	}
	stop := w.stopAt(g, f, recv.Pos())
	if stop.Expr == "" || w.sameExpr(recv, stop) {
		return
	}
	op := Recv
	if recvIsRange(recv) {
		op = Range
	}
	w.report(g, f, Obstacle{
		Kind: IgnoredStop, Pos: recv.Pos(),
		Message: "goroutine does not stop while it waits for " + w.syn.channel(recv.Pos()) + ", which nothing closes" + w.ask(stop),
		Remedy:  Remedy{Op: op, Pos: recv.Pos(), Stop: stop, Safe: w.bare(f)},
	})
}

func recvIsRange(u *ssa.UnOp) bool { return u.CommaOk && u.Block().Comment == "rangechan.loop" }

// insideSend reports whether the instruction is a send: it waits for its
// partner, not for a stop.
func (w *world) insideSend(in ssa.Instruction) bool {
	_, ok := in.(*ssa.Send)
	return ok
}

func (w *world) sameExpr(u *ssa.UnOp, s Stop) bool { return w.syn.channel(u.Pos()) == s.Expr }

// receivesEachRound returns the receive, no case of a select, that every round
// of the loop goes through.
func (w *world) receivesEachRound(fn *ssa.Function, l *flow.Loop) *ssa.UnOp {
	for _, b := range l.Blocks {
		for _, in := range b.Instrs {
			u, ok := in.(*ssa.UnOp)
			if ok && isRecv(u) && !w.roundWithout(fn, l, b) {
				return u
			}
		}
	}
	return nil
}

// onFailure reports whether the edge is taken because a call returned an error.
func (w *world) onFailure(e flow.Edge) bool {
	c := counter{}
	return c.early(e.From, succ(e))
}

// selfDead reports the loops that only a wake would end which the goroutine
// itself raises, and that only after the loop.
func (w *world) selfDead(g *Goroutine, f *Frame) {
	if !w.hasOwnCase(g, f.Fn) {
		return
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
				if sel == nil || k >= len(sel.States) || !w.selfRaised(g, sel, sel.States[k].Chan) {
					continue
				}
				pos := sel.States[k].Pos
				w.report(g, f, Obstacle{
					Kind: Unreleased, Pos: sel.Pos(),
					Message: "goroutine never stops: only the case " + w.syn.channel(pos) + " would end its loop, and the goroutine itself alone raises that, after the loop",
					Remedy:  w.fromCaller(g, f, sel.States[k].Chan),
				}, Step{Pos: pos, End: w.syn.end(pos), Text: "only this case would end the loop"})
				return
			}
		}
	}
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
