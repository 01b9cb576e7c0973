package edit

import (
	"errors"
	"go/ast"
	"go/token"
	"slices"
	"strings"

	"golang.org/x/tools/go/analysis"
)

// emptySelect makes "select {}" wait for the stop. The return is left out where
// the function ends anyway.
//
//	select {}
//	---------
//	<-ctx.Done()
//	return
func emptySelect(s *site) (Fix, error) {
	sel, outer, ok := enclosing[*ast.SelectStmt](s)
	if !ok || len(sel.Body.List) > 0 || !standsAlone(outer) {
		return Fix{}, errors.New("no empty select")
	}
	out, err := s.leave(sel, outer)
	if err != nil {
		return Fix{}, err
	}
	fix := Fix{Message: "wait for " + s.Stop.Expr, Exact: out.exact}
	wait := "<-" + s.Stop.Expr
	if out.code == "return" && endsFunction(sel, outer) {
		fix.Edits = []analysis.TextEdit{replace(sel.Pos(), sel.End(), wait)}
		return fix, nil
	}
	from, indent, head := s.open(sel.Pos())
	fix.Edits = append(out.imports,
		replace(from, sel.End(), head+wait),
		s.after(sel.End(), indent, s.indent(sel.Pos()), out.lines("")...))
	return fix, nil
}

// endsFunction reports whether stmt is the last statement of a function body.
func endsFunction(stmt ast.Stmt, outer []ast.Node) bool {
	if len(outer) < 2 || !isFunc(outer[1]) {
		return false
	}
	body, ok := outer[0].(*ast.BlockStmt)
	return ok && body.List[len(body.List)-1] == stmt
}

// selectCase adds the stop to a select.
//
//	select {
//	case v := <-ch:
//		use(v)
//	             case <-ctx.Done():
//	             	return
//	}
func selectCase(s *site) (Fix, error) {
	sel, outer, ok := enclosing[*ast.SelectStmt](s)
	if !ok || len(sel.Body.List) == 0 {
		return Fix{}, errors.New("no select with cases")
	}
	if s.hasCase(sel) {
		return Fix{}, errors.New("the select has a case for " + s.Stop.Expr)
	}
	out, err := s.leaveWait(sel, outer)
	if err != nil {
		return Fix{}, err
	}
	indent := s.indent(sel.Pos())
	code := strings.Join(append([]string{"case <-" + s.Stop.Expr + ":"}, out.lines("\t")...), "\n"+indent) + "\n" + indent
	if !s.firstOnLine(sel.Body.Rbrace) {
		code = "\n" + indent + code
	}
	return Fix{
		Message: "add a case for " + s.Stop.Expr,
		Edits:   append(out.imports, insert(sel.Body.Rbrace, code)),
		Exact:   out.exact,
	}, nil
}

// leaveCase makes the case for a stop in a select leave the function. Before, the
// loop around the select went round again.
//
//	case <-s.quit:
//		log.Print("stopping")
//		                      return
func leaveCase(s *site) (Fix, error) {
	clause, outer, ok := enclosing[*ast.CommClause](s)
	if !ok || clause.Comm == nil || !within(clause.Comm, s.Pos) {
		return Fix{}, errors.New("no case")
	}
	sel, outer, ok := enclosing[*ast.SelectStmt](&site{File: s.File, path: outer})
	if !ok || !inLoop(outer) {
		return Fix{}, errors.New("no select in a loop")
	}
	out, err := s.leave(sel, outer)
	if err != nil {
		return Fix{}, err
	}
	if jumpsEarly(clause) {
		return Fix{}, errors.New("the case jumps")
	}
	fix := Fix{Message: "return after " + s.Stop.Expr, Edits: out.imports, Exact: out.exact}
	if len(clause.Body) == 0 {
		indent := s.indent(clause.Pos())
		fix.Edits = append(fix.Edits, s.after(clause.Colon+1, indent+"\t", indent, out.lines("")...))
		return fix, nil
	}
	last := clause.Body[len(clause.Body)-1]
	if branch, ok := last.(*ast.BranchStmt); ok {
		lines := out.lines("")
		fix.Edits = append(fix.Edits, replace(branch.Pos(), branch.End(), strings.Join(lines, "\n"+s.indent(branch.Pos()))))
		return fix, nil
	}
	fix.Edits = append(fix.Edits, s.beneath(last, out.lines("")...))
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

// hasCase reports whether a case receives from the stop already.
func (s *site) hasCase(sel *ast.SelectStmt) bool {
	for _, clause := range sel.Body.List {
		if s.receivesStop(clause.(*ast.CommClause).Comm) {
			return true
		}
	}
	return false
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
func (s *site) inSelect(stmt ast.Stmt, out way, before ...string) []analysis.TextEdit {
	from, indent, head := s.open(stmt.Pos())
	for _, line := range before {
		head += line + "\n" + indent
	}
	return append(out.imports,
		replace(from, stmt.Pos(), head+"select {\n"+indent+"case "),
		insert(stmt.End(), ":"),
		s.after(stmt.End(), indent, s.indent(stmt.Pos()), append(append([]string{"case <-" + s.Stop.Expr + ":"}, out.lines("\t")...), "}")...))
}

// selectLines returns a select of the stop and one other clause. The default
// comes last.
func (s *site) selectLines(out way, other string) []string {
	stop := append([]string{"case <-" + s.Stop.Expr + ":"}, out.lines("\t")...)
	if other == "default:" {
		return slices.Concat([]string{"select {"}, stop, []string{other, "}"})
	}
	return slices.Concat([]string{"select {", other}, stop, []string{"}"})
}

// isComm reports whether stmt is the communication of a select case, not part
// of its body.
func isComm(stmt ast.Stmt, outer []ast.Node) bool {
	if len(outer) == 0 {
		return false
	}
	clause, ok := outer[0].(*ast.CommClause)
	return ok && clause.Comm == stmt
}
