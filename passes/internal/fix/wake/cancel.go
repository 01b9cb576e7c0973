package wake

import (
	"errors"
	"go/ast"
	"go/token"
	"go/types"
	"slices"
	"strings"

	"github.com/killcheck/killcheck/passes/internal/fix/edit"
)

// cancelContext calls the cancel function of a context that nobody cancels.
// Where the object keeps it, the method that ends the object calls it; where the
// function that makes the context drops it and waits for what it has started,
// that function does.
//
//	func (s *session) Close() {
//		                         s.cancel()
//		s.open.Store(false)
//	}
func cancelContext(s *site) (edit.Fix, error) {
	made, err := s.Place(s.At)
	if err != nil {
		return edit.Fix{}, err
	}
	stmt, outer, err := made.Statement()
	if err != nil {
		return edit.Fix{}, err
	}
	assign, ok := stmt.(*ast.AssignStmt)
	if !ok || len(assign.Lhs) != 2 || len(assign.Rhs) != 1 || !edit.Within(assign.Rhs[0], s.At) {
		return edit.Fix{}, errors.New("the results of the call are not assigned")
	}
	switch left := ast.Unparen(assign.Lhs[1]).(type) {
	case *ast.SelectorExpr:
		field, ok := s.Info.Uses[left.Sel].(*types.Var)
		if !ok || !field.IsField() {
			return edit.Fix{}, errors.New("the cancel function is not kept in a field")
		}
		return made.cancelField(field, s.TypeOfObject(left.X), assign.Lhs[0])
	case *ast.Ident:
		if left.Name == "_" {
			return made.nameCancel(assign, outer, left)
		}
		return made.cancelKept(left, assign.Lhs[0])
	}
	return edit.Fix{}, errors.New("the cancel function is kept somewhere")
}

// cancelKept finds the field in which a composite literal keeps the cancel
// function.
func (s *site) cancelKept(id *ast.Ident, ctx ast.Expr) (edit.Fix, error) {
	obj := s.Info.ObjectOf(id)
	ids, _ := s.UsesOf(obj)
	for _, use := range ids {
		at, err := s.Place(use.Pos())
		if err != nil {
			return edit.Fix{}, err
		}
		pair, outer, ok := edit.Enclosing[*ast.KeyValueExpr](at.Site)
		if !ok || ast.Unparen(pair.Value) != ast.Expr(use) || len(outer) == 0 {
			continue
		}
		lit, ok := outer[0].(*ast.CompositeLit)
		key, isName := pair.Key.(*ast.Ident)
		if !ok || !isName {
			continue
		}
		if field, ok := s.Info.Uses[key].(*types.Var); ok && field.IsField() {
			return s.cancelField(field, s.TypeOfObject(lit), ctx)
		}
	}
	return edit.Fix{}, errors.New("the cancel function is not kept in a field")
}

// cancelField makes the method that ends an object call the function in its
// field. That is exact if goroutines alone use the context.
func (s *site) cancelField(field *types.Var, owner *types.TypeName, ctx ast.Expr) (edit.Fix, error) {
	if owner == nil {
		return edit.Fix{}, errors.New("the object has no type")
	}
	decl, recv, err := s.Ender(owner)
	if err != nil {
		return edit.Fix{}, err
	}
	called := false
	ast.Inspect(decl.Body, func(n ast.Node) bool {
		sel, ok := n.(*ast.SelectorExpr)
		called = called || ok && s.Info.Uses[sel.Sel] == field
		return !called
	})
	if called {
		return edit.Fix{}, errors.New(decl.Name.Name + " uses " + field.Name() + " already")
	}
	call := recv + "." + field.Name()
	lines := []string{call + "()"}
	if !s.alwaysSet(field) {
		lines = []string{"if " + call + " != nil {", "\t" + call + "()", "}"}
	}
	change, err := s.Begin(decl.Body, lines...)
	if err != nil {
		return edit.Fix{}, err
	}
	exact := s.EndsObject(decl) && !s.assignedTwice(field) && s.contextIn(ctx)
	return edit.Fix{Message: "call " + field.Name() + " in " + decl.Name.Name, Edits: []edit.TextEdit{change}, Exact: exact}, nil
}

// contextIn reports whether goroutines alone use a context.
func (s *site) contextIn(ctx ast.Expr) bool {
	switch ctx := ast.Unparen(ctx).(type) {
	case *ast.Ident:
		obj := s.Info.ObjectOf(ctx)
		return obj != nil && s.OnlyInGoroutines(obj)
	case *ast.SelectorExpr:
		field, ok := s.Info.Uses[ctx.Sel].(*types.Var)
		return ok && !field.Exported() && s.OnlyInGoroutines(field)
	}
	return false
}

