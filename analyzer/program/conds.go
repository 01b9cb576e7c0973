package program

import (
	"go/types"

	"golang.org/x/tools/go/ssa"

	"github.com/killcheck/killcheck/analyzer/code"
	"github.com/killcheck/killcheck/analyzer/kb"
)

// WrapsLock reports whether the call makes something of another package from a
// lock.
func (prog *Program) WrapsLock(c *ssa.Call) bool {
	n := code.TypeName(c.Type())
	if n == nil || n.Pkg() == prog.Pkg || !prog.IsLocker(c.Call.Args[0].Type()) {
		return false
	}
	st, ok := n.Type().Underlying().(*types.Struct)
	if !ok {
		return false
	}
	for i := range st.NumFields() {
		if prog.IsLocker(st.Field(i).Type()) {
			return true
		}
	}
	return false
}

// IsLocker reports whether t is an interface with a method that takes a lock.
func (prog *Program) IsLocker(t types.Type) bool { return prog.LockMethod(t) != nil }

// LockMethod returns the method of an interface that takes a lock, or nil.
func (prog *Program) LockMethod(t types.Type) *types.Func {
	i, ok := t.Underlying().(*types.Interface)
	if !ok {
		return nil
	}
	for m := range i.Methods() {
		if e, ok := prog.Base.Func(m); ok && e.Effect == kb.Lock {
			return m
		}
	}
	return nil
}
