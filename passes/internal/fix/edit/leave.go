package edit

import (
	"errors"
	"go/ast"
	"go/token"
	"go/types"
	"slices"
	"strings"

	"golang.org/x/tools/go/analysis"
)

// A Way is a statement that leaves the function on a stop.
type Way struct {
	Code    string   // "return", with values if the function has results
	cleanup []string // what comes before it
	Imports []analysis.TextEdit
	Exact   bool
}

// Lines returns the way as the body of a clause that has the indentation.
func (w Way) Lines(indent string) []string {
	var lines []string
	for _, line := range append(slices.Clone(w.cleanup), w.Code) {
		if line != "" {
			lines = append(lines, indent+line)
		}
	}
	return lines
}

var errNoStop = errors.New("no stop signal is in reach")

// Leave returns the return statement for the function around the statement
// stmt, which the nodes outer enclose. The way out is not exact if
//   - the function has results and the last is no error that could say what
//     happened: the caller would take zero values for an answer;
//   - it skips code that releases or tells something (see skipsRelease). Plain
//     calls of that kind are made before it (see cleanup), but in another order;
//   - another return of the function tells somebody before it leaves (see tells);
//   - the function is deferred: its caller relies on the cleanup.
func (s *Site) Leave(stmt ast.Stmt, outer []ast.Node) (Way, error) {
	if err := s.CheckStop(stmt.Pos()); err != nil {
		return Way{}, err
	}
	label, i, more := s.usualBreak(outer)
	if more {
		return Way{}, errors.New("the function does more than to leave the loop when it gets the stop")
	}
	if label != "" {
		return Way{
			Code:    "break " + label,
			cleanup: s.cleanup(stmt, outer, i),
			Exact:   !IsDeferred(outer) && !s.skipsRelease(stmt, outer, i),
		}, nil
	}
	if s.Tail {
		body := s.usualWay(stmt, outer)
		if body == nil {
			return Way{}, errors.New("the function does more than to return when it gets the stop")
		}
		before := s.cleanup(stmt, outer, len(outer))
		for _, line := range body[:len(body)-1] {
			if !slices.Contains(before, line) {
				before = append(before, line)
			}
		}
		return Way{Code: body[len(body)-1], cleanup: before}, nil
	}
	names := &Namer{File: s.File, Pos: stmt.Pos()}
	code, says, err := s.returnStmt(outer, names)
	if err != nil {
		return Way{}, err
	}
	cleanup := s.cleanup(stmt, outer, len(outer))
	if s.endsElsewhere(stmt, outer, cleanup) {
		return Way{}, errors.New("the function ends something before it leaves, which a new way out would leave open")
	}
	return Way{
		Code:    code,
		cleanup: cleanup,
		Imports: names.Imports(),
		Exact:   says && !IsDeferred(outer) && !s.SkipsRelease(stmt, outer) && !s.tells(stmt, outer),
	}, nil
}

// tells reports whether the function closes a channel, or sends, directly before a
// return, other than by stmt: whoever waits for that would not hear of a new way out.
func (s *Site) tells(stmt ast.Stmt, outer []ast.Node) bool {
	fn := slices.IndexFunc(outer, IsFunc)
	if fn < 0 {
		return false
	}
	found := false
	Own(BodyOf(outer[fn]), func(n ast.Node) {
		list := listOf(n)
		if len(list) == 0 || found {
			return
		}
		_, leaves := list[len(list)-1].(*ast.ReturnStmt)
		found = leaves && slices.ContainsFunc(list, func(x ast.Stmt) bool { return x != stmt && s.isWord(x) })
	})
	return found
}

// isWord reports whether a statement closes a channel or sends on one.
func (s *Site) isWord(stmt ast.Stmt) bool {
	switch stmt := stmt.(type) {
	case *ast.SendStmt:
		return true
	case *ast.ExprStmt:
		call, ok := ast.Unparen(stmt.X).(*ast.CallExpr)
		return ok && ClosedBy(s.Info, call) != nil
	}
	return false
}

// usualBreak returns the label of the loop around that the function leaves by a break
// where it gets the stop elsewhere, and the place of that loop among the nodes: what
// follows the loop is to be done then, too. It says whether something else is done
// before the break.
func (s *Site) usualBreak(outer []ast.Node) (label string, loop int, more bool) {
	for _, body := range s.onStop(outer) {
		br, ok := body[len(body)-1].(*ast.BranchStmt)
		if !ok || br.Tok != token.BREAK || br.Label == nil {
			continue
		}
		for i, n := range outer[:slices.IndexFunc(outer, IsFunc)] {
			if stmt, ok := n.(ast.Stmt); ok && IsLoop(n) && LabelOf(stmt, outer) == br.Label.Name {
				return br.Label.Name, i, len(body) > 1
			}
		}
	}
	return "", 0, false
}

