package heldlock

import (
	"slices"

	"golang.org/x/tools/go/ssa"

	"github.com/killcheck/killcheck/analyzer/lock"
	"github.com/killcheck/killcheck/analyzer/program"
	"github.com/killcheck/killcheck/passes/internal/report"
)

// An order is a lock that is taken while another one is held.
type order struct {
	first lock.Held // what is held
	then  lock.Held // what is taken
	frame *program.LockFrame
	all   []lock.Held // everything that is held, first included
}

// orders notes that the call takes a lock while the locks s are held. What the
// function that holds the lock has made itself, others do not lock yet, what a
// parameter decides is not certain, and tests lock what suits them.
func (h *holder) orders(f *program.LockFrame, c *ssa.Call, op program.LockOp, s []lock.Held) {
	then := lock.Held{Place: h.Ev.Place(op.On, f), Class: h.Class(op.On), Read: op.Reads(), By: c}
	if !then.Class.Known() || own(then.Place, f) || h.Ev.InTest(c.Pos()) {
		return
	}
	for _, k := range s {
		if k.Class == then.Class || !k.Class.Known() || own(k.Place, f) || h.Ev.InTest(k.By.Pos()) || h.conditional(f, c, k.By.Parent()) {
			continue
		}
		if calls := [2]ssa.CallInstruction{k.By, c}; !h.ordered[calls] {
			h.ordered[calls] = true
			h.taken = append(h.taken, order{k, then, f, s})
		}
	}
}

// own reports whether the place is part of an object that a function of the
// frame, or one that has called it, has made.
func own(p program.Place, f *program.LockFrame) bool {
	v, ok := p.Root.(*ssa.Alloc)
	return ok && p.Path != "" && p.Path[0] == '.' && f.Has(v.Parent())
}

// crossed reports pairs of locks that two goroutines take in opposite orders,
// each holding one of them while it waits for the other.
func (h *holder) crossed() {
	type pair struct{ a, b program.LockClass }
	by := make(map[pair][]order)
	for _, x := range h.taken {
		p := pair{x.first.Class, x.then.Class}
		by[p] = append(by[p], x)
	}
	done := make(map[pair]bool)
	for _, x := range h.taken {
		p := pair{x.first.Class, x.then.Class}
		if done[p] {
			continue
		}
		for _, y := range by[pair{p.b, p.a}] {
			if x.first.Read && y.then.Read || y.first.Read && x.then.Read || gated(x, y) || !h.apart(x, y) {
				continue
			}
			if h.shared(x.first) || h.shared(y.first) {
				continue
			}
			done[p], done[pair{p.b, p.a}] = true, true
			h.reportCrossed(x, y)
			break
		}
	}
}

// gated reports whether a third lock keeps the two apart: both hold it.
func gated(x, y order) bool {
	return slices.ContainsFunc(x.all, func(k lock.Held) bool {
		return k.Class != x.first.Class && slices.ContainsFunc(y.all, func(o lock.Held) bool { return o.Class == k.Class })
	})
}

// apart reports whether two goroutines can do what x and y say at the same time:
// one of them starts in view, and it is not the only one that does the other.
func (h *holder) apart(x, y order) bool {
	xs, ys := h.runners(x.first.By.Parent()), h.runners(y.first.By.Parent())
	for _, a := range xs {
		if !alone(a, ys) {
			return true
		}
	}
	for _, b := range ys {
		if !alone(b, xs) {
			return true
		}
	}
	return false
}

// alone reports whether the goroutine is the only one in the list. If several
// start at its place, each may have locks of its own.
func alone(g *program.Goroutine, others []*program.Goroutine) bool {
	return len(others) == 1 && others[0] == g
}

// runners returns the goroutines that run fn.
func (h *holder) runners(fn *ssa.Function) []*program.Goroutine {
	var gs []*program.Goroutine
	for _, r := range h.Ev.Running(h.gs, fn) {
		gs = append(gs, r.G)
	}
	return gs
}

// picked reports whether one of the locks belongs to an object that a call has
// picked: it may be one that is out of the way of the others by then.
func picked(locks ...lock.Held) bool {
	return slices.ContainsFunc(locks, func(k lock.Held) bool {
		call, ok := k.Place.Root.(*ssa.Call)
		return ok && !makes(call.Call.StaticCallee())
	})
}

// makes reports whether each call of the function returns a new object.
func makes(fn *ssa.Function) bool {
	if fn == nil || len(fn.Blocks) == 0 {
		return false
	}
	for _, b := range fn.Blocks {
		r, ok := b.Instrs[len(b.Instrs)-1].(*ssa.Return)
		if !ok {
			continue
		}
		v := r.Results[0]
		if i, ok := v.(*ssa.MakeInterface); ok {
			v = i.X
		}
		if _, ok := v.(*ssa.Alloc); !ok {
			return false
		}
	}
	return true
}

func (h *holder) reportCrossed(x, y order) {
	if len(h.runners(x.first.By.Parent())) == 0 {
		x, y = y, x
	}
	g, fr := h.Ev.Runner(h.gs, x.first.By.Parent())
	o := report.Finding{
		Pos:      x.then.By.Pos(),
		Extended: picked(x.first, x.then, y.first, y.then),
		Message:  report.Subject(g) + " can wait for ever: it holds " + h.Ev.LockText(x.first.By) + " and takes " + h.Ev.LockText(x.then.By) + ", which others take in the opposite order",
	}
	steps := h.way(x.frame, x.first, "this lock is taken first here")
	steps = append(steps, h.way(y.frame, y.first, "another goroutine takes the other lock first here")...)
	h.q.Report(g, fr, o, append(steps, h.Ev.CallStep(y.then.By, "and then this one"))...)
}
