package count

import (
	"go/types"
	"slices"

	"golang.org/x/tools/go/ssa"

	"github.com/killcheck/killcheck/analyzer/code"
	"github.com/killcheck/killcheck/analyzer/flow"
	"github.com/killcheck/killcheck/analyzer/kb"
	"github.com/killcheck/killcheck/analyzer/signal"
)

// infeasible reports whether the edge is that of a case which nobody can take, or
// one that the channel's being made excludes, or the failure of a test's own accept.
func (c *counter) infeasible(b *ssa.BasicBlock, i int) bool {
	if sel, k := flow.SelectCase(b, i); sel != nil && k < len(sel.States) && (c.ct.DeadCase(sel, k) || c.tooLate(sel, k)) {
		return true
	}
	if to := b.Succs[i]; !c.Strict && len(to.Preds) == 1 && c.ct.FailsTest(to) {
		return true
	}
	cond := flow.Condition(b)
	if cond == nil {
		return false
	}
	cmp, ok := cond.(*ssa.BinOp)
	if !ok {
		return false
	}
	if tested, ifNil := code.NilTest(cmp); tested != nil && (c.isMade(tested) || isFunc(tested)) {
		return ifNil == (i == 0) // the channel, or what cancels, is not nil
	}
	return i == 1 && (flow.PastSwitch(b) || c.ct.PastEnum(b)) || flow.OnFailure(b, i) && (c.ct.InTest(b.Parent().Pos()) && c.accepts(cmp.X, 2) || c.startedWell(cmp.X))
}

// startedWell reports whether the error is that of the call which has started the
// goroutine, and is nil where it has done so.
func (c *counter) startedWell(err ssa.Value) bool {
	call, ok := c.start.(*ssa.Call)
	if !ok || c.Child == nil || call.Call.StaticCallee() == nil {
		return false
	}
	n := 0
	if x, ok := err.(*ssa.Extract); ok {
		err, n = x.Tuple, x.Index
	}
	callee := call.Call.StaticCallee()
	inner := c.startIn(callee)
	if err != call || inner == nil {
		return false
	}
	g := c.ct.PlainGraph(callee)
	for _, b := range callee.Blocks {
		if r, ok := b.Instrs[len(b.Instrs)-1].(*ssa.Return); ok && flow.LeadsTo(g, inner, r) && !code.IsNil(r.Results[n]) {
			return false
		}
	}
	return true
}

// startIn returns what starts the goroutine in the function: the go statement, or the
// one call that leads to it; nil if there are several.
func (c *counter) startIn(fn *ssa.Function) ssa.Instruction {
	site := c.Child.Site
	if site.In == fn {
		return site.Inst
	}
	in := site.In
	for range 3 {
		calls, open := c.ct.Graph.Callers(in)
		if open || len(calls) != 1 {
			return nil
		}
		if in = calls[0].Parent(); in == fn {
			return calls[0]
		}
	}
	return nil
}

// tooLate reports whether the case is that in which a test has waited long enough for
// what it counts on: it makes an error of that.
func (c *counter) tooLate(sel *ssa.Select, k int) bool {
	to := flow.CaseBlock(sel, k)
	if c.Strict || to == nil || !c.ct.InTest(sel.Pos()) || !slices.ContainsFunc(c.ops[sel], func(o signal.Op) bool { return o.Case != k && o.Kind == signal.Recv }) {
		return false
	}
	time := c.ct.Graph.Class(c.ct.Base, sel.States[k].Chan)
	if len(time.Makes) > 0 || len(time.Library) == 0 || slices.ContainsFunc(time.Library, func(e kb.Entry) bool { return e.Kind != kb.KindTimer }) {
		return false
	}
	return slices.ContainsFunc(to.Instrs, func(in ssa.Instruction) bool {
		call, ok := in.(*ssa.Call)
		return ok && code.IsError(call.Type())
	})
}

