package lifetime

import (
	"golang.org/x/tools/go/ssa"

	"github.com/killcheck/killcheck/analyzer/spawn"
)

// condLock returns the lock that belongs to the condition variable, or nil if
// that is not seen.
func (w *world) condLock(cond ssa.Value) ssa.Value {
	class := w.class(cond)
	for _, fn := range w.Functions {
		for _, b := range fn.Blocks {
			for _, in := range b.Instrs {
				st, ok := in.(*ssa.Store)
				if !ok {
					continue
				}
				if f, ok := st.Addr.(*ssa.FieldAddr); ok && typeName(f.X.Type()) == typeName(cond.Type()) && w.class(f.X) == class {
					return st.Val // cond.L = &mu
				}
				if typeName(st.Val.Type()) != typeName(cond.Type()) || w.class(st.Addr) != class {
					continue
				}
				if c, ok := st.Val.(*ssa.Call); ok && len(c.Call.Args) == 1 {
					return c.Call.Args[0] // cond = NewCond(&mu)
				}
			}
		}
	}
	return nil
}

// stuckCond returns why nobody can signal the condition variable while another
// lock is held.
func (h *holder) stuckCond(t *lockWait, k held) *reason {
	if h.w.condLock(t.cond) == nil {
		return nil // it may be this lock that Wait gives back
	}
	wakes, ok := h.sync.on(h.sync.wakes, typeName(t.cond.Type()), h.w.class(t.cond))
	if !ok {
		return nil
	}
	var why *reason
	for _, o := range wakes {
		r := h.needs(o.in, o.in.Parent(), k, 3)
		if r == nil {
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
	if !class.known() {
		return nil
	}
	for _, o := range h.sync.dones {
		if o.class != class {
			continue
		}
		if r := h.beforeDone(o, k); r != nil {
			r.raise, r.pos, r.what = o.in, o.in.Pos(), "a goroutine that it waits for"
			return r
		}
	}
	return nil
}

// beforeDone returns a lock call in a goroutine that comes before its Done.
func (h *holder) beforeDone(o syncOp, k held) *reason {
	for _, g := range h.gs {
		if o.spawn {
			if g.Site.Inst == o.in && g.Site.Body != nil {
				return h.anyLock(g, k)
			}
			continue
		}
		fn := o.in.Parent()
		if g.Has(fn) && g.Site.Kind == spawn.Go {
			if r := h.lockBefore(g, o.in, fn, k); r != nil {
				return r
			}
		}
	}
	return nil
}

// anyLock returns a lock call of the goroutine.
func (h *holder) anyLock(g *Goroutine, k held) *reason {
	graph := h.w.plainGraph(g.Site.Body)
	for _, b := range g.Site.Body.Blocks {
		for _, x := range b.Instrs {
			if lock := h.mayTake(x, k, 3); lock != nil && graph.Executes(x) {
				return &reason{lock: lock}
			}
		}
	}
	return nil
}
