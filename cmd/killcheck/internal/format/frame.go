package format

import (
	"fmt"
	"strings"
	"unicode/utf8"

	"github.com/killcheck/killcheck/cmd/killcheck/internal/finding"
	"github.com/killcheck/killcheck/internal/plain"
)

// A style is an escape sequence of terminals.
type style string

const (
	bold   style = "\x1b[1m"
	red    style = "\x1b[1;31m"
	blue   style = "\x1b[34m"
	green  style = "\x1b[32m"
	normal style = "\x1b[0m"
)

// A painter writes text in styles, or without them if it is plain. The errors of the
// writer come at the end of its batch.
type painter struct {
	*plain.Writer
	plain bool
}

func (p painter) in(s style, format string, args ...any) painter {
	if p.plain {
		fmt.Fprintf(p, format, args...)
		return p
	}
	_ = p.Control(string(s))
	fmt.Fprintf(p, format, args...)
	_ = p.Control(string(normal))
	return p
}

func (p painter) say(format string, args ...any) { fmt.Fprintf(p, format, args...) }

// frame shows one finding: what is wrong, behind the arrow where, and why. Below
// that stands how it comes to that, step by step, and what can be done.
func (r *Report) frame(w *plain.Writer, f finding.Finding) {
	p := painter{w, !r.Color}
	what, why, split := strings.Cut(f.Message, ": ")
	if !split {
		why = what
	}
	p.in(red, "%s", f.Name()).say(": ")
	p.in(bold, "%s", what).say("\n")
	width := len(fmt.Sprint(f.Start.Line))
	for _, s := range f.Path {
		width = max(width, len(fmt.Sprint(s.Start.Line)))
	}
	p.in(blue, "%*s", width+3, "-->").say(" %s\n", r.posn(f.Span))
	r.excerpt(p, f.Span, width, red, why)
	file := f.File
	for i, s := range f.Path {
		if i == 0 {
			p.in(blue, "%*s", width+2, "=").say(" how it comes to that:\n")
		}
		if s.File != file {
			file = s.File
			p.in(blue, "%*s", width+3, ":::").say(" %s\n", r.posn(s.Span))
		}
		r.excerpt(p, s.Span, width, blue, fmt.Sprintf("%d. %s", i+1, s.Message))
	}
	for _, fix := range f.Fixes {
		p.in(green, "%*s fix:", width+2, "=").say(" %s (%s)\n", fix.Message, how(fix))
	}
}

// excerpt shows the first line of a span with what it covers underlined. The
// label stands behind the line under it.
func (r *Report) excerpt(p painter, s finding.Span, width int, color style, label string) {
	line := r.Source.Line(s.File, s.Start.Line)
	if line == "" {
		p.in(blue, "%*d |", width+1, s.Start.Line).say(" %s\n", label)
		return
	}
	from := min(max(s.Start.Col-1, 0), len(line))
	to := len(line)
	if s.End.Line == s.Start.Line && s.End.Col > s.Start.Col {
		to = max(from, min(s.End.Col-1, len(line)))
	}
	indent := utf8.RuneCountInString(expand(line[:from]))
	marks := max(utf8.RuneCountInString(expand(line[from:to])), 1)
	text, indent, marks := clip([]rune(expand(line)), indent, marks)
	p.in(blue, "%*d |", width+1, s.Start.Line).say(" %s\n", text)
	p.in(blue, "%*s |", width+1, "").say(" %s", strings.Repeat(" ", indent))
	p.in(color, "%s %s", strings.Repeat("^", marks), label).say("\n")
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

// expand replaces tabs, whose width a terminal chooses, and what would be shown as
// an escape, so that the marks stand below what they mark.
func expand(s string) string {
	s = strings.ReplaceAll(s, "\t", "    ")
	return strings.Map(func(r rune) rune {
		if !plain.Shown(r) {
			return utf8.RuneError
		}
		return r
	}, s)
}
