package merge

import (
	"bytes"
	"cmp"
	"fmt"
	"math/rand/v2"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"testing"

	"github.com/killcheck/killcheck/cmd/killcheck/internal/finding"
	"github.com/killcheck/killcheck/cmd/killcheck/internal/format"
	"github.com/killcheck/killcheck/cmd/killcheck/internal/shard"
	"github.com/killcheck/killcheck/internal/plain"
)

// kinds are what can be merged.
var kinds = []string{"json", "sarif", "junit", "baseline"}

// texts are what others write into messages, names and reasons.
var texts = []string{
	"plain", "\"<&>\"\nand more", "tab\tand\r\nline", "::error::x", "##[command]", "##vso[task.x]", "\x1b[31m", "bad \xff\xfe", "\u202eturned", "\U000e0041",
	"\u2028\u2029", "\ufffd", "a\x00b", "  blanks  ", "é😀漢", "]]>", "-->", "&amp;", "#",
}

// A run is a random report.
type run struct {
	root     string
	packages []string
	findings []finding.Finding
	problems []format.Problem
	source   *finding.Source
}

func newRun(t *testing.T, random *rand.Rand, packages int) *run {
	r := &run{root: t.TempDir()}
	listing := make(finding.Listing)
	text := func() string { return texts[random.IntN(len(texts))] }
	for i := range packages {
		pkg := fmt.Sprintf("example.com/m/p%d", i)
		r.packages = append(r.packages, pkg)
		if random.IntN(6) == 0 {
			for range 1 + random.IntN(2) {
				r.problems = append(r.problems, format.Problem{Package: pkg, Reason: text()})
			}
			continue
		}
		for k := range random.IntN(3) {
			file := filepath.Join(r.root, fmt.Sprintf("p%d", i), fmt.Sprintf("f %d%%é-%d.go", k, random.IntN(10)))
			if random.IntN(5) == 0 {
				file = fmt.Sprintf("/elsewhere/%d/gen%d.y", i, k)
			} else {
				write(t, file, strings.Repeat("\t/* é😀 */ go f()\n", 20))
				listing[file] = r.root
			}
			for range random.IntN(4) {
				span := func() finding.Span {
					return finding.Span{File: file, Start: finding.Point{Line: 1 + random.IntN(20), Col: random.IntN(12)}}
				}
				f := finding.Finding{Check: []string{"a", "b"}[random.IntN(2)], Extended: random.IntN(3) == 0, Package: pkg, Message: text(), Span: span()}
				for range random.IntN(3) {
					f.Path = append(f.Path, finding.Step{Span: span(), Message: text()})
				}
				if random.IntN(2) == 0 {
					f.Fixes = []finding.Fix{{Message: text(), Review: random.IntN(2) == 0, Edits: []finding.Edit{{File: file, Start: 1, End: 3, New: text()}}}}
				}
				f.Baselined = random.IntN(8) == 0
				if random.IntN(8) == 0 {
					f.Muted = text()
				}
				r.findings = append(r.findings, f)
			}
		}
	}
	slices.SortFunc(r.problems, func(a, b format.Problem) int {
		return cmp.Or(strings.Compare(a.Package, b.Package), strings.Compare(a.Reason, b.Reason))
	})
	r.problems = slices.Compact(r.problems)
	r.source = finding.NewSource(listing, nil)
	return r
}

func write(t *testing.T, name, text string) {
	t.Helper()
	if err := os.MkdirAll(filepath.Dir(name), 0o777); err != nil {
		t.Fatal(err)
	}
	if err := os.WriteFile(name, []byte(text), 0o666); err != nil {
		t.Fatal(err)
	}
}

// write writes the packages of a shard in a format.
func (r *run) write(t *testing.T, kind string, s shard.Shard) []byte {
	t.Helper()
	rep := &format.Report{
		Version: "v1.2.3", Dir: r.root, Root: r.root, Source: r.source,
		Rules: []format.Rule{{Name: "a", Core: true, Summary: "report a", Doc: "report a\n"}, {Name: "b", Summary: "report b", Doc: "report b\n"}},
	}
	if !s.Whole() {
		rep.Shard = &shard.Mark{Index: s.Index, Of: s.Of, Run: "0123"}
	}
	for _, f := range r.findings {
		if s.Holds(f.Package) {
			rep.Findings = append(rep.Findings, f)
		}
	}
	for _, p := range r.problems {
		if s.Holds(p.Package) {
			rep.Problems = append(rep.Problems, p)
		}
	}
	rep.Findings = finding.Sort(rep.Findings)
	finding.ByPath(rep.Findings, r.root)
	finding.SetFingerprints(rep.Findings, r.root, r.source)
	if kind == "baseline" {
		text, err := finding.Baseline(r.root, rep.Shard, rep.Findings)
		if err != nil {
			t.Fatal(err)
		}
		return text
	}
	var out bytes.Buffer
	if err := format.New(kind).Write(plain.NewWriter(&out), rep); err != nil {
		t.Fatal(err)
	}
	return out.Bytes()
}

