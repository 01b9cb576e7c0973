package lifetime

import (
	"go/token"
	"go/types"

	"golang.org/x/tools/go/ssa"

	"github.com/killcheck/killcheck/analyzer/kb"
	"github.com/killcheck/killcheck/analyzer/signal"
)

// flagValue returns the value that a condition always has because it is a flag
// that nobody sets: a bool, plain or atomic, that is a field or a variable of
// the package. Its zero value is what everybody sees.
func (w *world) flagValue(cond ssa.Value) (value, ok bool) {
	switch v := cond.(type) {
	case *ssa.UnOp:
		if v.Op == token.NOT {
			value, ok = w.flagValue(v.X)
			return !value, ok
		}
		if v.Op == token.MUL && isBool(v.Type()) {
			return false, w.neverStored(v.X)
		}
	case *ssa.Call:
		e, known := signal.Entry(w.Base, &v.Call)
		if known && e.Effect == kb.FlagLoad && isBool(v.Type()) && len(v.Call.Args) == 1 {
			return false, w.neverStored(v.Call.Args[0])
		}
	}
	return false, false
}

func isBool(t types.Type) bool {
	b, ok := t.Underlying().(*types.Basic)
	return ok && b.Kind() == types.Bool
}

// neverStored reports whether nothing stores to the field or variable at the
// address, and its address is given to nobody.
func (w *world) neverStored(addr ssa.Value) bool {
	key, ok := w.flagKey(addr)
	if !ok {
		return false
	}
	if w.stored == nil {
		w.findStored()
	}
	return !w.stored[key]
}

// flagKey identifies an unexported field, or an unexported variable of the
// package.
func (w *world) flagKey(addr ssa.Value) (any, bool) {
	switch a := addr.(type) {
	case *ssa.FieldAddr:
		n := typeName(a.X.Type())
		st, ok := a.X.Type().Underlying().(*types.Pointer).Elem().Underlying().(*types.Struct)
		if n == nil || !ok || n.Pkg() != w.Pkg {
			return nil, false
		}
		f := st.Field(a.Field)
		if f.Exported() && w.Pkg.Name() != "main" {
			return nil, false
		}
		return fieldKey{n, a.Field}, true
	case *ssa.Global:
		if a.Object() == nil || a.Object().Exported() && w.Pkg.Name() != "main" {
			return nil, false
		}
		return a, true
	}
	return nil, false
}

type fieldKey struct {
	typ   *types.TypeName
	index int
}

// findStored collects the flags that something may store to: by assignment, by
// a method, or by way of their address.
func (w *world) findStored() {
	w.stored = make(map[any]bool)
	for _, fn := range w.Functions {
		if !w.Graph.Live(fn) {
			continue // it stores nothing
		}
		for _, b := range fn.Blocks {
			for _, in := range b.Instrs {
				w.storedBy(in)
			}
		}
	}
}

func (w *world) storedBy(in ssa.Instruction) {
	var buf [8]*ssa.Value
	for _, op := range in.Operands(buf[:0]) {
		if *op == nil {
			continue
		}
		key, ok := w.flagKey(*op)
		if !ok || w.onlyReads(in, *op) {
			continue
		}
		w.stored[key] = true
	}
}

// onlyReads reports whether the instruction reads the flag at the address, or
// stores its zero value.
func (w *world) onlyReads(in ssa.Instruction, addr ssa.Value) bool {
	switch in := in.(type) {
	case *ssa.UnOp:
		return in.Op == token.MUL && isBool(in.Type())
	case *ssa.Store:
		k, ok := in.Val.(*ssa.Const)
		return in.Addr == addr && ok && k.Value != nil && k.Value.String() == "false"
	case *ssa.Call:
		e, ok := signal.Entry(w.Base, &in.Call)
		return ok && e.Effect == kb.FlagLoad
	}
	return false
}
