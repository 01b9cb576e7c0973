package owner

import (
	"errors"
	"go/ast"
	"go/token"
	"go/types"
	"slices"

	"github.com/killcheck/killcheck/passes/internal/fix/edit"
)

// An owned goroutine belongs to an object.
type owned struct {
	*thread
	typ  *types.Named // the type of the object, which is a struct of the package
	expr ast.Expr     // the object where the goroutine starts; nil for name
	name string       // the variable that is the object, if it is one
	obj  *types.Var
}

// at gives the object as source at the go statement.
func (o *owned) at(f *edit.File) string {
	if o.expr == nil {
		return o.name
	}
	return f.Source(o.expr.Pos(), o.expr.End())
}

var errNoOwner = errors.New("the goroutine belongs to no object")

// ownerOf finds the object that a goroutine belongs to:
//   - that whose method runs;
//   - that whose method starts a literal;
//   - that which a constructor makes, starting a literal, and returns;
//   - that which is given to the function that runs, being one of these.
func (p *plan) ownerOf(t *thread) (*owned, error) {
	if decl, ok := t.body.(*ast.FuncDecl); ok {
		if decl.Recv == nil {
			return p.givenTo(t, decl)
		}
		typ := p.pointerRecv(decl)
		sel, ok := ast.Unparen(t.run).(*ast.SelectorExpr)
		if typ == nil || !ok || p.Info.Selections[sel] == nil || p.Info.Selections[sel].Kind() != types.MethodVal {
			return nil, errNoOwner // or a value receiver: a copy cannot be told to stop
		}
		if !isPath(sel.X) {
			return nil, errors.New("the object that owns the goroutine has no name")
		}
		o := &owned{thread: t, typ: typ, expr: sel.X}
		if id, ok := ast.Unparen(sel.X).(*ast.Ident); ok {
			o.name = id.Name
			o.obj, _ = p.Info.Uses[id].(*types.Var)
		}
		return o, nil
	}
	for _, v := range p.candidates(t) {
		if typ := p.structOf(v.Type(), true); typ != nil {
			return &owned{thread: t, typ: typ, name: v.Name(), obj: v}, nil
		}
	}
	return nil, errNoOwner
}

// candidates returns the variables at a go statement that may own its
// goroutine: the receiver, or what a constructor returns.
func (p *plan) candidates(t *thread) []*types.Var {
	if t.decl.Recv != nil {
		if p.pointerRecv(t.decl) == nil {
			return nil
		}
		v := p.receiver(t.decl)
		if v == nil || !p.Means(v.Name(), v, t.start()) {
			return nil
		}
		return []*types.Var{v}
	}
	fn, _ := p.Info.Defs[t.decl.Name].(*types.Func)
	if fn == nil {
		return nil
	}
	var all []*types.Var
	add := func(e ast.Expr) {
		if u, ok := ast.Unparen(e).(*ast.UnaryExpr); ok && u.Op == token.AND {
			e = u.X
		}
		id, ok := ast.Unparen(e).(*ast.Ident)
		if !ok {
			return
		}
		v, ok := p.Info.Uses[id].(*types.Var)
		if ok && v.Pos() < t.start() && p.Means(v.Name(), v, t.start()) && !slices.Contains(all, v) {
			all = append(all, v)
		}
	}
	edit.Own(t.decl.Body, func(n ast.Node) {
		if ret, ok := n.(*ast.ReturnStmt); ok {
			for _, e := range ret.Results {
				add(e)
			}
		}
	})
	for v := range fn.Signature().Results().Variables() {
		if v.Name() != "" && p.Means(v.Name(), v, t.start()) && !slices.Contains(all, v) {
			all = append(all, v)
		}
	}
	// A named result that the goroutine does not use may have no value yet.
	return slices.DeleteFunc(all, func(v *types.Var) bool {
		return v.Pos() < t.decl.Body.Pos() && !p.usedIn(t.body, v)
	})
}

func (p *plan) usedIn(n ast.Node, v *types.Var) bool {
	found := false
	ast.Inspect(n, func(n ast.Node) bool {
		id, ok := n.(*ast.Ident)
		found = found || ok && p.Info.Uses[id] == v
		return !found
	})
	return found
}

// givenTo returns the object that owns the goroutine of a plain function, which
// takes it as a parameter.
func (p *plan) givenTo(t *thread, decl *ast.FuncDecl) (*owned, error) {
	fn := p.Info.Defs[decl.Name].(*types.Func)
	own := p.candidates(t)
	if t.stmt == nil {
		return nil, errNoOwner
	}
	for i, arg := range t.call.Args {
		id, ok := ast.Unparen(arg).(*ast.Ident)
		if !ok || i >= fn.Signature().Params().Len() {
			continue
		}
		v, ok := p.Info.Uses[id].(*types.Var)
		typ := p.structOf(fn.Signature().Params().At(i).Type(), false)
		if ok && typ != nil && slices.Contains(own, v) {
			return &owned{thread: t, typ: typ, name: id.Name, obj: v}, nil
		}
	}
	return nil, errNoOwner
}

