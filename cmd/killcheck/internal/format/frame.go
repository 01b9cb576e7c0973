package format

import (
	"fmt"
	"io"
	"strings"
	"unicode"
	"unicode/utf8"

	"github.com/killcheck/killcheck/cmd/killcheck/internal/finding"
)

// Escape sequences of terminals.
const (
	bold   = "\x1b[1m"
	red    = "\x1b[1;31m"
	blue   = "\x1b[34m"
	green  = "\x1b[32m"
	normal = "\x1b[0m"
)

// frame shows one finding with the code on the path from the spawn to the
// fault.
func (r *Report) frame(w io.Writer, f finding.Finding) {
	fmt.Fprintf(w, "%s%s%s: %s%s%s\n", red, f.Check, normal, bold, f.Message, normal)
	width := len(fmt.Sprint(f.Start.Line))
	for _, s := range f.Path {
		width = max(width, len(fmt.Sprint(s.Start.Line)))
	}
	file := ""
	show := func(s finding.Span, color, label string) {
		if s.File != file {
			file = s.File
			fmt.Fprintf(w, "%s%*s%s %s\n", blue, width+3, "-->", normal, r.posn(s))
		}
		r.excerpt(w, s, width, color, label)
	}
	for _, s := range f.Path {
		show(s.Span, blue, s.Message)
	}
	show(f.Span, red, "here")
	for _, fix := range f.Fixes {
		fmt.Fprintf(w, "%s%*s fix:%s %s (%s)\n", green, width+2, "=", normal, fix.Message, level(fix))
	}
}

// excerpt shows the first line of a span with what it covers underlined. The
// label stands behind the line under it.
func (r *Report) excerpt(w io.Writer, s finding.Span, width int, color, label string) {
	line := r.Source.Line(s.File, s.Start.Line)
	if line == "" {
		fmt.Fprintf(w, "%s%*d |%s %s\n", blue, width+1, s.Start.Line, normal, label)
		return
	}
	from := min(max(s.Start.Col-1, 0), len(line))
	to := len(line)
	if s.End.Line == s.Start.Line && s.End.Col > s.Start.Col {
		to = min(s.End.Col-1, len(line))
	}
	indent := utf8.RuneCountInString(expand(line[:from]))
	marks := max(utf8.RuneCountInString(expand(line[from:to])), 1)
	text, indent, marks := clip([]rune(expand(line)), indent, marks)
	fmt.Fprintf(w, "%s%*d |%s %s\n", blue, width+1, s.Start.Line, normal, text)
	fmt.Fprintf(w, "%s%*s |%s %s%s%s %s%s\n", blue, width+1, "", normal,
		strings.Repeat(" ", indent), color, strings.Repeat("^", marks), label, normal)
}

// What is shown of a long line, in characters: so many at most, and so many of
// them in front of the marks.
const (
	maxLine  = 160
	maxAhead = 60
)

// clip cuts a long line around the marks.
func clip(line []rune, indent, marks int) (text string, newIndent, newMarks int) {
	if len(line) <= maxLine {
		return string(line), indent, marks
	}
	start := max(0, min(indent-maxAhead, len(line)-maxLine))
	end := min(start+maxLine, len(line))
	text = string(line[start:end])
	if end < len(line) {
		text += "…"
	}
	indent -= start
	if start > 0 {
		text = "…" + text
		indent++
	}
	return text, indent, max(1, min(marks, maxLine-indent))
}

// expand replaces tabs, whose width a terminal chooses, and characters that
// could command it.
func expand(s string) string {
	s = strings.ReplaceAll(s, "\t", "    ")
	return strings.Map(func(r rune) rune {
		if unicode.IsControl(r) {
			return utf8.RuneError
		}
		return r
	}, s)
}
