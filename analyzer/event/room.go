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
	room, ok := ev.Rooms(c)
	return room.Most, ok
}

// A Room is what is known of a number: the least and the most that it can be.
type Room struct{ Least, Most int }

// Rooms returns the capacities of the channels of the class, or ok false if one of them
// is not known.
func (ev *Events) Rooms(c *signal.Class) (room Room, ok bool) {
	for i, m := range c.Makes {
		r, ok := ev.Size(m.Size, 3)
		if !ok {
			return Room{}, false
		}
		room = room.or(r, i == 0)
	}
	return room, len(c.Makes) > 0
}

func (r Room) or(s Room, first bool) Room {
	if first {
		return s
	}
	return Room{min(r.Least, s.Least), max(r.Most, s.Most)}
}

// Size returns what v, the size of a channel, can be: a constant, or a parameter that
// is a constant in all calls.
func (ev *Events) Size(v ssa.Value, depth int) (room Room, ok bool) {
	switch v := v.(type) {
	case *ssa.Const:
		if v.Value == nil {
			return Room{}, false
		}
		k, exact := constant.Int64Val(constant.ToInt(v.Value))
		return Room{int(k), int(k)}, exact
	case *ssa.Convert:
		return ev.Size(v.X, depth)
	case *ssa.Parameter:
		fn := v.Parent()
		calls, open := ev.Graph.Callers(fn)
		if open || len(calls) == 0 || depth == 0 {
			return Room{}, false
		}
		n := slices.Index(fn.Params, v)
		for i, c := range calls {
			if c.Common().IsInvoke() || n >= len(c.Common().Args) {
				return Room{}, false
			}
			r, ok := ev.Size(c.Common().Args[n], depth-1)
			if !ok {
				return Room{}, false
			}
			room = room.or(r, i == 0)
		}
		return room, true
	}
	return Room{}, false
}

// SmallRoom is the capacity above which a channel is taken to be large enough
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
