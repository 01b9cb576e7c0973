package interrupt

import (
	"time"

	"golang.org/x/tools/go/ssa"

	"github.com/killcheck/killcheck/analyzer/event"
	"github.com/killcheck/killcheck/analyzer/flow"
	"github.com/killcheck/killcheck/analyzer/signal"
)

// shortSleep is the sleep up to which nobody minds that a stop waits for it: a
// person who stops a program takes a second for at once.
const shortSleep = time.Second

// longSleep is the sleep from which a look at the stop after it comes too late for
// anybody who waits.
const longSleep = time.Minute

// sleeps judges a sleep.
func (h *Interrupts) sleeps(c *waiting) (Deaf, bool) {
	d := h.longestAt(c.in.Call.Args[0], c.in.Block())
	if d.known && d.most <= shortSleep {
		return Deaf{}, false
	}
	// A pause between two looks at the stop, or one alone, which the author has bounded.
	bounded := d.known && d.most < longSleep && (h.ev.LoopLooksAtStop(c.f, c.in) || !h.ev.InLoop(c.f, c.in))
	return Deaf{Kind: Sleep, In: c.in, Most: d.most, Unsure: bounded}, true
}

// longSleep judges a sleep where no stop is in reach that a select could heed. If it is
// one of minutes, there may be a flag that is looked at before and after.
func (h *Interrupts) longSleep(c *waiting) (Deaf, bool) {
	d := h.longest(c.in.Call.Args[0])
	return Deaf{Kind: LongSleep, In: c.in, Most: d.most}, d.known && !d.itself && d.most >= longSleep
}

// otherStop returns the stop signal that a select waited for beside the one that
// has led to the call: its case returns, so the goroutine is to end by it as
// well, and may do so while the call goes on. A context that ends with the other
// one does not count.
func (h *Interrupts) otherStop(c *waiting) event.Stop {
	graph := h.ev.PlainGraph(c.f.Fn)
	for sel, k := range flow.CasesTo(c.in.Block()) {
		if !h.onlyStops(sel.States[k].Chan) {
			continue
		}
		for _, x := range c.f.Fn.Blocks {
			for j := range x.Succs {
				other, n := flow.SelectCase(x, j)
				if other != sel || n == k || n >= len(sel.States) || !h.ownStop(sel.States[n].Chan) || flow.ComesTo(x.Succs[j], c.in.Block(), nil, graph.Succs) {
					continue
				}
				return h.ev.NameAt(sel.States[n].Pos, c.in.Pos())
			}
		}
	}
	return event.Stop{}
}

// onlyStops reports whether nothing but an end comes on the channel.
func (h *Interrupts) onlyStops(v ssa.Value) bool {
	c := h.ev.Graph.Class(h.ev.Base, v)
	return len(c.Contexts) > 0 || len(c.Has(signal.Close)) > 0 && len(c.Has(signal.Send)) == 0
}

// ownStop reports whether the channel is raised by itself: that of a context
// which derives from none that is not known, or one that is closed.
func (h *Interrupts) ownStop(v ssa.Value) bool {
	if !h.ev.IsStopCase(v) || h.ev.Timed(v) || h.ev.NeverRaised(v) {
		return false
	}
	for _, ctx := range h.ev.Graph.Class(h.ev.Base, v).Contexts {
		if !h.ev.Graph.Independent(h.ev.Base, ctx) {
			return false
		}
	}
	return true
}
