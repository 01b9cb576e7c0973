package edit

import (
	"errors"
	"go/ast"
	"go/token"
	"go/types"
)

// raiseFlag sets the flag that ends a loop in the method that ends the object.
//
//	func (m *meter) Stop() {
//		                       m.stopped.Store(true)
//		m.reads.Store(0)
//	}
//
// The flag has to be atomic: a plain one would be set without a lock.
func raiseFlag(s *site) (Fix, error) {
	stmt, _, _, err := s.loopStmt()
	if err != nil {
		return Fix{}, err
	}
	loop, ok := stmt.(*ast.ForStmt)
	if !ok || loop.Cond == nil {
		return Fix{}, errors.New("no loop with a condition")
	}
	not, ok := ast.Unparen(loop.Cond).(*ast.UnaryExpr)
	if !ok || not.Op != token.NOT {
		return Fix{}, errors.New("the condition tests more than the flag")
	}
	load, ok := ast.Unparen(not.X).(*ast.CallExpr)
	if !ok || len(load.Args) > 0 {
		return Fix{}, errors.New("the flag is not atomic")
	}
	fun, ok := ast.Unparen(load.Fun).(*ast.SelectorExpr)
	if !ok || fun.Sel.Name != "Load" || !s.hasMethod(fun.X, "Store") {
		return Fix{}, errors.New("the flag is not atomic")
	}
	flag, ok := ast.Unparen(fun.X).(*ast.SelectorExpr)
	if !ok {
		return Fix{}, errors.New("the flag is no field")
	}
	owner := s.typeOfObject(flag.X)
	if owner == nil {
		return Fix{}, errors.New("the object has no type")
	}
	decl, recv, err := s.ender(owner)
	if err != nil {
		return Fix{}, err
	}
	call := recv + "." + flag.Sel.Name + ".Store(true)"
	edit, err := s.begin(decl.Body, call)
	if err != nil {
		return Fix{}, err
	}
	return Fix{Message: "set " + flag.Sel.Name + " in " + decl.Name.Name, Edits: []textEdit{edit}}, nil
}

// done lets a goroutine tell the wait group that counts it of its end.
//
//	group.Add(1)
//	go work()
//
//	func work() {
//		            defer group.Done()
func done(s *site) (Fix, error) {
	add, err := s.at(s.At)
	if err != nil {
		return Fix{}, err
	}
	call, outer, ok := enclosing[*ast.CallExpr](add)
	if !ok || len(outer) < 2 {
		return Fix{}, errors.New("no call of Add")
	}
	stmt, ok := outer[0].(*ast.ExprStmt)
	fun, ok2 := ast.Unparen(call.Fun).(*ast.SelectorExpr)
	if !ok || !ok2 || len(call.Args) != 1 || s.text(call.Args[0].Pos(), call.Args[0].End()) != "1" || !s.isPath(fun.X) {
		return Fix{}, errors.New("it counts more than one")
	}
	_, after := siblings(stmt, outer[1])
	if len(after) == 0 {
		return Fix{}, errors.New("no goroutine starts after it")
	}
	start, ok := after[0].(*ast.GoStmt)
	if !ok {
		return Fix{}, errors.New("no goroutine starts after it")
	}
	group := s.text(fun.X.Pos(), fun.X.End())
	fix := Fix{Message: "call " + group + ".Done when the goroutine ends"}
	if lit, ok := ast.Unparen(start.Call.Fun).(*ast.FuncLit); ok {
		if !s.same(fun.X, lit.Body.Lbrace+1) {
			return Fix{}, errors.New("the group has another name in the goroutine")
		}
		edit, err := s.begin(lit.Body, "defer "+group+".Done()")
		fix.Edits = []textEdit{edit}
		return fix, err
	}
	root := s.root(fun.X)
	decl, _ := s.startedOnly(start.Call)
	if decl == nil || root == nil || root.Parent() != s.Pkg.Scope() || !s.same(fun.X, decl.Body.Lbrace+1) {
		return Fix{}, errors.New("the group has no name in the function that runs")
	}
	edit, err := s.begin(decl.Body, "defer "+group+".Done()")
	fix.Edits = []textEdit{edit}
	return fix, err
}

// startedOnly returns the function of this file that a go statement calls, if
// that is its only use.
func (s *site) startedOnly(call *ast.CallExpr) (*ast.FuncDecl, error) {
	var id *ast.Ident
	switch fun := ast.Unparen(call.Fun).(type) {
	case *ast.Ident:
		id = fun
	case *ast.SelectorExpr:
		id = fun.Sel
	}
	fn, ok := s.Info.Uses[id].(*types.Func)
	if !ok {
		return nil, errors.New("no function is named")
	}
	decl := s.declaration(fn)
	ids, elsewhere := s.usesOf(fn)
	if decl == nil || elsewhere || len(ids) != 1 {
		return nil, errors.New("the function has other uses")
	}
	return decl, nil
}
