// Package wait finds the points where control can stay: the channel operations, calls and
// loops without a bound of each function, of all that it calls and of each goroutine, each
// with what ends it. The most important of them are told to other packages.
package wait

import (
	"golang.org/x/tools/go/ssa"

	"github.com/killcheck/killcheck/analyzer/callee"
	"github.com/killcheck/killcheck/analyzer/capacity"
	"github.com/killcheck/killcheck/analyzer/handle"
	"github.com/killcheck/killcheck/analyzer/program"
	"github.com/killcheck/killcheck/analyzer/wake"
)

// Points knows the waits of the functions and goroutines of one package. It works each of
// them out when it is first asked for.
type Points struct {
	*wake.Wakes
	h        *handle.Handles
	callees  callee.Callees
	forget   func(*program.Goroutine)
	unsolved bool                       // the events of a function were asked for while they were worked out
	circle   int                        // how many cycles of calls are being gone round
	early    []*program.Goroutine       // who were judged meanwhile
	hasty    []*ssa.Function            // whose events were, see again
	again    map[*ssa.Function]int      // how often they were
	own      map[*ssa.Function][]*Wait  // without those of callees
	sums     map[*ssa.Function]*events  // solved
	index    map[*ssa.Function]*visited // of the search for cycles of calls
	stack    []*ssa.Function

	rowsOf map[string]bool               // packages with rows, see silent
	fails  map[*ssa.Function][]wake.Wake // see onlyFails
}

// visited is the state of a function in the search for cycles of calls.
type visited struct{ index, low int }

// New returns the waits of a package. Who asks for them judges goroutines by them: ends
// says how sure it is that one comes to its end, and forget is told of one that was judged
// before all its waits were known, see [Points.Meanwhile].
func New(cp *capacity.Capacities, h *handle.Handles, ends wake.Ender, forget func(*program.Goroutine)) *Points {
	m := &Points{
		h: h, callees: callee.Callees{Program: cp.Program}, forget: forget,
		own:   make(map[*ssa.Function][]*Wait),
		sums:  make(map[*ssa.Function]*events),
		index: make(map[*ssa.Function]*visited),
		again: make(map[*ssa.Function]int),
		fails: make(map[*ssa.Function][]wake.Wake),
	}
	m.Wakes = wake.New(cp, h, ends, m.brief)
	return m
}
