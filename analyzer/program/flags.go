package program

import (
	"go/token"
	"go/types"

	"golang.org/x/tools/go/ssa"

	"github.com/killcheck/killcheck/analyzer/code"
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
		tested, ifNil := code.NilTest(v)
		if load, isLoad := tested.(*ssa.UnOp); isLoad && load.Op == token.MUL && prog.NeverStored(load.X) {
			return ifNil, true
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
// address, and its address is given to nobody who may.
func (prog *Program) NeverStored(addr ssa.Value) bool {
	u := prog.FlagUses(addr)
	return u != nil && !u.Open && len(u.Stores) == 0
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
