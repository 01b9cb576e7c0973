package kb

import (
	"fmt"
	"go/ast"
	"go/build"
	"go/parser"
	"go/token"
	"go/types"
	"os"
	"path"
	"path/filepath"
	"slices"
	"strings"
	"testing"
)

// systems are the targets on which a std row may have its symbol.
var systems = []string{"linux", "windows", "darwin", "freebsd"}

// loadStd returns the std packages of the given paths, as far as the system has
// them, by path. They are read from source, without the bodies of functions:
// to compile them for each system would take a minute.
func loadStd(goos string, paths []string) map[string]*types.Package {
	target := build.Default
	target.GOOS, target.GOARCH, target.CgoEnabled = goos, "amd64", false
	l := &loader{target: &target, fset: token.NewFileSet(), done: map[string]*types.Package{"unsafe": types.Unsafe}}
	for _, path := range paths {
		_, _ = l.Import(path) // what is missing is told by the rows that name it
	}
	return l.done
}

// A loader type-checks packages of the standard library for a system.
type loader struct {
	target *build.Context
	fset   *token.FileSet
	done   map[string]*types.Package
}

func (l *loader) Import(path string) (*types.Package, error) {
	if pkg := l.done[path]; pkg != nil {
		return pkg, nil
	}
	dir := filepath.Join(l.target.GOROOT, "src", path)
	if _, err := os.Stat(dir); err != nil { // one of the modules that std brings along
		dir = filepath.Join(l.target.GOROOT, "src", "vendor", path)
	}
	listed, err := l.target.ImportDir(dir, 0)
	if err != nil {
		return nil, err
	}
	var files []*ast.File
	for _, name := range listed.GoFiles {
		file, err := parser.ParseFile(l.fset, filepath.Join(dir, name), nil, parser.SkipObjectResolution)
		if err != nil {
			return nil, err
		}
		files = append(files, file)
	}
	config := types.Config{Importer: l, IgnoreFuncBodies: true, Sizes: types.SizesFor("gc", l.target.GOARCH)}
	pkg, err := config.Check(path, l.fset, files, nil)
	if err != nil {
		return nil, err
	}
	l.done[path] = pkg
	return pkg, nil
}

// pkgOf gives the import path of a symbol.
func pkgOf(e Entry) string {
	s := simple(e.Symbol)
	slash := strings.LastIndexByte(s, '/') + 1
	return s[:slash] + strings.SplitN(s[slash:], ".", 2)[0]
}

func stdEntries(t *testing.T) []Entry {
	t.Helper()
	b, err := Std()
	if err != nil {
		t.Fatal(err)
	}
	return slices.DeleteFunc(b.All(), func(e Entry) bool {
		return !strings.HasPrefix(e.Pos, "std-") || e.Keyword == "lang" || e.Keyword == "native"
	})
}

// find returns the object that a row names in pkg, or nil.
func find(pkg *types.Package, e Entry) types.Object {
	parts := strings.Split(strings.TrimPrefix(simple(e.Symbol), pkg.Path()+"."), ".")
	obj := pkg.Scope().Lookup(parts[0])
	if len(parts) == 1 || obj == nil {
		return obj
	}
	found, _, _ := types.LookupFieldOrMethod(types.NewPointer(obj.Type()), true, pkg, parts[1])
	if found == nil {
		found, _, _ = types.LookupFieldOrMethod(obj.Type(), true, pkg, parts[1])
	}
	return found
}

// TestResolve checks that every std row names a real symbol on some system,
// under the very name by which Func, Field and Var look it up, and that its
// places and its context form fit the signature.
func TestResolve(t *testing.T) {
	entries := stdEntries(t)
	b, _ := Std()
	var paths []string
	for _, e := range entries {
		paths = append(paths, pkgOf(e))
		if e.Use != "" && e.Use != UseSelect {
			paths = append(paths, pkgOf(Entry{Symbol: e.Use}))
		}
	}
	slices.Sort(paths)
	paths = slices.Compact(paths)
	missing := entries
	for _, goos := range systems {
		if len(missing) == 0 {
			break
		}
		need := paths
		if goos != systems[0] {
			need = nil
			for _, e := range missing {
				need = append(need, pkgOf(e))
			}
			slices.Sort(need)
			need = slices.Compact(need)
		}
		pkgs := loadStd(goos, need)
		var still []Entry
		for _, e := range missing {
			pkg := pkgs[pkgOf(e)]
			if pkg == nil || find(pkg, e) == nil {
				still = append(still, e)
				continue // perhaps on the next system
			}
			if msg := wrong(b, pkgs, find(pkg, e), e); msg != "" {
				t.Errorf("%s: %s: %s", e.Pos, e.Symbol, msg)
			}
		}
		missing = still
	}
	for _, e := range missing {
		t.Errorf("%s: no symbol %s on any of %v", e.Pos, e.Symbol, systems)
	}
}

