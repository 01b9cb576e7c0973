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

// endError makes a loop leave on the error that says that its handle was closed.
//
//	conn, err := ln.Accept()
//	if err != nil {
//		             if errors.Is(err, net.ErrClosed) {
//		             	return
//		             }
//		log.Print(err)
//		continue
//	}
//
// Without an error to look for, the remedy stands in the condition of an if that
// looks for one already, and goes round the loop after it.
func endError(s *site) (edit.Fix, error) {
	if s.Use == "" {
		return roundAgain(s)
	}
	call, outer, ok := edit.Enclosing[*ast.CallExpr](s.Site)
	if !ok || len(outer) == 0 {
		return edit.Fix{}, errors.New("no call")
	}
	assign, ok := outer[0].(*ast.AssignStmt)
	if !ok || len(assign.Rhs) != 1 {
		return edit.Fix{}, edit.ErrNotAlone
	}
	id, ok := assign.Lhs[len(assign.Lhs)-1].(*ast.Ident)
	if !ok || id.Name == "_" || !edit.IsError(s.Info.TypeOf(id)) {
		return edit.Fix{}, errors.New("the error has no name")
	}
	body, err := s.errorBranch(assign, outer[1:], id)
	if err != nil {
		return edit.Fix{}, err
	}
	stmt, above := ast.Stmt(assign), outer[1:]
	pos := assign.End()
	if body != nil {
		pos = body.Lbrace + 1
	}
	names := &edit.Namer{File: s.File, Pos: pos}
	isErr, err := names.PackageAt("errors")
	if err != nil {
		return edit.Fix{}, err
	}
	end, err := names.Qualified(s.Use)
	if err != nil {
		return edit.Fix{}, err
	}
	code, says, err := s.giveUp(above, names, id.Name)
	if err != nil {
		return edit.Fix{}, err
	}
	lines := []string{"if " + isErr + ".Is(" + id.Name + ", " + end + ") {", "\t" + code, "}"}
	fix := edit.Fix{
		Message: "return once " + end + " says that it was closed",
		Edits:   names.Imports(),
		Exact:   says && s.handleStays(call) && !edit.IsDeferred(above) && !s.skipsEnd(stmt, above, body),
	}
	if body != nil {
		inner := s.Indent(body.Rbrace) + "\t"
		fix.Edits = append(fix.Edits, s.After(body.Lbrace+1, inner, inner, lines...))
		return fix, nil
	}
	fix.Edits = append(fix.Edits, s.Beneath(assign, lines...))
	return fix, nil
}

// skipsEnd is [site.skipsRelease] for a return at the start of the branch that
// deals with the error. What follows a branch that goes round the loop is not
// skipped: it runs only where there was no error.
func (s *site) skipsEnd(stmt ast.Stmt, outer []ast.Node, body *ast.BlockStmt) bool {
	if body == nil || !endsInContinue(body) {
		return s.SkipsRelease(stmt, outer)
	}
	return slices.ContainsFunc(body.List, func(x ast.Stmt) bool { return s.EndsRound(x, edit.Round(stmt, outer)) })
}

func endsInContinue(body *ast.BlockStmt) bool {
	if len(body.List) == 0 {
		return false
	}
	branch, ok := body.List[len(body.List)-1].(*ast.BranchStmt)
	return ok && branch.Tok == token.CONTINUE
}

// errorBranch returns the body of the if that deals with the error of an
// assignment, or nil if the test can stand below the assignment.
func (s *site) errorBranch(assign *ast.AssignStmt, outer []ast.Node, id *ast.Ident) (*ast.BlockStmt, error) {
	obj := s.Info.ObjectOf(id)
	if stmt, ok := outer[0].(*ast.IfStmt); ok && stmt.Init == ast.Stmt(assign) {
		if s.IsNotNil(stmt.Cond, obj) {
			return stmt.Body, nil
		}
		return nil, errors.New("the error is not looked at first")
	}
	if !edit.StandsAlone(outer) {
		return nil, edit.ErrNotAlone
	}
	_, after := edit.Siblings(assign, outer[0])
	for _, stmt := range after {
		if stmt, ok := stmt.(*ast.IfStmt); ok && stmt.Init == nil && s.IsNotNil(stmt.Cond, obj) {
			return stmt.Body, nil
		}
		if obj == nil || s.Uses(stmt, []types.Object{obj}) {
			break // it does something else with the error first
		}
	}
	return nil, nil
}

