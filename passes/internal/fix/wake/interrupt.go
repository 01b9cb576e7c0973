package wake

import (
	"errors"
	"go/ast"
	"go/token"
	"go/types"
	"go/version"
	"strings"

	"github.com/killcheck/killcheck/passes/internal/fix/edit"
)

// interrupt lets the stop end a call that waits on a handle: it closes the
// handle, or sets a deadline that has passed, which makes the call return an
// error.
//
//	     stop := context.AfterFunc(ctx, func() { ln.Close() })
//	     defer stop()
//	for {
//		conn, err := ln.Accept()
//
// A stop channel is waited for by a goroutine that ends with the function. The
// fix is never exact: whoever else uses the handle finds it closed.
func interrupt(s *site) (edit.Fix, error) {
	call, outer, ok := edit.Enclosing[*ast.CallExpr](s.Site)
	if !ok {
		return edit.Fix{}, errors.New("no call")
	}
	handle, err := s.handleOf(call)
	if err != nil {
		return edit.Fix{}, err
	}
	stmt, around, err := s.entry(handle, outer)
	if err != nil {
		return edit.Fix{}, err
	}
	if err := s.CheckStop(stmt.Pos()); err != nil {
		return edit.Fix{}, err
	}
	names := &edit.Namer{File: s.File, Pos: stmt.Pos()}
	action, err := s.wake(handle, names)
	if err != nil {
		return edit.Fix{}, err
	}
	lines, err := s.onStop(action, names)
	if err != nil {
		return edit.Fix{}, err
	}
	fix := edit.Fix{Message: "let " + s.Stop.Expr + " end " + s.Source(call.Fun.Pos(), call.Fun.End()) + " through " + s.Source(handle.Pos(), handle.End()) + "." + s.Wake}
	change, err := s.Above(stmt, around, lines...)
	if err != nil {
		return edit.Fix{}, err
	}
	fix.Edits = append(fix.Edits, change)
	leave, err := s.leaveRound(call, outer, names)
	if err != nil {
		return edit.Fix{}, err
	}
	fix.Edits = append(append(fix.Edits, leave.Edits...), names.Imports()...)
	return fix, nil
}

// handleOf returns the expression for the handle that the call waits on. If that
// only wraps the handle, as a buffered reader does, it is what the wrapper was
// made of.
func (s *site) handleOf(call *ast.CallExpr) (ast.Expr, error) {
	var e ast.Expr
	switch fun := ast.Unparen(call.Fun).(type) {
	case *ast.SelectorExpr:
		e = fun.X
	}
	if s.Arg >= 0 {
		if s.Arg >= len(call.Args) {
			return nil, errors.New("no such argument")
		}
		e = call.Args[s.Arg]
	}
	for range 4 {
		if e == nil {
			break
		}
		if s.HasMethod(e, s.Wake) {
			if !s.IsPath(e) {
				return nil, errors.New("the handle has no name")
			}
			return e, nil
		}
		e = s.wrapped(e)
	}
	return nil, errors.New("the handle has no " + s.Wake)
}

// wrapped returns what the value of an expression was made of: the only
// argument with methods in the call that declares the variable, or nil.
func (s *site) wrapped(e ast.Expr) ast.Expr {
	call, ok := ast.Unparen(e).(*ast.CallExpr)
	if id, isName := ast.Unparen(e).(*ast.Ident); isName {
		call, ok = s.definition(id), true
	}
	if !ok || call == nil {
		return nil
	}
	var found ast.Expr
	for _, arg := range call.Args {
		t := s.Info.TypeOf(arg)
		if t == nil || types.NewMethodSet(t).Len() == 0 {
			continue
		}
		if found != nil {
			return nil
		}
		found = arg
	}
	return found
}

