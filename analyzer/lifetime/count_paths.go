package lifetime

import (
	"go/constant"
	"go/token"

	"golang.org/x/tools/go/ssa"

	"github.com/killcheck/killcheck/analyzer/flow"
)

// infeasible reports whether the edge contradicts what is known to hold, or is
// that of a case which nobody can take.
func (c *counter) infeasible(known map[ssa.Value]bool, b *ssa.BasicBlock, i int) bool {
	if sel, k := selectCase(b, i); sel != nil && k < len(sel.States) && c.w.deadCase(sel, k) {
		return true
	}
	cond := condition(b)
	if cond == nil {
		return false
	}
	if v, ok := known[cond]; ok && v != (i == 0) {
		return true
	}
	for k, v := range known {
		if same(k, cond) && v != (i == 0) {
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
	return i == 1 && pastSwitch(b)
}

// pastSwitch reports whether the block is the last comparison of a switch over
// at least two constants without a default: those are all the values that there
// are, as far as the author knows.
func pastSwitch(b *ssa.BasicBlock) bool {
	v := comparedWith(b)
	if v == nil || len(b.Succs[1].Preds) < 2 || comparedWith(b.Succs[1]) == v || len(b.Preds) != 1 {
		return false
	}
	before := b.Preds[0]
	return comparedWith(before) == v && before.Succs[1] == b
}

// comparedWith returns the value that the block compares with a constant that is
// neither nil nor true or false, to branch on that; else nil.
func comparedWith(b *ssa.BasicBlock) ssa.Value {
	cmp, ok := condition(b).(*ssa.BinOp)
	if !ok || cmp.Op != token.EQL {
		return nil
	}
	k, ok := cmp.Y.(*ssa.Const)
	if !ok || k.Value == nil || k.Value.Kind() == constant.Bool {
		return nil
	}
	return cmp.X
}

// same reports whether two conditions have the same value: loads of the same
// variable, or the same comparison of the same values.
func same(a, b ssa.Value) bool {
	if a == b {
		return true
	}
	switch a := a.(type) {
	case *ssa.UnOp:
		b, ok := b.(*ssa.UnOp)
		return ok && a.Op == b.Op && a.Op != token.ARROW && same(a.X, b.X)
	case *ssa.BinOp:
		b, ok := b.(*ssa.BinOp)
		return ok && a.Op == b.Op && same(a.X, b.X) && same(a.Y, b.Y)
	case *ssa.FieldAddr:
		b, ok := b.(*ssa.FieldAddr)
		return ok && a.Field == b.Field && same(a.X, b.X)
	case *ssa.Const:
		b, ok := b.(*ssa.Const)
		return ok && a.String() == b.String()
	case *ssa.Call:
		b, ok := b.(*ssa.Call)
		if !ok || len(a.Call.Args) != len(b.Call.Args) || a.Call.Value != b.Call.Value {
			return false
		}
		bi, ok := a.Call.Value.(*ssa.Builtin)
		return ok && bi.Name() == "len" && same(a.Call.Args[0], b.Call.Args[0])
	}
	return false
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

// holdsAt returns the conditions that hold whenever control is at b.
func holdsAt(b *ssa.BasicBlock) map[ssa.Value]bool {
	known := make(map[ssa.Value]bool)
	for x := b; x.Idom() != nil; x = x.Idom() {
		d := x.Idom()
		cond := condition(d)
		if cond == nil || len(x.Preds) != 1 || x.Preds[0] != d {
			continue
		}
		known[cond] = d.Succs[0] == x
	}
	return known
}

// lasting returns the conditions that hold at b and stay as they are: a loop
// around b computes its own anew in every round.
func (c *counter) lasting(b *ssa.BasicBlock) map[ssa.Value]bool {
	known := holdsAt(b)
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
	cond, holds := condition(b), i == 0
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
		if phi.Block() != l.Head || l.Has(from) || !everyRound(l, b) {
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

// everyRound reports whether no round of the loop, not even one that leaves it,
// passes the block by.
func everyRound(l *flow.Loop, b *ssa.BasicBlock) bool {
	for _, e := range l.Exits {
		if !b.Dominates(e.From) {
			return false
		}
	}
	for _, p := range l.Head.Preds {
		if l.Has(p) && !b.Dominates(p) {
			return false
		}
	}
	return true
}