// handleStays reports whether what the call works on is the same in each round:
// then a close of it is the end.
func (s *site) handleStays(call *ast.CallExpr) bool {
	fun, ok := ast.Unparen(call.Fun).(*ast.SelectorExpr)
	return ok && s.IsStable(fun.X)
}

// giveUp returns the statement that leaves the function with an error, and
// whether it says to the caller what happened.
func (s *site) giveUp(outer []ast.Node, names *edit.Namer, problem string) (code string, says bool, err error) {
	results, err := s.Results(outer)
	if err != nil {
		return "", false, err
	}
	n := results.Len()
	if n == 0 {
		return "return", true, nil
	}
	values := make([]string, n)
	for i := range values {
		result := results.At(i)
		switch {
		case i == n-1 && edit.IsError(result.Type()) && problem != "":
			values[i], says = problem, true
		case s.Means(result.Name(), result, names.Pos):
			values[i] = result.Name()
		default:
			if values[i], err = names.Zero(result.Type()); err != nil {
				return "", false, err
			}
		}
	}
	return "return " + strings.Join(values, ", "), says, nil
}

// roundAgain makes the branch of an if that finds such an error leave the
// function. Before, it went round the loop.
func roundAgain(s *site) (edit.Fix, error) {
	stmt, outer, ok := edit.Enclosing[*ast.IfStmt](s.Site)
	if !ok || !edit.Within(stmt.Cond, s.Pos) {
		return edit.Fix{}, errors.New("no if")
	}
	problem, ok := s.comparedError(stmt.Cond)
	if !ok {
		return edit.Fix{}, errors.New("the condition tests more than the error")
	}
	body := stmt.Body
	names := &edit.Namer{File: s.File, Pos: body.Rbrace}
	code, says, err := s.giveUp(outer, names, problem)
	if err != nil {
		return edit.Fix{}, err
	}
	fix := edit.Fix{Message: "return on the error that says that the end has come", Edits: names.Imports()}
	fix.Exact = says && !edit.IsDeferred(outer) && !s.SkipsRelease(stmt, outer)
	if len(body.List) > 0 {
		last := body.List[len(body.List)-1]
		if branch, ok := last.(*ast.BranchStmt); ok && branch.Tok == token.CONTINUE {
			fix.Edits = append(fix.Edits, edit.Replace(branch.Pos(), branch.End(), code))
			return fix, nil
		}
		fix.Edits = append(fix.Edits, s.Beneath(last, code))
		return fix, nil
	}
	change, err := s.Begin(body, code)
	fix.Edits = append(fix.Edits, change)
	return fix, err
}

// comparedError returns the name of the error that a condition compares with
// another one, and with nothing else.
func (s *site) comparedError(cond ast.Expr) (string, bool) {
	var sides []ast.Expr
	switch cond := ast.Unparen(cond).(type) {
	case *ast.BinaryExpr:
		if cond.Op != token.EQL {
			return "", false
		}
		sides = []ast.Expr{cond.X, cond.Y}
	case *ast.CallExpr:
		sides = cond.Args
	}
	for _, side := range sides {
		if id, ok := ast.Unparen(side).(*ast.Ident); ok {
			if v, ok := s.Info.Uses[id].(*types.Var); ok && edit.IsError(v.Type()) && v.Parent() != s.Pkg.Scope() {
				return id.Name, true
			}
		}
	}
	return "", false
}
