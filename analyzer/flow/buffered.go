package flow

import (
	"go/constant"
	"go/token"

	"golang.org/x/tools/go/ssa"

	"github.com/killcheck/killcheck/analyzer/code"
)

// TakesBuffered reports whether a receive comes as often as there were values in the
// channel before: it waits for none if nobody else receives.
//
//	for n := len(ch); n > 0; n-- {
//		use(<-ch)
//	}
func (g *Graph) TakesBuffered(recv *ssa.UnOp) bool {
	around := g.Around(recv.Block())
	if len(around) == 0 {
		return false
	}
	l := around[len(around)-1] // the innermost
	for _, b := range l.Blocks {
		for _, in := range b.Instrs {
			if u, ok := in.(*ssa.UnOp); ok && u != recv && u.Op == token.ARROW && Same(u.X, recv.X) {
				return false
			}
		}
	}
	cond := Condition(l.Head)
	if cond == nil || !l.Has(l.Head.Succs[0]) || l.Has(l.Head.Succs[1]) {
		return false
	}
	cmp, ok := cond.(*ssa.BinOp)
	if !ok || cmp.Op != token.GTR || !isNumber(cmp.Y, 0) {
		return false
	}
	phi, ok := cmp.X.(*ssa.Phi)
	if !ok || phi.Block() != l.Head {
		return false
	}
	for i, e := range phi.Edges {
		if l.Has(l.Head.Preds[i]) {
			down, ok := e.(*ssa.BinOp)
			if !ok || down.Op != token.SUB || down.X != phi || !isNumber(down.Y, 1) {
				return false
			}
		} else if of := code.LenOf(e); of == nil || !Same(of, recv.X) {
			return false
		}
	}
	return true
}

func isNumber(v ssa.Value, n int64) bool {
	k, ok := v.(*ssa.Const)
	if !ok || k.Value == nil || k.Value.Kind() != constant.Int {
		return false
	}
	x, exact := constant.Int64Val(k.Value)
	return exact && x == n
}
