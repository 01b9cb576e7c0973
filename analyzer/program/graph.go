package program

import (
	"golang.org/x/tools/go/ssa"

	"github.com/killcheck/killcheck/analyzer/code"
	"github.com/killcheck/killcheck/analyzer/flow"
	"github.com/killcheck/killcheck/analyzer/kb"
	"github.com/killcheck/killcheck/analyzer/signal"
)

// PlainGraph returns the graph of fn without what follows calls that do not
// return, and without the ends of loops over channels that are never closed.
func (prog *Program) PlainGraph(fn *ssa.Function) *flow.Graph {
	if g := prog.plain[fn]; g != nil {
		return g
	}
	g := flow.New(fn, flow.Cuts{Stops: prog.NoReturn, Dead: prog.NeverTaken})
	prog.plain[fn] = g
	return g
}

// findReturns computes which functions can return, to a fixpoint.
func (prog *Program) findReturns() {
	for _, fn := range prog.Functions {
		prog.returns[fn] = true
	}
	for range 4 {
		changed := false
		for _, fn := range prog.Functions {
			if prog.returns[fn] && !flow.New(fn, flow.Cuts{Stops: prog.NoReturn, Dead: prog.NeverTaken}).Returns() {
				prog.returns[fn] = prog.Recovers(fn)
				changed = changed || !prog.returns[fn]
			}
		}
		if !changed {
			return
		}
	}
}

// Recovers reports whether something that fn defers may recover a panic: fn returns then.
func (prog *Program) Recovers(fn *ssa.Function) bool {
	if fn.Recover == nil {
		return false
	}
	for _, b := range fn.Blocks {
		for _, in := range b.Instrs {
			if d, ok := in.(*ssa.Defer); ok && prog.mayRecover(&d.Call) {
				return true
			}
		}
	}
	return false
}

// mayRecover reports whether the deferred call may recover a panic. Only the function
// itself that is deferred can, and no method that ends or gives back something does.
func (prog *Program) mayRecover(c *ssa.CallCommon) bool {
	if _, ok := c.Value.(*ssa.Builtin); ok || c.IsInvoke() {
		return false
	}
	fn := c.StaticCallee()
	switch {
	case fn == nil:
		return code.TypeName(c.Value.Type()) == nil // context.CancelFunc and the like have names
	case len(fn.Blocks) == 0:
		pkg := fn.Package()
		return pkg == nil || !code.IsStd(pkg.Pkg.Path(), "") && !prog.Base.CloseMethod(fn.Name())
	}
	return code.CallsRecover(fn)
}

// NoReturn reports whether control does not get past the instruction.
func (prog *Program) NoReturn(in ssa.Instruction) bool {
	switch in := in.(type) {
	case *ssa.Select:
		return in.Blocking && len(in.States) == 0
	case *ssa.Go:
		b, ok := in.Call.Value.(*ssa.Builtin)
		return ok && b.Name() == "panic" // nobody can recover it
	case *ssa.Call:
		c := in.Common()
		if callee := signal.Callee(c); callee != nil {
			if e, ok := prog.Base.Func(callee); ok {
				return e.Effect == kb.NoReturn
			}
			if f := prog.Fact(callee); f != nil {
				return f.NoReturn || f.Endless
			}
		}
		if s := c.StaticCallee(); s != nil && s.Blocks != nil && (s.Pkg == nil || s.Pkg.Pkg == prog.Pkg) {
			if o := s.Origin(); o != nil {
				s = o
			}
			r, ok := prog.returns[s]
			return ok && !r
		}
	}
	return false
}

// OpenRange reports whether the edge leaves a range over a channel of a library
// that is never closed: a ticker's.
func (prog *Program) OpenRange(b *ssa.BasicBlock, i int) bool {
	recv := flow.RangeExit(b, i)
	if recv == nil {
		return false
	}
	c := prog.Graph.Class(prog.Base, recv.X)
	if c.Unknown || c.Nil || len(c.Library) == 0 || len(c.Makes)+len(c.Contexts) > 0 {
		return false
	}
	for _, e := range c.Library {
		if e.Effect != kb.NeverClosed {
			return false
		}
	}
	return true
}

// Runs reports whether the graph executes the instruction: a deferred call when
// the function returns.
func Runs(g *flow.Graph, in ssa.Instruction) bool {
	if !g.Executes(in) {
		return false
	}
	if _, ok := in.(*ssa.Defer); ok {
		return g.Returns()
	}
	return true
}
