// Package raiser knows who has to end a wait, and whether he may leave without: who sends
// or closes where somebody receives, who answers a request, who opens a gate, and whether
// he is started at all.
package raiser

import (
	"go/token"

	"golang.org/x/tools/go/ssa"

	"github.com/killcheck/killcheck/analyzer/circle"
	"github.com/killcheck/killcheck/analyzer/count"
	"github.com/killcheck/killcheck/analyzer/program"
)

// Raisers knows who ends the waits of a package.
type Raisers struct {
	*count.Counts
	*circle.Deadlocks
	answers map[answerKey]answer         // see answer
	handers map[*ssa.MakeChan][]Handover // see Handovers
}

// New returns who ends the waits. It is worked out when it is asked for.
func New(dl *circle.Deadlocks) *Raisers {
	return &Raisers{Counts: dl.Counts, Deadlocks: dl, answers: make(map[answerKey]answer), handers: make(map[*ssa.MakeChan][]Handover)}
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
