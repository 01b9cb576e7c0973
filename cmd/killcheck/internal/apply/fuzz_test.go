package apply

import (
	"bytes"
	"fmt"
	"go/format"
	"strconv"
	"strings"
	"testing"

	"github.com/killcheck/killcheck/cmd/killcheck/internal/finding"
)

// FuzzMerge checks that the fixes of a plan are all accounted for, that what comes
// out is Go and holds what was put in, and that each fix counts once, however
// often it is there.
func FuzzMerge(f *testing.F) {
	const source = "package a\n\nfunc f() {\n\tg(1)\n\tg(2)\n}\n"
	f.Add(source, 24, 26, "x", 31, 31, "\n\tg(3)")
	f.Add(source, 24, 26, "x", 24, 26, "x")
	f.Add(source, 24, 26, "x", 25, 40, "y")
	f.Add(strings.ReplaceAll(source, "\n", "\r\n"), 0, 0, "// A comment.\n\n", 60, 60, "}")
	f.Fuzz(func(t *testing.T, text string, start1, end1 int, new1 string, start2, end2 int, new2 string) {
		at := newFolder(t, map[string]string{"a.go": text})
		fix := func(start, end int, text2 string) finding.Fix {
			return finding.Fix{Edits: []finding.Edit{{File: at.path("a.go"), Start: start, End: end, New: text2, Sum: Sum([]byte(text))}}}
		}
		fixes := []finding.Fix{fix(start1, end1, new1), fix(start2, end2, new2)}
		plan := Merge(fixes, at.files)
		if plan.Fixes+plan.Overlapping+plan.Refused != len(fixes) {
			t.Fatalf("%d fixes are %+v", len(fixes), plan)
		}
		for _, c := range plan.Changes {
			if _, err := format.Source(c.New); err != nil {
				t.Errorf("%q becomes %q, which is not Go: %v", c.Old, c.New, err)
			}
			if string(c.Old) != text {
				t.Errorf("the old text is %q, not %q", c.Old, text)
			}
		}
		twice := Merge(append(fixes, fixes...), at.files)
		if len(twice.Changes) != len(plan.Changes) {
			t.Fatalf("the fixes once change %d files, twice %d", len(plan.Changes), len(twice.Changes))
		}
		for i, c := range twice.Changes {
			if !bytes.Equal(c.New, plan.Changes[i].New) {
				t.Errorf("the fixes once make %q, twice %q", plan.Changes[i].New, c.New)
			}
		}
	})
}

// FuzzUnified checks that a difference makes the new text of the old one.
func FuzzUnified(f *testing.F) {
	f.Add("a\nb\nc\nd\ne\nf\ng\nh\ni\n", "x\nb\nc\nd\ne\nf\ng\nh\n")
	f.Add("a", "a\n")
	f.Add("", "a\n\n")
	f.Fuzz(func(t *testing.T, old, now string) {
		diff := Unified("a.go", []byte(old), []byte(now))
		if (diff == "") != (old == now) {
			t.Fatalf("%q to %q: the difference is %q", old, now, diff)
		}
		if got, err := patch(old, diff); err != nil || got != now {
			t.Fatalf("%q becomes %q, want %q: %v, by\n%s", old, got, now, err, diff)
		}
	})
}

// patch applies a unified difference of one file.
func patch(old, diff string) (string, error) {
	lines, next := splitLines(old), 0
	var out strings.Builder
	hunks := splitLines(diff)
	for i := 2; i < len(hunks); i++ { // behind the names of the file
		line := hunks[i]
		if i+1 < len(hunks) && strings.HasPrefix(hunks[i+1], "\\") {
			line = strings.TrimSuffix(line, "\n") // the file ends without one
		}
		switch line[0] {
		case '@':
			from, count, _ := strings.Cut(strings.Fields(line)[1][1:], ",")
			begin, err := strconv.Atoi(from)
			if err != nil {
				return "", err
			}
			if count != "0" {
				begin-- // lines count from 1; without any, it is the line in front
			}
			if begin < next || begin > len(lines) {
				return "", fmt.Errorf("a hunk begins at line %d, behind %d of %d", begin, next, len(lines))
			}
			out.WriteString(strings.Join(lines[next:begin], ""))
			next = begin
		case ' ', '-':
			if next == len(lines) || lines[next] != line[1:] {
				return "", fmt.Errorf("line %d is not %q", next+1, line[1:])
			}
			if line[0] == ' ' {
				out.WriteString(line[1:])
			}
			next++
		case '+':
			out.WriteString(line[1:])
		case '\\':
		default:
			return "", fmt.Errorf("line %q in the difference", line)
		}
	}
	return out.String() + strings.Join(lines[next:], ""), nil
}
