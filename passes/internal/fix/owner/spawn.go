package owner

import (
	"errors"
	"go/ast"
	"go/format"
	"go/token"
	"go/types"
	"slices"
	"strings"

	"golang.org/x/tools/go/analysis"

	"github.com/killcheck/killcheck/passes/internal/fix/edit"
)

// spawnLater lets a method of the object start the goroutines, where the object
// may be stopped before or meanwhile.
func (s *stopping) spawnLater() error {
	for _, o := range s.threads {
		if o.stmt == nil {
			return errors.New("the object may be stopped before a function starts the goroutine")
		}
		if !edit.StandsAlone(o.outer) {
			return edit.ErrNotAlone
		}
		f, err := s.at(o.start())
		if err != nil {
			return err
		}
		v := &values{stopping: s, file: f, decl: o.decl}
		head := o.at(f) + "." + s.spawn + "("
		if lit, ok := o.body.(*ast.FuncLit); ok {
			err = v.params(lit, o)
			s.edits = append(s.edits, edit.Replace(o.call.Rparen, o.call.End(), ")"), edit.Replace(lit.End(), o.call.Rparen, ""))
			head += "func() "
			s.start(f, o, v, head, lit.Body.Pos())
		} else if len(o.call.Args) == 0 && results(s.Info.Defs[o.body.(*ast.FuncDecl).Name]) == 0 {
			s.edits = append(s.edits, edit.Replace(o.call.Lparen, o.call.End(), ")"))
			s.start(f, o, v, head, o.call.Pos())
		} else {
			var args []analysis.TextEdit
			args, err = v.args(o)
			s.edits = append(append(s.edits, args...), edit.Insert(o.call.End(), " })"))
			s.start(f, o, v, head+"func() { ", o.call.Pos())
		}
		if err != nil {
			return err
		}
	}
	return nil
}

// start replaces the go statement up to a position, with the variables that keep
// its arguments in front.
func (s *stopping) start(f *edit.File, o *owned, v *values, head string, to token.Pos) {
	from, indent, open := f.Open(o.stmt.Go)
	for _, line := range v.lines {
		open += line + "\n" + indent
	}
	if len(v.lines) == 0 {
		from, open = o.stmt.Go, ""
	} else {
		s.shut(f, o)
	}
	s.edits = append(s.edits, edit.Replace(from, to, open+head))
}

// values are the arguments of a goroutine, which a go statement evaluates at
// once and a function only when it runs.
type values struct {
	*stopping
	file  *edit.File
	decl  *ast.FuncDecl
	lines []string // declare variables that keep what may change
}

// args returns the edits that put variables in the place of arguments that may
// change.
func (v *values) args(o *owned) ([]analysis.TextEdit, error) {
	sig := v.Info.Defs[o.body.(*ast.FuncDecl).Name].(*types.Func).Signature()
	var edits []analysis.TextEdit
	for i, arg := range o.call.Args {
		if v.isFixed(arg) {
			continue
		}
		if i >= sig.Params().Len() || (sig.Variadic() && i == sig.Params().Len()-1) || v.Info.Types[arg].IsNil() {
			return nil, errors.New("the arguments of the goroutine would be evaluated later")
		}
		name := sig.Params().At(i).Name()
		if name == "" || name == "_" {
			name = "arg"
		}
		for base := name; slices.Contains(v.kept, edit.Fresh(v.decl, name)); {
			base += "Arg"
			name = base
		}
		name = edit.Fresh(v.decl, name)
		v.kept = append(v.kept, name)
		v.lines = append(v.lines, name+" := "+v.source(arg))
		edits = append(edits, edit.Replace(arg.Pos(), arg.End(), name))
	}
	return edits, nil
}

// source returns an argument as it is written outside of a call.
func (v *values) source(arg ast.Expr) string {
	const head = "package p\n\nvar _ = "
	text := v.file.Source(arg.Pos(), arg.End())
	formatted, err := format.Source([]byte(head + text + "\n"))
	if err != nil || v.file.Line(arg.Pos()) != v.file.Line(arg.End()) {
		return text
	}
	return strings.TrimSuffix(strings.TrimPrefix(string(formatted), head), "\n")
}

// params makes variables of the parameters of a literal, which it then captures.
func (v *values) params(lit *ast.FuncLit, o *owned) error {
	problem := errors.New("the parameters of the literal that the goroutine runs cannot become variables")
	if lit.Type.Results.NumFields() > 0 || lit.Type.Params.NumFields() != len(o.call.Args) {
		return problem
	}
	i := 0
	for _, field := range lit.Type.Params.List {
		if _, ok := field.Type.(*ast.Ellipsis); ok || len(field.Names) == 0 {
			return problem
		}
		for _, id := range field.Names {
			arg := o.call.Args[i]
			i++
			same, ok := ast.Unparen(arg).(*ast.Ident)
			if ok && same.Name == id.Name && v.isFixed(arg) && !v.Assigned(v.Info.Defs[id]) && types.Identical(v.Info.TypeOf(arg), v.Info.TypeOf(field.Type)) {
				continue // it captures the argument itself
			}
			if id.Name == "_" || !v.isFree(id, lit) || slices.Contains(v.kept, id.Name) || !types.Identical(v.Info.TypeOf(arg), v.Info.TypeOf(field.Type)) {
				return problem
			}
			v.kept = append(v.kept, id.Name)
			v.lines = append(v.lines, id.Name+" := "+v.source(arg))
		}
	}
	return nil
}

// isFree reports whether the literal uses a parameter, and nothing around it in
// the declaration has the name.
func (v *values) isFree(id *ast.Ident, lit *ast.FuncLit) bool {
	free := v.Info.Defs[id] != nil && (&edit.Site{File: v.file}).Uses(lit.Body, []types.Object{v.Info.Defs[id]})
	ast.Inspect(v.decl, func(n ast.Node) bool {
		other, ok := n.(*ast.Ident)
		if ok && other.Name == id.Name && (other.Pos() < lit.Pos() || lit.End() <= other.Pos()) {
			x, ok := v.Info.Uses[other].(*types.Var)
			free = ok && x.IsField()
		}
		return free
	})
	return free
}

// isFixed reports whether an argument has the same value later.
func (v *values) isFixed(e ast.Expr) bool {
	if v.Info.Types[e].Value != nil {
		return true
	}
	id, ok := ast.Unparen(e).(*ast.Ident)
	if !ok {
		return false
	}
	x, ok := v.Info.Uses[id].(*types.Var)
	return ok && x.Parent() != v.Pkg.Scope() && !v.Assigned(x) && !v.isLoopVar(x)
}

// isLoopVar reports whether a variable is that of a loop in a file where all
// rounds share it.
func (v *values) isLoopVar(x *types.Var) bool {
	s := &edit.Site{File: v.file}
	if !s.SharesVariable() {
		return false
	}
	found := false
	ast.Inspect(v.decl, func(n ast.Node) bool {
		switch n := n.(type) {
		case *ast.RangeStmt:
			found = found || (n.Pos() <= x.Pos() && x.Pos() < n.Body.Pos())
		case *ast.ForStmt:
			found = found || (n.Pos() <= x.Pos() && x.Pos() < n.Body.Pos())
		}
		return !found
	})
	return found
}
