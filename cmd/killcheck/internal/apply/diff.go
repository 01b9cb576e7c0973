package apply

import (
	"fmt"
	"slices"
	"strconv"
	"strings"
	"unicode"
)

// context is how many equal lines are shown around a difference.
const contextLines = 3

// Unified returns the difference of two texts in the unified form, or nothing if
// they are equal. Carriage returns stay in the lines.
func Unified(name string, old, new []byte) string {
	a, b := splitLines(string(old)), splitLines(string(new))
	changes := diffLines(a, b)
	if len(changes) == 0 {
		return ""
	}
	var out strings.Builder
	name = quoted(name)
	fmt.Fprintf(&out, "--- %s\n+++ %s\n", name, name)
	for len(changes) > 0 {
		n := 1
		for n < len(changes) && changes[n].a0-changes[n-1].a1 <= 2*contextLines {
			n++
		}
		writeHunk(&out, a, b, changes[:n])
		changes = changes[n:]
	}
	return out.String()
}

// quoted returns a name as git writes it: in quotes if it has characters that
// would end the line or reach a terminal as commands.
func quoted(name string) string {
	odd := func(r rune) bool { return !unicode.IsPrint(r) || r == '"' || r == unicode.ReplacementChar }
	if strings.ContainsFunc(name, odd) {
		return strconv.Quote(name)
	}
	return name
}

func splitLines(text string) []string { return slices.Collect(strings.Lines(text)) }

// A difference says that lines a0 up to a1 of the old text became b0 up to b1 of
// the new one.
type difference struct{ a0, a1, b0, b1 int }

func writeHunk(out *strings.Builder, a, b []string, changes []difference) {
	first, last := changes[0], changes[len(changes)-1]
	before := min(contextLines, first.a0)
	after := min(contextLines, len(a)-last.a1)
	fmt.Fprintf(out, "@@ -%s +%s @@\n", lineRange(first.a0-before, last.a1+after), lineRange(first.b0-before, last.b1+after))
	at := first.a0 - before
	for _, c := range changes {
		writeLines(out, " ", a[at:c.a0])
		writeLines(out, "-", a[c.a0:c.a1])
		writeLines(out, "+", b[c.b0:c.b1])
		at = c.a1
	}
	writeLines(out, " ", a[at:last.a1+after])
}

// lineRange gives the lines from start up to end, which count from 0, as a hunk
// names them.
func lineRange(start, end int) string {
	switch n := end - start; n {
	case 0:
		return fmt.Sprintf("%d,0", start)
	case 1:
		return strconv.Itoa(start + 1)
	default:
		return fmt.Sprintf("%d,%d", start+1, n)
	}
}

func writeLines(out *strings.Builder, mark string, lines []string) {
	for _, line := range lines {
		out.WriteString(mark + line)
		if !strings.HasSuffix(line, "\n") {
			out.WriteString("\n\\ No newline at end of file\n")
		}
	}
}

// maxDistance bounds the work of [diffLines]: texts that differ in more lines
// count as different from the first difference to the last.
const maxDistance = 1000

// diffLines returns the differences of two lists of lines, by the algorithm of
// Myers: as few lines as possible.
func diffLines(a, b []string) []difference {
	start := 0
	for start < len(a) && start < len(b) && a[start] == b[start] {
		start++
	}
	endA, endB := len(a), len(b)
	for endA > start && endB > start && a[endA-1] == b[endB-1] {
		endA--
		endB--
	}
	if start == endA && start == endB {
		return nil
	}
	trace, ok := search(a[start:endA], b[start:endB])
	if !ok {
		return []difference{{start, endA, start, endB}}
	}
	return walk(trace, endA-start, endB-start, start)
}

// search finds how far each diagonal comes with each number of edits, up to the
// end of both lists.
func search(a, b []string) (trace [][]int, ok bool) {
	limit := min(len(a)+len(b), maxDistance)
	far := make([]int, 2*limit+3) // by diagonal, from -limit-1
	zero := limit + 1
	for d := 0; d <= limit; d++ {
		trace = append(trace, slices.Clone(far[zero-d-1:zero+d+2]))
		for k := -d; k <= d; k += 2 {
			x := far[zero+k-1] + 1
			if k == -d || k != d && far[zero+k-1] < far[zero+k+1] {
				x = far[zero+k+1]
			}
			for y := x - k; x < len(a) && y < len(b) && a[x] == b[y]; y++ {
				x++
			}
			far[zero+k] = x
			if x >= len(a) && x-k >= len(b) {
				return trace, true
			}
		}
	}
	return nil, false
}

// walk goes back along the trace and joins the single edits.
func walk(trace [][]int, x, y, shift int) []difference {
	var all []difference
	for d := len(trace) - 1; d > 0; d-- {
		far := func(k int) int { return trace[d][k+d+1] }
		k := x - y
		previous := k - 1
		if k == -d || k != d && far(k-1) < far(k+1) {
			previous = k + 1
		}
		fromX := far(previous)
		fromY := fromX - previous
		edit := difference{fromX, fromX, fromY, fromY}
		if previous == k+1 {
			edit.b1++
		} else {
			edit.a1++
		}
		if n := len(all); n > 0 && all[n-1].a0 == edit.a1+shift && all[n-1].b0 == edit.b1+shift {
			all[n-1].a0, all[n-1].b0 = edit.a0+shift, edit.b0+shift
		} else {
			all = append(all, difference{edit.a0 + shift, edit.a1 + shift, edit.b0 + shift, edit.b1 + shift})
		}
		x, y = fromX, fromY
	}
	slices.Reverse(all)
	return all
}
