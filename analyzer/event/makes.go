package event

import (
	"go/types"
	"slices"

	"golang.org/x/tools/go/ssa"

	"github.com/killcheck/killcheck/analyzer/code"
	"github.com/killcheck/killcheck/analyzer/program"
)

// makes reports whether the goroutine itself makes the channel, in a function that is
// not on the way to the frame: that is the stop of a later phase, which nobody can
// raise while the goroutine waits in the frame.
func (ev *Events) makes(g *program.Goroutine, f *program.Frame, v ssa.Value) bool {
	return slices.ContainsFunc(ev.Graph.Class(ev.Base, v).Makes, func(m *ssa.MakeChan) bool {
		if !g.Has(m.Parent()) {
			return false
		}
		for on := f; on != nil; on = on.From {
			if on.Fn == m.Parent() {
				return false
			}
		}
		return true
	})
}

// Constructs reports whether fn returns an object: then its context is for the
// time that it takes to make it, and the goroutine is the object's.
func Constructs(fn *ssa.Function) bool {
	res := fn.Signature.Results()
	for i := range res.Len() {
		t := res.At(i).Type()
		if n := code.TypeName(t); n != nil && !code.IsError(t) {
			return true
		}
		if _, ok := t.Underlying().(*types.Signature); ok {
			return true // a function that stops it
		}
	}
	return false
}
