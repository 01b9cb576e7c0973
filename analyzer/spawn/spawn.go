// Package spawn finds the places where goroutines start.
package spawn

import (
	"go/token"

	"golang.org/x/tools/go/ssa"
)

// Kind tells how a goroutine is started.
type Kind uint8

// The ways to start a goroutine.
const (
	Go      Kind = iota // a go statement
	Call                // a library function that runs its argument in a goroutine (errgroup, WaitGroup.Go, AfterFunc)
	Wrapper             // a function of the module that starts its parameter
)

// A Site is one place where a goroutine starts.
type Site struct {
	Kind Kind
	Pos  token.Pos           // the go keyword, or the call
	End  token.Pos           // end of what a report underlines
	In   *ssa.Function       // the function that holds the site
	Inst ssa.CallInstruction // the go statement or call
	Call *ssa.CallCommon     // for a go statement: the call that it makes
	Body *ssa.Function       // the function that runs; nil when it is not known
	Via  string              // the library function or wrapper, for messages; empty for a go statement
	Join bool                // the library waits for the goroutine (errgroup, WaitGroup.Go)
	Once bool                // runs once, later (AfterFunc)
}
