package interrupt

import (
	"slices"

	"golang.org/x/tools/go/ssa"

	"github.com/killcheck/killcheck/analyzer/code"
	"github.com/killcheck/killcheck/analyzer/flow"
	"github.com/killcheck/killcheck/analyzer/kb"
	"github.com/killcheck/killcheck/analyzer/signal"
)

// arrived reports whether the call accepts a connection that the function has made
// before, to the address of the listener, as for two ends of its own.
func (h *Interrupts) arrived(c *waiting) bool {
	if c.row.Kind != kb.KindNetAccept {
		return false
	}
	listener := code.Receiver(&c.in.Call)
	g := h.ev.PlainGraph(c.f.Fn)
	for _, b := range c.f.Fn.Blocks {
		for _, in := range b.Instrs {
			dial, ok := in.(*ssa.Call)
			if !ok || !flow.Precedes(dial, c.in) || len(g.Around(c.in.Block())) != len(g.Around(b)) {
				continue
			}
			row, ok := signal.Entry(h.ev.Base, &dial.Call)
			if ok && row.Kind == kb.KindNetDial && slices.ContainsFunc(dial.Call.Args, func(a ssa.Value) bool { return addressOf(a, listener) }) {
				return true
			}
		}
	}
	return false
}

// addressOf reports whether a value is what a method of the listener gives, or what a
// method of that gives: l.Addr().String().
func addressOf(v, listener ssa.Value) bool {
	const deep = 4
	for range deep {
		switch x := v.(type) {
		case *ssa.Call:
			v = code.Receiver(&x.Call)
		case *ssa.TypeAssert:
			v = x.X
		case *ssa.MakeInterface:
			v = x.X
		default:
			return false
		}
		if v == nil {
			return false
		}
		if flow.Same(v, listener) {
			return true
		}
	}
	return false
}
