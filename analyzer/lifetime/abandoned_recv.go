package lifetime

import (
	"go/types"
	"slices"

	"golang.org/x/tools/go/ssa"

	"github.com/killcheck/killcheck/analyzer/flow"
	"github.com/killcheck/killcheck/analyzer/signal"
)

// recv reports the receive if the function that started the goroutine can return
// without sending or closing.
func (w *world) recv(g *Goroutine, f *Frame, u *ssa.UnOp) {
	c, raises, ok := w.raisedElsewhere(g, u)
	if !ok {
		return
	}
	isRange := recvIsRange(u)
	if len(raises) == 0 && isRange {
		w.sendersReturn(g, f, u, c)
	}
	if len(raises) == 0 {
		return // nothing raises it at all
	}
	if _, ok := w.lookedUp(g, f, u); ok || len(c.Makes) > 1 {
		return
	}
	parent, start := w.owner(g, c, raises, nil)
	if parent == nil || !w.makesOwn(parent, c) {
		return
	}
	for _, o := range raises {
		if o.Fn == parent && mayPrecede(o.In, start, c.Makes[0].Block()) {
			return // raised before the goroutine starts
		}
	}
	tally := w.newCounter(parent, c, raises)
	if tally.defers() {
		return // raised when the function returns
	}
	l, ok := tally.least(start)
	if !ok || l.count > 0 || w.dependent(u) {
		return
	}
	o := Obstacle{Kind: Unreleased, Pos: u.Pos(), Extended: w.inTest(u.Pos()) || choosesNot(l, raises)}
	ch := w.syn.channel(u.Pos())
	if isRange {
		o.Message = "goroutine never stops: the function that started it can return without closing " + ch
	} else {
		o.Message = "goroutine waits for ever: the function that started it can return without raising " + ch
	}
	w.report(g, f, o, w.leaveStep(parent, l))
}

// mayPrecede reports whether control can go from a to b without passing through
// the block that makes the channel.
func mayPrecede(a, b ssa.Instruction, made *ssa.BasicBlock) bool {
	if a.Block() == b.Block() && precedes(a, b) {
		return true
	}
	edges := func(b *ssa.BasicBlock) []*ssa.BasicBlock { return b.Succs }
	return slices.ContainsFunc(a.Block().Succs, func(s *ssa.BasicBlock) bool { return comesTo(s, b.Block(), made, edges) })
}

// choosesNot reports whether the path goes past a raise by a condition for just
// that, while another raise stands elsewhere: the condition most likely says
// whether that one was done.
func choosesNot(l leave, raises []signal.Op) bool {
	at := make(map[*ssa.BasicBlock]bool)
	for _, o := range raises {
		at[o.In.Block()] = true
	}
	if len(at) < 2 {
		return false
	}
	for i, b := range l.steps {
		if len(b.Succs) != 2 || i+1 == len(l.steps) {
			continue
		}
		for _, s := range b.Succs {
			if s != l.steps[i+1] && len(s.Preds) == 1 && at[s] {
				return true
			}
		}
	}
	return false
}

// skippable reports whether the instruction, or a call that leads to it, stands
// in a loop that can go round without it, or that goes round when something
// comes which is sent a few times: how often it comes is then not known.
func (w *world) skippable(f *Frame, in ssa.Instruction) bool {
	for ; f != nil; f = f.From {
		for _, l := range w.plainGraph(f.Fn).Around(in.Block()) {
			if w.roundWithout(f.Fn, l, in.Block()) || w.driven(f.Fn, l) {
				return true
			}
		}
		if f.Call == nil {
			return false
		}
		in = f.Call
	}
	return false
}

// ownErrors reports whether the instruction sends an error in a loop that works
// by itself: no message makes it go round, so nothing says that there is one
// error at most.
func (w *world) ownErrors(f *Frame, in ssa.Instruction) bool {
	if !onError(in) {
		return false
	}
	for ; f != nil; f = f.From {
		for _, l := range w.plainGraph(f.Fn).Around(in.Block()) {
			for _, x := range w.waitsIn(f.Fn, l) {
				if _, ok := x.(*ssa.Send); !ok {
					return false
				}
			}
		}
		if f.Call == nil {
			return true
		}
		in = f.Call
	}
	return true
}

// driven reports whether the loop waits for a channel on which all sends are seen
// and none stands in a loop.
func (w *world) driven(fn *ssa.Function, l *flow.Loop) bool {
	for _, in := range w.waitsIn(fn, l) {
		var chans []ssa.Value
		switch in := in.(type) {
		case *ssa.UnOp:
			chans = append(chans, in.X)
		case *ssa.Select:
			for _, st := range in.States {
				if st.Dir == types.RecvOnly {
					chans = append(chans, st.Chan)
				}
			}
		}
		for _, v := range chans {
			c := w.Graph.Class(w.Base, v)
			sends := c.Has(signal.Send)
			if w.known(c) && len(sends) > 0 && !slices.ContainsFunc(sends, func(o signal.Op) bool { return w.looped(o.In) }) {
				return true
			}
		}
	}
	return false
}
