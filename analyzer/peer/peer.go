// Package peer knows who has to come before a wait can end, and whether he may leave
// without: who takes what is sent, who raises a channel that is received from, and who
// tells a wait group.
package peer

import (
	"go/token"

	"golang.org/x/tools/go/ssa"

	"github.com/killcheck/killcheck/analyzer/capacity"
	"github.com/killcheck/killcheck/analyzer/circle"
	"github.com/killcheck/killcheck/analyzer/count"
	"github.com/killcheck/killcheck/analyzer/join"
	"github.com/killcheck/killcheck/analyzer/program"
)

// Peers knows the peers of the waits of a package.
type Peers struct {
	*count.Counts
	*capacity.Capacities
	*circle.Deadlocks
	endings *join.Endings
	answers map[answerKey]answer         // see answer
	handers map[*ssa.MakeChan][]handover // see handovers
}

// New returns the peers of the waits. They are worked out when they are asked for.
func New(cp *capacity.Capacities, dl *circle.Deadlocks, en *join.Endings) *Peers {
	return &Peers{Counts: cp.Counts, Capacities: cp, Deadlocks: dl, endings: en, answers: make(map[answerKey]answer), handers: make(map[*ssa.MakeChan][]handover)}
}

// An Unraised is a receive whose channel may not be raised, since who would do so can
// leave first.
type Unraised struct {
	Kind   UnraisedKind
	G      *program.Goroutine // one that receives; nil if none is seen to
	F      *program.Frame     // its function that does
	Pos    token.Pos          // the receive
	Range  bool               // it is a range, and waits for the close
	Unsure bool
	By     *program.Goroutine // for ByAnswerer and ByUnstarted: who would raise it
	Name   string             // for BySenders: who sends; for ByUnstarted: who starts By
	Leaves program.Step       // where he leaves

	In   ssa.Instruction // for BySenders: the receive
	Chan ssa.Value       // for BySenders: its channel
}

// An UnraisedKind says who would raise the channel.
type UnraisedKind int8

// Who would raise a channel.
const (
	BySpawner   UnraisedKind = iota // the function that started the goroutine
	BySenders                       // the function that alone sends, which does not close it
	ByAnswerer                      // another goroutine, which alone does
	ByUnstarted                     // another goroutine, which may not have been started
	ByServer                        // who takes requests, which can go on to the next
)
