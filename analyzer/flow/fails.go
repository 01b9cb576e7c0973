package flow

import (
	"go/token"
	"slices"

	"golang.org/x/tools/go/ssa"

	"github.com/killcheck/killcheck/analyzer/code"
)

// WithoutError returns the block that control comes to where the call has given no error,
// or nil if that is not asked.
func WithoutError(c *ssa.Call) *ssa.BasicBlock {
	errs := []ssa.Value{c}
	for _, r := range *c.Referrers() {
		if x, ok := r.(*ssa.Extract); ok {
			errs = append(errs, x)
		}
	}
	for _, err := range errs {
		if code.IsError(err.Type()) {
			errs = append(errs, loadedAgain(err)...)
		}
	}
	for _, err := range errs {
		if !code.IsError(err.Type()) {
			continue
		}
		for _, r := range *err.Referrers() {
			cmp, ok := r.(*ssa.BinOp)
			if !ok {
				continue
			}
			tested, ifNil := code.NilTest(cmp)
			if tested == nil {
				continue
			}
			for _, r := range *cmp.Referrers() {
				if i, ok := r.(*ssa.If); ok {
					if ifNil {
						return i.Block().Succs[0]
					}
					return i.Block().Succs[1]
				}
			}
		}
	}
	return nil
}

// loadedAgain returns what is loaded, behind a store of the value in the same block, from the
// variable that it is stored in.
func loadedAgain(v ssa.Value) (loads []ssa.Value) {
	for _, r := range *v.Referrers() {
		st, ok := r.(*ssa.Store)
		if !ok || st.Val != v {
			continue
		}
		instrs := st.Block().Instrs
		for _, in := range instrs[slices.Index(instrs, ssa.Instruction(st))+1:] {
			if other, ok := in.(*ssa.Store); ok && other.Addr == st.Addr {
				break
			}
			if load, ok := in.(*ssa.UnOp); ok && load.X == st.Addr {
				loads = append(loads, load)
			}
		}
	}
	return loads
}

// Failed returns the error that is known to be one on edge i of b, or nil.
func Failed(b *ssa.BasicBlock, i int) ssa.Value {
	tested, ifNil := code.NilTest(Condition(b))
	if tested == nil || !code.IsError(tested.Type()) || ifNil == (i == 0) {
		return nil
	}
	return tested
}

// PassesOn reports whether each way from the call, if that has failed, to a return of
// its function gives an error.
func PassesOn(graph *Graph, c *ssa.Call) bool {
	err := code.ErrorOf(c)
	if err == nil || !code.GivesError(c) {
		return false
	}
	seen := map[*ssa.BasicBlock]bool{c.Block(): true}
	work := []*ssa.BasicBlock{c.Block()}
	for len(work) > 0 {
		b := work[len(work)-1]
		work = work[:len(work)-1]
		if r, ok := b.Instrs[len(b.Instrs)-1].(*ssa.Return); ok && !gives(r, err) {
			return false
		}
		for i, s := range b.Succs {
			if seen[s] || !slices.Contains(graph.Succs(b), s) || succeeded(b, i, err) {
				continue
			}
			seen[s] = true
			work = append(work, s)
		}
	}
	return true
}

// succeeded reports whether edge i of b is taken only if the error is none.
func succeeded(b *ssa.BasicBlock, i int, err ssa.Value) bool {
	if len(b.Succs) != 2 || Condition(b) == nil {
		return false
	}
	v := Failed(b, 1-i)
	return v != nil && sameError(v, err)
}

// sameError reports whether v is the error, or a variable that it has just been put in.
func sameError(v, err ssa.Value) bool {
	if u, ok := v.(*ssa.UnOp); ok {
		if s := code.JustStored(u); s != nil {
			v = s
		}
	}
	return v == err
}

// gives reports whether the return gives the error, or one that is not nil.
func gives(r *ssa.Return, err ssa.Value) bool {
	if len(r.Results) == 0 {
		return false
	}
	v := Returned(r)
	if phi, ok := v.(*ssa.Phi); ok {
		return slices.Contains(phi.Edges, err)
	}
	return sameError(v, err) || SaysError(v)
}

// SaysError reports whether v is an error, and not nil: a variable of a package, what a
// type makes, or what a function of another package does that is given something.
func SaysError(v ssa.Value) bool {
	switch v := v.(type) {
	case *ssa.MakeInterface:
		return true
	case *ssa.UnOp:
		_, global := v.X.(*ssa.Global)
		return global && v.Op == token.MUL
	case *ssa.Call:
		fn := v.Call.StaticCallee()
		return fn != nil && fn.Pkg != v.Parent().Pkg && fn.Signature.Recv() == nil
	}
	return false
}

// Returned gives the last result of a return: what a function with a defer has put
// there in the same block.
func Returned(r *ssa.Return) ssa.Value {
	v := r.Results[len(r.Results)-1]
	load, ok := v.(*ssa.UnOp)
	if !ok || load.Op != token.MUL {
		return v
	}
	for _, in := range slices.Backward(r.Block().Instrs) {
		if s, ok := in.(*ssa.Store); ok && s.Addr == load.X {
			return s.Val
		}
	}
	return v
}

// OfOtherType returns the value of which edge i of b is taken where it is not of the type that
// is asserted of it; or nil.
func OfOtherType(b *ssa.BasicBlock, i int) ssa.Value {
	ok, isOk := Condition(b).(*ssa.Extract)
	if !isOk || ok.Index != 1 || i == 0 {
		return nil
	}
	if assert, isOk := ok.Tuple.(*ssa.TypeAssert); isOk {
		return assert.X
	}
	return nil
}
