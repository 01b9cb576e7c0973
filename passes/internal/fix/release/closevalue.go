package release

import (
	"errors"
	"go/ast"
	"go/token"
	"go/types"
	"slices"

	"github.com/killcheck/killcheck/passes/internal/fix/edit"
)

// closeValue ends a value that a function drops: by a defer where it is made if
// nothing ever ends it, and otherwise before the returns that drop it.
//
//	w, err := newWatcher(dir)
//	if err != nil {
//		return err
//	}
//	                 defer w.Close()
//
// A value that only some of the ways make may be nil at the return, and is asked for
// that.
func closeValue(s *site) (edit.Fix, error) {
	stmt, outer, err := s.Statement()
	if err != nil {
		return edit.Fix{}, err
	}
	name, id, err := s.named(stmt)
	if err != nil {
		return edit.Fix{}, err
	}
	obj := s.Info.ObjectOf(id)
	call := name + "." + s.Use + "()"
	if len(s.Ats) == 0 {
		return s.deferClose(stmt, outer, call)
	}
	fix := edit.Fix{Message: "call " + call + " before the returns that drop it"}
	for _, pos := range s.Ats {
		at, err := s.Place(pos)
		if err != nil {
			return edit.Fix{}, err
		}
		at.Pos = pos
		if !s.Means(id.Name, obj, pos) {
			return edit.Fix{}, errors.New("the value has no name at a return")
		}
		if s.assigned(obj, stmt.End(), pos) {
			return edit.Fix{}, errors.New("the variable may hold another value at a return")
		}
		if ret, _, ok := edit.Enclosing[*ast.ReturnStmt](at.Site); ok && slices.ContainsFunc(ret.Results, func(e ast.Expr) bool { return s.Uses(e, []types.Object{obj}) }) {
			return edit.Fix{}, errors.New("a result is computed from the value")
		}
		lines := []string{call}
		if !edit.Within(outer[0], pos) { // it has a value only where control came through the block of the call
			lines = []string{"if " + name + " != nil {", "\t" + call, "}"}
		}
		change, _, err := at.beforeReturn(lines...)
		if err != nil {
			return edit.Fix{}, err
		}
		fix.Edits = append(fix.Edits, change)
	}
	return fix, nil
}

// assigned reports whether the variable is assigned to between two places.
func (s *site) assigned(obj types.Object, from, to token.Pos) bool {
	_, body, _ := s.Innermost()
	found := false
	ast.Inspect(body, func(n ast.Node) bool {
		assign, ok := n.(*ast.AssignStmt)
		if ok && from <= assign.Pos() && assign.Pos() < to {
			found = found || slices.ContainsFunc(assign.Lhs, func(e ast.Expr) bool {
				id, ok := e.(*ast.Ident)
				return ok && s.Info.ObjectOf(id) == obj
			})
		}
		return !found
	})
	return found
}

// named returns the source that names the value, and the variable in it: the field that
// it is put into, and else a variable. The object around the field may not be complete.
func (s *site) named(stmt ast.Stmt) (string, *ast.Ident, error) {
	var e ast.Expr
	var id *ast.Ident
	if assign, _, ok := edit.Enclosing[*ast.AssignStmt](s.Site); ok && edit.Within(assign, s.Pos) {
		for _, left := range assign.Lhs {
			sel, ok := left.(*ast.SelectorExpr)
			if !ok {
				continue
			}
			of, ok := sel.X.(*ast.Ident)
			if e != nil || !ok {
				return "", nil, errors.New("the value has no simple name")
			}
			e, id = sel, of
		}
	}
	if e == nil {
		var err error
		if id, err = s.valueWith(stmt, s.Use); err != nil {
			return "", nil, err
		}
		e = id
	}
	method, _, _ := types.LookupFieldOrMethod(s.Info.TypeOf(e), true, s.Pkg, s.Use)
	if fn, ok := method.(*types.Func); !ok || fn.Signature().Params().Len() > 0 {
		return "", nil, errors.New(s.Use + " takes arguments, or is no method of " + types.ExprString(e))
	}
	return types.ExprString(e), id, nil
}

// deferClose ends the value when the function returns.
func (s *site) deferClose(stmt ast.Stmt, outer []ast.Node, call string) (edit.Fix, error) {
	assign, ok := stmt.(*ast.AssignStmt)
	if !ok || edit.InLoop(outer) {
		return edit.Fix{}, errors.New("the value is made in a loop")
	}
	last := stmt
	if problem := lastName(assign); problem != nil && edit.IsError(s.Info.TypeOf(problem)) {
		_, after := edit.Siblings(stmt, outer[0])
		if len(after) == 0 {
			return edit.Fix{}, errors.New("the error is not looked at")
		}
		check, ok := after[0].(*ast.IfStmt)
		if !ok || check.Init != nil || check.Else != nil || !s.IsNotNil(check.Cond, s.Info.ObjectOf(problem)) {
			return edit.Fix{}, errors.New("the error is not looked at")
		}
		last = check
	}
	return edit.Fix{Message: "defer " + call, Edits: []edit.TextEdit{s.Beneath(last, "defer "+call)}}, nil
}

func lastName(assign *ast.AssignStmt) *ast.Ident {
	if len(assign.Lhs) < 2 {
		return nil
	}
	id, _ := assign.Lhs[len(assign.Lhs)-1].(*ast.Ident)
	return id
}

// valueWith returns the variable that a statement declares or assigns and that
// has the method. If there is none, it is the only variable of the function with
// a type of this package that has it: the object that a constructor makes.
func (s *site) valueWith(stmt ast.Stmt, method string) (*ast.Ident, error) {
	has := func(id *ast.Ident) bool {
		obj := s.Info.ObjectOf(id)
		return obj != nil && id.Name != "_" && s.HasMethod(id, method)
	}
	if assign, ok := stmt.(*ast.AssignStmt); ok && edit.Within(stmt, s.Pos) {
		for _, left := range assign.Lhs {
			if id, ok := left.(*ast.Ident); ok && has(id) {
				return id, nil
			}
		}
	}
	_, body, _ := s.Innermost()
	var found *ast.Ident
	several := false
	ast.Inspect(body, func(n ast.Node) bool {
		assign, ok := n.(*ast.AssignStmt)
		if !ok || assign.Tok != token.DEFINE || assign.Pos() > s.Pos {
			return true
		}
		for _, left := range assign.Lhs {
			id, ok := left.(*ast.Ident)
			if !ok || !has(id) {
				continue
			}
			if name := s.TypeOfObject(id); name == nil || name.Pkg() != s.Pkg {
				continue
			}
			several = several || found != nil
			found = id
		}
		return true
	})
	if found == nil || several {
		return nil, errors.New("the value has no name")
	}
	return found, nil
}
