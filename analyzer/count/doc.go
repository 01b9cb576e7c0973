// Package count counts on paths: how many sends and receives of a channel a function does
// at least or at most, how many come from all who send, and how often a loop goes round.
package count

import (
	"golang.org/x/tools/go/ssa"

	"github.com/killcheck/killcheck/analyzer/flow"
	"github.com/killcheck/killcheck/analyzer/group"
	"github.com/killcheck/killcheck/analyzer/program"
)

// Counts counts the events of a package.
type Counts struct {
	*group.Groups
	defers  map[*ssa.Function][]*ssa.Defer                 // see defersIn
	taken   map[takenKey]int                               // see TakenBefore
	apartOf map[apartKey]bool                              // see apart
	got     map[*ssa.Function]map[*program.Goroutine][]got // see gotIn
	least   map[leastKey]Leave                             // see LeastOnce
	tallies map[tallyKey]*tally                            // see NewCounter
	paths   map[*ssa.Function]*flow.Paths                  // see pathsOf
}

// New returns the counts of a package.
func New(gr *group.Groups) *Counts {
	return &Counts{
		Groups:  gr,
		defers:  make(map[*ssa.Function][]*ssa.Defer),
		taken:   make(map[takenKey]int),
		apartOf: make(map[apartKey]bool),
		got:     make(map[*ssa.Function]map[*program.Goroutine][]got),
		least:   make(map[leastKey]Leave),
		tallies: make(map[tallyKey]*tally),
		paths:   make(map[*ssa.Function]*flow.Paths),
	}
}
