package format_test

import (
	"bytes"
	"flag"
	"os"
	"path/filepath"
	"regexp"
	"slices"
	"strings"
	"testing"

	"github.com/killcheck/killcheck/cmd/killcheck/internal/finding"
	"github.com/killcheck/killcheck/cmd/killcheck/internal/format"
	"github.com/killcheck/killcheck/internal/plain"
)

var update = flag.Bool("update", false, "write the golden files")

// TestGolden compares every format with its golden file. The SARIF one is also
// validated against the schema, by the module in sarifschema.
func TestGolden(t *testing.T) {
	for _, name := range append(format.Names(), "text-frames", "text-plain") {
		t.Run(name, func(t *testing.T) {
			r := sample(t)
			kind := name
			if strings.HasPrefix(name, "text-") {
				kind, r.Frames, r.Color = "text", true, name == "text-frames"
			}
			var first, second bytes.Buffer
			if err := format.New(kind).Write(plain.NewWriter(&first), r); err != nil {
				t.Fatal(err)
			}
			if err := format.New(kind).Write(plain.NewWriter(&second), r); err != nil {
				t.Fatal(err)
			}
			if first.String() != second.String() {
				t.Error("two runs differ")
			}
			golden := filepath.Join("testdata", name+".golden")
			got := bytes.ReplaceAll(first.Bytes(), []byte(r.Root), []byte("/repo"))
			if *update {
				if err := os.WriteFile(golden, got, 0o666); err != nil {
					t.Fatal(err)
				}
			}
			want, err := os.ReadFile(golden)
			if err != nil {
				t.Fatal(err)
			}
			if !bytes.Equal(got, want) {
				t.Errorf("got\n%s\nwant\n%s", got, want)
			}
		})
	}
}

// TestEmpty shows that no findings make well-formed output, too.
func TestEmpty(t *testing.T) {
	want := map[string]string{
		"text":       "",
		"json":       "{\n  \"version\": 1,\n  \"killcheck\": \"\",\n  \"findings\": []\n}\n",
		"github":     "",
		"gitlab":     "[]\n",
		"junit":      "<?xml version=\"1.0\" encoding=\"UTF-8\"?>\n<testsuites></testsuites>\n",
		"checkstyle": "<?xml version=\"1.0\" encoding=\"UTF-8\"?>\n<checkstyle version=\"5.0\"></checkstyle>\n",
	}
	for name, text := range want {
		var out bytes.Buffer
		r := &format.Report{Dir: "/repo", Root: "/repo", Source: finding.NewSource(nil, nil)}
		if err := format.New(name).Write(plain.NewWriter(&out), r); err != nil {
			t.Fatal(err)
		}
		if out.String() != text {
			t.Errorf("%s: got %q, want %q", name, out.String(), text)
		}
	}
}

// TestFrameLine shows that a frame bounds what it shows of a line, and that the
// line cannot command the terminal.
func TestFrameLine(t *testing.T) {
	file := filepath.Join(t.TempDir(), "a.go")
	before := strings.Repeat("é", 5000) + "\x1b[2J\xff"
	if err := os.WriteFile(file, []byte(before+"\tBAD"+strings.Repeat("x", 5000)+"\n"), 0o666); err != nil {
		t.Fatal(err)
	}
	col := len(before) + 2
	r := &format.Report{Frames: true, Source: finding.NewSource(finding.Listing{file: filepath.Dir(file)}, nil), Findings: []finding.Finding{
		{Check: "endless", Message: "m", Span: span(file, 1, col, 1, col+3)},
		{Check: "endless", Message: "m", Span: span(file, 1, 1, 1, len(before))},
	}}
	var out bytes.Buffer
	if err := format.New("text").Write(plain.NewWriter(&out), r); err != nil {
		t.Fatal(err)
	}
	lines := strings.Split(regexp.MustCompile("\x1b\\[[0-9;]*m").ReplaceAllString(out.String(), ""), "\n")
	var code, marks []string
	for i, line := range lines {
		if n := len([]rune(line)); n > 200 {
			t.Errorf("line %d has %d characters", i, n)
		}
		if strings.Contains(line, "1 |") {
			code, marks = append(code, line), append(marks, lines[i+1])
		}
	}
	if strings.Contains(out.String(), "\x1b[2J") {
		t.Error("the line commands the terminal")
	}
	if len(code) != 2 {
		t.Fatalf("got\n%s", out.String())
	}
	at := strings.Index(marks[0], "^")
	if got := string([]rune(code[0])[at : at+3]); got != "BAD" || strings.Count(marks[0], "^") != 3 {
		t.Errorf("the marks are under %q", got)
	}
	if at := strings.Index(marks[1], "^"); string([]rune(code[1])[at]) != "é" || strings.Count(marks[1], "^") < 100 {
		t.Errorf("the marks of the long span: %s", marks[1])
	}
}

