package edit

import (
	"bytes"
	"go/token"
	"strings"

	"golang.org/x/tools/go/analysis"
)

// text returns the source between two positions.
func (f *File) text(from, to token.Pos) string {
	return string(f.Src[f.offset(from):f.offset(to)])
}

func (f *File) offset(pos token.Pos) int { return f.Fset.File(pos).Offset(pos) }

// lineStart returns the position of the first byte of the line of pos.
func (f *File) lineStart(pos token.Pos) token.Pos {
	start := bytes.LastIndexByte(f.Src[:f.offset(pos)], '\n') + 1
	return pos - token.Pos(f.offset(pos)-start)
}

// indent returns the white space at the start of the line of pos.
func (f *File) indent(pos token.Pos) string {
	line := f.Src[f.offset(f.lineStart(pos)):]
	return string(line[:len(line)-len(bytes.TrimLeft(line, " \t"))])
}

// firstOnLine reports whether only white space stands before pos on its line.
func (f *File) firstOnLine(pos token.Pos) bool {
	return strings.TrimSpace(f.text(f.lineStart(pos), pos)) == ""
}

// lineEnd returns the position of the line break after pos if nothing but
// white space and a line comment stands between, and otherwise pos.
func (f *File) lineEnd(pos token.Pos) (end token.Pos, ok bool) {
	rest, _, found := bytes.Cut(f.Src[f.offset(pos):], []byte("\n"))
	rest = bytes.TrimSuffix(rest, []byte("\r"))
	code := bytes.TrimSpace(rest)
	if !found || (len(code) > 0 && !bytes.HasPrefix(code, []byte("//"))) {
		return pos, false
	}
	return pos + token.Pos(len(rest)), true
}

// after returns the edit that puts lines of code below the code that ends at
// pos. A comment at the end of the line stays where it is; other code that
// follows goes to a line of its own, indented by rest.
func (f *File) after(pos token.Pos, indent, rest string, code ...string) analysis.TextEdit {
	text := "\n" + indent + strings.Join(code, "\n"+indent)
	if end, ok := f.lineEnd(pos); ok {
		return insert(end, text)
	}
	line := f.Src[f.offset(pos):]
	spaces := len(line) - len(bytes.TrimLeft(line, " \t"))
	return replace(pos, pos+token.Pos(spaces), text+"\n"+rest)
}

// open returns where a statement that starts at pos can be replaced by several,
// their indentation, and the text that goes in front of the first: a line break
// if other code stands before it on the line.
func (f *File) open(pos token.Pos) (from token.Pos, indent, head string) {
	indent = f.indent(pos)
	if f.firstOnLine(pos) {
		return pos, indent, ""
	}
	before := f.Src[:f.offset(pos)]
	spaces := len(before) - len(bytes.TrimRight(before, " \t"))
	return pos - token.Pos(spaces), indent + "\t", "\n" + indent + "\t"
}
