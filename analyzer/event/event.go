// Package event knows what a wait is and what wakes it: who raises a channel,
// which stop signal is in reach, and where a goroutine stays without heeding one.
// It asks no question; the checks do.
package event

import (
	"go/token"
	"go/types"

	"golang.org/x/tools/go/ssa"

	"github.com/killcheck/killcheck/analyzer/code"
	"github.com/killcheck/killcheck/analyzer/flow"
	"github.com/killcheck/killcheck/analyzer/program"
	"github.com/killcheck/killcheck/analyzer/signal"
)

// Events are the waits and wakes of a package.
type Events struct {
	*program.Program
	stays     map[*ssa.Function]bool                          // see staysIn
	pruned    map[*ssa.Function]*flow.Graph                   // the plain graphs without the wakes that nobody raises
	stayed    map[*program.Goroutine][]Stay                   // see Stays
	stayedAt  map[token.Pos]stayOf                            // see StayAt; nil if not looked for yet
	raised    map[*signal.Class]raisers                       // see Raises
	held      map[ssa.Value][]ssa.Value                       // see StoredIn
	sends     map[*ssa.Function][]*ssa.Send                   // see SendsOf
	derived   map[*ssa.Function]derivations                   // the contexts that a function derives
	spots     map[*ssa.Function]map[token.Pos]ssa.Instruction // see instructionAt
	signals   map[types.Type][]signalField                    // see fieldsOf
	locking   map[*ssa.Function][]lockTake                    // see lockOps
	enders    map[*types.TypeName][]*ssa.Function             // see endersOf; nil if not looked for yet
	panicking map[*ssa.Function]bool                          // functions that may panic; nil if not looked for yet
	later     map[code.Member]bool                            // see setElsewhere; nil if not looked for yet
	notified  map[*ssa.MakeChan]string                        // the function that each was given to, see ofSystem; nil if not looked for yet
}

// New returns the events of a package. They are worked out when they are asked
// for.
func New(p *program.Program) *Events {
	return &Events{
		Program: p,
		stays:   make(map[*ssa.Function]bool),
		pruned:  make(map[*ssa.Function]*flow.Graph),
		stayed:  make(map[*program.Goroutine][]Stay),
		raised:  make(map[*signal.Class]raisers),
		held:    make(map[ssa.Value][]ssa.Value),
		sends:   make(map[*ssa.Function][]*ssa.Send),
		derived: make(map[*ssa.Function]derivations),
		spots:   make(map[*ssa.Function]map[token.Pos]ssa.Instruction),
		signals: make(map[types.Type][]signalField),
		locking: make(map[*ssa.Function][]lockTake),
	}
}
