package wake

import (
	"go/token"
	"go/types"
	"slices"

	"golang.org/x/tools/go/ssa"

	"github.com/killcheck/killcheck/analyzer/code"
	"github.com/killcheck/killcheck/analyzer/flow"
	"github.com/killcheck/killcheck/analyzer/kb"
	"github.com/killcheck/killcheck/analyzer/signal"
)

// raised says how sure it is that one of the sites is done, where made makes
// what they work on and at waits for it. The levels it gives are Never, OnlyIf,
// Unclear, Surely and Itself.
func (m *Wakes) raised(sites []ssa.Instruction, made ssa.Instruction, at Spot) Wake {
	var maker *ssa.Function
	if made != nil {
		maker = made.Parent()
		sites = m.Lift(sites, maker, 3)
	}
	var here, there []ssa.Instruction
	for _, s := range sites {
		switch {
		case m.DeadFor(s.Parent(), maker, at.Fn):
		case s.Parent() == at.Fn:
			// It is done after the wait, or when the function that waits returns.
		case s.Parent() == maker && (!m.again(maker, 3) || flow.LeadsTo(m.PlainGraph(maker), made, s)):
			here = append(here, s)
		default: // in the maker, before the make: a later call does it
			there = append(there, s)
		}
	}
	best := Wake{Level: Never, Why: NobodyDoes}
	if len(sites) > 0 {
		best.Why, best.At = OnlyAfter, sites[0].Pos()
	}
	for _, s := range there {
		if k := m.raisedThere(s); k.Level > best.Level || k.Why == NotEnd && best.Why == OnlyAfter {
			best = k
		}
	}
	if len(here) > 0 && best.Level < Surely {
		if k := m.raisedHere(here, made, maker); k.Level > best.Level {
			best = k
		}
	}
	best.Who = append(here, there...)
	return best
}

// again reports whether the function may be called more than once for one object: not if its
// only call is where that is made.
func (m *Wakes) again(fn *ssa.Function, depth int) bool {
	calls, open := m.Graph.Callers(fn)
	if open || len(calls) != 1 || m.Looped(calls[0]) || depth == 0 {
		return true
	}
	if _, made := code.Receiver(calls[0].Common()).(*ssa.Alloc); made {
		return false
	}
	return m.again(calls[0].Parent(), depth-1)
}

// raisedThere judges a site in another function than that which makes the
// object: a method that others call when they want to, or a goroutine.
func (m *Wakes) raisedThere(s ssa.Instruction) Wake {
	fn := m.BodyOf(s.Parent())
	gs := m.WithBody(fn)
	if len(gs) == 0 {
		return Wake{Level: Surely}
	}
	if fn != s.Parent() {
		if lifted := m.Lift([]ssa.Instruction{s}, fn, 3); len(lifted) == 1 && lifted[0].Parent() == fn {
			s = lifted[0]
		} else {
			return Wake{Level: OnlyIf, Why: OnePath, At: s.Pos()}
		}
	}
	if r := m.Skips(s.Parent(), nil, append(m.foundClosed(s), s)); r != nil {
		return Wake{Level: OnlyIf, Why: OnePath, At: m.ReturnPos(r)}
	}
	if m.first(s) {
		return Wake{Level: Surely}
	}
	return m.ends(gs[0])
}

// foundClosed returns where the function of the instruction, which closes a channel,
// finds that closed already: on no other way has it to close it.
func (m *Wakes) foundClosed(s ssa.Instruction) (ins []ssa.Instruction) {
	c, ok := s.(*ssa.Call)
	if !ok {
		return nil
	}
	if b, ok := c.Call.Value.(*ssa.Builtin); !ok || b.Name() != "close" {
		return nil
	}
	ch := c.Call.Args[0]
	if k := m.Graph.Class(m.Base, ch); !k.Closed() || len(k.Has(signal.Send)) > 0 {
		return nil
	}
	for _, b := range s.Parent().Blocks {
		for _, in := range b.Instrs {
			sel, ok := in.(*ssa.Select)
			if !ok {
				continue
			}
			for i, st := range sel.States {
				if to := flow.CaseBlock(sel, i); to != nil && st.Dir == types.RecvOnly && len(to.Preds) == 1 && m.SurelySame(st.Chan, ch) {
					ins = append(ins, to.Instrs[0])
				}
			}
		}
	}
	return ins
}

