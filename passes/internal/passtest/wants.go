package passtest

import (
	"fmt"
	"go/ast"
	"go/token"
	"go/types"
	"os"
	"path/filepath"
	"regexp"
	"slices"
	"strconv"
	"strings"
	"testing"

	"golang.org/x/tools/go/analysis"
	"golang.org/x/tools/go/analysis/checker"
	"golang.org/x/tools/go/packages"

	"github.com/killcheck/killcheck/passes/internal/report"
)

// Wants runs a check on each file of testdata/wants and compares its findings, of
// all tiers, with the comments of the file.
//
//	break // want "leaves the select"
//
// says that a finding stands on the line, and what its message holds, as a
// regular expression. A finding outside the core tier has "(ext) " before its
// message. Functions whose names end in Bad have a finding, those whose names
// end in Ok have none.
func Wants(t *testing.T, a *analysis.Analyzer) {
	files, err := filepath.Glob(filepath.Join("testdata", "wants", "*.go"))
	if err != nil || len(files) == 0 {
		t.Fatalf("no files: %v", err)
	}
	for _, file := range files {
		t.Run(strings.TrimSuffix(filepath.Base(file), ".go"), func(t *testing.T) {
			pkgs, err := packages.Load(&packages.Config{Mode: packages.LoadSyntax, Fset: token.NewFileSet()}, file)
			if err != nil || len(pkgs) != 1 {
				t.Fatalf("%d packages, %v", len(pkgs), err)
			}
			compare(t, pkgs[0], findings(t, pkgs, a)[pkgs[0].Types])
		})
	}
}

// Module does the same for the modules in the folders testdata/module*, whose packages
// are of one file each: what one learns of another travels as a fact.
func Module(t *testing.T, a *analysis.Analyzer) {
	t.Helper()
	dirs, err := filepath.Glob(filepath.Join("testdata", "module*"))
	if err != nil || len(dirs) == 0 {
		t.Fatalf("no modules: %v", err)
	}
	for _, dir := range dirs {
		t.Run(filepath.Base(dir), func(t *testing.T) { module(t, a, dir) })
	}
}

func module(t *testing.T, a *analysis.Analyzer, dir string) {
	t.Helper()
	pkgs, err := packages.Load(&packages.Config{
		Mode: packages.LoadSyntax | packages.NeedModule,
		Dir:  dir, Env: append(os.Environ(), "GOFLAGS=", "GOWORK=off"),
	}, "./...")
	if err != nil || len(pkgs) < 2 {
		t.Fatalf("%d packages, %v", len(pkgs), err)
	}
	found := findings(t, pkgs, a)
	for _, pkg := range pkgs {
		t.Run(pkg.Name, func(t *testing.T) { compare(t, pkg, found[pkg.Types]) })
	}
}

// A note is a finding at a line, or what a comment wants there.
type note struct {
	line int
	text string
}

// findings returns what the check finds in the packages.
func findings(t *testing.T, pkgs []*packages.Package, a *analysis.Analyzer) map[*types.Package][]note {
	t.Helper()
	for _, pkg := range pkgs {
		for _, e := range pkg.Errors {
			t.Fatal(e)
		}
	}
	found := make(map[*types.Package][]note)
	tell := &analysis.Analyzer{
		Name: "tell", Doc: "tell the findings", Requires: []*analysis.Analyzer{a},
		Run: func(pass *analysis.Pass) (any, error) {
			res := pass.ResultOf[a].(*report.Result)
			if res.Internal != "" {
				return nil, fmt.Errorf("internal: %s", res.Internal)
			}
			for _, f := range res.Findings {
				text := f.Message
				if f.Extended {
					text = "(ext) " + text
				}
				found[pass.Pkg] = append(found[pass.Pkg], note{pass.Fset.Position(f.Pos).Line, text})
			}
			return nil, nil
		},
	}
	graph, err := checker.Analyze([]*analysis.Analyzer{tell}, pkgs, &checker.Options{Sequential: true})
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

var wanted = regexp.MustCompile("// want (\"(?:[^\"\\\\]|\\\\.)*\"|`[^`]*`)")

// wants returns what the comments of a file want.
func wants(t *testing.T, fset *token.FileSet, file *ast.File) []note {
	t.Helper()
	var wants []note
	for _, group := range file.Comments {
		for _, c := range group.List {
			all := wanted.FindAllStringSubmatch(c.Text, -1)
			if len(all) == 0 && strings.HasPrefix(c.Text, "// want ") {
				t.Errorf("%s: %q wants nothing", fset.Position(c.Pos()), c.Text)
			}
			for _, m := range all {
				text, err := strconv.Unquote(m[1])
				if err != nil {
					t.Fatal(err)
				}
				wants = append(wants, note{fset.Position(c.Pos()).Line, text})
			}
		}
	}
	return wants
}

// match holds the findings in a file against what is wanted there.
func match(t *testing.T, file string, wants, found []note) {
	t.Helper()
	for _, w := range wants {
		i := slices.IndexFunc(found, func(n note) bool {
			ok, err := regexp.MatchString(w.text, n.text)
			return n.line == w.line && ok && err == nil
		})
		if i < 0 {
			t.Errorf("%s:%d: no finding %q", file, w.line, w.text)
			continue
		}
		found = slices.Delete(found, i, i+1)
	}
	for _, n := range found {
		t.Errorf("%s:%d: unexpected: %s", file, n.line, n.text)
	}
}

// compare matches the findings with the comments of the file, and the comments
// with the names of its functions.
func compare(t *testing.T, pkg *packages.Package, found []note) {
	t.Helper()
	file := pkg.Syntax[0]
	wants := wants(t, pkg.Fset, file)
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
	match(t, filepath.Base(pkg.Fset.Position(file.Pos()).Filename), wants, found)
}
