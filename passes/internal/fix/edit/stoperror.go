package edit

import (
	"go/ast"
	"go/token"
	"go/types"
	"slices"
	"strings"
)

// stopError returns the error of the package that other functions return on the
// same stop, or the empty string:
//
//	case <-r.shutdown:
//		return nil, ErrShutdown
func (s *Site) stopError(pos token.Pos) string {
	stop := s.stopObject(pos)
	if stop == nil {
		return ""
	}
	found := ""
	s.Wherever(func(n ast.Node) bool {
		clause, ok := n.(*ast.CommClause)
		if !ok || found != "" || len(clause.Body) == 0 {
			return found == ""
		}
		ret, ok := clause.Body[len(clause.Body)-1].(*ast.ReturnStmt)
		if !ok || len(ret.Results) == 0 || s.received(clause.Comm) != stop {
			return true
		}
		if id, ok := ast.Unparen(ret.Results[len(ret.Results)-1]).(*ast.Ident); ok {
			v, ok := s.Info.Uses[id].(*types.Var)
			if ok && v.Parent() == s.Pkg.Scope() && IsError(v.Type()) && s.Means(id.Name, v, pos) {
				found = id.Name
			}
		}
		return true
	}, stop)
	return found
}

// stopObject returns the field or method that the stop signal comes from, as in
// r.shutdown or r.Done(), or nil.
func (s *Site) stopObject(pos token.Pos) types.Object {
	dot := strings.LastIndexByte(s.Stop.Expr, '.')
	if dot < 0 {
		return nil
	}
	owner, err := s.TypeOf(s.Stop.Expr[:dot], pos)
	if err != nil {
		return nil
	}
	obj, _, _ := types.LookupFieldOrMethod(owner, true, s.Pkg, strings.TrimSuffix(s.Stop.Expr[dot+1:], "()"))
	return obj
}

// received returns the field or method whose channel a communication receives
// from, or nil.
func (s *Site) received(comm ast.Stmt) types.Object {
	expr, ok := comm.(*ast.ExprStmt)
	if !ok {
		return nil
	}
	r, ok := ast.Unparen(expr.X).(*ast.UnaryExpr)
	if !ok || r.Op != token.ARROW {
		return nil
	}
	e := ast.Unparen(r.X)
	if call, ok := e.(*ast.CallExpr); ok {
		e = ast.Unparen(call.Fun)
	}
	if sel, ok := e.(*ast.SelectorExpr); ok {
		return s.Info.Uses[sel.Sel]
	}
	return nil
}

// mustSay reports whether a nil error would tell the caller that the work is
// done: the wait belongs to a declared function, and not to a loop in which the
// function stays until it is stopped.
func mustSay(outer []ast.Node) bool {
	i := slices.IndexFunc(outer, IsFunc)
	if i < 0 {
		return false
	}
	if _, lit := outer[i].(*ast.FuncLit); lit {
		return false
	}
	return !slices.ContainsFunc(outer[:i], func(n ast.Node) bool {
		loop, ok := n.(*ast.ForStmt)
		return ok && loop.Cond == nil
	})
}

// NilContext reports whether the context of the stop is a parameter that somebody may
// give as nil: a caller does, or the function asks.
func (s *Site) NilContext() bool {
	v, ok := s.Lookup(s.Stop.Ctx, s.Pos).(*types.Var)
	if !ok || v.Kind() != types.ParamVar {
		return false
	}
	for _, id := range s.Index.Uses[v] {
		path := PathAt(s.Index.FileAt(id.Pos()), id.Pos())
		if len(path) > 1 && s.comparesNil(path[1]) {
			return true
		}
	}
	decl, ok := declAt(s.Index.FileAt(v.Pos()), v.Pos()).(*ast.FuncDecl)
	if !ok {
		return false
	}
	fn, ok := s.Info.Defs[decl.Name].(*types.Func)
	if !ok {
		return false
	}
	for i := range fn.Signature().Params().Len() {
		if fn.Signature().Params().At(i) != v {
			continue
		}
		for _, call := range s.Index.Calls[fn] {
			if i < len(call.Args) && s.isNil(call.Args[i]) {
				return true
			}
		}
	}
	return false
}

func (s *Site) comparesNil(n ast.Node) bool {
	cmp, ok := n.(*ast.BinaryExpr)
	return ok && (cmp.Op == token.EQL || cmp.Op == token.NEQ) && (s.isNil(cmp.X) || s.isNil(cmp.Y))
}

func (s *Site) isNil(e ast.Expr) bool {
	tv, ok := s.Info.Types[e]
	return ok && tv.IsNil()
}
