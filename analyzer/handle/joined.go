package handle

import (
	"slices"

	"golang.org/x/tools/go/ssa"

	"github.com/killcheck/killcheck/analyzer/code"
	"github.com/killcheck/killcheck/analyzer/flow"
	"github.com/killcheck/killcheck/analyzer/program"
	"github.com/killcheck/killcheck/analyzer/signal"
)

// joinedBefore reports whether control comes to the call, or for a deferred one to a
// return, only after a wait for the goroutine: for a group, or for a channel that the
// goroutine alone raises.
func (h *Handles) joinedBefore(g *program.Goroutine, call ssa.CallInstruction) bool {
	fn := call.Parent()
	ends := []ssa.Instruction{call}
	if _, deferred := call.(*ssa.Defer); deferred {
		ends = nil
		for _, r := range flow.ReturnsOf(h.ev.PlainGraph(fn)) {
			ends = append(ends, r)
		}
	}
	var joins []ssa.Instruction
	for _, b := range fn.Blocks {
		for _, in := range b.Instrs {
			if h.Joins(g, in) {
				joins = append(joins, in)
			}
		}
	}
	return !slices.ContainsFunc(ends, func(end ssa.Instruction) bool {
		return !slices.ContainsFunc(joins, func(in ssa.Instruction) bool { return flow.Precedes(in, end) })
	})
}

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
