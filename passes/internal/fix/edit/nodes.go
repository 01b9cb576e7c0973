package edit

import (
	"errors"
	"go/ast"
	"go/token"
	"go/types"
)

// Parameter returns the function of this file that a call names, and its
// parameter for the argument.
func (f *File) Parameter(call *ast.CallExpr, i int) (*ast.FuncDecl, types.Object) {
	id := Name(call.Fun)
	if id == nil {
		return nil, nil
	}
	decl := f.Declaration(f.Info.Uses[id])
	if decl == nil {
		return nil, nil
	}
	if param := ParamAt(f.Info.TypeOf(decl.Name), i); param != nil {
		return decl, param
	}
	return nil, nil
}

// ParamAt returns a parameter of the function type by its number, or nil. The last one of
// a variadic function has several arguments, so there is none of such a function.
func ParamAt(t types.Type, i int) types.Object {
	sig, ok := t.(*types.Signature)
	if !ok || sig.Variadic() || i < 0 || i >= sig.Params().Len() {
		return nil
	}
	return sig.Params().At(i)
}

// Declaration returns the declaration of a function in this file, or nil.
func (f *File) Declaration(obj types.Object) *ast.FuncDecl {
	fn, ok := obj.(*types.Func)
	if !ok {
		return nil
	}
	d := f.Index.Decls[fn]
	if d == nil || d.Pos() < f.Syntax.FileStart || f.Syntax.FileEnd < d.Pos() {
		return nil
	}
	return d
}

// ErrNotAlone says why an operation cannot be replaced by statements.
var ErrNotAlone = errors.New("the operation is part of a larger statement")

// IsPlain reports whether evaluating a left side does nothing and cannot fail:
// a select evaluates it after the receive, an assignment before.
func IsPlain(e ast.Expr) bool {
	switch e := ast.Unparen(e).(type) {
	case *ast.Ident:
		return true
	case *ast.SelectorExpr:
		_, ok := ast.Unparen(e.X).(*ast.Ident)
		return ok
	}
	return false
}

// Enclosing returns the innermost node of type T around the remedy, within the
// innermost function, and the nodes around that one.
func Enclosing[T ast.Node](s *Site) (node T, outer []ast.Node, ok bool) {
	for i, n := range s.Path {
		if node, ok := n.(T); ok {
			return node, s.Path[i+1:], true
		}
		if IsFunc(n) {
			break
		}
	}
	return node, nil, false
}

// IsFunc reports whether a node is a function, with a name or without.
func IsFunc(n ast.Node) bool {
	switch n.(type) {
	case *ast.FuncDecl, *ast.FuncLit:
		return true
	}
	return false
}

// StandsAlone reports whether a statement with these nodes around it is one of
// a list, so that other statements may take its place.
func StandsAlone(outer []ast.Node) bool {
	if len(outer) == 0 {
		return false
	}
	switch outer[0].(type) {
	case *ast.BlockStmt, *ast.CaseClause:
		return true
	case *ast.CommClause:
		return true // callers have dealt with the communication itself
	case *ast.LabeledStmt:
		return StandsAlone(outer[1:])
	}
	return false
}

// IsNotNil reports whether a condition is that the variable is not nil.
func (s *Site) IsNotNil(cond ast.Expr, obj types.Object) bool {
	cmp, ok := ast.Unparen(cond).(*ast.BinaryExpr)
	if !ok || cmp.Op != token.NEQ {
		return false
	}
	x, ok := ast.Unparen(cmp.X).(*ast.Ident)
	return ok && obj != nil && s.Info.Uses[x] == obj && s.Info.Types[cmp.Y].IsNil()
}

// IsPath reports whether an expression is a variable, or a field of one.
func (s *Site) IsPath(e ast.Expr) bool {
	switch e := ast.Unparen(e).(type) {
	case *ast.Ident:
		_, ok := s.Info.Uses[e].(*types.Var)
		return ok
	case *ast.SelectorExpr:
		return s.IsPath(e.X)
	}
	return false
}

// Function returns the outermost declaration around the remedy.
func (s *Site) Function() ast.Node {
	for _, n := range s.Path {
		if decl, ok := n.(ast.Decl); ok {
			return decl
		}
	}
	return s.Syntax
}

// AsAssign returns the statement if it assigns what the call returns, and
// nothing else.
func AsAssign(stmt ast.Stmt, call *ast.CallExpr) *ast.AssignStmt {
	if a, ok := stmt.(*ast.AssignStmt); ok && len(a.Rhs) == 1 && a.Rhs[0] == call && (a.Tok == token.ASSIGN || a.Tok == token.DEFINE) {
		return a
	}
	return nil
}

// IsLabeled reports whether a statement with these nodes around it has a label.
func IsLabeled(outer []ast.Node) bool {
	_, ok := outer[0].(*ast.LabeledStmt)
	return ok
}

// Holds reports whether the node is part of the file.
func (f *File) Holds(n ast.Node) bool {
	return f.Syntax.FileStart <= n.Pos() && n.End() <= f.Syntax.FileEnd
}

// First returns the position of a statement or, if it has one, of its label.
func First(stmt ast.Stmt, outer []ast.Node) token.Pos {
	if l, ok := outer[0].(*ast.LabeledStmt); ok {
		return l.Pos()
	}
	return stmt.Pos()
}

// IsComm reports whether stmt is the communication of a select case, not part
// of its body.
func IsComm(stmt ast.Stmt, outer []ast.Node) bool {
	if len(outer) == 0 {
		return false
	}
	clause, ok := outer[0].(*ast.CommClause)
	return ok && clause.Comm == stmt
}
