package edit

import (
	"errors"
	"go/ast"
	"go/token"
	"go/types"
	"slices"
)

// release does before a return what the other paths do: it gives a lock back, or
// closes what was opened.
//
//	case <-ctx.Done():
//		               mu.Unlock()
//		return ctx.Err()
//
// The text is that of the call on the other path. There is no fix if what is
// returned may be computed from what the call gives up.
func release(s *site) (Fix, error) {
	from, err := s.at(s.At)
	if err != nil {
		return Fix{}, err
	}
	call, _, ok := enclosing[*ast.CallExpr](from)
	if !ok {
		return Fix{}, errors.New("no call to repeat")
	}
	a, _, _ := from.innermost()
	b, _, _ := s.innermost()
	if a != b || !s.same(call, s.Pos) {
		return Fix{}, errors.New("the call means something else at the return")
	}
	text := s.text(call.Pos(), call.End())
	edit, simple, err := s.beforeReturn(text)
	if err != nil {
		return Fix{}, err
	}
	if !simple {
		return Fix{}, errors.New("the results are computed at the return")
	}
	return Fix{Message: "call " + text + " before the return", Edits: []textEdit{edit}, Exact: true}, nil
}

// beforeReturn returns the edit that puts a line above the return at the site,
// or in front of the closing brace of the function. simple is true if the
// results are constants, variables of the function, or errors.
func (s *site) beforeReturn(line string) (edit textEdit, simple bool, err error) {
	if ret, outer, ok := enclosing[*ast.ReturnStmt](s); ok {
		if !standsAlone(outer) {
			return edit, false, errNotAlone
		}
		edit, err = s.above(ret, outer, line)
		return edit, !slices.ContainsFunc(ret.Results, func(e ast.Expr) bool { return !s.isFixedResult(e) }), err
	}
	_, body, _ := s.innermost()
	if body == nil || s.Pos != body.Rbrace || !s.firstOnLine(body.Rbrace) {
		return edit, false, errors.New("no return")
	}
	return insert(s.lineStart(body.Rbrace), s.indent(body.Rbrace)+"\t"+line+"\n"), true, nil
}

// isFixedResult reports whether an expression has the same value whatever is
// released before it: a constant, a variable of the function, an error of a
// package, a call of Err, or a call of a package's function with such arguments.
func (s *site) isFixedResult(e ast.Expr) bool {
	if s.Info.Types[e].Value != nil || s.Info.Types[e].IsNil() || isEmptyStruct(e) {
		return true
	}
	switch e := ast.Unparen(e).(type) {
	case *ast.Ident:
		obj := s.Info.Uses[e]
		return s.isLocal(e) || obj != nil && isError(obj.Type())
	case *ast.SelectorExpr:
		id, ok := e.X.(*ast.Ident)
		if !ok {
			return false
		}
		_, isPackage := s.Info.Uses[id].(*types.PkgName)
		return isPackage
	case *ast.CallExpr:
		fun, ok := ast.Unparen(e.Fun).(*ast.SelectorExpr)
		if !ok || slices.ContainsFunc(e.Args, func(e ast.Expr) bool { return !s.isFixedResult(e) }) {
			return false
		}
		return s.isFixedResult(fun) || len(e.Args) == 0 && fun.Sel.Name == "Err" && isError(s.Info.TypeOf(e))
	}
	return false
}

// closeValue ends a value that a function drops: by a defer where it is made if
// nothing ever ends it, and otherwise before the returns that drop it.
//
//	w, err := newWatcher(dir)
//	if err != nil {
//		return err
//	}
//	                 defer w.Close()
func closeValue(s *site) (Fix, error) {
	stmt, outer, err := s.statement()
	if err != nil {
		return Fix{}, err
	}
	id, err := s.valueWith(stmt, s.Use)
	if err != nil {
		return Fix{}, err
	}
	obj := s.Info.ObjectOf(id)
	method, _, _ := types.LookupFieldOrMethod(obj.Type(), true, s.Pkg, s.Use)
	if fn, ok := method.(*types.Func); !ok || fn.Signature().Params().Len() > 0 {
		return Fix{}, errors.New(s.Use + " takes arguments")
	}
	call := id.Name + "." + s.Use + "()"
	if len(s.Ats) == 0 {
		return s.deferClose(stmt, outer, call)
	}
	fix := Fix{Message: "call " + call + " before the returns that drop it"}
	for _, pos := range s.Ats {
		at, err := s.at(pos)
		if err != nil {
			return Fix{}, err
		}
		at.Pos = pos
		if !s.means(id.Name, obj, pos) {
			return Fix{}, errors.New("the value has no name at a return")
		}
		if ret, _, ok := enclosing[*ast.ReturnStmt](at); ok && slices.ContainsFunc(ret.Results, func(e ast.Expr) bool { return s.uses(e, []types.Object{obj}) }) {
			return Fix{}, errors.New("a result is computed from the value")
		}
		edit, _, err := at.beforeReturn(call)
		if err != nil {
			return Fix{}, err
		}
		fix.Edits = append(fix.Edits, edit)
	}
	return fix, nil
}