// first reports whether nothing in its function waits before the instruction, and
// no loop is gone round.
func (m *Wakes) first(s ssa.Instruction) bool {
	fn := s.Parent()
	if _, deferred := s.(*ssa.Defer); deferred {
		return false
	}
	graph := m.PlainGraph(fn)
	seen := map[*ssa.BasicBlock]bool{fn.Blocks[0]: true}
	work := []*ssa.BasicBlock{fn.Blocks[0]}
	for len(work) > 0 {
		b := work[len(work)-1]
		work = work[:len(work)-1]
		passed := false
		for _, in := range b.Instrs {
			if in == s {
				passed = true
				break
			}
			if m.mayWait(in) {
				return false
			}
		}
		if passed {
			continue
		}
		for _, x := range graph.Succs(b) {
			if !seen[x] {
				seen[x] = true
				work = append(work, x)
			}
		}
	}
	return len(graph.Cycles(func(b *ssa.BasicBlock) bool { return seen[b] && b != s.Block() })) == 0
}

// mayWait reports whether the instruction may wait.
func (m *Wakes) mayWait(in ssa.Instruction) bool {
	switch in := in.(type) {
	case *ssa.Send:
		return true
	case *ssa.Select:
		return in.Blocking
	case *ssa.UnOp:
		return in.Op == token.ARROW
	case *ssa.Call:
		return !m.brief(in)
	}
	return false
}

// raisedHere judges sites in the function that makes the object: they must lie
// on every way from where it is made to where goroutines start, or on every way from
// there to a return.
func (m *Wakes) raisedHere(sites []ssa.Instruction, made ssa.Instruction, maker *ssa.Function) Wake {
	if m.IsMain(maker) {
		return Wake{Level: Surely}
	}
	starts := m.startsAfter(made, maker, sites)
	if len(starts) > MaxPartners {
		return Wake{Level: Unclear, Why: NoMore}
	}
	is := make(map[ssa.Instruction]bool, len(sites))
	for _, s := range sites {
		is[s] = true
	}
	raises := func(in ssa.Instruction) bool { return is[in] }
	for _, start := range starts {
		r := m.Skips(maker, []ssa.Instruction{start}, sites)
		if b := madeIn(made); b != nil && start == made {
			r = flow.FirstReturn(m.PlainGraph(maker), b, nil, is)
		}
		if r != nil && (start == made || !lasts(sites) || flow.Reaches(m.PlainGraph(maker), made.Block(), made, map[ssa.Instruction]bool{start: true}, raises)) {
			return Wake{Level: OnlyIf, Why: OnePath, At: m.ReturnPos(r)}
		}
	}
	return Wake{Level: Surely}
}

// madeIn returns the block that control comes to where the call that makes the object has
// given no error: if it fails there is none. It is nil if that is not asked.
func madeIn(made ssa.Instruction) *ssa.BasicBlock {
	if x, ok := made.(*ssa.Extract); ok {
		made, _ = x.Tuple.(ssa.Instruction)
	}
	if c, ok := made.(*ssa.Call); ok {
		return flow.WithoutError(c)
	}
	return nil
}

// lasts reports whether what the sites raise stays raised: they close or cancel, and
// do not receive.
func lasts(sites []ssa.Instruction) bool {
	for _, s := range sites {
		if _, ok := s.(ssa.CallInstruction); !ok {
			return false
		}
	}
	return true
}

// startsAfter returns where fn starts goroutines that may wait, or made if it
// starts none. A site that raises in a goroutine of its own starts nobody who
// waits.
func (m *Wakes) startsAfter(made ssa.Instruction, fn *ssa.Function, sites []ssa.Instruction) []ssa.Instruction {
	var starts []ssa.Instruction
	for _, s := range m.SiteIndex().In[fn] {
		if s.Inst != made && !slices.Contains(sites, ssa.Instruction(s.Inst)) {
			if starts = append(starts, s.Inst); len(starts) > MaxPartners {
				break // the caller gives up
			}
		}
	}
	if len(starts) == 0 {
		return []ssa.Instruction{made}
	}
	return starts
}

