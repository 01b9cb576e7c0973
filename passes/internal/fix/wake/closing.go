package wake

import (
	"errors"
	"go/ast"
	"go/token"
	"go/types"

	"github.com/killcheck/killcheck/passes/internal/fix/edit"
)

// closeChan closes a channel where its only sender has ended.
//
//	go func() {
//		       defer close(found)
//		for _, f := range files {
//			found <- f
//		}
//	}()
//
// The channel has to be a variable whose uses are all in this file, and its
// sends in one function that runs once. If that is the function that makes it,
// the close comes after the last send; if the senders are counted by a wait
// group, after the Wait. The fix is exact if the close does nothing but end
// goroutines.
func closeChan(s *site) (edit.Fix, error) {
	made, err := s.Place(s.At)
	if err != nil {
		return edit.Fix{}, err
	}
	id, stmt, outer, err := made.madeChannel()
	if err != nil {
		return edit.Fix{}, err
	}
	obj := s.Info.Defs[id]
	_, body, _ := made.Innermost()
	if obj == nil || body == nil {
		return edit.Fix{}, errors.New("the channel is no variable of a function")
	}
	u := &chanUses{site: made}
	if err := u.follow(obj, 3); err != nil {
		return edit.Fix{}, err
	}
	sender, err := u.sender()
	if err != nil {
		return edit.Fix{}, err
	}
	fix := edit.Fix{Message: "close " + sender.name + " where nothing more is sent", Exact: !u.heard && len(u.sends) > 0}
	if sender.body == body {
		fix.Edits, err = made.afterLast(stmt, outer, u.sends, id.Name)
		return fix, err
	}
	if u.runsOnce(sender, outer) == nil {
		change, err := s.Begin(sender.body, "defer close("+sender.name+")")
		fix.Edits = append(fix.Edits, change)
		return fix, err
	}
	fix.Exact = false
	fix.Edits, err = made.afterWait(sender, outer, id.Name)
	return fix, err
}

// madeChannel returns the variable that a make of a channel declares, and the
// statement.
func (s *site) madeChannel() (*ast.Ident, ast.Stmt, []ast.Node, error) {
	stmt, outer, err := s.Statement()
	if err != nil {
		return nil, nil, nil, err
	}
	assign, ok := stmt.(*ast.AssignStmt)
	if !ok || len(assign.Lhs) != 1 || assign.Tok != token.DEFINE {
		return nil, nil, nil, errors.New("the channel is not made for a variable of its own")
	}
	id, ok := assign.Lhs[0].(*ast.Ident)
	if !ok {
		return nil, nil, nil, errors.New("the channel has no name")
	}
	return id, stmt, outer, nil
}

// chanUses are the uses of one channel, under all its names.
type chanUses struct {
	*site
	sends  []use
	others []use // uses in functions that are handed the channel and do nothing with it
	passes []pass
	heard  bool // code other than the end of a goroutine hears of the close
	again  bool // a loop calls the function in which the uses stand
}

// A use is one place where a channel is used, or the function that is handed it
// if it does not use it.
type use struct {
	name string
	node ast.Node // the innermost function
	body *ast.BlockStmt
	pos  token.Pos
}

// A pass is a call that hands the channel to a declared function.
type pass struct {
	to   *ast.FuncDecl
	call *ast.CallExpr
	path []ast.Node // around the call
}

// follow collects the uses of a variable that holds the channel. It fails if the
// channel is kept where its uses cannot be seen, or closed.
func (u *chanUses) follow(obj types.Object, depth int) error {
	ids, elsewhere := u.UsesOf(obj)
	if elsewhere {
		return errors.New("the channel is used in other files")
	}
	for _, id := range ids {
		at, err := u.Place(id.Pos())
		if err != nil {
			return err
		}
		if err := u.one(obj, id, at, depth); err != nil {
			return err
		}
	}
	return nil
}

