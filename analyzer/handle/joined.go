package handle

import (
	"slices"

	"golang.org/x/tools/go/ssa"

	"github.com/killcheck/killcheck/analyzer/code"
	"github.com/killcheck/killcheck/analyzer/program"
	"github.com/killcheck/killcheck/analyzer/signal"
)

// Joins reports whether the instruction waits for what the goroutine alone does, or for
// a group, of which it may be one.
func (h *Handles) Joins(g *program.Goroutine, in ssa.Instruction) bool {
	switch in := in.(type) {
	case *ssa.UnOp:
		if !code.IsRecv(in) {
			return false
		}
		c := h.ev.Graph.Class(h.ev.Base, in.X)
		raises := c.Has(signal.Send, signal.Close)
		return c.Own() && len(raises) > 0 && !slices.ContainsFunc(raises, func(o signal.Op) bool { return !g.Has(o.Fn) })
	case *ssa.Call:
		wait := h.ev.WaitOf(in)
		return wait != nil && wait.Group != nil
	}
	return false
}