// assignedTwice reports whether a field gets its value in several places.
func (s *site) assignedTwice(field *types.Var) bool {
	n := 0
	s.Wherever(func(x ast.Node) bool {
		switch x := x.(type) {
		case *ast.AssignStmt:
			for _, left := range x.Lhs {
				if sel, ok := ast.Unparen(left).(*ast.SelectorExpr); ok && s.Info.Uses[sel.Sel] == field {
					n++
				}
			}
		case *ast.KeyValueExpr:
			if key, ok := x.Key.(*ast.Ident); ok && s.Info.Uses[key] == field {
				n++
			}
		}
		return true
	}, field)
	return n > 1
}

// alwaysSet reports whether every object has the field: it is set where the
// object is made, in the same function.
func (s *site) alwaysSet(field *types.Var) bool {
	_, body, t := s.Innermost()
	if body == nil || t.Results == nil {
		return false
	}
	makes := false
	ast.Inspect(body, func(n ast.Node) bool {
		if lit, ok := n.(ast.Expr); ok {
			if tv, ok := s.Info.Types[lit]; ok && !tv.IsType() && hasField(tv.Type, field) {
				switch e := lit.(type) {
				case *ast.CompositeLit:
					makes = true
				case *ast.CallExpr:
					id, ok := e.Fun.(*ast.Ident)
					makes = makes || ok && id.Name == "new"
				}
			}
		}
		return !makes
	})
	return makes
}

// hasField reports whether the field belongs to the struct type, or to what it
// points to.
func hasField(t types.Type, field *types.Var) bool {
	if p, ok := t.Underlying().(*types.Pointer); ok {
		t = p.Elem()
	}
	st, ok := t.Underlying().(*types.Struct)
	if !ok {
		return false
	}
	for i := range st.NumFields() {
		if st.Field(i) == field {
			return true
		}
	}
	return false
}

// nameCancel gives a dropped cancel function a name and defers its call, in a
// function that waits for what it starts.
func (s *site) nameCancel(assign *ast.AssignStmt, outer []ast.Node, blank *ast.Ident) (edit.Fix, error) {
	if assign.Tok != token.DEFINE {
		return edit.Fix{}, errors.New("the context is kept elsewhere")
	}
	_, body, _ := s.Innermost()
	ctx, ok := assign.Lhs[0].(*ast.Ident)
	if !ok || body == nil || edit.InLoop(outer) {
		return edit.Fix{}, errors.New("the context is made in a loop")
	}
	obj := s.Info.Defs[ctx]
	if obj == nil || s.leavesFunction(body, obj) {
		return edit.Fix{}, errors.New("the context outlives the function that makes it")
	}
	name := edit.Fresh(s.Function(), "cancel")
	return edit.Fix{
		Message: "cancel " + ctx.Name + " when the function returns",
		Edits: []edit.TextEdit{
			edit.Replace(blank.Pos(), blank.End(), name),
			s.Beneath(assign, "defer "+name+"()"),
		},
	}, nil
}

// leavesFunction reports whether a context may be in use after the function has
// returned: it is returned, kept, or given to a goroutine that nobody waits for
// in the function.
func (s *site) leavesFunction(body *ast.BlockStmt, ctx types.Object) bool {
	leaves, started, waits := false, false, false
	ast.Inspect(body, func(n ast.Node) bool {
		switch n := n.(type) {
		case *ast.GoStmt:
			started = started || s.Uses(n, []types.Object{ctx})
		case *ast.ReturnStmt:
			leaves = leaves || slices.ContainsFunc(n.Results, func(e ast.Expr) bool { return s.isObject(e, ctx) })
		case *ast.KeyValueExpr:
			leaves = leaves || s.isObject(n.Value, ctx)
		case *ast.CompositeLit:
			leaves = leaves || slices.ContainsFunc(n.Elts, func(e ast.Expr) bool { return s.isObject(e, ctx) })
		case *ast.AssignStmt:
			leaves = leaves || slices.ContainsFunc(n.Rhs, func(e ast.Expr) bool { return s.isObject(e, ctx) })
		case *ast.FuncLit:
			return true
		case *ast.CallExpr:
			if fun, ok := n.Fun.(*ast.SelectorExpr); ok {
				waits = waits || strings.HasPrefix(fun.Sel.Name, "Wait")
			}
		case *ast.UnaryExpr:
			waits = waits || n.Op == token.ARROW && !s.Uses(n, []types.Object{ctx})
		}
		return true
	})
	return leaves || started && !waits
}

func (s *site) isObject(e ast.Expr, obj types.Object) bool {
	id, ok := ast.Unparen(e).(*ast.Ident)
	return ok && s.Info.Uses[id] == obj
}
