package wait

import (
	"go/token"

	"golang.org/x/tools/go/ssa"

	"github.com/killcheck/killcheck/analyzer/wake"
)

// An Op is the operation at which control stays.
type Op uint8

// The operations.
const (
	Select  Op = iota // a select without a default
	Nothing           // select {}
	Recv              // a receive, a range over a channel among them
	Send              // a send
	Loop              // a loop without a bound
	Call              // a call that the knowledge base says to block
	Join              // a wait for goroutines: a group's
	Unread            // a call of code that was not read
)

// A Wait is a point where control can stay.
type Wait struct {
	Op    Op
	Fn    *ssa.Function   // the function that waits, or calls one of another package that does
	In    ssa.Instruction // nil for a loop
	Head  *ssa.BasicBlock // for a loop
	Pos   token.Pos
	Wakes []wake.Wake
	Calls []token.Pos // the calls that lead to it, outermost first
	Far   string      // for a wait in another package: function and place
	Name  string      // what it waits for, as Go source; may be empty
	Other bool        // a loop with other ways out, which not every round comes to, or the data decide
	Part  bool        // a loop that ends only if what ends another wait of its loop comes as well
	Told  bool        // for a call of code that was not read: it is given values alone
	Timed bool        // a deadline bounds it, whatever else ends it
	Stays bool        // a call that does not come back before what it works on is closed
	Meant bool        // for a wait in another package: it is meant to last as long as the process
}

// maxCalls is how many calls on the way to a wait are kept.
const maxCalls = 8

// events are the waits of a function and of what it calls.
type events struct {
	waits []*Wait
	more  bool // there are others, which are not kept
}

// Best returns the surest wake, or nil.
func (w *Wait) Best() *wake.Wake {
	var best *wake.Wake
	for i := range w.Wakes {
		if best == nil || w.Wakes[i].Level > best.Level {
			best = &w.Wakes[i]
		}
	}
	return best
}

// Open reports whether a wake of the wait depends on a parameter.
func (w *Wait) Open() bool {
	for i := range w.Wakes {
		if w.Wakes[i].Param != nil {
			return true
		}
	}
	return false
}

// Over reports whether the wait ends by itself, whatever a call gives, and whatever
// code does that was not read.
func (w *Wait) Over() bool {
	if w.Timed {
		return true
	}
	for i := range w.Wakes {
		if w.Wakes[i].Param == nil && w.Wakes[i].Level == wake.Itself && len(w.Wakes[i].If) == 0 {
			return true
		}
	}
	return false
}
