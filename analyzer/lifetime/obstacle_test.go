package lifetime_test

import (
	"fmt"
	"go/ast"
	"go/build"
	"go/importer"
	"go/parser"
	"go/token"
	"go/types"
	"path/filepath"
	"regexp"
	"runtime"
	"slices"
	"strconv"
	"strings"
	"testing"

	"golang.org/x/tools/go/analysis"
	"golang.org/x/tools/go/analysis/checker"
	"golang.org/x/tools/go/packages"

	"github.com/killcheck/killcheck/analyzer"
)

// TestObstacles runs the engine on each file of testdata and compares the
// obstacles of one kind with its comments. The name of a file starts with that
// kind: endless.go, endless_ticker.go.
//
//	break // want "leaves the select"
//
// says that an obstacle stands on the line, and what its message holds, as a
// regular expression. An obstacle outside the core tier has "(ext) " before its
// message. Functions whose names end in Bad have an obstacle, those whose names
// end in Ok have none.
func TestObstacles(t *testing.T) {
	files, err := filepath.Glob(filepath.Join("testdata", "*.go"))
	if err != nil || len(files) == 0 {
		t.Fatalf("no files: %v", err)
	}
	build.Default.CgoEnabled = false // there may be no C compiler
	// The standard library comes from source, without the bodies of functions: to
	// compile what the files import would take longer.
	fset := token.NewFileSet()
	std := importer.ForCompiler(fset, "source", nil)
	for _, file := range files {
		t.Run(strings.TrimSuffix(filepath.Base(file), ".go"), func(t *testing.T) {
			kind, _, _ := strings.Cut(strings.TrimSuffix(filepath.Base(file), ".go"), "_")
			pkg := load(t, fset, std, file)
			found := obstacles(t, pkg, kind)
			compare(t, pkg, found)
		})
	}
}

// A note is an obstacle at a line, or what a comment wants there.
type note struct {
	line int
	text string
}

// load returns the package of a file, which imports the standard library only.
func load(t *testing.T, fset *token.FileSet, std types.Importer, file string) *packages.Package {
	t.Helper()
	syntax, err := parser.ParseFile(fset, file, nil, parser.ParseComments|parser.SkipObjectResolution)
	if err != nil {
		t.Fatal(err)
	}
	info := &types.Info{
		Types:        make(map[ast.Expr]types.TypeAndValue),
		Instances:    make(map[*ast.Ident]types.Instance),
		Defs:         make(map[*ast.Ident]types.Object),
		Uses:         make(map[*ast.Ident]types.Object),
		Implicits:    make(map[ast.Node]types.Object),
		Selections:   make(map[*ast.SelectorExpr]*types.Selection),
		Scopes:       make(map[ast.Node]*types.Scope),
		FileVersions: make(map[*ast.File]string),
	}
	config := types.Config{Importer: std, Sizes: types.SizesFor("gc", runtime.GOARCH)}
	name := syntax.Name.Name
	pkg, err := config.Check(name, fset, []*ast.File{syntax}, info)
	if err != nil {
		t.Fatal(err)
	}
	return &packages.Package{
		ID: name, Name: name, PkgPath: name, Fset: fset, Syntax: []*ast.File{syntax},
		GoFiles: []string{file}, CompiledGoFiles: []string{file},
		Types: pkg, TypesInfo: info, TypesSizes: config.Sizes,
	}
}

// obstacles returns the obstacles of one kind in a package.
func obstacles(t *testing.T, pkg *packages.Package, kind string) []note {
	t.Helper()
	var found []note
	tell := &analysis.Analyzer{
		Name: "tell", Doc: "tell the obstacles", Requires: []*analysis.Analyzer{analyzer.Analyzer},
		Run: func(pass *analysis.Pass) (any, error) {
			res := pass.ResultOf[analyzer.Analyzer].(*analyzer.Result)
			if res.Internal != "" {
				return nil, fmt.Errorf("internal: %s", res.Internal)
			}
			for _, o := range res.Obstacles {
				if string(o.Kind) != kind {
					continue
				}
				text := o.Message
				if o.Extended {
					text = "(ext) " + text
				}
				found = append(found, note{pass.Fset.Position(o.Pos).Line, text})
			}
			return nil, nil
		},
	}
	graph, err := checker.Analyze([]*analysis.Analyzer{tell}, []*packages.Package{pkg}, nil)
	if err != nil {
		t.Fatal(err)
	}
	for _, act := range graph.Roots {
		if act.Err != nil {
			t.Fatal(act.Err)
		}
	}
	return found
}

var wanted = regexp.MustCompile(`// want ("(?:[^"\\]|\\.)*")`)

// compare matches the obstacles with the comments of the file, and the comments
// with the names of its functions.
func compare(t *testing.T, pkg *packages.Package, found []note) {
	t.Helper()
	file := pkg.Syntax[0]
	var wants []note
	for _, group := range file.Comments {
		for _, c := range group.List {
			for _, m := range wanted.FindAllStringSubmatch(c.Text, -1) {
				text, err := strconv.Unquote(m[1])
				if err != nil {
					t.Fatal(err)
				}
				wants = append(wants, note{pkg.Fset.Position(c.Pos()).Line, text})
			}
		}
	}
	for _, d := range file.Decls {
		fn, ok := d.(*ast.FuncDecl)
		if !ok {
			continue
		}
		from, to := pkg.Fset.Position(fn.Pos()).Line, pkg.Fset.Position(fn.End()).Line
		has := slices.ContainsFunc(wants, func(n note) bool { return from <= n.line && n.line <= to })
		if strings.HasSuffix(fn.Name.Name, "Bad") && !has || strings.HasSuffix(fn.Name.Name, "Ok") && has {
			t.Errorf("line %d: the comments do not fit the name %s", from, fn.Name.Name)
		}
	}
	for _, w := range wants {
		i := slices.IndexFunc(found, func(n note) bool {
			ok, err := regexp.MatchString(w.text, n.text)
			return n.line == w.line && ok && err == nil
		})
		if i < 0 {
			t.Errorf("line %d: no obstacle %q", w.line, w.text)
			continue
		}
		found = slices.Delete(found, i, i+1)
	}
	for _, n := range found {
		t.Errorf("line %d: unexpected: %s", n.line, n.text)
	}
}