// onStop returns what the function around does in the cases of its selects that receive
// the stop, other than nothing.
func (s *Site) onStop(outer []ast.Node) (bodies [][]ast.Stmt) {
	fn := slices.IndexFunc(outer, IsFunc)
	if fn < 0 {
		return nil
	}
	Own(BodyOf(outer[fn]), func(n ast.Node) {
		if clause, ok := n.(*ast.CommClause); ok && len(clause.Body) > 0 && s.receivesStop(clause.Comm) {
			bodies = append(bodies, clause.Body)
		}
	})
	return bodies
}

// BodyOf returns the body of a function declaration or literal.
func BodyOf(fn ast.Node) *ast.BlockStmt {
	if lit, ok := fn.(*ast.FuncLit); ok {
		return lit.Body
	}
	return fn.(*ast.FuncDecl).Body
}

// CheckStop makes sure that the stop is a channel to receive from at pos.
func (s *Site) CheckStop(pos token.Pos) error {
	if s.Stop.Expr == "" {
		return errNoStop
	}
	t, err := s.TypeOf(s.Stop.Expr, pos)
	if err != nil {
		return err
	}
	ch, ok := t.Underlying().(*types.Chan)
	if !ok || ch.Dir() == types.SendOnly {
		return errors.New(s.Stop.Expr + " is no channel to receive from")
	}
	return nil
}

// TypeOf returns the type of an expression as seen at pos.
func (f *File) TypeOf(expr string, pos token.Pos) (types.Type, error) {
	if t := f.Planned[expr]; t != nil {
		return t, nil
	}
	tv, err := types.Eval(f.Fset, f.Pkg, pos, expr)
	if err != nil {
		return nil, err
	}
	return tv.Type, nil
}

// returnStmt returns the return statement, and whether it says to the caller
// what happened.
func (s *Site) returnStmt(outer []ast.Node, names *Namer) (code string, says bool, err error) {
	results, err := s.Results(outer)
	if err != nil {
		return "", false, err
	}
	if results.Len() == 0 {
		return "return", true, nil
	}
	if ret := s.usualReturn(outer); ret != "" {
		return ret, true, nil
	}
	values := make([]string, results.Len())
	for i := range values {
		result := results.At(i)
		if i == len(values)-1 && IsError(result.Type()) && s.Stop.Ctx != "" {
			values[i] = s.Stop.Ctx + ".Err()"
			says = true
			continue
		}
		if i == len(values)-1 && IsError(result.Type()) {
			if values[i] = s.stopError(names.Pos); values[i] != "" {
				says = true
				continue
			}
			if mustSay(outer) {
				return "", false, errors.New("the caller would take the stop for success, and no error says otherwise")
			}
		}
		if s.Means(result.Name(), result, names.Pos) {
			values[i] = result.Name() // a named result keeps what it has
			continue
		}
		if s.neverNil(outer, results, i) {
			return "", false, errors.New("its callers use what it returns, which is never nil")
		}
		if values[i], err = names.Zero(result.Type()); err != nil {
			return "", false, err
		}
	}
	return "return " + strings.Join(values, ", "), says, nil
}

// neverNil reports whether the result is a pointer that no return of the innermost function
// gives as nil, with no error or truth value behind it that says whether it is one: those
// who call the function use it as it comes.
func (s *Site) neverNil(outer []ast.Node, results *types.Tuple, i int) bool {
	if _, ok := results.At(i).Type().Underlying().(*types.Pointer); !ok {
		return false
	}
	last := results.At(results.Len() - 1).Type()
	if b, ok := last.Underlying().(*types.Basic); IsError(last) || ok && b.Kind() == types.Bool {
		return false
	}
	fn := slices.IndexFunc(outer, IsFunc)
	if fn < 0 {
		return false
	}
	returns, nils := false, false
	Own(BodyOf(outer[fn]), func(n ast.Node) {
		ret, ok := n.(*ast.ReturnStmt)
		if !ok {
			return
		}
		returns = true
		nils = nils || len(ret.Results) != results.Len() || s.Info.Types[ast.Unparen(ret.Results[i])].IsNil()
	})
	return returns && !nils
}

