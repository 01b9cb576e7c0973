package flow

import (
	"go/constant"
	"go/token"
	"go/types"
	"slices"
	"strings"

	"golang.org/x/tools/go/ssa"

	"github.com/killcheck/killcheck/analyzer/code"
)

// storedBy returns the variable to which the instruction stores, and what.
func (v *variables) storedBy(in ssa.Instruction) (addr, x ssa.Value) {
	switch in := in.(type) {
	case *ssa.Store:
		return in.Addr, in.Val
	case *ssa.Alloc:
		if k := zero(in.Type().Underlying().(*types.Pointer).Elem()); k != nil && alone(in) {
			return in, k
		}
	case *ssa.Call:
		if v.flags.Store != nil {
			if addr, x := v.flags.Store(in); addr != nil && alone(addr) {
				return addr, x
			}
		}
	}
	return nil, nil
}

// alone reports whether the function alone changes its variable at the address: the
// address goes nowhere but to methods of the variable.
func alone(addr ssa.Value) bool {
	a, ok := addr.(*ssa.Alloc)
	return ok && !slices.ContainsFunc(*a.Referrers(), func(r ssa.Instruction) bool {
		switch r := r.(type) {
		case *ssa.Store:
			return r.Val == a
		case *ssa.UnOp, *ssa.DebugRef:
			return false
		case *ssa.Call:
			return r.Call.Signature().Recv() == nil || len(r.Call.Args) == 0 || r.Call.Args[0] != a
		case *ssa.MakeClosure:
			i := slices.Index(r.Bindings, ssa.Value(a))
			return i < 0 || slices.ContainsFunc(*r.Fn.(*ssa.Function).FreeVars[i].Referrers(), func(r ssa.Instruction) bool {
				load, ok := r.(*ssa.UnOp)
				return !ok || load.Op != token.MUL
			})
		}
		return true
	})
}

// keeps reports whether what the instruction loads is what its function has stored last,
// or has found there: nobody else changes the variable meanwhile.
func keeps(in ssa.Instruction) bool {
	load, ok := in.(*ssa.UnOp)
	if !ok || load.Op != token.MUL {
		return false
	}
	if fv, ok := load.X.(*ssa.FreeVar); ok {
		_, own := ownVariable(fv)
		return own
	}
	return alone(load.X)
}

// ownVariable reports whether only one run of the literal that captures the variable changes
// it once the literal is made, and returns what it holds then, or nil.
func ownVariable(fv *ssa.FreeVar) (first ssa.Value, own bool) {
	a, ok := code.Binding(fv).(*ssa.Alloc)
	if !ok || !plain(fv, true) {
		return nil, false
	}
	first = zero(a.Type().Underlying().(*types.Pointer).Elem())
	var lit *ssa.MakeClosure
	for _, r := range *a.Referrers() {
		switch r := r.(type) {
		case *ssa.Store:
			if r.Val == a || r.Block() != a.Block() {
				return nil, false
			}
			first = nil
		case *ssa.MakeClosure:
			i := slices.Index(r.Bindings, ssa.Value(a))
			switch {
			case r.Fn == fv.Parent() && lit == nil:
				lit = r
			case !plain(r.Fn.(*ssa.Function).FreeVars[i], false):
				return nil, false
			}
		case *ssa.UnOp, *ssa.DebugRef:
		default:
			return nil, false
		}
	}
	return first, lit != nil && runsOnce(lit, a.Block()) && !slices.ContainsFunc(*a.Referrers(), func(r ssa.Instruction) bool {
		_, stores := r.(*ssa.Store)
		return stores && !Precedes(r, lit)
	})
}

// plain reports whether the captured variable is only loaded, or also stored to.
func plain(fv *ssa.FreeVar, stored bool) bool {
	return !slices.ContainsFunc(*fv.Referrers(), func(r ssa.Instruction) bool {
		switch r := r.(type) {
		case *ssa.Store:
			return !stored || r.Val == fv
		case *ssa.UnOp:
			return r.Op != token.MUL
		case *ssa.DebugRef:
			return false
		}
		return true
	})
}

// runsOnce reports whether the literal is made and run at most once after each run of the
// block.
func runsOnce(lit *ssa.MakeClosure, block *ssa.BasicBlock) bool {
	if len(*lit.Referrers()) != 1 {
		return false
	}
	call, ok := (*lit.Referrers())[0].(ssa.CallInstruction)
	if !ok || call.Common().Value != lit || call.Block() != lit.Block() {
		return false
	}
	return !slices.ContainsFunc(lit.Block().Succs, func(s *ssa.BasicBlock) bool {
		return ComesTo(s, lit.Block(), block, func(b *ssa.BasicBlock) []*ssa.BasicBlock { return b.Succs })
	})
}

// zero returns what a new variable of the type is: a flag that is not set, if it is
// a struct.
func zero(t types.Type) ssa.Value {
	switch u := t.Underlying().(type) {
	case *types.Basic:
		switch {
		case u.Info()&types.IsBoolean != 0:
			return ssa.NewConst(constant.MakeBool(false), t)
		case u.Info()&types.IsInteger != 0:
			return ssa.NewConst(constant.MakeInt64(0), t)
		}
	case *types.Pointer, *types.Interface, *types.Chan, *types.Map, *types.Slice, *types.Signature:
		return ssa.NewConst(nil, t)
	case *types.Struct:
		return ssa.NewConst(constant.MakeBool(false), types.Typ[types.Bool])
	}
	return nil
}

// store notes what a store means for the variables.
func (v *variables) store(b *ssa.BasicBlock, addr, x ssa.Value) {
	at := "*" + v.subject(addr, 3)
	a := assign{to: -1, value: x}
	for s, n := range v.index {
		switch {
		case s == at:
			a.to = n
		case strings.Contains(s, at):
			a.forget = append(a.forget, n) // Inv: the order does not matter
		}
	}
	if a.to >= 0 || len(a.forget) > 0 {
		v.stores[b.Index] = append(v.stores[b.Index], a)
	}
}
