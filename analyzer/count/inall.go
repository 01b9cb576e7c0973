package count

import (
	"slices"

	"golang.org/x/tools/go/ssa"

	"github.com/killcheck/killcheck/analyzer/flow"
	"github.com/killcheck/killcheck/analyzer/program"
	"github.com/killcheck/killcheck/analyzer/signal"
)

// SendsInAll returns how many sends can come in all on the one channel that each run
// of the goroutine, or of the function that starts it, makes: those of the run itself
// and those of the goroutines that it starts whatever way it takes. It is zero if
// there is no such channel, or if the sends have no known number.
func (ct *Counts) SendsInAll(g *program.Goroutine, c *signal.Class, gs []*program.Goroutine) int {
	for _, fn := range []*ssa.Function{g.Site.Body, g.Site.In} {
		if fn != nil && len(fn.Blocks) > 0 && len(c.Makes) == 1 && ct.madeOnce(fn, c.Makes[0]) {
			return ct.sendsInAll(fn, c, gs)
		}
	}
	return 0
}

func (ct *Counts) sendsInAll(fn *ssa.Function, c *signal.Class, gs []*program.Goroutine) int {
	var started []*program.Goroutine
	for _, o := range c.Has(signal.Send) {
		for _, r := range ct.Running(gs, o.Fn) {
			switch {
			case r.G.Site.Body == fn || slices.Contains(started, r.G):
			case r.G.Site.In == fn && r.G.Site.Body != nil:
				started = append(started, r.G)
			default:
				return 0 // it may have the channel of another run
			}
		}
	}
	tally := ct.NewCounter(fn, c, c.Has(signal.Send))
	rets := flow.ReturnsOf(tally.g)
	n := tally.Most(fn, MostDepth)
	for _, g := range started {
		start := g.Site.Inst
		if !always(tally.g, start, rets) {
			continue
		}
		if rounds := tally.rounds(tally.g, start); rounds < Many {
			n += rounds * tally.Most(g.Site.Body, MostDepth)
		}
	}
	if n >= Many {
		return 0
	}
	return n
}

// always reports whether every way to a return passes the instruction, or comes to a
// loop that does it in each round.
func always(g *flow.Graph, in ssa.Instruction, rets []*ssa.Return) bool {
	around := slices.Clone(g.Around(in.Block()))
	slices.SortFunc(around, func(a, b *flow.Loop) int { return len(a.Blocks) - len(b.Blocks) })
	b := in.Block()
	for _, l := range around {
		if !l.EachRound(b) {
			return false
		}
		b = l.Head
		if d := b.Idom(); d != nil && ofConstants(flow.Condition(d)) {
			b = d // a range over a number begins so
		}
	}
	return len(rets) > 0 && !slices.ContainsFunc(rets, func(r *ssa.Return) bool { return !b.Dominates(r.Block()) })
}

// ofConstants reports whether the condition compares two constants.
func ofConstants(cond ssa.Value) bool {
	cmp, ok := cond.(*ssa.BinOp)
	if !ok {
		return false
	}
	_, x := cmp.X.(*ssa.Const)
	_, y := cmp.Y.(*ssa.Const)
	return x && y
}

// madeOnce reports whether each run of fn comes to the make once, itself or by the
// only call of the function that does.
func (ct *Counts) madeOnce(fn *ssa.Function, m *ssa.MakeChan) bool {
	at := ssa.Instruction(m)
	for range 4 {
		if ct.Looped(at) {
			return false
		}
		if at.Parent() == fn {
			return true
		}
		calls, open := ct.Graph.Callers(at.Parent())
		if open || len(calls) != 1 {
			return false
		}
		if _, ok := calls[0].(*ssa.Call); !ok {
			return false
		}
		at = calls[0]
	}
	return false
}
