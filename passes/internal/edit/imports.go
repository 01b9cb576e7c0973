package edit

import (
	"errors"
	"fmt"
	"go/ast"
	"go/token"
	"go/types"
	"strconv"
	"strings"

	"golang.org/x/tools/go/analysis"
)

// A namer writes types as Go source at one position and notes the imports that
// the file lacks.
type namer struct {
	*File
	pos   token.Pos
	added []*types.Package
}

// typeName returns the Go source of a type. It fails if the file cannot name
// the type at the position.
func (n *namer) typeName(t types.Type) (string, error) {
	var problem error
	added := len(n.added)
	name := types.TypeString(t, func(pkg *types.Package) string {
		if pkg == n.Pkg {
			return ""
		}
		name, err := n.packageName(pkg)
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
	got, err := types.Eval(n.Fset, n.Pkg, n.pos, name)
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
func (n *namer) exported(t types.Type) error {
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

// packageName returns the name under which the file knows a package, empty for
// a dot import. If it does not, the package is noted as an import to add.
func (n *namer) packageName(pkg *types.Package) (string, error) {
	for _, spec := range n.Syntax.Imports {
		obj := n.Info.PkgNameOf(spec)
		if obj == nil || obj.Imported() != pkg {
			continue
		}
		if obj.Name() == "." {
			return "", nil
		}
		if n.means(obj.Name(), obj, n.pos) {
			return obj.Name(), nil
		}
	}
	if n.lookup(pkg.Name(), n.pos) != nil || pkg.Name() == "main" || !n.mayImport(pkg.Path()) {
		return "", errors.New("package " + pkg.Path() + " has no name here")
	}
	n.added = append(n.added, pkg)
	return pkg.Name(), nil
}

// mayImport reports whether the rules for internal and vendored packages let
// this package import path.
func (n *namer) mayImport(path string) bool {
	if strings.HasPrefix(path, "vendor/") || strings.Contains(path, "/vendor/") {
		return false
	}
	before, _, found := strings.Cut("/"+path+"/", "/internal/")
	parent := strings.TrimPrefix(before, "/")
	return !found || n.Pkg.Path() == parent || strings.HasPrefix(n.Pkg.Path(), parent+"/")
}

// imports returns the edits that add the noted imports. They go into the first
// group of imports; the format that drivers apply sorts them.
func (n *namer) imports() []analysis.TextEdit {
	var edits []analysis.TextEdit
	seen := make(map[*types.Package]bool)
	for _, pkg := range n.added {
		if !seen[pkg] {
			edits = append(edits, n.addImport(pkg))
		}
		seen[pkg] = true
	}
	return edits
}

func (n *namer) addImport(pkg *types.Package) analysis.TextEdit {
	path := strconv.Quote(pkg.Path())
	for _, decl := range n.Syntax.Decls {
		group, ok := decl.(*ast.GenDecl)
		if !ok || group.Tok != token.IMPORT {
			break
		}
		if !group.Lparen.IsValid() || len(group.Specs) == 0 {
			continue
		}
		return n.addToGroup(group, path)
	}
	if len(n.Syntax.Imports) > 0 {
		return insert(n.Syntax.Decls[0].Pos(), "import "+path+"\n")
	}
	return n.after(n.Syntax.Name.End(), "", "", "", "import "+path)
}

// addToGroup puts an import before the first of the group that sorts after it,
// or below the last one that no empty line separates from the first.
func (n *namer) addToGroup(group *ast.GenDecl, path string) analysis.TextEdit {
	var last *ast.ImportSpec
	for _, s := range group.Specs {
		spec := s.(*ast.ImportSpec)
		if last != nil && n.line(spec.Pos()) > n.line(last.End())+1 {
			break // another group
		}
		if spec.Path.Value > path && n.firstOnLine(spec.Pos()) && spec.Doc == nil {
			return insert(spec.Pos(), path+"\n\t")
		}
		last = spec
	}
	return n.after(last.End(), "\t", "\t", path)
}
