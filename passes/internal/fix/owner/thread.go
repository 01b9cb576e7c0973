package owner

import (
	"errors"
	"fmt"
	"go/ast"
	"go/token"
	"go/types"
	"go/version"
	"slices"
	"strings"
	"unicode"
	"unicode/utf8"

	"golang.org/x/tools/go/analysis"

	"github.com/killcheck/killcheck/analyzer/event"
	"github.com/killcheck/killcheck/passes/internal/fix/edit"
	"github.com/killcheck/killcheck/passes/internal/remedy"
)

// A handing gives functions a context, from where one lives down to the waits of
// a goroutine.
type handing struct {
	*plan
	names  map[*ast.FuncDecl]string // the context of the functions that get one
	beside []*ast.FuncDecl          // those that get a variant with a context instead
	source []string                 // the functions that had a context
	blank  bool                     // a test gets one that never ends
	kept   bool                     // a caller in the package goes on without one
	tests  int                      // how many of source are tests
	edits  []analysis.TextEdit
}

// handDown turns the waits of a goroutine that belongs to no object to a
// context. The functions on the way get it as their first parameter. An exported
// one is kept, and gets a variant that takes it.
func (p *plan) handDown(t *thread, r remedy.Remedy) (edit.Fix, error) {
	h := &handing{plan: p, names: make(map[*ast.FuncDecl]string)}
	remedies := p.owners(r)
	heeds := []ast.Node{t.body}
	for _, fn := range t.runs {
		mine := slices.ContainsFunc(edit.Between(remedies, fn), func(r remedy.Remedy) bool { return isIn(r.Pos, fn) })
		if mine && !slices.Contains(heeds, fn) {
			heeds = append(heeds, fn)
		}
	}
	if !isIn(r.Pos, t.body) {
		heeds = slices.DeleteFunc(heeds, func(fn ast.Node) bool {
			return fn != t.body && !isIn(r.Pos, fn) // the others have a fix of their own
		})
	}
	for _, fn := range heeds {
		if err := h.mayLeave(edit.BodyOf(fn)); err != nil {
			return edit.Fix{}, err
		}
		name, err := h.contextOf(fn, t)
		if err != nil {
			return edit.Fix{}, err
		}
		if fn == t.body && !slices.ContainsFunc(edit.Between(remedies, fn), func(r remedy.Remedy) bool { return isIn(r.Pos, fn) }) {
			continue
		}
		stop := event.Stop{Expr: name + ".Done()", Ctx: name}
		p.known[stop.Expr] = types.NewChan(types.RecvOnly, types.NewStruct(nil, nil))
		result, err := p.turn(fn, stop, remedies, true)
		if err != nil {
			return edit.Fix{}, err
		}
		h.edits = append(h.edits, result.edits...)
	}
	if h.blank && len(h.source) == 0 && len(h.beside) == 0 {
		return edit.Fix{}, errors.New("no caller has a context that ends")
	}
	if (h.kept || len(h.beside) > 0 && h.internal()) && len(h.source) == h.tests {
		return edit.Fix{}, errors.New("those of the package that start it have no context, or only tests have one")
	}
	if slices.Contains(h.beside, t.decl) && p.runsOn(t) {
		return edit.Fix{}, errors.New("the function that starts the goroutine waits itself, and its context would end after it")
	}
	closes, err := p.endReaders(t)
	if err != nil {
		return edit.Fix{}, err
	}
	edits, err := p.tidy(append(h.edits, closes...))
	if err != nil {
		return edit.Fix{}, err
	}
	return edit.Fix{Message: h.message(t), Edits: edits}, nil
}

