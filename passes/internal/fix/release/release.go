package release

import (
	"errors"
	"go/ast"
	"go/types"
	"slices"
	"strings"

	"github.com/killcheck/killcheck/analyzer/kb"
	"github.com/killcheck/killcheck/passes/internal/fix/edit"
)

// release does before a return what the other paths do: it gives a lock back, or
// closes what was opened.
//
//	case <-ctx.Done():
//		               mu.Unlock()
//		return ctx.Err()
//
// The text is that of the call on the other path. There is no fix if what is
// returned may be computed from what the call gives up, or if the lock is held for
// the function that runs this one.
func release(s *site) (edit.Fix, error) {
	from, err := s.Place(s.At)
	if err != nil {
		return edit.Fix{}, err
	}
	call, _, ok := edit.Enclosing[*ast.CallExpr](from.Site)
	if !ok {
		return edit.Fix{}, errors.New("no call to repeat")
	}
	a, _, _ := from.Innermost()
	b, _, _ := s.Innermost()
	if a != b || !s.Same(call, s.Pos) {
		return edit.Fix{}, errors.New("the call means something else at the return")
	}
	if s.Info.Types[call.Fun].IsBuiltin() && call.Pos() < s.Pos && s.comesHere(from.Path) { // a second close panics
		return edit.Fix{}, errors.New("who has made the call comes to the return as well")
	}
	if s.heldForCaller(call) {
		return edit.Fix{}, errors.New("what runs the function may need the lock that it leaves held")
	}
	text := s.Source(call.Pos(), call.End())
	change, simple, err := s.beforeReturn(text)
	if err != nil {
		return edit.Fix{}, err
	}
	if !simple && !s.computesApart() {
		return edit.Fix{}, errors.New("the results are computed at the return")
	}
	return edit.Fix{Message: "call " + text + " before the return", Edits: []edit.TextEdit{change}, Exact: simple}, nil
}

// comesHere reports whether control gets from the call, around which the nodes stand, to
// the site: nothing on the way leaves what is around both.
func (s *site) comesHere(path []ast.Node) bool {
	for _, n := range path {
		var list []ast.Stmt
		switch n := n.(type) {
		case *ast.BlockStmt:
			list = n.List
		case *ast.CaseClause:
			list = n.Body
		case *ast.CommClause:
			list = n.Body
		case *ast.ForStmt, *ast.RangeStmt:
			return false // it goes round
		default:
			continue
		}
		if edit.Within(n, s.Pos) {
			return true
		}
		if len(list) == 0 {
			continue
		}
		switch last := list[len(list)-1].(type) {
		case *ast.ReturnStmt, *ast.BranchStmt:
			return false
		case *ast.ExprStmt:
			call, ok := last.X.(*ast.CallExpr)
			if !ok {
				continue
			}
			if id, ok := call.Fun.(*ast.Ident); ok && id.Name == "panic" && s.Info.Types[id].IsBuiltin() {
				return false
			}
		}
	}
	return true
}

// heldForCaller reports whether the site stands in a literal that is given to a call,
// takes the lock last of all and gives it back nowhere behind that: the function that
// runs it goes on with the lock held. What starts the literal in a goroutine does not.
func (s *site) heldForCaller(give *ast.CallExpr) bool {
	i := slices.IndexFunc(s.Path, edit.IsFunc)
	if i < 0 || i+1 >= len(s.Path) {
		return false
	}
	lit, _ := s.Path[i].(*ast.FuncLit)
	call, ok := s.Path[i+1].(*ast.CallExpr)
	if lit == nil || !ok || !slices.Contains(call.Args, ast.Expr(lit)) || s.spawns(call) {
		return false
	}
	fun, ok := ast.Unparen(give.Fun).(*ast.SelectorExpr)
	if !ok {
		return false
	}
	held := false
	edit.Own(lit.Body, func(n ast.Node) {
		stmt, ok := n.(ast.Stmt)
		if take := s.lockOf(stmt); ok && take != nil && s.sameLock(take.X, fun.X) {
			held = true
		} else if x, ok := n.(*ast.CallExpr); ok && s.Source(x.Pos(), x.End()) == s.Source(give.Pos(), give.End()) {
			held = false
		}
	})
	return held
}

// spawns reports whether a call runs its arguments in goroutines.
func (s *site) spawns(call *ast.CallExpr) bool {
	base, err := kb.Std()
	fn := edit.Named(s.Info, call.Fun)
	if err != nil || fn == nil {
		return false
	}
	row, ok := base.Func(fn)
	return ok && row.Effect == kb.Spawns
}

// beforeReturn returns the edit that puts lines above the return at the site,
// or in front of the closing brace of the function. simple is true if the
// results are constants, variables of the function, or errors.
func (s *site) beforeReturn(lines ...string) (change edit.TextEdit, simple bool, err error) {
	if ret, outer, ok := edit.Enclosing[*ast.ReturnStmt](s.Site); ok {
		if !edit.StandsAlone(outer) {
			return change, false, edit.ErrNotAlone
		}
		change, err = s.Above(ret, outer, lines...)
		return change, !slices.ContainsFunc(ret.Results, func(e ast.Expr) bool { return !s.isFixedResult(e) }), err
	}
	_, body, _ := s.Innermost()
	if body == nil || s.Pos != body.Rbrace || !s.FirstOnLine(body.Rbrace) {
		return change, false, errors.New("no return")
	}
	indent := s.Indent(body.Rbrace) + "\t"
	return edit.Insert(s.LineStart(body.Rbrace), indent+strings.Join(lines, "\n"+indent)+"\n"), true, nil
}

// computesApart reports whether the results are fixed, but for calls of functions of the
// package with arguments that are: they are not given what is given up, but may know it.
func (s *site) computesApart() bool {
	ret, _, ok := edit.Enclosing[*ast.ReturnStmt](s.Site)
	return ok && !slices.ContainsFunc(ret.Results, func(e ast.Expr) bool {
		call, ok := ast.Unparen(e).(*ast.CallExpr)
		if !ok {
			return !s.isFixedResult(e)
		}
		id, ok := ast.Unparen(call.Fun).(*ast.Ident)
		return !ok || !s.isDeclared(id) || slices.ContainsFunc(call.Args, func(e ast.Expr) bool { return !s.isFixedResult(e) })
	})
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
		return s.isLocal(e) || obj != nil && edit.SaysError(obj.Type())
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
		return s.isFixedResult(fun) || len(e.Args) == 0 && fun.Sel.Name == "Err" && edit.IsError(s.Info.TypeOf(e))
	}
	return false
}
