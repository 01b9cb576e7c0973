package lost

import (
	"go/token"

	"golang.org/x/tools/go/ssa"

	"github.com/killcheck/killcheck/analyzer/flow"
	"github.com/killcheck/killcheck/analyzer/kb"
	"github.com/killcheck/killcheck/analyzer/signal"
)

// swallows finds branches that are taken for an error which says that the end
// has come, and go round the loop at once.
func (r *rounder) swallows(l *flow.Loop) {
	for _, b := range l.Blocks {
		cond := flow.Condition(b)
		if cond == nil {
			continue
		}
		v, holds := r.ev.EndError(cond)
		if v == nil {
			continue
		}
		to := b.Succs[0]
		if !holds {
			to = b.Succs[1]
		}
		if !l.Has(to) || r.heedsElsewhere(l) || !r.straight(l, to) || r.ev.Renewed(l, cond) {
			continue
		}
		r.found = append(r.found, MissedStop{Kind: AfterError, Pos: cond.Pos(), Name: v.Pkg().Name() + "." + v.Name()})
	}
}

// straight reports whether the way from b goes to the head of the loop without a
// choice, a wait or a change of anything but the count of rounds.
func (r *rounder) straight(l *flow.Loop, b *ssa.BasicBlock) bool {
	for n := 0; b != l.Head; n++ {
		if n > 8 || len(b.Succs) != 1 || !l.Has(b) {
			return false
		}
		for _, in := range b.Instrs {
			switch in := in.(type) {
			case *ssa.Call:
				if row, ok := signal.Entry(r.ev.Base, &in.Call); !ok || row.Waits() && row.Effect != kb.Bounded || r.ev.IsSleep(&in.Call) {
					return false
				}
			case *ssa.Store, *ssa.MapUpdate, *ssa.Send, *ssa.Select, *ssa.Go, *ssa.Defer:
				return false
			case *ssa.UnOp:
				if in.Op == token.ARROW {
					return false
				}
			}
		}
		if b.Succs[0] == l.Head && flow.Resets(b) {
			return false
		}
		b = b.Succs[0]
	}
	return true
}

// heedsElsewhere reports whether the loop looks at a stop signal in another
// place, or may: then the error is no end.
func (r *rounder) heedsElsewhere(l *flow.Loop) bool {
	for _, e := range l.Exits {
		if e.From == l.Head {
			return true // the head tests something
		}
	}
	for _, b := range l.Blocks {
		for _, in := range b.Instrs {
			switch in := in.(type) {
			case *ssa.Select:
				return true
			case *ssa.UnOp:
				if in.Op == token.ARROW {
					return true
				}
			case *ssa.Call:
				if signal.AsksFlag(r.ev.Base, &in.Call) {
					return true
				}
			}
		}
	}
	return false
}
