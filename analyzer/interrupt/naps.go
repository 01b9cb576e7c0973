package interrupt

import (
	"slices"

	"golang.org/x/tools/go/ssa"

	"github.com/killcheck/killcheck/analyzer/code"
	"github.com/killcheck/killcheck/analyzer/event"
	"github.com/killcheck/killcheck/analyzer/program"
)

// Naps returns the sleeps and waits for a timer that a function which is given a context,
// and which its callers start, comes to in the rounds of a loop that never looks at it.
// Short ones count if nothing in the function looks at the context and the rounds may add
// up to a long one. What lies in a loop that is told of itself is left out, and what
// lies in one that hands a context on, if it is not long: the call may end the loop.
func (h *Interrupts) Naps(g *program.Goroutine) []Deaf {
	var all []Deaf
	for _, d := range append(h.Deaf(g), h.shortNaps(g)...) {
		if d.Kind != Sleep && d.Kind != Pause || d.Unsure || d.Stop.Ctx == "" || h.ev.LoopLooksAtStop(d.F, d.In) || !h.ev.InLoop(d.F, d.In) {
			continue
		}
		if !h.stayAround(g, d.In) && (d.Most >= longSleep || !h.handsContext(d.In)) {
			all = append(all, d)
		}
	}
	return all
}

// stayAround reports whether the function can stay in a loop around the instruction.
func (h *Interrupts) stayAround(g *program.Goroutine, in ssa.Instruction) bool {
	graph := h.ev.PlainGraph(in.Parent())
	for _, s := range h.ev.Stays(g) {
		if s.Kind != event.NoExitStay && s.Kind != event.Retry {
			continue
		}
		for _, l := range graph.Around(in.Block()) {
			if s.Loop.Head == l.Head {
				return true
			}
		}
	}
	return false
}

// handsContext reports whether a loop around the instruction calls something with a
// context.
func (h *Interrupts) handsContext(in ssa.Instruction) bool {
	for _, l := range h.ev.PlainGraph(in.Parent()).Around(in.Block()) {
		for _, b := range l.Blocks {
			for _, x := range b.Instrs {
				if c, ok := x.(ssa.CallInstruction); ok && slices.ContainsFunc(c.Common().Args, func(a ssa.Value) bool { return code.IsContext(a.Type()) }) {
					return true
				}
			}
		}
	}
	return false
}

// shortNaps returns the short sleeps of loops in a function that uses its context for
// nothing, unless the rounds are known to be few.
func (h *Interrupts) shortNaps(g *program.Goroutine) []Deaf {
	f := g.Frames[0]
	if p := h.ev.Carrier(f.Fn); p == nil || !code.IsContext(p.Type()) || len(*p.Referrers()) > 0 {
		return nil
	}
	graph := h.ev.PlainGraph(f.Fn)
	var all []Deaf
	for _, b := range f.Fn.Blocks {
		for _, in := range b.Instrs {
			c, ok := in.(*ssa.Call)
			if !ok || !graph.Executes(c) || !h.ev.IsSleep(&c.Call) {
				continue
			}
			each := h.longest(c.Call.Args[0])
			stop := h.ev.StopAt(g, f, c.Pos())
			if stop.Ctx == "" || !each.known || each.most <= 0 || each.most > shortSleep || h.few(c, each) {
				continue
			}
			all = append(all, Deaf{Kind: Sleep, F: f, Pos: c.Pos(), Name: h.name(c), Stop: stop, In: c, Unsure: h.ev.InCommand()})
		}
	}
	return all
}

// few reports whether the loop around the sleep goes round so seldom that all of its
// sleeps are less than a long one.
func (h *Interrupts) few(c *ssa.Call, each span) bool {
	for _, l := range h.ev.PlainGraph(c.Parent()).Around(c.Block()) {
		if _, ok := l.Bound(int64(longSleep / each.most)); ok {
			return true
		}
	}
	return false
}
