package program

import (
	"golang.org/x/tools/go/ssa"

	"github.com/killcheck/killcheck/analyzer/code"
	"github.com/killcheck/killcheck/analyzer/flow"
	"github.com/killcheck/killcheck/analyzer/signal"
)

// NeverTaken reports whether control never takes the edge: it ends a range over what is never
// closed, or is for an error that a function never gives.
func (prog *Program) NeverTaken(b *ssa.BasicBlock, i int) bool {
	if prog.OpenRange(b, i) {
		return true
	}
	tested, ifNil := code.NilTest(flow.Condition(b))
	return tested != nil && ifNil != (i == 0) && code.IsError(tested.Type()) && prog.noErrorIn(tested)
}

// NoError reports whether the error of the function, its last result, is always nil. That of
// a function which does not return, or that a deferred one may set, is not.
func (prog *Program) NoError(fn *ssa.Function) bool {
	if no, ok := prog.noError[fn]; ok {
		return no
	}
	prog.noError[fn] = false // where it calls itself
	res := fn.Signature.Results()
	last := res.Len() - 1
	if last < 0 || len(fn.Blocks) == 0 || !code.IsError(res.At(last).Type()) || fn.Recover != nil && (res.At(last).Name() != "" || prog.Recovers(fn)) {
		return false
	}
	some := false
	for _, b := range fn.Blocks {
		if r, ok := b.Instrs[len(b.Instrs)-1].(*ssa.Return); ok {
			if !prog.noErrorIn(r.Results[last]) {
				return false
			}
			some = true
		}
	}
	prog.noError[fn] = some
	return some
}

// noErrorIn reports whether the value is nil, or the error of a call that gives none.
func (prog *Program) noErrorIn(v ssa.Value) bool {
	if code.IsNil(v) {
		return true
	}
	call, ok := v.(*ssa.Call)
	if x, isPart := v.(*ssa.Extract); isPart {
		if call, ok = x.Tuple.(*ssa.Call); ok && x.Index != call.Call.Signature().Results().Len()-1 {
			return false
		}
	}
	if !ok || call.Call.IsInvoke() {
		return false
	}
	if fn := call.Call.StaticCallee(); fn != nil && fn.Pkg != nil && fn.Pkg.Pkg == prog.Pkg {
		return prog.NoError(fn)
	}
	callee := signal.Callee(&call.Call)
	if callee == nil {
		return false
	}
	f := prog.Fact(callee)
	return f != nil && f.NoError
}
