package main

import (
	"go/ast"
	"go/importer"
	"go/parser"
	"go/token"
	"go/types"
	"strings"
	"testing"

	"golang.org/x/tools/go/analysis"

	"github.com/killcheck/killcheck/analyzer"
	"github.com/killcheck/killcheck/analyzer/summary"
)

// TestKnown changes a package, and says of each change whether those that import the
// package can learn of it.
func TestKnown(t *testing.T) {
	const text = `package p

import "unsafe"

const Room = 1

type T struct{ n int }

type hidden struct{ T }

var Size = unsafe.Sizeof(0)

// F returns.
func F(t T) int { return t.n }

func (t *T) Close() {}

func inner() {}
`
	hash := func(text string, facts map[string]analysis.Fact) string {
		fset := token.NewFileSet()
		f, err := parser.ParseFile(fset, "p.go", text, parser.ParseComments)
		if err != nil {
			t.Fatal(err)
		}
		pkg, err := (&types.Config{Importer: importer.Default()}).Check("m/p", fset, []*ast.File{f}, nil)
		if err != nil {
			t.Fatal(err)
		}
		result := &analyzer.Result{Facts: func() (all []analysis.ObjectFact) {
			for name, fact := range facts {
				all = append(all, analysis.ObjectFact{Object: pkg.Scope().Lookup(name), Fact: fact})
			}
			return all
		}}
		sum := knownOf(&analysis.Pass{Pkg: pkg, Files: []*ast.File{f}}, result)
		if sum == "" {
			t.Errorf("no hash of %s", text)
		}
		return sum
	}
	facts := func(f summary.Func) map[string]analysis.Fact {
		return map[string]analysis.Fact{"F": &f, "Size": &summary.Func{NoReturn: true}}
	}
	first := hash(text, facts(summary.Func{Runs: []int{0}}))
	for range 5 {
		if hash(text, facts(summary.Func{Runs: []int{0}})) != first {
			t.Error("the same package has two hashes")
		}
	}
	for _, test := range []struct {
		name, old, new string
		same           bool
	}{
		{"a comment", "// F returns.", "// F gives the number.\n//\n// More.", true},
		{"what it does", "return t.n", "return t.n + 1", true},
		{"what is hidden", "func inner() {}", "func inner(n int) {}\n\nvar more hidden", true},
		{"a constant", "Room = 1", "Room = 2", false},
		{"a field that others cannot name", "struct{ n int }", "struct{ n int; m int }", false},
		{"a type", "t T) int", "t *T) int", false},
		{"a method", "Close()", "Stop()", false},
		{"the order", "const Room = 1\n\ntype T struct{ n int }", "type T struct{ n int }\n\nconst Room = 1", false},
		{"an import", "import \"unsafe\"", "import \"unsafe\"\n", true},
		{"an import less", "unsafe.Sizeof(0)", "uintptr(8)", false},
	} {
		changed := strings.Replace(text, test.old, test.new, 1)
		if test.name == "an import less" {
			changed = strings.Replace(changed, "import \"unsafe\"\n", "", 1)
		}
		if changed == text {
			t.Errorf("%s: nothing changes", test.name)
		}
		if got := hash(changed, facts(summary.Func{Runs: []int{0}})); (got == first) != test.same {
			t.Errorf("%s: the same: %v, want %v", test.name, got == first, test.same)
		}
	}
	if hash(text, facts(summary.Func{Runs: []int{1}})) == first {
		t.Error("another fact makes no difference")
	}
	if knownOf(&analysis.Pass{}, &analyzer.Result{}) != "" || knownOf(&analysis.Pass{}, nil) != "" {
		t.Error("there is a hash after a panic")
	}
}
