package lifetime

import (
	"go/token"
	"slices"

	"golang.org/x/tools/go/ssa"
)

// unreleased reports the waits of the goroutine whose wakes nobody raises, and the
// loops that only such a wake would end.
func (w *world) unreleased(g *Goroutine) {
	for _, d := range w.deads(g) {
		w.reportDead(g, d)
	}
}

// stuck reports the waits that nothing ends in functions that run in no goroutine
// which is known to start here.
func (w *world) stuck() {
	for _, d := range w.stuckIn() {
		w.reportDead(nil, d)
	}
}

func (w *world) reportDead(g *Goroutine, d Dead) {
	o := Obstacle{Kind: Unreleased, Pos: d.Pos, Remedy: w.waking(g, d)}
	name := w.syn.channel(d.At)
	var steps []Step
	switch d.Kind {
	case DeadWait:
		o.Message = subject(g) + " waits for ever: " + w.whyDead(d.Chan, d.At)
	case SelfWait:
		o.Message = "goroutine waits for itself: nothing else raises " + name + ", and it does so after this wait only"
	case DeadRange:
		o.Message = "goroutine never stops: nothing closes " + name + ", which alone would end its loop"
	case DeadFlag:
		o.Message = "goroutine never stops: its loop ends when a flag is set, and nothing sets it"
	case DeadCase, SelfCase:
		why := w.whyDead(d.Chan, d.At)
		if d.Kind == SelfCase {
			why = "the goroutine itself alone raises that, after the loop"
		}
		o.Message = "goroutine never stops: only the case " + name + " would end its loop, and " + why
		steps = []Step{{Pos: d.At, End: w.syn.end(d.At), Text: "only this case would end the loop"}}
	}
	w.report(g, d.F, o, steps...)
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
