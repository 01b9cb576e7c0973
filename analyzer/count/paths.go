package count

import (
	"go/token"
	"go/types"

	"golang.org/x/tools/go/ssa"

	"github.com/killcheck/killcheck/analyzer/flow"
	"github.com/killcheck/killcheck/analyzer/kb"
	"github.com/killcheck/killcheck/analyzer/signal"
)

// infeasible reports whether the edge is that of a case which nobody can take, or
// one that the channel's being made excludes.
func (c *counter) infeasible(b *ssa.BasicBlock, i int) bool {
	if sel, k := flow.SelectCase(b, i); sel != nil && k < len(sel.States) && c.ct.DeadCase(sel, k) {
		return true
	}
	cond := flow.Condition(b)
	if cond == nil {
		return false
	}
	cmp, ok := cond.(*ssa.BinOp)
	if !ok {
		return false
	}
	if k, ok := cmp.Y.(*ssa.Const); ok && k.Value == nil && (c.isMade(cmp.X) || isFunc(cmp.X)) {
		return (cmp.Op == token.EQL) == (i == 0) // the channel, or what cancels, is not nil
	}
	return i == 1 && flow.PastSwitch(b)
}

// isFunc reports whether v is a function.
func isFunc(v ssa.Value) bool {
	_, ok := v.Type().Underlying().(*types.Signature)
	return ok
}

// isMade reports whether v is a channel that the counter counts for, or may be
// one where branches meet.
func (c *counter) isMade(v ssa.Value) bool {
	switch v := v.(type) {
	case *ssa.MakeChan:
		return c.made[v]
	case *ssa.Phi:
		for _, e := range v.Edges {
			if m, ok := e.(*ssa.MakeChan); ok && c.made[m] {
				return true // Inv: no phi is followed into another, which may lead round
			}
		}
	}
	return false
}

// loaded returns the address of the flag that the call reads, or nil.
func (ct *Counts) loaded(c *ssa.Call) ssa.Value {
	e, ok := signal.Entry(ct.Base, &c.Call)
	if !ok || e.Effect != kb.FlagLoad || e.Kind != kb.KindFlag || len(c.Call.Args) != 1 {
		return nil
	}
	return c.Call.Args[0]
}

// stored returns the address of the flag that the call sets, and its value, or nil.
func (ct *Counts) stored(c *ssa.Call) (addr, value ssa.Value) {
	e, ok := signal.Entry(ct.Base, &c.Call)
	if !ok || e.Effect != kb.FlagStore || e.Kind != kb.KindFlag || len(c.Call.Args) != 2 || c.Call.Signature().Results().Len() > 0 {
		return nil, nil
	}
	return c.Call.Args[0], c.Call.Args[1]
}
