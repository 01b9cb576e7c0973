package apply

import (
	"fmt"
	"math/rand/v2"
	"strings"
	"testing"
)

func TestUnified(t *testing.T) {
	for _, test := range []struct{ old, new, want string }{
		{"a\nb\n", "a\nb\n", ""},
		{"a\nb\n", "a\nc\n", "@@ -1,2 +1,2 @@\n a\n-b\n+c\n"},
		{"", "a\n", "@@ -0,0 +1 @@\n+a\n"},
		{"a\n", "", "@@ -1 +0,0 @@\n-a\n"},
		{"a\r\nb\r\n", "a\r\nc\r\n", "@@ -1,2 +1,2 @@\n a\r\n-b\r\n+c\r\n"},
		{"a\nb", "a\nc", "@@ -1,2 +1,2 @@\n a\n-b\n\\ No newline at end of file\n+c\n\\ No newline at end of file\n"},
		{"a\nb", "x\nb", "@@ -1,2 +1,2 @@\n-a\n+x\n b\n\\ No newline at end of file\n"},
		{"a", "a\n", "@@ -1 +1 @@\n-a\n\\ No newline at end of file\n+a\n"},
		{"1\n2\n3\n4\n5\n6\n7\n8\n", "1\n2\n3\n4\n5\n6\n7\nx\n8\n", "@@ -5,4 +5,5 @@\n 5\n 6\n 7\n+x\n 8\n"},
		{"1\n2\n3\n4\n5\n6\n7\n8\n9\n", "x\n2\n3\n4\n5\n6\n7\n8\ny\n", "@@ -1,4 +1,4 @@\n-1\n+x\n 2\n 3\n 4\n@@ -6,4 +6,4 @@\n 6\n 7\n 8\n-9\n+y\n"},
		{"1\n2\n3\n4\n5\n6\n7\n8\n", "x\n2\n3\n4\n5\n6\n7\ny\n", "@@ -1,8 +1,8 @@\n-1\n+x\n 2\n 3\n 4\n 5\n 6\n 7\n-8\n+y\n"},
	} {
		want := test.want
		if want != "" {
			want = "--- a.go\n+++ a.go\n" + want
		}
		if got := Unified("a.go", []byte(test.old), []byte(test.new)); got != want {
			t.Errorf("%q, %q: got\n%s\nwant\n%s", test.old, test.new, got, want)
		}
	}
	if got := Unified("a\x1b\nb.go", nil, []byte("a\n")); !strings.HasPrefix(got, "--- \"a\\x1b\\nb.go\"\n+++ \"a\\x1b\\nb.go\"\n@@") {
		t.Errorf("a name: %q", got)
	}
}

// TestUnifiedApplies applies differences of random texts.
func TestUnifiedApplies(t *testing.T) {
	random := rand.New(rand.NewPCG(1, 2))
	lines := func(n, kinds int) string {
		var b strings.Builder
		for range random.IntN(n + 1) {
			fmt.Fprintf(&b, "%d\n", random.IntN(kinds))
		}
		return b.String()
	}
	for range 3000 {
		n, kinds := random.IntN(30), 1+random.IntN(8)
		old, changed := lines(n, kinds), lines(n, kinds)
		diff := Unified("a.go", []byte(old), []byte(changed))
		if got := patched(t, old, diff); got != changed {
			t.Fatalf("%q with\n%s\nis %q, want %q", old, diff, got, changed)
		}
	}
	long := strings.Repeat("a\nb\n", 3*maxDistance)
	diff := Unified("a.go", []byte(long), []byte(strings.ReplaceAll(long, "a", "c")))
	if got := patched(t, long, diff); got != strings.ReplaceAll(long, "a", "c") {
		t.Error("texts that differ much")
	}
}

// patched applies a difference, every line and number of which must be right.
func patched(t *testing.T, old, diff string) string {
	t.Helper()
	from, at := splitLines(old), 0
	var out []string
	want := [2]int{}
	for line := range strings.Lines(diff) {
		var a, b string
		switch {
		case strings.HasPrefix(line, "---"), strings.HasPrefix(line, "+++"):
		case strings.HasPrefix(line, "@@"):
			if want != [2]int{} {
				t.Fatalf("a hunk lacks %v lines:\n%s", want, diff)
			}
			if _, err := fmt.Sscanf(line, "@@ -%s +%s @@", &a, &b); err != nil {
				t.Fatal(err)
			}
			startA, countA := rangeOf(t, a)
			startB, countB := rangeOf(t, b)
			out = append(out, from[at:startA]...)
			at, want = startA, [2]int{countA, countB}
			if len(out) != startB {
				t.Fatalf("the hunk begins at line %d of the new text, not %d:\n%s", len(out), startB, diff)
			}
		default:
			if line[0] != '+' {
				if from[at] != line[1:] {
					t.Fatalf("line %d is %q, not %q", at, from[at], line[1:])
				}
				at++
				want[0]--
			}
			if line[0] != '-' {
				out = append(out, line[1:])
				want[1]--
			}
		}
	}
	return strings.Join(append(out, from[at:]...), "")
}

func rangeOf(t *testing.T, text string) (start, count int) {
	t.Helper()
	if _, err := fmt.Sscanf(text, "%d,%d", &start, &count); err != nil {
		if _, err := fmt.Sscanf(text, "%d", &start); err != nil {
			t.Fatal(err)
		}
		count = 1
	}
	if count > 0 {
		start--
	}
	return start, count
}
