package flow

import (
	"go/constant"
	"go/token"
	"go/types"

	"golang.org/x/tools/go/ssa"

	"github.com/killcheck/killcheck/analyzer/code"
)

// Bound returns how often control goes round a loop that counts up to a constant or
// ranges over a literal. It is ok only if that is less than the limit.
func (l *Loop) Bound(limit int64) (n int64, ok bool) {
	for _, e := range l.Exits {
		cmp, ok := Condition(e.From).(*ssa.BinOp)
		if !ok || cmp.Op != token.LSS || e.From != l.Head && e.To == nil {
			continue
		}
		if k, ok := cmp.Y.(*ssa.Const); ok && k.Value != nil && k.Value.Kind() == constant.Int {
			if n := k.Int64(); n >= 0 && n < limit {
				return n, true
			}
		}
		if n, ok := LiteralLen(cmp.Y); ok && n < limit {
			return n, true
		}
	}
	return 0, false
}

// LiteralLen returns the length of the slice literal of which v is the length.
func LiteralLen(v ssa.Value) (n int64, ok bool) {
	c, ok := v.(*ssa.Call)
	if !ok || !code.IsLen(c) {
		return 0, false
	}
	s, ok := code.SourceOf(c.Call.Args[0]).(*ssa.Slice)
	if !ok || s.Low != nil || s.High != nil {
		return 0, false
	}
	p, ok := s.X.Type().Underlying().(*types.Pointer)
	if !ok {
		return 0, false
	}
	a, ok := p.Elem().Underlying().(*types.Array)
	if !ok {
		return 0, false
	}
	return a.Len(), true
}

// EachRound reports whether each round of the loop comes to the block.
func (l *Loop) EachRound(b *ssa.BasicBlock) bool {
	for _, p := range l.Head.Preds {
		if l.Has(p) && !b.Dominates(p) {
			return false
		}
	}
	return true
}

// Grows reports whether a number that changes by a constant in each round, as
// [Loop.Counts] says, begins at zero or more and becomes greater. One that is compared
// at the head, after the step, may begin one lower.
func (l *Loop) Grows(v ssa.Value, head bool) bool {
	first := int64(0)
	if step, ok := v.(*ssa.BinOp); ok {
		v = step.X
		if head {
			first = -1
		}
	}
	phi := v.(*ssa.Phi)
	for i, e := range phi.Edges {
		least := first
		if l.Has(phi.Block().Preds[i]) {
			step := e.(*ssa.BinOp)
			if step.Op != token.ADD {
				return false
			}
			e, least = step.Y, 1
		}
		if k, ok := e.(*ssa.Const); !ok || k.Value == nil || k.Value.Kind() != constant.Int || k.Int64() < least {
			return false
		}
	}
	return true
}

// Counts reports whether the value is a number that grows or shrinks by a
// constant in each round of the loop: it has each value once.
func (l *Loop) Counts(v ssa.Value) bool {
	phi, ok := v.(*ssa.Phi)
	if !ok {
		// A range over a number counts before the first round, too.
		step, ok := v.(*ssa.BinOp)
		if !ok || step.Op != token.ADD {
			return false
		}
		phi, ok = step.X.(*ssa.Phi)
		if !ok {
			return false
		}
	}
	if phi.Block() != l.Head {
		return false
	}
	for i, e := range phi.Edges {
		if !l.Has(phi.Block().Preds[i]) {
			continue
		}
		step, ok := e.(*ssa.BinOp)
		if !ok || step.Op != token.ADD && step.Op != token.SUB || step.X != phi {
			return false
		}
		if k, ok := step.Y.(*ssa.Const); !ok || k.Value == nil || k.Value.Kind() != constant.Int || constant.Sign(k.Value) == 0 {
			return false
		}
	}
	return true
}
