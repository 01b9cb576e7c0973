package wait

import (
	"go/types"
	"slices"

	"golang.org/x/tools/go/ssa"

	"github.com/killcheck/killcheck/analyzer/code"
	"github.com/killcheck/killcheck/analyzer/flow"
	"github.com/killcheck/killcheck/analyzer/kb"
	"github.com/killcheck/killcheck/analyzer/signal"
	"github.com/killcheck/killcheck/analyzer/wake"
)

// exits returns the blocks of the cycle with an edge out that is taken because
// of something outside, and whether there are other edges out.
func (l *looper) exits(comp []*ssa.BasicBlock, in map[*ssa.BasicBlock]bool) (checks map[*ssa.BasicBlock][]wake.Wake, data bool) {
	checks = make(map[*ssa.BasicBlock][]wake.Wake)
	for _, b := range comp {
		for i, to := range b.Succs {
			if !slices.Contains(l.graph.Succs(b), to) {
				continue
			}
			if in[to] {
				if flow.Condition(b) == nil {
					continue
				}
				if !l.leads(b, to, in) {
					if err := flow.Failed(b, i); err != nil && l.leavesOn(err, b, to, in) {
						checks[b] = append(checks[b], l.m.failure(err, 4)...)
					}
					continue
				}
				if sel, k := flow.SelectCase(b, i); sel != nil && k < len(sel.States) {
					checks[sel.Block()] = append(checks[sel.Block()], l.caseWakes(sel, k)...)
				} else if ws := l.m.causes(l.spot(b), flow.Condition(b), i == 0, 3); len(ws) > 0 {
					checks[b] = append(checks[b], ws...)
				}
				continue
			}
			if !l.alive[to.Index] {
				continue
			}
			l.exit(b, i, in, checks, &data)
		}
	}
	return checks, data
}

func (l *looper) spot(b *ssa.BasicBlock) wake.Spot {
	last := b.Instrs[len(b.Instrs)-1]
	pos := last.Pos()
	if c, ok := flow.Condition(b).(ssa.Instruction); ok && c.Pos().IsValid() {
		pos = c.Pos()
	}
	return wake.Spot{Fn: l.fn, In: last, Pos: pos}
}

// exit notes one edge out of the cycle.
func (l *looper) exit(b *ssa.BasicBlock, i int, in map[*ssa.BasicBlock]bool, checks map[*ssa.BasicBlock][]wake.Wake, data *bool) {
	to := b.Succs[i]
	if sel, k := flow.SelectCase(b, i); sel != nil && k < len(sel.States) {
		at := b
		if in[sel.Block()] {
			at = sel.Block()
		}
		checks[at] = append(checks[at], l.caseWakes(sel, k)...)
		return
	}
	if sel, _ := flow.SelectCase(b, 0); sel != nil && i == 1 {
		if next, _ := flow.SelectCase(to, 0); next == sel { // the cases that follow all leave
			l.exit(to, 0, in, checks, data)
			l.exit(to, 1, in, checks, data)
			return
		}
		if sel.Blocking {
			return // there is no other case
		}
		if l.drains(sel) {
			at := b
			if in[sel.Block()] {
				at = sel.Block()
			}
			checks[at] = append(checks[at], wake.Wake{Action: wake.ByData, Level: wake.Itself})
			return
		}
	}
	if recv := flow.RangeExit(b, i); recv != nil {
		checks[b] = append(checks[b], l.m.Closed(wake.SpotOf(recv), recv.X, l.m.Syn.Channel(recv.Pos())))
		return
	}
	if ws := l.m.causes(l.spot(b), flow.Condition(b), i == 0, 3); len(ws) > 0 {
		checks[b] = append(checks[b], ws...)
		return
	}
	*data = true
}

// drains reports whether the select, which has a default, takes what is there and
// then goes on with its default: no channel of it is closed, after which there
// would always be something.
func (l *looper) drains(sel *ssa.Select) bool {
	for _, st := range sel.States {
		if st.Dir == types.RecvOnly && len(l.m.Graph.Class(l.m.Base, st.Chan).Has(signal.Close)) > 0 {
			return false
		}
	}
	return true
}

// caseWakes returns what makes control take the case.
func (l *looper) caseWakes(sel *ssa.Select, k int) []wake.Wake {
	st := sel.States[k]
	at := wake.SpotOf(sel)
	if st.Dir == types.SendOnly {
		x := l.m.Received(at, st.Chan, st.Pos)
		if x.Level == wake.Itself {
			x.Level, x.Why = wake.Unclear, wake.Partner // another case may always be taken
		}
		return []wake.Wake{x}
	}
	return l.m.RaisedBy(at, st.Chan, st.Pos)
}

