package edit

import (
	"errors"
	"go/ast"
	"go/types"
	"strings"
)

// TypeOfObject returns the named type of an expression or of what it points to.
func (f *File) TypeOfObject(e ast.Expr) *types.TypeName {
	t := f.Info.TypeOf(e)
	if t == nil {
		return nil
	}
	if p, ok := t.Underlying().(*types.Pointer); ok {
		t = p.Elem()
	}
	if n, ok := types.Unalias(t).(*types.Named); ok {
		return n.Obj()
	}
	return nil
}

// enders are the names of methods that end an object, the most telling first.
var enders = [...]string{"Close", "Stop", "Shutdown", "Dispose", "close", "stop", "shutdown", "dispose"}

// Enders returns the names of methods that end the work of an object, in the order of
// preference.
func Enders() []string { return enders[:] }

// Ender returns the method of this file that ends an object of the type, and the
// name of its receiver.
func (f *File) Ender(owner *types.TypeName) (*ast.FuncDecl, string, error) {
	for _, name := range enders {
		obj, _, _ := types.LookupFieldOrMethod(types.NewPointer(owner.Type()), true, f.Pkg, name)
		decl := f.Declaration(obj)
		if decl == nil || decl.Recv == nil {
			continue
		}
		names := decl.Recv.List[0].Names
		if len(names) != 1 || names[0].Name == "_" {
			return nil, "", errors.New(name + " has no name for its receiver")
		}
		return decl, names[0].Name, nil
	}
	return nil, "", errors.New("no method ends the object")
}

// IsWaitGroup reports whether an expression is a WaitGroup or points to one.
func (f *File) IsWaitGroup(e ast.Expr) bool {
	t := f.Info.TypeOf(e)
	return t != nil && strings.TrimPrefix(types.TypeString(t, nil), "*") == "sync.WaitGroup"
}

// HasMethod reports whether an expression has a method of that name.
func (s *Site) HasMethod(e ast.Expr, name string) bool {
	t := s.Info.TypeOf(e)
	if t == nil {
		return false
	}
	obj, _, _ := types.LookupFieldOrMethod(t, true, s.Pkg, name)
	_, ok := obj.(*types.Func)
	return ok
}

// Named returns the declared function that an expression names, or nil.
func Named(info *types.Info, e ast.Expr) *types.Func {
	if fn, ok := info.Uses[GenericName(e)].(*types.Func); ok {
		return fn.Origin()
	}
	return nil
}

// GenericName is Name for what may have type arguments behind it.
func GenericName(e ast.Expr) *ast.Ident {
	e = ast.Unparen(e)
	switch x := e.(type) {
	case *ast.IndexExpr:
		e = x.X
	case *ast.IndexListExpr:
		e = x.X
	}
	return Name(e)
}

// Name returns the last identifier of a name, qualified or not; nil if the
// expression is none.
func Name(e ast.Expr) *ast.Ident {
	switch x := ast.Unparen(e).(type) {
	case *ast.Ident:
		return x
	case *ast.SelectorExpr:
		return x.Sel
	}
	return nil
}

// StructOf returns the struct type of the package that t points to or, if values
// count, is; nil if there is none.
func StructOf(pkg *types.Package, t types.Type, values bool) *types.Named {
	t = types.Unalias(t)
	if ptr, ok := t.(*types.Pointer); ok {
		t = types.Unalias(ptr.Elem())
	} else if !values {
		return nil
	}
	named, ok := t.(*types.Named)
	if !ok || named.Obj().Pkg() != pkg || named.Obj().Parent() != pkg.Scope() {
		return nil
	}
	if _, ok := named.Underlying().(*types.Struct); !ok {
		return nil
	}
	return named.Origin()
}

// TypeNameOf returns the name of a type or of what it points to, for the name of
// something new.
func TypeNameOf(t types.Type) string {
	if p, ok := t.(*types.Pointer); ok {
		t = p.Elem()
	}
	if n, ok := types.Unalias(t).(*types.Named); ok {
		return n.Obj().Name()
	}
	return "Value"
}

// IsContext reports whether a type is context.Context.
func IsContext(t types.Type) bool {
	n, ok := types.Unalias(t).(*types.Named)
	return ok && n.Obj().Pkg() != nil && n.Obj().Pkg().Path() == "context" && n.Obj().Name() == "Context"
}