func (u *chanUses) one(obj types.Object, id *ast.Ident, at *site, depth int) error {
	fn, body, _ := at.Innermost()
	parent := ast.Node(id)
	outer := at.Path
	for len(outer) > 0 {
		if _, paren := outer[0].(*ast.ParenExpr); outer[0] != ast.Node(id) && !paren {
			break
		}
		parent, outer = outer[0], outer[1:]
	}
	if len(outer) == 0 {
		return errors.New("a use stands nowhere")
	}
	switch n := outer[0].(type) {
	case *ast.SendStmt:
		if n.Chan != parent {
			return errors.New("the channel is sent on another one")
		}
		u.sends = append(u.sends, use{id.Name, fn, body, n.Pos()})
		return nil
	case *ast.RangeStmt:
		u.heard = u.heard || !at.EndsWithLoop(n, outer[1:])
		return nil
	case *ast.UnaryExpr:
		if n.Op == token.ARROW && !asksOK(outer[1:]) && (u.again || goesRound(outer)) {
			return errors.New("a loop would receive from the closed channel without end")
		}
		u.heard = true
		return nil
	case *ast.BinaryExpr:
		u.heard = true
		return nil
	case *ast.CallExpr:
		return u.argument(obj, parent, n, outer[1:], depth)
	}
	return errors.New("the channel is kept somewhere")
}

// asksOK reports whether the statement around a receive takes what says whether the channel
// is closed.
func asksOK(outer []ast.Node) bool {
	for _, n := range outer {
		switch n := n.(type) {
		case *ast.ParenExpr:
			continue
		case *ast.AssignStmt:
			return len(n.Lhs) == 2 && len(n.Rhs) == 1 && !isBlank(n.Lhs[1])
		case *ast.ValueSpec:
			return len(n.Names) == 2 && len(n.Values) == 1 && n.Names[1].Name != "_"
		}
		return false
	}
	return false
}

func isBlank(e ast.Expr) bool {
	id, ok := e.(*ast.Ident)
	return ok && id.Name == "_"
}

// goesRound reports whether a loop that does not count its rounds stands around a
// place in its function. What a go statement starts is no part of the round.
func goesRound(outer []ast.Node) bool {
	if startsIt(outer) {
		return false
	}
	for _, n := range outer {
		if loop, ok := n.(*ast.ForStmt); ok && loop.Post == nil {
			return true
		}
		if edit.IsFunc(n) {
			break
		}
	}
	return false
}

// startsIt reports whether the call right below the nodes is that of a go statement.
func startsIt(outer []ast.Node) bool {
	if len(outer) == 0 {
		return false
	}
	_, ok := outer[0].(*ast.GoStmt)
	return ok
}

// argument follows the channel into a call.
func (u *chanUses) argument(obj types.Object, arg ast.Node, call *ast.CallExpr, outer []ast.Node, depth int) error {
	if u.Info.Types[call.Fun].IsBuiltin() {
		if name, ok := ast.Unparen(call.Fun).(*ast.Ident); ok && (name.Name == "len" || name.Name == "cap") {
			return nil
		}
		return errors.New("the channel is kept somewhere, or closed")
	}
	for i, a := range call.Args {
		if a != arg {
			continue
		}
		to, param := u.Parameter(call, i)
		if lit, ok := ast.Unparen(call.Fun).(*ast.FuncLit); ok {
			if p := edit.ParamAt(u.Info.TypeOf(lit), i); p != nil && p.Name() != "" {
				param = p
			}
		}
		if param == nil || depth == 0 {
			break
		}
		if to != nil {
			u.passes = append(u.passes, pass{to, call, outer})
			if ids, _ := u.UsesOf(param); len(ids) == 0 && param.Name() != "_" && param.Name() != "" {
				u.others = append(u.others, use{param.Name(), to, to.Body, to.Pos()})
			}
		}
		before := u.again
		u.again = goesRound(outer) || before && !startsIt(outer)
		err := u.follow(param, depth-1)
		u.again = before
		return err
	}
	return errors.New("the channel goes to code that is not seen")
}

// sender returns the only function that sends, or, if none does, the only one
// that is handed the channel and does nothing with it.
func (u *chanUses) sender() (use, error) {
	list := u.sends
	if len(list) == 0 {
		list = u.others
	}
	if len(list) == 0 {
		return use{}, errors.New("nothing sends on the channel")
	}
	for _, s := range list[1:] {
		if s.node != list[0].node {
			return use{}, errors.New("several functions send on the channel")
		}
	}
	return list[0], nil
}