// leads reports whether control leaves the cycle by the edge from b to the block,
// without another decision than such as constants make that were set on the way, or the
// same condition as that of b, which is asked again at once, or whether a context has
// ended of which that is known since b.
func (l *looper) leads(b, to *ssa.BasicBlock, in map[*ssa.BasicBlock]bool) bool {
	env := make(map[ssa.Value]*ssa.Const)
	prev := b
	first, yes := flow.Positive(flow.Condition(b))
	yes = yes == (len(b.Succs) > 0 && b.Succs[0] == to)
	quiet := true // nothing can have changed since
	over := l.m.EndedIf(flow.Condition(b), len(b.Succs) > 0 && b.Succs[0] == to)
	for range 24 {
		if !in[to] {
			return l.alive[to.Index]
		}
		edge := slices.Index(to.Preds, prev)
		for _, x := range to.Instrs {
			phi, ok := x.(*ssa.Phi)
			if !ok {
				break
			}
			delete(env, phi)
			switch v := phi.Edges[edge].(type) {
			case *ssa.Const:
				env[phi] = v
			default:
				if k := env[v]; k != nil {
					env[phi] = k
				}
			}
		}
		prev, quiet = to, quiet && onlyLooks(to)
		switch x := to.Instrs[len(to.Instrs)-1].(type) {
		case *ssa.Jump:
			to = to.Succs[0]
		case *ssa.If:
			holds, ok := decided(x.Cond, env)
			if cond, want := flow.Positive(x.Cond); !ok && quiet && first != nil && flow.Same(cond, first) {
				holds, ok = yes == want, true
			}
			for _, side := range []bool{true, false} {
				if c := l.m.EndedIf(x.Cond, side); c != nil && over != nil && flow.Same(c, over) {
					holds, ok = side, true
				}
			}
			if !ok {
				return false
			}
			to = to.Succs[1]
			if holds {
				to = prev.Succs[0]
			}
		default:
			return false
		}
	}
	return false
}

// onlyLooks reports whether the block does no more than to look at variables.
func onlyLooks(b *ssa.BasicBlock) bool {
	return !slices.ContainsFunc(b.Instrs, func(in ssa.Instruction) bool {
		switch in := in.(type) {
		case *ssa.UnOp:
			return code.IsRecv(in)
		case *ssa.BinOp, *ssa.FieldAddr, *ssa.Phi, *ssa.DebugRef, *ssa.If, *ssa.Jump:
			return false
		}
		return true
	})
}

// leavesOn reports whether control leaves the cycle by way of the edge if the
// error says that a handle is closed: it is none that passes, and is that which
// the code asks for.
func (l *looper) leavesOn(err ssa.Value, b, to *ssa.BasicBlock, in map[*ssa.BasicBlock]bool) bool {
	seen := map[*ssa.BasicBlock]bool{to: true}
	work := []*ssa.BasicBlock{to}
	for len(work) > 0 {
		x := work[len(work)-1]
		work = work[:len(work)-1]
		if !in[x] {
			if !l.alive[x.Index] {
				return false
			}
			continue
		}
		if x == b || len(seen) > 40 || x.Dominates(b) {
			return false // it goes round
		}
		next := l.graph.Succs(x)
		if cond, want := flow.Positive(flow.Condition(x)); cond != nil {
			if holds, ok := l.m.saysOfError(cond, err); ok {
				next = x.Succs[1:2]
				if holds == want {
					next = x.Succs[:1]
				}
			}
		}
		for _, s := range next {
			if !seen[s] {
				seen[s] = true
				work = append(work, s)
			}
		}
	}
	return true
}

// saysOfError returns what a question about the error of a closed handle is
// answered: a method of it that asks whether it passes says no, a comparison with
// the error that says so says yes.
func (m *Points) saysOfError(cond, err ssa.Value) (holds, ok bool) {
	c, isCall := cond.(*ssa.Call)
	if !isCall {
		return false, false
	}
	if c.Call.IsInvoke() {
		return false, derives(c.Call.Value, err, 6)
	}
	if e, known := signal.Entry(m.Base, &c.Call); known && e.Effect == kb.ErrorIs && len(c.Call.Args) == 2 && derives(c.Call.Args[0], err, 6) {
		return true, len(m.isEnd(c)) > 0
	}
	return false, false
}

// derives reports whether v is the error, perhaps asserted to another type.
func derives(v, err ssa.Value, depth int) bool {
	if v == err || depth == 0 {
		return v == err
	}
	switch v := v.(type) {
	case *ssa.Extract:
		return derives(v.Tuple, err, depth-1)
	case *ssa.TypeAssert:
		return derives(v.X, err, depth-1)
	case *ssa.ChangeInterface:
		return derives(v.X, err, depth-1)
	case *ssa.MakeInterface:
		return derives(v.X, err, depth-1)
	}
	return false
}

// decided returns the value of a condition that constants decide.
func decided(cond ssa.Value, env map[ssa.Value]*ssa.Const) (holds, ok bool) {
	cond, want := flow.Positive(cond)
	k, isConst := cond.(*ssa.Const)
	if !isConst {
		k = env[cond]
	}
	if k == nil || k.Value == nil || !code.IsBool(k.Type()) {
		return false, false
	}
	return (k.Value.String() == "true") == want, true
}
