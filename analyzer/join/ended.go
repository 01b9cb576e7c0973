package join

import (
	"golang.org/x/tools/go/ssa"

	"github.com/killcheck/killcheck/analyzer/flow"
	"github.com/killcheck/killcheck/analyzer/program"
)

// Ended reports whether the goroutine has come to its end whenever control is at
// the instruction, which belongs to the function that starts it: a wait for its
// group, or for a channel that it raises last, lies between.
func (ct *Endings) Ended(g *program.Goroutine, at ssa.Instruction) bool {
	start := g.Site.Inst
	if at.Parent() != g.Site.In {
		return false
	}
	graph := ct.PlainGraph(at.Parent())
	between := func(in ssa.Instruction) bool {
		return in.Parent() == at.Parent() && in != at && ct.Precedes(in, at) && flow.LeadsTo(graph, start, in) && !flow.LeadsTo(graph, in, start)
	}
	j := ct.newJoins(g)
	for _, b := range at.Parent().Blocks {
		for _, in := range b.Instrs {
			if _, later := in.(*ssa.Defer); !later && j.waits(in, mostCalls) && between(in) {
				return true
			}
		}
	}
	return false
}

// JoinedAtReturn reports whether the function that starts the goroutine waits for its end
// in a deferred call, before it returns.
func (ct *Endings) JoinedAtReturn(g *program.Goroutine) bool {
	if g.Site.Inst == nil {
		return false
	}
	j := ct.newJoins(g)
	for _, b := range g.Site.In.Blocks {
		for _, in := range b.Instrs {
			if d, ok := in.(*ssa.Defer); ok && (ct.Precedes(d, g.Site.Inst) || d.Block() == g.Site.Inst.Block()) && j.waits(d, mostCalls) {
				return true
			}
		}
	}
	return false
}

// callsAfter reports whether the function of the instruction calls another one
// after it, or when it returns.
func (ct *Endings) callsAfter(in ssa.Instruction) bool {
	g := ct.PlainGraph(in.Parent())
	for _, b := range in.Parent().Blocks {
		for _, x := range b.Instrs {
			c, ok := x.(ssa.CallInstruction)
			if !ok || x == in {
				continue
			}
			if _, ok := c.Common().Value.(*ssa.Builtin); ok {
				continue
			}
			if _, ok := x.(*ssa.Defer); ok || flow.LeadsTo(g, in, x) {
				return true
			}
		}
	}
	return false
}
