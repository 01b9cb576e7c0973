package analyzer

import (
	"fmt"
	"go/types"
	"reflect"
	"runtime/debug"

	"golang.org/x/tools/go/analysis"
	"golang.org/x/tools/go/ssa"

	"github.com/killcheck/killcheck/analyzer/directive"
	"github.com/killcheck/killcheck/analyzer/kb"
	"github.com/killcheck/killcheck/analyzer/lifetime"
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
	Goroutines []*lifetime.Goroutine // in the order of the code
	Obstacles  []lifetime.Obstacle   // sorted by position
	out        lifetime.Output
	Internal   string // a panic inside the engine, with its stack; empty if there was none
}

// Judge returns how one of Goroutines ends.
func (r *Result) Judge(g *lifetime.Goroutine) (v lifetime.Verdict) {
	defer func() {
		if p := recover(); p != nil {
			r.Internal = fmt.Sprintf("judging a goroutine: %v\n%s", p, debug.Stack())
			v = lifetime.Verdict{Ending: lifetime.Unknown, Why: "an internal error"}
		}
	}()
	return r.out.Judge(g)
}

// Explain explains every wait of the package and every goroutine that starts in
// it.
func (r *Result) Explain() (all []lifetime.Explanation) {
	if r.out.Explain == nil {
		return nil // nothing concurrent
	}
	defer func() {
		if p := recover(); p != nil {
			r.Internal = fmt.Sprintf("explaining: %v\n%s", p, debug.Stack())
		}
	}()
	return r.out.Explain()
}

// Runs names what one of Goroutines runs, as code of the package would.
func (r *Result) Runs(g *lifetime.Goroutine, pkg *types.Package) string { return r.out.Runs(g, pkg) }

// run is the pipeline. A panic in it must not take away the results of the
// packages that import this one, so it becomes a note in the result.
func run(pass *analysis.Pass, rows string) (res any, err error) {
	r := &Result{}
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
	pkg, fns := buildSSA(pass)
	graph := signal.NewGraph(pkg, fns)
	finder := &spawn.Finder{Graph: graph, Base: base, Fact: fact}
	in := lifetime.Input{
		Fset: pass.Fset, Pkg: pass.Pkg, Files: pass.Files, Info: pass.TypesInfo,
		Functions: fns, Graph: graph, Base: base, Finder: finder, Sites: finder.Find(fns),
		Fact:       fact,
		Directives: directive.Collect(pass.Fset, pass.Files),
	}
	if pass.Module != nil {
		in.GoVersion, in.Module = pass.Module.GoVersion, pass.Module.Path
		in.Exports = tells(pass)
	}
	out := lifetime.Analyze(in)
	r.Goroutines, r.Obstacles, r.out = out.Goroutines, out.Obstacles, out
	export(pass, fns, out.Summaries)
	return r, nil
}

// tells reports whether other packages learn of this one by facts what its
// functions wait for. None imports a package main, and the knowledge base answers
// for the standard library, which belongs to no module.
func tells(pass *analysis.Pass) bool {
	return pass.Module != nil && pass.Module.Path != "" && pass.Module.Path != "std" && pass.Pkg.Name() != "main"
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
