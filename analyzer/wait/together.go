package wait

import (
	"slices"

	"golang.org/x/tools/go/ssa"

	"github.com/killcheck/killcheck/analyzer/flow"
	"github.com/killcheck/killcheck/analyzer/wake"
)

// together returns two stops that only together end a loop: what makes a call of it
// fail in each round, and the blocks with a usable exit that each round passes in
// which the call has failed. So does a loop that accepts connections and, where that
// fails, asks whether it has been shut down, or tries again.
func (l *looper) together(comp []*ssa.BasicBlock, in map[*ssa.BasicBlock]bool, checks map[*ssa.BasicBlock][]wake.Wake, without func(map[*ssa.BasicBlock]bool) func(*ssa.BasicBlock) bool, head *ssa.BasicBlock) (calls []wake.Wake, bs []*ssa.BasicBlock) {
	exits := usable(checks)
	if len(exits) == 0 || len(exits) > wake.MaxPartners {
		return nil, nil
	}
	for _, b := range comp {
		for i := range b.Succs {
			err := flow.Failed(b, i)
			if err == nil || !in[b.Succs[0]] || !in[b.Succs[1]] || len(b.Succs[1-i].Preds) != 1 {
				continue
			}
			calls = slices.DeleteFunc(l.m.failure(err, 4), func(k wake.Wake) bool { return k.Param == nil && !k.Stops() })
			if len(calls) == 0 || b != head && !l.covered([]*ssa.BasicBlock{b}, without, head) {
				continue
			}
			passed := b.Succs[1-i]
			for _, x := range exits {
				if l.covered([]*ssa.BasicBlock{passed, x}, without, head) {
					return calls, []*ssa.BasicBlock{x}
				}
			}
			if l.covered(append([]*ssa.BasicBlock{passed}, exits...), without, head) {
				return calls, exits
			}
		}
	}
	return nil, nil
}

// heeds reports whether something in the loop waits for a stop, which then may lead
// round again. A call of which nothing comes back tells the loop of none.
func (l *looper) heeds(comp []*ssa.BasicBlock, checks map[*ssa.BasicBlock][]wake.Wake) bool {
	if len(usable(checks)) > 0 {
		return true
	}
	stop := func(w *Wait) bool {
		return slices.ContainsFunc(w.Wakes, func(k wake.Wake) bool { return k.Param != nil && k.Action != wake.ByReturn || k.Stops() })
	}
	for _, b := range comp {
		for _, in := range b.Instrs {
			if w := l.m.operation(l.fn, in); w != nil && stop(w) {
				return true
			}
			call, ok := in.(*ssa.Call)
			if !ok || len(*call.Referrers()) == 0 {
				continue
			}
			col := newCollection()
			l.m.callWaits(l.fn, call, col)
			if slices.ContainsFunc(col.list, stop) {
				return true
			}
		}
	}
	return false
}
