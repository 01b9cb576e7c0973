package edit

import (
	"errors"
	"fmt"
	"go/ast"
	"go/token"
	"go/types"
	"path"
	"slices"
	"strings"

	"golang.org/x/tools/go/analysis"
)

// Place returns the site of another place of the remedy, in the same file.
func (s *Site) Place(pos token.Pos) (*Site, error) {
	if pos < s.Syntax.FileStart || pos > s.Syntax.FileEnd {
		return nil, errors.New("the other place is in another file")
	}
	return &Site{File: s.File, Remedy: s.Remedy, Path: PathAt(s.Syntax, pos)}, nil
}

// Statement returns the innermost statement around the site that is one of a
// list, and the nodes around it.
func (s *Site) Statement() (ast.Stmt, []ast.Node, error) {
	for i, n := range s.Path {
		stmt, ok := n.(ast.Stmt)
		outer := s.Path[i+1:]
		if ok && StandsAlone(outer) && !IsComm(stmt, outer) {
			switch stmt.(type) {
			case *ast.BlockStmt, *ast.LabeledStmt, *ast.CaseClause, *ast.CommClause:
			default:
				return stmt, outer, nil
			}
		}
		if IsFunc(n) {
			break
		}
	}
	return nil, nil, ErrNotAlone
}

// Above returns the edit that puts lines above a statement, which starts its
// line. A comment that stands right above the statement stays with it.
func (f *File) Above(stmt ast.Stmt, outer []ast.Node, code ...string) (analysis.TextEdit, error) {
	pos := First(stmt, outer)
	if !f.FirstOnLine(pos) {
		return analysis.TextEdit{}, errors.New("other code stands on the line")
	}
	indent := f.Indent(stmt.Pos())
	line := f.Fset.File(pos).Line
	for _, group := range slices.Backward(CommentsIn(f.Syntax, f.Syntax.FileStart, pos)) {
		if line(group.End()) < line(pos)-1 {
			break
		}
		if line(group.End()) == line(pos)-1 && f.FirstOnLine(group.Pos()) {
			pos = group.Pos()
			break
		}
	}
	return Insert(f.LineStart(pos), indent+strings.Join(code, "\n"+indent)+"\n"), nil
}

// Beneath returns the edit that puts lines below a statement.
func (f *File) Beneath(stmt ast.Stmt, code ...string) analysis.TextEdit {
	indent := f.Indent(stmt.Pos())
	return f.After(stmt.End(), indent, indent, code...)
}

// Begin returns the edit that puts lines at the start of a function body.
func (f *File) Begin(body *ast.BlockStmt, code ...string) (analysis.TextEdit, error) {
	outside := f.Indent(body.Lbrace)
	if len(body.List) > 0 && f.Line(body.List[0].Pos()) != f.Line(body.Lbrace) {
		return f.After(body.Lbrace+1, f.Indent(body.List[0].Pos()), "", code...), nil
	}
	if len(body.List) == 0 && f.Line(body.Lbrace) == f.Line(body.Rbrace) && body.Rbrace == body.Lbrace+1 {
		return Replace(body.Lbrace+1, body.Rbrace, "\n"+outside+"\t"+strings.Join(code, "\n"+outside+"\t")+"\n"+outside), nil
	}
	if len(body.List) == 0 {
		return f.After(body.Lbrace+1, outside+"\t", outside, code...), nil
	}
	last := body.List[len(body.List)-1]
	if strings.Contains(f.Source(body.Lbrace, body.Rbrace), "\n") || f.Source(last.End(), body.Rbrace) != " " {
		return analysis.TextEdit{}, errors.New("the function has an odd layout")
	}
	text := "\n" + outside + "\t" + strings.Join(code, "\n"+outside+"\t") + "\n" + outside + "\t" +
		f.Source(body.List[0].Pos(), last.End()) + "\n" + outside
	return Replace(body.Lbrace+1, body.Rbrace, text), nil
}

