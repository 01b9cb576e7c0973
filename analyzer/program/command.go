package program

import (
	"go/types"
	"slices"

	"golang.org/x/tools/go/ssa"

	"github.com/killcheck/killcheck/analyzer/code"
	"github.com/killcheck/killcheck/analyzer/flow"
)

// InCommand reports whether the package, not being package main, is part of a
// command: there nothing shows how long a goroutine is meant to live.
func (prog *Program) InCommand() bool {
	return prog.Pkg.Name() != "main" && prog.Base.CommandPath(prog.Pkg.Path())
}

// MayLast reports whether the goroutine may live as long as the process does: nothing
// shows how often it starts, as it is part of a command, and who calls the functions that
// lead to it is not seen; or it serves the package, which is there once. In a module that is a
// program that is so as well where nobody is made to end it. What starts once in
// a function that does not return lasts as long as that does.
func (prog *Program) MayLast(g *Goroutine) bool {
	if prog.servesPackage(g) || g.Started() && !prog.again(g.Site.Inst) && !flow.ReturnsAfter(prog.PlainGraph(g.Site.In), g.Site.Inst) {
		return true
	}
	if prog.Pkg.Name() != "main" {
		return prog.InCommand() || prog.OfCommand != nil && prog.OfCommand() && !prog.owned(g)
	}
	seen := make(map[*ssa.Function]bool)
	work := []*ssa.Function{g.Site.In}
	for len(work) > 0 {
		fn := work[len(work)-1]
		work = work[:len(work)-1]
		if seen[fn] || prog.Process[fn] {
			continue
		}
		seen[fn] = true
		calls, open := prog.Graph.Callers(fn)
		if open || len(calls) == 0 {
			return true
		}
		for _, c := range calls {
			work = append(work, c.Parent())
		}
	}
	return false
}

// servesPackage reports whether the goroutine is given nothing and works on variables of
// the package: it belongs to no object that could end it.
func (prog *Program) servesPackage(g *Goroutine) bool {
	body := g.Site.Body
	if body == nil || g.Site.In == nil || len(body.FreeVars)+len(body.Params) > 0 || code.Outermost(g.Site.In).Signature.Recv() != nil {
		return false
	}
	for _, b := range body.Blocks {
		for _, in := range b.Instrs {
			for _, op := range in.Operands(nil) {
				if v, ok := (*op).(*ssa.Global); ok && v.Pkg == body.Pkg {
					return true
				}
			}
		}
	}
	return false
}

// owned reports whether the goroutine, or one of the functions of the package that lead to
// it, belongs to an object or makes one that has a method to end it: who asks for that
// wants the goroutine gone as well.
func (prog *Program) owned(g *Goroutine) bool {
	seen := make(map[*ssa.Function]bool)
	work := []*ssa.Function{g.Site.In, g.Site.Body}
	for len(work) > 0 {
		fn := work[len(work)-1]
		work = work[:len(work)-1]
		if fn == nil || seen[fn] {
			continue
		}
		seen[fn] = true
		if prog.ofEnded(fn) {
			return true
		}
		work = append(work, fn.Parent())
		calls, _ := prog.Graph.Callers(fn)
		for _, c := range calls {
			if !prog.InTest(c.Pos()) {
				work = append(work, c.Parent())
			}
		}
	}
	return false
}

// ofEnded reports whether the function is a method of an object of this package that has
// a method to end it, or gives back such an object.
func (prog *Program) ofEnded(fn *ssa.Function) bool {
	ended := func(v *types.Var) bool {
		n := code.TypeName(v.Type())
		return n != nil && n.Pkg() == prog.Pkg && prog.ended(n)
	}
	recv := fn.Signature.Recv()
	return recv != nil && ended(recv) || slices.ContainsFunc(slices.Collect(fn.Signature.Results().Variables()), ended)
}

// OfCommandLine reports whether only commands of a command line lead to the function, with
// no loops between them but over what there is: the process ends soon after its return.
func (prog *Program) OfCommandLine(fn *ssa.Function) bool {
	return prog.ofCommandLine(fn, make(map[*ssa.Function]bool))
}

func (prog *Program) ofCommandLine(fn *ssa.Function, seen map[*ssa.Function]bool) bool {
	if seen[fn] {
		return true
	}
	seen[fn] = true
	calls, open := prog.Graph.Callers(fn)
	if open || len(calls) == 0 {
		return prog.isCommand(fn)
	}
	return !slices.ContainsFunc(calls, func(c ssa.CallInstruction) bool {
		return prog.again(c) || !prog.ofCommandLine(c.Parent(), seen)
	})
}
