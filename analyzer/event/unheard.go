package event

import (
	"slices"

	"golang.org/x/tools/go/ssa"

	"github.com/killcheck/killcheck/analyzer/code"
	"github.com/killcheck/killcheck/analyzer/program"
	"github.com/killcheck/killcheck/analyzer/signal"
)

// Unheard returns a channel by which the function that starts the goroutine asks for a
// stop that nobody can hear: it makes the channel, which carries nothing, and closes it,
// and nothing receives from it.
func (ev *Events) Unheard(g *program.Goroutine) Stop {
	if !g.Started() || g.Site.In == nil {
		return Stop{}
	}
	in := code.Outermost(g.Site.In)
	for _, b := range in.Blocks {
		for _, x := range b.Instrs {
			mk, ok := x.(*ssa.MakeChan)
			if !ok || !code.IsStopChan(mk.Type()) {
				continue
			}
			c := ev.Graph.Class(ev.Base, mk)
			closes := c.Has(signal.Close)
			if !c.Own() || len(c.Makes) != 1 || len(c.Ops()) > len(closes) {
				continue
			}
			name := ev.assigned(mk.Pos(), 0)
			if name != "" && slices.ContainsFunc(closes, func(o signal.Op) bool { return !g.Has(o.Fn) && code.Outermost(o.Fn) == in }) {
				return Stop{Expr: name, Owner: true}
			}
		}
	}
	return Stop{}
}