func TestNew(t *testing.T) {
	for _, name := range format.Names() {
		if format.New(name) == nil {
			t.Errorf("no format %s", name)
		}
	}
	if format.New("nosuch") != nil {
		t.Error("there is a format nosuch")
	}
}

const source = "package p\n\nfunc f() {\n\tgo g()\n}\n\nfunc g() {\n\t/* é😀 */ for {\n\t}\n}\n"

// sample returns a report with all that a finding can have: a path, fixes of
// both levels, wide characters before the column, a name that needs escaping,
// no column, a mark of the baseline, and a
// directive that mutes it.
func sample(t *testing.T) *format.Report {
	root := t.TempDir()
	file := filepath.Join(root, "a b", "p,1%.go")
	if err := os.MkdirAll(filepath.Dir(file), 0o777); err != nil {
		t.Fatal(err)
	}
	if err := os.WriteFile(file, []byte(source), 0o666); err != nil {
		t.Fatal(err)
	}
	loop := bytes.Index([]byte(source), []byte("for {")) // column 15 in bytes, 12 in UTF-16 units
	findings := []finding.Finding{{
		Check:   "endless",
		Package: "example.com/m/p",
		Message: "goroutine never stops: 100% busy, \"<&>\"\nand more",
		Span:    span(file, 8, 15, 8, 18),
		Path:    []finding.Step{{Span: span(file, 4, 2, 4, 4), Message: "the goroutine starts here"}},
		Fixes: []finding.Fix{
			{Message: "check for a stop", Edits: []finding.Edit{{File: file, Start: loop, End: loop + 3, New: "for range 1"}}},
			{Message: "remove it", Review: true, Edits: []finding.Edit{{File: file, Start: loop, End: loop + 7}}},
		},
	}, {
		Check:    "unjoined",
		Extended: true,
		Package:  "example.com/m/p",
		Message:  "nobody can wait",
		Span:     span("/elsewhere/gen.y", 101, 0, 0, 0),
	}, {
		Check:    "endless", // of the core, but not sure
		Extended: true,
		Package:  "example.com/m/p",
		Message:  "perhaps",
		Span:     span("/elsewhere/gen.y", 102, 0, 0, 0),
	}, {
		Check:     "endless",
		Package:   "example.com/m/p",
		Message:   "known",
		Span:      span(file, 9, 1, 10, 2),
		Baselined: true,
	}, {
		Check:   "endless",
		Package: "example.com/m/p",
		Message: "muted",
		Span:    span(file, 9, 2, 9, 2),
		Muted:   "burns a \"core\"",
	}}
	r := &format.Report{
		Version:  "v0.1.0",
		Dir:      filepath.Join(root, "a b"),
		Root:     root,
		Findings: findings,
		Source:   finding.NewSource(finding.Listing{file: root}, nil),
		Problems: []format.Problem{{Package: "example.com/m/q", Reason: "q.go:1:1: expected 'package'"}},
		Rules: []format.Rule{
			{Name: "endless", Core: true, Summary: "report endless goroutines", Doc: "report endless goroutines\n\nLeaks:\n\n\tgo f()\n", URL: "https://example.com/endless", Precision: "very-high"},
			{Name: "unjoined", Summary: "report goroutines nobody waits for", Doc: "report goroutines nobody waits for\n", Precision: "medium"},
		},
	}
	finding.SetFingerprints(r.Findings, root, r.Source)
	if fingerprints := []string{r.Findings[0].Fingerprint, r.Findings[3].Fingerprint}; slices.Contains(fingerprints, "") {
		t.Fatal("no fingerprint")
	}
	return r
}

func span(file string, line, col, endLine, endCol int) finding.Span {
	return finding.Span{File: file, Start: finding.Point{Line: line, Col: col}, End: finding.Point{Line: endLine, Col: endCol}}
}
