// Package ignore writes the comments that silence killcheck at a line.
package ignore

import (
	"errors"
	"go/scanner"
	"go/token"
	"strings"
	"unicode"
)

// Comment returns the directive that hides findings of the checks.
func Comment(checks []string, reason string) string {
	return "//killcheck:ignore " + strings.Join(checks, ",") + " -- " + strings.TrimSpace(reason)
}

// CheckReason says what is wrong with a reason.
func CheckReason(reason string) error {
	switch {
	case strings.TrimSpace(reason) == "":
		return errors.New("a reason is wanted, for the next reader")
	case strings.ContainsFunc(reason, unicode.IsControl):
		return errors.New("the reason has to be one line")
	}
	return nil
}

// A Place is where a comment for a line goes.
type Place struct {
	Offset int    // in bytes
	Before string // what stands before the comment
	After  string // and behind it
}

// Text returns what is inserted for a comment.
func (p Place) Text(comment string) string { return p.Before + comment + p.After }

// At returns the place for a comment that covers a line of Go, which counts from 1: a
// line of its own above it, or, where that would make it speak of a whole declaration
// or stand in a string, the end of the line. It reports false if there is none.
func At(text string, line int) (Place, bool) {
	start := 0
	for range line - 1 {
		i := strings.IndexByte(text[start:], '\n')
		if i < 0 {
			return Place{}, false
		}
		start += i + 1
	}
	end, eol := len(text), "\n"
	if i := strings.IndexByte(text[start:], '\n'); i >= 0 {
		end = start + i
	}
	if strings.HasSuffix(text[start:end], "\r") {
		end, eol = end-1, "\r\n"
	}
	code := strings.TrimLeft(text[start:end], " \t")
	indent := text[start : end-len(code)]
	startsInside, endsInside, comment := spans(text, start, end)
	switch {
	case line < 1 || code == "":
		return Place{}, false
	case !startsInside && (indent != "" || comment):
		return Place{start, indent, eol}, true
	case !endsInside && !comment:
		return Place{end, " ", ""}, true
	}
	return Place{}, false
}

// spans reports whether tokens go over the start and over the end of a line, and
// whether a comment to its end is on it.
func spans(text string, start, end int) (startsInside, endsInside, comment bool) {
	fset := token.NewFileSet()
	file := fset.AddFile("", -1, len(text))
	var s scanner.Scanner
	s.Init(file, []byte(text), func(token.Position, string) {}, scanner.ScanComments)
	for {
		pos, tok, lit := s.Scan()
		from := file.Offset(pos)
		if tok == token.EOF || from >= end {
			return
		}
		if tok != token.STRING && tok != token.COMMENT {
			continue
		}
		to := from + len(lit)
		if tok == token.COMMENT && strings.HasPrefix(lit, "//") {
			comment = comment || from >= start
			continue
		}
		if strings.HasPrefix(lit, "`") || tok == token.COMMENT {
			to = from + raw(text[from:], lit) // carriage returns are not in lit
		}
		startsInside = startsInside || from < start && to > start
		endsInside = endsInside || to > end
	}
}

// raw returns how long a raw string or a block comment is in the text.
func raw(text, lit string) int {
	close := "*/"
	if strings.HasPrefix(lit, "`") {
		close = "`"
	}
	if i := strings.Index(text[1:], close); i >= 0 {
		return 1 + i + len(close)
	}
	return len(text)
}
