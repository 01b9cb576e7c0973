package stopcheck

import (
	"go/ast"
	"go/token"
	"slices"

	"golang.org/x/tools/go/analysis"

	"github.com/killcheck/killcheck/passes/internal/fix/edit"
)

// recvWithin makes a receive that is part of a larger statement give way to the stop: it
// comes before, into a variable. The statement may do nothing else first.
//
//	                       var value T
//	                       select {
//	                       case value = <-ch:
//	                       case <-ctx.Done():
//	                       	return
//	                       }
//	use(<-ch)
//	    ----
//	use(value)
func (s *site) recvWithin(op *ast.UnaryExpr, outer []ast.Node) (edit.Fix, error) {
	i := slices.IndexFunc(outer, func(n ast.Node) bool { _, ok := n.(ast.Stmt); return ok })
	if i < 0 || !edit.StandsAlone(outer[i+1:]) || !s.comesFirst(op, outer[:i+1]) {
		return edit.Fix{}, edit.ErrNotAlone
	}
	stmt, around := outer[i].(ast.Stmt), outer[i+1:]
	if edit.IsComm(stmt, around) {
		return edit.Fix{}, edit.ErrNotAlone
	}
	out, err := s.Leave(stmt, around)
	if err != nil {
		return edit.Fix{}, err
	}
	names := &edit.Namer{File: s.File, Pos: stmt.Pos()}
	t, err := names.TypeName(s.Info.TypeOf(op))
	if err != nil {
		return edit.Fix{}, err
	}
	value := edit.FreshLocal(s.Function(), "value")
	lines := append([]string{"var " + value + " " + t}, s.selectLines(out, "case "+value+" = "+s.Source(op.Pos(), op.End())+":")...)
	change, err := s.Above(stmt, around, lines...)
	if err != nil {
		return edit.Fix{}, err
	}
	return edit.Fix{
		Message: "let " + s.Stop.Expr + " end the receive",
		Edits:   slices.Concat(out.Imports, names.Imports(), []analysis.TextEdit{change, edit.Replace(op.Pos(), op.End(), value)}),
		Exact:   out.Exact,
	}, nil
}

// comesFirst reports whether a statement does nothing before it receives, and does so in
// any case: it is an assignment or a call, and calls only what is given the value.
func (s *site) comesFirst(op *ast.UnaryExpr, outer []ast.Node) bool {
	for _, n := range outer[:len(outer)-1] {
		switch n := n.(type) {
		case *ast.BinaryExpr:
			if n.Op == token.LAND || n.Op == token.LOR {
				return false
			}
		case *ast.CallExpr:
			if edit.Within(n.Fun, op.Pos()) {
				return false
			}
		case *ast.ParenExpr, *ast.SelectorExpr, *ast.KeyValueExpr, *ast.CompositeLit:
		default:
			return false
		}
	}
	switch outer[len(outer)-1].(type) {
	case *ast.ExprStmt, *ast.AssignStmt:
	default:
		return false
	}
	first := true
	ast.Inspect(outer[len(outer)-1], func(n ast.Node) bool {
		switch n := n.(type) {
		case *ast.FuncLit:
			return false
		case *ast.UnaryExpr:
			first = first && (n.Op != token.ARROW || n == op)
		case *ast.CallExpr:
			first = first && (slices.Contains(outer, ast.Node(n)) || s.Info.Types[n.Fun].IsType())
		}
		return first && n != ast.Node(op)
	})
	return first
}
