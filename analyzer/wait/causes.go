package wait

import (
	"go/constant"
	"go/token"
	"go/types"
	"slices"

	"golang.org/x/tools/go/ssa"

	"github.com/killcheck/killcheck/analyzer/code"
	"github.com/killcheck/killcheck/analyzer/flow"
	"github.com/killcheck/killcheck/analyzer/kb"
	"github.com/killcheck/killcheck/analyzer/program"
	"github.com/killcheck/killcheck/analyzer/signal"
	"github.com/killcheck/killcheck/analyzer/wake"
)

// causes returns what from outside may make the condition true, or false, as
// holds says; nothing if the data decide.
func (m *Points) causes(at wake.Spot, cond ssa.Value, holds bool, depth int) []wake.Wake {
	if cond == nil || depth == 0 {
		return nil
	}
	cond, want := flow.Positive(cond)
	holds = holds == want
	switch v := cond.(type) {
	case *ssa.BinOp:
		return m.comparison(at, v, holds)
	case *ssa.Extract:
		return m.extracted(at, v, holds)
	case *ssa.Call:
		return m.answer(at, v, holds, depth)
	case *ssa.UnOp:
		if s := spilled(v); s != nil {
			return m.causes(wake.SpotOf(v), s, holds, depth-1)
		}
		if v.Op == token.MUL && code.IsBool(v.Type()) {
			return m.Flag(at, v, v.X, holds)
		}
	}
	return nil
}

// spilled returns what a function with a defer has put into its result, which it
// loads again to return it; or nil.
func spilled(v *ssa.UnOp) ssa.Value {
	a, ok := v.X.(*ssa.Alloc)
	if !ok || v.Op != token.MUL || a.Parent() != v.Parent() {
		return nil
	}
	s := code.OnlyStore(a)
	if _, known := s.(*ssa.Const); known {
		return nil
	}
	return s
}

// comparison returns the causes of a comparison: with nil of an error, or of what
// a context says; with a constant of a flag.
func (m *Points) comparison(at wake.Spot, cmp *ssa.BinOp, holds bool) []wake.Wake {
	if cmp.Op != token.EQL && cmp.Op != token.NEQ {
		return nil
	}
	differs := (cmp.Op == token.NEQ) == holds
	x := cmp.X
	tested, _ := code.NilTest(cmp)
	if tested != nil {
		x = tested
	} else if _, ok := cmp.Y.(*ssa.Const); !ok {
		return nil
	}
	if c, ok := x.(*ssa.Call); ok {
		if ctx := signal.AskedContext(m.Base, &c.Call); ctx != nil {
			if !differs || tested == nil {
				return nil
			}
			return []wake.Wake{m.Cancelled(at, ctx, m.Syn.Callee(c.Pos())+"()")}
		}
		if e, ok := signal.Entry(m.Base, &c.Call); ok && e.Effect == kb.FlagLoad && len(c.Call.Args) > 0 {
			return m.Stored(at, c, c.Call.Args[0], nil)
		}
	}
	if tested != nil && code.IsError(tested.Type()) && differs {
		return m.failure(tested, 4)
	}
	return nil
}

// failure returns what makes the call fail whose error v is.
func (m *Points) failure(v ssa.Value, depth int) []wake.Wake {
	if depth == 0 {
		return nil
	}
	switch v := v.(type) {
	case *ssa.Extract:
		if c, ok := v.Tuple.(*ssa.Call); ok {
			return m.failing(c)
		}
	case *ssa.Call:
		if ctx := signal.AskedContext(m.Base, &v.Call); ctx != nil {
			return []wake.Wake{m.Cancelled(wake.SpotOf(v), ctx, m.Syn.Callee(v.Pos())+"()")}
		}
		return m.failing(v)
	case *ssa.Phi:
		var all []wake.Wake
		for _, e := range v.Edges {
			if k, ok := e.(*ssa.Const); ok && k.IsNil() {
				return nil
			}
			ws := m.failure(e, depth-1)
			if len(ws) == 0 {
				return nil
			}
			all = append(all, ws...)
		}
		return all
	case *ssa.UnOp:
		if s := code.JustStored(v); s != nil {
			return m.failure(s, depth-1)
		}
		if cell, _ := m.Cell(v.X, nil); v.Op == token.MUL && cell != nil {
			if s := m.OnlyStored(cell); s != nil {
				return m.failure(s, depth-1)
			}
		}
	}
	return nil
}

