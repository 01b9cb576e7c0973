package program

import (
	"go/token"
	"go/types"

	"golang.org/x/tools/go/ssa"

	"github.com/killcheck/killcheck/analyzer/code"
	"github.com/killcheck/killcheck/analyzer/flow"
	"github.com/killcheck/killcheck/analyzer/kb"
	"github.com/killcheck/killcheck/analyzer/signal"
)

// FlagValue returns the value that a condition always has because it is a flag
// that nobody sets: a bool, plain or atomic, that is a field or a variable of
// the package, or one that is compared with nil. Its zero value is what everybody
// sees.
func (prog *Program) FlagValue(cond ssa.Value) (value, ok bool) {
	switch v := cond.(type) {
	case *ssa.UnOp:
		if v.Op == token.NOT {
			value, ok = prog.FlagValue(v.X)
			return !value, ok
		}
		if v.Op == token.MUL && code.IsBool(v.Type()) {
			return false, prog.NeverStored(v.X)
		}
	case *ssa.BinOp:
		load, isLoad := v.X.(*ssa.UnOp)
		if isLoad && load.Op == token.MUL && (v.Op == token.EQL || v.Op == token.NEQ) && code.IsNil(v.Y) && prog.NeverStored(load.X) {
			return v.Op == token.EQL, true
		}
	case *ssa.Call:
		e, known := signal.Entry(prog.Base, &v.Call)
		if known && e.Effect == kb.FlagLoad && code.IsBool(v.Type()) && len(v.Call.Args) == 1 {
			return false, prog.NeverStored(v.Call.Args[0])
		}
	}
	return false, false
}

// NeverStored reports whether nothing stores to the field or variable at the
// address, and its address is given to nobody.
func (prog *Program) NeverStored(addr ssa.Value) bool {
	key, ok := prog.FlagKey(addr)
	if !ok {
		return false
	}
	if prog.stored == nil {
		prog.findStored()
	}
	return !prog.stored[key]
}

// FlagKey identifies an unexported field, or an unexported variable of the
// package.
func (prog *Program) FlagKey(addr ssa.Value) (any, bool) {
	switch a := addr.(type) {
	case *ssa.FieldAddr:
		n := code.TypeName(a.X.Type())
		st, ok := a.X.Type().Underlying().(*types.Pointer).Elem().Underlying().(*types.Struct)
		if n == nil || !ok || n.Pkg() != prog.Pkg {
			return nil, false
		}
		f := st.Field(a.Field)
		if f.Exported() && prog.Pkg.Name() != "main" {
			return nil, false
		}
		return FieldKey{n, a.Field}, true
	case *ssa.Global:
		if a.Object() == nil || a.Object().Exported() && prog.Pkg.Name() != "main" {
			return nil, false
		}
		return a, true
	}
	return nil, false
}

type FieldKey struct {
	Typ   *types.TypeName
	Index int
}

// findStored collects the flags that something may store to: by assignment, by
// a method, or by way of their address.
func (prog *Program) findStored() {
	prog.stored = make(map[any]bool)
	for _, fn := range prog.Functions {
		if !prog.Graph.Live(fn) {
			continue // it stores nothing
		}
		for _, b := range fn.Blocks {
			if flow.Dead(b) {
				continue
			}
			for _, in := range b.Instrs {
				prog.storedBy(in)
			}
		}
	}
}

func (prog *Program) storedBy(in ssa.Instruction) {
	var buf [8]*ssa.Value
	for _, op := range in.Operands(buf[:0]) {
		if *op == nil {
			continue
		}
		key, ok := prog.FlagKey(*op)
		if !ok || prog.onlyReads(in, *op) {
			continue
		}
		prog.stored[key] = true
	}
}

// onlyReads reports whether the instruction reads the flag at the address, or
// stores its zero value.
func (prog *Program) onlyReads(in ssa.Instruction, addr ssa.Value) bool {
	switch in := in.(type) {
	case *ssa.UnOp:
		return in.Op == token.MUL
	case *ssa.Store:
		k, ok := in.Val.(*ssa.Const)
		return in.Addr == addr && ok && (k.Value == nil || k.Value.String() == "false")
	case *ssa.Call:
		e, ok := signal.Entry(prog.Base, &in.Call)
		return ok && e.Effect == kb.FlagLoad
	}
	return false
}
