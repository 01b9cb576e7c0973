package held

import (
	"slices"

	"golang.org/x/tools/go/ssa"

	"github.com/killcheck/killcheck/analyzer/code"
	"github.com/killcheck/killcheck/analyzer/flow"
	"github.com/killcheck/killcheck/analyzer/group"
	"github.com/killcheck/killcheck/analyzer/lock"
	"github.com/killcheck/killcheck/analyzer/program"
	"github.com/killcheck/killcheck/analyzer/spawn"
)

// stuckCond returns why nobody can signal the condition variable while another
// lock is held.
func (h *holder) stuckCond(t *program.LockWait, k lock.Held) *reason {
	own := h.Conds[h.Ev.Class(t.Cond)]
	if own == nil || h.mayBe(own, k.Class, 3) {
		return nil // Wait gives back this lock, or it may
	}
	wakes, ok := h.sync.On(&h.sync.Wakes, code.TypeName(t.Cond.Type()), h.Ev.Class(t.Cond))
	if !ok {
		return nil
	}
	var why *reason
	for _, o := range wakes {
		r := h.needs(o.In, o.In.Parent(), k, 3)
		if r == nil || !r.inside {
			return nil
		}
		if why == nil {
			r.raise, r.pos, r.ends = o.In, o.In.Pos(), Waker
			why = r
		}
	}
	return why
}

// mayBe reports whether the value may be the lock of the class: it is, one is embedded in the
// other, or it is also kept where that lock is found. A parameter may be what a caller gives.
func (h *holder) mayBe(own ssa.Value, class program.LockClass, depth int) bool {
	if c := h.Ev.LockerClass(own); c == class || c.Within(class) || class.Within(c) {
		return true
	}
	for m, ok := own.(*ssa.MakeInterface); ok; m, ok = own.(*ssa.MakeInterface) {
		own = m.X
	}
	if p, ok := own.(*ssa.Parameter); ok && depth > 0 {
		calls, open := h.Callers(p.Parent())
		return open && len(calls) == 0 || slices.ContainsFunc(calls, func(c ssa.CallInstruction) bool {
			a := code.Argument(c.Common(), p)
			return a == nil || h.mayBe(a, class, depth-1)
		})
	}
	names := []ssa.Value{own}
	for _, r := range referrers(own) {
		if m, ok := r.(*ssa.MakeInterface); ok {
			names = append(names, m)
		}
	}
	return slices.ContainsFunc(names, func(v ssa.Value) bool {
		return slices.ContainsFunc(referrers(v), func(r ssa.Instruction) bool {
			st, ok := r.(*ssa.Store)
			return ok && st.Val == v && h.Ev.Class(st.Addr) == class
		})
	})
}

// referrers returns what uses the value; nothing for a constant or a function.
func referrers(v ssa.Value) []ssa.Instruction {
	if refs := v.Referrers(); refs != nil {
		return *refs
	}
	return nil
}

// stuckGroup returns a goroutine that must still call Done and may be waiting
// for the lock before it does.
func (h *holder) stuckGroup(t *program.LockWait, k lock.Held) *reason {
	class := h.Ev.Class(t.Group)
	if !class.Known() || h.shared(k) {
		return nil
	}
	for _, o := range h.sync.Of(&h.sync.Dones, class) {
		if r := h.beforeDone(o, k); r != nil && !flow.OnlyIfSet(r.lock) {
			r.raise, r.pos, r.ends = o.In, o.In.Pos(), Member
			return r
		}
	}
	return nil
}

// beforeDone returns a lock call in a goroutine that comes before its Done. Only
// what the goroutine does itself, or in a function that it calls, counts: what is
// deeper is too often done by other goroutines than those that are waited for.
func (h *holder) beforeDone(o group.SyncOp, k lock.Held) *reason {
	fn := o.In.Parent()
	if o.Spawn {
		for _, s := range h.Ev.SiteIndex().By[o.In] {
			if s.Body != nil && h.Ev.Graph.Live(s.In) {
				return h.lockIn(s.Body, nil, nil, k, o.Class)
			}
		}
		return nil
	}
	for _, a := range h.sync.Of(&h.sync.Adds, o.Class) {
		if a.In.Parent() == fn && flow.Precedes(a.In, o.In) {
			return h.lockIn(fn, a.In, o.In, k, o.Class) // it counts from there on
		}
	}
	for _, x := range h.Ev.Running(h.Ev.Goroutines, fn) {
		if x.G.Site.Kind != spawn.Go {
			continue
		}
		body, to := x.G.Site.Body, o.In
		if fn != body {
			if x.F.From.Fn != body {
				continue
			}
			to = x.F.Call
		}
		if r := h.lockIn(body, nil, to, k, o.Class); r != nil {
			return r
		}
	}
	return nil
}

// lockIn returns a lock call in the body of a goroutine, or in what it calls, from which
// control can come to one instruction, after the other if that is set; or nil.
func (h *holder) lockIn(body *ssa.Function, from, to ssa.Instruction, k lock.Held, class program.LockClass) *reason {
	graph := h.Ev.PlainGraph(body)
	for _, b := range body.Blocks {
		for _, x := range b.Instrs {
			lock := h.mayTake(x, k, 1)
			if lock == nil || lock == k.By || x == to || !graph.Executes(x) || h.adds(lock.Parent(), class) {
				continue
			}
			if from != nil && !flow.LeadsTo(graph, from, x) {
				continue
			}
			if to == nil || flow.LeadsTo(graph, x, to) {
				return &reason{lock: lock}
			}
		}
	}
	return nil
}

// adds reports whether fn counts something into the wait group: then the lock
// that it takes guards that, and the goroutine is not waited for before.
func (h *holder) adds(fn *ssa.Function, class program.LockClass) bool {
	return slices.ContainsFunc(h.sync.Of(&h.sync.Adds, class), func(o group.SyncOp) bool { return o.In.Parent() == fn })
}
