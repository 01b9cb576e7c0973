package promote

import (
	"errors"
	"fmt"
	"go/ast"
	"go/token"
	"go/types"
	"slices"
	"strings"

	"golang.org/x/tools/go/analysis"

	"github.com/killcheck/killcheck/passes/internal/fix/edit"
)

// promote moves a call that nothing can interrupt to a child process, which
// ends when the context does. The function gets a worker at package level, and
// main starts with a call that lets a child become the worker.
//
//	v, err := readDevice(path)
//	          ----------      ----
//	v, err := readDeviceWorker.Run(ctx, path)
//
//	var readDeviceWorker = promote.Register("example.com/p.readDevice", func(_ context.Context, in string) (int, error) {
//		return readDevice(in)
//	})
//
// Nothing but the arguments and the results travels, so the function must not
// touch variables of the package, channels, locks or what others point to.
func promote(s *site) (edit.Fix, error) {
	call, outer, ok := edit.Enclosing[*ast.CallExpr](s.Site)
	if !ok {
		return edit.Fix{}, errors.New("no call")
	}
	if s.Stop.Ctx == "" {
		return edit.Fix{}, errors.New("no context is in reach")
	}
	if s.Commented(call) {
		return edit.Fix{}, errors.New("comments inside the call would be lost")
	}
	w, err := s.worker(call)
	if err != nil {
		return edit.Fix{}, err
	}
	edits, err := s.runWorker(w, call, outer)
	if err != nil {
		return edit.Fix{}, err
	}
	declared, err := w.declare(s)
	if err != nil {
		return edit.Fix{}, err
	}
	started, note, err := s.initWorkers()
	if err != nil {
		return edit.Fix{}, err
	}
	fix := edit.Fix{Message: "run " + w.fn.Name() + " in a child process that " + s.Stop.Ctx + " ends" + note}
	for _, e := range slices.Concat(edits, declared, started) {
		// The file of the worker may be that of main, and need the import once.
		if !slices.ContainsFunc(fix.Edits, func(x analysis.TextEdit) bool { return edit.Same(x, e) }) {
			fix.Edits = append(fix.Edits, e)
		}
	}
	return fix, nil
}

// A worker is a function that is to run in a child process.
type worker struct {
	fn      *types.Func
	decl    *ast.FuncDecl
	home    *edit.File // where the worker is declared
	name    string
	in, out []field  // what travels, without the context and the error
	ctx     int      // the parameter that is the context; -1 if there is none
	fails   bool     // the last result is an error
	known   bool     // the worker is declared already
	errors  []string // the error variables of the package that it may return
}

// A field is one value that travels: the receiver, a parameter or a result.
type field struct {
	name string // as a field of a struct
	typ  types.Type
	arg  ast.Expr // at the call
	recv bool     // the receiver
}

// worker describes the function that is called, if it can run elsewhere.
func (s *site) worker(call *ast.CallExpr) (*worker, error) {
	fn, recv := s.called(call)
	if fn == nil {
		return nil, errors.New("no call of a declared function")
	}
	sig := fn.Signature()
	switch {
	case fn.Pkg() != s.Pkg:
		return nil, errors.New("a function of another package")
	case sig.Variadic() || sig.TypeParams().Len() > 0 || sig.RecvTypeParams().Len() > 0:
		return nil, errors.New("a variadic or generic function")
	case len(call.Args) != sig.Params().Len():
		return nil, errors.New("the arguments are the results of another call")
	}
	w := &worker{fn: fn, ctx: -1, name: workerName(fn)}
	if r := sig.Recv(); r != nil {
		if recv == nil {
			return nil, errors.New("a method expression")
		}
		w.in = append(w.in, field{name: edit.TypeNameOf(r.Type()), typ: r.Type(), arg: recv, recv: true})
	}
	for i := range sig.Params().Len() {
		p := sig.Params().At(i)
		if w.ctx < 0 && edit.IsContext(p.Type()) {
			w.ctx = i
			continue
		}
		w.in = append(w.in, field{name: p.Name(), typ: p.Type(), arg: call.Args[i]})
	}
	results := sig.Results()
	for i := range results.Len() {
		r := results.At(i)
		if i == results.Len()-1 && edit.IsError(r.Type()) {
			w.fails = true
			continue
		}
		w.out = append(w.out, field{name: r.Name(), typ: r.Type()})
	}
	exportNames(w.in, "Arg")
	exportNames(w.out, "Result")
	for _, f := range slices.Concat(w.in, w.out) {
		if err := travels(f.typ, f.name); err != nil {
			return nil, err
		}
	}
	if err := s.standsFor(w); err != nil {
		return nil, err
	}
	return w, w.place(s)
}

// called returns the function that a call names, and the receiver of a method.
func (s *site) called(call *ast.CallExpr) (fn *types.Func, recv ast.Expr) {
	switch fun := ast.Unparen(call.Fun).(type) {
	case *ast.Ident:
		fn, _ = s.Info.Uses[fun].(*types.Func)
	case *ast.SelectorExpr:
		fn, _ = s.Info.Uses[fun.Sel].(*types.Func)
		if sel := s.Info.Selections[fun]; fn != nil && sel != nil {
			if sel.Kind() != types.MethodVal || len(sel.Index()) != 1 || types.IsInterface(sel.Recv()) {
				return nil, nil
			}
			recv = fun.X
		}
	}
	return fn, recv
}

// place finds the file where the worker is declared, the same for each call:
// that of the function, or, if that cannot be edited, the first by name that
// calls it.
func (w *worker) place(s *site) error {
	var callers []*edit.File
	for _, syntax := range append([]*ast.File{s.Syntax}, s.Others...) {
		f, err := s.Other(syntax)
		if err != nil {
			continue
		}
		if f.Holds(w.decl) {
			w.home = f
			return nil
		}
		if s.Uses(syntax, []types.Object{w.fn}) {
			callers = append(callers, f)
		}
	}
	if len(callers) == 0 {
		return errors.New("no file of the package can be edited")
	}
	w.home = slices.MinFunc(callers, func(a, b *edit.File) int {
		return strings.Compare(a.Fset.File(a.Syntax.FileStart).Name(), b.Fset.File(b.Syntax.FileStart).Name())
	})
	return nil
}

// workerName returns the first part of the names that belong to a worker.
func workerName(fn *types.Func) string {
	name := fn.Name()
	if r := fn.Signature().Recv(); r != nil {
		name = edit.TypeNameOf(r.Type()) + strings.ToUpper(name[:1]) + name[1:]
	}
	return strings.ToLower(name[:1]) + name[1:]
}

// exportNames gives each field a name that encoding sees and no other one has.
func exportNames(fields []field, other string) {
	used := make(map[string]bool)
	for i, f := range fields {
		name := strings.TrimLeft(f.name, "_")
		if name == "" || !token.IsIdentifier(strings.ToUpper(name[:1])+name[1:]) {
			name = fmt.Sprint(other, i+1)
		}
		name = strings.ToUpper(name[:1]) + name[1:]
		for used[strings.ToLower(name)] || !token.IsExported(name) {
			name = fmt.Sprint(other, i+1)
			if used[strings.ToLower(name)] {
				name += "X"
			}
		}
		used[strings.ToLower(name)] = true
		fields[i].name = name
	}
}
