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
