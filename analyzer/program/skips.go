package program

import (
	"golang.org/x/tools/go/ssa"

	"github.com/killcheck/killcheck/analyzer/code"
	"github.com/killcheck/killcheck/analyzer/flow"
)

type skipKey struct {
	fn    *ssa.Function
	start ssa.Instruction
	site  ssa.Instruction // the first
	last  ssa.Instruction
	n     int
}

// Skips returns a return of fn that control can come to, from behind one of the
// starts or from the entry, without passing a site; or nil. A site that is
// deferred counts from where it is deferred.
func (prog *Program) Skips(fn *ssa.Function, starts, sites []ssa.Instruction) *ssa.Return {
	graph := prog.PlainGraph(fn)
	is := make(map[ssa.Instruction]bool, len(sites))
	for _, s := range sites {
		is[s] = true
	}
	if len(starts) == 0 {
		return flow.FirstReturn(graph, fn.Blocks[0], nil, is)
	}
	for _, start := range starts {
		before := false
		for _, s := range sites {
			_, deferred := s.(*ssa.Defer)
			before = before || deferred && prog.Precedes(s, start)
		}
		if before {
			continue
		}
		key := skipKey{fn, start, sites[0], sites[len(sites)-1], len(sites)}
		r, ok := prog.skips[key]
		if !ok {
			r = flow.FirstReturn(graph, start.Block(), start, is)
			prog.skips[key] = r
		}
		if r != nil {
			return r
		}
	}
	return nil
}

// Lift replaces sites in function literals of maker that it calls or defers by
// those calls.
func (prog *Program) Lift(sites []ssa.Instruction, maker *ssa.Function, depth int) []ssa.Instruction {
	var lifted []ssa.Instruction
	for _, s := range sites {
		fn := s.Parent()
		if depth == 0 || fn == maker || fn.Parent() == nil || code.Outermost(fn) != code.Outermost(maker) || len(prog.WithBody(fn)) > 0 {
			lifted = append(lifted, s)
			continue
		}
		calls, open := prog.Graph.Callers(fn)
		if c := prog.Callback(fn); c != nil {
			calls, open = []ssa.CallInstruction{c}, false
		}
		if open || len(calls) == 0 || prog.Skips(fn, nil, []ssa.Instruction{s}) != nil {
			lifted = append(lifted, s)
			continue
		}
		var ins []ssa.Instruction
		for _, c := range calls {
			ins = append(ins, c)
		}
		lifted = append(lifted, prog.Lift(ins, maker, depth-1)...)
	}
	return lifted
}
