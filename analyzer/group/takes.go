package group

import (
	"slices"

	"golang.org/x/tools/go/ssa"

	"github.com/killcheck/killcheck/analyzer/code"
	"github.com/killcheck/killcheck/analyzer/kb"
	"github.com/killcheck/killcheck/analyzer/signal"
)

// Takes returns the parameters, the receiver counted, that are locks which the function
// takes, and gives back only after that, or groups for which it waits; it does nothing
// else with them.
func (ct *Groups) Takes(fn *ssa.Function) (params []int) {
	for i, p := range fn.Params {
		if p.Referrers() != nil && ct.onlyTakes(p) {
			params = append(params, i)
		}
	}
	return params
}

func (ct *Groups) onlyTakes(p *ssa.Parameter) bool {
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
		if !known || !IsWait(e) {
			return false
		}
		takes = append(takes, c)
	}
	return len(takes) > 0 && !slices.ContainsFunc(gives, func(g ssa.Instruction) bool {
		return !slices.ContainsFunc(takes, func(t ssa.Instruction) bool { return ct.Precedes(t, g) })
	})
}

// IsWait reports whether the row is that of a wait for a group.
func IsWait(e kb.Entry) bool { return e.Effect == kb.Blocks && len(e.Wake(kb.Done)) > 0 }
