package report

import (
	"go/ast"
	"go/token"
	"path/filepath"
	"reflect"
	"strings"

	"golang.org/x/tools/go/analysis"

	"github.com/killcheck/killcheck/analyzer/directive"
)

// Files describes the files of a package once for all checks.
var Files = &analysis.Analyzer{
	Name:       "killcheckfiles",
	Doc:        "find generated files and killcheck directives",
	Run:        func(pass *analysis.Pass) (any, error) { return describe(pass), nil },
	ResultType: reflect.TypeFor[*Package](),
}

// A Package is what the checks know of the files of a package.
type Package struct {
	Files      []*File
	Directives []*directive.Directive // those outside generated files
}

// A File is one file of the package.
type File struct {
	Syntax    *ast.File
	Generated bool // says so in its first comment: nothing is reported in it
	Mapped    bool // positions are not those of the text (//line, cgo): no fix is possible
}

// At returns the file that holds pos, or nil.
func (p *Package) At(pos token.Pos) *File {
	for _, f := range p.Files {
		if f.Syntax.FileStart <= pos && pos <= f.Syntax.FileEnd {
			return f
		}
	}
	return nil
}

func (p *Package) except(file *File) []*ast.File {
	var others []*ast.File
	for _, f := range p.Files {
		if f != file {
			others = append(others, f.Syntax)
		}
	}
	return others
}

func describe(pass *analysis.Pass) *Package {
	p := &Package{}
	var written []*ast.File
	for _, syntax := range pass.Files {
		f := &File{Syntax: syntax, Generated: ast.IsGenerated(syntax), Mapped: mapped(pass.Fset, syntax)}
		if !f.Generated {
			written = append(written, syntax)
		}
		p.Files = append(p.Files, f)
	}
	p.Directives = directive.Collect(pass.Fset, written)
	return p
}

// mapped reports whether a //line comment, perhaps written by cgo, changes
// positions anywhere in the file, or the file imports "C".
func mapped(fset *token.FileSet, syntax *ast.File) bool {
	for _, spec := range syntax.Imports {
		if spec.Path.Value == `"C"` {
			return true
		}
	}
	start := fset.PositionFor(syntax.Package, false)
	if filepath.Ext(start.Filename) != ".go" || fset.PositionFor(syntax.Package, true) != start {
		return true
	}
	for _, group := range syntax.Comments {
		for _, c := range group.List {
			if strings.HasPrefix(c.Text, "//line ") || strings.HasPrefix(c.Text, "/*line ") {
				return true
			}
		}
	}
	return false
}
