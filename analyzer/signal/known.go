package signal

import (
	"go/token"
	"go/types"
)

// knownOutside returns the types without an exported name that other packages can get
// values of all the same: what exported functions return, exported variables and fields
// hold, and what is embedded there.
func knownOutside(pkg *types.Package) map[*types.TypeName]bool {
	k := knower{pkg, make(map[*types.TypeName]bool), make(map[types.Type]bool)}
	for _, name := range pkg.Scope().Names() {
		if obj := pkg.Scope().Lookup(name); obj.Exported() {
			k.look(obj.Type())
		}
	}
	return k.known
}

type knower struct {
	pkg   *types.Package
	known map[*types.TypeName]bool
	seen  map[types.Type]bool
}

func (k *knower) look(t types.Type) {
	t = types.Unalias(t)
	if t == nil || k.seen[t] {
		return
	}
	k.seen[t] = true
	switch t := t.(type) {
	case *types.Named:
		for a := range t.TypeArgs().Types() {
			k.look(a)
		}
		if t.Obj().Pkg() != k.pkg {
			return
		}
		t = t.Origin()
		k.known[t.Obj()] = true
		k.look(t.Underlying())
		for m := range t.Methods() {
			if m.Exported() {
				k.look(m.Type())
			}
		}
	case *types.Pointer:
		k.look(t.Elem())
	case *types.Slice:
		k.look(t.Elem())
	case *types.Array:
		k.look(t.Elem())
	case *types.Chan:
		k.look(t.Elem())
	case *types.Map:
		k.look(t.Key())
		k.look(t.Elem())
	case *types.Struct:
		for f := range t.Fields() {
			if f.Exported() || f.Embedded() {
				k.look(f.Type())
			}
		}
	case *types.Interface:
		for m := range t.Methods() {
			if token.IsExported(m.Name()) {
				k.look(m.Type())
			}
		}
	case *types.Signature:
		for v := range t.Results().Variables() {
			k.look(v.Type())
		}
		for v := range t.Params().Variables() { // a callback is given what it takes
			if f, ok := types.Unalias(v.Type()).Underlying().(*types.Signature); ok {
				for p := range f.Params().Variables() {
					k.look(p.Type())
				}
			}
		}
	}
}
