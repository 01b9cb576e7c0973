package lsp

import (
	"testing"
	"unicode/utf8"
)

// FuzzEdits checks that a range that an edit leaves alone holds the same text
// before and after it, and that the document is what the editor has.
func FuzzEdits(f *testing.F) {
	f.Add("package a\n\nvar x = \"é😀\"\n", 8, 9, "bc\nd", 19, 27)
	f.Add("a\r\nb\r\nc", 3, 6, "", 0, 1)
	f.Fuzz(func(t *testing.T, text string, start, end int, insert string, from, to int) {
		if !utf8.ValidString(text) || !utf8.ValidString(insert) {
			return // what the parts of a rune make together is up to the editor
		}
		start, end = ordered(text, start, end)
		from, to = ordered(text, from, to)
		place := func(text string, offset int) Position {
			p := positionOf(text, offset)
			if got := offsetOf(text, p); got != offset {
				t.Fatalf("%q: offset %d is %v, and that is offset %d", text, offset, p, got)
			}
			return p
		}
		d := &document{text: text}
		at := Range{place(text, start), place(text, end)}
		edits, whole := d.apply(1, []contentChange{{Range: &at, Text: insert}})
		if want := text[:start] + insert + text[end:]; d.text != want || whole || len(edits) != 1 {
			t.Fatalf("%q becomes %q, want %q", text, d.text, want)
		}
		moved, ok := edits[0].shift(Range{place(text, from), place(text, to)})
		if clear := to <= start || end <= from; ok != clear {
			t.Fatalf("%q: the edit of %d to %d leaves %d to %d alone: %v", text, start, end, from, to, ok)
		}
		if !ok {
			return
		}
		if got := d.text[offsetOf(d.text, moved.Start):offsetOf(d.text, moved.End)]; got != text[from:to] {
			t.Errorf("%q from %d to %d moves to %q in %q", text, from, to, got, d.text)
		}
	})
}

// ordered makes two offsets of the starts of runes of two numbers.
func ordered(text string, a, b int) (int, int) {
	fit := func(n int) int {
		n = max(0, min(n, len(text)))
		for n > 0 && n < len(text) && !utf8.RuneStart(text[n]) {
			n--
		}
		return n
	}
	a, b = fit(a), fit(b)
	return min(a, b), max(a, b)
}

// FuzzPositions checks that no position, however odd, leads out of the text.
func FuzzPositions(f *testing.F) {
	f.Add("a\nb😀\xff\n", 1, 2)
	f.Add("", -1, 1<<30)
	f.Fuzz(func(t *testing.T, text string, line, column int) {
		if n := offsetOf(text, Position{line, column}); n < 0 || n > len(text) {
			t.Errorf("%q: %d:%d is offset %d", text, line, column, n)
		}
		if p := positionAt(text, line, column); p.Line < 0 || p.Character < 0 {
			t.Errorf("%q: %d:%d is position %v", text, line, column, p)
		}
	})
}