// runsOnce makes sure that the sender is started once, by a go statement, for
// each channel that is made; made are the nodes around the make.
func (u *chanUses) runsOnce(s use, made []ast.Node) error {
	switch fn := s.node.(type) {
	case *ast.FuncLit:
		at, err := u.Place(fn.Pos())
		if err != nil {
			return err
		}
		for i, n := range at.Path {
			if call, ok := n.(*ast.CallExpr); ok && call.Fun == ast.Expr(fn) && i+1 < len(at.Path) {
				if _, ok := at.Path[i+1].(*ast.GoStmt); !ok {
					break
				}
				return once(at.Path[i+2:], made)
			}
		}
	case *ast.FuncDecl:
		obj := u.Info.Defs[fn.Name]
		ids, elsewhere := u.UsesOf(obj)
		if elsewhere || len(ids) != 1 || fn.Name.IsExported() && u.Pkg.Name() != "main" {
			break // it may run for other channels, or more than once
		}
		for _, p := range u.passes {
			if p.to != fn || len(p.path) == 0 {
				continue
			}
			if _, ok := p.path[0].(*ast.GoStmt); ok {
				return once(p.path[1:], made)
			}
		}
	}
	return errors.New("the sender may run more than once")
}

// once makes sure that no loop stands between the nodes and the list of
// statements in which the channel is made.
func once(outer, made []ast.Node) error {
	for _, n := range outer {
		if n == made[0] {
			return nil
		}
		if edit.IsLoop(n) || edit.IsFunc(n) {
			break
		}
	}
	return errors.New("the sender is started more than once")
}

// afterLast closes the channel below the statement of the list, in which it is
// made, that holds the last send. It fails if control can leave before that.
func (s *site) afterLast(made ast.Stmt, outer []ast.Node, sends []use, name string) (edits []edit.TextEdit, err error) {
	_, after := edit.Siblings(made, outer[0])
	var last ast.Stmt
	for _, stmt := range after {
		if edit.Within(stmt, sends[len(sends)-1].pos) {
			last = stmt
		}
	}
	if last == nil {
		return nil, errors.New("the sends stand elsewhere")
	}
	for _, stmt := range after {
		if hasReturn(stmt) {
			return nil, errors.New("the function may return before the last send")
		}
		if stmt == last {
			break
		}
	}
	return []edit.TextEdit{s.Beneath(last, "close("+name+")")}, nil
}

func hasReturn(n ast.Node) bool {
	found := false
	ast.Inspect(n, func(n ast.Node) bool {
		switch n := n.(type) {
		case *ast.FuncLit:
			return false
		case *ast.ReturnStmt:
			found = true
		case *ast.BranchStmt:
			found = found || n.Tok == token.GOTO
		}
		return !found
	})
	return found
}

// afterWait closes the channel below the call of Wait, in the function that
// makes it, for the wait group whose Done the senders call.
func (s *site) afterWait(from use, outer []ast.Node, name string) ([]edit.TextEdit, error) {
	group := ""
	ast.Inspect(from.body, func(n ast.Node) bool {
		if call, ok := n.(*ast.CallExpr); ok && len(call.Args) == 0 {
			if fun, ok := call.Fun.(*ast.SelectorExpr); ok && fun.Sel.Name == "Done" && s.IsWaitGroup(fun.X) {
				group = s.Source(fun.X.Pos(), fun.X.End())
			}
		}
		return group == ""
	})
	if at, err := s.Place(from.node.Pos()); err == nil && group == "" {
		if call, _, ok := edit.Enclosing[*ast.CallExpr](&edit.Site{File: s.File, Path: at.Path[1:]}); ok {
			if fun, ok := call.Fun.(*ast.SelectorExpr); ok && fun.Sel.Name == "Go" && s.IsWaitGroup(fun.X) {
				group = s.Source(fun.X.Pos(), fun.X.End())
			}
		}
	}
	if group == "" {
		return nil, errors.New("nobody counts the senders")
	}
	block, ok := outer[0].(*ast.BlockStmt)
	if !ok {
		return nil, errors.New("nobody waits for the senders")
	}
	for _, stmt := range block.List {
		expr, ok := stmt.(*ast.ExprStmt)
		if !ok {
			continue
		}
		if call, ok := expr.X.(*ast.CallExpr); ok && s.Source(call.Pos(), call.End()) == group+".Wait()" {
			return []edit.TextEdit{s.Beneath(stmt, "close("+name+")")}, nil
		}
	}
	return nil, errors.New("nobody waits for the senders")
}
