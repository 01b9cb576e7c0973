package program

import (
	"go/types"

	"golang.org/x/tools/go/ssa"
	"golang.org/x/tools/go/types/typeutil"

	"github.com/killcheck/killcheck/analyzer/code"
)

// The work that is spent on the paths of one function: fewWalks walks whatever its
// size, or more until they have come to manySteps instructions and operations.
const (
	fewWalks  = 64
	manySteps = 200_000
)

// Affords reports whether one more walk over the paths of fn, with so many
// operations on a channel, is within the work that is spent on it. Without that a
// function with thousands of sends or goroutines takes the square of them. The
// goroutine is noted as not judged.
func (prog *Program) Affords(g *Goroutine, fn *ssa.Function, ops int) bool {
	if prog.spent[fn] <= manySteps {
		cost := ops
		for _, b := range fn.Blocks {
			cost += len(b.Instrs)
		}
		prog.spent[fn] += min(cost, manySteps/fewWalks)
	}
	if prog.spent[fn] <= manySteps {
		return true
	}
	if g != nil {
		g.Left = fn.Name() + " is too large for all its sends to be counted"
	}
	return false
}

// OnlyStored is [code.OnlyStore], which is asked once for each variable.
func (prog *Program) OnlyStored(a *ssa.Alloc) ssa.Value {
	v, ok := prog.single[a]
	if !ok {
		v = code.OnlyStore(a)
		prog.single[a] = v
	}
	return v
}

// A cellIndex knows what is stored where in the package.
type cellIndex struct {
	Fields  typeutil.Map // pointer to a struct -> map[int]bool: fields that something is stored in
	globals map[*ssa.Global][]*ssa.Store
	made    map[*types.TypeName]bool         // types of which objects are made outside of package-level variables
	makes   map[*types.TypeName][]*ssa.Alloc // by the type
	single  map[*types.TypeName]bool         // types of package-level variables
}

// CellsOf returns the index of the stores.
func (prog *Program) CellsOf() *cellIndex {
	if prog.cells != nil {
		return prog.cells
	}
	prog.cells = &cellIndex{globals: make(map[*ssa.Global][]*ssa.Store), made: make(map[*types.TypeName]bool), makes: make(map[*types.TypeName][]*ssa.Alloc), single: make(map[*types.TypeName]bool)}
	for _, m := range prog.Graph.Package().Members {
		if v, ok := m.(*ssa.Global); ok {
			if n := code.TypeName(v.Type().(*types.Pointer).Elem()); n != nil {
				prog.cells.single[n] = true
			}
		}
	}
	for _, fn := range prog.Functions {
		outside := !(fn.Name() == "init" && fn.Synthetic != "" || prog.InTest(fn.Pos()))
		for _, b := range fn.Blocks {
			for _, in := range b.Instrs {
				switch in := in.(type) {
				case *ssa.Store:
					prog.cells.store(in)
				case *ssa.Alloc:
					// A variable that points to an object is none.
					if t, ok := types.Unalias(in.Type().(*types.Pointer).Elem()).(*types.Named); ok && outside {
						prog.cells.made[t.Origin().Obj()] = true
						prog.cells.makes[t.Origin().Obj()] = append(prog.cells.makes[t.Origin().Obj()], in)
					}
				}
			}
		}
	}
	return prog.cells
}

// OnlyMade returns the one instruction outside of tests that makes objects of a type
// which other packages cannot name; or nil.
func (prog *Program) OnlyMade(n *types.TypeName) *ssa.Alloc {
	if n == nil || n.Pkg() != prog.Pkg || n.Exported() && prog.Pkg.Name() != "main" {
		return nil
	}
	x := prog.CellsOf()
	if all := x.makes[n]; len(all) == 1 && !x.single[n] {
		return all[0]
	}
	return nil
}
