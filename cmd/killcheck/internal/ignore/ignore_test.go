package ignore

import (
	"go/format"
	"strings"
	"testing"

	"github.com/killcheck/killcheck/analyzer/directive"
)

const text = `package p

func one() { for {} }

func two(s string) {
	for { // comment
		two("a")
	}
	two(` + "`" + `raw
	text` + "`" + `); for {}
	/* a
	b */ for {}
	x := ` + "`" + `y
` + "`" + `
}
`

func TestAt(t *testing.T) {
	comment := Comment([]string{"endless", "abandoned"}, " because ")
	if comment != "//killcheck:ignore endless,abandoned -- because" || !directive.Parse(comment).Valid() {
		t.Errorf("the comment is %s", comment)
	}
	for line, want := range map[int]string{
		3:  "\nfunc one() { for {} } " + comment + "\n",
		6:  "{\n\t" + comment + "\n\tfor { // comment\n",
		7:  "\t\t" + comment + "\n\t\ttwo(\"a\")\n",
		9:  "\t" + comment + "\n\ttwo(`raw\n",
		10: "\ttext`); for {} " + comment + "\n",
		12: "\tb */ for {} " + comment + "\n",
		13: "\t" + comment + "\n\tx := `y\n",
	} {
		for _, in := range []*strings.Replacer{strings.NewReplacer(), strings.NewReplacer("\n", "\r\n")} {
			text := in.Replace(text)
			p, ok := At(text, line)
			got := text[:p.Offset] + p.Text(comment) + text[p.Offset:]
			if !ok || !strings.Contains(got, in.Replace(want)) {
				t.Errorf("line %d: %v\n%s", line, ok, got)
			}
		}
	}
	for _, line := range []int{0, -1, 2, 100} {
		if p, ok := At(text, line); ok {
			t.Errorf("line %d: %+v", line, p)
		}
	}
}

func TestCheckReason(t *testing.T) {
	for reason, ok := range map[string]bool{"it ends": true, "": false, "  ": false, "a\nb": false, "a\x1b": false, "é -- ü": true} {
		if err := CheckReason(reason); (err == nil) != ok {
			t.Errorf("%q: %v", reason, err)
		}
	}
}

// FuzzAt: what is inserted leaves Go that is as right as before, with one comment more.
func FuzzAt(f *testing.F) {
	for line := range 16 {
		f.Add(text, line)
	}
	f.Fuzz(func(t *testing.T, text string, line int) {
		if line > 1000 {
			return
		}
		if _, err := format.Source([]byte(text)); err != nil {
			return
		}
		p, ok := At(text, line)
		if !ok {
			return
		}
		got := text[:p.Offset] + p.Text("//killcheck:ignore x -- y") + text[p.Offset:]
		if _, err := format.Source([]byte(got)); err != nil {
			t.Errorf("%v\n%q", err, got)
		}
	})
}