// life says how sure it is that the context ends.
func (m *Wakes) life(at Spot, ctx ssa.Value, depth int) Wake {
	key := objectKey{at.Fn, m.Origin(ctx)}
	if k, ok := m.lives[key]; ok {
		return k
	}
	m.lives[key] = Wake{Action: ByCancel, Level: Perhaps, Stop: true} // Inv: for a context that derives from itself in a loop
	k := m.lifeOf(at, ctx, depth)
	k.Action, k.Stop = ByCancel, true
	m.lives[key] = k
	return k
}

func (m *Wakes) lifeOf(at Spot, ctx ssa.Value, depth int) Wake {
	calls, open := m.Graph.Origins(ctx)
	if depth == 0 {
		return Wake{Level: Perhaps}
	}
	calls = m.withoutTests(calls, at)
	var worst *Wake
	if open {
		worst = &Wake{Level: Perhaps}
	}
	for _, c := range calls {
		k := m.lifeFrom(at, c, depth)
		if k.Why == RootContext && (open || len(calls) > 1) && m.insteadOfNil(c) {
			continue // who gives none wants none
		}
		if worst == nil || k.Level < worst.Level {
			worst = &k
		}
	}
	if worst == nil {
		return Wake{Level: Perhaps}
	}
	if worst.Level == Never && (open || len(calls) > 1) {
		worst.Level = OnlyIf // it is one of several
	}
	if open || len(calls) > 1 {
		worst.Of = nil
	}
	return *worst
}

// withoutTests leaves out what test files make, where others make something too.
func (m *Wakes) withoutTests(calls []*ssa.Call, at Spot) []*ssa.Call {
	var kept []*ssa.Call
	for _, c := range calls {
		if !m.InTest(c.Pos()) {
			kept = append(kept, c)
		}
	}
	if len(kept) == 0 || m.InTest(at.Pos) {
		return calls
	}
	return kept
}

// insteadOfNil reports whether the call stands where a context was found to be
// nil.
func (m *Wakes) insteadOfNil(c *ssa.Call) bool {
	for cond, holds := range flow.HoldsAt(c.Block()) {
		if tested, ifNil := code.NilTest(cond); tested != nil && ifNil == holds && code.IsContext(tested.Type()) {
			return true
		}
	}
	return false
}

// lifeFrom says how sure it is that a context which the call makes ends.
func (m *Wakes) lifeFrom(at Spot, c *ssa.Call, depth int) Wake {
	e, ok := signal.Entry(m.Base, &c.Call)
	if !ok || e.Effect != kb.Derives || e.Timed {
		return Wake{Level: Perhaps}
	}
	best := Wake{Level: Never, Why: RootContext, At: c.Pos()}
	if m.Graph.GroupEnds(m.Base, c, e) {
		best = Wake{Level: Perhaps}
	}
	if e.Cancel >= 0 {
		best = Wake{Level: Never, Why: NotCancelled, At: c.Pos()}
		calls, open := m.Graph.Invocations(c, e.Cancel)
		if open {
			best = Wake{Level: Perhaps, At: c.Pos()}
		} else if len(calls) > 0 {
			var sites []ssa.Instruction
			for _, x := range calls {
				sites = append(sites, x)
			}
			best = m.raised(sites, c, at)
			best.Of = &Object{c, sites}
		}
	}
	if e.Parent.Where == kb.Arg && e.Parent.N < len(c.Call.Args) {
		if k := m.life(at, c.Call.Args[e.Parent.N], depth-1); k.Level > best.Level {
			return k
		} else if k.Level != Never {
			best.Of = nil // the end of its parent ends it as well
		}
	} else if e.Parent.Where != kb.None && best.Level < Perhaps {
		return Wake{Level: Perhaps}
	}
	return best
}
