package count

import (
	"go/constant"
	"go/token"

	"golang.org/x/tools/go/ssa"

	"github.com/killcheck/killcheck/analyzer/flow"
)

// infeasible reports whether the edge contradicts what is known to hold, or is
// that of a case which nobody can take.
func (c *counter) infeasible(known map[ssa.Value]bool, b *ssa.BasicBlock, i int) bool {
	if sel, k := flow.SelectCase(b, i); sel != nil && k < len(sel.States) && c.ct.DeadCase(sel, k) {
		return true
	}
	cond := flow.Condition(b)
	if cond == nil {
		return false
	}
	if v, ok := known[cond]; ok && v != (i == 0) {
		return true
	}
	for k, v := range known {
		if flow.Same(k, cond) && v != (i == 0) {
			return true
		}
	}
	cmp, ok := cond.(*ssa.BinOp)
	if !ok {
		return false
	}
	if k, ok := cmp.Y.(*ssa.Const); ok && k.Value == nil && c.isMade(cmp.X) {
		return (cmp.Op == token.EQL) == (i == 0) // the channel is not nil
	}
	return i == 1 && flow.PastSwitch(b)
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

// lasting returns the conditions that hold at b and stay as they are: a loop
// around b computes its own anew in every round.
func (c *counter) lasting(b *ssa.BasicBlock) map[ssa.Value]bool {
	known := flow.HoldsAt(b)
	for _, l := range c.g.Around(b) {
		for cond := range known {
			if in, ok := cond.(ssa.Instruction); ok && l.Has(in.Block()) {
				delete(known, cond)
			}
		}
	}
	return known
}

// notAtFirst reports whether the first round of a loop, which control enters
// from the block, takes the other edge: the branch asks for the value that a
// variable has before the loop. What that edge leads to has been done then.
func (c *counter) notAtFirst(from, b *ssa.BasicBlock, i int) bool {
	cond, holds := flow.Condition(b), i == 0
	for {
		not, ok := cond.(*ssa.UnOp)
		if !ok || not.Op != token.NOT {
			break
		}
		cond, holds = not.X, !holds
	}
	want := constant.MakeBool(true)
	v := cond
	if cmp, ok := cond.(*ssa.BinOp); ok && cmp.Op == token.EQL {
		k, ok := cmp.Y.(*ssa.Const)
		if !ok || k.Value == nil {
			return false
		}
		v, want = cmp.X, k.Value
	}
	phi, ok := v.(*ssa.Phi)
	if !ok || len(b.Succs) != 2 {
		return false
	}
	for _, l := range c.g.Around(b) {
		if phi.Block() != l.Head || l.Has(from) || !flow.EveryRound(l, b) {
			continue
		}
		for j, e := range phi.Edges {
			if l.Has(l.Head.Preds[j]) {
				continue
			}
			k, ok := e.(*ssa.Const)
			if !ok || k.Value == nil || k.Value.Kind() != want.Kind() {
				return false
			}
			if constant.Compare(k.Value, token.EQL, want) == holds {
				return false
			}
		}
		return true
	}
	return false
}