// deferClose ends the value when the function returns.
func (s *site) deferClose(stmt ast.Stmt, outer []ast.Node, call string) (Fix, error) {
	assign, ok := stmt.(*ast.AssignStmt)
	if !ok || inLoop(outer) {
		return Fix{}, errors.New("the value is made in a loop")
	}
	last := stmt
	if problem := lastName(assign); problem != nil && isError(s.Info.TypeOf(problem)) {
		_, after := siblings(stmt, outer[0])
		if len(after) == 0 {
			return Fix{}, errors.New("the error is not looked at")
		}
		check, ok := after[0].(*ast.IfStmt)
		if !ok || check.Init != nil || check.Else != nil || !s.isNotNil(check.Cond, s.Info.ObjectOf(problem)) {
			return Fix{}, errors.New("the error is not looked at")
		}
		last = check
	}
	return Fix{Message: "defer " + call, Edits: []textEdit{s.beneath(last, "defer "+call)}}, nil
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
		return obj != nil && id.Name != "_" && s.hasMethod(id, method)
	}
	if assign, ok := stmt.(*ast.AssignStmt); ok && within(stmt, s.Pos) {
		for _, left := range assign.Lhs {
			if id, ok := left.(*ast.Ident); ok && has(id) {
				return id, nil
			}
		}
	}
	_, body, _ := s.innermost()
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
			if name := s.typeOfObject(id); name == nil || name.Pkg() != s.Pkg {
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

// forward gives a call the context of the function that started the goroutine,
// in place of one that nobody cancels.
//
//	go func() {
//		poll(context.Background())
//		     --------------------
//		     ctx
//	}()
func forward(s *site) (Fix, error) {
	if s.Stop.Ctx == "" {
		return s.forwardGroup()
	}
	made, err := s.at(s.At)
	if err != nil {
		return Fix{}, err
	}
	call, outer, ok := enclosing[*ast.CallExpr](made)
	if !ok || len(call.Args) > 0 {
		return Fix{}, errors.New("the context is not made by a call without arguments")
	}
	root, err := s.rootOf(s.Stop.Ctx)
	if err != nil {
		return Fix{}, err
	}
	if s.lookup(root, call.Pos()) == nil || s.lookup(root, call.Pos()) != s.lookup(root, s.Spawn) {
		return Fix{}, errors.New(s.Stop.Ctx + " has no name where the context is made")
	}
	if !s.otherUses(call) {
		return Fix{}, errors.New("the package of the context would be unused")
	}
	fix := Fix{Message: "hand on " + s.Stop.Ctx}
	if assign, ok := outer[0].(*ast.AssignStmt); ok && len(assign.Lhs) == 1 && assign.Tok == token.DEFINE {
		if id, ok := assign.Lhs[0].(*ast.Ident); ok && id.Name == s.Stop.Ctx {
			return Fix{}, errors.New("the new context has the name of the old one")
		}
	}
	fix.Edits = []textEdit{replace(call.Pos(), call.End(), s.Stop.Ctx)}
	return fix, nil
}

// rootOf returns the first name of an expression such as s.ctx.
func (s *site) rootOf(expr string) (string, error) {
	for i, r := range expr {
		if r == '.' {
			return expr[:i], nil
		}
		if r == '(' {
			return "", errors.New("the context is the result of a call")
		}
	}
	return expr, nil
}

// otherUses reports whether the file names the package that a call names
// elsewhere as well.
func (s *site) otherUses(call *ast.CallExpr) bool {
	fun, ok := ast.Unparen(call.Fun).(*ast.SelectorExpr)
	if !ok {
		return true
	}
	id, ok := ast.Unparen(fun.X).(*ast.Ident)
	if !ok {
		return true
	}
	ids, _ := s.usesOf(s.Info.Uses[id])
	return len(ids) > 1
}

// forwardGroup gives the calls in a goroutine of a group the context of the
// group, in place of the one that this was derived from.
func (s *site) forwardGroup() (Fix, error) {
	made, err := s.at(s.At)
	if err != nil {
		return Fix{}, err
	}
	stmt, _, err := made.statement()
	if err != nil {
		return Fix{}, err
	}
	assign, ok := stmt.(*ast.AssignStmt)
	if !ok || len(assign.Lhs) != 2 || len(assign.Rhs) != 1 || assign.Tok != token.DEFINE {
		return Fix{}, errors.New("the context of the group is not declared with it")
	}
	own, ok := assign.Lhs[1].(*ast.Ident)
	if !ok {
		return Fix{}, errors.New("the context of the group has no name")
	}
	group, ok := ast.Unparen(assign.Rhs[0]).(*ast.CallExpr)
	if !ok || len(group.Args) != 1 {
		return Fix{}, errors.New("the group is not made by a call")
	}
	parent, ok := ast.Unparen(group.Args[0]).(*ast.Ident)
	if !ok {
		return Fix{}, errors.New("the context that the group's own was derived from has no name")
	}
	name := own.Name
	fix := Fix{}
	if name == "_" {
		name = fresh(s.function(), "groupCtx")
		fix.Edits = append(fix.Edits, replace(own.Pos(), own.End(), name))
	}
	_, body, _ := s.innermost()
	obj := s.Info.Uses[parent]
	if obj == nil || s.Info.ObjectOf(own) == obj || !within(body, s.Pos) {
		return Fix{}, errors.New("both contexts have one name")
	}
	n := 0
	ast.Inspect(body, func(node ast.Node) bool {
		if id, ok := node.(*ast.Ident); ok && s.Info.Uses[id] == obj {
			fix.Edits = append(fix.Edits, replace(id.Pos(), id.End(), name))
			n++
		}
		return true
	})
	if n == 0 {
		return Fix{}, errors.New("the context has another name in the goroutine")
	}
	if own.Name != "_" && s.lookup(own.Name, s.Pos) != s.Info.Defs[own] {
		return Fix{}, errors.New(own.Name + " means something else in the goroutine")
	}
	fix.Message = "use " + name + ", the context of the group"
	return fix, nil
}
