package event

import (
	"go/constant"
	"slices"

	"golang.org/x/tools/go/ssa"

	"github.com/killcheck/killcheck/analyzer/program"
	"github.com/killcheck/killcheck/analyzer/signal"
)

// Capacity returns the largest capacity of the channels of the class, or ok
// false if it is not known.
func (ev *Events) Capacity(c *signal.Class) (n int, ok bool) {
	for _, m := range c.Makes {
		v, ok := ev.Size(m.Size, 3)
		if !ok {
			return 0, false
		}
		n = max(n, v)
	}
	return n, len(c.Makes) > 0
}

// Size returns the largest value that v, the size of a channel, can have: a
// constant, or a parameter that is a constant in all calls.
func (ev *Events) Size(v ssa.Value, depth int) (n int, ok bool) {
	switch v := v.(type) {
	case *ssa.Const:
		if v.Value == nil {
			return 0, false
		}
		k, exact := constant.Int64Val(constant.ToInt(v.Value))
		return int(k), exact
	case *ssa.Convert:
		return ev.Size(v.X, depth)
	case *ssa.Parameter:
		fn := v.Parent()
		calls, open := ev.Graph.Callers(fn)
		if open || len(calls) == 0 || depth == 0 {
			return 0, false
		}
		i := slices.Index(fn.Params, v)
		for _, c := range calls {
			if c.Common().IsInvoke() || i >= len(c.Common().Args) {
				return 0, false
			}
			k, ok := ev.Size(c.Common().Args[i], depth-1)
			if !ok {
				return 0, false
			}
			n = max(n, k)
		}
		return n, true
	}
	return 0, false
}

// smallRoom is the capacity above which a channel is taken to be large enough
// for sends whose number is not known: those who chose it thought of it.
const SmallRoom = 4

// MakesAll reports whether fn makes all channels of the class, so that each run
// of it has channels of its own.
func MakesAll(fn *ssa.Function, c *signal.Class) bool {
	for _, m := range c.Makes {
		if m.Parent() != fn {
			return false
		}
	}
	return true
}

// OwnChannel reports whether each run of the goroutine makes a channel of its own.
func OwnChannel(f *program.Frame, c *signal.Class) bool {
	for ; f != nil; f = f.From {
		if MakesAll(f.Fn, c) {
			return true
		}
	}
	return false
}
