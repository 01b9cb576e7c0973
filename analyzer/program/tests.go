package program

import (
	"go/ast"
	"go/token"
	"go/types"
	"slices"
	"strings"

	"golang.org/x/tools/go/ssa"

	"github.com/killcheck/killcheck/analyzer/code"
	"github.com/killcheck/killcheck/analyzer/kb"
)

// ForTests reports whether pos is in a file whose functions are given a test, or the
// package in a folder of examples or for tests: it is not what the module is for,
// although the name of the file does not say so.
func (prog *Program) ForTests(pos token.Pos) bool {
	if below, ok := strings.CutPrefix(prog.Pkg.Path(), prog.Module+"/"); ok && prog.Module != "" && prog.Base.AsidePath(below) {
		return true
	}
	f := prog.Syn.File(pos)
	if f == nil {
		return false
	}
	known, ok := prog.forTests[f]
	if !ok {
		known = prog.takesTest(f)
		if prog.forTests == nil {
			prog.forTests = make(map[*ast.File]bool)
		}
		prog.forTests[f] = known
	}
	return known
}

// maxTestCalls is how far the callers of a function are asked for tests.
const maxTestCalls = 4

// TestsCall reports whether the function around pos can be called from tests alone, and
// is: how it works in a program is not seen.
func (prog *Program) TestsCall(pos token.Pos) bool {
	d := prog.Syn.Decl(pos)
	if d == nil {
		return false
	}
	obj, ok := prog.Info.Defs[d.Name].(*types.Func)
	if !ok {
		return false
	}
	fn := prog.FuncOf(obj)
	return fn != nil && prog.testsCall(fn, maxTestCalls)
}

// FuncOf returns the code of a function or method of the package, or nil.
func (prog *Program) FuncOf(obj *types.Func) *ssa.Function {
	if len(prog.Functions) == 0 {
		return nil
	}
	return prog.Functions[0].Prog.FuncValue(obj)
}

func (prog *Program) testsCall(fn *ssa.Function, depth int) bool {
	fn = code.Outermost(fn)
	if prog.InTest(fn.Pos()) {
		return true
	}
	calls, open := prog.Graph.Callers(fn)
	return !open && len(calls) > 0 && depth > 0 && !slices.ContainsFunc(calls, func(c ssa.CallInstruction) bool {
		return !prog.testsCall(c.Parent(), depth-1)
	})
}

// takesTest reports whether a function declared in the file has a test as parameter.
func (prog *Program) takesTest(f *ast.File) bool {
	for _, d := range f.Decls {
		fn, ok := d.(*ast.FuncDecl)
		if !ok {
			continue
		}
		for _, p := range fn.Type.Params.List {
			if t := prog.Info.TypeOf(p.Type); t != nil && prog.isTest(t) {
				return true
			}
		}
	}
	return false
}

// isTest reports whether values of the type stand for a test that runs.
func (prog *Program) isTest(t types.Type) bool {
	set := types.NewMethodSet(t)
	for m := range set.Methods() {
		fn, ok := m.Obj().(*types.Func)
		if !ok || fn.Pkg() == prog.Pkg {
			continue
		}
		if row, ok := prog.Base.Func(fn); ok && row.Kind == kb.KindTest && row.Effect == kb.NoReturn {
			return true
		}
	}
	return false
}
