package report

import (
	"go/token"
	"strings"
	"testing"

	"golang.org/x/tools/go/analysis"

	"github.com/killcheck/killcheck/passes/internal/fix/edit"
)

const jumping = `package p

func f(quit chan bool, n int) int {
	if n > 3 {
		goto out
	}
	// here
	n++
out:
	return n
}
`

// TestCompiling asks for fixes one by one and all together: those remain with which the
// package compiles.
func TestCompiling(t *testing.T) {
	r := newRun(t, "p.go", jumping, Options{})
	r.check.files = r.pass.ResultOf[Files].(*Package)
	at := func(old string) token.Pos {
		return r.pass.Files[0].FileStart + token.Pos(strings.Index(jumping, old))
	}
	fix := func(edits ...analysis.TextEdit) *analysis.SuggestedFix {
		return &analysis.SuggestedFix{TextEdits: edits}
	}
	insert := func(before, text string) analysis.TextEdit {
		return edit.Insert(at(before), text)
	}
	replace := func(old, text string) analysis.TextEdit {
		return edit.Replace(at(old), at(old)+token.Pos(len(old)), text)
	}
	cases := []struct {
		name string
		fix  *analysis.SuggestedFix
		good bool
	}{
		{"a statement", fix(insert("n++", "<-quit\n\t")), true},
		{"a variable that a goto jumps over", fix(insert("// here", "ended := n\n\t_ = ended\n\t")), false},
		{"no Go", fix(insert("// here", "}\n\t")), false},
		{"an unused variable", fix(insert("if n", "x := 1\n\t")), false},
		{"an unknown name", fix(replace("n > 3", "n > m")), false},
		{"the same edit, right", fix(replace("n > 3", "n > 4")), true},
		{"a package that was not imported", fix(insert("\nfunc", "import \"sync\"\n"), insert("if n", "var mu sync.Mutex\n\tmu.Lock()\n\t")), true},
		{"a package that no edit imports", fix(insert("n++", "var mu other.Mutex\n\tmu.Lock()\n\t")), false},
	}
	var all []*analysis.SuggestedFix
	for _, c := range cases {
		all = append(all, c.fix)
		if got := r.check.compiling([]*analysis.SuggestedFix{c.fix})[c.fix]; got != c.good {
			t.Errorf("%s: compiles is %v", c.name, got)
		}
	}
	good := r.check.compiling(all)
	for _, c := range cases {
		if good[c.fix] != c.good {
			t.Errorf("%s, with all others: compiles is %v", c.name, good[c.fix])
		}
	}
}

// TestCompilingOnce shows that fixes which do not touch each other cost one check of the
// types, and that a package is not checked without end.
func TestCompilingOnce(t *testing.T) {
	var text strings.Builder
	text.WriteString("package p\n\nfunc f(n int) {\n")
	for range 300 {
		text.WriteString("\tn++\n")
	}
	text.WriteString("}\n")
	r := newRun(t, "p.go", text.String(), Options{})
	r.check.files = r.pass.ResultOf[Files].(*Package)
	lines := func(insert string) (all []*analysis.SuggestedFix) {
		file := r.pass.Fset.File(r.pass.Files[0].FileStart)
		for i := range 300 {
			all = append(all, &analysis.SuggestedFix{TextEdits: []analysis.TextEdit{edit.Insert(file.LineStart(i+4), insert)}})
		}
		return all
	}
	for _, c := range []struct {
		insert      string
		least, most int // checks
		good        bool
	}{
		{"\tn--\n", 1, 1, true},
		{"\tx := n\n", maxChecks, maxChecks, false},
	} {
		k := &compiler{r.check, maxChecks}
		good := make(map[*analysis.SuggestedFix]bool)
		all := lines(c.insert)
		k.halves(all, good)
		if n := maxChecks - k.left; n < c.least || n > c.most || good[all[0]] != c.good {
			t.Errorf("%q: %d checks, %d of %d compile", c.insert, n, len(good), len(all))
		}
	}
}
