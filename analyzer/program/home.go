package program

import "golang.org/x/tools/go/ssa"

// InHome returns what makes the object in fn: the instruction itself, or the call that
// leads to it; nil if there are several, or others get the object to keep.
func (prog *Program) InHome(fn *ssa.Function, made ssa.Instruction) ssa.Instruction {
	for range 4 {
		v, _ := made.(ssa.Value)
		if v == nil || prog.kept(v, made.Parent() != fn, 4, 2) {
			return nil
		}
		if made.Parent() == fn {
			return made
		}
		calls, _ := prog.Graph.Callers(made.Parent())
		if len(calls) != 1 {
			return nil
		}
		made = calls[0]
	}
	return nil
}

// kept reports whether others get the value to keep: it is stored elsewhere than in
// variables of the function and what it makes, sent, or returned, unless that is how it
// comes to the caller; or a function that it is given to does so, through so many calls.
func (prog *Program) kept(v ssa.Value, returns bool, depth, calls int) bool {
	if depth == 0 || v.Referrers() == nil {
		return depth == 0
	}
	for _, r := range *v.Referrers() {
		var next ssa.Value
		switch r := r.(type) {
		case *ssa.Return:
			if !returns {
				return true
			}
		case *ssa.MapUpdate:
			return true
		case *ssa.Send:
			if r.X == v {
				return true
			}
		case *ssa.Store:
			if r.Val == v && prog.storedAway(r.Addr, returns, depth, calls) {
				return true
			}
		case ssa.CallInstruction:
			if prog.keptBy(r, v, calls) {
				return true
			}
		case *ssa.Extract:
			next = r
		case *ssa.ChangeType:
			next = r
		case *ssa.MakeInterface:
			next = r
		}
		if next != nil && prog.kept(next, returns, depth-1, calls) {
			return true
		}
	}
	return false
}

// keptBy reports whether a function of the package that the call runs or starts keeps
// the argument.
func (prog *Program) keptBy(call ssa.CallInstruction, v ssa.Value, calls int) bool {
	if b, ok := call.Common().Value.(*ssa.Builtin); ok {
		return b.Name() == "append" && len(call.Common().Args) == 2
	}
	fn := call.Common().StaticCallee()
	if calls == 0 || fn == nil || len(fn.Blocks) == 0 {
		return false
	}
	for i, a := range call.Common().Args {
		if a == v && i < len(fn.Params) && prog.kept(fn.Params[i], true, 4, calls-1) {
			return true
		}
	}
	return false
}

// storedAway reports whether others get what is stored at the address.
func (prog *Program) storedAway(addr ssa.Value, returns bool, depth, calls int) bool {
	switch a := addr.(type) {
	case *ssa.Alloc:
		for _, use := range *a.Referrers() {
			if load, ok := use.(*ssa.UnOp); ok && prog.kept(load, returns, depth-1, calls) {
				return true
			}
		}
		return false
	case *ssa.FieldAddr:
		holder, fresh := a.X.(*ssa.Alloc)
		return !fresh || prog.kept(holder, returns, depth-1, calls)
	}
	return true
}
