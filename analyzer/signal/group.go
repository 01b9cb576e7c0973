package signal

import (
	"go/token"

	"golang.org/x/tools/go/ssa"

	"github.com/killcheck/killcheck/analyzer/code"
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
				switch {
				case r.Val != v:
				case ok:
					work = append(work, cell)
				default:
					loads, open := g.loadsOf(r.Addr)
					if open {
						return true
					}
					work = append(work, loads...)
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

// loadsOf returns what is read from the field at the address, in all objects of its type, or
// open if it is none, or more may be done with it, here or elsewhere.
func (g *Graph) loadsOf(addr ssa.Value) (all []ssa.Value, open bool) {
	field, ok := addr.(*ssa.FieldAddr)
	if !ok || token.IsExported(code.FieldName(field.X.Type(), field.Field)) {
		return nil, true
	}
	member := code.MemberOf(field.X.Type(), field.Field)
	for _, fn := range g.fns {
		for _, b := range fn.Blocks {
			for _, in := range b.Instrs {
				switch in := in.(type) {
				case *ssa.Field:
					if code.MemberOf(in.X.Type(), in.Field) == member {
						all = append(all, in)
					}
				case *ssa.FieldAddr:
					if code.MemberOf(in.X.Type(), in.Field) != member {
						continue
					}
					for _, r := range *in.Referrers() {
						switch r := r.(type) {
						case *ssa.DebugRef:
						case *ssa.UnOp:
							all = append(all, r)
						case *ssa.Store:
							open = open || r.Val == ssa.Value(in)
						default:
							return nil, true
						}
					}
				}
			}
		}
	}
	return all, open
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
