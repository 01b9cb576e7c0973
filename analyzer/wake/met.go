package wake

import (
	"slices"

	"golang.org/x/tools/go/ssa"

	"github.com/killcheck/killcheck/analyzer/code"
	"github.com/killcheck/killcheck/analyzer/signal"
)

// met reports whether the channel has room for all that is ever sent on it, or whoever
// makes it takes the rest, and waits for nothing else before.
func (m *Wakes) met(c *signal.Class) bool {
	recvs := c.Has(signal.Recv, signal.Range)
	return m.MetInAll(c, func(start ssa.Instruction, rest int) bool {
		return !m.waitsElse(start, rest, recvs)
	})
}

// waitsElse reports whether control may come from the instruction to another wait than
// the receives before it is past them: where one is enough, before that.
func (m *Wakes) waitsElse(start ssa.Instruction, rest int, recvs []signal.Op) bool {
	is := func(in ssa.Instruction) bool {
		return slices.ContainsFunc(recvs, func(o signal.Op) bool { return o.In == in })
	}
	graph := m.PlainGraph(start.Parent())
	seen := make(map[*ssa.BasicBlock]bool)
	work := []*ssa.BasicBlock{start.Block()}
	after := slices.Index(start.Block().Instrs, start) + 1
	for len(work) > 0 {
		b := work[len(work)-1]
		work = work[:len(work)-1]
		done := false
		for _, in := range b.Instrs[after:] {
			switch {
			case is(in):
				u, plain := in.(*ssa.UnOp)
				done = plain && rest == 1 && !code.RecvIsRange(u)
			case m.mayWait(in) && !m.receivesIn(in, recvs):
				return true
			}
			if done {
				break
			}
		}
		after = 0
		if done {
			continue
		}
		for _, s := range graph.Succs(b) {
			if !seen[s] {
				seen[s] = true
				work = append(work, s)
			}
		}
	}
	return false
}

// receivesIn reports whether the instruction is a call of the function of one of the
// receives, which waits for nothing else.
func (m *Wakes) receivesIn(in ssa.Instruction, recvs []signal.Op) bool {
	c, ok := in.(*ssa.Call)
	if !ok {
		return false
	}
	t := m.callees.Of(c)
	if len(t.Fns) != 1 || t.Unread || t.Param != nil {
		return false
	}
	return slices.ContainsFunc(recvs, func(o signal.Op) bool { return o.Fn == t.Fns[0] }) && m.onlyWaits(t.Fns[0], recvs)
}

// onlyWaits reports whether the function has no other wait than the receives.
func (m *Wakes) onlyWaits(fn *ssa.Function, recvs []signal.Op) bool {
	for _, b := range fn.Blocks {
		for _, in := range b.Instrs {
			if m.mayWait(in) && !slices.ContainsFunc(recvs, func(o signal.Op) bool { return o.In == in }) {
				return false
			}
		}
	}
	return true
}
