package wake

import (
	"errors"
	"go/ast"
	"go/token"
	"go/types"

	"github.com/killcheck/killcheck/passes/internal/fix/edit"
)

// raiseFlag sets the flag that ends a loop in the method that ends the object.
//
//	func (m *meter) Stop() {
//		                       m.stopped.Store(true)
//		m.reads.Store(0)
//	}
//
// The flag has to be atomic: a plain one would be set without a lock.
func raiseFlag(s *site) (edit.Fix, error) {
	stmt, _, _, err := s.LoopStmt()
	if err != nil {
		return edit.Fix{}, err
	}
	loop, ok := stmt.(*ast.ForStmt)
	if !ok || loop.Cond == nil {
		return edit.Fix{}, errors.New("no loop with a condition")
	}
	not, ok := ast.Unparen(loop.Cond).(*ast.UnaryExpr)
	if !ok || not.Op != token.NOT {
		return edit.Fix{}, errors.New("the condition tests more than the flag")
	}
	load, ok := ast.Unparen(not.X).(*ast.CallExpr)
	if !ok || len(load.Args) > 0 {
		return edit.Fix{}, errors.New("the flag is not atomic")
	}
	fun, ok := ast.Unparen(load.Fun).(*ast.SelectorExpr)
	if !ok || fun.Sel.Name != "Load" || !s.HasMethod(fun.X, "Store") {
		return edit.Fix{}, errors.New("the flag is not atomic")
	}
	flag, ok := ast.Unparen(fun.X).(*ast.SelectorExpr)
	if !ok {
		return edit.Fix{}, errors.New("the flag is no field")
	}
	owner := s.TypeOfObject(flag.X)
	if owner == nil {
		return edit.Fix{}, errors.New("the object has no type")
	}
	decl, recv, err := s.Ender(owner)
	if err != nil {
		return edit.Fix{}, err
	}
	call := recv + "." + flag.Sel.Name + ".Store(true)"
	change, err := s.Begin(decl.Body, call)
	if err != nil {
		return edit.Fix{}, err
	}
	return edit.Fix{Message: "set " + flag.Sel.Name + " in " + decl.Name.Name, Edits: []edit.TextEdit{change}}, nil
}

// done lets a goroutine tell the wait group that counts it of its end.
//
//	group.Add(1)
//	go work()
//
//	func work() {
//		            defer group.Done()
func done(s *site) (edit.Fix, error) {
	add, err := s.Place(s.At)
	if err != nil {
		return edit.Fix{}, err
	}
	call, outer, ok := edit.Enclosing[*ast.CallExpr](add.Site)
	if !ok || len(outer) < 2 {
		return edit.Fix{}, errors.New("no call of Add")
	}
	stmt, ok := outer[0].(*ast.ExprStmt)
	fun, ok2 := ast.Unparen(call.Fun).(*ast.SelectorExpr)
	if !ok || !ok2 || len(call.Args) != 1 || s.Source(call.Args[0].Pos(), call.Args[0].End()) != "1" || !s.IsPath(fun.X) {
		return edit.Fix{}, errors.New("it counts more than one")
	}
	_, after := edit.Siblings(stmt, outer[1])
	if len(after) == 0 {
		return edit.Fix{}, errors.New("no goroutine starts after it")
	}
	start, ok := after[0].(*ast.GoStmt)
	if !ok {
		return edit.Fix{}, errors.New("no goroutine starts after it")
	}
	group := s.Source(fun.X.Pos(), fun.X.End())
	fix := edit.Fix{Message: "call " + group + ".Done when the goroutine ends"}
	if lit, ok := ast.Unparen(start.Call.Fun).(*ast.FuncLit); ok {
		if !s.Same(fun.X, lit.Body.Lbrace+1) {
			return edit.Fix{}, errors.New("the group has another name in the goroutine")
		}
		change, err := s.Begin(lit.Body, "defer "+group+".Done()")
		fix.Edits = []edit.TextEdit{change}
		return fix, err
	}
	root := s.Root(fun.X)
	decl, _ := s.startedOnly(start.Call)
	if name := s.inMethod(decl, start.Call, fun.X); name != "" {
		change, err := s.Begin(decl.Body, "defer "+name+".Done()")
		fix.Edits = []edit.TextEdit{change}
		return fix, err
	}
	if decl == nil || root == nil || root.Parent() != s.Pkg.Scope() || !s.Same(fun.X, decl.Body.Lbrace+1) {
		return edit.Fix{}, errors.New("the group has no name in the function that runs")
	}
	change, err := s.Begin(decl.Body, "defer "+group+".Done()")
	fix.Edits = []edit.TextEdit{change}
	return fix, err
}

// inMethod returns the name that a field of an object has in the method of that object
// which the call runs; nothing if it is no field, or the receiver has no name.
func (s *site) inMethod(decl *ast.FuncDecl, call *ast.CallExpr, field ast.Expr) string {
	run, ok := ast.Unparen(call.Fun).(*ast.SelectorExpr)
	of, ok2 := ast.Unparen(field).(*ast.SelectorExpr)
	if !ok || !ok2 || decl == nil || decl.Recv == nil || s.Source(run.X.Pos(), run.X.End()) != s.Source(of.X.Pos(), of.X.End()) {
		return ""
	}
	names := decl.Recv.List[0].Names
	if _, pointer := decl.Recv.List[0].Type.(*ast.StarExpr); !pointer || len(names) != 1 || names[0].Name == "_" {
		return ""
	}
	return names[0].Name + "." + of.Sel.Name
}

// startedOnly returns the function of this file that a go statement calls, if
// that is its only use.
func (s *site) startedOnly(call *ast.CallExpr) (*ast.FuncDecl, error) {
	fn, ok := s.Info.Uses[edit.Name(call.Fun)].(*types.Func)
	if !ok {
		return nil, errors.New("no function is named")
	}
	decl := s.Declaration(fn)
	ids, elsewhere := s.UsesOf(fn)
	if decl == nil || elsewhere || len(ids) != 1 {
		return nil, errors.New("the function has other uses")
	}
	return decl, nil
}
