package release

import (
	"errors"
	"go/ast"
	"go/token"
	"slices"

	"github.com/killcheck/killcheck/passes/internal/fix/edit"
)

// forward gives a call the context of the function that started the goroutine,
// in place of one that nobody cancels.
//
//	go func() {
//		poll(context.Background())
//		     --------------------
//		     ctx
//	}()
func forward(s *site) (edit.Fix, error) {
	if s.Stop.Ctx == "" {
		return s.forwardGroup()
	}
	made, err := s.Place(s.At)
	if err != nil {
		return edit.Fix{}, err
	}
	call, outer, ok := edit.Enclosing[*ast.CallExpr](made.Site)
	if !ok || len(call.Args) > 0 {
		return edit.Fix{}, errors.New("the context is not made by a call without arguments")
	}
	root, err := s.rootOf(s.Stop.Ctx)
	if err != nil {
		return edit.Fix{}, err
	}
	if s.Lookup(root, call.Pos()) == nil || s.Lookup(root, call.Pos()) != s.Lookup(root, s.Spawn) {
		return edit.Fix{}, errors.New(s.Stop.Ctx + " has no name where the context is made")
	}
	if !s.otherUses(call) {
		return edit.Fix{}, errors.New("the package of the context would be unused")
	}
	fix := edit.Fix{Message: "hand on " + s.Stop.Ctx}
	if assign, ok := outer[0].(*ast.AssignStmt); ok && len(assign.Lhs) == 1 && assign.Tok == token.DEFINE {
		if id, ok := assign.Lhs[0].(*ast.Ident); ok && id.Name == s.Stop.Ctx {
			return edit.Fix{}, errors.New("the new context has the name of the old one")
		}
	}
	fix.Edits = []edit.TextEdit{edit.Replace(call.Pos(), call.End(), s.Stop.Ctx)}
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
	return slices.ContainsFunc(s.Index.Uses[s.Info.Uses[id]], func(other *ast.Ident) bool {
		return other != id && s.Syntax.FileStart <= other.Pos() && other.Pos() <= s.Syntax.FileEnd
	})
}

// forwardGroup gives the calls in a goroutine of a group the context of the
// group, in place of the one that this was derived from.
func (s *site) forwardGroup() (edit.Fix, error) {
	made, err := s.Place(s.At)
	if err != nil {
		return edit.Fix{}, err
	}
	stmt, _, err := made.Statement()
	if err != nil {
		return edit.Fix{}, err
	}
	assign, ok := stmt.(*ast.AssignStmt)
	if !ok || len(assign.Lhs) != 2 || len(assign.Rhs) != 1 || assign.Tok != token.DEFINE {
		return edit.Fix{}, errors.New("the context of the group is not declared with it")
	}
	own, ok := assign.Lhs[1].(*ast.Ident)
	if !ok {
		return edit.Fix{}, errors.New("the context of the group has no name")
	}
	group, ok := ast.Unparen(assign.Rhs[0]).(*ast.CallExpr)
	if !ok || len(group.Args) != 1 {
		return edit.Fix{}, errors.New("the group is not made by a call")
	}
	parent, ok := ast.Unparen(group.Args[0]).(*ast.Ident)
	if !ok {
		return edit.Fix{}, errors.New("the context that the group's own was derived from has no name")
	}
	name := own.Name
	fix := edit.Fix{}
	if name == "_" {
		name = edit.Fresh(s.Function(), "groupCtx")
		fix.Edits = append(fix.Edits, edit.Replace(own.Pos(), own.End(), name))
	}
	_, body, _ := s.Innermost()
	obj := s.Info.Uses[parent]
	if obj == nil || s.Info.ObjectOf(own) == obj || !edit.Within(body, s.Pos) {
		return edit.Fix{}, errors.New("both contexts have one name")
	}
	n := 0
	ast.Inspect(body, func(node ast.Node) bool {
		if id, ok := node.(*ast.Ident); ok && s.Info.Uses[id] == obj {
			fix.Edits = append(fix.Edits, edit.Replace(id.Pos(), id.End(), name))
			n++
		}
		return true
	})
	if n == 0 {
		return edit.Fix{}, errors.New("the context has another name in the goroutine")
	}
	if own.Name != "_" && s.Lookup(own.Name, s.Pos) != s.Info.Defs[own] {
		return edit.Fix{}, errors.New(own.Name + " means something else in the goroutine")
	}
	fix.Message = "use " + name + ", the context of the group"
	return fix, nil
}
