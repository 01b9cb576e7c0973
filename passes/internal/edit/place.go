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

// at returns the site of another place of the remedy, in the same file.
func (s *site) at(pos token.Pos) (*site, error) {
	if pos < s.Syntax.FileStart || pos > s.Syntax.FileEnd {
		return nil, errors.New("the other place is in another file")
	}
	return &site{File: s.File, Remedy: s.Remedy, path: pathAt(s.Syntax, pos)}, nil
}

// statement returns the innermost statement around the site that is one of a
// list, and the nodes around it.
func (s *site) statement() (ast.Stmt, []ast.Node, error) {
	for i, n := range s.path {
		stmt, ok := n.(ast.Stmt)
		outer := s.path[i+1:]
		if ok && standsAlone(outer) && !isComm(stmt, outer) {
			switch stmt.(type) {
			case *ast.BlockStmt, *ast.LabeledStmt, *ast.CaseClause, *ast.CommClause:
			default:
				return stmt, outer, nil
			}
		}
		if isFunc(n) {
			break
		}
	}
	return nil, nil, errNotAlone
}

// above returns the edit that puts lines above a statement, which starts its
// line. A comment that stands right above the statement stays with it.
func (f *File) above(stmt ast.Stmt, outer []ast.Node, code ...string) (analysis.TextEdit, error) {
	pos := first(stmt, outer)
	if !f.firstOnLine(pos) {
		return analysis.TextEdit{}, errors.New("other code stands on the line")
	}
	indent := f.indent(stmt.Pos())
	line := f.Fset.File(pos).Line
	for _, group := range slices.Backward(commentsIn(f.Syntax, f.Syntax.FileStart, pos)) {
		if line(group.End()) < line(pos)-1 {
			break
		}
		if line(group.End()) == line(pos)-1 && f.firstOnLine(group.Pos()) {
			pos = group.Pos()
			break
		}
	}
	return insert(f.lineStart(pos), indent+strings.Join(code, "\n"+indent)+"\n"), nil
}

// beneath returns the edit that puts lines below a statement.
func (f *File) beneath(stmt ast.Stmt, code ...string) analysis.TextEdit {
	indent := f.indent(stmt.Pos())
	return f.after(stmt.End(), indent, indent, code...)
}

// begin returns the edit that puts lines at the start of a function body.
func (f *File) begin(body *ast.BlockStmt, code ...string) (analysis.TextEdit, error) {
	outside := f.indent(body.Lbrace)
	if len(body.List) > 0 && f.line(body.List[0].Pos()) != f.line(body.Lbrace) {
		return f.after(body.Lbrace+1, f.indent(body.List[0].Pos()), "", code...), nil
	}
	if len(body.List) == 0 && f.line(body.Lbrace) == f.line(body.Rbrace) && body.Rbrace == body.Lbrace+1 {
		return replace(body.Lbrace+1, body.Rbrace, "\n"+outside+"\t"+strings.Join(code, "\n"+outside+"\t")+"\n"+outside), nil
	}
	if len(body.List) == 0 {
		return f.after(body.Lbrace+1, outside+"\t", outside, code...), nil
	}
	last := body.List[len(body.List)-1]
	if strings.Contains(f.text(body.Lbrace, body.Rbrace), "\n") || f.text(last.End(), body.Rbrace) != " " {
		return analysis.TextEdit{}, errors.New("the function has an odd layout")
	}
	text := "\n" + outside + "\t" + strings.Join(code, "\n"+outside+"\t") + "\n" + outside + "\t" +
		f.text(body.List[0].Pos(), last.End()) + "\n" + outside
	return replace(body.Lbrace+1, body.Rbrace, text), nil
}

// packageAt returns the name under which the file knows the package with the
// path, which is noted as an import to add if it does not.
func (n *namer) packageAt(at string) (string, error) {
	for _, pkg := range n.added {
		if pkg.Path() == at {
			return pkg.Name(), nil
		}
	}
	name, err := n.packageName(n.imported(at, path.Base(at)))
	if err == nil && name == "" {
		return "", errors.New("package " + at + " is imported without a name")
	}
	return name, err
}

// qualified returns how the file writes a package-level symbol such as
// net.ErrClosed or net/http.ErrServerClosed.
func (n *namer) qualified(symbol string) (string, error) {
	dot := strings.LastIndexByte(symbol, '.')
	if dot < 0 {
		return "", fmt.Errorf("%q has no package", symbol)
	}
	if symbol[:dot] == n.Pkg.Path() {
		return symbol[dot+1:], nil
	}
	name, err := n.packageAt(symbol[:dot])
	return name + symbol[dot:], err
}

// wherever calls visit for the nodes of the declarations of the package that name
// one of the objects.
func (f *File) wherever(visit func(ast.Node) bool, objs ...types.Object) {
	mine := make(map[*ast.File][]ast.Decl)
	for _, obj := range objs {
		for _, d := range f.Index.named[obj] {
			file := f.Index.fileAt(d.Pos())
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
func (f *File) usesOf(obj types.Object) (here []*ast.Ident, elsewhere bool) {
	for _, id := range f.Index.uses[obj] {
		if f.Syntax.FileStart <= id.Pos() && id.Pos() <= f.Syntax.FileEnd {
			here = append(here, id)
		} else {
			elsewhere = true
		}
	}
	slices.SortFunc(here, func(a, b *ast.Ident) int { return int(a.Pos() - b.Pos()) })
	return here, elsewhere
}

// within reports whether a node holds a position.
func within(n ast.Node, pos token.Pos) bool { return n.Pos() <= pos && pos < n.End() }

// function returns the innermost function literal or declaration, with its
// body and type.
func (s *site) innermost() (fn ast.Node, body *ast.BlockStmt, t *ast.FuncType) {
	for _, n := range s.path {
		switch n := n.(type) {
		case *ast.FuncLit:
			return n, n.Body, n.Type
		case *ast.FuncDecl:
			return n, n.Body, n.Type
		}
	}
	return nil, nil, nil
}

// same reports whether all names in an expression mean the same at two places.
func (s *site) same(e ast.Node, there token.Pos) bool {
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
			ok = ok && obj != nil && s.lookup(n.Name, there) == obj && (obj.Pkg() != s.Pkg || obj.Parent() == s.Pkg.Scope() || obj.Pos() < there)
		case *ast.FuncLit:
			ok = false
		}
		return ok
	}
	ast.Inspect(e, visit)
	return ok
}
