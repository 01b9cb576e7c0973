package edit

import (
	"errors"
	"go/ast"
	"go/token"
)

var errNotAlone = errors.New("the operation is part of a larger statement")

// send makes a send give way to the stop. The channel and the value are
// evaluated once on entering the select, as before.
func send(s *site) (Fix, error) {
	stmt, outer, ok := enclosing[*ast.SendStmt](s)
	if !ok {
		return Fix{}, errors.New("no send")
	}
	if isComm(stmt, outer) {
		return selectCase(s)
	}
	if !standsAlone(outer) {
		return Fix{}, errNotAlone
	}
	out, err := s.leaveWait(stmt, outer)
	if err != nil {
		return Fix{}, err
	}
	return Fix{
		Message: "let " + s.Stop.Expr + " end the send",
		Edits:   s.inSelect(stmt, out),
		Exact:   out.exact,
	}, nil
}

// recv makes a receive give way to the stop. Variables that the statement
// declares are declared in front of the select.
//
//	v := <-ch
//	---------
//	var v T
//	select {
//	case v = <-ch:
//	case <-ctx.Done():
//		return
//	}
func recv(s *site) (Fix, error) {
	op, outer, ok := enclosing[*ast.UnaryExpr](s)
	for ok && op.Op != token.ARROW {
		s = &site{File: s.File, Remedy: s.Remedy, path: outer}
		op, outer, ok = enclosing[*ast.UnaryExpr](s)
	}
	if !ok || len(outer) == 0 {
		return Fix{}, errors.New("no receive")
	}
	stmt, ok := outer[0].(ast.Stmt)
	if !ok {
		return Fix{}, errNotAlone
	}
	outer = outer[1:]
	if isComm(stmt, outer) {
		return selectCase(s)
	}
	if !standsAlone(outer) {
		return Fix{}, errNotAlone
	}
	out, err := s.leaveWait(stmt, outer)
	if err != nil {
		return Fix{}, err
	}
	fix := Fix{Message: "let " + s.Stop.Expr + " end the receive", Exact: out.exact}
	switch stmt := stmt.(type) {
	case *ast.ExprStmt:
		fix.Edits = s.inSelect(stmt, out)
		return fix, nil
	case *ast.AssignStmt:
		return s.recvAssign(fix, stmt, out)
	}
	return Fix{}, errNotAlone
}

func (s *site) recvAssign(fix Fix, stmt *ast.AssignStmt, out way) (Fix, error) {
	if stmt.Tok == token.ASSIGN {
		for _, left := range stmt.Lhs {
			if !isPlain(left) {
				return Fix{}, errors.New("the receive would come before the left side")
			}
		}
		fix.Edits = s.inSelect(stmt, out)
		return fix, nil
	}
	if stmt.Tok != token.DEFINE {
		return Fix{}, errNotAlone
	}
	names := &namer{File: s.File, pos: stmt.Pos()}
	var declared []string
	for _, left := range stmt.Lhs {
		id, ok := left.(*ast.Ident)
		if !ok {
			return Fix{}, errNotAlone
		}
		obj := s.Info.Defs[id]
		if obj == nil || id.Name == "_" {
			continue // declared before, or nothing to declare
		}
		t, err := names.typeName(obj.Type())
		if err != nil {
			return Fix{}, err
		}
		declared = append(declared, "var "+id.Name+" "+t)
	}
	fix.Edits = append(s.inSelect(stmt, out, declared...), replace(stmt.TokPos, stmt.TokPos+2, "="))
	fix.Edits = append(fix.Edits, names.imports()...)
	return fix, nil
}

// isPlain reports whether evaluating a left side does nothing and cannot fail:
// a select evaluates it after the receive, an assignment before.
func isPlain(e ast.Expr) bool {
	switch e := ast.Unparen(e).(type) {
	case *ast.Ident:
		return true
	case *ast.SelectorExpr:
		_, ok := ast.Unparen(e.X).(*ast.Ident)
		return ok
	}
	return false
}

// sleep makes a sleep give way to the stop.
//
//	             time.Sleep(d)
//	------------      -----
//	select {
//	case       <-time.After(d):
//	case <-ctx.Done():
//		return
//	}
func sleep(s *site) (Fix, error) {
	call, outer, ok := enclosing[*ast.CallExpr](s)
	if !ok || len(outer) == 0 {
		return Fix{}, errors.New("no call")
	}
	stmt, ok := outer[0].(*ast.ExprStmt)
	if !ok || !standsAlone(outer[1:]) {
		return Fix{}, errNotAlone
	}
	fun, ok := call.Fun.(*ast.SelectorExpr)
	if !ok || fun.Sel.Name != "Sleep" {
		return Fix{}, errors.New("no qualified call of Sleep")
	}
	out, err := s.leaveWait(stmt, outer[1:])
	if err != nil {
		return Fix{}, err
	}
	edits := s.inSelect(stmt, out)
	return Fix{
		Message: "let " + s.Stop.Expr + " end the sleep",
		Edits:   append(edits, replace(fun.Pos(), fun.End(), "<-"+s.text(fun.Pos(), fun.Sel.Pos())+"After")),
		Exact:   out.exact,
	}, nil
}
