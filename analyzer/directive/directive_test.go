package directive

import (
	"go/ast"
	"go/parser"
	"go/token"
	"slices"
	"strings"
	"testing"
)

func TestParse(t *testing.T) {
	tests := []struct {
		text    string
		verb    string
		args    []string
		reason  string
		problem string // a part of it
	}{
		{"//killcheck:ignore endless -- runs once", "ignore", []string{"endless"}, "runs once", ""},
		{"//killcheck:ignore endless, heldlock -- a -- b", "ignore", []string{"endless", "heldlock"}, "a -- b", ""},
		{"//killcheck:lifetime process -- daemon", "lifetime", []string{"process"}, "daemon", ""},
		{"//killcheck:ignore endless", "ignore", []string{"endless"}, "", "reason is missing"},
		{"//killcheck:ignore endless --", "ignore", []string{"endless"}, "", "reason is missing"},
		{"//killcheck:ignore -- because", "ignore", nil, "because", "names no check"},
		{"//killcheck:ignore endless heldlock -- x", "ignore", []string{"endless heldlock"}, "x", "separated by commas"},
		{"//killcheck:lifetime request -- x", "lifetime", []string{"request"}, "x", "unknown lifetime"},
		{"//killcheck:lifetime -- x", "lifetime", nil, "x", "unknown lifetime"},
		{"//killcheck:ignroe endless -- x", "ignroe", []string{"endless"}, "x", "unknown directive"},
		{"//killcheck:", "", nil, "", "unknown directive"},
		{"// killcheck:ignore endless -- x", "ignore", []string{"endless"}, "x", "blank after the slashes, so it has no effect: want //killcheck:ignore endless -- x"},
		{"//\tkillcheck:lifetime process -- x", "lifetime", []string{"process"}, "x", "blank after the slashes"},
		{"// killcheck:ignore endless", "ignore", []string{"endless"}, "", "blank after the slashes"},
		{"/*killcheck:ignore endless -- x*/", "ignore", []string{"endless"}, "x", "block comment, so it has no effect: want //killcheck:ignore endless -- x"},
		{"/* killcheck:lifetime process -- x */", "lifetime", []string{"process"}, "x", "block comment"},
		{"//Killcheck:ignore endless -- x", "ignore", []string{"endless"}, "x", "name or colon is wrong, so it has no effect: want //killcheck:ignore endless -- x"},
		{"//killcheck ignore endless -- x", "ignore", []string{"endless"}, "x", "name or colon is wrong"},
		{"//killcheck:ignore endless - x", "ignore", []string{"endless - x"}, "", "reason is missing: want //killcheck:ignore endless -- reason"},
		{"//killcheck:ignore endless — x", "ignore", []string{"endless — x"}, "", "want //killcheck:ignore endless -- reason"},
		{"//nolint:killcheck // tested", "ignore", nil, "tested", ""},
		{"//nolint:errcheck,killcheck // tested // twice", "ignore", nil, "tested // twice", ""},
		{"//nolint:killcheck//tested", "ignore", nil, "tested", ""},
		{"//nolint:killcheck", "ignore", nil, "", "reason is missing: want //nolint:killcheck // reason"},
		{"//nolint:killcheck //", "ignore", nil, "", "reason is missing"},
	}
	for _, test := range tests {
		d := Parse(test.text)
		if d == nil {
			t.Errorf("%s: not read", test.text)
			continue
		}
		if d.Verb != test.verb || !slices.Equal(d.Args, test.args) || d.Reason != test.reason {
			t.Errorf("%s: got %q %q %q", test.text, d.Verb, d.Args, d.Reason)
		}
		if (d.Problem == "") != (test.problem == "") || !strings.Contains(d.Problem, test.problem) {
			t.Errorf("%s: problem %q, want %q", test.text, d.Problem, test.problem)
		}
	}
	for _, text := range []string{"// killcheck:ignore is a word of killcheck", "// killcheck: a tool", "// see //killcheck:ignore x -- y", "//nolint", "//nolint:errcheck // not killcheck", "//nolint:killchecker // x", "/* killcheck */", "// killcheck ignore comments are listed", "// Killcheck: ignore it", "//killcheckers:ignore x -- y", "/* killcheck:ignore endless --\nx */", "/**/", ""} {
		if Parse(text) != nil {
			t.Errorf("%s: taken for a directive", text)
		}
	}
}

const source = `package p

//killcheck:ignore endless -- all of it
func whole() {
	mark("whole")

	mark("whole")
}

func lines() {
	mark("none")
	//killcheck:ignore endless -- below
	mark("below")
	mark("none")
	mark("same") //killcheck:ignore endless -- same
	// A directive at the end of a line covers the next line as well.
	mark("none")
}

func mark(string) {}
`

func TestCovers(t *testing.T) {
	fset := token.NewFileSet()
	file, err := parser.ParseFile(fset, "p.go", source, parser.ParseComments)
	if err != nil {
		t.Fatal(err)
	}
	all := Collect(fset, []*ast.File{file})
	if len(all) != 3 {
		t.Fatalf("%d directives, want 3", len(all))
	}
	ast.Inspect(file, func(n ast.Node) bool {
		call, ok := n.(*ast.CallExpr)
		if !ok {
			return true
		}
		covered := slices.ContainsFunc(all, func(d *Directive) bool { return d.Covers(call.Pos()) })
		want := call.Args[0].(*ast.BasicLit).Value != `"none"`
		if covered != want {
			t.Errorf("%s: %s covered is %v", fset.Position(call.Pos()), call.Args[0].(*ast.BasicLit).Value, covered)
		}
		return true
	})
	if all[0].Covers(token.NoPos) {
		t.Error("no position is covered")
	}
}

func FuzzParse(f *testing.F) {
	f.Add("//killcheck:ignore endless -- x")
	f.Add("//killcheck:lifetime process -- ")
	f.Fuzz(func(t *testing.T, text string) {
		d := Parse(text)
		if d != nil && d.Valid() && (d.Reason == "" || len(d.Args) == 0 && !d.All) {
			t.Errorf("%q is valid without a reason or arguments", text)
		}
	})
}
