package verdict

import (
	"golang.org/x/tools/go/ssa"

	"github.com/killcheck/killcheck/analyzer/flow"
	"github.com/killcheck/killcheck/analyzer/signal"
)

// closeBehind reports whether all that is ever sent on a channel of the class is sent
// by functions that close it behind the value, before they send another one or
// return. No channel then gets a second value, so that one with room takes all. Two
// that send at once do not wait for each other: one of them closes, and the other
// panics.
func (m *Verdicts) closeBehind(c *signal.Class) bool {
	sends := c.Has(signal.Send)
	if c.Sends || c.Unknown || len(sends) == 0 || len(sends) > maxPartners {
		return false
	}
	all := make(map[ssa.Instruction]bool, len(sends))
	for _, o := range sends {
		all[o.In] = true
	}
	for _, o := range sends {
		send, ok := o.In.(*ssa.Send)
		if !ok {
			return false
		}
		closes := make(map[ssa.Instruction]bool)
		for _, x := range c.Has(signal.Close) {
			if _, now := x.In.(*ssa.Call); now && x.Fn == o.Fn && m.SurelySame(x.Chan, send.Chan) {
				closes[x.In] = true
			}
		}
		graph := m.PlainGraph(o.Fn)
		if len(closes) == 0 || flow.FirstReturn(graph, send.Block(), send, closes) != nil ||
			flow.Reaches(graph, send.Block(), send, all, func(in ssa.Instruction) bool { return closes[in] }) {
			return false
		}
	}
	return true
}
