package edit

import (
	"errors"
	"go/ast"
	"go/types"
	"go/version"
)

// LoopStmt returns the innermost loop, of either kind.
func (s *Site) LoopStmt() (stmt ast.Stmt, body *ast.BlockStmt, outer []ast.Node, err error) {
	for i, n := range s.Path {
		switch n := n.(type) {
		case *ast.ForStmt:
			return n, n.Body, s.Path[i+1:], nil
		case *ast.RangeStmt:
			return n, n.Body, s.Path[i+1:], nil
		}
		if IsFunc(n) {
			break
		}
	}
	return nil, nil, nil, errors.New("no loop")
}

// Own visits what a function body itself runs: no literals, and no goroutines.
func Own(body ast.Node, visit func(ast.Node)) {
	ast.Inspect(body, func(n ast.Node) bool {
		switch n.(type) {
		case *ast.FuncLit, *ast.GoStmt:
			return false
		case nil:
			return true
		}
		visit(n)
		return true
	})
}

// SharesVariable reports whether all rounds of a loop share one variable, as
// they did before Go 1.22. The new form has one for each round.
func (f *File) SharesVariable() bool {
	v := f.Info.FileVersions[f.Syntax]
	return version.IsValid(v) && version.Compare(v, "go1.22") < 0
}

// IsStable reports whether an expression is a variable, or a field of one, that
// nothing assigns to.
func (f *File) IsStable(e ast.Expr) bool {
	switch e := ast.Unparen(e).(type) {
	case *ast.Ident:
		obj, ok := f.Info.Uses[e].(*types.Var)
		return ok && !f.Assigned(obj)
	case *ast.SelectorExpr:
		field, ok := f.Info.Uses[e.Sel].(*types.Var)
		return ok && f.IsStable(e.X) && !f.Assigned(field)
	}
	return false
}

// EndsFunction reports whether stmt is the last statement of a function body.
func EndsFunction(stmt ast.Stmt, outer []ast.Node) bool {
	if len(outer) < 2 || !IsFunc(outer[1]) {
		return false
	}
	body, ok := outer[0].(*ast.BlockStmt)
	return ok && body.List[len(body.List)-1] == stmt
}

// HasCase reports whether a case receives from the stop already.
func (s *Site) HasCase(sel *ast.SelectStmt) bool {
	for _, clause := range sel.Body.List {
		if s.receivesStop(clause.(*ast.CommClause).Comm) {
			return true
		}
	}
	return false
}
