package edit

import (
	"errors"
	"go/ast"
	"go/token"
	"go/types"
	"slices"
)

// unlock does not hold the lock during a wait. Where the lock is given back
// right after the wait, it is given back before; otherwise it is taken again.
//
//	                 g.mu.Unlock()
//	g.wg.Wait()
//	                 g.mu.Lock()
//	g.done = 0
//	g.mu.Unlock()
//
// The code after the wait must not rest on what was read under the lock before:
// others may change it meanwhile.
func unlock(s *site) (Fix, error) {
	lock, err := s.at(s.At)
	if err != nil {
		return Fix{}, err
	}
	taken, around, give, err := lock.lockCall()
	if err != nil {
		return Fix{}, err
	}
	stmt, outer, err := s.statement()
	if err != nil {
		return Fix{}, err
	}
	if !s.same(taken.Fun, stmt.Pos()) {
		return Fix{}, errors.New("the lock has another name at the wait")
	}
	if s.text(stmt.Pos(), stmt.End()) == s.text(taken.Pos(), taken.End()) {
		return s.giveInstead(stmt, outer, give)
	}
	if send, ok := stmt.(*ast.SendStmt); ok && s.closesSome(send.Chan) {
		return Fix{}, errors.New("the lock may keep the channel from being closed during the send")
	}
	w := &waitUnderLock{site: s, stmt: stmt, outer: outer, give: give, take: s.text(taken.Pos(), taken.End())}
	before, nested, err := w.held(around)
	if err != nil {
		return Fix{}, err
	}
	evaluated, hoisted, err := w.operands()
	if err != nil {
		return Fix{}, err
	}
	if fix, ok := w.behind(hoisted, evaluated); ok {
		return fix, nil
	}
	if _, after := siblings(stmt, outer[0]); len(after) > 0 && s.text(after[0].Pos(), after[0].End()) == give {
		return Fix{}, errors.New("a comment belongs to the call that gives the lock back")
	}
	if err := w.restsOn(before); err != nil {
		return Fix{}, err
	}
	if fix, ok := w.later(before); ok && !nested && len(hoisted) == 0 {
		return fix, nil
	}
	edit, err := s.above(stmt, outer, append(hoisted, give)...)
	if err != nil {
		return Fix{}, err
	}
	return Fix{
		Message: "do not hold the lock during the wait",
		Edits:   append(evaluated, edit, s.beneath(stmt, w.take)),
	}, nil
}

// giveInstead gives the lock back where it is taken a second time, if the
// function returns at once after that and nothing gives it back on that way.
func (s *site) giveInstead(stmt ast.Stmt, outer []ast.Node, give string) (Fix, error) {
	_, after := siblings(stmt, outer[0])
	if len(after) == 0 {
		return Fix{}, errors.New("the lock is taken a second time")
	}
	ret, ok := after[0].(*ast.ReturnStmt)
	_, body, _ := s.innermost()
	deferred := false
	ast.Inspect(body, func(n ast.Node) bool {
		d, ok := n.(*ast.DeferStmt)
		deferred = deferred || ok && d.Pos() < stmt.Pos()
		return !deferred
	})
	if !ok || deferred || slices.ContainsFunc(ret.Results, func(e ast.Expr) bool { return !s.isFixedResult(e) }) {
		return Fix{}, errors.New("the lock is taken a second time")
	}
	return Fix{Message: "give the lock back in place of taking it again", Edits: []textEdit{replace(stmt.Pos(), stmt.End(), give)}}, nil
}

// lockCall returns the call that takes the lock, the nodes around its statement,
// and the call that gives the lock back.
func (s *site) lockCall() (call *ast.CallExpr, outer []ast.Node, give string, err error) {
	stmt, outer, err := s.statement()
	if err != nil {
		return nil, nil, "", err
	}
	expr, ok := stmt.(*ast.ExprStmt)
	if ok {
		call, ok = ast.Unparen(expr.X).(*ast.CallExpr)
	}
	if !ok || len(call.Args) > 0 {
		return nil, nil, "", errors.New("the lock is not taken by a call of its own")
	}
	fun, ok := ast.Unparen(call.Fun).(*ast.SelectorExpr)
	if !ok || !s.isPath(fun.X) {
		return nil, nil, "", errors.New("the lock has no name")
	}
	name := ""
	switch fun.Sel.Name {
	case "Lock":
		name = "Unlock"
	case "RLock":
		name = "RUnlock"
	default:
		return nil, nil, "", errors.New("the lock is taken in a way of its own")
	}
	return call, outer, s.text(fun.X.Pos(), fun.X.End()) + "." + name + "()", nil
}