// PackageAt returns the name under which the file knows the package with the
// path, which is noted as an import to add if it does not.
func (n *Namer) PackageAt(at string) (string, error) {
	for _, pkg := range n.added {
		if pkg.Path() == at {
			return pkg.Name(), nil
		}
	}
	name, err := n.PackageName(n.Imported(at, path.Base(at)))
	if err == nil && name == "" {
		return "", errors.New("package " + at + " is imported without a name")
	}
	return name, err
}

// Qualified returns how the file writes a package-level symbol such as
// net.ErrClosed or net/http.ErrServerClosed.
func (n *Namer) Qualified(symbol string) (string, error) {
	dot := strings.LastIndexByte(symbol, '.')
	if dot < 0 {
		return "", fmt.Errorf("%q has no package", symbol)
	}
	if symbol[:dot] == n.Pkg.Path() {
		return symbol[dot+1:], nil
	}
	name, err := n.PackageAt(symbol[:dot])
	return name + symbol[dot:], err
}

// Wherever calls visit for the nodes of the declarations of the package that name
// one of the objects.
func (f *File) Wherever(visit func(ast.Node) bool, objs ...types.Object) {
	mine := make(map[*ast.File][]ast.Decl)
	for _, obj := range objs {
		for _, d := range f.Index.named[obj] {
			file := f.Index.FileAt(d.Pos())
			mine[file] = append(mine[file], d)
		}
	}
	for _, file := range append([]*ast.File{f.Syntax}, f.Others...) {
		decls := mine[file]
		slices.SortFunc(decls, func(a, b ast.Decl) int { return int(a.Pos() - b.Pos()) })
		for _, d := range slices.Compact(decls) {
			ast.Inspect(d, visit)
		}
	}
}

// uses returns the identifiers in this file that stand for obj, in order, and
// whether other files have any.
func (f *File) UsesOf(obj types.Object) (here []*ast.Ident, elsewhere bool) {
	for _, id := range f.Index.Uses[obj] {
		if f.Syntax.FileStart <= id.Pos() && id.Pos() <= f.Syntax.FileEnd {
			here = append(here, id)
		} else {
			elsewhere = true
		}
	}
	slices.SortFunc(here, func(a, b *ast.Ident) int { return int(a.Pos() - b.Pos()) })
	return here, elsewhere
}

// Within reports whether a node holds a position.
func Within(n ast.Node, pos token.Pos) bool { return n.Pos() <= pos && pos < n.End() }

// function returns the innermost function literal or declaration, with its
// body and type.
func (s *Site) Innermost() (fn ast.Node, body *ast.BlockStmt, t *ast.FuncType) {
	for _, n := range s.Path {
		switch n := n.(type) {
		case *ast.FuncLit:
			return n, n.Body, n.Type
		case *ast.FuncDecl:
			return n, n.Body, n.Type
		}
	}
	return nil, nil, nil
}

// Same reports whether all names in an expression mean the same at two places.
func (s *Site) Same(e ast.Node, there token.Pos) bool {
	ok := true
	var visit func(n ast.Node) bool
	visit = func(n ast.Node) bool {
		switch n := n.(type) {
		case *ast.SelectorExpr:
			ast.Inspect(n.X, visit)
			return false
		case *ast.KeyValueExpr:
			ast.Inspect(n.Value, visit)
			return false
		case *ast.Ident:
			obj := s.Info.Uses[n]
			ok = ok && obj != nil && s.Lookup(n.Name, there) == obj && (obj.Pkg() != s.Pkg || obj.Parent() == s.Pkg.Scope() || obj.Pos() < there)
		case *ast.FuncLit:
			ok = false
		}
		return ok
	}
	ast.Inspect(e, visit)
	return ok
}

// Other returns another file of the package.
func (f *File) Other(syntax *ast.File) (*File, error) {
	if syntax == f.Syntax {
		return f, nil
	}
	if f.Text == nil {
		return nil, errors.New("only this file can be edited")
	}
	src, err := f.Text(syntax)
	if err != nil {
		return nil, err
	}
	others := []*ast.File{f.Syntax}
	for _, o := range f.Others {
		if o != syntax {
			others = append(others, o)
		}
	}
	return &File{Fset: f.Fset, Syntax: syntax, Others: others, Info: f.Info, Pkg: f.Pkg, Src: src, Text: f.Text, Index: f.Index}, nil
}