// usualReturn returns how the innermost function returns on the stop elsewhere,
// if it does so with fixed values.
func (s *Site) usualReturn(outer []ast.Node) string {
	i := slices.IndexFunc(outer, IsFunc)
	if i < 0 {
		return ""
	}
	usual := ""
	ast.Inspect(outer[i], func(n ast.Node) bool {
		if lit, ok := n.(*ast.FuncLit); ok && lit != outer[i] {
			return false
		}
		var body []ast.Stmt
		switch n := n.(type) {
		case *ast.CommClause:
			if s.receivesStop(n.Comm) {
				body = n.Body
			}
		case *ast.IfStmt:
			if cmp, ok := n.Cond.(*ast.BinaryExpr); ok && n.Init == nil && cmp.Op == token.NEQ && s.Stop.Ctx != "" && s.Source(cmp.X.Pos(), cmp.X.End()) == s.Stop.Ctx+".Err()" {
				body = n.Body.List
			}
		}
		if usual != "" || len(body) == 0 {
			return usual == ""
		}
		if ret, ok := body[len(body)-1].(*ast.ReturnStmt); ok && len(ret.Results) > 0 && !slices.ContainsFunc(ret.Results, func(e ast.Expr) bool { return !s.isFixed(e) }) {
			usual = s.Source(ret.Pos(), ret.End())
		}
		return usual == ""
	})
	return usual
}

// receivesStop reports whether a communication receives from the stop.
func (s *Site) receivesStop(comm ast.Stmt) bool {
	expr, ok := comm.(*ast.ExprStmt)
	if !ok {
		return false
	}
	r, ok := ast.Unparen(expr.X).(*ast.UnaryExpr)
	return ok && r.Op == token.ARROW && s.Source(r.X.Pos(), r.X.End()) == s.Stop.Expr
}

// isFixed reports whether an expression is a constant, nil, or the error of the
// context.
func (s *Site) isFixed(e ast.Expr) bool {
	tv := s.Info.Types[e]
	return tv.Value != nil || tv.IsNil() || s.Stop.Ctx != "" && s.Source(e.Pos(), e.End()) == s.Stop.Ctx+".Err()"
}

// Results returns the results of the innermost function.
func (s *Site) Results(outer []ast.Node) (*types.Tuple, error) {
	for _, n := range outer {
		switch n := n.(type) {
		case *ast.FuncLit:
			if sig, ok := s.Info.TypeOf(n).(*types.Signature); ok {
				return sig.Results(), nil
			}
		case *ast.FuncDecl:
			if fn, ok := s.Info.Defs[n.Name].(*types.Func); ok {
				return fn.Signature().Results(), nil
			}
		}
	}
	return nil, errors.New("no function around the statement")
}

// IsError reports whether a type is error.
func IsError(t types.Type) bool {
	return types.Identical(t, types.Universe.Lookup("error").Type())
}

// SaysError reports whether a value of the type is an error.
func SaysError(t types.Type) bool {
	return types.Implements(t, types.Universe.Lookup("error").Type().Underlying().(*types.Interface))
}

// IsDeferred reports whether the innermost function is a literal that a defer
// statement calls.
func IsDeferred(outer []ast.Node) bool {
	for i, n := range outer {
		if IsFunc(n) {
			if i+2 >= len(outer) {
				return false
			}
			_, deferred := outer[i+2].(*ast.DeferStmt)
			return deferred
		}
	}
	return false
}

// HasBreak reports whether a break leaves the loop.
func HasBreak(loop ast.Stmt, label string) bool {
	found := false
	var visit func(n ast.Node, inner bool)
	visit = func(n ast.Node, inner bool) {
		ast.Inspect(n, func(n ast.Node) bool {
			switch n := n.(type) {
			case *ast.FuncLit:
				return false
			case *ast.BranchStmt:
				if n.Tok == token.BREAK {
					found = found || (n.Label == nil && !inner) || (n.Label != nil && n.Label.Name == label)
				} else if n.Tok == token.GOTO {
					found = true // it may lead anywhere
				}
			case *ast.ForStmt, *ast.RangeStmt, *ast.SelectStmt, *ast.SwitchStmt, *ast.TypeSwitchStmt:
				if n != ast.Node(loop) && !inner {
					visit(n, true)
					return false
				}
			}
			return !found
		})
	}
	visit(loop, false)
	return found
}

// LabelOf returns the label of a statement, if it has one.
func LabelOf(stmt ast.Stmt, outer []ast.Node) string {
	for _, n := range outer {
		if l, ok := n.(*ast.LabeledStmt); ok && l.Stmt == stmt {
			return l.Label.Name
		}
	}
	return ""
}
