package plain

import (
	"bytes"
	"encoding/json"
	"fmt"
	"strings"
	"testing"
	"unicode/utf8"

	"github.com/killcheck/killcheck/internal/plain/plaintest"
)

var texts = map[string]string{
	"plain text, äöü 漢字 👨‍👩‍👧\tand tab\nnext\r\n": "plain text, äöü 漢字 👨‍👩‍👧\tand tab\nnext\r\n",
	"\x1b[31mred":            `\u001b[31mred`,
	"\x9b31m":                `\x9b31m`, // a C1 control as a byte
	"\u009b31m":              `\u009b31m`,
	"a\x00\a\b\x7f":          `a\u0000\u0007\u0008\u007f`,
	"over\rwritten":          `over\u000dwritten`,
	"end\r":                  `end\u000d`,
	"\xff\xfe":               `\xff\xfe`,
	"\xe2\x82":               `\xe2\x82`, // half a character
	"\ufffd":                 "\ufffd",
	"ab\u202ecd\u2066e":      `ab\u202ecd\u2066e`,
	"\u200e\u200f\u061c":     `\u200e\u200f\u061c`,
	"\u2028\u2029\ufeff":     `\u2028\u2029\ufeff`,
	"\U000e0041":             `\udb40\udc41`, // a character that tags others, in UTF-16
	"::error::x":             `\u003a:error::x`,
	" \t\u00a0::error::x":    " \t\u00a0" + `\u003a:error::x`,
	"x\n::set-output::":      "x\n" + `\u003a:set-output::`,
	"x\r\n::set-output::":    "x\r\n" + `\u003a:set-output::`,
	":::":                    `\u003a::`,
	"a::b and ::c":           "a::b and ::c",
	": one":                  ": one",
	"x ##[command]y":         `x \u0023#[command]y`,
	"##vso[task.x]":          `\u0023#vso[task.x]`,
	"##teamcity[x]":          `\u0023#teamcity[x]`,
	"###[x]":                 `#\u0023#[x]`,
	"## heading #[derive] #": `## heading #[derive] \u0023`, // the end of a text may be continued
	"file.go:1:2: abandoned": "file.go:1:2: abandoned",
}

func TestText(t *testing.T) {
	for in, want := range texts {
		if got := Text(in); got != want {
			t.Errorf("%q: %q, want %q", in, got, want)
		}
	}
	if got := Line("a\nb\tc\r\nd\x1b"); got != `a\nb\tc\r\nd\u001b` {
		t.Errorf("line: %q", got)
	}
}

// TestWriterPieces writes every text in two pieces, cut at every byte, and byte by
// byte: what comes out is the same.
func TestWriterPieces(t *testing.T) {
	for in, want := range texts {
		for cut := range len(in) + 1 {
			if got := batch(t, in[:cut], in[cut:]); got != want {
				t.Errorf("%q cut at %d: %q, want %q", in, cut, got, want)
			}
		}
		if got := batch(t, strings.Split(in, "")...); got != want && utf8.ValidString(in) {
			t.Errorf("%q in characters: %q, want %q", in, got, want)
		}
	}
}

func batch(t *testing.T, pieces ...string) string {
	t.Helper()
	var out bytes.Buffer
	w := NewWriter(&out)
	err := w.Batch(func() error {
		for _, p := range pieces {
			if n, err := w.Write([]byte(p)); n != len(p) || err != nil {
				return fmt.Errorf("wrote %d of %d: %v", n, len(p), err)
			}
		}
		return nil
	})
	if err != nil {
		t.Fatal(err)
	}
	return out.String()
}

// TestWriterAlone: outside of a batch nothing waits, and nothing dangerous comes of
// two writes.
func TestWriterAlone(t *testing.T) {
	for in := range texts {
		for cut := range len(in) + 1 {
			var out bytes.Buffer
			w := NewWriter(&out)
			fmt.Fprint(w, in[:cut])
			fmt.Fprint(w, in[cut:])
			if bad := plaintest.Dangerous(out.String()); bad != "" {
				t.Errorf("%q cut at %d: %s in %q", in, cut, bad, out.String())
			}
		}
	}
	var out bytes.Buffer
	w := NewWriter(&out)
	fmt.Fprint(w, "now")
	if out.String() != "now" {
		t.Errorf("%q waits", out.String())
	}
}

func TestControl(t *testing.T) {
	var out bytes.Buffer
	w := NewWriter(&out)
	if err := w.Control("::warning file="); err != nil {
		t.Fatal(err)
	}
	fmt.Fprint(w, "\x1b::x\n::y")
	if got, want := out.String(), "::warning file="+`\u001b::x`+"\n"+`\u003a:y`; got != want {
		t.Errorf("%q, want %q", got, want)
	}
}

// TestJSON: JSON says the same behind the writer.
func TestJSON(t *testing.T) {
	for in := range texts {
		data, err := json.MarshalIndent(map[string]string{"text": in}, "", "  ")
		if err != nil {
			t.Fatal(err)
		}
		var before, after map[string]string
		out := batch(t, string(data)+"\n")
		if err := json.Unmarshal([]byte(out), &after); err != nil {
			t.Fatalf("%q: %v in %s", in, err, out)
		}
		if err := json.Unmarshal(data, &before); err != nil || before["text"] != after["text"] {
			t.Errorf("%q became %q", before["text"], after["text"])
		}
	}
}

func TestBroken(t *testing.T) {
	w := NewWriter(full{})
	if _, err := w.Write([]byte("x")); err == nil {
		t.Error("a write that failed has no error")
	}
	if err := w.Batch(func() error { return nil }); err == nil {
		t.Error("the error is forgotten")
	}
}

type full struct{}

func (full) Write([]byte) (int, error) { return 0, fmt.Errorf("full") }

func FuzzText(f *testing.F) {
	for in := range texts {
		f.Add(in)
	}
	f.Fuzz(func(t *testing.T, in string) {
		out := Text(in)
		if bad := plaintest.Dangerous(out); bad != "" {
			t.Errorf("%q: %s in %q", in, bad, out)
		}
		if again := Text(out); again != out && !strings.HasSuffix(out, "#") {
			t.Errorf("%q: once %q, twice %q", in, out, again)
		}
	})
}
