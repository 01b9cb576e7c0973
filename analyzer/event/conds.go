package event

import (
	"go/types"

	"golang.org/x/tools/go/ssa"

	"github.com/killcheck/killcheck/analyzer/code"
	"github.com/killcheck/killcheck/analyzer/program"
)

// CondLocks returns the lock that belongs to each condition variable, as far as
// that is seen. A condition variable is what has a field that holds a lock.
func (ev *Events) CondLocks() map[program.LockClass]ssa.Value {
	m := make(map[program.LockClass]ssa.Value)
	for _, fn := range ev.Functions {
		for _, b := range fn.Blocks {
			for _, in := range b.Instrs {
				st, ok := in.(*ssa.Store)
				if !ok {
					continue
				}
				if f, ok := st.Addr.(*ssa.FieldAddr); ok && ev.LockField(f) {
					m[ev.Class(f.X)] = st.Val // cond.L = &mu
				}
				c, ok := st.Val.(*ssa.Call)
				if ok && len(c.Call.Args) == 1 && ev.WrapsLock(c) {
					m[ev.Class(st.Addr)] = c.Call.Args[0] // cond = NewCond(&mu)
				}
			}
		}
	}
	return m
}

// LockerClass returns the class of what a condition variable has been given as its lock:
// where that is an object which embeds its lock, that of the embedded one.
func (ev *Events) LockerClass(v ssa.Value) program.LockClass {
	var takes *types.Func
	for m, ok := v.(*ssa.MakeInterface); ok; m, ok = v.(*ssa.MakeInterface) {
		takes, v = ev.LockMethod(m.Type()), m.X
	}
	n := code.TypeName(v.Type())
	if takes == nil || n == nil || n.Pkg() != ev.Pkg {
		return ev.Class(v)
	}
	_, index, _ := types.LookupFieldOrMethod(n.Type(), true, n.Pkg(), takes.Name())
	if len(index) < 2 {
		return ev.Class(v)
	}
	var class program.LockClass
	t := n.Type()
	for _, i := range index[:len(index)-1] {
		if owner := code.TypeName(t); owner != nil && owner.Pkg() == ev.Pkg {
			class = program.LockClass{Owner: owner}
		}
		if p, ok := t.Underlying().(*types.Pointer); ok {
			t = p.Elem()
		}
		field := t.Underlying().(*types.Struct).Field(i)
		class.Path += "." + field.Name()
		t = field.Type()
	}
	return class
}

// LockField reports whether the address is the field of another package's type
// that holds a lock as an interface.
func (ev *Events) LockField(f *ssa.FieldAddr) bool {
	n := code.TypeName(f.X.Type())
	if n == nil || n.Pkg() == ev.Pkg {
		return false
	}
	t, ok := f.Type().Underlying().(*types.Pointer)
	return ok && ev.IsLocker(t.Elem())
}
