package wake

import (
	"errors"
	"go/ast"
	"slices"

	"github.com/killcheck/killcheck/passes/internal/fix/edit"
)

// waitDelay limits how long the wait for a command lasts after its context has
// killed it.
//
//	cmd := exec.CommandContext(ctx, name)
//	                                      cmd.WaitDelay = 5 * time.Second
//	err := cmd.Run()
func waitDelay(s *site) (edit.Fix, error) {
	call, _, ok := edit.Enclosing[*ast.CallExpr](s.Site)
	if !ok {
		return edit.Fix{}, errors.New("no call")
	}
	fun, ok := ast.Unparen(call.Fun).(*ast.SelectorExpr)
	if !ok {
		return edit.Fix{}, errors.New("no method call")
	}
	stmt, outer, err := s.Statement()
	if err != nil {
		return edit.Fix{}, err
	}
	names := &edit.Namer{File: s.File, Pos: stmt.Pos()}
	clock, err := names.PackageAt("time")
	if err != nil {
		return edit.Fix{}, err
	}
	fix := edit.Fix{Message: "wait for the command's output for " + waitDelaySays + " at most after the kill", Edits: names.Imports()}
	limit := ".WaitDelay = " + waitDelaySeconds + " * " + clock + ".Second"
	if edit.IsPlain(fun.X) {
		cmd := s.Source(fun.X.Pos(), fun.X.End())
		if made := s.madeIn(fun.X, stmt, outer); made != nil {
			fix.Edits = append(fix.Edits, s.Beneath(made, cmd+limit))
			return fix, nil
		}
		at := stmt
		if !s.starts(stmt, cmd) {
			if at = s.startedIn(cmd, stmt, outer); at == nil {
				return edit.Fix{}, errors.New("the command is started elsewhere")
			}
		}
		change, err := s.Above(at, outer, cmd+limit)
		fix.Edits = append(fix.Edits, change)
		return fix, err
	}
	made, ok := ast.Unparen(fun.X).(*ast.CallExpr)
	if !ok || !s.comesFirst(stmt, call) {
		return edit.Fix{}, errors.New("the command has no name")
	}
	cmd := edit.Fresh(s.Function(), "cmd")
	text := s.Source(made.Pos(), made.End())
	change, err := s.Above(stmt, outer, cmd+" := "+text, cmd+limit)
	fix.Edits = append(fix.Edits, change, edit.Replace(fun.X.Pos(), fun.X.End(), cmd))
	return fix, err
}

// The limit that waitDelay sets. A few seconds are enough for output that is on
// its way, and short enough for a stop.
const (
	waitDelaySeconds = "5"
	waitDelaySays    = "5 seconds"
)

// madeIn returns the statement of the same list that declares the variable, if
// it is one that stands alone, or nil.
func (s *site) madeIn(e ast.Expr, stmt ast.Stmt, outer []ast.Node) ast.Stmt {
	id, ok := ast.Unparen(e).(*ast.Ident)
	if !ok {
		return nil
	}
	obj := s.Info.Uses[id]
	before, _ := edit.Siblings(stmt, outer[0])
	for _, b := range before {
		if a, ok := b.(*ast.AssignStmt); ok && len(a.Lhs) == 1 && obj != nil {
			if left, ok := a.Lhs[0].(*ast.Ident); ok && s.Info.Defs[left] == obj {
				return b
			}
		}
	}
	return nil
}

// starts reports whether the node calls a method of the command that starts it: all but
// Wait do. What watches the context reads the limit from then on.
func (s *site) starts(n ast.Node, cmd string) (found bool) {
	ast.Inspect(n, func(n ast.Node) bool {
		if _, lit := n.(*ast.FuncLit); lit {
			return false
		}
		call, ok := n.(*ast.CallExpr)
		if !ok {
			return true
		}
		sel, ok := ast.Unparen(call.Fun).(*ast.SelectorExpr)
		if ok && s.Source(sel.X.Pos(), sel.X.End()) == cmd {
			switch sel.Sel.Name {
			case "Start", "Run", "Output", "CombinedOutput":
				found = true
			}
		}
		return !found
	})
	return found
}

// startedIn returns the statement of the same list that starts the command at once, or nil.
func (s *site) startedIn(cmd string, stmt ast.Stmt, outer []ast.Node) ast.Stmt {
	before, _ := edit.Siblings(stmt, outer[0])
	for _, b := range before {
		switch b := b.(type) {
		case *ast.ExprStmt:
			if s.starts(b, cmd) {
				return b
			}
		case *ast.AssignStmt:
			if s.starts(b, cmd) && !s.assigns(b, cmd) {
				return b
			}
		case *ast.IfStmt:
			init, _ := b.Init.(*ast.AssignStmt)
			if init != nil && s.starts(init, cmd) && !s.assigns(init, cmd) || s.starts(b.Cond, cmd) {
				return b
			}
		}
	}
	return nil
}

// assigns reports whether the command itself is assigned to.
func (s *site) assigns(a *ast.AssignStmt, cmd string) bool {
	return slices.ContainsFunc(a.Lhs, func(e ast.Expr) bool { return s.Source(e.Pos(), e.End()) == cmd })
}

// comesFirst reports whether nothing in a statement is evaluated before the
// call: then its receiver can be evaluated in front of the statement.
func (s *site) comesFirst(stmt ast.Stmt, call *ast.CallExpr) bool {
	switch stmt := stmt.(type) {
	case *ast.ExprStmt:
		return ast.Unparen(stmt.X) == ast.Expr(call)
	case *ast.AssignStmt:
		for _, left := range stmt.Lhs {
			if !edit.IsPlain(left) {
				return false
			}
		}
		return len(stmt.Rhs) == 1 && ast.Unparen(stmt.Rhs[0]) == ast.Expr(call)
	case *ast.ReturnStmt:
		return len(stmt.Results) == 1 && ast.Unparen(stmt.Results[0]) == ast.Expr(call)
	case *ast.IfStmt:
		init, ok := stmt.Init.(*ast.AssignStmt)
		return ok && s.comesFirst(init, call)
	}
	return false
}