// FailsTest reports whether the block notes that the test has failed: what it leaves
// behind from there on does not matter.
func (ct *Counts) FailsTest(b *ssa.BasicBlock) bool {
	return ct.InTest(b.Parent().Pos()) && slices.ContainsFunc(b.Instrs, func(in ssa.Instruction) bool {
		call, ok := in.(*ssa.Call)
		if !ok {
			return false
		}
		row, ok := signal.Entry(ct.Base, &call.Call)
		return ok && row.Kind == kb.KindTest
	})
}

// accepts reports whether the error is that of a wait for a connection, which so many
// helpers may hand on: a test closes the listener when it is done with it.
func (c *counter) accepts(err ssa.Value, helpers int) bool {
	x, ok := err.(*ssa.Extract)
	if !ok {
		return false
	}
	call, ok := x.Tuple.(*ssa.Call)
	if !ok {
		return false
	}
	if row, ok := signal.Entry(c.ct.Base, &call.Call); ok {
		return row.Kind == kb.KindNetAccept
	}
	fn := call.Call.StaticCallee()
	if fn == nil || helpers == 0 {
		return false
	}
	some := false
	for _, b := range fn.Blocks {
		r, ok := b.Instrs[len(b.Instrs)-1].(*ssa.Return)
		if !ok || code.IsNil(r.Results[x.Index]) {
			continue
		}
		if !c.accepts(r.Results[x.Index], helpers-1) {
			return false
		}
		some = true
	}
	return some
}

// isFunc reports whether v is a function that takes and gives nothing, as those that
// cancel do: who has one calls it. Others may be hooks that somebody may have set.
func isFunc(v ssa.Value) bool {
	sig, ok := v.Type().Underlying().(*types.Signature)
	return ok && sig.Params().Len()+sig.Results().Len() == 0
}

// isMade reports whether v is a channel that the counter counts for, or may be
// one where branches meet, or was until somebody was done with it.
func (c *counter) isMade(v ssa.Value) bool {
	switch v := v.(type) {
	case *ssa.MakeChan:
		return c.made[v]
	case *ssa.UnOp:
		cell, _ := c.ct.Cell(v.X, nil)
		if cell == nil {
			return false
		}
		made := false
		for _, s := range code.StoresTo(cell) {
			m, ok := s.(*ssa.MakeChan)
			if made = made || ok && c.made[m]; !(ok && c.made[m]) && !code.IsNil(s) {
				return false
			}
		}
		return made
	case *ssa.Phi:
		for _, e := range v.Edges {
			if p, ok := e.(*ssa.Parameter); ok && c.isGiven(p) {
				return true
			}
			if m, ok := e.(*ssa.MakeChan); ok && c.made[m] {
				return true // Inv: no phi is followed into another, which may lead round
			}
		}
	}
	return false
}

// isGiven reports whether all that the parameter is given are channels that the counter
// counts for.
func (c *counter) isGiven(p *ssa.Parameter) bool {
	if !code.IsChan(p.Type()) {
		return false
	}
	class := c.ct.Graph.Class(c.ct.Base, p)
	return class.Own() && len(class.Makes) > 0 && !slices.ContainsFunc(class.Makes, func(m *ssa.MakeChan) bool { return !c.made[m] })
}

// loaded returns the address of the flag that the call reads, or nil.
func (ct *Counts) loaded(c *ssa.Call) ssa.Value {
	e, ok := signal.Entry(ct.Base, &c.Call)
	if !ok || e.Effect != kb.FlagLoad || e.Kind != kb.KindFlag || len(c.Call.Args) != 1 {
		return nil
	}
	return c.Call.Args[0]
}

// stored returns the address of the flag that the call sets, and its value, or nil.
func (ct *Counts) stored(c *ssa.Call) (addr, value ssa.Value) {
	e, ok := signal.Entry(ct.Base, &c.Call)
	if !ok || e.Effect != kb.FlagStore || e.Kind != kb.KindFlag || len(c.Call.Args) != 2 || c.Call.Signature().Results().Len() > 0 {
		return nil, nil
	}
	return c.Call.Args[0], c.Call.Args[1]
}
