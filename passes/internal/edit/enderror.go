package edit

import (
	"errors"
	"go/ast"
	"go/token"
	"go/types"
	"slices"
	"strings"
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
func endError(s *site) (Fix, error) {
	if s.Use == "" {
		return roundAgain(s)
	}
	call, outer, ok := enclosing[*ast.CallExpr](s)
	if !ok || len(outer) == 0 {
		return Fix{}, errors.New("no call")
	}
	assign, ok := outer[0].(*ast.AssignStmt)
	if !ok || len(assign.Rhs) != 1 {
		return Fix{}, errNotAlone
	}
	id, ok := assign.Lhs[len(assign.Lhs)-1].(*ast.Ident)
	if !ok || id.Name == "_" || !isError(s.Info.TypeOf(id)) {
		return Fix{}, errors.New("the error has no name")
	}
	body, err := s.errorBranch(assign, outer[1:], id)
	if err != nil {
		return Fix{}, err
	}
	stmt, above := ast.Stmt(assign), outer[1:]
	pos := assign.End()
	if body != nil {
		pos = body.Lbrace + 1
	}
	names := &namer{File: s.File, pos: pos}
	isErr, err := names.packageAt("errors")
	if err != nil {
		return Fix{}, err
	}
	end, err := names.qualified(s.Use)
	if err != nil {
		return Fix{}, err
	}
	code, says, err := s.giveUp(above, names, id.Name)
	if err != nil {
		return Fix{}, err
	}
	lines := []string{"if " + isErr + ".Is(" + id.Name + ", " + end + ") {", "\t" + code, "}"}
	fix := Fix{
		Message: "return once " + end + " says that it was closed",
		Edits:   names.imports(),
		Exact:   says && s.handleStays(call) && !isDeferred(above) && !s.skipsEnd(stmt, above, body),
	}
	if body != nil {
		inner := s.indent(body.Rbrace) + "\t"
		fix.Edits = append(fix.Edits, s.after(body.Lbrace+1, inner, inner, lines...))
		return fix, nil
	}
	fix.Edits = append(fix.Edits, s.beneath(assign, lines...))
	return fix, nil
}

// skipsEnd is [site.skipsRelease] for a return at the start of the branch that
// deals with the error. What follows a branch that goes round the loop is not
// skipped: it runs only where there was no error.
func (s *site) skipsEnd(stmt ast.Stmt, outer []ast.Node, body *ast.BlockStmt) bool {
	if body == nil || !endsInContinue(body) {
		return s.skipsRelease(stmt, outer)
	}
	return slices.ContainsFunc(body.List, func(x ast.Stmt) bool { return s.endsRound(x, round(stmt, outer)) })
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
		if s.isNotNil(stmt.Cond, obj) {
			return stmt.Body, nil
		}
		return nil, errors.New("the error is not looked at first")
	}
	if !standsAlone(outer) {
		return nil, errNotAlone
	}
	_, after := siblings(assign, outer[0])
	for _, stmt := range after {
		if stmt, ok := stmt.(*ast.IfStmt); ok && stmt.Init == nil && s.isNotNil(stmt.Cond, obj) {
			return stmt.Body, nil
		}
		if obj == nil || s.uses(stmt, []types.Object{obj}) {
			break // it does something else with the error first
		}
	}
	return nil, nil
}

// isNotNil reports whether a condition is that the variable is not nil.
func (s *site) isNotNil(cond ast.Expr, obj types.Object) bool {
	cmp, ok := ast.Unparen(cond).(*ast.BinaryExpr)
	if !ok || cmp.Op != token.NEQ {
		return false
	}
	x, ok := ast.Unparen(cmp.X).(*ast.Ident)
	return ok && obj != nil && s.Info.Uses[x] == obj && s.Info.Types[cmp.Y].IsNil()
}

// handleStays reports whether what the call works on is the same in each round:
// then a close of it is the end.
func (s *site) handleStays(call *ast.CallExpr) bool {
	fun, ok := ast.Unparen(call.Fun).(*ast.SelectorExpr)
	return ok && s.isStable(fun.X)
}

// giveUp returns the statement that leaves the function with an error, and
// whether it says to the caller what happened.
func (s *site) giveUp(outer []ast.Node, names *namer, problem string) (code string, says bool, err error) {
	results, err := s.results(outer)
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
		case i == n-1 && isError(result.Type()) && problem != "":
			values[i], says = problem, true
		case s.means(result.Name(), result, names.pos):
			values[i] = result.Name()
		default:
			if values[i], err = names.zero(result.Type()); err != nil {
				return "", false, err
			}
		}
	}
	return "return " + strings.Join(values, ", "), says, nil
}

// roundAgain makes the branch of an if that finds such an error leave the
// function. Before, it went round the loop.
func roundAgain(s *site) (Fix, error) {
	stmt, outer, ok := enclosing[*ast.IfStmt](s)
	if !ok || !within(stmt.Cond, s.Pos) {
		return Fix{}, errors.New("no if")
	}
	problem, ok := s.comparedError(stmt.Cond)
	if !ok {
		return Fix{}, errors.New("the condition tests more than the error")
	}
	body := stmt.Body
	names := &namer{File: s.File, pos: body.Rbrace}
	code, says, err := s.giveUp(outer, names, problem)
	if err != nil {
		return Fix{}, err
	}
	fix := Fix{Message: "return on the error that says that the end has come", Edits: names.imports()}
	fix.Exact = says && !isDeferred(outer) && !s.skipsRelease(stmt, outer)
	if len(body.List) > 0 {
		last := body.List[len(body.List)-1]
		if branch, ok := last.(*ast.BranchStmt); ok && branch.Tok == token.CONTINUE {
			fix.Edits = append(fix.Edits, replace(branch.Pos(), branch.End(), code))
			return fix, nil
		}
		fix.Edits = append(fix.Edits, s.beneath(last, code))
		return fix, nil
	}
	edit, err := s.begin(body, code)
	fix.Edits = append(fix.Edits, edit)
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
			if v, ok := s.Info.Uses[id].(*types.Var); ok && isError(v.Type()) && v.Parent() != s.Pkg.Scope() {
				return id.Name, true
			}
		}
	}
	return "", false
}
