// Package passtest tests checks: their fixtures, their fixes and the examples
// in their documentation.
package passtest

import (
	"go/ast"
	"go/parser"
	"go/token"
	"maps"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"testing"

	"golang.org/x/tools/go/analysis"
	"golang.org/x/tools/go/analysis/analysistest"

	"github.com/killcheck/killcheck/passes/internal/extract"
)

// Doc compiles the two examples in the documentation of a check and requires
// that the check reports the first and is quiet about the second.
func Doc(t *testing.T, a *analysis.Analyzer) {
	t.Helper()
	dir := t.TempDir()
	for name, lead := range map[string]string{"leaks": "Leaks:", "stops": "Stops:"} {
		code, ok := extract.Example(a.Doc, lead)
		if !ok {
			t.Fatalf("%s: no example below %q", a.Name, lead)
		}
		folder := filepath.Join(dir, "src", name)
		if err := os.MkdirAll(folder, 0o777); err != nil {
			t.Fatal(err)
		}
		if err := os.WriteFile(filepath.Join(folder, "example.go"), []byte(program(t, code)), 0o666); err != nil {
			t.Fatal(err)
		}
	}
	found := make(map[string][]analysis.Diagnostic)
	for _, act := range Analyze(t, dir, a, "leaks", "stops") {
		found[act.Package.PkgPath] = act.Diagnostics
	}
	if len(found["leaks"]) == 0 {
		t.Errorf("%s: the example that leaks is not reported", a.Name)
	}
	if d := found["stops"]; len(d) > 0 {
		t.Errorf("%s: the example that stops is reported: %s", a.Name, d[0].Message)
	}
}

// program completes the declarations of an example to a file: it adds the
// package clause and imports the standard packages that the code names.
func program(t *testing.T, code string) string {
	t.Helper()
	file, err := parser.ParseFile(token.NewFileSet(), "example.go", "package example\n"+code, 0)
	if err != nil {
		t.Fatalf("%v in\n%s", err, code)
	}
	imports := make(map[string]bool)
	ast.Inspect(file, func(n ast.Node) bool {
		if sel, ok := n.(*ast.SelectorExpr); ok {
			if x, ok := sel.X.(*ast.Ident); ok && slices.Contains(file.Unresolved, x) {
				imports[importPath(x.Name)] = true
			}
		}
		return true
	})
	var b strings.Builder
	b.WriteString("package example\n")
	for _, path := range slices.Sorted(maps.Keys(imports)) {
		b.WriteString("import \"" + path + "\"\n")
	}
	return b.String() + code
}

// importPath returns the standard package that a name means in an example.
func importPath(name string) string {
	if name == "exec" {
		return "os/exec"
	}
	return name
}

// Extended requires that a core check, with the options of core, is silent on a
// package of fixtures: all that it holds belongs to the extended tier.
func Extended(t *testing.T, a *analysis.Analyzer, pkg string) {
	t.Helper()
	for _, act := range Analyze(t, analysistest.TestData(), a, pkg) {
		for _, d := range act.Diagnostics {
			t.Errorf("%s: reported as core: %s", act.Package.Fset.Position(d.Pos), d.Message)
		}
	}
}
