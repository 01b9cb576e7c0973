package program

import (
	"slices"

	"golang.org/x/tools/go/ssa"

	"github.com/killcheck/killcheck/analyzer/code"
	"github.com/killcheck/killcheck/analyzer/signal"
)

// IsMain reports whether the process ends when the function returns.
func (prog *Program) IsMain(fn *ssa.Function) bool {
	return fn.Parent() == nil && fn.Signature.Recv() == nil && fn.Name() == "main" && prog.Pkg.Name() == "main"
}

// AtExit reports whether the process ends as soon as the instruction is done: main
// does it last, or by a defer, behind which no other deferred call waits. Nobody is
// stopped by it.
func (prog *Program) AtExit(in ssa.Instruction) bool {
	if !prog.IsMain(in.Parent()) {
		return false
	}
	d, deferred := in.(*ssa.Defer)
	for other := range code.Defers(in.Parent()) {
		if other != d && (!deferred || prog.Precedes(other, d)) && prog.mayWait(other.Common(), 3) {
			return false
		}
	}
	if deferred {
		return true
	}
	instrs := in.Block().Instrs
	for _, x := range instrs[slices.Index(instrs, in)+1:] {
		switch x.(type) {
		case *ssa.Return:
			return true
		case *ssa.RunDefers, *ssa.DebugRef:
		default:
			return false
		}
	}
	return false
}

// mayWait reports whether a wait is seen in the call, itself or in what it calls.
func (prog *Program) mayWait(c *ssa.CallCommon, depth int) bool {
	if row, ok := signal.Entry(prog.Base, c); ok {
		return row.Waits()
	}
	fn := c.StaticCallee()
	if fn == nil || depth == 0 {
		return false
	}
	for _, b := range fn.Blocks {
		for _, in := range b.Instrs {
			switch in := in.(type) {
			case *ssa.Send, *ssa.Select:
				return true
			case *ssa.UnOp:
				if code.IsRecv(in) {
					return true
				}
			case *ssa.Call:
				if prog.mayWait(in.Common(), depth-1) {
					return true
				}
			}
		}
	}
	return false
}
