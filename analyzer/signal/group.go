package signal

import (
	"golang.org/x/tools/go/ssa"

	"github.com/killcheck/killcheck/analyzer/kb"
)

// GroupEnds reports whether the group that the call c returns beside a context, as
// its row e says, may end that context: somebody waits for the group, or a function
// that it runs may fail, or it is somewhere where that is not seen.
func (g *Graph) GroupEnds(base *kb.Base, c *ssa.Call, e kb.Entry) bool {
	if e.Group < 0 {
		return false
	}
	var work []ssa.Value
	for _, r := range *c.Referrers() {
		if x, ok := r.(*ssa.Extract); ok && x.Index == e.Group {
			work = append(work, x)
		}
	}
	seen := make(map[ssa.Value]bool)
	for len(work) > 0 {
		v := work[len(work)-1]
		work = work[:len(work)-1]
		if seen[v] {
			continue
		}
		seen[v] = true
		for _, r := range *v.Referrers() {
			switch r := r.(type) {
			case *ssa.DebugRef:
			case *ssa.UnOp:
				work = append(work, r)
			case *ssa.Store:
				cell, ok := r.Addr.(*ssa.Alloc)
				if r.Val == v && !ok {
					return true
				}
				if r.Val == v {
					work = append(work, cell)
				}
			case *ssa.MakeClosure:
				for i, b := range r.Bindings {
					if b == v {
						work = append(work, r.Fn.(*ssa.Function).FreeVars[i])
					}
				}
			case ssa.CallInstruction:
				call := r.Common()
				row, known := Entry(base, call)
				method := !call.IsInvoke() && call.Signature().Recv() != nil && call.Args[0] == v
				if !known || !method || row.Effect == kb.Blocks {
					return true
				}
				if row.Effect == kb.Spawns && mayFail(call.Args[row.FuncArg+1]) {
					return true
				}
			default:
				return true
			}
		}
	}
	return false
}

// mayFail reports whether the function may return an error.
func mayFail(v ssa.Value) bool {
	if c, ok := v.(*ssa.MakeClosure); ok {
		v = c.Fn
	}
	fn, ok := v.(*ssa.Function)
	if !ok || fn.Blocks == nil {
		return true
	}
	for _, b := range fn.Blocks {
		if r, ok := b.Instrs[len(b.Instrs)-1].(*ssa.Return); ok && len(r.Results) > 0 {
			if k, ok := r.Results[0].(*ssa.Const); !ok || k.Value != nil {
				return true
			}
		}
	}
	return false
}
