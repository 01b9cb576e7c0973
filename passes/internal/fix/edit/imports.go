package edit

import (
	"errors"
	"fmt"
	"go/ast"
	"go/token"
	"go/types"
	"slices"
	"strings"

	"golang.org/x/tools/go/analysis"
)

// A Namer writes types as Go source at one position and notes the imports that
// the file lacks.
type Namer struct {
	*File
	Pos   token.Pos
	added []*types.Package
}

// TypeName returns the Go source of a type. It fails if the file cannot name
// the type at the position.
func (n *Namer) TypeName(t types.Type) (string, error) {
	var problem error
	added := len(n.added)
	name := types.TypeString(t, func(pkg *types.Package) string {
		if pkg == n.Pkg {
			return ""
		}
		name, err := n.PackageName(pkg)
		if err != nil {
			problem = err
		}
		return name
	})
	if problem != nil {
		return "", problem
	}
	if len(n.added) > added {
		return name, n.exported(t)
	}
	// The type string does not tell whether a name is hidden or not exported.
	got, err := types.Eval(n.Fset, n.Pkg, n.Pos, name)
	if err != nil {
		return "", err
	}
	if !got.IsType() || !types.Identical(got.Type, t) {
		return "", fmt.Errorf("%s means something else here", name)
	}
	return name, nil
}

// exported fails unless a type of a package that the file does not import yet
// is a name, a pointer to one or a slice of them, that can be written.
func (n *Namer) exported(t types.Type) error {
	switch t := types.Unalias(t).(type) {
	case *types.Pointer:
		return n.exported(t.Elem())
	case *types.Slice:
		return n.exported(t.Elem())
	case *types.Named:
		if t.Obj().Exported() && t.TypeArgs().Len() == 0 {
			return nil
		}
	}
	return fmt.Errorf("%s cannot be written here", t)
}

// PackageName returns the name under which the file knows a package, empty for
// a dot import. If it does not, the package is noted as an import to add.
func (n *Namer) PackageName(pkg *types.Package) (string, error) {
	for _, spec := range n.Syntax.Imports {
		obj := n.Info.PkgNameOf(spec)
		if obj == nil || obj.Imported() != pkg {
			continue
		}
		if obj.Name() == "." {
			return "", nil
		}
		if n.Means(obj.Name(), obj, n.Pos) {
			return obj.Name(), nil
		}
	}
	if n.Lookup(pkg.Name(), n.Pos) != nil || pkg.Name() == "main" || !n.mayImport(pkg.Path()) {
		return "", errors.New("package " + pkg.Path() + " has no name here")
	}
	n.added = append(n.added, pkg)
	return pkg.Name(), nil
}

// mayImport reports whether the rules for internal and vendored packages let
// this package import path.
func (n *Namer) mayImport(path string) bool {
	if strings.HasPrefix(path, "vendor/") || strings.Contains(path, "/vendor/") {
		return false
	}
	before, _, found := strings.Cut("/"+path+"/", "/internal/")
	parent := strings.TrimPrefix(before, "/")
	return !found || n.Pkg.Path() == parent || strings.HasPrefix(n.Pkg.Path(), parent+"/")
}

// Imports returns edits that stand for the noted imports. Package fix puts them where
// they belong, all of one file at once.
func (n *Namer) Imports() []analysis.TextEdit {
	var edits []analysis.TextEdit
	for _, pkg := range n.added {
		edits = append(edits, Insert(n.Syntax.Package, ImportMark+pkg.Path()))
	}
	return edits
}

// importMark begins the text of an edit that asks for an import. Source never has
// it.
const ImportMark = "\x00import "

// PlaceImports replaces the edits that ask for imports by those that add them.
func (f *File) PlaceImports(edits []analysis.TextEdit) ([]analysis.TextEdit, error) {
	paths := make(map[*ast.File][]string)
	var rest []analysis.TextEdit
	for _, e := range edits {
		path, ok := strings.CutPrefix(string(e.NewText), ImportMark)
		if !ok {
			rest = append(rest, e)
			continue
		}
		for _, syntax := range append([]*ast.File{f.Syntax}, f.Others...) {
			if syntax.Package == e.Pos && !slices.Contains(paths[syntax], path) {
				paths[syntax] = append(paths[syntax], path)
			}
		}
	}
	for syntax, wanted := range paths {
		in := f
		if syntax != f.Syntax {
			src, err := f.Text(syntax)
			if err != nil {
				return nil, err
			}
			in = &File{Fset: f.Fset, Syntax: syntax, Info: f.Info, Pkg: f.Pkg, Src: src}
		}
		slices.Sort(wanted)
		rest = append(rest, in.addImports(wanted)...)
	}
	return rest, nil
}

// Std returns the name of a package of the standard library with its dot. The
// file imports it if it does not yet.
func (n *Namer) Std(path string) (string, error) {
	for _, spec := range n.Syntax.Imports {
		if obj := n.Info.PkgNameOf(spec); obj != nil && obj.Imported().Path() == path && n.Means(obj.Name(), obj, n.Pos) {
			return obj.Name() + ".", nil
		}
	}
	name, err := n.PackageName(types.NewPackage(path, path[strings.LastIndexByte(path, '/')+1:]))
	return name + ".", err
}

// promotePath is the package whose workers run in child processes.
const PromotePath = "github.com/killcheck/killcheck/promote"

// Imported returns the package with the path, as the imports of this package
// know it, or one that stands for it.
func (f *File) Imported(path, name string) *types.Package {
	if pkg := Find(f.Pkg.Imports(), path, make(map[*types.Package]bool)); pkg != nil {
		return pkg
	}
	return types.NewPackage(path, name)
}

// Find returns the package with the path among some and what they import, or nil.
func Find(pkgs []*types.Package, path string, seen map[*types.Package]bool) *types.Package {
	for _, pkg := range pkgs {
		if pkg.Path() == path {
			return pkg
		}
		if seen[pkg] {
			continue
		}
		seen[pkg] = true
		if found := Find(pkg.Imports(), path, seen); found != nil {
			return found
		}
	}
	return nil
}
