package edit

import (
	"errors"
	"go/ast"
	"go/token"
	"strconv"

	"golang.org/x/tools/go/analysis"
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
func loop(s *site) (Fix, error) {
	stmt, body, outer, err := s.loopStmt()
	if err != nil {
		return Fix{}, err
	}
	if err := s.checkStop(body.Lbrace + 1); err != nil {
		return Fix{}, err
	}
	out, err := s.leave(stmt, outer)
	if err != nil {
		return Fix{}, err
	}
	indent := s.indent(stmt.Pos()) + "\t"
	return Fix{
		Message: "check " + s.Stop.Expr + " in each round",
		Edits: append(out.imports,
			s.after(body.Lbrace+1, indent, indent, s.selectLines(out, "default:")...)),
		Exact: out.exact,
	}, nil
}

// loopStmt returns the innermost loop, of either kind.
func (s *site) loopStmt() (stmt ast.Stmt, body *ast.BlockStmt, outer []ast.Node, err error) {
	for i, n := range s.path {
		switch n := n.(type) {
		case *ast.ForStmt:
			return n, n.Body, s.path[i+1:], nil
		case *ast.RangeStmt:
			return n, n.Body, s.path[i+1:], nil
		}
		if isFunc(n) {
			break
		}
	}
	return nil, nil, nil, errors.New("no loop")
}

// function returns the outermost declaration around the remedy.
func (s *site) function() ast.Node {
	for _, n := range s.path {
		if decl, ok := n.(ast.Decl); ok {
			return decl
		}
	}
	return s.Syntax
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
func breakLoop(s *site) (Fix, error) {
	branch, _, ok := enclosing[*ast.BranchStmt](s)
	if !ok || branch.Tok != token.BREAK || branch.Label != nil {
		return Fix{}, errors.New("no plain break")
	}
	stmt, _, outer, err := s.loopStmt()
	if err != nil {
		return Fix{}, err
	}
	fix := Fix{Message: "leave the loop", Exact: true}
	results, err := s.results(outer)
	if err != nil {
		return Fix{}, err
	}
	if results.Len() == 0 && endsFunction(stmt, outer) {
		fix.Edits = []analysis.TextEdit{replace(branch.Pos(), branch.End(), "return")}
		return fix, nil
	}
	label := labelOf(stmt, outer)
	if label == "" {
		if !s.firstOnLine(stmt.Pos()) {
			return Fix{}, errors.New("the loop does not start a line")
		}
		label = s.newLabel(stmt)
		indent := s.indent(stmt.Pos())
		fix.Edits = append(fix.Edits, replace(s.lineStart(stmt.Pos()), stmt.Pos(), indent[min(1, len(indent)):]+label+":\n"+indent))
	}
	fix.Edits = append(fix.Edits, insert(branch.End(), " "+label))
	return fix, nil
}

// newLabel returns a label for a loop. It counts the loops of the declaration,
// so that the fixes for two loops do not choose the same one.
func (s *site) newLabel(stmt ast.Stmt) string {
	decl := s.function()
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
		return fresh(decl, "loop")
	}
	return fresh(decl, "loop"+strconv.Itoa(number))
}
