package lifetime

import (
	"slices"

	"golang.org/x/tools/go/ssa"
)

// An order is a lock that is taken while another one is held.
type order struct {
	first held // what is held
	then  held // what is taken
	frame *lockFrame
	all   []held // everything that is held, first included
}

// orders notes that the call takes a lock while the locks s are held. What the
// function that holds the lock has made itself, others do not lock yet, what a
// parameter decides is not certain, and tests lock what suits them.
func (h *holder) orders(f *lockFrame, c *ssa.Call, op lockOp, s []held) {
	then := held{place: h.w.place(op.on, f), class: h.class(op.on), read: op.reads(), by: c}
	if !then.class.known() || own(then.place, f) || h.w.inTest(c.Pos()) {
		return
	}
	for _, k := range s {
		if k.class == then.class || !k.class.known() || own(k.place, f) || h.w.inTest(k.by.Pos()) || h.conditional(f, c, k.by.Parent()) {
			continue
		}
		if calls := [2]ssa.CallInstruction{k.by, c}; !h.ordered[calls] {
			h.ordered[calls] = true
			h.taken = append(h.taken, order{k, then, f, s})
		}
	}
}

// own reports whether the place is part of an object that a function of the
// frame, or one that has called it, has made.
func own(p place, f *lockFrame) bool {
	v, ok := p.root.(*ssa.Alloc)
	return ok && p.path != "" && p.path[0] == '.' && f.has(v.Parent())
}

// crossed reports pairs of locks that two goroutines take in opposite orders,
// each holding one of them while it waits for the other.
func (h *holder) crossed() {
	type pair struct{ a, b lockClass }
	by := make(map[pair][]order)
	for _, x := range h.taken {
		p := pair{x.first.class, x.then.class}
		by[p] = append(by[p], x)
	}
	done := make(map[pair]bool)
	for _, x := range h.taken {
		p := pair{x.first.class, x.then.class}
		if done[p] {
			continue
		}
		for _, y := range by[pair{p.b, p.a}] {
			if x.first.read && y.then.read || y.first.read && x.then.read || gated(x, y) || !h.apart(x, y) {
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
	return slices.ContainsFunc(x.all, func(k held) bool {
		return k.class != x.first.class && slices.ContainsFunc(y.all, func(o held) bool { return o.class == k.class })
	})
}

// apart reports whether two goroutines can do what x and y say at the same time:
// one of them starts in view, and it is not the only one that does the other.
func (h *holder) apart(x, y order) bool {
	xs, ys := h.runners(x.first.by.Parent()), h.runners(y.first.by.Parent())
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
func alone(g *Goroutine, others []*Goroutine) bool { return len(others) == 1 && others[0] == g }

// runners returns the goroutines that run fn.
func (h *holder) runners(fn *ssa.Function) []*Goroutine {
	var gs []*Goroutine
	for _, r := range h.w.running(h.gs, fn) {
		gs = append(gs, r.g)
	}
	return gs
}

// picked reports whether one of the locks belongs to an object that a call has
// picked: it may be one that is out of the way of the others by then.
func picked(locks ...held) bool {
	return slices.ContainsFunc(locks, func(k held) bool {
		call, ok := k.place.root.(*ssa.Call)
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
	if len(h.runners(x.first.by.Parent())) == 0 {
		x, y = y, x
	}
	g, fr := h.w.runner(h.gs, x.first.by.Parent())
	o := Obstacle{
		Kind: HeldLock, Pos: x.then.by.Pos(),
		Extended: picked(x.first, x.then, y.first, y.then),
		Message:  subject(g) + " can wait for ever: it holds " + h.w.lockText(x.first.by) + " and takes " + h.w.lockText(x.then.by) + ", which others take in the opposite order",
	}
	steps := h.way(x.frame, x.first, "this lock is taken first here")
	steps = append(steps, h.way(y.frame, y.first, "another goroutine takes the other lock first here")...)
	h.q.report(g, fr, o, append(steps, h.w.callStep(y.then.by, "and then this one"))...)
}
