package lifetime

import (
	"slices"
	"strings"

	"golang.org/x/tools/go/ssa"
)

// missing reports a return of fn at which a lock is held that another path gives
// back, unless somebody else gives it back.
func (h *holder) missing(fn *ssa.Function) {
	if strings.Contains(strings.ToLower(fn.Name()), "lock") {
		return // its purpose
	}
	given := h.gives(fn)
	if len(given) == 0 {
		return
	}
	h.flow(&lockFrame{fn: fn}, nil, func(in ssa.Instruction, s []held) {
		r, ok := in.(*ssa.Return)
		if !ok {
			return
		}
		if slices.ContainsFunc(s, func(k held) bool { return h.twiceAt[k.by] }) {
			return
		}
		for _, k := range s {
			if !k.class.known() || !given[k.class] || h.othersGive(k) {
				continue
			}
			g, fr := h.w.runner(h.gs, fn)
			pos := h.w.returnPos(r)
			o := Obstacle{
				Kind: HeldLock, Pos: pos, End: pos + 1,
				Message: "it returns here with " + h.w.lockText(k.by) + " still held, so the next to take it waits for ever",
			}
			if r.Pos().IsValid() {
				o.End = pos + 6
			}
			if give := h.giving(fn, k); give != nil {
				o.Remedy = Remedy{Op: Release, Pos: pos, At: give.Pos()}
			}
			h.q.report(g, fr, o, h.w.callStep(k.by, "the lock is taken here"))
		}
	})
}

// giving returns a call in fn that gives the lock back, or nil.
func (h *holder) giving(fn *ssa.Function, k held) ssa.Instruction {
	for _, b := range fn.Blocks {
		for _, in := range b.Instrs {
			c, ok := in.(*ssa.Call)
			if !ok {
				continue
			}
			if op, ok := h.w.lockCall(c); ok && !op.takes() && op.reads() == k.read && h.w.place(op.on, nil) == k.place {
				return c
			}
		}
	}
	return nil
}

// gives returns the classes of locks that fn gives back itself, and never by a
// defer.
func (h *holder) gives(fn *ssa.Function) map[lockClass]bool {
	given := make(map[lockClass]bool)
	for _, b := range fn.Blocks {
		for _, in := range b.Instrs {
			if op, ok := h.w.lockCall(in); ok && !op.takes() {
				if _, isCall := in.(*ssa.Call); isCall {
					given[h.class(op.on)] = true
				}
			}
		}
	}
	for _, b := range fn.Blocks {
		for _, in := range b.Instrs {
			d, ok := in.(*ssa.Defer)
			if !ok {
				continue
			}
			if op, ok := h.w.lockCall(d); ok {
				delete(given, h.class(op.on))
			}
			for _, f := range h.runs(d) {
				for class, t := range h.touches(f) {
					if t.give {
						delete(given, class)
					}
				}
			}
			if _, open := h.w.Graph.Callees(d); open && d.Call.StaticCallee() == nil {
				return nil // it may do anything
			}
		}
	}
	return given
}

// othersGive reports whether some function gives back a lock of the class that
// it has not taken itself, or tries to take one.
func (h *holder) othersGive(k held) bool {
	gives, ok := h.others[k.class]
	if !ok {
		gives = slices.ContainsFunc(h.unlocks(k.class), func(g give) bool { return !holds(h.at(g.in), k.class) })
		h.others[k.class] = gives
	}
	return gives
}

func holds(s []held, class lockClass) bool {
	for _, x := range s {
		if x.class == class {
			return true
		}
	}
	return false
}
