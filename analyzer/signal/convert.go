package signal

import (
	"go/types"

	"golang.org/x/tools/go/ssa"
)

// becomes notes that values of the type become interfaces, and what is embedded in
// them with them.
func (g *Graph) becomes(t types.Type) {
	of := types.Unalias(t)
	if p, ok := of.(*types.Pointer); ok {
		of = types.Unalias(p.Elem())
	}
	if _, ok := of.(*types.TypeParam); ok {
		g.convertsAny = true // any of the types that the parameter stands for
		return
	}
	n := named(t)
	if n == nil || g.converted[n] {
		return
	}
	g.converted[n] = true
	if st, ok := n.Type().Underlying().(*types.Struct); ok {
		for f := range st.Fields() {
			if f.Embedded() {
				g.becomes(f.Type())
			}
		}
	}
}

// never reports whether no value of the method's type is ever an interface: nobody
// outside has one of the type, and nothing in the package converts one.
func (g *Graph) never(m *ssa.Function) bool {
	n := named(m.Signature.Recv().Type())
	return n != nil && !g.convertsAny && !g.converted[n] && !g.known[n] && n.Parent() == g.pkg.Pkg.Scope()
}

// own reports whether only this package can call the methods of the interface t.
func (g *Graph) own(t types.Type) bool {
	n, ok := types.Unalias(t).(*types.Named)
	return ok && n.Obj().Pkg() == g.pkg.Pkg && !g.known[n.Origin().Obj()]
}

// named returns the name of t or of what t points to, or nil.
func named(t types.Type) *types.TypeName {
	if p, ok := types.Unalias(t).(*types.Pointer); ok {
		t = p.Elem()
	}
	if n, ok := types.Unalias(t).(*types.Named); ok {
		return n.Origin().Obj()
	}
	return nil
}
