package promote

import (
	"go/ast"
	"go/types"
	"strings"

	"golang.org/x/tools/go/analysis"

	"github.com/killcheck/killcheck/passes/internal/fix/edit"
)

// initWorkers returns the edits that let main and TestMain turn a child into a
// worker first of all, and what the user has to do where they are elsewhere.
func (s *site) initWorkers() (edits []analysis.TextEdit, note string, err error) {
	if edit.Find(s.Pkg.Imports(), edit.PromotePath, make(map[*types.Package]bool)) == nil {
		note += "; go get " + edit.PromotePath + " first"
	}
	if s.Pkg.Name() != "main" {
		note += "; main must call promote.Init()"
	}
	for _, syntax := range append([]*ast.File{s.Syntax}, s.Others...) {
		for _, decl := range syntax.Decls {
			fn, ok := decl.(*ast.FuncDecl)
			if !ok || !s.starts(fn) || s.callsInit(fn) {
				continue
			}
			file, err := s.Other(syntax)
			if err != nil {
				return nil, "", err
			}
			more, err := initIn(file, fn)
			if err != nil {
				return nil, "", err
			}
			edits = append(edits, more...)
		}
	}
	return edits, note, nil
}

// starts reports whether a function is where a program or a test starts.
func (s *site) starts(fn *ast.FuncDecl) bool {
	if fn.Recv != nil || fn.Body == nil {
		return false
	}
	if fn.Name.Name == "main" {
		return s.Pkg.Name() == "main"
	}
	return fn.Name.Name == "TestMain" && strings.HasSuffix(s.Fset.File(fn.Pos()).Name(), "_test.go")
}

func (s *site) callsInit(fn *ast.FuncDecl) bool {
	found := false
	ast.Inspect(fn, func(n ast.Node) bool {
		if id, ok := n.(*ast.Ident); ok {
			f, ok := s.Info.Uses[id].(*types.Func)
			found = found || ok && f.FullName() == edit.PromotePath+".Init"
		}
		return !found
	})
	return found
}

// initIn returns the edits that make a call of promote.Init the first statement.
func initIn(f *edit.File, fn *ast.FuncDecl) ([]analysis.TextEdit, error) {
	names := &edit.Namer{File: f, Pos: fn.Body.Lbrace + 1}
	pkg, err := names.PackageName(f.Imported(edit.PromotePath, "promote"))
	if err != nil {
		return nil, err
	}
	if pkg != "" {
		pkg += "."
	}
	end := "panic(err)"
	if log := f.Imported("log", "log"); namesPackage(f, log) {
		if name, err := names.PackageName(log); err == nil && name != "" {
			end = name + ".Fatal(err)"
		}
	}
	lines := []string{"if err := " + pkg + "Init(); err != nil {", "\t" + end, "}"}
	return append(names.Imports(), f.After(fn.Body.Lbrace+1, "\t", "\t", lines...)), nil
}

// namesPackage reports whether the file imports the package under a name.
func namesPackage(f *edit.File, pkg *types.Package) bool {
	for _, spec := range f.Syntax.Imports {
		if obj := f.Info.PkgNameOf(spec); obj != nil && obj.Imported() == pkg && obj.Name() != "_" {
			return true
		}
	}
	return false
}