// definition returns the call whose only result a variable of the function is
// declared with, if nothing else is ever assigned to it.
func (s *site) definition(id *ast.Ident) *ast.CallExpr {
	obj := s.Info.Uses[id]
	var found *ast.CallExpr
	_, body, _ := s.Innermost()
	if obj == nil || body == nil {
		return nil
	}
	writes := 0
	ast.Inspect(body, func(n ast.Node) bool {
		assign, ok := n.(*ast.AssignStmt)
		if !ok {
			return true
		}
		for _, left := range assign.Lhs {
			if l, ok := left.(*ast.Ident); ok && s.Info.ObjectOf(l) == obj {
				writes++
				if len(assign.Rhs) == 1 && len(assign.Lhs) == 1 && s.Info.Defs[l] == obj {
					found, _ = ast.Unparen(assign.Rhs[0]).(*ast.CallExpr)
				}
			}
		}
		return true
	})
	if writes != 1 {
		return nil
	}
	return found
}

// entry returns the statement before which the stop is tied to the handle: the
// outermost loop around the call that the handle stays the same in, or else the
// statement of the call.
func (s *site) entry(handle ast.Expr, outer []ast.Node) (ast.Stmt, []ast.Node, error) {
	stmt, around, err := s.Statement()
	if err != nil {
		return nil, nil, err
	}
	for i, n := range outer {
		if edit.IsFunc(n) {
			break
		}
		if loop, ok := n.(ast.Stmt); ok && edit.IsLoop(n) {
			if !s.Same(handle, loop.Pos()) || !edit.StandsAlone(outer[i+1:]) {
				return nil, nil, errors.New("the handle is made in the loop")
			}
			stmt, around = loop, outer[i+1:]
		}
	}
	if !s.Same(handle, edit.First(stmt, around)) {
		return nil, nil, errors.New("the handle has another name here")
	}
	if s.mayBeNil(handle, stmt.Pos()) {
		return nil, nil, errors.New("the handle may be missing when the stop comes")
	}
	if !s.sameStop(stmt.Pos()) {
		return nil, nil, errors.New("the stop has another name here")
	}
	return stmt, around, nil
}

// sameStop reports whether the stop means the same at pos as at the remedy.
func (s *site) sameStop(pos token.Pos) bool {
	root, _, _ := strings.Cut(s.Stop.Expr, ".")
	root = strings.TrimSuffix(root, "()")
	if !token.IsIdentifier(root) {
		return true // it names nothing
	}
	here := s.Lookup(root, s.Pos)
	return here != nil && s.Lookup(root, pos) == here
}

// wake returns the statement that ends the wait.
func (s *site) wake(handle ast.Expr, names *edit.Namer) (string, error) {
	t := s.Info.TypeOf(handle)
	obj, _, _ := types.LookupFieldOrMethod(t, true, s.Pkg, s.Wake)
	method, ok := obj.(*types.Func)
	if !ok {
		return "", errors.New("no method " + s.Wake)
	}
	params := method.Signature().Params()
	text := s.Source(handle.Pos(), handle.End()) + "." + s.Wake
	switch {
	case params.Len() == 0:
		return text + "()", nil
	case params.Len() == 1 && types.TypeString(params.At(0).Type(), nil) == "time.Time":
		clock, err := names.PackageAt("time")
		return text + "(" + clock + ".Now())", err
	}
	return "", errors.New("no arguments for " + s.Wake)
}

// onStop returns the lines that run the action on the stop, and give it up when
// the function returns.
func (s *site) onStop(action string, names *edit.Namer) ([]string, error) {
	fn := s.Function()
	v := s.Info.FileVersions[s.Syntax]
	if s.Stop.Ctx != "" && !(version.IsValid(v) && version.Compare(v, "go1.21") < 0) {
		context, err := names.PackageAt("context")
		if err != nil {
			return nil, err
		}
		stop := edit.Fresh(fn, "stop")
		return []string{
			stop + " := " + context + ".AfterFunc(" + s.Stop.Ctx + ", func() { " + action + " })",
			"defer " + stop + "()",
		}, nil
	}
	ended := edit.Fresh(fn, "ended")
	return []string{
		ended + " := make(chan struct{})",
		"defer close(" + ended + ")",
		"go func() {",
		"\tselect {",
		"\tcase <-" + s.Stop.Expr + ":",
		"\t\t" + action,
		"\tcase <-" + ended + ":",
		"\t}",
		"}()",
	}, nil
}

