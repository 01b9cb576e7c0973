package handle

import (
	"slices"

	"golang.org/x/tools/go/ssa"

	"github.com/killcheck/killcheck/analyzer/code"
	"github.com/killcheck/killcheck/analyzer/kb"
	"github.com/killcheck/killcheck/analyzer/signal"
)

// RunsOn reports whether the channel is that of a timer which the function makes and
// keeps for itself, and stops only when it returns. One that brings one value is not
// waited for again.
func (h *Handles) RunsOn(ch ssa.Value, c *signal.Class) bool {
	load, ok := ch.(*ssa.UnOp)
	if !ok || h.ev.Looped(load) && slices.ContainsFunc(c.Library, func(e kb.Entry) bool { return e.Once }) {
		return false
	}
	f, ok := load.X.(*ssa.FieldAddr)
	if !ok {
		return false
	}
	made, ok := f.X.(*ssa.Call)
	if !ok {
		return false
	}
	if e, ok := signal.Entry(h.ev.Base, &made.Call); !ok || e.Effect != kb.Instant || e.Kind != kb.KindTimer {
		return false
	}
	return !slices.ContainsFunc(*made.Referrers(), func(r ssa.Instruction) bool {
		switch r := r.(type) {
		case *ssa.FieldAddr, *ssa.DebugRef:
			return false
		case *ssa.Defer:
			return code.Receiver(&r.Call) != ssa.Value(made)
		}
		return true
	})
}