// ownerIn returns how a function that the goroutine runs names the object at
// pos.
func (p *plan) ownerIn(o *owned, fn ast.Node, pos token.Pos) (string, error) {
	var v *types.Var
	if decl, ok := fn.(*ast.FuncDecl); !ok {
		v = o.obj
	} else if decl.Recv != nil && p.pointerRecv(decl) == o.typ {
		v = p.receiver(decl)
	} else {
		for param := range p.Info.Defs[decl.Name].(*types.Func).Signature().Params().Variables() {
			if p.structOf(param.Type(), false) == o.typ {
				if v != nil {
					return "", errors.New("the function has two objects of the type")
				}
				v = param
			}
		}
	}
	if v == nil || !p.Means(v.Name(), v, pos) {
		return "", errors.New("a function that the goroutine runs does not name the object that owns it")
	}
	return v.Name(), nil
}

// structOf returns the struct type of the package that t points to or, if
// values count, is.
func (p *plan) structOf(t types.Type, values bool) *types.Named {
	return edit.StructOf(p.Pkg, t, values)
}

// pointerRecv returns the struct type to which the receiver of a method points,
// or nil.
func (p *plan) pointerRecv(decl *ast.FuncDecl) *types.Named {
	fn, ok := p.Info.Defs[decl.Name].(*types.Func)
	if !ok || decl.Recv == nil {
		return nil
	}
	return p.structOf(fn.Signature().Recv().Type(), false)
}

// receiver returns the variable that is the receiver of a method, if it has a
// name.
func (p *plan) receiver(decl *ast.FuncDecl) *types.Var {
	if decl.Recv == nil || len(decl.Recv.List) != 1 || len(decl.Recv.List[0].Names) != 1 {
		return nil
	}
	v, ok := p.Info.Defs[decl.Recv.List[0].Names[0]].(*types.Var)
	if !ok || v.Name() == "_" {
		return nil
	}
	return v
}

// isPath reports whether an expression is a variable or a field of one.
func isPath(e ast.Expr) bool {
	switch e := ast.Unparen(e).(type) {
	case *ast.Ident:
		return true
	case *ast.SelectorExpr:
		return isPath(e.X)
	}
	return false
}

// madeAt returns the statement before the go statement that makes the object,
// and the literal in it if there is one. The object has to be a variable that
// gets no other value, and the go statement must not stand in a literal.
func (p *plan) madeAt(o *owned) (stmt ast.Stmt, lit *ast.CompositeLit, ok bool) {
	if o.obj == nil || slices.ContainsFunc(o.outer, func(n ast.Node) bool { _, lit := n.(*ast.FuncLit); return lit }) {
		return nil, nil, false
	}
	count := 0
	is := func(e ast.Expr) bool {
		id, ok := ast.Unparen(e).(*ast.Ident)
		return ok && (p.Info.Defs[id] == o.obj || p.Info.Uses[id] == o.obj)
	}
	made := func(s ast.Stmt, e ast.Expr) {
		count++
		lit, ok = p.creation(e, o.typ)
		stmt = s
	}
	ast.Inspect(o.decl.Body, func(n ast.Node) bool {
		switch n := n.(type) {
		case *ast.AssignStmt:
			for i, left := range n.Lhs {
				if is(left) && len(n.Rhs) == len(n.Lhs) {
					made(n, n.Rhs[i])
				} else if is(left) {
					count += 2
				}
			}
		case *ast.DeclStmt:
			for _, spec := range n.Decl.(*ast.GenDecl).Specs {
				if value, isValue := spec.(*ast.ValueSpec); isValue {
					for i, id := range value.Names {
						if is(id) && len(value.Values) == len(value.Names) {
							made(n, value.Values[i])
						} else if is(id) && len(value.Values) == 0 && p.structOf(o.obj.Type(), true) != nil && !isPointer(o.obj.Type()) {
							count, stmt, lit, ok = count+1, n, nil, true
						}
					}
				}
			}
		}
		return true
	})
	if count != 1 || !ok || stmt.Pos() > o.start() {
		return nil, nil, false
	}
	outer := p.path(stmt.Pos())
	i := slices.Index(outer, ast.Node(stmt))
	return stmt, lit, i >= 0 && edit.StandsAlone(outer[i+1:])
}

func isPointer(t types.Type) bool {
	_, ok := t.Underlying().(*types.Pointer)
	return ok
}

// creation reports whether an expression makes a value of the type, and returns
// the literal if it is one.
func (p *plan) creation(e ast.Expr, typ *types.Named) (*ast.CompositeLit, bool) {
	e = ast.Unparen(e)
	if u, ok := e.(*ast.UnaryExpr); ok && u.Op == token.AND {
		e = ast.Unparen(u.X)
	}
	switch e := e.(type) {
	case *ast.CompositeLit:
		return e, p.structOf(p.Info.TypeOf(e), true) == typ
	case *ast.CallExpr:
		return nil, p.Info.Types[e.Fun].IsBuiltin() && p.structOf(p.Info.TypeOf(e), false) == typ
	}
	return nil, false
}