// waitUnderLock is a statement that waits while a lock is held.
type waitUnderLock struct {
	*site
	stmt       ast.Stmt
	outer      []ast.Node
	give, take string // the calls
}

// held returns the statements between the call that takes the lock and the wait.
// They have to stand in one list, so that there is one way from one to the other.
// A wait may also be nested in branches if nothing but the call that gives the
// lock back follows them: then nothing rests on what the branches tested.
func (w *waitUnderLock) held(around []ast.Node) (before []ast.Stmt, nested bool, err error) {
	child := ast.Node(w.stmt)
	for _, n := range w.outer {
		before, after := siblings(child, n)
		last := len(after) == 0 || len(after) == 1 && w.text(after[0].Pos(), after[0].End()) == w.give
		switch n.(type) {
		case *ast.BlockStmt:
			if n != around[0] {
				if len(after) > 0 {
					return nil, false, errNested
				}
				nested = true
				break
			}
			for i, b := range before {
				if within(b, w.At) && (!nested || last) {
					return before[i+1:], nested, nil
				}
			}
			return nil, false, errNested
		case *ast.IfStmt:
		default:
			return nil, false, errNested
		}
		child = n
	}
	return nil, false, errNested
}

var errNested = errors.New("the lock and the wait do not stand in one list")

// operands returns the lines that evaluate what the wait works on while the lock
// is still held, and the edits that use them.
func (w *waitUnderLock) operands() (edits []textEdit, lines []string, err error) {
	keep := func(e ast.Expr, name string) {
		if w.isStable(e) || w.Info.Types[e].Value != nil || w.isLocal(e) || isEmptyStruct(e) {
			return
		}
		v := freshLocal(w.function(), name)
		lines = append(lines, v+" := "+w.text(e.Pos(), e.End()))
		edits = append(edits, replace(e.Pos(), e.End(), v))
	}
	switch stmt := w.stmt.(type) {
	case *ast.SendStmt:
		keep(stmt.Chan, nameFor(stmt.Chan))
		keep(stmt.Value, "value")
		return edits, lines, nil
	case *ast.ExprStmt:
		switch x := ast.Unparen(stmt.X).(type) {
		case *ast.UnaryExpr:
			keep(x.X, nameFor(x.X))
			return edits, lines, nil
		case *ast.CallExpr:
			for _, arg := range x.Args {
				if !w.isFixedResult(arg) && !w.isPackageCall(arg) {
					return nil, nil, errors.New("the wait does more than wait")
				}
			}
			if !w.isDeclared(x.Fun) {
				keep(x.Fun, nameFor(x.Fun))
			}
			return edits, lines, nil
		}
	case *ast.AssignStmt:
		if len(stmt.Rhs) == 1 && stmt.Tok == token.DEFINE {
			if x, ok := ast.Unparen(stmt.Rhs[0]).(*ast.UnaryExpr); ok && x.Op == token.ARROW {
				keep(x.X, nameFor(x.X))
				return edits, lines, nil
			}
		}
	}
	return nil, nil, errors.New("the wait does more than wait")
}

// isDeclared reports whether what is called is a declared function or method.
func (s *site) isDeclared(fun ast.Expr) bool {
	if tv := s.Info.Types[fun]; tv.IsBuiltin() || tv.IsType() {
		return true
	}
	switch fun := ast.Unparen(fun).(type) {
	case *ast.Ident:
		_, ok := s.Info.Uses[fun].(*types.Func)
		return ok
	case *ast.SelectorExpr:
		_, ok := s.Info.Uses[fun.Sel].(*types.Func)
		return ok
	}
	return false
}

// isPackageCall reports whether an argument is a call of a function of another
// package without arguments, such as context.Background().
func (s *site) isPackageCall(e ast.Expr) bool {
	call, ok := ast.Unparen(e).(*ast.CallExpr)
	if !ok || len(call.Args) > 0 {
		return false
	}
	fun, ok := ast.Unparen(call.Fun).(*ast.SelectorExpr)
	if !ok {
		return false
	}
	id, ok := fun.X.(*ast.Ident)
	if !ok {
		return false
	}
	_, ok = s.Info.Uses[id].(*types.PkgName)
	return ok
}

