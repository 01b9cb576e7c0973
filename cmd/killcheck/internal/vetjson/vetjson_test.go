package vetjson

import (
	"slices"
	"strings"
	"testing"

	"github.com/killcheck/killcheck/cmd/killcheck/internal/finding"
)

func TestSpan(t *testing.T) {
	type point = finding.Point
	for _, test := range []struct {
		posn, end string
		want      finding.Span
	}{
		{"/a/b.go:19:2", "/a/b.go:23:3", finding.Span{File: "/a/b.go", Start: point{Line: 19, Col: 2}, End: point{Line: 23, Col: 3}}},
		{"/a/foo.y:101", "/a/foo.y:101", finding.Span{File: "/a/foo.y", Start: point{Line: 101}, End: point{Line: 101}}},
		{`C:\a\b.go:19:2`, `C:\a\b.go:19:5`, finding.Span{File: `C:\a\b.go`, Start: point{Line: 19, Col: 2}, End: point{Line: 19, Col: 5}}},
		{"/a:1/b.go:19:2", "", finding.Span{File: "/a:1/b.go", Start: point{Line: 19, Col: 2}}},
		{"/a/b.go:19:2", "/a/c.go:1:1", finding.Span{File: "/a/b.go", Start: point{Line: 19, Col: 2}}},
		{"/a/b:-1.go:3", "", finding.Span{File: "/a/b:-1.go", Start: point{Line: 3}}},
		{"/a/b.go:+1", "", finding.Span{File: "/a/b.go:+1"}},
		{"-", "-", finding.Span{File: "-"}},
	} {
		if got := Span(test.posn, test.end); got != test.want {
			t.Errorf("Span(%q, %q) = %+v, want %+v", test.posn, test.end, got, test.want)
		}
	}
}

func TestRead(t *testing.T) {
	const stream = `{"p": {"a": [{"posn": "x.go:1:2", "message": "m", "related": [{"message": "r"}]}]}}
{}
{"q [q.test]": {"a": {"error": "failed"}}}{"r": {"a": {}}}`
	var got []string
	err := Read(strings.NewReader(stream), func(u Unit) {
		text := u.ID + " " + u.Analyzer + " " + u.Error
		for _, d := range u.Diagnostics {
			text += d.Message + d.Related[0].Message
		}
		got = append(got, text)
	})
	if err != nil {
		t.Fatal(err)
	}
	if want := []string{"p a mr", "q [q.test] a failed", "r a unknown error"}; !slices.Equal(got, want) {
		t.Errorf("got %q, want %q", got, want)
	}
}

func TestReadBad(t *testing.T) {
	for _, stream := range []string{`{"p": {"a": [`, `# p`, `{"p": {"a": 1}}`, `{"p": {"a": [{"posn": 1}]}}`} {
		if err := Read(strings.NewReader(stream), func(Unit) {}); err == nil {
			t.Errorf("%s: no error", stream)
		}
	}
}

func TestTier(t *testing.T) {
	note := Related{Posn: "/a.go:1:2", Message: "killcheck:tier extended"}
	step := Related{Posn: "/a.go:3:4", Message: "the goroutine starts here"}
	directive := Related{Posn: "/a.go:5:6", Message: "a reason"}
	for _, test := range []struct {
		d    Diagnostic
		want string
	}{
		{Diagnostic{Category: "c", Related: []Related{step}}, "core"},
		{Diagnostic{Category: "c", Related: []Related{note, step}}, "extended"},
		{Diagnostic{Category: Muted, Related: []Related{directive, note, step}}, "extended"},
	} {
		f := Unit{Analyzer: "c"}.Finding(test.d, func(file string) string { return file })
		if f.Tier() != test.want || f.Check != "c" || len(f.Path) != 1 {
			t.Errorf("%+v: %s, %+v; want %s", test.d, f.Tier(), f, test.want)
		}
	}
}
