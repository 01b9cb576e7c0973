package edit

import (
	"errors"
	"go/ast"
	"go/token"
	"slices"
)

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
	return slices.ContainsFunc(s.Index.uses[s.Info.Uses[id]], func(other *ast.Ident) bool {
		return other != id && s.Syntax.FileStart <= other.Pos() && other.Pos() <= s.Syntax.FileEnd
	})
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
