package extract

import (
	"strings"
	"testing"
)

const source = `// Package x does things.
//
// # Analyzer x
//
// x: report things
//
// Some text.
//
// Leaks:
//
//	func f() {
//
//		g()
//	}
//
// More text.
//
// # Other heading
//
// Not ours.
package x
`

func TestDoc(t *testing.T) {
	doc, err := Doc(source, "x")
	if err != nil {
		t.Fatal(err)
	}
	if !strings.HasPrefix(doc, "report things\n\nSome text.") || !strings.HasSuffix(doc, "More text.") {
		t.Errorf("got %q", doc)
	}
	code, ok := Example(doc, "Leaks:")
	if want := "func f() {\n\n\tg()\n}"; !ok || code != want {
		t.Errorf("got example %q, want %q", code, want)
	}
	if _, ok := Example(doc, "Stops:"); ok {
		t.Error("found an example that is not there")
	}
}

func TestDocErrors(t *testing.T) {
	tests := map[string]string{
		"package x": "no package comment",
		"not Go":    "expected 'package'",
		"// X.\n//\n// # Analyzer y\n//\n// y: z\npackage x": "no heading",
		"// X.\n//\n// # Analyzer x\n//\n// y: z\npackage x": "no summary",
	}
	for source, want := range tests {
		if _, err := Doc(source, "x"); err == nil || !strings.Contains(err.Error(), want) {
			t.Errorf("%q: got error %v, want %q", source, err, want)
		}
	}
}
