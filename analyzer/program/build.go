package program

import (
	"go/ast"
	"go/token"
	"go/types"

	"golang.org/x/tools/go/ssa"
)

// Build builds the SSA of a package and returns it with all its functions: methods,
// function literals and the wrappers of method values.
func Build(fset *token.FileSet, of *types.Package, files []*ast.File, info *types.Info) (*ssa.Package, []*ssa.Function) {
	prog := ssa.NewProgram(fset, 0)
	seen := make(map[*types.Package]bool)
	var create func([]*types.Package)
	create = func(imports []*types.Package) {
		for _, p := range imports {
			if !seen[p] {
				seen[p] = true
				prog.CreatePackage(p, nil, nil, true)
				create(p.Imports())
			}
		}
	}
	create(of.Imports())
	pkg := prog.CreatePackage(of, files, info, false)
	pkg.Build()

	var fns []*ssa.Function
	have := make(map[*ssa.Function]bool)
	var add func(fn *ssa.Function)
	add = func(fn *ssa.Function) {
		if fn == nil || have[fn] || fn.Blocks == nil || fn.Pkg != nil && fn.Pkg != pkg {
			return
		}
		have[fn] = true
		fns = append(fns, fn)
		var buf [16]*ssa.Value
		for _, b := range fn.Blocks {
			for _, in := range b.Instrs {
				for _, op := range in.Operands(buf[:0]) {
					if f, ok := (*op).(*ssa.Function); ok {
						if o := f.Origin(); o != nil {
							f = o
						}
						add(f)
					}
				}
			}
		}
		for _, a := range fn.AnonFuncs {
			add(a)
		}
	}
	for _, f := range files {
		for _, d := range f.Decls {
			if d, ok := d.(*ast.FuncDecl); ok {
				if obj, ok := info.Defs[d.Name].(*types.Func); ok {
					add(prog.FuncValue(obj))
				}
			}
		}
	}
	add(pkg.Func("init"))
	return pkg, fns
}