// isLocal reports whether an expression is a variable of the function.
func (s *site) isLocal(e ast.Expr) bool {
	id, ok := ast.Unparen(e).(*ast.Ident)
	if !ok {
		return false
	}
	_, body, _ := s.innermost()
	v, ok := s.Info.Uses[id].(*types.Var)
	return ok && body != nil && (within(body, v.Pos()) || v.Parent() != s.Pkg.Scope() && !v.IsField())
}

func isEmptyStruct(e ast.Expr) bool {
	lit, ok := ast.Unparen(e).(*ast.CompositeLit)
	return ok && len(lit.Elts) == 0
}

// behind moves the call that gives the lock back in front of the wait, if it
// comes right after it.
func (w *waitUnderLock) behind(lines []string, edits []textEdit) (Fix, bool) {
	_, after := siblings(w.stmt, w.outer[0])
	if len(after) == 0 {
		return Fix{}, false
	}
	next := after[0]
	if w.text(next.Pos(), next.End()) != w.give || !w.firstOnLine(next.Pos()) {
		return Fix{}, false
	}
	end, ok := w.lineEnd(next.End())
	if !ok || end != next.End() {
		return Fix{}, false // a comment stands behind it
	}
	for _, group := range commentsIn(w.Syntax, w.stmt.End(), next.Pos()) {
		if w.stmt.End() <= group.Pos() && group.End() <= next.Pos() && w.line(group.Pos()) > w.line(w.stmt.End()) {
			return Fix{}, false // it would lose its comment
		}
	}
	edit, err := w.above(w.stmt, w.outer, append(lines, w.give)...)
	if err != nil {
		return Fix{}, false
	}
	from, ok := w.lineEnd(w.stmt.End())
	if !ok {
		return Fix{}, false
	}
	return Fix{
		Message: "give the lock back before the wait",
		Edits:   append(edits, edit, replace(from, next.End(), "")),
	}, true
}

// later moves the call that takes the lock behind the wait, if nothing but its
// defer of the other call comes between.
func (w *waitUnderLock) later(before []ast.Stmt) (Fix, bool) {
	lock, err := w.at(w.At)
	if err != nil || len(before) > 1 {
		return Fix{}, false
	}
	taken, _, err := lock.statement()
	if err != nil || !w.firstOnLine(taken.Pos()) {
		return Fix{}, false
	}
	last, lines := taken, []string{w.take}
	if len(before) == 1 {
		if w.text(before[0].Pos(), before[0].End()) != "defer "+w.give {
			return Fix{}, false
		}
		last = before[0]
		lines = append(lines, "defer "+w.give)
	}
	end, ok := w.lineEnd(last.End())
	if !ok || end != last.End() {
		return Fix{}, false
	}
	for _, group := range commentsIn(w.Syntax, taken.Pos(), last.End()) {
		if taken.Pos() <= group.Pos() && group.End() <= last.End() {
			return Fix{}, false // it would be lost
		}
	}
	return Fix{
		Message: "take the lock after the wait",
		Edits:   []textEdit{replace(w.lineStart(taken.Pos()), end+1, ""), w.beneath(w.stmt, lines...)},
	}, true
}

// closesSome reports whether the package closes a channel of the same type.
func (s *site) closesSome(ch ast.Expr) bool {
	t, ok := s.Info.TypeOf(ch).Underlying().(*types.Chan)
	return s.Index.closesAny || s.Index.closes && (!ok || s.Index.closed.At(t.Elem()) != nil)
}

// restsOn fails if the code after the wait uses variables that the statements
// before it have set under the lock, or leaves by a select or loop that would
// run without the lock.
func (w *waitUnderLock) restsOn(before []ast.Stmt) error {
	var read []types.Object
	for _, stmt := range before {
		ast.Inspect(stmt, func(n ast.Node) bool {
			switch n := n.(type) {
			case *ast.AssignStmt:
				for _, left := range n.Lhs {
					if id, ok := ast.Unparen(left).(*ast.Ident); ok {
						if obj := w.Info.ObjectOf(id); obj != nil {
							read = append(read, obj)
						}
					}
				}
			case *ast.ValueSpec:
				for _, id := range n.Names {
					read = append(read, w.Info.Defs[id])
				}
			case *ast.RangeStmt:
				read = append(read, nil)
			}
			return true
		})
	}
	read = slices.DeleteFunc(read, func(obj types.Object) bool { return obj == nil })
	_, after := siblings(w.stmt, w.outer[0])
	for _, stmt := range after {
		if w.uses(stmt, read) {
			return errors.New("the code after the wait rests on what was read before it")
		}
	}
	return nil
}
