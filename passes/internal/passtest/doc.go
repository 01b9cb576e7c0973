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
	if found := example(t, a, "Leaks:"); len(found) == 0 {
		t.Errorf("%s: the example that leaks is not reported", a.Name)
	}
	if found := example(t, a, "Stops:"); len(found) > 0 {
		t.Errorf("%s: the example that stops is reported: %s", a.Name, found[0].Message)
	}
}

func example(t *testing.T, a *analysis.Analyzer, lead string) []analysis.Diagnostic {
	t.Helper()
	code, ok := extract.Example(a.Doc, lead)
	if !ok {
		t.Fatalf("%s: no example below %q", a.Name, lead)
	}
	return run(t, a, program(t, code))
}

// run returns the diagnostics of one file, which has to compile.
func run(t *testing.T, a *analysis.Analyzer, source string) []analysis.Diagnostic {
	t.Helper()
	dir := t.TempDir()
	folder := filepath.Join(dir, "src", "example")
	if err := os.MkdirAll(folder, 0o777); err != nil {
		t.Fatal(err)
	}
	if err := os.WriteFile(filepath.Join(folder, "example.go"), []byte(source), 0o666); err != nil {
		t.Fatal(err)
	}
	var found []analysis.Diagnostic
	for _, result := range analysistest.Run(expectations{t}, dir, a, "example") {
		found = append(found, result.Diagnostics...)
	}
	return found
}

// expectations takes the place of a test where diagnostics are results and
// "want" comments mean nothing. That a package does not load, compile or can
// be analysed still fails the test.
type expectations struct{ t *testing.T }

func (e expectations) Errorf(format string, args ...any) {
	for _, prefix := range []string{"loading", "Analyze:", "error analyzing"} {
		if strings.HasPrefix(format, prefix) {
			e.t.Errorf(format, args...)
		}
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
	for _, result := range analysistest.Run(expectations{t}, analysistest.TestData(), a, pkg) {
		for _, d := range result.Diagnostics {
			t.Errorf("%s: reported as core: %s", result.Pass.Fset.Position(d.Pos), d.Message)
		}
	}
}
