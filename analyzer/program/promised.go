package program

import (
	"go/types"

	"golang.org/x/tools/go/ssa"

	"github.com/killcheck/killcheck/analyzer/code"
	"github.com/killcheck/killcheck/analyzer/spawn"
)

// Promised returns the functions that are given a context, or a request or stream
// that carries one, and that no goroutine which starts here runs: their callers
// start them. Each is seen as if it were the body of a goroutine, without what it
// calls. The site of such a goroutine has no go statement.
func (prog *Program) Promised() []*Goroutine {
	if prog.promised == nil {
		prog.promised = []*Goroutine{}
		for _, fn := range prog.Functions {
			if len(fn.Blocks) == 0 || fn.Synthetic != "" || !prog.Graph.Live(fn) || prog.InTest(fn.Pos()) || prog.Carrier(fn) == nil {
				continue
			}
			if g, _ := prog.Runner(prog.Goroutines, fn); g != nil {
				continue
			}
			prog.promised = append(prog.promised, &Goroutine{
				Site:   &spawn.Site{Pos: fn.Pos(), End: fn.Pos(), In: fn, Body: fn},
				Frames: []*Frame{{Fn: fn}},
				runs:   map[*ssa.Function]bool{fn: true},
			})
		}
	}
	return prog.promised
}

// Started reports whether a go statement or call starts the goroutine, and not
// the caller of what it runs.
func (g *Goroutine) Started() bool { return g.Site.Inst != nil }

// Carrier returns the first parameter of fn that has a name and is a context which
// may end, or has a method Context that gives one; or nil.
func (prog *Program) Carrier(fn *ssa.Function) *ssa.Parameter {
	for i, p := range fn.Params {
		if p.Name() == "_" || p.Name() == "" || i == 0 && fn.Signature.Recv() != nil {
			continue
		}
		if code.IsContext(p.Type()) {
			if prog.Graph.Context(prog.Base, p).Ends {
				return p
			}
			continue
		}
		obj, _, _ := types.LookupFieldOrMethod(p.Type(), false, fn.Pkg.Pkg, "Context")
		m, ok := obj.(*types.Func)
		if ok && m.Signature().Params().Len() == 0 && m.Signature().Results().Len() == 1 && code.IsContext(m.Signature().Results().At(0).Type()) {
			return p
		}
	}
	return nil
}