// shards writes each shard.
func (r *run) shards(t *testing.T, kind string, of int) []Input {
	var all []Input
	for i := 1; i <= of; i++ {
		s := shard.Shard{Index: i, Of: of}
		all = append(all, Input{fmt.Sprintf("shard%d", i), r.write(t, kind, s)})
	}
	return all
}

// TestMerge: what is merged is what one run writes, whatever others have put into
// names and messages, and in any order.
func TestMerge(t *testing.T) {
	random := rand.New(rand.NewPCG(1, 2))
	for round := range 60 {
		r := newRun(t, random, 1+random.IntN(30))
		of := 1 + random.IntN(6)
		for _, kind := range kinds {
			want := r.write(t, kind, shard.Shard{})
			inputs := r.shards(t, kind, of)
			random.Shuffle(of, func(i, j int) { inputs[i], inputs[j] = inputs[j], inputs[i] })
			got, err := Merge(inputs)
			if err != nil {
				t.Fatalf("round %d, %s of %d: %v", round, kind, of, err)
			}
			if !bytes.Equal(got.Text, want) {
				t.Fatalf("round %d, %s of %d: line %d differs\n%s\nwant\n%s", round, kind, of, difference(got.Text, want), got.Text, want)
			}
			r.counts(t, kind, got)
		}
	}
}

// counts checks what the exit code depends on.
func (r *run) counts(t *testing.T, kind string, got *Result) {
	t.Helper()
	findings, problems := 0, len(r.problems)
	for _, f := range finding.Sort(slices.Clone(r.findings)) {
		if f.Counts() {
			findings++
		}
	}
	if kind == "baseline" {
		findings, problems = 0, 0
	}
	if got.Findings != findings || len(got.Problems) != problems {
		t.Errorf("%s: %d findings and %d problems, want %d and %d", kind, got.Findings, len(got.Problems), findings, problems)
	}
}

// TestElsewhere: the shards may lie in other folders.
func TestElsewhere(t *testing.T) {
	r := newRun(t, rand.New(rand.NewPCG(3, 4)), 5)
	inputs := r.shards(t, "sarif", 2)
	inputs[1].Text = bytes.ReplaceAll(inputs[1].Text, []byte(filepath.ToSlash(r.root)), []byte("/builds/other"))
	got, err := Merge(inputs)
	if want := r.write(t, "sarif", shard.Shard{}); err != nil || !bytes.Equal(got.Text, want) {
		t.Errorf("%v", err)
	}
}

func TestErrors(t *testing.T) {
	r := newRun(t, rand.New(rand.NewPCG(5, 6)), 20)
	other := newRun(t, rand.New(rand.NewPCG(7, 8)), 1)
	for _, kind := range kinds {
		good := r.shards(t, kind, 3)
		of2 := r.shards(t, kind, 2)
		change := func(i int, old, new string) []Input {
			changed := slices.Clone(good)
			if !bytes.Contains(changed[i].Text, []byte(old)) {
				t.Fatalf("%s has no %s", kind, old)
			}
			changed[i].Text = bytes.ReplaceAll(changed[i].Text, []byte(old), []byte(new))
			return changed
		}
		wholeRun := Input{"whole", other.write(t, kind, shard.Shard{})}
		for _, test := range []struct {
			name   string
			inputs []Input
			want   string
		}{
			{"one missing", good[:2], "shard 3 of 3 is missing"},
			{"two missing", good[1:2], "shards 1 and 3 of 3 are missing"},
			{"one twice", []Input{good[0], good[1], {"again", good[1].Text}}, "shard2 and again are both shard 2/3"},
			{"other number", []Input{good[0], of2[1]}, "shard1 is shard 1/3, and shard2 is shard 2/2"},
			{"whole run", []Input{wholeRun}, "whole is the result of a whole run, not that of a shard"},
			{"other run", change(1, "0123", "4567"), "shard1 and shard2 are not of one run: their packages, flags or configuration differ, or the version of killcheck"},
			{"cut", []Input{{"cut", good[0].Text[:len(good[0].Text)/2]}}, ":"},
			{"cut at the end", []Input{{"cut", good[0].Text[:len(good[0].Text)-1]}}, "not as killcheck wrote it"},
			{"more", []Input{{"more", append(bytes.Clone(good[0].Text), "\n"...)}}, "not as killcheck wrote it"},
			{"empty", []Input{{"empty", nil}}, "empty:1: the file is empty"},
			{"text", []Input{{"text", []byte("a.go:1:2: endless\n")}}, "text:1: neither JSON, SARIF, JUnit nor a baseline of killcheck"},
			{"other JSON", []Input{{"other", []byte("{\"a\": 1}\n")}}, "other:1: neither JSON, SARIF nor a baseline of killcheck"},
			{"other XML", []Input{{"other", []byte("<html></html>\n")}}, "other:1: expected element type <testsuites> but have <html>"},
			{"list", []Input{{"list", []byte("[]\n")}}, "list:1: neither JSON, SARIF, JUnit nor a baseline of killcheck"},
			{"wrong type", []Input{{"wrong", []byte("{\n\"killcheck\": \"\",\n\"findings\": 1}\n")}}, "wrong:3: json: cannot unmarshal"},
			{"no runs", []Input{{"none", []byte("{\"runs\": []}\n")}}, "none:1: 0 runs, want one"},
			{"no invocations", []Input{{"none", []byte("{\"runs\": [{}]}\n")}}, "none:1: 0 invocations, want one"},
		} {
			got, err := Merge(test.inputs)
			if err == nil || !strings.Contains(err.Error(), test.want) {
				t.Errorf("%s, %s: %v, want %s", kind, test.name, err, test.want)
			}
			if got != nil {
				t.Errorf("%s, %s: a result in spite of an error", kind, test.name)
			}
		}
		for _, mixed := range kinds {
			if mixed == kind {
				continue
			}
			if _, err := Merge([]Input{good[0], r.shards(t, mixed, 3)[1]}); err == nil || !strings.HasPrefix(err.Error(), "shard1 is ") {
				t.Errorf("%s and %s: %v", kind, mixed, err)
			}
		}
	}
	sarif := r.shards(t, "sarif", 2)
	sarif[1].Text = bytes.Replace(sarif[1].Text, []byte("report b"), []byte("report c"), 1)
	if _, err := Merge(sarif); err == nil || err.Error() != "shard1 and shard2 are not of one run: their tools differ" {
		t.Errorf("another tool: %v", err)
	}
}

