package event

import (
	"golang.org/x/tools/go/ssa"

	"github.com/killcheck/killcheck/analyzer/code"
	"github.com/killcheck/killcheck/analyzer/flow"
	"github.com/killcheck/killcheck/analyzer/program"
	"github.com/killcheck/killcheck/analyzer/signal"
)

// starved judges a loop that waits in every round for a message on a channel
// that nobody closes, and that only an error of its work leaves, while a stop
// signal in reach is not heeded: when no more messages come, it waits for ever.
func (ev *Events) starved(g *program.Goroutine, f *program.Frame, l *flow.Loop) (Stay, bool) {
	recv := ev.receivesEachRound(f.Fn, l)
	if recv == nil || !ev.NeverClosed(recv.X) {
		return Stay{}, false
	}
	class := ev.Graph.Class(ev.Base, recv.X)
	if len(class.Has(signal.Send)) == 0 {
		return Stay{}, false // unreleased
	}
	for _, e := range l.Exits {
		if e.To == nil {
			return Stay{}, false
		}
		if flow.RangeExit(e.From, flow.Succ(e)) == recv {
			continue // never taken
		}
		if !flow.OnFailure(e.From, flow.Succ(e)) || code.DependsOn(flow.Condition(e.From), recv, 8) {
			return Stay{}, false
		}
	}
	for _, b := range l.Blocks {
		for _, in := range b.Instrs {
			if in != recv && ev.heeds(in, 3) && !ev.insideSend(in) {
				return Stay{}, false
			}
		}
	}
	stop := ev.StopAt(g, f, recv.Pos())
	return Stay{Kind: Starved, F: f, Loop: l, In: recv, Pos: recv.Pos(), Stop: stop}, stop.Expr != "" && !ev.sameExpr(recv, stop)
}

// insideSend reports whether the instruction is a send: it waits for its
// partner, not for a stop.
func (ev *Events) insideSend(in ssa.Instruction) bool {
	_, ok := in.(*ssa.Send)
	return ok
}

func (ev *Events) sameExpr(u *ssa.UnOp, s Stop) bool { return ev.Syn.Channel(u.Pos()) == s.Expr }

// receivesEachRound returns the receive, no case of a select, that every round
// of the loop goes through.
func (ev *Events) receivesEachRound(fn *ssa.Function, l *flow.Loop) *ssa.UnOp {
	for _, b := range l.Blocks {
		for _, in := range b.Instrs {
			u, ok := in.(*ssa.UnOp)
			if ok && code.IsRecv(u) && !ev.RoundWithout(fn, l, b) {
				return u
			}
		}
	}
	return nil
}
