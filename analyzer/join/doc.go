// Package join knows who has ended before what: whether a goroutine has come to its end
// whenever control is at an instruction, because somebody waits for it there or before,
// by its group, by a channel that it raises last, or by the room that it gives back.
package join

import (
	"github.com/killcheck/killcheck/analyzer/group"
	"github.com/killcheck/killcheck/analyzer/program"
)

// Endings knows who has ended before what.
type Endings struct {
	*group.Groups
	held map[program.LockClass]*holding // see holdings
}

// New returns who has ended before what. It is worked out when it is asked for.
func New(gr *group.Groups) *Endings { return &Endings{Groups: gr} }
