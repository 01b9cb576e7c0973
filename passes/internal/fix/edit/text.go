package edit

import (
	"bytes"
	"go/ast"
	"go/token"
	"slices"
	"strings"

	"golang.org/x/tools/go/analysis"
)

// Replace returns the edit that puts a text in the place of another.
func Replace(from, to token.Pos, text string) analysis.TextEdit {
	return analysis.TextEdit{Pos: from, End: to, NewText: []byte(text)}
}

// Insert returns the edit that puts a text at pos.
func Insert(pos token.Pos, text string) analysis.TextEdit { return Replace(pos, pos, text) }

// Merge sorts edits and joins those that touch: drivers may take two edits at
// one place for a conflict.
func Merge(edits []analysis.TextEdit) []analysis.TextEdit {
	slices.SortStableFunc(edits, func(a, b analysis.TextEdit) int { return int(a.Pos - b.Pos) })
	var out []analysis.TextEdit
	for _, e := range edits {
		if n := len(out); n > 0 && out[n-1].End == e.Pos {
			out[n-1].NewText = slices.Concat(out[n-1].NewText, e.NewText)
			out[n-1].End = e.End
			continue
		}
		out = append(out, e)
	}
	return out
}

// Same reports whether two edits put the same text in the same place.
func Same(a, b analysis.TextEdit) bool {
	return a.Pos == b.Pos && a.End == b.End && bytes.Equal(a.NewText, b.NewText)
}

// Apply sorts the edits of a file that begins at start, and returns its text with them.
// They must not overlap; one that several fixes make alike counts once.
func Apply(text []byte, start token.Pos, edits []analysis.TextEdit) []byte {
	slices.SortStableFunc(edits, func(a, b analysis.TextEdit) int { return int(a.Pos - b.Pos) })
	var out []byte
	last := 0
	for _, e := range slices.CompactFunc(edits, Same) {
		out = append(append(out, text[last:e.Pos-start]...), e.NewText...)
		last = int(e.End - start)
	}
	return append(out, text[last:]...)
}

// TextEdit is short for that of package analysis.
type TextEdit = analysis.TextEdit

// OpenBody puts lines at the start of a block.
func (f *File) OpenBody(b *ast.BlockStmt, lines ...string) []analysis.TextEdit {
	outer := f.Indent(b.Lbrace)
	if f.Line(b.Lbrace) != f.Line(b.Rbrace) {
		return []analysis.TextEdit{f.After(b.Lbrace+1, outer+"\t", outer+"\t", lines...)}
	}
	text := ""
	for _, line := range lines {
		text += "\n" + outer + "\t" + line
	}
	if len(b.List) == 0 {
		if f.Source(b.Lbrace+1, b.Rbrace) == "" {
			return []analysis.TextEdit{Insert(b.Rbrace, text+"\n"+outer)}
		}
	} else {
		text += "\n" + outer + "\t"
	}
	from, to := b.Lbrace+1, b.Rbrace
	for f.Source(from, from+1) == " " {
		from++
	}
	for f.Source(to-1, to) == " " && to > from {
		to--
	}
	if from == to {
		return []analysis.TextEdit{Replace(b.Lbrace+1, b.Rbrace, text+"\n"+outer)}
	}
	return []analysis.TextEdit{Replace(b.Lbrace+1, from, text), Replace(to, b.Rbrace, "\n"+outer)}
}

// Line returns the line of pos in the text itself.
func (f *File) Line(pos token.Pos) int { return f.Fset.PositionFor(pos, false).Line }

// Below returns the edit that puts declarations after one that ends at pos.
func (f *File) Below(pos token.Pos, text string) analysis.TextEdit {
	if end, ok := f.LineEnd(pos); ok {
		pos = end
	}
	return Insert(pos, "\n\n"+strings.TrimSuffix(text, "\n"))
}

// Commented reports whether a node holds a comment.
func (s *Site) Commented(n ast.Node) bool {
	return slices.ContainsFunc(s.Syntax.Comments, func(g *ast.CommentGroup) bool {
		return n.Pos() <= g.Pos() && g.End() <= n.End()
	})
}

