package promote

import (
	"errors"
	"fmt"
	"go/ast"
	"go/token"
	"go/types"
	"slices"
	"strings"

	"github.com/killcheck/killcheck/passes/internal/fix/edit"
)

// standsFor finds out whether the function of a worker does in another process
// what it does here: it and what it calls in this package touch no variable of
// the package, no channel, no lock and no goroutine, and write to nothing that
// they are given.
func (s *site) standsFor(w *worker) error {
	scope := s.Pkg.Scope()
	if old := scope.Lookup(w.name + "Worker"); old != nil {
		if !s.isWorker(old) {
			return fmt.Errorf("the name %sWorker is taken", w.name)
		}
		w.known = true
	} else {
		for _, suffix := range []string{"In", "Out"} {
			if scope.Lookup(w.name+suffix) != nil {
				return fmt.Errorf("the name %s%s is taken", w.name, suffix)
			}
		}
	}
	b := &bodies{site: s, seen: make(map[*types.Func]bool)}
	err := b.check(w.fn)
	w.decl = b.first
	w.errors = b.errors
	return err
}

// isWorker reports whether a variable is made by promote.Register.
func (s *site) isWorker(obj types.Object) bool {
	found := false
	for _, syntax := range append([]*ast.File{s.Syntax}, s.Others...) {
		for _, decl := range syntax.Decls {
			gen, ok := decl.(*ast.GenDecl)
			if !ok || gen.Tok != token.VAR {
				continue
			}
			for _, spec := range gen.Specs {
				v := spec.(*ast.ValueSpec)
				if len(v.Names) == 1 && len(v.Values) == 1 && s.Info.Defs[v.Names[0]] == obj {
					call, ok := v.Values[0].(*ast.CallExpr)
					found = found || ok && s.isFrom(call.Fun, edit.PromotePath)
				}
			}
		}
	}
	return found
}

// isFrom reports whether a function is one of the package with the path.
func (s *site) isFrom(fun ast.Expr, path string) bool {
	switch f := ast.Unparen(fun).(type) {
	case *ast.IndexExpr:
		return s.isFrom(f.X, path)
	case *ast.IndexListExpr:
		return s.isFrom(f.X, path)
	case *ast.Ident:
		obj := s.Info.Uses[f]
		return obj != nil && obj.Pkg() != nil && obj.Pkg().Path() == path
	case *ast.SelectorExpr:
		return s.isFrom(f.Sel, path)
	}
	return false
}

// bodies looks at a function and at those of this package that it calls.
type bodies struct {
	*site
	first  *ast.FuncDecl
	seen   map[*types.Func]bool
	errors []string // the error variables of the package that are used
}

func (b *bodies) check(fn *types.Func) error {
	if b.seen[fn] {
		return nil
	}
	b.seen[fn] = true
	decl := b.declOf(fn)
	if decl == nil || decl.Body == nil {
		return fmt.Errorf("the body of %s is not in view", fn.Name())
	}
	if b.first == nil {
		b.first = decl
	}
	if err := b.readsOnly(decl); err != nil {
		return err
	}
	var problem error
	ast.Inspect(decl.Body, func(n ast.Node) bool {
		if problem == nil {
			problem = b.node(n, fn)
		}
		return problem == nil
	})
	return problem
}

func (b *bodies) declOf(fn *types.Func) *ast.FuncDecl {
	for _, syntax := range append([]*ast.File{b.Syntax}, b.Others...) {
		for _, decl := range syntax.Decls {
			if d, ok := decl.(*ast.FuncDecl); ok && b.Info.Defs[d.Name] == fn {
				return d
			}
		}
	}
	return nil
}

func (b *bodies) node(n ast.Node, fn *types.Func) error {
	switch n := n.(type) {
	case *ast.GoStmt:
		return fmt.Errorf("%s starts a goroutine", fn.Name())
	case *ast.SendStmt, *ast.SelectStmt:
		return fmt.Errorf("%s uses channels", fn.Name())
	case *ast.UnaryExpr:
		if n.Op == token.ARROW {
			return fmt.Errorf("%s uses channels", fn.Name())
		}
	case *ast.Ident:
		switch obj := b.Info.Uses[n].(type) {
		case *types.Func:
			if obj.Pkg() == b.Pkg && !made(obj.Name()) {
				return b.check(obj)
			}
		case *types.Var:
			return b.variable(obj, fn)
		}
	}
	return nil
}