// failing returns the stops that a call heeds: once one is raised, the call
// returns an error, and whenever it is made again.
func (m *Points) failing(c *ssa.Call) []wake.Wake {
	at := wake.SpotOf(c)
	t := m.callees.Of(c)
	if t.Row != nil {
		w := m.rowWait(*t.Row, at, &c.Call)
		if w == nil {
			if v := m.h.DeadlineOf(t.Row, &c.Call); v != nil {
				k := m.HandleWake(at, v, wake.Wake{Action: wake.ByClose}, m.placeText(kb.Place{Where: kb.Recv}, at, &c.Call))
				k.Only = true
				return []wake.Wake{k}
			}
			if t.Row.Effect == kb.Bounded && len(t.Row.Wake(kb.CtxDone)) > 0 {
				for _, x := range t.Row.Wakes {
					if v := program.PlaceOf(&c.Call, x.At); x.Event == kb.CtxDone && v != nil {
						return []wake.Wake{m.contextWake(x, at, v, &c.Call)}
					}
				}
			}
			return nil
		}
		all := slices.DeleteFunc(w.Wakes, func(k wake.Wake) bool { return k.Action != wake.ByClose && k.Action != wake.ByCancel })
		if slices.ContainsFunc(all, func(k wake.Wake) bool { return k.Action == wake.ByClose }) {
			return all
		}
		return unlessNever(all)
	}
	if len(t.Fns) == 1 && t.Args && !t.Unread {
		if all := m.onlyFails(t.Fns[0]); len(all) > 0 {
			return m.asCalled(all, at, c, t.Fns[0])
		}
	}
	col := newCollection()
	col.all = true
	m.waitsOf(t, at, c, col)
	var all []wake.Wake
	for _, w := range col.list {
		if w.Op == Loop && len(t.Fns) > 0 || w.Over() && !w.Timed {
			continue
		}
		told := len(t.Fns) != 1 || m.tells(t.Fns[0], w, 1)
		for _, k := range w.Wakes {
			if k.Action == wake.ByCancel || k.Action == wake.ByClose && told && (k.Param != nil || k.Level != wake.Never) {
				if !slices.ContainsFunc(all, func(x wake.Wake) bool { return x.Name == k.Name && x.Action == k.Action }) {
					all = append(all, k)
				}
			}
		}
	}
	if len(t.Fns) == 1 && !m.givesError(t.Fns[0]) {
		return nil
	}
	return unlessNever(all)
}

// unlessNever returns what makes a call fail, unless that never happens: if it ever
// fails, then by what it works on.
func unlessNever(all []wake.Wake) []wake.Wake {
	if !slices.ContainsFunc(all, func(k wake.Wake) bool { return k.Param != nil || k.Level != wake.Never }) {
		return nil
	}
	all = slices.Clone(all)
	for i := range all {
		all[i].Fails = all[i].Action == wake.ByCancel
	}
	return all
}

// tells reports whether fn returns an error where the call fails that waits: one of its
// own, or one of what it calls, of which the calls that lead to it number n is the first
// in fn. What cannot be followed is taken to do so.
func (m *Points) tells(fn *ssa.Function, w *Wait, n int) bool {
	if w.Fn == fn {
		c, ok := w.In.(*ssa.Call)
		return !ok || flow.PassesOn(m.PlainGraph(fn), c)
	}
	if n >= len(w.Calls) {
		return true
	}
	for _, b := range fn.Blocks {
		for _, in := range b.Instrs {
			c, ok := in.(*ssa.Call)
			if !ok || c.Pos() != w.Calls[n] {
				continue
			}
			t := m.callees.Of(c)
			return flow.PassesOn(m.PlainGraph(fn), c) && (len(t.Fns) != 1 || m.tells(t.Fns[0], w, n+1))
		}
	}
	return true
}

// givesError reports whether every return of fn behind a stop returns an error:
// none of those returns gives nil.
func (m *Points) givesError(fn *ssa.Function) bool {
	for _, e := range m.StopEdges(fn) {
		for _, b := range fn.Blocks {
			r, ok := b.Instrs[len(b.Instrs)-1].(*ssa.Return)
			if !ok || !e.To.Dominates(b) || len(r.Results) == 0 {
				continue
			}
			if k, ok := r.Results[len(r.Results)-1].(*ssa.Const); ok && k.IsNil() {
				return false
			}
		}
	}
	return true
}

// onlyFails returns what alone makes fn return an error, where that is known of each
// return which does.
func (m *Points) onlyFails(fn *ssa.Function) []wake.Wake {
	n := fn.Signature.Results().Len()
	if n == 0 || !code.IsError(fn.Signature.Results().At(n-1).Type()) || len(fn.Blocks) > 16 {
		return nil
	}
	all, ok := m.fails[fn]
	if !ok {
		m.fails[fn] = nil // what calls itself fails by nothing that is known
		all = m.eachFails(fn)
		m.fails[fn] = all
	}
	return slices.Clone(all) // callers say what it is for them
}

// eachFails is onlyFails, return by return.
func (m *Points) eachFails(fn *ssa.Function) []wake.Wake {
	var all []wake.Wake
	for _, b := range fn.Blocks {
		r, ok := b.Instrs[len(b.Instrs)-1].(*ssa.Return)
		if !ok || !m.PlainGraph(fn).Reachable(b) {
			continue
		}
		if code.IsNil(flow.Returned(r)) {
			continue
		}
		ws := m.before(b, 3)
		if len(ws) == 0 || slices.ContainsFunc(ws, func(k wake.Wake) bool { return k.Level == wake.Itself }) && !flow.SaysError(flow.Returned(r)) {
			return nil // that it returns does not say that it fails
		}
		all = append(all, ws...)
	}
	return all
}

