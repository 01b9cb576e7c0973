package edit

import (
	"go/ast"
	"go/token"
	"go/types"
	"strconv"
)

// Means reports whether name stands for obj at pos.
func (f *File) Means(name string, obj types.Object, pos token.Pos) bool {
	return name != "" && name != "_" && f.Lookup(name, pos) == obj
}

// Lookup returns what name stands for at pos, or nil.
func (f *File) Lookup(name string, pos token.Pos) types.Object {
	scope := f.Index.scopeAt(pos)
	if scope == nil {
		return nil
	}
	_, obj := scope.LookupParent(name, pos)
	return obj
}

// Zero returns an expression for the zero value of a type.
func (n *Namer) Zero(t types.Type) (string, error) {
	if param, ok := types.Unalias(t).(*types.TypeParam); ok {
		name, err := n.TypeName(param)
		return "*new(" + name + ")", err
	}
	switch u := t.Underlying().(type) {
	case *types.Basic:
		switch {
		case u.Info()&types.IsBoolean != 0:
			return "false", nil
		case u.Info()&types.IsNumeric != 0:
			return "0", nil
		case u.Info()&types.IsString != 0:
			return `""`, nil
		}
		return "nil", nil // unsafe.Pointer
	case *types.Struct, *types.Array:
		name, err := n.TypeName(t)
		return name + "{}", err
	}
	return "nil", nil
}

// Fresh returns the first of base, base2, base3 ... that no identifier below
// the node has.
func Fresh(below ast.Node, base string) string { return unused(below, base, true) }

// FreshLocal is [Namer.Fresh] for the name of a variable, which may be that of a field
// or method as well.
func FreshLocal(below ast.Node, base string) string { return unused(below, base, false) }

func unused(below ast.Node, base string, selectors bool) string {
	used := make(map[string]bool)
	var visit func(n ast.Node) bool
	visit = func(n ast.Node) bool {
		switch n := n.(type) {
		case *ast.SelectorExpr:
			if !selectors {
				ast.Inspect(n.X, visit)
				return false
			}
		case *ast.Ident:
			used[n.Name] = true
		}
		return true
	}
	ast.Inspect(below, visit)
	name := base
	for i := 2; used[name]; i++ {
		name = base + strconv.Itoa(i)
	}
	return name
}

// Assigned reports whether a variable or field gets a value anywhere in the
// package other than where it is declared or in a composite literal, or whether
// its address is taken.
func (f *File) Assigned(obj types.Object) bool { return f.Index.assigned[obj] }
