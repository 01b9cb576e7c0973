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
//
// So it does where the number is counted up to, or made smaller before.
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
	if !ok {
		return false
	}
	phi, ok := cmp.X.(*ssa.Phi)
	if !ok || phi.Block() != l.Head {
		return false
	}
	for i, e := range phi.Edges {
		step := token.SUB
		if cmp.Op == token.LSS {
			step = token.ADD
		}
		switch {
		case l.Has(l.Head.Preds[i]):
			by, ok := e.(*ssa.BinOp)
			if !ok || by.Op != step || by.X != phi || !isNumber(by.Y, 1) {
				return false
			}
		case cmp.Op == token.GTR:
			if !isNumber(cmp.Y, 0) || !mostBuffered(e, recv.X, 4) {
				return false
			}
		case cmp.Op == token.LSS:
			if !isNumber(e, 0) || !mostBuffered(cmp.Y, recv.X, 4) {
				return false
			}
		default:
			return false
		}
	}
	return true
}

// mostBuffered reports whether the number is at most that of the values in the channel.
func mostBuffered(n, ch ssa.Value, depth int) bool {
	if of := code.LenOf(n); of != nil {
		return Same(of, ch)
	}
	phi, ok := n.(*ssa.Phi)
	if !ok || depth == 0 {
		return false
	}
	for i, e := range phi.Edges {
		if mostBuffered(e, ch, depth-1) {
			continue
		}
		smaller := false
		for cond, holds := range HoldsAt(phi.Block().Preds[i]) {
			cmp, ok := cond.(*ssa.BinOp)
			smaller = smaller || ok && holds && (cmp.Op == token.GTR || cmp.Op == token.GEQ) && cmp.Y == e && mostBuffered(cmp.X, ch, depth-1)
		}
		if !smaller {
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