// HasLine reports whether a statement shares its lines with no other code.
func (s *Site) HasLine(stmt ast.Stmt) bool {
	_, end := s.LineEnd(stmt.End())
	return end && s.FirstOnLine(stmt.Pos())
}

// Lines puts lines in the place of a statement.
func (s *Site) Lines(stmt ast.Stmt, lines []string) analysis.TextEdit {
	return Replace(stmt.Pos(), stmt.End(), strings.Join(lines, "\n"+s.Indent(stmt.Pos())))
}

// Source returns the source between two positions.
func (f *File) Source(from, to token.Pos) string {
	return string(f.Src[f.Offset(from):f.Offset(to)])
}

// Offset returns the offset of pos in the text.
func (f *File) Offset(pos token.Pos) int { return f.Fset.File(pos).Offset(pos) }

// LineStart returns the position of the first byte of the line of pos.
func (f *File) LineStart(pos token.Pos) token.Pos {
	start := bytes.LastIndexByte(f.Src[:f.Offset(pos)], '\n') + 1
	return pos - token.Pos(f.Offset(pos)-start)
}

// Indent returns the white space at the start of the line of pos.
func (f *File) Indent(pos token.Pos) string {
	line := f.Src[f.Offset(f.LineStart(pos)):]
	return string(line[:len(line)-len(bytes.TrimLeft(line, " \t"))])
}

// FirstOnLine reports whether only white space stands before pos on its line.
func (f *File) FirstOnLine(pos token.Pos) bool {
	return strings.TrimSpace(f.Source(f.LineStart(pos), pos)) == ""
}

// LineEnd returns the position of the line break after pos if nothing but
// white space and a line comment stands between, and otherwise pos.
func (f *File) LineEnd(pos token.Pos) (end token.Pos, ok bool) {
	rest, _, found := bytes.Cut(f.Src[f.Offset(pos):], []byte("\n"))
	rest = bytes.TrimSuffix(rest, []byte("\r"))
	code := bytes.TrimSpace(rest)
	if !found || (len(code) > 0 && !bytes.HasPrefix(code, []byte("//"))) {
		return pos, false
	}
	return pos + token.Pos(len(rest)), true
}

// After returns the edit that puts lines of code below the code that ends at
// pos. A comment at the end of the line stays where it is; other code that
// follows goes to a line of its own, indented by rest.
func (f *File) After(pos token.Pos, indent, rest string, code ...string) analysis.TextEdit {
	text := "\n" + indent + strings.Join(code, "\n"+indent)
	if end, ok := f.LineEnd(pos); ok {
		return Insert(end, text)
	}
	line := f.Src[f.Offset(pos):]
	spaces := len(line) - len(bytes.TrimLeft(line, " \t"))
	return Replace(pos, pos+token.Pos(spaces), text+"\n"+rest)
}

// Open returns where a statement that starts at pos can be replaced by several,
// their indentation, and the text that goes in front of the first: a line break
// if other code stands before it on the line.
func (f *File) Open(pos token.Pos) (from token.Pos, indent, head string) {
	indent = f.Indent(pos)
	if f.FirstOnLine(pos) {
		return pos, indent, ""
	}
	before := f.Src[:f.Offset(pos)]
	spaces := len(before) - len(bytes.TrimRight(before, " \t"))
	return pos - token.Pos(spaces), indent + "\t", "\n" + indent + "\t"
}

// Shut returns the edit that puts the brace which follows a statement on its line on a
// line of its own, where Open has done so with the statement.
func (f *File) Shut(stmt ast.Stmt) []TextEdit {
	after := f.Src[f.Offset(stmt.End()):]
	rest := bytes.TrimLeft(after, " \t")
	if f.FirstOnLine(stmt.Pos()) || !bytes.HasPrefix(rest, []byte("}")) {
		return nil
	}
	brace := stmt.End() + token.Pos(len(after)-len(rest))
	return []TextEdit{Replace(stmt.End(), brace, "\n"+f.Indent(stmt.Pos()))}
}
