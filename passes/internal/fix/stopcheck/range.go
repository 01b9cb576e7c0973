package stopcheck

import (
	"errors"
	"go/ast"
	"go/token"
	"go/types"

	"github.com/killcheck/killcheck/passes/internal/fix/edit"
)

// rangeChannel makes a range over a channel give way to the stop. The body
// stays where it is, so that its break and continue keep their meaning. The ok
// is left out for a channel that is never closed.
//
//	for v := range ch {
//		use(v)
//	}
//	-------------------
//	for {
//		var v T
//		var ok bool
//		select {
//		case v, ok = <-ch:
//		case <-ctx.Done():
//			return
//		}
//		if !ok {
//			break
//		}
//		use(v)
//	}
func rangeChannel(s *site) (edit.Fix, error) {
	stmt, outer, ok := edit.Enclosing[*ast.RangeStmt](s.Site)
	if !ok || !edit.StandsAlone(outer) || !s.FirstOnLine(edit.First(stmt, outer)) {
		return edit.Fix{}, errors.New("no range")
	}
	ch, ok := s.Info.TypeOf(stmt.X).Underlying().(*types.Chan)
	if !ok {
		return edit.Fix{}, errors.New("no range over a channel")
	}
	if id, blank := stmt.Key.(*ast.Ident); stmt.Tok == token.ASSIGN && (!blank || id.Name != "_") {
		return edit.Fix{}, errors.New("the variable belongs to the code around the loop")
	}
	if err := s.CheckStop(stmt.Body.Lbrace + 1); err != nil {
		return edit.Fix{}, err
	}
	out, err := s.Leave(stmt, outer)
	if err != nil {
		return edit.Fix{}, err
	}
	channel, hoist := s.stable(stmt)
	indent := s.Indent(stmt.Pos()) + "\t"
	names := &edit.Namer{File: s.File, Pos: stmt.Pos()}
	var code []string
	value := ""
	if id, ok := stmt.Key.(*ast.Ident); ok && id.Name != "_" {
		t, err := names.TypeName(ch.Elem())
		if err != nil {
			return edit.Fix{}, err
		}
		value = id.Name
		code = append(code, "var "+value+" "+t)
	}
	receive, closing := s.receive(stmt, value, channel)
	if closing != "" {
		code = append(code, "var "+closing+" bool")
	}
	code = append(code, s.selectLines(out, "case "+receive+":")...)
	if closing != "" {
		code = append(code, "if !"+closing+" {", "\tbreak", "}")
	}
	edits := append(out.Imports, names.Imports()...)
	edits = append(edits,
		edit.Replace(stmt.For+token.Pos(len("for")), stmt.Body.Lbrace, " "),
		s.After(stmt.Body.Lbrace+1, indent, indent, code...),
	)
	if hoist != "" {
		edits = append(edits, edit.Insert(s.LineStart(edit.First(stmt, outer)), s.Indent(stmt.Pos())+hoist+"\n"))
	}
	exact := out.Exact && !(s.SharesVariable() && captures(stmt))
	return edit.Fix{Message: "let " + s.Stop.Expr + " end the range", Edits: edits, Exact: exact}, nil
}

// captures reports whether the body of a loop may keep its variable for later.
func captures(stmt *ast.RangeStmt) bool {
	found := false
	ast.Inspect(stmt.Body, func(n ast.Node) bool {
		switch n := n.(type) {
		case *ast.FuncLit:
			found = true
		case *ast.UnaryExpr:
			found = found || n.Op == token.AND
		}
		return !found
	})
	return stmt.Key != nil && found
}

// receive returns the communication that takes the place of the range clause,
// and the variable that is false once the channel is closed, if it can be.
func (s *site) receive(stmt *ast.RangeStmt, value, channel string) (comm, closing string) {
	if s.neverCloses(stmt.X) {
		if value == "" {
			return "<-" + channel, ""
		}
		return value + " = <-" + channel, ""
	}
	closing = edit.Fresh(stmt, "ok")
	if value == "" {
		value = "_"
	}
	return value + ", " + closing + " = <-" + channel, closing
}

// neverCloses reports whether a channel is receive-only and carries times, as
// the channels of tickers and timers do: nobody can close these.
func (s *site) neverCloses(e ast.Expr) bool {
	ch := s.Info.TypeOf(e).Underlying().(*types.Chan)
	if ch.Dir() != types.RecvOnly || types.TypeString(ch.Elem(), nil) != "time.Time" {
		return false
	}
	switch e := ast.Unparen(e).(type) {
	case *ast.SelectorExpr:
		field := s.Info.Uses[e.Sel]
		return field != nil && field.Pkg() != nil && field.Pkg().Path() == "time"
	case *ast.CallExpr:
		fun, ok := ast.Unparen(e.Fun).(*ast.SelectorExpr)
		return ok && s.Info.Uses[fun.Sel] != nil && s.Info.Uses[fun.Sel].Pkg() != nil && s.Info.Uses[fun.Sel].Pkg().Path() == "time"
	}
	return false
}

// stable returns an expression for the channel that is the same in each round.
// A range evaluates its operand once, so an operand that might change, or that
// is a call, is kept in a variable in front of the loop.
func (s *site) stable(stmt *ast.RangeStmt) (channel, hoist string) {
	text := s.Source(stmt.X.Pos(), stmt.X.End())
	if s.IsStable(stmt.X) {
		return text, ""
	}
	name := edit.Fresh(s.Function(), NameFor(stmt.X))
	return name, name + " := " + text
}

// NameFor returns a name for the variable that keeps a channel.
func NameFor(e ast.Expr) string {
	if sel, ok := ast.Unparen(e).(*ast.SelectorExpr); ok && !sel.Sel.IsExported() {
		return sel.Sel.Name
	}
	return "ch"
}
