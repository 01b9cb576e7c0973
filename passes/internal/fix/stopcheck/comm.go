package stopcheck

import (
	"errors"
	"go/ast"
	"go/token"
	"go/types"
	"slices"

	"github.com/killcheck/killcheck/passes/internal/fix/edit"
)

// send makes a send give way to the stop. The channel and the value are
// evaluated once on entering the select, as before.
func send(s *site) (edit.Fix, error) {
	stmt, outer, ok := edit.Enclosing[*ast.SendStmt](s.Site)
	if !ok {
		return edit.Fix{}, errors.New("no send")
	}
	if edit.IsComm(stmt, outer) {
		return selectCase(s)
	}
	if !edit.StandsAlone(outer) {
		return edit.Fix{}, edit.ErrNotAlone
	}
	if s.ownsAnswer(stmt, outer) {
		return edit.Fix{}, errors.New("somebody waits for the answer on a channel that the value holds")
	}
	if s.tellsOfStop(stmt) {
		return edit.Fix{}, errors.New("the send tells of the error that the stop causes, and might not be made")
	}
	out, err := s.LeaveWait(stmt, outer)
	if err != nil {
		return edit.Fix{}, err
	}
	return edit.Fix{
		Message: "let " + s.Stop.Expr + " end the send",
		Edits:   s.inSelect(stmt, out),
		Exact:   out.Exact,
	}, nil
}

// ownsAnswer reports whether the value that is sent holds a channel on which somebody
// else waits for the answer: the function that sends has not made it.
func (s *site) ownsAnswer(stmt *ast.SendStmt, outer []ast.Node) bool {
	t := s.Info.TypeOf(stmt.Value)
	if p, ok := t.Underlying().(*types.Pointer); ok {
		t = p.Elem()
	}
	st, ok := t.Underlying().(*types.Struct)
	if !ok {
		return false
	}
	holds := false
	for f := range st.Fields() {
		_, isChan := f.Type().Underlying().(*types.Chan)
		holds = holds || isChan
	}
	i := slices.IndexFunc(outer, edit.IsFunc)
	if !holds || i < 0 {
		return false
	}
	made := false
	ast.Inspect(outer[i], func(n ast.Node) bool {
		if call, ok := n.(*ast.CallExpr); ok && s.Info.Types[call.Fun].IsBuiltin() {
			_, isChan := s.Info.TypeOf(call).(*types.Chan)
			made = made || isChan
		}
		return !made
	})
	return !made
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
func recv(s *site) (edit.Fix, error) {
	op, outer, ok := edit.Enclosing[*ast.UnaryExpr](s.Site)
	for ok && op.Op != token.ARROW {
		s = &site{&edit.Site{File: s.File, Remedy: s.Remedy, Path: outer}}
		op, outer, ok = edit.Enclosing[*ast.UnaryExpr](s.Site)
	}
	if !ok || len(outer) == 0 {
		return edit.Fix{}, errors.New("no receive")
	}
	stmt, ok := outer[0].(ast.Stmt)
	if assign, isAssign := stmt.(*ast.AssignStmt); !ok || isAssign && assign.Tok != token.ASSIGN && assign.Tok != token.DEFINE {
		return s.recvWithin(op, outer)
	}
	outer = outer[1:]
	if edit.IsComm(stmt, outer) {
		return selectCase(s)
	}
	if !edit.StandsAlone(outer) {
		return edit.Fix{}, edit.ErrNotAlone
	}
	out, err := s.LeaveWait(stmt, outer)
	if err != nil {
		return edit.Fix{}, err
	}
	fix := edit.Fix{Message: "let " + s.Stop.Expr + " end the receive", Exact: out.Exact}
	switch stmt := stmt.(type) {
	case *ast.ExprStmt:
		fix.Edits = s.inSelect(stmt, out)
		return fix, nil
	case *ast.AssignStmt:
		return s.recvAssign(fix, stmt, out)
	}
	return edit.Fix{}, edit.ErrNotAlone
}

func (s *site) recvAssign(fix edit.Fix, stmt *ast.AssignStmt, out edit.Way) (edit.Fix, error) {
	if stmt.Tok == token.ASSIGN {
		for _, left := range stmt.Lhs {
			if !edit.IsPlain(left) {
				return edit.Fix{}, errors.New("the receive would come before the left side")
			}
		}
		fix.Edits = s.inSelect(stmt, out)
		return fix, nil
	}
	if stmt.Tok != token.DEFINE {
		return edit.Fix{}, edit.ErrNotAlone
	}
	names := &edit.Namer{File: s.File, Pos: stmt.Pos()}
	var declared []string
	for _, left := range stmt.Lhs {
		id, ok := left.(*ast.Ident)
		if !ok {
			return edit.Fix{}, edit.ErrNotAlone
		}
		obj := s.Info.Defs[id]
		if obj == nil || id.Name == "_" {
			continue // declared before, or nothing to declare
		}
		t, err := names.TypeName(obj.Type())
		if err != nil {
			return edit.Fix{}, err
		}
		declared = append(declared, "var "+id.Name+" "+t)
	}
	fix.Edits = append(s.inSelect(stmt, out, declared...), edit.Replace(stmt.TokPos, stmt.TokPos+2, "="))
	fix.Edits = append(fix.Edits, names.Imports()...)
	return fix, nil
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
func sleep(s *site) (edit.Fix, error) {
	call, outer, ok := edit.Enclosing[*ast.CallExpr](s.Site)
	if !ok || len(outer) == 0 {
		return edit.Fix{}, errors.New("no call")
	}
	stmt, ok := outer[0].(*ast.ExprStmt)
	if !ok || !edit.StandsAlone(outer[1:]) {
		return edit.Fix{}, edit.ErrNotAlone
	}
	fun, ok := call.Fun.(*ast.SelectorExpr)
	if !ok || fun.Sel.Name != "Sleep" {
		return edit.Fix{}, errors.New("no qualified call of Sleep")
	}
	out, err := s.LeaveWait(stmt, outer[1:])
	if err != nil {
		return edit.Fix{}, err
	}
	edits := s.inSelect(stmt, out)
	return edit.Fix{
		Message: "let " + s.Stop.Expr + " end the sleep",
		Edits:   append(edits, edit.Replace(fun.Pos(), fun.End(), "<-"+s.Source(fun.Pos(), fun.Sel.Pos())+"After")),
		Exact:   out.Exact,
	}, nil
}
