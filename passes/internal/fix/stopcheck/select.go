package stopcheck

import (
	"errors"
	"go/ast"
	"go/token"
	"slices"
	"strings"

	"golang.org/x/tools/go/analysis"

	"github.com/killcheck/killcheck/passes/internal/fix/edit"
)

// emptySelect makes "select {}" wait for the stop. The return is left out where
// the function ends anyway.
//
//	select {}
//	---------
//	<-ctx.Done()
//	return
func emptySelect(s *site) (edit.Fix, error) {
	sel, outer, ok := edit.Enclosing[*ast.SelectStmt](s.Site)
	if !ok || len(sel.Body.List) > 0 || !edit.StandsAlone(outer) {
		return edit.Fix{}, errors.New("no empty select")
	}
	out, err := s.Leave(sel, outer)
	if err != nil {
		return edit.Fix{}, err
	}
	fix := edit.Fix{Message: "wait for " + s.Stop.Expr, Exact: out.Exact}
	wait := "<-" + s.Stop.Expr
	if out.Code == "return" && edit.EndsFunction(sel, outer) {
		fix.Edits = []analysis.TextEdit{edit.Replace(sel.Pos(), sel.End(), wait)}
		return fix, nil
	}
	from, indent, head := s.Open(sel.Pos())
	fix.Edits = append(out.Imports,
		edit.Replace(from, sel.End(), head+wait),
		s.After(sel.End(), indent, s.Indent(sel.Pos()), out.Lines("")...))
	return fix, nil
}

// selectCase adds the stop to a select.
//
//	select {
//	case v := <-ch:
//		use(v)
//	             case <-ctx.Done():
//	             	return
//	}
func selectCase(s *site) (edit.Fix, error) {
	sel, outer, ok := edit.Enclosing[*ast.SelectStmt](s.Site)
	if !ok || len(sel.Body.List) == 0 {
		return edit.Fix{}, errors.New("no select with cases")
	}
	if s.HasCase(sel) {
		return edit.Fix{}, errors.New("the select has a case for " + s.Stop.Expr)
	}
	out, err := s.LeaveWait(sel, outer)
	if err != nil {
		return edit.Fix{}, err
	}
	indent := s.Indent(sel.Pos())
	code := strings.Join(append([]string{"case <-" + s.Stop.Expr + ":"}, out.Lines("\t")...), "\n"+indent) + "\n" + indent
	if !s.FirstOnLine(sel.Body.Rbrace) {
		code = "\n" + indent + code
	}
	return edit.Fix{
		Message: "add a case for " + s.Stop.Expr,
		Edits:   append(out.Imports, edit.Insert(sel.Body.Rbrace, code)),
		Exact:   out.Exact,
	}, nil
}

// leaveCase makes the case for a stop in a select leave the function. Before, the
// loop around the select went round again.
//
//	case <-s.quit:
//		log.Print("stopping")
//		                      return
func leaveCase(s *site) (edit.Fix, error) {
	clause, outer, ok := edit.Enclosing[*ast.CommClause](s.Site)
	if !ok || clause.Comm == nil || !edit.Within(clause.Comm, s.Pos) {
		return edit.Fix{}, errors.New("no case")
	}
	sel, outer, ok := edit.Enclosing[*ast.SelectStmt](&edit.Site{File: s.File, Path: outer})
	if !ok || !edit.InLoop(outer) {
		return edit.Fix{}, errors.New("no select in a loop")
	}
	out, err := s.Leave(sel, outer)
	if err != nil {
		return edit.Fix{}, err
	}
	if jumpsEarly(clause) {
		return edit.Fix{}, errors.New("the case jumps")
	}
	fix := edit.Fix{Message: "return after " + s.Stop.Expr, Edits: out.Imports, Exact: out.Exact}
	if len(clause.Body) == 0 {
		indent := s.Indent(clause.Pos())
		fix.Edits = append(fix.Edits, s.After(clause.Colon+1, indent+"\t", indent, out.Lines("")...))
		return fix, nil
	}
	last := clause.Body[len(clause.Body)-1]
	if branch, ok := last.(*ast.BranchStmt); ok {
		lines := out.Lines("")
		fix.Edits = append(fix.Edits, edit.Replace(branch.Pos(), branch.End(), strings.Join(lines, "\n"+s.Indent(branch.Pos()))))
		return fix, nil
	}
	fix.Edits = append(fix.Edits, s.Beneath(last, out.Lines("")...))
	return fix, nil
}

// jumpsEarly reports whether a case has a jump other than a break or continue as
// its last statement.
func jumpsEarly(clause *ast.CommClause) bool {
	found := false
	for i, stmt := range clause.Body {
		ast.Inspect(stmt, func(n ast.Node) bool {
			branch, ok := n.(*ast.BranchStmt)
			if ok && (n != ast.Node(stmt) || i < len(clause.Body)-1 || branch.Tok == token.GOTO) {
				found = true
			}
			_, lit := n.(*ast.FuncLit)
			return !found && !lit
		})
	}
	return found
}

// inSelect makes a statement that is a communication the first case of a select
// with the stop as the second. What before holds goes in front.
//
//	        ch <- v
//	------- -------
//	select {
//	case    ch <- v:
//	case <-ctx.Done():
//		return
//	}
func (s *site) inSelect(stmt ast.Stmt, out edit.Way, before ...string) []analysis.TextEdit {
	from, indent, head := s.Open(stmt.Pos())
	for _, line := range before {
		head += line + "\n" + indent
	}
	return append(out.Imports,
		edit.Replace(from, stmt.Pos(), head+"select {\n"+indent+"case "),
		edit.Insert(stmt.End(), ":"),
		s.After(stmt.End(), indent, s.Indent(stmt.Pos()), append(append([]string{"case <-" + s.Stop.Expr + ":"}, out.Lines("\t")...), "}")...))
}

// selectLines returns a select of the stop and one other clause. The default
// comes last.
func (s *site) selectLines(out edit.Way, other string) []string {
	stop := append([]string{"case <-" + s.Stop.Expr + ":"}, out.Lines("\t")...)
	if other == "default:" {
		return slices.Concat([]string{"select {"}, stop, []string{other, "}"})
	}
	return slices.Concat([]string{"select {", other}, stop, []string{"}"})
}