// extracted returns the causes of one of several results: the ok of a receive, or
// that of a call.
func (m *Points) extracted(at wake.Spot, x *ssa.Extract, holds bool) []wake.Wake {
	switch t := x.Tuple.(type) {
	case *ssa.UnOp:
		if t.Op == token.ARROW && x.Index == 1 && !holds {
			return []wake.Wake{m.Closed(wake.SpotOf(t), t.X, m.Syn.Channel(t.Pos()))}
		}
	case *ssa.Select:
		if x.Index != 1 || holds {
			return nil
		}
		for k, st := range t.States {
			if to := flow.CaseBlock(t, k); to != nil && st.Dir == types.RecvOnly && to.Dominates(at.In.Block()) {
				return []wake.Wake{m.Closed(wake.SpotOf(t), st.Chan, m.Syn.Channel(st.Pos))}
			}
		}
	}
	return nil
}

// answer returns the causes of what a call answers with true or false.
func (m *Points) answer(at wake.Spot, c *ssa.Call, holds bool, depth int) []wake.Wake {
	t := m.callees.Of(c)
	if t.Row != nil {
		switch {
		case t.Row.Effect == kb.FlagLoad && len(c.Call.Args) > 0:
			return m.Flag(at, c, c.Call.Args[0], holds)
		case t.Row.Effect == kb.Passes && !holds, t.Row.Effect == kb.ErrorIs && holds:
			if t.Row.Effect == kb.ErrorIs {
				return m.isEnd(c)
			}
			if w := m.rowWait(*t.Row, wake.SpotOf(c), &c.Call); w != nil {
				return slices.DeleteFunc(w.Wakes, func(k wake.Wake) bool { return k.Action != wake.ByClose && k.Action != wake.ByCancel })
			}
		}
		return nil
	}
	if len(t.Fns) != 1 || t.Unread || !t.Args {
		return nil
	}
	return m.helper(at, c, t.Fns[0], holds, depth-1)
}

// isEnd returns what makes the call fail whose error is found to be the one that
// says so: errors.Is(err, net.ErrClosed).
func (m *Points) isEnd(c *ssa.Call) []wake.Wake {
	if len(c.Call.Args) != 2 {
		return nil
	}
	load, ok := m.Origin(c.Call.Args[1]).(*ssa.UnOp)
	if !ok {
		return nil
	}
	g, ok := load.X.(*ssa.Global)
	if !ok {
		return nil
	}
	v, _ := g.Object().(*types.Var)
	if e, ok := m.Base.Var(v); !ok || e.Effect != kb.EndError {
		return nil
	}
	return m.failure(c.Call.Args[0], 4)
}

// helper returns the causes for which fn, which the call runs, returns true or
// false.
func (m *Points) helper(at wake.Spot, c *ssa.Call, fn *ssa.Function, holds bool, depth int) []wake.Wake {
	if depth <= 0 || fn.Signature.Results().Len() != 1 || len(fn.Blocks) > 12 {
		return nil
	}
	var all []wake.Wake
	for _, b := range fn.Blocks {
		r, ok := b.Instrs[len(b.Instrs)-1].(*ssa.Return)
		if !ok {
			continue
		}
		if k, ok := r.Results[0].(*ssa.Const); ok {
			if k.Value == nil || k.Value.Kind() != constant.Bool || constant.BoolVal(k.Value) != holds {
				continue
			}
			all = append(all, m.before(b, depth)...)
			continue
		}
		all = append(all, m.causes(wake.SpotOf(r), r.Results[0], holds, depth)...)
	}
	return m.asCalled(all, at, c, fn)
}

// asCalled gives the wakes that fn names as the call has them that runs it.
func (m *Points) asCalled(all []wake.Wake, at wake.Spot, c *ssa.Call, fn *ssa.Function) []wake.Wake {
	for i := range all {
		p, _ := all[i].Param.(*ssa.Parameter)
		if p == nil || p.Parent() != fn {
			continue
		}
		if a := code.Argument(&c.Call, p); a != nil && all[i].Action != wake.ByReturn {
			all[i] = m.bind(all[i], at, a, m.renamed(all[i], p, wake.SpotOf(c), c))
		} else {
			all[i] = m.Settle(all[i], at)
		}
	}
	return all
}

// before returns the causes of the edge by which alone control comes to b.
func (m *Points) before(b *ssa.BasicBlock, depth int) []wake.Wake {
	if len(b.Preds) != 1 {
		return nil
	}
	p := b.Preds[0]
	i := slices.Index(p.Succs, b)
	if sel, k := flow.SelectCase(p, i); sel != nil && k < len(sel.States) && sel.States[k].Dir == types.RecvOnly {
		return m.RaisedBy(wake.SpotOf(sel), sel.States[k].Chan, sel.States[k].Pos)
	}
	last := p.Instrs[len(p.Instrs)-1]
	return m.causes(wake.SpotOf(last), flow.Condition(p), i == 0, depth)
}
