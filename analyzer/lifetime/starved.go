package lifetime

import (
	"golang.org/x/tools/go/ssa"

	"github.com/killcheck/killcheck/analyzer/flow"
	"github.com/killcheck/killcheck/analyzer/signal"
)

// starved judges a loop that waits in every round for a message on a channel
// that nobody closes, and that only an error of its work leaves, while a stop
// signal in reach is not heeded: when no more messages come, it waits for ever.
func (w *world) starved(g *Goroutine, f *Frame, l *flow.Loop) (Stay, bool) {
	recv := w.receivesEachRound(f.Fn, l)
	if recv == nil || !w.neverClosed(recv.X) {
		return Stay{}, false
	}
	class := w.Graph.Class(w.Base, recv.X)
	if len(class.Has(signal.Send)) == 0 {
		return Stay{}, false // unreleased
	}
	for _, e := range l.Exits {
		if e.To == nil {
			return Stay{}, false
		}
		if rangeExit(e.From, succ(e)) == recv {
			continue // never taken
		}
		if !onFailure(e.From, succ(e)) || dependsOn(condition(e.From), recv, 8) {
			return Stay{}, false
		}
	}
	for _, b := range l.Blocks {
		for _, in := range b.Instrs {
			if in != recv && w.heeds(in, 3) && !w.insideSend(in) {
				return Stay{}, false
			}
		}
	}
	stop := w.stopAt(g, f, recv.Pos())
	return Stay{Kind: Starved, F: f, Loop: l, In: recv, Pos: recv.Pos(), Stop: stop}, stop.Expr != "" && !w.sameExpr(recv, stop)
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