// TestCut cuts a file at every byte: none passes for a shard.
func TestCut(t *testing.T) {
	r := newRun(t, rand.New(rand.NewPCG(9, 10)), 4)
	for _, kind := range kinds {
		text := r.write(t, kind, shard.Shard{Index: 1, Of: 1})
		if _, err := Merge([]Input{{"f", text}}); err != nil {
			t.Fatal(err)
		}
		for i := range text {
			if _, err := Merge([]Input{{"f", text[:i]}}); err == nil || !strings.HasPrefix(err.Error(), "f:") {
				t.Fatalf("%s cut after %d bytes: %v", kind, i, err)
			}
		}
	}
}

// TestShared: a file that two packages name in //line comments cannot be merged.
func TestShared(t *testing.T) {
	r := newRun(t, rand.New(rand.NewPCG(11, 12)), 3)
	r.findings = nil
	for _, pkg := range []string{"example.com/m", "example.com/m/a"} { // in the shards 2 and 3 of 4
		r.findings = append(r.findings, finding.Finding{Check: "a", Package: pkg, Message: "m", Span: finding.Span{File: "/gram.y", Start: finding.Point{Line: len(pkg)}}})
	}
	for _, kind := range kinds {
		if _, err := Merge(r.shards(t, kind, 4)); err == nil || !strings.Contains(err.Error(), "shard2 and shard3 both have findings in /gram.y, since") {
			t.Errorf("%s: %v", kind, err)
		}
	}
}

func TestPath(t *testing.T) {
	for uri, want := range map[string]string{"a%20b/c%25.go": "a b/c%.go", "bad%zz": "bad%zz"} {
		if got := path(uri, true); got != want {
			t.Errorf("%s: %s", uri, got)
		}
	}
	for uri, want := range map[string]string{"file:///a%20b.go": "/a b.go", "file:///C:/a.go": "C:/a.go"} {
		if got := path(uri, false); got != want {
			t.Errorf("%s: %s", uri, got)
		}
	}
}

// FuzzMerge: whatever a file holds, nothing panics, and what passes is as it was.
func FuzzMerge(f *testing.F) {
	for _, text := range []string{
		"{\n  \"version\": 1,\n  \"killcheck\": \"\",\n  \"shard\": {\n    \"index\": 1,\n    \"of\": 1,\n    \"run\": \"a\"\n  },\n  \"findings\": []\n}\n",
		"<?xml version=\"1.0\" encoding=\"UTF-8\"?>\n<testsuites name=\"killcheck shard 1/1 a\"></testsuites>\n",
		"{\n\t\"version\": 1,\n\t\"shard\": {\n\t\t\"index\": 1,\n\t\t\"of\": 1,\n\t\t\"run\": \"a\"\n\t},\n\t\"findings\": []\n}\n",
		"{\"runs\": [{\"invocations\": [{}]}]}",
		"{\"runs\": [null]}", "{\"runs\": null}", "{\"version\": 1, \"findings\": [null]}",
	} {
		f.Add([]byte(text))
	}
	f.Fuzz(func(t *testing.T, text []byte) {
		got, err := Merge([]Input{{"f", text}})
		if err == nil && len(got.Text) >= len(text) {
			t.Errorf("the mark is still there:\n%s", got.Text)
		}
	})
}
