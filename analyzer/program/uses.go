package program

import (
	"go/types"
	"slices"

	"golang.org/x/tools/go/ssa"

	"github.com/killcheck/killcheck/analyzer/flow"
	"github.com/killcheck/killcheck/analyzer/kb"
	"github.com/killcheck/killcheck/analyzer/signal"
)

// Uses is what is done with a flag, other than to read it and to store its zero value.
type Uses struct {
	Stores []ssa.Instruction
	Open   bool // its address goes where that is not followed
}

// maxGiven is how many calls deep the address of a flag is followed.
const maxGiven = 6

// FlagUses returns what is done with the flag at the address: an unexported field or
// variable of the package, or a variable of a function. It returns nil for others.
func (prog *Program) FlagUses(addr ssa.Value) *Uses {
	if key, ok := prog.FlagKey(addr); ok {
		if prog.stored == nil {
			prog.findStored()
		}
		if u := prog.stored[key]; u != nil {
			return u
		}
		return &Uses{}
	}
	cell, _ := prog.Cell(addr, nil)
	if cell == nil {
		return nil
	}
	u := prog.stores[cell]
	if u == nil {
		u = &Uses{}
		prog.usesOf(cell, u, maxGiven)
		prog.stores[cell] = u
	}
	return u
}

// OnlyLoads returns the parameters of fn at whose address it and what it calls only
// read a flag, the receiver counted.
func (prog *Program) OnlyLoads(fn *ssa.Function) (params []int) {
	for i, p := range fn.Params {
		if !prog.isFlag(p.Type()) {
			continue
		}
		u := &Uses{}
		prog.usesOf(p, u, maxGiven)
		if !u.Open && len(u.Stores) == 0 {
			params = append(params, i)
		}
	}
	return params
}

// isFlag reports whether t points to a flag: a bool, or what has methods that load and
// store one.
func (prog *Program) isFlag(t types.Type) bool {
	p, ok := t.Underlying().(*types.Pointer)
	if !ok {
		return false
	}
	if b, ok := p.Elem().Underlying().(*types.Basic); ok {
		return b.Kind() == types.Bool
	}
	m, _, _ := types.LookupFieldOrMethod(t, false, nil, "Load")
	fn, ok := m.(*types.Func)
	if !ok {
		return false
	}
	e, ok := prog.Base.Func(fn)
	return ok && e.Effect == kb.FlagLoad
}

// findStored collects what is done with the fields and variables of the package.
func (prog *Program) findStored() {
	prog.stored = make(map[any]*Uses)
	var buf [8]*ssa.Value
	for _, fn := range prog.Functions {
		if !prog.Graph.Live(fn) {
			continue // it stores nothing
		}
		for _, b := range fn.Blocks {
			if flow.Dead(b) {
				continue
			}
			for _, in := range b.Instrs {
				for _, op := range in.Operands(buf[:0]) {
					if *op == nil {
						continue
					}
					key, ok := prog.FlagKey(*op)
					if !ok {
						continue
					}
					u := prog.stored[key]
					if u == nil {
						u = &Uses{}
						prog.stored[key] = u
					}
					prog.use(in, *op, u, maxGiven)
				}
			}
		}
	}
}

// usesOf adds what is done with the flag at the address, a variable or parameter.
func (prog *Program) usesOf(addr ssa.Value, u *Uses, depth int) {
	if depth == 0 || addr.Referrers() == nil {
		u.Open = true
		return
	}
	for _, r := range *addr.Referrers() {
		if !u.Open && !flow.Dead(r.Block()) {
			prog.use(r, addr, u, depth)
		}
	}
}

// use adds what the instruction does with the flag at the address.
func (prog *Program) use(in ssa.Instruction, addr ssa.Value, u *Uses, depth int) {
	switch in := in.(type) {
	case *ssa.UnOp, *ssa.DebugRef:
	case *ssa.Store:
		k, ok := in.Val.(*ssa.Const)
		switch {
		case in.Addr != addr:
			u.Open = true
		case !ok || k.Value != nil && k.Value.String() != "false":
			u.Stores = append(u.Stores, in)
		}
	case *ssa.MakeClosure:
		for i, b := range in.Bindings {
			if b == addr {
				prog.usesOf(in.Fn.(*ssa.Function).FreeVars[i], u, depth-1)
			}
		}
	case ssa.CallInstruction:
		prog.give(in, addr, u, depth)
	default:
		u.Open = true
	}
}

// give adds what a call does with the flag at the address that it is given.
func (prog *Program) give(in ssa.CallInstruction, addr ssa.Value, u *Uses, depth int) {
	c := in.Common()
	if e, ok := signal.Entry(prog.Base, c); ok {
		var last ssa.Value
		if len(c.Args) > 0 {
			last = c.Args[len(c.Args)-1]
		}
		k, isConst := last.(*ssa.Const)
		switch {
		case len(c.Args) == 0 || c.Args[0] != addr || last == addr && e.Effect != kb.FlagLoad:
			u.Open = true
		case e.Effect == kb.FlagLoad:
		case e.Effect != kb.FlagStore:
			u.Open = true
		case !isConst || k.Value == nil || k.Value.String() != "false" || len(c.Args) != 2:
			u.Stores = append(u.Stores, in)
		}
		return
	}
	fns, open := prog.Graph.Callees(in)
	for i, a := range c.Args {
		if a != addr {
			continue
		}
		if fn := signal.Callee(c); len(fns) == 0 && fn != nil && !c.IsInvoke() && fn.Pkg() != prog.Pkg && prog.Fact != nil {
			if f := prog.Fact(fn); f != nil && slices.Contains(f.Loads, i) {
				continue
			}
		}
		if open || len(fns) == 0 || c.IsInvoke() {
			u.Open = true
			return
		}
		for _, fn := range fns {
			if len(fn.Params) != len(c.Args) || len(fn.Blocks) == 0 {
				u.Open = true
				return
			}
			prog.usesOf(fn.Params[i], u, depth-1)
		}
	}
}
