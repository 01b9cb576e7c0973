package main

import (
	"fmt"
	"go/ast"
	"go/parser"
	"go/token"
	"path/filepath"
	"strings"
)

// leakfixes shows that killcheck reports the leak of each row with the
// expected check, inside a function or a method of a type called ...Bad, and
// nothing inside its fix, called ...Ok.
func leakfixes(e *env) (*outcome, error) {
	dir := filepath.Join(e.dir, "leakfixes")
	rows, err := readTable(filepath.Join(dir, "leakfixes.tsv"), 5)
	if err != nil {
		return nil, err
	}
	if err := complete(dir, "", rows); err != nil {
		return nil, err
	}
	e.sayf("leakfixes: analysing them")
	all, err := e.tool.check(dir)
	if err != nil {
		return nil, err
	}
	found := byPackage(all, "example.com/leakfixes")
	o := &outcome{}
	t := newTable("package", "project", "class", "expected", "bug", "fix")
	var any, hits, silent int
	for _, row := range rows {
		name, repo, class, check := row[0], row[1], row[3], row[4]
		bad, ok, err := split(filepath.Join(dir, name), found[name])
		if err != nil {
			return nil, err
		}
		if len(bad) > 0 {
			any++
		}
		if reports(bad, check) {
			hits++
		} else {
			o.shortf("%s: want %s, got: %s", name, check, describe(bad))
		}
		verdict := "silent"
		if len(ok) > 0 {
			verdict = "reported"
			o.shortf("%s: fix: %s", name, describe(ok))
		} else {
			silent++
		}
		t.row(name, repo, class, check, listed(bad), verdict)
	}
	t.flush()
	fmt.Printf("leakfixes: bug reported %d of %d, by the expected check %d, fix silent %d\n", any, len(rows), hits, silent)
	return o, nil
}

// split parts findings into those in declarations called ...Bad and all
// others. dir holds the files of the package.
func split(dir string, all []finding) (bad, other []finding, err error) {
	fset := token.NewFileSet()
	names, err := filepath.Glob(filepath.Join(dir, "*.go"))
	if err != nil {
		return nil, nil, err
	}
	files := map[string]*ast.File{}
	for _, name := range names {
		file, err := parser.ParseFile(fset, name, nil, 0)
		if err != nil {
			return nil, nil, err
		}
		files[filepath.Base(name)] = file
	}
	for _, f := range all {
		if isBad(fset, files[filepath.Base(f.File)], f.Line) {
			bad = append(bad, f)
		} else {
			other = append(other, f)
		}
	}
	return bad, other, nil
}

// isBad reports whether the line stands in a function or a method of a type
// whose name ends in Bad.
func isBad(fset *token.FileSet, file *ast.File, line int) bool {
	if file == nil {
		return false
	}
	for _, d := range file.Decls {
		fn, ok := d.(*ast.FuncDecl)
		if !ok || line < fset.Position(fn.Pos()).Line || line > fset.Position(fn.End()).Line {
			continue
		}
		return strings.HasSuffix(fn.Name.Name, "Bad") || strings.HasSuffix(receiver(fn), "Bad")
	}
	return false
}

// receiver returns the name of the type of fn's receiver.
func receiver(fn *ast.FuncDecl) string {
	if fn.Recv == nil {
		return ""
	}
	t := fn.Recv.List[0].Type
	if star, ok := t.(*ast.StarExpr); ok {
		t = star.X
	}
	if id, ok := t.(*ast.Ident); ok {
		return id.Name
	}
	return ""
}
