package lifetime

import (
	"go/constant"
	"go/token"
	"time"

	"golang.org/x/tools/go/ssa"
)

// shortSleep is the sleep up to which nobody minds that a stop waits for it: a
// person who stops a program takes a second for at once.
const shortSleep = time.Second

// sleeps judges a sleep.
func (w *world) sleeps(c *waiting) (Obstacle, bool) {
	l := limits{w, c.h}
	if most, ok := l.of(c.in.Call.Args[0], 8); ok && most <= shortSleep {
		return Obstacle{}, false
	}
	name := w.syn.callee(c.in.Pos())
	return Obstacle{
		Message: "goroutine cannot stop while it sleeps: " + c.stop.name() + " does not end " + name + ", a select on it and a timer would",
		Remedy:  Remedy{Op: Sleep, Pos: c.in.Pos(), Stop: c.stop, Safe: w.bare(c.f)},
	}, true
}

// limits finds the longest time that a value can be.
type limits struct {
	w *world
	h *handles
}

// of returns the longest time that v can be, or ok false if that is not known.
func (l limits) of(v ssa.Value, depth int) (d time.Duration, ok bool) {
	if depth == 0 {
		return 0, false
	}
	switch v := v.(type) {
	case *ssa.Const:
		if v.Value == nil {
			return 0, false
		}
		n, exact := constant.Int64Val(constant.ToInt(v.Value))
		return time.Duration(n), exact
	case *ssa.ChangeType:
		return l.of(v.X, depth-1)
	case *ssa.Convert:
		return l.of(v.X, depth-1)
	case *ssa.Phi:
		return l.phi(v, depth)
	case *ssa.BinOp:
		return l.binary(v, depth)
	case *ssa.Call:
		if b, ok := v.Call.Value.(*ssa.Builtin); ok && b.Name() == "min" {
			return l.least(v.Call.Args, depth)
		}
	case *ssa.UnOp:
		if v.Op == token.MUL {
			return l.variable(v.X, depth)
		}
	case *ssa.Parameter:
		return l.argument(v, depth)
	}
	return 0, false
}

// phi joins the ways. A way on which the value was compared with a limit, and
// replaced by it if it was longer, has that limit.
func (l limits) phi(v *ssa.Phi, depth int) (d time.Duration, ok bool) {
	for i, e := range v.Edges {
		n, ok := l.limit(e, v.Block().Preds[i], v.Block(), depth)
		if !ok {
			n, ok = l.of(e, depth-1)
		}
		if !ok {
			return 0, false
		}
		d = max(d, n)
	}
	return d, true
}

// limit returns what v cannot exceed where control goes from one block to the
// next.
func (l limits) limit(v ssa.Value, from, to *ssa.BasicBlock, depth int) (time.Duration, bool) {
	cmp, ok := condition(from).(*ssa.BinOp)
	if !ok || cmp.X != v {
		return 0, false
	}
	below := from.Succs[0] == to // on this edge the comparison holds
	switch cmp.Op {
	case token.GTR, token.GEQ:
		below = !below
	case token.LSS, token.LEQ:
	default:
		return 0, false
	}
	if !below {
		return 0, false
	}
	return l.of(cmp.Y, depth-1)
}

// least returns the shortest of the times that are known.
func (l limits) least(vs []ssa.Value, depth int) (d time.Duration, ok bool) {
	for _, v := range vs {
		if n, known := l.of(v, depth-1); known && (!ok || n < d) {
			d, ok = n, true
		}
	}
	return d, ok
}

func (l limits) binary(v *ssa.BinOp, depth int) (time.Duration, bool) {
	x, okx := l.of(v.X, depth-1)
	y, oky := l.of(v.Y, depth-1)
	if v.Op == token.REM && oky {
		return y, true
	}
	if !okx || !oky {
		return 0, false
	}
	switch v.Op {
	case token.MUL:
		return x * y, true
	case token.ADD:
		return x + y, true
	case token.SUB:
		return x, true
	case token.QUO:
		if y != 0 {
			return x / y, true
		}
	}
	return 0, false
}

// variable follows a package variable or field to what is stored in it. A value
// that is not known does not count if there is one that is: what tests and
// options set is seldom longer than what the author has chosen.
func (l limits) variable(addr ssa.Value, depth int) (d time.Duration, ok bool) {
	id := cellID(addr)
	if id == nil || l.h.others(id) {
		return 0, false
	}
	for _, v := range l.h.stores[id] {
		if n, known := l.of(v, depth-1); known {
			d, ok = max(d, n), true
		}
	}
	return d, ok
}

// argument follows a parameter to all calls.
func (l limits) argument(p *ssa.Parameter, depth int) (d time.Duration, ok bool) {
	calls, open := l.w.Graph.Callers(p.Parent())
	if open || len(calls) == 0 {
		return 0, false
	}
	for _, c := range calls {
		a := argument(c.Common(), p)
		if a == nil {
			return 0, false
		}
		n, ok := l.of(a, depth-1)
		if !ok {
			return 0, false
		}
		d = max(d, n)
	}
	return d, true
}
