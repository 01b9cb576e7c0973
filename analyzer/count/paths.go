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
// one that the channel's being made excludes, or the failure of a test's own accept.
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
	return i == 1 && flow.PastSwitch(b) || flow.OnFailure(b, i) && c.ct.InTest(b.Parent().Pos()) && c.accepts(cmp.X)
}

// accepts reports whether the error is that of a wait for a connection: a test closes the
// listener when it is done with it.
func (c *counter) accepts(err ssa.Value) bool {
	x, ok := err.(*ssa.Extract)
	if !ok {
		return false
	}
	call, ok := x.Tuple.(*ssa.Call)
	if !ok {
		return false
	}
	row, ok := signal.Entry(c.ct.Base, &call.Call)
	return ok && row.Kind == kb.KindNetAccept
}

// isFunc reports whether v is a function that takes and gives nothing, as those that
// cancel do: who has one calls it. Others may be hooks that somebody may have set.
func isFunc(v ssa.Value) bool {
	sig, ok := v.Type().Underlying().(*types.Signature)
	return ok && sig.Params().Len()+sig.Results().Len() == 0
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
