package verdict

import (
	"go/token"
	"go/types"
	"slices"

	"golang.org/x/tools/go/ssa"

	"github.com/killcheck/killcheck/analyzer/code"
	"github.com/killcheck/killcheck/analyzer/kb"
)

// promoted reports whether o is loaded from an embedded field of a type of the package,
// of which others can call the method that closes the field: it is promoted, and the
// type is exported, or its objects are handed out as an interface.
func (m *matcher) promoted(o ssa.Value) bool {
	load, ok := o.(*ssa.UnOp)
	if !ok || load.Op != token.MUL {
		return false
	}
	f, ok := load.X.(*ssa.FieldAddr)
	if !ok {
		return false
	}
	n := code.TypeName(f.X.Type())
	if n == nil || n.Pkg() != m.mod.Pkg {
		return false
	}
	st, ok := n.Type().Underlying().(*types.Struct)
	if !ok || !st.Field(f.Field).Embedded() {
		return false
	}
	ptr := types.NewPointer(n.Type())
	closes := slices.ContainsFunc(m.closersOf(o), func(name string) bool {
		obj, path, _ := types.LookupFieldOrMethod(ptr, true, n.Pkg(), name)
		fn, ok := obj.(*types.Func)
		if !ok || !fn.Exported() || len(path) < 2 || path[0] != f.Field {
			return false
		}
		e, known := m.mod.Base.Func(fn)
		return known && len(e.Raise(kb.Close)) > 0
	})
	return closes && (n.Exported() || m.handedOut(n))
}

// handedOut reports whether an object of the type becomes an interface that has methods.
func (m *matcher) handedOut(n *types.TypeName) bool {
	if m.boxed == nil {
		m.boxed = make(map[*types.TypeName]bool)
		for _, fn := range m.mod.Functions {
			for _, b := range fn.Blocks {
				for _, in := range b.Instrs {
					if mk, ok := in.(*ssa.MakeInterface); ok && mk.Type().Underlying().(*types.Interface).NumMethods() > 0 {
						m.boxed[code.TypeName(mk.X.Type())] = true
					}
				}
			}
		}
	}
	return m.boxed[n]
}