// leaveRound returns the edit that makes the loop around the call leave once the
// stop has come, where it would go round again on the error of the call.
func (s *site) leaveRound(call *ast.CallExpr, outer []ast.Node, names *edit.Namer) (edit.Fix, error) {
	if !edit.InLoop(outer) {
		return edit.Fix{}, nil
	}
	assign, ok := outer[0].(*ast.AssignStmt)
	if !ok {
		return edit.Fix{}, nil // the loop tests what it returns
	}
	id, ok := assign.Lhs[len(assign.Lhs)-1].(*ast.Ident)
	if !ok || !edit.IsError(s.Info.TypeOf(call)) && !endsInError(s.Info.TypeOf(call)) {
		return edit.Fix{}, nil
	}
	if id.Name == "_" {
		return edit.Fix{}, errors.New("the error is not looked at")
	}
	body, err := s.errorBranch(assign, outer[1:], id)
	if err != nil || body == nil {
		return edit.Fix{}, errors.New("the error is not looked at")
	}
	if leavesAlways(body) || s.looksFirst(outer) && endsInContinue(body) {
		return edit.Fix{}, nil
	}
	at := &edit.Namer{File: s.File, Pos: body.Lbrace + 1}
	problem := id.Name
	code, _, err := s.giveUp(outer[1:], at, problem)
	if err != nil {
		return edit.Fix{}, err
	}
	inner := s.Indent(body.Rbrace) + "\t"
	var lines []string
	if s.Stop.Ctx != "" {
		lines = []string{"if " + s.Stop.Ctx + ".Err() != nil {", "\t" + code, "}"}
	} else {
		lines = []string{"select {", "case <-" + s.Stop.Expr + ":", "\t" + code, "default:", "}"}
	}
	return edit.Fix{Edits: append(at.Imports(), s.After(body.Lbrace+1, inner, inner, lines...))}, nil
}

// looksFirst reports whether the loop around the call looks at the stop before
// each round: in its condition, or in a select that comes first.
func (s *site) looksFirst(outer []ast.Node) bool {
	for _, n := range outer {
		loop, ok := n.(*ast.ForStmt)
		if !ok {
			if edit.IsLoop(n) || edit.IsFunc(n) {
				break
			}
			continue
		}
		if cond := loop.Cond; cond != nil && s.Stop.Ctx != "" && strings.Contains(s.Source(cond.Pos(), cond.End()), s.Stop.Ctx+".Err()") {
			return true
		}
		if len(loop.Body.List) == 0 {
			return false
		}
		sel, ok := loop.Body.List[0].(*ast.SelectStmt)
		return ok && s.HasCase(sel)
	}
	return false
}

func endsInError(t types.Type) bool {
	tuple, ok := t.(*types.Tuple)
	return ok && tuple.Len() > 0 && edit.IsError(tuple.At(tuple.Len()-1).Type())
}

// leavesAlways reports whether a block ends by leaving the function or the loop
// and holds no continue.
func leavesAlways(body *ast.BlockStmt) bool {
	if len(body.List) == 0 {
		return false
	}
	again := false
	ast.Inspect(body, func(n ast.Node) bool {
		switch n := n.(type) {
		case *ast.FuncLit:
			return false
		case *ast.BranchStmt:
			again = again || n.Tok == token.CONTINUE || n.Tok == token.GOTO
		}
		return true
	})
	if again {
		return false
	}
	switch last := body.List[len(body.List)-1].(type) {
	case *ast.ReturnStmt:
		return true
	case *ast.BranchStmt:
		return last.Tok == token.BREAK
	}
	return false
}