// mayLeave refuses a goroutine that serves more than who starts it: what a container of
// the package holds is others' as well, and others send what it takes from a channel of
// another package. They would be left alone when one caller's context ends.
func (h *handing) mayLeave(body ast.Node) error {
	var err error
	takes := func(ch ast.Expr) {
		sel, ok := ast.Unparen(ch).(*ast.SelectorExpr)
		if !ok {
			return
		}
		if v, ok := h.Info.Uses[sel.Sel].(*types.Var); ok && v.Pkg() != h.Pkg && !h.isStd(v.Pkg()) {
			err = fmt.Errorf("what package %s sends on %s would wait for ever", v.Pkg().Name(), v.Name())
		}
	}
	edit.Own(body, func(n ast.Node) {
		switch n := n.(type) {
		case *ast.UnaryExpr:
			if n.Op == token.ARROW {
				takes(n.X)
			}
		case *ast.RangeStmt:
			if _, ok := h.Info.TypeOf(n.X).Underlying().(*types.Chan); ok {
				takes(n.X)
			}
		case *ast.Ident:
			v, ok := h.Info.Uses[n].(*types.Var)
			if !ok || v.Parent() != h.Pkg.Scope() {
				return
			}
			switch v.Type().Underlying().(type) {
			case *types.Map, *types.Slice, *types.Chan:
				err = fmt.Errorf("the goroutine serves %s, which is there for the whole package", v.Name())
			}
		}
	})
	return err
}

// contextOf makes sure that a function of the goroutine has a context, and
// returns its name.
func (h *handing) contextOf(fn ast.Node, t *thread) (string, error) {
	if decl, ok := fn.(*ast.FuncDecl); ok {
		return h.give(decl)
	}
	// The literal captures that of the function which starts it.
	if name := h.inScope(t.start()); name != "" {
		if h.ofRequest(t.decl) {
			return "", errors.New("the goroutine outlives the request, whose context is the only one in reach")
		}
		return name, nil
	}
	return h.give(t.decl)
}

// inScope returns the name of a context that is a parameter of one of the
// functions around pos, or the empty string.
func (h *handing) inScope(pos token.Pos) string {
	return h.parameter(pos, edit.IsContext)
}

// parameter returns the name of the nearest parameter of the functions around
// pos whose type fits, or the empty string.
func (h *handing) parameter(pos token.Pos, fits func(types.Type) bool) string {
	for _, n := range h.path(pos) {
		var list *ast.FieldList
		switch n := n.(type) {
		case *ast.FuncLit:
			list = n.Type.Params
		case *ast.FuncDecl:
			list = n.Type.Params
		default:
			continue
		}
		for _, field := range list.List {
			for _, id := range field.Names {
				if obj := h.Info.Defs[id]; obj != nil && fits(obj.Type()) && h.Means(id.Name, obj, pos) {
					return id.Name
				}
			}
		}
	}
	return ""
}

// ofRequest reports whether a function answers one request: its context ends
// with the answer.
func (h *handing) ofRequest(decl *ast.FuncDecl) bool {
	fn, ok := h.Info.Defs[decl.Name].(*types.Func)
	if !ok {
		return false
	}
	for param := range fn.Signature().Params().Variables() {
		t := types.TypeString(param.Type(), func(*types.Package) string { return "" })
		if strings.HasSuffix(t, "Request") || strings.HasSuffix(t, "ResponseWriter") {
			return true
		}
	}
	return false
}

