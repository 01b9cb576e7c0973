package lifetime

import (
	"go/types"
	"slices"

	"golang.org/x/tools/go/ssa"

	"github.com/killcheck/killcheck/analyzer/kb"
	"github.com/killcheck/killcheck/analyzer/spawn"
)

// condLocks returns the lock that belongs to each condition variable, as far as
// that is seen. A condition variable is what has a field that holds a lock.
func (w *world) condLocks() map[lockClass]ssa.Value {
	m := make(map[lockClass]ssa.Value)
	for _, fn := range w.Functions {
		for _, b := range fn.Blocks {
			for _, in := range b.Instrs {
				st, ok := in.(*ssa.Store)
				if !ok {
					continue
				}
				if f, ok := st.Addr.(*ssa.FieldAddr); ok && w.lockField(f) {
					m[w.class(f.X)] = st.Val // cond.L = &mu
				}
				c, ok := st.Val.(*ssa.Call)
				if ok && len(c.Call.Args) == 1 && w.wrapsLock(c) {
					m[w.class(st.Addr)] = c.Call.Args[0] // cond = NewCond(&mu)
				}
			}
		}
	}
	return m
}

// lockField reports whether the address is the field of another package's type
// that holds a lock as an interface.
func (w *world) lockField(f *ssa.FieldAddr) bool {
	n := typeName(f.X.Type())
	if n == nil || n.Pkg() == w.Pkg {
		return false
	}
	t, ok := f.Type().Underlying().(*types.Pointer)
	return ok && w.isLocker(t.Elem())
}

// wrapsLock reports whether the call makes something of another package from a
// lock.
func (w *world) wrapsLock(c *ssa.Call) bool {
	n := typeName(c.Type())
	if n == nil || n.Pkg() == w.Pkg || !w.isLocker(c.Call.Args[0].Type()) {
		return false
	}
	st, ok := n.Type().Underlying().(*types.Struct)
	if !ok {
		return false
	}
	for i := range st.NumFields() {
		if w.isLocker(st.Field(i).Type()) {
			return true
		}
	}
	return false
}

// isLocker reports whether t is an interface with a method that takes a lock.
func (w *world) isLocker(t types.Type) bool {
	i, ok := t.Underlying().(*types.Interface)
	if !ok {
		return false
	}
	for j := range i.NumMethods() {
		if e, ok := w.Base.Func(i.Method(j)); ok && e.Effect == kb.Lock {
			return true
		}
	}
	return false
}

// class returns the class of the lock at the address v. The lock of a condition
// variable is the one that it was made with.
func (l *locker) class(v ssa.Value) lockClass {
	c := l.w.class(v)
	u, ok := v.(*ssa.UnOp)
	if !ok {
		return c
	}
	f, ok := u.X.(*ssa.FieldAddr)
	if !ok || !l.w.lockField(f) {
		return c
	}
	if lock := l.conds[l.w.class(f.X)]; lock != nil {
		return l.w.class(lock)
	}
	return c
}

// stuckCond returns why nobody can signal the condition variable while another
// lock is held.
func (h *holder) stuckCond(t *lockWait, k held) *reason {
	own := h.conds[h.w.class(t.cond)]
	if own == nil || h.w.class(own) == k.class {
		return nil // Wait gives back this lock, or it may
	}
	wakes, ok := h.sync.on(&h.sync.wakes, typeName(t.cond.Type()), h.w.class(t.cond))
	if !ok {
		return nil
	}
	var why *reason
	for _, o := range wakes {
		r := h.needs(o.in, o.in.Parent(), k, 3)
		if r == nil || !r.inside {
			return nil
		}
		if why == nil {
			r.raise, r.pos, r.what = o.in, o.in.Pos(), "what would wake it"
			why = r
		}
	}
	return why
}

// stuckGroup returns a goroutine that must still call Done and may be waiting
// for the lock before it does.
func (h *holder) stuckGroup(t *lockWait, k held) *reason {
	class := h.w.class(t.group)
	if !class.known() || h.shared(k) {
		return nil
	}
	for _, o := range h.sync.of(&h.sync.dones, class) {
		if r := h.beforeDone(o, k); r != nil && !onlyIfSet(r.lock) {
			r.raise, r.pos, r.what = o.in, o.in.Pos(), "a goroutine that it waits for"
			return r
		}
	}
	return nil
}

// beforeDone returns a lock call in a goroutine that comes before its Done. Only
// what the goroutine does itself, or in a function that it calls, counts: what is
// deeper is too often done by other goroutines than those that are waited for.
func (h *holder) beforeDone(o syncOp, k held) *reason {
	fn := o.in.Parent()
	if o.spawn {
		for _, s := range h.w.siteIndex().by[o.in] {
			if s.Body != nil && h.w.runs(s) {
				return h.lockIn(s.Body, nil, k, o.class)
			}
		}
		return nil
	}
	for _, x := range h.w.running(h.gs, fn) {
		if x.g.Site.Kind != spawn.Go {
			continue
		}
		body, to := x.g.Site.Body, o.in
		if fn != body {
			if x.f.From.Fn != body {
				continue
			}
			to = x.f.Call
		}
		if r := h.lockIn(body, to, k, o.class); r != nil {
			return r
		}
	}
	return nil
}

// lockIn returns a lock call in the body of a goroutine, or in what it calls,
// from which control can come to the instruction, or nil.
func (h *holder) lockIn(body *ssa.Function, to ssa.Instruction, k held, class lockClass) *reason {
	graph := h.w.plainGraph(body)
	for _, b := range body.Blocks {
		for _, x := range b.Instrs {
			lock := h.mayTake(x, k, 1)
			if lock == nil || lock == k.by || x == to || !graph.Executes(x) || h.adds(lock.Parent(), class) {
				continue
			}
			if to == nil || leadsTo(graph, x, to) {
				return &reason{lock: lock}
			}
		}
	}
	return nil
}

// adds reports whether fn counts something into the wait group: then the lock
// that it takes guards that, and the goroutine is not waited for before.
func (h *holder) adds(fn *ssa.Function, class lockClass) bool {
	return slices.ContainsFunc(h.sync.of(&h.sync.adds, class), func(o syncOp) bool { return o.in.Parent() == fn })
}
