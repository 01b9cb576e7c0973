package report

import (
	"go/ast"
	"go/parser"
	"go/token"
	"strings"
	"testing"
)

// TestMadeFrom tells texts of one length apart from the one that was parsed.
func TestMadeFrom(t *testing.T) {
	const text = "package p\n\n// F does.\nfunc F(a, b int) (s string) {\n\tif a < b {\n\t\treturn `x` + \"y\" // why\n\t}\n\treturn\n}\n"
	for _, mode := range []parser.Mode{0, parser.SkipObjectResolution} {
		fset := token.NewFileSet()
		fset.AddFile("other.go", -1, 100) // so that positions do not begin at 1
		tree, err := parser.ParseFile(fset, "p.go", text, parser.ParseComments|mode)
		if err != nil {
			t.Fatal(err)
		}
		made := func(text string) bool { return madeFrom(tree, fset.File(tree.FileStart), []byte(text)) }
		if !made(text) {
			t.Error("the text itself")
		}
		if !made(strings.Replace(text, "\t\treturn", " \treturn", 1)) {
			t.Error("white space, which no position depends on")
		}
		for old, changed := range map[string]string{
			"why": "who", "a < b": "a > b", "a, b": "b, a", "`x`": "`z`", "\"y\"": "'y' ", "F does.": "F did. ", "\n\n//": "\n//\n", "}\n\treturn": "\treturn\n}",
		} {
			if made(strings.Replace(text, old, changed, 1)) {
				t.Errorf("%q for %q is not noticed", changed, old)
			}
		}
		if made(text + "\n") {
			t.Error("a longer text")
		}
	}
	// A file set that begins with the file.
	fset := token.NewFileSet()
	tree, err := parser.ParseFile(fset, "p.go", text, parser.ParseComments)
	if err != nil {
		t.Fatal(err)
	}
	if !madeFrom(tree, fset.File(tree.FileStart), []byte(text)) || madeFrom(&ast.File{}, fset.File(tree.FileStart), []byte(text)) {
		t.Error("the first file")
	}
}

func TestWithEnds(t *testing.T) {
	for _, test := range []struct {
		text   string
		offset int
		want   string
	}{
		{"a\nb\n", 3, "x\ny\nz"},
		{"a\r\nb\r\n", 4, "x\r\ny\r\nz"},
		{"a\r\nb\r\n", 0, "x\r\ny\r\nz"},
		{"a\nb\r\n", 3, "x\ny\nz"}, // the line before counts
		{"a\r\nb\n", 4, "x\r\ny\r\nz"},
		{"a", 1, "x\ny\nz"},
	} {
		for _, inserted := range []string{"x\ny\nz", "x\r\ny\nz"} {
			want := test.want
			if !strings.Contains(want, "\r") {
				want = inserted // taken from the source as it stands there
			}
			if got := string(withEnds([]byte(test.text), test.offset, []byte(inserted))); got != want {
				t.Errorf("%q at %d: %q, want %q", test.text, test.offset, got, want)
			}
		}
	}
}
