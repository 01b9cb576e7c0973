package callee

import "golang.org/x/tools/go/ssa"

// Each shows the calls that fn makes itself, deferred ones among them.
func (cs Callees) Each(fn *ssa.Function, visit func(ssa.CallInstruction)) {
	if len(fn.Blocks) == 0 {
		return
	}
	graph := cs.PlainGraph(fn)
	for _, b := range fn.Blocks {
		if !graph.Reachable(b) {
			continue
		}
		for _, in := range b.Instrs {
			c, ok := in.(ssa.CallInstruction)
			if _, isGo := in.(*ssa.Go); ok && !isGo {
				visit(c)
			}
			if in == graph.StopsAt(b) {
				break
			}
		}
	}
}

// In returns the functions of the package that fn calls, each once.
func (cs Callees) In(fn *ssa.Function) []*ssa.Function {
	var fns []*ssa.Function
	seen := make(map[*ssa.Function]bool)
	cs.Each(fn, func(in ssa.CallInstruction) {
		for _, f := range cs.Of(in).Fns {
			if !seen[f] {
				seen[f] = true
				fns = append(fns, f)
			}
		}
	})
	return fns
}

// Reaches reports whether the function may call the other, by whatever way, or that is
// not seen in a bounded search.
func (cs Callees) Reaches(fn, to *ssa.Function) bool {
	const most = 400
	seen := map[*ssa.Function]bool{fn: true}
	work := []*ssa.Function{fn}
	for len(work) > 0 {
		f := work[len(work)-1]
		work = work[:len(work)-1]
		for _, next := range cs.In(f) {
			if next == to || len(seen) > most {
				return true
			}
			if !seen[next] {
				seen[next] = true
				work = append(work, next)
			}
		}
	}
	return fn == to
}
