package lifetime

import (
	"go/token"
	"go/types"

	"golang.org/x/tools/go/ssa"

	"github.com/killcheck/killcheck/analyzer/flow"
	"github.com/killcheck/killcheck/analyzer/kb"
	"github.com/killcheck/killcheck/analyzer/signal"
)

// swallows finds branches that are taken for an error which says that the end
// has come, and go round the loop at once.
func (s *stopper) swallows(l *flow.Loop) {
	for _, b := range l.Blocks {
		cond := condition(b)
		if cond == nil {
			continue
		}
		v, holds := s.w.endError(cond)
		if v == nil {
			continue
		}
		to := b.Succs[0]
		if !holds {
			to = b.Succs[1]
		}
		if !l.Has(to) || s.heedsElsewhere(l) || !s.straight(l, to) {
			continue
		}
		s.report(Obstacle{
			Pos:     cond.Pos(),
			Message: "stop has no effect: " + v.Pkg().Name() + "." + v.Name() + " says that the end has come, and the loop goes round again",
			Remedy:  Remedy{Op: EndError, Pos: cond.Pos(), Safe: true},
		})
	}
}

// endError returns the variable that cond compares an error with, if it says
// that a handle or context has ended, and whether the true edge means so.
func (w *world) endError(cond ssa.Value) (v *types.Var, holds bool) {
	var args []ssa.Value
	holds = true
	switch c := cond.(type) {
	case *ssa.BinOp:
		if c.Op != token.EQL && c.Op != token.NEQ {
			return nil, false
		}
		args, holds = []ssa.Value{c.X, c.Y}, c.Op == token.EQL
	case *ssa.Call:
		row, ok := signal.Entry(w.Base, &c.Call)
		if !ok || row.Effect != kb.ErrorIs {
			return nil, false
		}
		args = c.Call.Args
	}
	for _, a := range args {
		u, ok := a.(*ssa.UnOp)
		if !ok {
			continue
		}
		g, ok := u.X.(*ssa.Global)
		if !ok {
			continue
		}
		obj, ok := g.Object().(*types.Var)
		if !ok {
			continue
		}
		if row, ok := w.Base.Var(obj); ok && row.Effect == kb.EndError {
			return obj, holds
		}
	}
	return nil, false
}

// straight reports whether the way from b goes to the head of the loop without a
// choice, a wait or a change of anything but the count of rounds.
func (s *stopper) straight(l *flow.Loop, b *ssa.BasicBlock) bool {
	for n := 0; b != l.Head; n++ {
		if n > 8 || len(b.Succs) != 1 || !l.Has(b) {
			return false
		}
		for _, in := range b.Instrs {
			switch in := in.(type) {
			case *ssa.Call:
				if row, ok := signal.Entry(s.w.Base, &in.Call); !ok || row.Waits() && row.Effect != kb.Bounded || s.w.isSleep(&in.Call) {
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
		if b.Succs[0] == l.Head && resets(b) {
			return false
		}
		b = b.Succs[0]
	}
	return true
}

// resets reports whether control that goes from b to the head of a loop gives a
// variable of the loop a constant: it has taken note of the error.
func resets(b *ssa.BasicBlock) bool {
	head := b.Succs[0]
	for i, p := range head.Preds {
		if p != b {
			continue
		}
		for _, in := range head.Instrs {
			phi, ok := in.(*ssa.Phi)
			if !ok {
				break
			}
			if _, ok := phi.Edges[i].(*ssa.Const); ok {
				return true
			}
		}
	}
	return false
}

// heedsElsewhere reports whether the loop looks at a stop signal in another
// place, changes what it reads from, or may: then the error is no end.
func (s *stopper) heedsElsewhere(l *flow.Loop) bool {
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
				if row, ok := signal.Entry(s.w.Base, &in.Call); ok && (row.Effect == kb.FlagLoad || row.Effect == kb.StopSignal) {
					return true
				}
			}
		}
	}
	return false
}
