package capacity

import (
	"go/constant"
	"go/token"
	"slices"

	"golang.org/x/tools/go/ssa"

	"github.com/killcheck/killcheck/analyzer/code"
	"github.com/killcheck/killcheck/analyzer/flow"
	"github.com/killcheck/killcheck/analyzer/signal"
)

// Fills returns the parameters that are channels on which the function sends whatever
// way it takes, once for each value, and from which it receives only after that; it does
// nothing else with them.
func (ct *Capacities) Fills(fn *ssa.Function) (params []int) {
	for i, p := range fn.Params {
		if !code.IsChan(p.Type()) {
			continue
		}
		for range ct.valuesOn(fn, p) {
			params = append(params, i)
		}
	}
	return params
}

// MostValues bounds the values that are counted: so many may be more.
const MostValues = 16

// valuesOn returns how many values the function sends on the parameter before it
// receives any; zero if that is not known.
func (ct *Capacities) valuesOn(fn *ssa.Function, p *ssa.Parameter) int {
	ops, open := ct.Graph.OpsOn(p)
	if open || len(ops) > 8 {
		return 0
	}
	var sends []ssa.Instruction
	for _, o := range ops {
		switch {
		case o.Kind == signal.Send && o.Sel == nil && o.Fn == fn:
			sends = append(sends, o.In)
		case o.Kind == signal.Close && ends(o.In):
		case o.Kind == signal.Recv && o.Sel == nil:
		default:
			return 0
		}
	}
	rets := flow.ReturnsOf(ct.PlainGraph(fn))
	values := 0
	for _, s := range sends {
		n := ct.roundsOf(fn, s, rets)
		if n == 0 {
			return 0
		}
		values += n
		for _, o := range ops {
			if o.Kind == signal.Recv && !ct.ComesAfter(s, o.In) {
				return 0
			}
		}
	}
	return min(values, MostValues)
}

// ends reports whether the instruction is done when its function returns.
func ends(in ssa.Instruction) bool {
	_, deferred := in.(*ssa.Defer)
	return deferred
}

// roundsOf returns how often the instruction is done whatever way fn takes: once, or as
// often as a loop goes round that counts to a constant and has no other way out. It is
// zero if that is not known.
func (ct *Capacities) roundsOf(fn *ssa.Function, in ssa.Instruction, rets []*ssa.Return) int {
	if len(rets) == 0 {
		return 0
	}
	at, n := in.Block(), 1
	switch around := ct.PlainGraph(fn).Around(in.Block()); {
	case len(around) > 1:
		return 0
	case len(around) == 1:
		l := around[0]
		if len(l.Exits) != 1 || ct.RoundWithout(fn, l, in.Block()) {
			return 0
		}
		most, ok := l.Bound(MostValues)
		cmp, isCmp := flow.Condition(l.Exits[0].From).(*ssa.BinOp)
		if !ok || most <= 0 || !isCmp || !fromZero(cmp.X) {
			return 0
		}
		at, n = l.Head, int(most)
		if d := at.Idom(); d != nil && entersAlways(d) {
			at = d
		}
	}
	if slices.ContainsFunc(rets, func(r *ssa.Return) bool { return !at.Dominates(r.Block()) }) {
		return 0
	}
	return n
}

// fromZero reports whether the value counts up from zero, or from below it.
func fromZero(v ssa.Value) bool {
	if add, ok := v.(*ssa.BinOp); ok && add.Op == token.ADD {
		v = add.X
	}
	phi, ok := v.(*ssa.Phi)
	return ok && slices.ContainsFunc(phi.Edges, func(e ssa.Value) bool {
		k, ok := number(e)
		return ok && k <= 0
	})
}

// entersAlways reports whether the block asks whether one constant is below another,
// which it is: whether a range over a number begins.
func entersAlways(b *ssa.BasicBlock) bool {
	cmp, ok := flow.Condition(b).(*ssa.BinOp)
	if !ok || cmp.Op != token.LSS {
		return false
	}
	x, ok := number(cmp.X)
	y, ok2 := number(cmp.Y)
	return ok && ok2 && x < y
}

// number returns the number that a constant is.
func number(v ssa.Value) (int64, bool) {
	k, ok := v.(*ssa.Const)
	if !ok || k.Value == nil || k.Value.Kind() != constant.Int {
		return 0, false
	}
	return k.Int64(), true
}
