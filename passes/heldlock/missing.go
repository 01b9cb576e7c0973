package heldlock

import (
	"slices"
	"strings"

	"golang.org/x/tools/go/ssa"

	"github.com/killcheck/killcheck/analyzer/lock"
	"github.com/killcheck/killcheck/analyzer/program"
	"github.com/killcheck/killcheck/passes/internal/remedy"
	"github.com/killcheck/killcheck/passes/internal/report"
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
	h.Flow(&program.LockFrame{Fn: fn}, nil, func(in ssa.Instruction, s []lock.Held) {
		r, ok := in.(*ssa.Return)
		if !ok {
			return
		}
		if slices.ContainsFunc(s, func(k lock.Held) bool { return h.twiceAt[k.By] }) {
			return
		}
		for _, k := range s {
			if !k.Class.Known() || !given[k.Class] || h.othersGive(k) {
				continue
			}
			g, fr := h.Ev.Runner(h.gs, fn)
			pos := h.Ev.ReturnPos(r)
			o := report.Finding{
				Pos: pos, End: pos + 1,
				Message: "it returns here with " + h.Ev.LockText(k.By) + " still held, so the next to take it waits for ever",
			}
			if r.Pos().IsValid() {
				o.End = pos + 6
			}
			if give := h.giving(fn, k); give != nil {
				o.Remedy = remedy.Remedy{Op: remedy.Release, Pos: pos, At: give.Pos()}
			}
			h.q.Report(g, fr, o, h.Ev.CallStep(k.By, "the lock is taken here"))
		}
	})
}

// giving returns a call in fn that gives the lock back, or nil.
func (h *holder) giving(fn *ssa.Function, k lock.Held) ssa.Instruction {
	for _, b := range fn.Blocks {
		for _, in := range b.Instrs {
			c, ok := in.(*ssa.Call)
			if !ok {
				continue
			}
			if op, ok := h.Ev.LockCall(c); ok && !op.Takes() && op.Reads() == k.Read && h.Ev.Place(op.On, nil) == k.Place {
				return c
			}
		}
	}
	return nil
}

// gives returns the classes of locks that fn gives back itself, and never by a
// defer.
func (h *holder) gives(fn *ssa.Function) map[program.LockClass]bool {
	given := make(map[program.LockClass]bool)
	for _, b := range fn.Blocks {
		for _, in := range b.Instrs {
			if op, ok := h.Ev.LockCall(in); ok && !op.Takes() {
				if _, isCall := in.(*ssa.Call); isCall {
					given[h.Class(op.On)] = true
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
			if op, ok := h.Ev.LockCall(d); ok {
				delete(given, h.Class(op.On))
			}
			for _, f := range h.Runs(d) {
				for class, t := range h.Touches(f) {
					if t.Give {
						delete(given, class)
					}
				}
			}
			if _, open := h.Ev.Graph.Callees(d); open && d.Call.StaticCallee() == nil {
				return nil // it may do anything
			}
		}
	}
	return given
}

// othersGive reports whether some function gives back a lock of the class that
// it has not taken itself, or tries to take one.
func (h *holder) othersGive(k lock.Held) bool {
	gives, ok := h.others[k.Class]
	if !ok {
		gives = slices.ContainsFunc(h.unlocks(k.Class), func(g give) bool { return !holds(h.At(g.in), k.Class) })
		h.others[k.Class] = gives
	}
	return gives
}

func holds(s []lock.Held, class program.LockClass) bool {
	for _, x := range s {
		if x.Class == class {
			return true
		}
	}
	return false
}
