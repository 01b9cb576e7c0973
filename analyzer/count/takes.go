package count

import (
	"slices"

	"golang.org/x/tools/go/ssa"

	"github.com/killcheck/killcheck/analyzer/code"
	"github.com/killcheck/killcheck/analyzer/signal"
)

// Takes returns the parameters, the receiver counted, that are locks which the function
// takes, and gives back only after that, or groups for which it waits; it does nothing
// else with them.
func (ct *Counts) Takes(fn *ssa.Function) (params []int) {
	for i, p := range fn.Params {
		if p.Referrers() != nil && ct.onlyTakes(p) {
			params = append(params, i)
		}
	}
	return params
}

func (ct *Counts) onlyTakes(p *ssa.Parameter) bool {
	var takes, gives []ssa.Instruction
	for _, r := range *p.Referrers() {
		c, ok := r.(ssa.CallInstruction)
		if _, debug := r.(*ssa.DebugRef); debug {
			continue
		}
		if !ok || code.Receiver(c.Common()) != ssa.Value(p) || c.Common().IsInvoke() {
			return false
		}
		if op, isLock := ct.LockCall(c); isLock {
			if op.Takes() {
				takes = append(takes, c)
			} else {
				gives = append(gives, c)
			}
			continue
		}
		e, known := signal.Entry(ct.Base, c.Common())
		if !known || !isGroupWait(e) {
			return false
		}
		takes = append(takes, c)
	}
	return len(takes) > 0 && !slices.ContainsFunc(gives, func(g ssa.Instruction) bool {
		return !slices.ContainsFunc(takes, func(t ssa.Instruction) bool { return ct.Precedes(t, g) })
	})
}

// Fills returns the parameters that are channels on which the function sends whatever
// way it takes, once for each value, and from which it receives only after that; it does
// nothing else with them.
func (ct *Counts) Fills(fn *ssa.Function) (params []int) {
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

// mostValues bounds the values that are counted.
const mostValues = 4

// valuesOn returns how many values the function sends on the parameter before it
// receives any; zero if that is not known.
func (ct *Counts) valuesOn(fn *ssa.Function, p *ssa.Parameter) int {
	ops, open := ct.Graph.OpsOn(p)
	if open || len(ops) > 2*mostValues {
		return 0
	}
	var sends []ssa.Instruction
	for _, o := range ops {
		switch {
		case o.Kind == signal.Send && o.Sel == nil && o.Fn == fn && !ct.Looped(o.In):
			sends = append(sends, o.In)
		case o.Kind == signal.Recv && o.Sel == nil:
		default:
			return 0
		}
	}
	rets := returnsOf(ct.PlainGraph(fn))
	for _, s := range sends {
		if len(rets) == 0 || slices.ContainsFunc(rets, func(r *ssa.Return) bool { return !ct.Precedes(s, r) }) {
			return 0
		}
		for _, o := range ops {
			if o.Kind == signal.Recv && !ct.comesAfter(s, o.In) {
				return 0
			}
		}
	}
	if len(sends) > mostValues {
		return 0
	}
	return len(sends)
}

// Times returns how often the number is in the list.
func Times(list []int, n int) (times int) {
	for _, x := range list {
		if x == n {
			times++
		}
	}
	return times
}
