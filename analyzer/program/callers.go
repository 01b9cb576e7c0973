package program

import (
	"slices"

	"golang.org/x/tools/go/ssa"

	"github.com/killcheck/killcheck/analyzer/code"
)

// CalledBy reports whether callee runs as part of fn: called by it, or by what
// it calls, to some depth.
func (prog *Program) CalledBy(fn, callee *ssa.Function, depth int) bool {
	if fn == callee {
		return true
	}
	if depth == 0 {
		return false
	}
	calls, open := prog.Graph.Callers(callee)
	if open || len(calls) == 0 {
		return false
	}
	for _, c := range calls {
		if _, isGo := c.(*ssa.Go); isGo || !prog.CalledBy(fn, c.Parent(), depth-1) {
			return false
		}
	}
	return true
}

// dead reports whether nobody calls fn.
func (prog *Program) dead(fn *ssa.Function) bool {
	if fn.Parent() != nil || fn.Synthetic != "" {
		return false
	}
	calls, open := prog.Graph.Callers(fn)
	return !open && len(calls) == 0 && fn.Name() != "main" && fn.Name() != "init" && !prog.Process[fn]
}

// DeadFor reports whether nobody calls fn, and it is none of the others, who wait or
// make what is waited for: where one of them runs, that runs as well.
func (prog *Program) DeadFor(fn *ssa.Function, others ...*ssa.Function) bool {
	return prog.dead(fn) && !slices.ContainsFunc(others, func(o *ssa.Function) bool { return o != nil && code.Outermost(o) == fn })
}

// BodyOf returns the function that defers the function literal, if it is such a
// one, or fn itself.
func (prog *Program) BodyOf(fn *ssa.Function) *ssa.Function {
	for len(prog.WithBody(fn)) == 0 && fn.Parent() != nil && prog.Deferred(fn) {
		fn = fn.Parent()
	}
	return fn
}

// Deferred reports whether the function around the literal defers it.
func (prog *Program) Deferred(fn *ssa.Function) bool {
	calls, _ := prog.Graph.Callers(fn)
	for _, c := range calls {
		if _, ok := c.(*ssa.Defer); !ok {
			return false
		}
	}
	return len(calls) > 0
}
