package stopcheck

import (
	"errors"
	"go/ast"
	"go/token"
	"strconv"

	"golang.org/x/tools/go/analysis"

	"github.com/killcheck/killcheck/passes/internal/fix/edit"
)

// loop makes a loop look at the stop at the start of each round.
//
//	for {
//		       select {
//		       case <-ctx.Done():
//		       	return
//		       default:
//		       }
//		work()
//	}
func loop(s *site) (edit.Fix, error) {
	stmt, body, outer, err := s.LoopStmt()
	if err != nil {
		return edit.Fix{}, err
	}
	if err := s.CheckStop(body.Lbrace + 1); err != nil {
		return edit.Fix{}, err
	}
	out, err := s.Leave(stmt, outer)
	if err != nil {
		return edit.Fix{}, err
	}
	indent := s.Indent(stmt.Pos()) + "\t"
	return edit.Fix{
		Message: "check " + s.Stop.Expr + " in each round",
		Edits: append(out.Imports,
			s.After(body.Lbrace+1, indent, indent, s.selectLines(out, "default:")...)),
		Exact: out.Exact,
	}, nil
}

// breakLoop makes a break that leaves only the select leave the loop. Where
// nothing follows the loop, that is a return.
//
//	       for {
//	loop:
//		select {
//		case <-quit:
//			break
//			     loop
func breakLoop(s *site) (edit.Fix, error) {
	branch, _, ok := edit.Enclosing[*ast.BranchStmt](s.Site)
	if !ok || branch.Tok != token.BREAK || branch.Label != nil {
		return edit.Fix{}, errors.New("no plain break")
	}
	stmt, _, outer, err := s.LoopStmt()
	if err != nil {
		return edit.Fix{}, err
	}
	fix := edit.Fix{Message: "leave the loop", Exact: true}
	results, err := s.Results(outer)
	if err != nil {
		return edit.Fix{}, err
	}
	if results.Len() == 0 && edit.EndsFunction(stmt, outer) {
		fix.Edits = []analysis.TextEdit{edit.Replace(branch.Pos(), branch.End(), "return")}
		return fix, nil
	}
	label := edit.LabelOf(stmt, outer)
	if label == "" {
		if !s.FirstOnLine(stmt.Pos()) {
			return edit.Fix{}, errors.New("the loop does not start a line")
		}
		label = s.newLabel(stmt)
		indent := s.Indent(stmt.Pos())
		fix.Edits = append(fix.Edits, edit.Replace(s.LineStart(stmt.Pos()), stmt.Pos(), indent[min(1, len(indent)):]+label+":\n"+indent))
	}
	fix.Edits = append(fix.Edits, edit.Insert(branch.End(), " "+label))
	return fix, nil
}

// newLabel returns a label for a loop. It counts the loops of the declaration,
// so that the fixes for two loops do not choose the same one.
func (s *site) newLabel(stmt ast.Stmt) string {
	decl := s.Function()
	number := 0
	ast.Inspect(decl, func(n ast.Node) bool {
		switch n.(type) {
		case *ast.ForStmt, *ast.RangeStmt:
			if n.Pos() <= stmt.Pos() {
				number++
			}
		}
		return true
	})
	if number <= 1 {
		return edit.Fresh(decl, "loop")
	}
	return edit.Fresh(decl, "loop"+strconv.Itoa(number))
}
