package main

import (
	"crypto/sha256"
	"encoding/gob"
	"encoding/hex"
	"fmt"
	"go/ast"
	"go/token"
	"go/types"
	"io"
	"maps"
	"slices"

	"golang.org/x/tools/go/analysis"
	"golang.org/x/tools/go/gcexportdata"
	"golang.org/x/tools/go/types/objectpath"

	"github.com/killcheck/killcheck/analyzer"
)

// knownOf returns a hash of all that the analysis of another package can learn of this
// one by importing it: its types, the constants among them, which packages are behind
// it, in which order it declares what others can name, and the facts. Lines of its
// files are in it as far as facts name them: no message tells another line of an
// imported package. It is "" if it cannot be told.
func knownOf(pass *analysis.Pass, result *analyzer.Result) (hash string) {
	if result == nil || result.Facts == nil {
		return ""
	}
	defer func() {
		if recover() != nil {
			hash = "" // types that cannot be written are compared with nothing
		}
	}()
	sum := sha256.New()
	if err := gcexportdata.Write(sum, token.NewFileSet(), pass.Pkg); err != nil {
		return ""
	}
	behind := make(map[string]bool)
	addImports(behind, pass.Pkg)
	fmt.Fprintf(sum, "%q %q", slices.Sorted(maps.Keys(behind)), declared(pass.Files))
	if err := writeFacts(sum, pass.Pkg, result.Facts()); err != nil {
		return ""
	}
	return hex.EncodeToString(sum.Sum(nil))
}

func addImports(seen map[string]bool, pkg *types.Package) {
	for _, p := range pkg.Imports() {
		if !seen[p.Path()] {
			seen[p.Path()] = true
			addImports(seen, p)
		}
	}
}

// declared returns the names of what is declared at the top of files, in order, those
// that can be seen elsewhere.
func declared(files []*ast.File) []string {
	var names []string
	add := func(ids ...*ast.Ident) {
		for _, id := range ids {
			if id.IsExported() {
				names = append(names, id.Name)
			}
		}
	}
	for _, f := range files {
		for _, decl := range f.Decls {
			switch decl := decl.(type) {
			case *ast.FuncDecl:
				add(decl.Name)
			case *ast.GenDecl:
				for _, spec := range decl.Specs {
					switch spec := spec.(type) {
					case *ast.TypeSpec:
						add(spec.Name)
					case *ast.ValueSpec:
						add(spec.Names...)
					}
				}
			}
		}
	}
	return names
}

// writeFacts writes facts as far as packages that import this one get them: its own,
// and of others those of fields and methods, if they can be named from outside.
func writeFacts(w io.Writer, pkg *types.Package, facts []analysis.ObjectFact) error {
	paths := new(objectpath.Encoder)
	told := make(map[string]analysis.Fact)
	for _, f := range facts {
		_, isType := f.Object.(*types.TypeName)
		if of := f.Object.Pkg(); of == nil || of != pkg && !isType && f.Object.Parent() == of.Scope() {
			continue
		}
		if path, err := paths.For(f.Object); err == nil {
			told[f.Object.Pkg().Path()+"\x00"+string(path)] = f.Fact
		}
	}
	enc := gob.NewEncoder(w)
	for _, name := range slices.Sorted(maps.Keys(told)) {
		if err := enc.Encode(name); err != nil {
			return err
		}
		if err := enc.Encode(told[name]); err != nil {
			return err
		}
	}
	return nil
}