// made reports whether cgo made the function or variable.
func made(name string) bool {
	return strings.HasPrefix(name, "_C") || strings.HasPrefix(name, "_cgo")
}

// variable refuses variables of packages: a child has its own, as they were when
// the program started. Errors are the exception.
func (b *bodies) variable(v *types.Var, fn *types.Func) error {
	if v.Pkg() == nil || v.IsField() || v.Parent() != v.Pkg().Scope() || made(v.Name()) {
		return nil
	}
	if edit.IsError(v.Type()) && (v.Pkg() != b.Pkg || !b.Assigned(v)) {
		if v.Pkg() == b.Pkg && !slices.Contains(b.errors, v.Name()) {
			b.errors = append(b.errors, v.Name())
		}
		return nil
	}
	if v.Pkg() != b.Pkg && (v.Name() == "Stdout" || v.Name() == "Stderr") {
		return nil // a child has the same
	}
	return fmt.Errorf("%s uses the variable %s, which a child does not share", fn.Name(), v.Name())
}

// readsOnly refuses functions that may write to what their parameters point to:
// a child works on a copy.
func (b *bodies) readsOnly(decl *ast.FuncDecl) error {
	given := make(map[types.Object]bool)
	for _, list := range []*ast.FieldList{decl.Recv, decl.Type.Params} {
		if list == nil {
			continue
		}
		for _, f := range list.List {
			for _, id := range f.Names {
				if obj := b.Info.Defs[id]; obj != nil && !edit.IsContext(obj.Type()) && refers(obj.Type(), 8) {
					given[obj] = true
				}
			}
		}
	}
	if len(given) == 0 {
		return nil
	}
	var stack []ast.Node
	var problem error
	ast.Inspect(decl.Body, func(n ast.Node) bool {
		if n == nil {
			stack = stack[:len(stack)-1]
			return true
		}
		stack = append(stack, n)
		if id, ok := n.(*ast.Ident); ok && given[b.Info.Uses[id]] && problem == nil && !b.reads(stack) {
			problem = errors.New(decl.Name.Name + " may write to what " + id.Name + " points to")
		}
		return true
	})
	return problem
}

// refers reports whether values of the type share memory with their copies.
func refers(t types.Type, depth int) bool {
	switch u := t.Underlying().(type) {
	case *types.Basic:
		return u.Kind() == types.UnsafePointer
	case *types.Array:
		return refers(u.Elem(), depth-1)
	case *types.Struct:
		for i := range u.NumFields() {
			if depth == 0 || refers(u.Field(i).Type(), depth-1) {
				return true
			}
		}
		return false
	}
	return true
}

// reads reports whether the use of a variable at the top of the stack only reads
// what it refers to.
func (b *bodies) reads(stack []ast.Node) bool {
	at := len(stack) - 1
	value := stack[at].(ast.Expr)
	for ; at > 0; at-- { // up to the whole of a.b[i].c
		switch p := stack[at-1].(type) {
		case *ast.ParenExpr, *ast.StarExpr:
		case *ast.SelectorExpr:
			if sel := b.Info.Selections[p]; sel == nil || sel.Kind() != types.FieldVal {
				return !refers(b.Info.TypeOf(value), 8) // a method
			}
		case *ast.IndexExpr:
			if p.X != value {
				return true // an index
			}
		case *ast.SliceExpr:
			if p.X != value {
				return true
			}
		default:
			return b.readBy(p, value)
		}
		value = stack[at-1].(ast.Expr)
	}
	return false
}

// readBy reports whether the node around a value only reads it.
func (b *bodies) readBy(p ast.Node, value ast.Expr) bool {
	plain := !refers(b.Info.TypeOf(value), 8)
	switch p := p.(type) {
	case *ast.UnaryExpr:
		return p.Op != token.AND && plain
	case *ast.IncDecStmt:
		return false
	case *ast.AssignStmt:
		return plain && !slices.Contains(p.Lhs, value)
	case *ast.RangeStmt:
		return p.X == value
	case *ast.BinaryExpr:
		return true
	case *ast.CallExpr:
		if plain {
			return true
		}
		fun := b.Info.Types[p.Fun]
		if fun.IsType() {
			basic, ok := fun.Type.Underlying().(*types.Basic)
			return ok && basic.Info()&types.IsString != 0
		}
		id, ok := ast.Unparen(p.Fun).(*ast.Ident)
		return ok && fun.IsBuiltin() && (id.Name == "len" || id.Name == "cap")
	}
	return plain
}
