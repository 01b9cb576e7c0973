package promote

import (
	"errors"
	"go/ast"
	"go/token"
	"go/types"
	"strings"

	"golang.org/x/tools/go/analysis"

	"github.com/killcheck/killcheck/passes/internal/fix/edit"
)

// runWorker returns the edits that replace the call by one of the worker. If
// the function returns an error, so does the worker: then the call is replaced
// where it stands. If it does not, a worker that fails because of the stop ends
// this function, and one that fails otherwise panics, as the call did.
func (s *site) runWorker(w *worker, call *ast.CallExpr, outer []ast.Node) ([]analysis.TextEdit, error) {
	if obj := s.Lookup(w.name+"Worker", call.Pos()); obj != nil && obj.Parent() != s.Pkg.Scope() {
		return nil, errors.New(w.name + "Worker means something else here")
	}
	run := w.name + "Worker.Run(" + s.Stop.Ctx + ", " + w.argument(s) + ")"
	here := []analysis.TextEdit{edit.Replace(call.Pos(), call.End(), run)}
	stmt, around := statement(outer)
	whole := isWhole(stmt, call) && edit.StandsAlone(around) && !edit.IsComm(stmt, around) && !edit.IsLabeled(around) && s.HasLine(stmt)
	expr, assign := asExpr(stmt, call), edit.AsAssign(stmt, call)
	switch {
	case w.fails && (len(w.out) == 1 || expr):
		return here, nil
	case w.fails && len(w.out) == 0 && assign != nil:
		return append([]analysis.TextEdit{edit.Insert(assign.Lhs[0].Pos(), "_, ")}, here...), nil
	case !whole:
		return nil, edit.ErrNotAlone
	case w.fails:
		result := edit.Fresh(s.Function(), "runErr")
		values, first := result, "_"
		if len(w.out) > 1 {
			first = edit.Fresh(s.Function(), "out")
			values = w.results(first) + ", " + result
		}
		return s.hoist(stmt, call, values, first+", "+result+" := "+run), nil
	}
	result := edit.Fresh(s.Function(), "runErr")
	leave, imports, err := s.fail(stmt, around, result)
	if err != nil {
		return nil, err
	}
	out := edit.Fresh(s.Function(), "out")
	switch {
	case expr:
		lines := append([]string{"if _, " + result + " := " + run + "; " + result + " != nil {"}, leave...)
		return append(imports, s.Lines(stmt, lines)), nil
	case assign != nil && assign.Tok == token.DEFINE && len(assign.Lhs) == 1:
		out = s.Source(assign.Lhs[0].Pos(), assign.Lhs[0].End())
		lines := append([]string{out + ", " + result + " := " + run, "if " + result + " != nil {"}, leave...)
		return append(imports, s.Lines(stmt, lines)), nil
	}
	lines := append([]string{out + ", " + result + " := " + run, "if " + result + " != nil {"}, leave...)
	return append(imports, s.hoist(stmt, call, w.results(out), lines...)...), nil
}

// statement returns the innermost statement around an expression, and what is
// around that.
func statement(outer []ast.Node) (ast.Stmt, []ast.Node) {
	for i, n := range outer {
		if stmt, ok := n.(ast.Stmt); ok {
			return stmt, outer[i+1:]
		}
	}
	return nil, nil
}

func asExpr(stmt ast.Stmt, call *ast.CallExpr) bool {
	e, ok := stmt.(*ast.ExprStmt)
	return ok && ast.Unparen(e.X) == call
}

// isWhole reports whether nothing of the statement is evaluated before the call
// that the call could change.
func isWhole(stmt ast.Stmt, call *ast.CallExpr) bool {
	switch stmt := stmt.(type) {
	case *ast.ReturnStmt:
		return len(stmt.Results) == 1 && stmt.Results[0] == call
	case *ast.SendStmt:
		return stmt.Value == call && edit.IsPlain(stmt.Chan)
	}
	if a := edit.AsAssign(stmt, call); a != nil {
		for _, left := range a.Lhs {
			if !edit.IsPlain(left) {
				return false
			}
		}
		return true
	}
	return asExpr(stmt, call)
}

// hoist puts lines in front of a statement and values in the place of its call.
func (s *site) hoist(stmt ast.Stmt, call *ast.CallExpr, values string, lines ...string) []analysis.TextEdit {
	sep := "\n" + s.Indent(stmt.Pos())
	front := edit.Insert(stmt.Pos(), strings.Join(lines, sep)+sep)
	return []analysis.TextEdit{front, edit.Replace(call.Pos(), call.End(), values)}
}

// fail returns the lines that deal with a worker that failed, up to the closing
// brace.
func (s *site) fail(stmt ast.Stmt, around []ast.Node, err string) ([]string, []analysis.TextEdit, error) {
	out, problem := s.Leave(stmt, around)
	if problem != nil {
		return nil, nil, problem
	}
	results, problem := s.Results(around)
	if problem != nil {
		return nil, nil, problem
	}
	if n := results.Len(); n > 0 && edit.IsError(results.At(n-1).Type()) {
		return []string{"\t" + strings.TrimSuffix(out.Code, s.Stop.Ctx+".Err()") + err, "}"}, out.Imports, nil
	}
	return []string{"\tif " + s.Stop.Ctx + ".Err() == nil {", "\t\tpanic(" + err + ")", "\t}", "\t" + out.Code, "}"}, out.Imports, nil
}

// argument returns the value that is sent to the worker.
func (w *worker) argument(s *site) string {
	var values []string
	for _, f := range w.in {
		text := s.Source(f.arg.Pos(), f.arg.End())
		have := s.Info.TypeOf(f.arg)
		if _, want := f.typ.(*types.Pointer); f.recv && want {
			if _, is := have.Underlying().(*types.Pointer); !is {
				text = "&" + text
			}
		} else if f.recv {
			if _, is := have.Underlying().(*types.Pointer); is {
				text = "*" + text
			}
		}
		if len(w.in) == 1 {
			return text
		}
		values = append(values, f.name+": "+text)
	}
	if len(values) == 0 {
		return "struct{}{}"
	}
	return w.name + "In{" + strings.Join(values, ", ") + "}"
}

// results returns the values of a call, taken out of what the worker sent.
func (w *worker) results(from string) string {
	if len(w.out) == 1 {
		return from
	}
	var values []string
	for _, f := range w.out {
		values = append(values, from+"."+f.name)
	}
	return strings.Join(values, ", ")
}
