package program

import (
	"go/types"

	"golang.org/x/tools/go/ssa"

	"github.com/killcheck/killcheck/analyzer/signal"
	"github.com/killcheck/killcheck/analyzer/summary"
)

// FarFact returns the function of another package that is called by its name, and what
// is known of it; nil if it is no such call, or nothing is.
func (prog *Program) FarFact(c *ssa.CallCommon) (*types.Func, *summary.Func) {
	callee := signal.Callee(c)
	if callee == nil || c.IsInvoke() || callee.Pkg() == nil || callee.Pkg() == prog.Pkg || prog.Fact == nil {
		return nil, nil
	}
	return callee, prog.Fact(callee)
}
