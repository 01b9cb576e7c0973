package peer

import (
	"go/token"
	"slices"

	"golang.org/x/tools/go/ssa"

	"github.com/killcheck/killcheck/analyzer/code"
	"github.com/killcheck/killcheck/analyzer/flow"
	"github.com/killcheck/killcheck/analyzer/signal"
)

// byClose reports whether the edge is taken only when the channel of the receive has
// been closed: the receive has found it so, or the variable that it reads is nil, which
// is stored there where the receive has found that and nowhere else.
func (p *Peers) byClose(e flow.Edge, o signal.Op) bool {
	if saysClosed(e, o) {
		return true
	}
	known := flow.HoldsAt(e.From)
	if cond := flow.Condition(e.From); cond != nil {
		known[cond] = flow.Succ(e) == 0
	}
	for cond, holds := range known {
		tested, ifNil := code.NilTest(cond)
		if tested != nil && code.IsChan(tested.Type()) && ifNil == holds && p.nilIfClosed(tested, o) {
			return true
		}
	}
	return false
}

// nilIfClosed reports whether v is read from the same variable as the channel of the
// receive, which gets nil only where that has found the channel closed.
func (p *Peers) nilIfClosed(v ssa.Value, o signal.Op) bool {
	if load, ok := v.(*ssa.UnOp); ok {
		from, ok := o.Chan.(*ssa.UnOp)
		if !ok || load.Op != token.MUL || from.Op != token.MUL || from.X != load.X {
			return false
		}
		cell, _ := p.Cell(load.X, nil)
		return cell != nil && !slices.ContainsFunc(storesIn(cell), func(s *ssa.Store) bool { return code.IsNil(s.Val) && !foundClosed(s.Block(), o) })
	}
	phis := make(map[*ssa.Phi]bool)
	var all func(v ssa.Value) bool
	all = func(v ssa.Value) bool {
		phi, ok := v.(*ssa.Phi)
		if !ok || phis[phi] {
			return true
		}
		phis[phi] = true
		for i, x := range phi.Edges {
			if code.IsNil(x) && !foundClosed(phi.Block().Preds[i], o) || !all(x) {
				return false
			}
		}
		return true
	}
	from, ok := o.Chan.(*ssa.Phi)
	return ok && all(v) && phis[from]
}

// storesIn returns what stores something in the variable, closures included.
func storesIn(v ssa.Value) (all []*ssa.Store) {
	for _, r := range *v.Referrers() {
		switch r := r.(type) {
		case *ssa.Store:
			if r.Addr == v {
				all = append(all, r)
			}
		case *ssa.MakeClosure:
			if i := slices.Index(r.Bindings, v); i >= 0 {
				all = append(all, storesIn(r.Fn.(*ssa.Function).FreeVars[i])...)
			}
		}
	}
	return all
}

// foundClosed reports whether control is at the block only where the receive has found
// its channel closed.
func foundClosed(b *ssa.BasicBlock, o signal.Op) bool {
	for x := b; x.Idom() != nil; x = x.Idom() {
		e := flow.Edge{From: x.Idom(), To: x}
		if len(x.Preds) == 1 && saysClosed(e, o) {
			return o.Sel == nil || takesCase(e, o)
		}
	}
	return false
}

// takesCase reports whether the edge is only taken behind the case of the select.
func takesCase(e flow.Edge, o signal.Op) bool {
	for b, from := e.To, e.From; from != nil; b, from = from, from.Idom() {
		for i, s := range from.Succs {
			if sel, k := flow.SelectCase(from, i); s == b && sel != nil && sel == o.Sel && k == o.Case && (b == e.To || len(b.Preds) == 1) {
				return true
			}
		}
	}
	return false
}

// saysClosed reports whether the edge is taken because the receive, or the select
// of which it is a case, has found the channel closed.
func saysClosed(e flow.Edge, o signal.Op) bool {
	cond, want := flow.Positive(flow.Condition(e.From))
	x, ok := cond.(*ssa.Extract)
	if !ok || x.Index != 1 {
		return false
	}
	if in, _ := x.Tuple.(ssa.Instruction); in != o.In && (o.Sel == nil || x.Tuple != ssa.Value(o.Sel)) {
		return false
	}
	taken := len(e.From.Succs) > 0 && e.From.Succs[0] == e.To
	return taken != want
}
