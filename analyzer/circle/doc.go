// Package circle knows circular waits: waits each of which ends only by what another one
// of them precedes, and waits for what was shut before the goroutine started that comes
// to them, a lock, a wait group or a channel without room.
package circle

import (
	"golang.org/x/tools/go/ssa"

	"github.com/killcheck/killcheck/analyzer/count"
	"github.com/killcheck/killcheck/analyzer/group"
)

// Deadlocks knows the circular waits of a package.
type Deadlocks struct {
	*count.Counts
	waits   map[*ssa.Function][]group.SyncOp // see waitsOf
	circles []*Point                         // see Circles
	circled bool                             // circles are known
	gates   []*Gate                          // see Gates
	gated   bool                             // gates are known
}

// New returns the circular waits of a package. They are worked out when they are asked
// for.
func New(ct *count.Counts) *Deadlocks { return &Deadlocks{Counts: ct} }
