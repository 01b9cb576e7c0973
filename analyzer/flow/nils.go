package flow

import (
	"go/token"
	"go/types"
	"slices"

	"golang.org/x/tools/go/ssa"

	"github.com/killcheck/killcheck/analyzer/code"
)

// needs returns the values of the block that must not be nil: control does not get
// through it with a nil one, it panics. They are values that may be nil because some
// branch has left them so.
func needs(b *ssa.BasicBlock) (phis []*ssa.Phi) {
	add := func(v ssa.Value) {
		if phi, ok := v.(*ssa.Phi); ok && slices.ContainsFunc(phi.Edges, code.IsNil) && !slices.Contains(phis, phi) {
			phis = append(phis, phi)
		}
	}
	for _, in := range b.Instrs {
		switch in := in.(type) {
		case *ssa.FieldAddr:
			add(in.X)
		case *ssa.IndexAddr:
			add(in.X)
		case *ssa.UnOp:
			if in.Op == token.MUL {
				add(in.X)
			}
		case *ssa.Store:
			add(in.Addr)
		case *ssa.MapUpdate:
			add(in.Map)
		case *ssa.Call:
			if in.Call.IsInvoke() {
				add(in.Call.Value)
			} else if recv := code.Receiver(&in.Call); recv != nil && usesAtOnce(in.Call.StaticCallee()) {
				add(recv)
			}
		}
	}
	return phis
}

// usesAtOnce reports whether the method looks into its receiver, a pointer, before
// anything is tested.
func usesAtOnce(fn *ssa.Function) bool {
	if fn == nil || len(fn.Blocks) == 0 || len(fn.Params) == 0 {
		return false
	}
	if _, ok := fn.Params[0].Type().Underlying().(*types.Pointer); !ok {
		return false
	}
	is := map[ssa.Value]bool{fn.Params[0]: true} // the receiver, and the variable that a closure shares with it
	for _, in := range fn.Blocks[0].Instrs {
		switch in := in.(type) {
		case *ssa.Store:
			if _, local := in.Addr.(*ssa.Alloc); local && is[in.Val] {
				is[in.Addr] = true
			}
		case *ssa.FieldAddr:
			if load, ok := in.X.(*ssa.UnOp); is[in.X] || ok && is[load.X] {
				return true
			}
		case *ssa.UnOp:
			if in.Op == token.MUL && in.X == fn.Params[0] {
				return true
			}
		}
	}
	return false
}

// findNeeds notes which of the variables each block needs.
func (v *variables) findNeeds() {
	v.needed = make([][]int, len(v.g.Fn.Blocks))
	for _, b := range v.g.Fn.Blocks {
		for _, phi := range needs(b) {
			if n, ok := v.index[phi.Name()]; ok {
				v.needed[b.Index] = append(v.needed[b.Index], n)
			}
		}
	}
}

// panics reports whether control that comes to the block with so much known does
// not get through it.
func (v *variables) panics(b *ssa.BasicBlock, known []byte) bool {
	for _, n := range v.needed[b.Index] {
		if is, decided := says(known[n], v.consts["nil"]); decided && is {
			return true
		}
	}
	return false
}

// AlwaysNil reports whether the function gives nothing but nil: a stub, which stands
// for what this build leaves out.
func AlwaysNil(fn *ssa.Function) bool {
	if fn == nil || len(fn.Blocks) != 1 || fn.Signature.Results().Len() != 1 || len(fn.Blocks[0].Instrs) == 0 {
		return false
	}
	r, ok := fn.Blocks[0].Instrs[len(fn.Blocks[0].Instrs)-1].(*ssa.Return)
	return ok && code.IsNil(r.Results[0])
}

// ofStub returns the result of a comparison of a stub's result with nil.
func ofStub(cmp *ssa.BinOp) (holds, ok bool) {
	tested, ifNil := code.NilTest(cmp)
	c, isCall := tested.(*ssa.Call)
	if !isCall || !AlwaysNil(c.Call.StaticCallee()) {
		return false, false
	}
	return ifNil, true
}

// Dead reports whether control never comes to the block, by conditions around it
// that are constant.
func Dead(b *ssa.BasicBlock) bool {
	for x := b; x.Idom() != nil; x = x.Idom() {
		d := x.Idom()
		if len(x.Preds) != 1 || x.Preds[0] != d {
			continue
		}
		for i, to := range d.Succs {
			if to == x && constDead(d, i) {
				return true
			}
		}
	}
	return false
}

// isThere reports whether the value is not nil for certain: it is made here, or is an
// error that a call makes of a format and values, or one of a package.
func isThere(x ssa.Value) bool {
	switch x.(type) {
	case *ssa.MakeInterface, *ssa.MakeChan, *ssa.MakeClosure, *ssa.MakeMap, *ssa.MakeSlice, *ssa.Alloc, *ssa.Function:
		return true
	}
	if !code.IsError(x.Type()) {
		return false
	}
	switch x := x.(type) {
	case *ssa.UnOp:
		_, global := x.X.(*ssa.Global)
		return x.Op == token.MUL && global
	case *ssa.Call:
		sig := x.Call.Signature()
		n := sig.Params().Len()
		if !sig.Variadic() || n < 2 || sig.Results().Len() != 1 {
			return false
		}
		format, ok := sig.Params().At(n - 2).Type().Underlying().(*types.Basic)
		values := sig.Params().At(n - 1).Type().(*types.Slice).Elem()
		return ok && format.Kind() == types.String && types.IsInterface(values)
	}
	return false
}