// wrong says what is wrong with a row about obj; empty if nothing is.
func wrong(b *Base, pkgs map[string]*types.Package, obj types.Object, e Entry) string {
	switch obj := obj.(type) {
	case *types.Var:
		if e.Keyword == "var" {
			if got, ok := b.Var(obj); !ok || got.Pos != e.Pos {
				return "Var does not find the row"
			}
		}
		return ""
	case *types.Func:
		if got, ok := b.Func(obj); !ok || got.Pos != e.Pos {
			return fmt.Sprintf("Func does not find the row under %s", obj.FullName())
		}
		if e.Keyword != "func" {
			return "is a function"
		}
		return misfit(pkgs, obj, e)
	}
	return fmt.Sprintf("is a %T", obj)
}

func misfit(pkgs map[string]*types.Package, fn *types.Func, e Entry) string {
	sig := fn.Signature()
	places := []Place{e.Carries, e.Wraps, e.Parent}
	for _, w := range slices.Concat(e.Wakes, e.Raises) {
		places = append(places, w.At)
		if w.Event == CtxDone && w.At.Where == Arg && w.At.N < sig.Params().Len() {
			if got := sig.Params().At(w.At.N).Type().String(); got != "context.Context" {
				return fmt.Sprintf("%s is a %s, not a context", w, got)
			}
		}
	}
	for _, p := range places {
		switch {
		case (p.Where == Arg || p.Where == InArg) && p.N >= sig.Params().Len(),
			p.Where == Res && p.N >= sig.Results().Len(),
			p.Where == Recv && sig.Recv() == nil:
			return fmt.Sprintf("no %s in %s", p, sig)
		}
	}
	if e.FuncArg >= sig.Params().Len() || e.Cancel >= sig.Results().Len() || e.Group >= sig.Results().Len() {
		return fmt.Sprintf("arg, cancel or group is out of range in %s", sig)
	}
	if e.FuncArg >= 0 && e.Symbol != "runtime.SetFinalizer" { // its function is an any
		if _, ok := types.Unalias(sig.Params().At(e.FuncArg).Type()).Underlying().(*types.Signature); !ok {
			return fmt.Sprintf("argument %d is no function in %s", e.FuncArg, sig)
		}
	}
	if e.Ender != "" && !hasMethod(sig, e.Ender) {
		return fmt.Sprintf("no result of %s and no receiver has %s", sig, e.Ender)
	}
	if e.Use == "" || e.Use == UseSelect {
		return ""
	}
	use := Entry{Symbol: e.Use}
	form, ok := find(pkgs[pkgOf(use)], use).(*types.Func)
	if !ok {
		return "use= names no function: " + e.Use
	}
	if e.How != Prepend && e.How != Zero && !strings.Contains(string(e.How), ".") {
		return ""
	}
	want := "context.Context," + list(sig.Params())
	if got := list(form.Signature().Params()) + ","; got != want && strings.TrimSuffix(got, ",") != strings.TrimSuffix(want, ",") {
		return fmt.Sprintf("how=%s does not fit %s to %s", e.How, sig, form.Signature())
	}
	return ""
}

// hasMethod reports whether a result or the receiver has the method.
func hasMethod(sig *types.Signature, name string) bool {
	vars := slices.Collect(sig.Results().Variables())
	if sig.Recv() != nil {
		vars = append(vars, sig.Recv())
	}
	return slices.ContainsFunc(vars, func(v *types.Var) bool {
		obj, _, _ := types.LookupFieldOrMethod(v.Type(), true, v.Pkg(), name)
		_, ok := obj.(*types.Func)
		return ok
	})
}

func list(params *types.Tuple) string {
	var s []string
	for v := range params.Variables() {
		s = append(s, v.Type().String())
	}
	return strings.Join(s, ",")
}

// TestPromoted checks that through= names types that really get the method.
func TestPromoted(t *testing.T) {
	pkgs := loadStd("linux", []string{"net", "testing"})
	for _, e := range stdEntries(t) {
		for _, name := range e.Through {
			pkg := pkgs[pkgOf(e)]
			obj, _, _ := types.LookupFieldOrMethod(types.NewPointer(pkg.Scope().Lookup(name).Type()), true, pkg, last(e.Symbol))
			if obj == nil || obj.(*types.Func).FullName() != e.Symbol {
				t.Errorf("%s: %s.%s.%s is not %s", e.Pos, path.Base(pkg.Path()), name, last(e.Symbol), e.Symbol)
			}
		}
	}
}
