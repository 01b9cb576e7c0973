package code

import (
	"go/types"

	"golang.org/x/tools/go/ssa"
)

func IsChan(t types.Type) bool {
	_, ok := t.Underlying().(*types.Chan)
	return ok
}

// StructOf returns the named struct type that t points to, or nils.
func StructOf(t types.Type) (*types.Named, *types.Struct) {
	p, ok := t.Underlying().(*types.Pointer)
	if !ok {
		return nil, nil
	}
	n, ok := types.Unalias(p.Elem()).(*types.Named)
	if !ok {
		return nil, nil
	}
	st, ok := n.Underlying().(*types.Struct)
	if !ok {
		return nil, nil
	}
	return n, st
}

func IsBool(t types.Type) bool {
	b, ok := t.Underlying().(*types.Basic)
	return ok && b.Kind() == types.Bool
}

// ReturnsFunc reports whether a result of the call is a function.
func ReturnsFunc(c *ssa.CallCommon) bool {
	res := c.Signature().Results()
	for i := range res.Len() {
		if _, ok := res.At(i).Type().Underlying().(*types.Signature); ok {
			return true
		}
	}
	return false
}

// IsError reports whether the type is error, or an interface with more methods that
// every value of it is an error by.
func IsError(t types.Type) bool {
	err := types.Universe.Lookup("error").Type()
	if types.Identical(t, err) {
		return true
	}
	iface, ok := t.Underlying().(*types.Interface)
	if !ok || iface.NumMethods() < 2 {
		return false
	}
	return types.Implements(t, err.Underlying().(*types.Interface))
}

// TakesArguments reports whether the function literal is what a library for
// command lines runs: it gets the arguments and returns an error.
func TakesArguments(fn *ssa.Function) bool {
	sig := fn.Signature
	if fn.Parent() == nil || sig.Params().Len() != 1 || sig.Results().Len() != 1 || !IsError(sig.Results().At(0).Type()) {
		return false
	}
	s, ok := sig.Params().At(0).Type().Underlying().(*types.Slice)
	return ok && types.Identical(s.Elem(), types.Typ[types.String])
}

// TypeName returns the name of t or of what t points to, or nil.
func TypeName(t types.Type) *types.TypeName {
	if p, ok := types.Unalias(t).(*types.Pointer); ok {
		t = p.Elem()
	}
	if n, ok := types.Unalias(t).(*types.Named); ok {
		return n.Origin().Obj()
	}
	return nil
}

// IsText reports whether values of the type are text or bytes.
func IsText(t types.Type) bool {
	switch t := t.Underlying().(type) {
	case *types.Basic:
		return t.Info()&types.IsString != 0
	case *types.Slice:
		b, ok := t.Elem().Underlying().(*types.Basic)
		return ok && b.Kind() == types.Byte
	}
	return false
}

func ContextType(c *ssa.Call, i int) types.Type {
	res := c.Call.Signature().Results()
	if i < res.Len() {
		return res.At(i).Type()
	}
	return types.Typ[types.Invalid]
}

func IsContext(t types.Type) bool {
	n := TypeName(t)
	return n != nil && n.Pkg() != nil && n.Pkg().Path() == "context" && n.Name() == "Context"
}

// IsStopChan reports whether a channel of type t carries nothing and can be
// received from.
func IsStopChan(t types.Type) bool {
	c, ok := t.Underlying().(*types.Chan)
	if !ok || c.Dir() == types.SendOnly {
		return false
	}
	s, ok := c.Elem().Underlying().(*types.Struct)
	return ok && s.NumFields() == 0
}

func HasMethod(t types.Type, name string, pkg *types.Package) bool {
	obj, _, _ := types.LookupFieldOrMethod(t, true, pkg, name)
	_, ok := obj.(*types.Func)
	return ok
}

func IsObject(t types.Type, n *types.TypeName) bool {
	named, ok := types.Unalias(t).(*types.Named)
	return ok && named.Origin().Obj() == n
}
