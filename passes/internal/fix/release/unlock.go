package release

import (
	"errors"
	"go/ast"
	"go/token"
	"go/types"
	"slices"

	"github.com/killcheck/killcheck/analyzer/code"
	"github.com/killcheck/killcheck/passes/internal/fix/edit"
	"github.com/killcheck/killcheck/passes/internal/fix/stopcheck"
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
//
// Where the wait is for the same lock, in a function that takes it first, the work of
// that function is called in its place (see split).
func unlock(s *site) (edit.Fix, error) {
	if fix, err := s.split(); err == nil {
		return fix, nil
	}
	lock, err := s.Place(s.At)
	if err != nil {
		return edit.Fix{}, err
	}
	taken, around, give, err := lock.lockCall()
	if err != nil {
		return edit.Fix{}, err
	}
	stmt, outer, err := s.Statement()
	if err != nil {
		return edit.Fix{}, err
	}
	if !s.Same(taken.Fun, stmt.Pos()) {
		return edit.Fix{}, errors.New("the lock has another name at the wait")
	}
	if s.Source(stmt.Pos(), stmt.End()) == s.Source(taken.Pos(), taken.End()) {
		return s.giveInstead(stmt, outer, give)
	}
	if send, ok := stmt.(*ast.SendStmt); ok && s.closesSome(send.Chan) {
		return edit.Fix{}, errors.New("the lock may keep the channel from being closed during the send")
	}
	if s.closesBetween(taken.End(), stmt.Pos()) {
		return edit.Fix{}, errors.New("who comes in meanwhile would close the same channel again")
	}
	w := &waitUnderLock{site: s, stmt: stmt, outer: outer, give: give, take: s.Source(taken.Pos(), taken.End())}
	before, nested, err := w.held(around)
	if err != nil {
		return edit.Fix{}, err
	}
	evaluated, hoisted, err := w.operands()
	if err != nil {
		return edit.Fix{}, err
	}
	if fix, ok := w.behind(hoisted, evaluated); ok {
		return fix, nil
	}
	if _, after := edit.Siblings(stmt, outer[0]); len(after) > 0 && s.Source(after[0].Pos(), after[0].End()) == give {
		return edit.Fix{}, errors.New("a comment belongs to the call that gives the lock back")
	}
	if err := w.restsOn(before); err != nil {
		return edit.Fix{}, err
	}
	if fix, ok := w.later(before); ok && !nested && len(hoisted) == 0 {
		return fix, nil
	}
	change, err := s.Above(stmt, outer, append(hoisted, give)...)
	if err != nil {
		return edit.Fix{}, err
	}
	return edit.Fix{
		Message: "do not hold the lock during the wait",
		Edits:   append(evaluated, change, s.Beneath(stmt, w.take)),
	}, nil
}

// giveInstead gives the lock back where it is taken a second time, if the
// function returns at once after that and nothing gives it back on that way.
func (s *site) giveInstead(stmt ast.Stmt, outer []ast.Node, give string) (edit.Fix, error) {
	_, after := edit.Siblings(stmt, outer[0])
	if len(after) == 0 {
		return edit.Fix{}, errors.New("the lock is taken a second time")
	}
	ret, ok := after[0].(*ast.ReturnStmt)
	_, body, _ := s.Innermost()
	deferred := false
	ast.Inspect(body, func(n ast.Node) bool {
		d, ok := n.(*ast.DeferStmt)
		deferred = deferred || ok && d.Pos() < stmt.Pos()
		return !deferred
	})
	if !ok || deferred || slices.ContainsFunc(ret.Results, func(e ast.Expr) bool { return !s.isFixedResult(e) }) {
		return edit.Fix{}, errors.New("the lock is taken a second time")
	}
	return edit.Fix{Message: "give the lock back in place of taking it again", Edits: []edit.TextEdit{edit.Replace(stmt.Pos(), stmt.End(), give)}}, nil
}

// lockCall returns the call that takes the lock, the nodes around its statement,
// and the call that gives the lock back.
func (s *site) lockCall() (call *ast.CallExpr, outer []ast.Node, give string, err error) {
	stmt, outer, err := s.Statement()
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
	if !ok || !s.IsPath(fun.X) {
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
	return call, outer, s.Source(fun.X.Pos(), fun.X.End()) + "." + name + "()", nil
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
		before, after := edit.Siblings(child, n)
		last := len(after) == 0 || len(after) == 1 && w.Source(after[0].Pos(), after[0].End()) == w.give
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
				if edit.Within(b, w.At) && (!nested || last) {
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
func (w *waitUnderLock) operands() (edits []edit.TextEdit, lines []string, err error) {
	keep := func(e ast.Expr, name string) {
		if w.IsStable(e) || w.Info.Types[e].Value != nil || w.isLocal(e) || isEmptyStruct(e) {
			return
		}
		v := edit.FreshLocal(w.Function(), name)
		lines = append(lines, v+" := "+w.Source(e.Pos(), e.End()))
		edits = append(edits, edit.Replace(e.Pos(), e.End(), v))
	}
	switch stmt := w.stmt.(type) {
	case *ast.SendStmt:
		keep(stmt.Chan, stopcheck.NameFor(stmt.Chan))
		keep(stmt.Value, "value")
		return edits, lines, nil
	case *ast.ExprStmt:
		switch x := ast.Unparen(stmt.X).(type) {
		case *ast.UnaryExpr:
			keep(x.X, stopcheck.NameFor(x.X))
			return edits, lines, nil
		case *ast.CallExpr:
			for _, arg := range x.Args {
				if !w.isFixedResult(arg) && !w.isPackageCall(arg) {
					return nil, nil, errors.New("the wait does more than wait")
				}
			}
			if !w.isDeclared(x.Fun) {
				keep(x.Fun, stopcheck.NameFor(x.Fun))
			}
			return edits, lines, nil
		}
	case *ast.AssignStmt:
		if len(stmt.Rhs) == 1 && stmt.Tok == token.DEFINE {
			if x, ok := ast.Unparen(stmt.Rhs[0]).(*ast.UnaryExpr); ok && x.Op == token.ARROW {
				keep(x.X, stopcheck.NameFor(x.X))
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
	_, body, _ := s.Innermost()
	v, ok := s.Info.Uses[id].(*types.Var)
	return ok && body != nil && (edit.Within(body, v.Pos()) || v.Parent() != s.Pkg.Scope() && !v.IsField())
}

func isEmptyStruct(e ast.Expr) bool {
	lit, ok := ast.Unparen(e).(*ast.CompositeLit)
	return ok && len(lit.Elts) == 0
}

// behind moves the call that gives the lock back in front of the wait, if it
// comes right after it.
func (w *waitUnderLock) behind(lines []string, edits []edit.TextEdit) (edit.Fix, bool) {
	_, after := edit.Siblings(w.stmt, w.outer[0])
	if len(after) == 0 {
		return edit.Fix{}, false
	}
	next := after[0]
	if w.Source(next.Pos(), next.End()) != w.give || !w.FirstOnLine(next.Pos()) {
		return edit.Fix{}, false
	}
	end, ok := w.LineEnd(next.End())
	if !ok || end != next.End() {
		return edit.Fix{}, false // a comment stands behind it
	}
	for _, group := range edit.CommentsIn(w.Syntax, w.stmt.End(), next.Pos()) {
		if w.stmt.End() <= group.Pos() && group.End() <= next.Pos() && w.Line(group.Pos()) > w.Line(w.stmt.End()) {
			return edit.Fix{}, false // it would lose its comment
		}
	}
	change, err := w.Above(w.stmt, w.outer, append(lines, w.give)...)
	if err != nil {
		return edit.Fix{}, false
	}
	from, ok := w.LineEnd(w.stmt.End())
	if !ok {
		return edit.Fix{}, false
	}
	return edit.Fix{
		Message: "give the lock back before the wait",
		Edits:   append(edits, change, edit.Replace(from, next.End(), "")),
	}, true
}

// later moves the call that takes the lock behind the wait, if nothing but its
// defer of the other call comes between.
func (w *waitUnderLock) later(before []ast.Stmt) (edit.Fix, bool) {
	lock, err := w.Place(w.At)
	if err != nil || len(before) > 1 {
		return edit.Fix{}, false
	}
	taken, _, err := lock.Statement()
	if err != nil || !w.FirstOnLine(taken.Pos()) {
		return edit.Fix{}, false
	}
	last, lines := taken, []string{w.take}
	if len(before) == 1 {
		if w.Source(before[0].Pos(), before[0].End()) != "defer "+w.give {
			return edit.Fix{}, false
		}
		last = before[0]
		lines = append(lines, "defer "+w.give)
	}
	end, ok := w.LineEnd(last.End())
	if !ok || end != last.End() {
		return edit.Fix{}, false
	}
	for _, group := range edit.CommentsIn(w.Syntax, taken.Pos(), last.End()) {
		if taken.Pos() <= group.Pos() && group.End() <= last.End() {
			return edit.Fix{}, false // it would be lost
		}
	}
	return edit.Fix{
		Message: "take the lock after the wait",
		Edits:   []edit.TextEdit{edit.Replace(w.LineStart(taken.Pos()), end+1, ""), w.Beneath(w.stmt, lines...)},
	}, true
}

// closesSome reports whether the package closes a channel of the same type.
func (s *site) closesSome(ch ast.Expr) bool {
	t, ok := s.Info.TypeOf(ch).Underlying().(*types.Chan)
	return s.Index.ClosesAny || s.Index.Closes && (!ok || s.Index.Closed.At(t.Elem()) != nil)
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
	_, after := edit.Siblings(w.stmt, w.outer[0])
	for _, stmt := range after {
		if w.Uses(stmt, read) {
			return errors.New("the code after the wait rests on what was read before it")
		}
	}
	return nil
}

// closesBetween reports whether a channel of an object is closed between two places, and stays
// the channel of the object, with no flag that says so.
func (s *site) closesBetween(from, to token.Pos) bool {
	_, body, _ := s.Innermost()
	closed := make(map[types.Object]bool)
	told := false // a flag says that it is done
	field := func(e ast.Expr) types.Object {
		sel, ok := ast.Unparen(e).(*ast.SelectorExpr)
		if !ok {
			return nil
		}
		return s.Info.Uses[sel.Sel]
	}
	ast.Inspect(body, func(n ast.Node) bool {
		if n == nil || n.Pos() < from && n.End() < from || n.Pos() >= to {
			return n == nil || n.Pos() < to
		}
		switch n := n.(type) {
		case *ast.CallExpr:
			if ch := edit.ClosedBy(s.Info, n); ch != nil {
				closed[field(ch)] = true
			}
		case *ast.AssignStmt:
			for i, left := range n.Lhs {
				delete(closed, field(left))
				told = told || len(n.Rhs) == len(n.Lhs) && field(left) != nil && s.Info.Types[n.Rhs[i]].Value != nil && code.IsBool(s.Info.TypeOf(left))
			}
		}
		return true
	})
	delete(closed, nil)
	return len(closed) > 0 && !told
}
