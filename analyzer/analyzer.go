package analyzer

import (
	"fmt"
	"go/types"
	"path/filepath"
	"reflect"
	"runtime/debug"
	"strings"
	"sync"

	"golang.org/x/tools/go/analysis"
	"golang.org/x/tools/go/ssa"

	"github.com/killcheck/killcheck/analyzer/directive"
	"github.com/killcheck/killcheck/analyzer/kb"
	"github.com/killcheck/killcheck/analyzer/model"
	"github.com/killcheck/killcheck/analyzer/program"
	"github.com/killcheck/killcheck/analyzer/signal"
	"github.com/killcheck/killcheck/analyzer/spawn"
	"github.com/killcheck/killcheck/analyzer/summary"
)

// Analyzer computes the lifetime of every goroutine of a package. It reports
// nothing; the checks under passes require it and report from its [Result].
//
// Its flag rows holds rows for the knowledge base, in the format of package kb:
// the text itself, not the name of a file, so that a driver that caches by flags
// notices when it changes.
var Analyzer = newAnalyzer()

func newAnalyzer() *analysis.Analyzer {
	a := &analysis.Analyzer{
		Name:       "killcheck",
		Doc:        "compute whether goroutines can be stopped",
		ResultType: reflect.TypeFor[*Result](),
		FactTypes:  []analysis.Fact{new(summary.Func)},
	}
	rows := a.Flags.String("rows", "", "text with more rows for the knowledge base")
	a.Run = func(pass *analysis.Pass) (any, error) { return run(pass, *rows) }
	return a
}

// A Result holds what is known of one package.
type Result struct {
	Model    *model.Model // nil if there is nothing concurrent, or after a panic
	Internal string       // a panic inside the engine, with its stack; empty if there was none

	Facts func() []analysis.ObjectFact // of this package, and those that it knows of others; nil after a panic
}

// Ask asks the model something while nobody else does; without a model it does
// nothing. A panic becomes a note in the result.
func (r *Result) Ask(question func(*model.Model)) {
	if r.Model == nil {
		return
	}
	defer func() {
		if p := recover(); p != nil {
			r.Internal = fmt.Sprintf("asking the model: %v\n%s", p, debug.Stack())
		}
	}()
	r.Model.Ask(func() { question(r.Model) })
}

// run is the pipeline. A panic in it must not take away the results of the
// packages that import this one, so it becomes a note in the result.
func run(pass *analysis.Pass, rows string) (res any, err error) {
	r := &Result{Facts: pass.AllObjectFacts}
	defer func() {
		if p := recover(); p != nil {
			res, err = &Result{Internal: fmt.Sprintf("%s: %v\n%s", pass.Pkg.Path(), p, debug.Stack())}, nil
		}
	}()
	base, err := knowledge(rows)
	if err != nil {
		return nil, err
	}
	fact := func(fn *types.Func) *summary.Func {
		f := new(summary.Func)
		if fn.Pkg() == nil || fn.Pkg() == pass.Pkg || !pass.ImportObjectFact(fn, f) {
			return nil
		}
		return f
	}
	if !concurrent(pass, base, func(fn *types.Func) bool { f := fact(fn); return f != nil && matters(f) }) {
		bySyntax(pass, base, fact)
		return r, nil
	}
	pkg, fns := program.Build(pass.Fset, pass.Pkg, pass.Files, pass.TypesInfo)
	graph := signal.NewGraph(pkg, fns, program.Unrun(pass.Fset, pass.Files), func(fn *types.Func, arg int) types.ChanDir { return fact(fn).Direction(arg) })
	finder := &spawn.Finder{Graph: graph, Base: base, Fact: fact}
	in := program.Input{
		Fset: pass.Fset, Pkg: pass.Pkg, Files: pass.Files, Info: pass.TypesInfo,
		Functions: fns, Graph: graph, Base: base, Finder: finder, Sites: finder.Find(fns),
		Fact:       fact,
		Directives: directive.Collect(pass.Fset, pass.Files),
	}
	in.GoVersion, in.Module = moduleOf(pass)
	in.Exports = tells(pass)
	in.OfCommand = sync.OnceValue(func() bool { return ofCommand(pass) })
	r.Model = model.New(in)
	export(pass, fns, r.Model.Summaries())
	return r, nil
}

// tells reports whether other packages learn of this one by facts what its
// functions wait for. None imports a package main, and the knowledge base answers
// for the standard library, which belongs to no module.
func tells(pass *analysis.Pass) bool {
	return ofModule(pass) && pass.Pkg.Name() != "main"
}

// ofModule reports whether the package is none of the standard library. Of that go
// vet tells no module, and a driver that knows none, such as nogo of Bazel, tells none
// of any package.
func ofModule(pass *analysis.Pass) bool {
	if pass.Module == nil {
		return !inRoot(pass)
	}
	return pass.Module.Path != "" && pass.Module.Path != "std"
}

// inRoot reports whether the package lies as those of the standard library do: its
// path has no dot in its first element, and a file of it lies below src by that path.
func inRoot(pass *analysis.Pass) bool {
	path := pass.Pkg.Path()
	if first, _, _ := strings.Cut(path, "/"); strings.Contains(first, ".") {
		return false
	}
	for _, f := range pass.Files {
		dir := filepath.ToSlash(filepath.Dir(pass.Fset.Position(f.FileStart).Filename))
		if strings.HasSuffix(dir, "/src/"+path) {
			return true
		}
	}
	return false
}

// moduleOf returns the version of the language and the path of the module. Where the
// driver knows no modules, packages whose paths begin alike pass for one: a first
// element without a dot would else mean the standard library.
func moduleOf(pass *analysis.Pass) (version, path string) {
	if pass.Module != nil {
		return pass.Module.GoVersion, pass.Module.Path
	}
	path, _, _ = strings.Cut(pass.Pkg.Path(), "/")
	return pass.Pkg.GoVersion(), path
}

// knowledge returns the built-in rows, extended by those of the text.
func knowledge(rows string) (*kb.Base, error) {
	if rows == "" {
		return kb.Std()
	}
	return kb.Load(kb.Source{Name: "rows", Text: rows})
}

// export makes facts of the summaries of functions that other packages can call.
func export(pass *analysis.Pass, fns []*ssa.Function, sums map[*ssa.Function]*summary.Func) {
	for _, fn := range fns {
		obj, ok := fn.Object().(*types.Func)
		if !ok || fn.Parent() != nil || obj.Pkg() != pass.Pkg || !obj.Exported() {
			continue
		}
		if s := sums[fn]; s != nil && !s.Empty() {
			pass.ExportObjectFact(obj, s)
		}
	}
}