// give gives a function a context as its first parameter, and its callers the
// argument. It returns the name of the parameter.
func (h *handing) give(decl *ast.FuncDecl) (string, error) {
	if name := h.names[decl]; name != "" {
		return name, nil
	}
	if name := h.inScope(decl.Body.Lbrace + 1); name != "" {
		if h.ofRequest(decl) {
			return "", errors.New("the context is that of a request, which ends before the goroutine")
		}
		h.source = append(h.source, decl.Name.Name)
		return name, nil
	}
	fn := h.Info.Defs[decl.Name].(*types.Func)
	if decl.Recv == nil && (fn.Name() == "init" || fn.Name() == "main" && h.Pkg.Name() == "main") {
		return "", fmt.Errorf("no context lives above the goroutine: %s starts it", fn.Name())
	}
	if h.isTest(decl) {
		return "", fmt.Errorf("go test calls %s, so its parameters cannot change", fn.Name())
	}
	if h.Ignored != nil && h.Ignored(fn.Name()) {
		return "", fmt.Errorf("a file that the build leaves out uses %s", fn.Name())
	}
	if list := decl.Type.Params.List; len(list) > 0 && len(list[0].Names) == 0 {
		return "", fmt.Errorf("the parameters of %s have no names", fn.Name())
	}
	f, err := h.at(decl.Pos())
	if err != nil {
		return "", err
	}
	name := edit.Fresh(decl, "ctx")
	h.names[decl] = name
	lib := &edit.Namer{File: f, Pos: decl.Type.Params.Opening}
	pkg, err := lib.Std("context")
	if err != nil {
		return "", err
	}
	calls, all := h.called(fn)
	variant := ""
	if h.isPublic(fn) {
		if variant, err = h.variant(f, decl, fn, pkg); err != nil {
			return "", err
		}
		h.beside = append(h.beside, decl)
	} else if h.inInterface(fn) {
		return "", fmt.Errorf("an interface may ask for %s, so its parameters cannot change", fn.Name())
	} else if !all {
		return "", fmt.Errorf("%s is used as a value, so its parameters cannot change", fn.Name())
	}
	if variant == "" && len(calls) == 0 {
		return "", fmt.Errorf("nobody calls %s", fn.Name())
	}
	h.edits = append(h.edits, lib.Imports()...)
	h.edits = append(h.edits, addParam(decl.Type.Params, name+" "+pkg+"Context"))
	for _, call := range calls {
		if err := h.argument(call, decl, variant); err != nil {
			return "", err
		}
	}
	return name, nil
}

// isTest reports whether go test calls the function, or takes it for an example.
func (h *handing) isTest(decl *ast.FuncDecl) bool {
	if decl.Recv != nil || !h.ofTests(decl.Pos()) {
		return false
	}
	return slices.ContainsFunc([]string{"Test", "Benchmark", "Fuzz", "Example"}, func(prefix string) bool {
		rest, ok := strings.CutPrefix(decl.Name.Name, prefix)
		first, _ := utf8.DecodeRuneInString(rest)
		return ok && (rest == "" || !unicode.IsLower(first))
	})
}

// addParam puts a parameter in front of the others.
func addParam(list *ast.FieldList, text string) analysis.TextEdit {
	if list.NumFields() > 0 {
		text += ", "
	}
	return edit.Insert(list.Opening+1, text)
}

// isPublic reports whether other packages may call a function.
func (h *handing) isPublic(fn *types.Func) bool {
	return fn.Exported() && h.Pkg.Name() != "main"
}

// inInterface reports whether an interface of the package may ask for the
// method.
func (h *handing) inInterface(fn *types.Func) bool {
	if fn.Signature().Recv() == nil {
		return false
	}
	return h.Index.Asked[fn.Name()]
}

// argument gives a call the context. With a variant only calls that have one
// change.
func (h *handing) argument(call *ast.CallExpr, callee *ast.FuncDecl, variant string) error {
	f, err := h.at(call.Pos())
	if err != nil {
		return err
	}
	name := h.inScope(call.Pos())
	var caller *ast.FuncDecl
	for _, n := range h.path(call.Pos()) {
		if decl, ok := n.(*ast.FuncDecl); ok {
			caller = decl
		}
	}
	if caller != nil && h.names[caller] != "" {
		name = h.names[caller]
	}
	switch {
	case name != "" && caller != nil && h.ofRequest(caller):
		if variant != "" {
			return nil // as before
		}
		return errors.New("a caller has only the context of a request, which ends before the goroutine")
	case name != "":
		if caller != nil && h.names[caller] == "" && !slices.Contains(h.source, caller.Name.Name) {
			h.source = append(h.source, caller.Name.Name)
		}
	case variant != "":
		h.kept = h.kept || !h.ofTests(call.Pos())
		return nil // as before
	case caller == nil:
		return errors.New("a call stands outside of functions, where no context lives")
	case h.ofTests(call.Pos()):
		if name, err = h.inTest(f, call, caller); err != nil {
			return err
		}
	default:
		if name, err = h.give(caller); err != nil {
			return err
		}
	}
	if variant != "" {
		id := edit.GenericName(call.Fun)
		if id == nil {
			return errors.New("a call is written in an unusual way")
		}
		h.edits = append(h.edits, edit.Replace(id.Pos(), id.End(), variant))
	}
	if len(call.Args) > 0 {
		name += ", "
	}
	h.edits = append(h.edits, edit.Insert(call.Lparen+1, name))
	return nil
}

