package handle

import (
	"go/token"
	"go/types"
	"slices"

	"golang.org/x/tools/go/ssa"

	"github.com/killcheck/killcheck/analyzer/code"
	"github.com/killcheck/killcheck/analyzer/kb"
)

// Closers returns the methods of the type of v that the knowledge base says to
// end waits on it.
func (h *Handles) Closers(v ssa.Value) []string {
	v = h.ev.Origin(v)
	n := code.TypeName(v.Type())
	if n == nil {
		return nil
	}
	if h.closers == nil {
		h.closers = make(map[string][]string)
	}
	key := n.Name()
	if n.Pkg() != nil {
		key = n.Pkg().Path() + "." + key
	}
	if names, ok := h.closers[key]; ok {
		return names
	}
	var names []string
	t := n.Type()
	if !types.IsInterface(t) {
		t = types.NewPointer(t)
	}
	ms := types.NewMethodSet(t)
	for i := range ms.Len() {
		fn, ok := ms.At(i).Obj().(*types.Func)
		if !ok {
			continue
		}
		if e, ok := h.ev.Base.Func(fn); ok && len(e.Raise(kb.Close)) > 0 {
			names = append(names, fn.Name())
		}
	}
	h.closers[key] = names
	return names
}

// Promoted reports whether o is loaded from an embedded field of a type of the package,
// of which others can call the method that closes the field: it is Promoted, and the
// type is exported, or its objects are handed out as an interface.
func (h *Handles) Promoted(o ssa.Value) bool {
	load, ok := o.(*ssa.UnOp)
	if !ok || load.Op != token.MUL {
		return false
	}
	f, ok := load.X.(*ssa.FieldAddr)
	if !ok {
		return false
	}
	n := code.TypeName(f.X.Type())
	if n == nil || n.Pkg() != h.ev.Pkg {
		return false
	}
	st, ok := n.Type().Underlying().(*types.Struct)
	if !ok || !st.Field(f.Field).Embedded() {
		return false
	}
	ptr := types.NewPointer(n.Type())
	closes := slices.ContainsFunc(h.Closers(o), func(name string) bool {
		obj, path, _ := types.LookupFieldOrMethod(ptr, true, n.Pkg(), name)
		fn, ok := obj.(*types.Func)
		if !ok || !fn.Exported() || len(path) < 2 || path[0] != f.Field {
			return false
		}
		e, known := h.ev.Base.Func(fn)
		return known && len(e.Raise(kb.Close)) > 0
	})
	return closes && (n.Exported() || h.handedOut(n))
}

// handedOut reports whether an object of the type becomes an interface that has methods.
func (h *Handles) handedOut(n *types.TypeName) bool {
	if h.boxed == nil {
		h.boxed = make(map[*types.TypeName]bool)
		for _, fn := range h.ev.Functions {
			for _, b := range fn.Blocks {
				for _, in := range b.Instrs {
					if mk, ok := in.(*ssa.MakeInterface); ok && mk.Type().Underlying().(*types.Interface).NumMethods() > 0 {
						h.boxed[code.TypeName(mk.X.Type())] = true
					}
				}
			}
		}
	}
	return h.boxed[n]
}
