// Package interrupt knows which calls and sleeps of a goroutine the stop that is in
// reach there does not interrupt, why, and what would; and which code is meant to end a
// wait and does not, such as a Stop of the timer that a goroutine receives from.
package interrupt

import (
	"golang.org/x/tools/go/ssa"

	"github.com/killcheck/killcheck/analyzer/event"
	"github.com/killcheck/killcheck/analyzer/handle"
)

// Interrupts knows what the stops of a package do not interrupt.
type Interrupts struct {
	*handle.Handles
	ev    *event.Events
	fifos *[]ssa.Value // see fifoNames; nil if not looked for yet
}

// New returns what is not interrupted. It is worked out when it is asked for.
func New(ev *event.Events, h *handle.Handles) *Interrupts {
	return &Interrupts{Handles: h, ev: ev}
}
