package stopcheck

import (
	"errors"
	"fmt"
	"go/ast"
	"go/types"
	"strings"

	"golang.org/x/tools/go/analysis"

	"github.com/killcheck/killcheck/passes/internal/fix/edit"
)

// ctxForm turns a call into its form with a context. The parameters and results
// of both have to agree but for the context.
//
//	db.Query(q)
//	        -------    ----
//	db.QueryContext(ctx, q)
func ctxForm(s *site) (edit.Fix, error) {
	call, _, ok := edit.Enclosing[*ast.CallExpr](s.Site)
	if !ok {
		return edit.Fix{}, errors.New("no call")
	}
	if s.Stop.Ctx == "" {
		return edit.Fix{}, errors.New("no context is in reach")
	}
	fun, ok := ast.Unparen(call.Fun).(*ast.SelectorExpr)
	if !ok {
		return edit.Fix{}, errors.New("no qualified call")
	}
	old, ok := s.Info.Uses[fun.Sel].(*types.Func)
	if !ok {
		return edit.Fix{}, errors.New("no call of a declared function")
	}
	if requestForms[old.FullName()] != "" {
		return request(s, call, fun, old)
	}
	target, err := s.target(old)
	if err != nil {
		return edit.Fix{}, err
	}
	if err := s.addsContext(old.Signature(), target.Signature(), call); err != nil {
		return edit.Fix{}, err
	}
	if s.goesRound(call) {
		return edit.Fix{}, errors.New("the loop would go round on the error, without a look at the stop")
	}
	change, err := s.rename(fun, old, target)
	if err != nil {
		return edit.Fix{}, err
	}
	arg := s.Stop.Ctx
	if len(call.Args) > 0 {
		arg += ", "
	}
	edits := []analysis.TextEdit{change, edit.Insert(call.Lparen+1, arg)}
	if hasOptions(old.Signature(), target.Signature()) {
		edits = append(edits, edit.Insert(call.Rparen, ", nil"))
	}
	return edit.Fix{
		Message: "call " + target.Name() + " with " + s.Stop.Ctx,
		Edits:   edits,
		Exact:   true,
	}, nil
}

// hasOptions reports whether the new function takes a pointer to options at the
// end, for which nil means what the old one does: Begin() and BeginTx(ctx, nil).
func hasOptions(old, target *types.Signature) bool {
	n := target.Params().Len()
	if n != old.Params().Len()+2 || old.Variadic() || target.Variadic() {
		return false
	}
	p, ok := target.Params().At(n - 1).Type().(*types.Pointer)
	return ok && strings.HasSuffix(edit.TypeNameOf(p), "Options")
}

// target finds the function that the remedy names, in the package of the
// function called now.
func (s *site) target(old *types.Func) (*types.Func, error) {
	if old.Pkg() == nil {
		return nil, errors.New("a function of no package")
	}
	scope := old.Pkg().Scope()
	for _, name := range scope.Names() {
		switch obj := scope.Lookup(name).(type) {
		case *types.Func:
			if obj.FullName() == s.Use {
				return obj, nil
			}
		case *types.TypeName:
			if fn := methodNamed(obj.Type(), s.Use); fn != nil {
				return fn, nil
			}
		}
	}
	return nil, fmt.Errorf("no %s in package %s", s.Use, old.Pkg().Path())
}

func methodNamed(t types.Type, full string) *types.Func {
	if types.IsInterface(t) {
		return nil
	}
	methods := types.NewMethodSet(types.NewPointer(t))
	for method := range methods.Methods() {
		if fn, ok := method.Obj().(*types.Func); ok && fn.FullName() == full {
			return fn
		}
	}
	return nil
}

// addsContext makes sure that the new function takes the context first and is
// the same otherwise.
func (s *site) addsContext(old, target *types.Signature, call *ast.CallExpr) error {
	problem := errors.New("the form with a context differs in more than the context")
	if target.Params().Len() != old.Params().Len()+1 && !hasOptions(old, target) || target.Variadic() != old.Variadic() {
		return problem
	}
	for i := range old.Params().Len() {
		if !types.Identical(old.Params().At(i).Type(), target.Params().At(i+1).Type()) {
			return problem
		}
	}
	if !types.Identical(old.Results(), target.Results()) {
		return problem
	}
	ctx, err := s.TypeOf(s.Stop.Ctx, call.Pos())
	if err != nil {
		return err
	}
	if !types.AssignableTo(ctx, target.Params().At(0).Type()) {
		return errors.New(s.Stop.Ctx + " is no context")
	}
	return nil
}

// rename returns the edit that calls target in place of old.
func (s *site) rename(fun *ast.SelectorExpr, old, target *types.Func) (analysis.TextEdit, error) {
	oldRecv, newRecv := old.Signature().Recv(), target.Signature().Recv()
	switch {
	case (oldRecv == nil) == (newRecv == nil):
		if oldRecv != nil && !types.Identical(oldRecv.Type(), newRecv.Type()) {
			return analysis.TextEdit{}, errors.New("the form with a context has another receiver")
		}
		return edit.Replace(fun.Sel.Pos(), fun.Sel.End(), target.Name()), nil
	case oldRecv != nil:
		return analysis.TextEdit{}, errors.New("the form with a context has no receiver")
	}
	pkg := s.Source(fun.X.Pos(), fun.X.End())
	return edit.Replace(fun.Pos(), fun.End(), receiver(pkg, newRecv.Type())+"."+target.Name()), nil
}

// receiver returns the receiver for a method that takes the place of a function:
// the default object of the package if it has one, otherwise a zero value.
func receiver(pkg string, t types.Type) string {
	named := types.TypeString(t, func(*types.Package) string { return "" })
	name := strings.TrimPrefix(named, "*")
	if ptr, ok := t.(*types.Pointer); ok {
		if n, ok := ptr.Elem().(*types.Named); ok {
			def := n.Obj().Pkg().Scope().Lookup("Default" + name)
			if def != nil && types.Identical(def.Type(), t) {
				return pkg + ".Default" + name
			}
		}
	}
	return "new(" + pkg + "." + name + ")"
}
