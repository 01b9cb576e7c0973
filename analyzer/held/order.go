package held

import (
	"slices"

	"golang.org/x/tools/go/ssa"

	"github.com/killcheck/killcheck/analyzer/code"
	"github.com/killcheck/killcheck/analyzer/lock"
	"github.com/killcheck/killcheck/analyzer/program"
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

// crossed notes pairs of locks that two goroutines take in opposite orders,
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
			h.cross(x, y)
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
	xs, ys := h.during(x, y), h.during(y, x)
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

// during returns the goroutines that do what x says, without those that the
// function which does what y says has not started yet, or has waited for.
func (h *holder) during(x, y order) []*program.Goroutine {
	gs := h.runners(x.first.By.Parent())
	return slices.DeleteFunc(gs, func(g *program.Goroutine) bool {
		return h.endings.Ended(g, y.first.By) || h.ct.StartedAfter(g, y.first.By)
	})
}

// alone reports whether the goroutine is the only one in the list. If several
// start at its place, each may have locks of its own.
func alone(g *program.Goroutine, others []*program.Goroutine) bool {
	return len(others) == 1 && others[0] == g
}

// runners returns the goroutines that run fn.
func (h *holder) runners(fn *ssa.Function) []*program.Goroutine {
	var gs []*program.Goroutine
	for _, r := range h.Ev.Running(h.Ev.Goroutines, fn) {
		gs = append(gs, r.G)
	}
	return gs
}

// oneEach reports whether what is taken in the two orders is shown to be two locks:
// two variables, or parts of one object. Of two objects that are found on
// different ways each order may mean others.
func oneEach(orders ...order) bool {
	return !slices.ContainsFunc(orders, func(o order) bool {
		if variable(o.first) && variable(o.then) {
			return false
		}
		a, b := object(o.first.Place.Root), object(o.then.Place.Root)
		return a == nil || a != b
	})
}

// variable reports whether the lock is, or belongs to, a variable.
func variable(k lock.Held) bool {
	switch k.Class.Root.(type) {
	case *ssa.Global, *ssa.Alloc:
		return true
	}
	return false
}

// object returns what holds the value: the value itself, or what it is an element
// of, and where that was found; nil if a call has picked it.
func object(v ssa.Value) ssa.Value {
	for range 20 {
		switch x := v.(type) {
		case *ssa.UnOp:
			v = x.X
		case *ssa.FieldAddr:
			v = x.X
		case *ssa.Field:
			v = x.X
		case *ssa.IndexAddr:
			v = x.X
		case *ssa.Index:
			v = x.X
		case *ssa.Lookup:
			v = x.X
		case *ssa.Extract:
			v = x.Tuple
		case *ssa.Next:
			v = x.Iter
		case *ssa.Range:
			v = x.X
		case *ssa.TypeAssert:
			v = x.X
		case *ssa.MakeInterface:
			v = x.X
		case *ssa.Call:
			return nil
		default:
			return v
		}
	}
	return nil
}

func (h *holder) cross(x, y order) {
	if len(h.runners(x.first.By.Parent())) == 0 {
		x, y = y, x
	}
	h.add(x.first.By.Parent(), Stall{
		Kind: Crossed, Pos: x.then.By.Pos(), Taken: h.take(x.frame, x.first), Unsure: !oneEach(x, y) || !h.atOnce(x.first.By.Parent(), y.first.By.Parent()),
		Then: h.Ev.LockText(x.then.By), Other: h.take(y.frame, y.first), Last: y.then.By.Pos(),
	})
}

// atOnce reports whether it is seen that two functions run at once: one function starts
// the goroutines that run them, or runs the other itself. Otherwise a join, a handover
// or a lock that is not seen may keep them apart.
func (h *holder) atOnce(a, b *ssa.Function) bool {
	starters := func(fn *ssa.Function) map[*ssa.Function]bool {
		all := map[*ssa.Function]bool{code.Outermost(fn): true}
		for _, g := range h.runners(fn) {
			all[code.Outermost(g.Site.In)] = true
		}
		return all
	}
	of := starters(a)
	for fn := range starters(b) {
		if of[fn] {
			return true
		}
	}
	return false
}
