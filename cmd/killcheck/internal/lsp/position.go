package lsp

import (
	"strings"
	"unicode/utf8"
)

// A Position is a place in a document: zero-based line, and UTF-16 code units
// from the start of that line.
type Position struct {
	Line      int `json:"line"`
	Character int `json:"character"`
}

func (p Position) before(q Position) bool {
	return p.Line < q.Line || p.Line == q.Line && p.Character < q.Character
}

// A Range is a half-open part of a document.
type Range struct {
	Start Position `json:"start"`
	End   Position `json:"end"`
}

// touches reports whether two ranges have a position in common, their ends
// included: a cursor at the end of a finding still belongs to it.
func (r Range) touches(o Range) bool {
	return !r.End.before(o.Start) && !o.End.before(r.Start)
}

// units gives the length of a rune in UTF-16 code units. A byte that is not
// valid UTF-8 counts as one, since editors show one replacement character.
func units(r rune) int {
	if r >= 0x10000 {
		return 2
	}
	return 1
}

// lineStart gives the byte offset of a zero-based line, or the end of the text
// if there are fewer lines. Only \n ends a line, as for the Go compiler.
func lineStart(text string, line int) int {
	at := 0
	for range line {
		i := strings.IndexByte(text[at:], '\n')
		if i < 0 {
			return len(text)
		}
		at += i + 1
	}
	return at
}

// offsetOf gives the byte offset of a position. A position behind the end of
// its line is taken as the end of the line.
func offsetOf(text string, p Position) int {
	at := lineStart(text, p.Line)
	for left := p.Character; left > 0 && at < len(text) && text[at] != '\n'; {
		r, size := utf8.DecodeRuneInString(text[at:])
		left -= units(r)
		if left < 0 {
			break // inside a surrogate pair: the start of the rune
		}
		at += size
	}
	return at
}

// positionOf gives the position of a byte offset, which is cut to the text.
func positionOf(text string, offset int) Position {
	offset = max(0, min(offset, len(text)))
	line := strings.Count(text[:offset], "\n")
	start := strings.LastIndexByte(text[:offset], '\n') + 1
	return Position{line, utf16Length(text[start:offset])}
}

// positionAt gives the position of a line and column as the Go tools print
// them: both from 1, the column in bytes. Column 0 means that it is not known.
func positionAt(text string, line, column int) Position {
	line, column = max(line, 1), max(column, 1)
	start := lineStart(text, line-1)
	rest := text[start:]
	if i := strings.IndexByte(rest, '\n'); i >= 0 {
		rest = rest[:i]
	}
	return Position{line - 1, utf16Length(rest[:min(column-1, len(rest))])}
}

func utf16Length(s string) int {
	n := 0
	for _, r := range s {
		n += units(r)
	}
	return n
}