// inTest returns a context for a call in a test: that of the test, which ends
// with it, where there is one.
func (h *handing) inTest(f *edit.File, call *ast.CallExpr, caller *ast.FuncDecl) (string, error) {
	if name := h.testing(f, call.Pos()); name != "" {
		h.source = append(h.source, caller.Name.Name)
		h.tests++
		return name + ".Context()", nil
	}
	h.blank = true
	lib := &edit.Namer{File: f, Pos: call.Pos()}
	pkg, err := lib.Std("context")
	if err != nil {
		return "", err
	}
	h.edits = append(h.edits, lib.Imports()...)
	return pkg + "Background()", nil
}

// testing returns the name of the *testing.T or *testing.B at pos that has a
// context, as they do since Go 1.24.
func (h *handing) testing(f *edit.File, pos token.Pos) string {
	if v := f.Info.FileVersions[f.Syntax]; version.IsValid(v) && version.Compare(v, "go1.24") < 0 {
		return ""
	}
	return h.parameter(pos, func(t types.Type) bool {
		fn, _, _ := types.LookupFieldOrMethod(t, true, h.Pkg, "Context")
		return fn != nil && fn.Pkg() != nil && fn.Pkg().Path() == "testing"
	})
}

// variant renames a function and puts one with its old name and parameters in
// front, which calls it. It returns the new name.
func (h *handing) variant(f *edit.File, decl *ast.FuncDecl, fn *types.Func, pkg string) (string, error) {
	name := fn.Name() + "Context"
	if recv := fn.Signature().Recv(); recv != nil {
		if obj, _, _ := types.LookupFieldOrMethod(recv.Type(), true, h.Pkg, name); obj != nil {
			return "", fmt.Errorf("%s exists", name)
		}
	} else if h.Pkg.Scope().Lookup(name) != nil {
		return "", fmt.Errorf("%s exists", name)
	}
	args := []string{pkg + "Background()"}
	for _, field := range decl.Type.Params.List {
		if len(field.Names) == 0 {
			return "", errors.New("a parameter of an exported function has no name")
		}
		for _, id := range field.Names {
			arg := id.Name
			if arg == "_" || arg+"." == pkg {
				return "", errors.New("a parameter of an exported function has no name that can be used")
			}
			if _, ok := field.Type.(*ast.Ellipsis); ok {
				arg += "..."
			}
			args = append(args, arg)
		}
	}
	target := name
	if decl.Recv != nil {
		v := h.receiver(decl)
		if v == nil {
			return "", errors.New("the receiver of an exported method has no name")
		}
		target = v.Name() + "." + name
	}
	if list := decl.Type.TypeParams; list != nil {
		var names []string
		for _, field := range list.List {
			for _, id := range field.Names {
				names = append(names, id.Name)
			}
		}
		target += "[" + strings.Join(names, ", ") + "]"
	}
	call := target + "(" + strings.Join(args, ", ") + ")"
	if fn.Signature().Results().Len() > 0 {
		call = "return " + call
	}
	text := f.Source(decl.Type.Func, decl.Type.End()) + " {\n\t" + call + "\n}\n\n" +
		"// " + name + " is " + fn.Name() + " with a context that ends the goroutines which it starts.\n"
	h.edits = append(h.edits, edit.Insert(decl.Type.Func, text), edit.Replace(decl.Name.Pos(), decl.Name.End(), name))
	return name, nil
}

// message says what the fix does.
func (h *handing) message(t *thread) string {
	name := "the goroutine of " + t.decl.Name.Name
	if decl, ok := t.body.(*ast.FuncDecl); ok {
		name = decl.Name.Name
	}
	text := "hand a context to " + name
	if len(h.source) > 0 {
		text += " from " + h.source[0]
	}
	if len(h.beside) > 0 {
		text += ", with " + h.beside[0].Name.Name + "Context for callers that have one"
	}
	return text
}
