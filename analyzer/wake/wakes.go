// Package wake says how sure it is that somebody ends a wait: that a channel or handle is
// closed, a context cancelled, a value sent or taken, a flag set, or that the goroutines
// end which are counted. Where that is up to a caller, the wake names his parameter.
package wake

import (
	"golang.org/x/tools/go/ssa"

	"github.com/killcheck/killcheck/analyzer/callee"
	"github.com/killcheck/killcheck/analyzer/capacity"
	"github.com/killcheck/killcheck/analyzer/handle"
	"github.com/killcheck/killcheck/analyzer/program"
)

// Wakes knows how sure the wakes of one package are. It works each of them out when it is
// first asked for.
type Wakes struct {
	*capacity.Capacities
	h       *handle.Handles
	callees callee.Callees
	ends    Ender
	brief   func(ssa.CallInstruction) bool
	timers  *bool               // see stopsTimers
	stores  map[any][]flagStore // see findStores
	lives   map[objectKey]Wake
	closes  map[objectKey]Wake
}

// An Ender says how sure it is that a goroutine comes to its end, on which all depends
// that it raises after a wait of its own.
type Ender func(*program.Goroutine) Wake

// New returns the wakes of a package. It asks who knows the waits, which are made of wakes,
// how goroutines end, and whether a call is brief: it does not wait, not even for a time,
// and all that it runs was read.
func New(cp *capacity.Capacities, h *handle.Handles, ends Ender, brief func(ssa.CallInstruction) bool) *Wakes {
	return &Wakes{
		Capacities: cp, h: h, callees: callee.Callees{Program: cp.Program}, ends: ends, brief: brief,
		lives:  make(map[objectKey]Wake),
		closes: make(map[objectKey]Wake),
	}
}

// objectKey is an object as one function waits for it.
type objectKey struct {
	fn *ssa.Function
	v  ssa.Value
}
