package apply

import (
	"bytes"
	"go/ast"
	"go/parser"
	"go/printer"
	"go/scanner"
	"go/token"
	"slices"
	"strings"
)

// rewrite returns a text after edits, which are sorted and do not meet. What
// they insert is laid out as gofmt does, and the rest stays, except that a text
// which was in the form of gofmt stays in it: a longer name may move the
// comments beside it.
func rewrite(old []byte, edits []edit) ([]byte, error) {
	text, spans := splice(old, edits)
	file, err := newSyntax(text)
	if err != nil {
		return nil, err
	}
	printed, err := file.print()
	if err != nil {
		return nil, err
	}
	laid := file.layOut(printed, wholeLines(text, spans))
	if ends := lineEnds(old); ends != "" && isFormatted(old) && !bytes.Equal(toLF(laid), printed) {
		laid = []byte(strings.ReplaceAll(string(printed), "\n", ends))
	}
	return withoutUnused(old, laid)
}

// A span is the part of a text that an edit has inserted.
type span struct{ start, end int }

func splice(old []byte, edits []edit) (text []byte, spans []span) {
	last := 0
	for _, e := range edits {
		text = append(text, old[last:e.start]...)
		start := len(text)
		text = append(text, e.text...)
		spans = append(spans, span{start, len(text)})
		last = e.end
	}
	return append(text, old[last:]...), spans
}

// wholeLines extends the spans that break a line of code to all of that line: what
// was on one line would look odd on several.
func wholeLines(text []byte, spans []span) []span {
	var all []span
	for _, s := range spans {
		start, end := lineStart(text, s.start), lineEnd(text, s.end)
		before, behind := bytes.TrimSpace(text[start:s.start]), bytes.TrimSpace(text[s.end:end])
		broken := len(behind) > 0 && !bytes.HasPrefix(behind, []byte("//"))
		if bytes.HasSuffix(text[:s.end], []byte("\n")) {
			broken = len(before) > 0
		}
		if broken && bytes.Contains(text[s.start:s.end], []byte("\n")) {
			s = span{start, end}
		}
		all = append(all, s)
	}
	return all
}

// lineEnds returns what ends the lines of a text: "\n", "\r\n", or "" if it
// differs from line to line.
func lineEnds(text []byte) string {
	switch bytes.Count(text, []byte("\r\n")) {
	case 0:
		if bytes.IndexByte(text, '\r') < 0 {
			return "\n"
		}
	case bytes.Count(text, []byte("\n")):
		if bytes.Count(text, []byte("\r")) == bytes.Count(text, []byte("\n")) {
			return "\r\n"
		}
	}
	return ""
}

func toLF(text []byte) []byte { return bytes.ReplaceAll(text, []byte("\r\n"), []byte("\n")) }

// isFormatted reports whether gofmt would leave a text as it is, but for line
// ends.
func isFormatted(text []byte) bool {
	text = toLF(text)
	file, err := newSyntax(text)
	if err != nil {
		return false
	}
	printed, err := file.print()
	return err == nil && bytes.Equal(printed, text)
}

// A syntax is a text with its tree.
type syntax struct {
	text []byte
	fset *token.FileSet
	tree *ast.File
}

func newSyntax(text []byte) (*syntax, error) {
	fset := token.NewFileSet()
	tree, err := parser.ParseFile(fset, "", text, parser.ParseComments|parser.SkipObjectResolution)
	return &syntax{text, fset, tree}, err
}

// print returns the text in the form of gofmt, with the imports in their order.
func (s *syntax) print() ([]byte, error) {
	var b bytes.Buffer
	config := &printer.Config{Mode: printer.UseSpaces | printer.TabIndent, Tabwidth: 8}
	err := config.Fprint(&b, s.fset, s.tree)
	return b.Bytes(), err
}

// layOut takes, for the tokens that lie in spans, the white space in front of
// them from the printed form of the text. In a declaration that the printer
// changes otherwise, too, everything stays.
func (s *syntax) layOut(printed []byte, spans []span) []byte {
	model, err := newSyntax(printed)
	if err != nil || len(model.tree.Decls) != len(s.tree.Decls) {
		return s.text
	}
	type gap struct {
		start, end int
		text       string
	}
	var gaps []gap
	ours, theirs := s.tokens(), model.tokens()
	for i, decl := range s.tree.Decls {
		from, to := s.extent(decl)
		if !slices.ContainsFunc(spans, func(sp span) bool { return sp.start <= to && from <= sp.end }) {
			continue
		}
		a, b := s.within(ours, decl), model.within(theirs, model.tree.Decls[i])
		if !slices.EqualFunc(a, b, word.same) {
			continue
		}
		for j := 1; j < len(a); j++ {
			k := slices.IndexFunc(spans, func(sp span) bool { return sp.start <= a[j].start && a[j].start < sp.end })
			if k < 0 {
				continue
			}
			start, white := a[j-1].end, string(printed[b[j-1].end:b[j].start])
			if at := spans[k].start; start < at { // begins in front of the span
				line := bytes.LastIndexByte(s.text[start:at], '\n') + 1
				if line == 0 {
					continue
				}
				start, white = start+line, white[strings.LastIndexByte(white, '\n')+1:]
			}
			gaps = append(gaps, gap{start, a[j].start, strings.ReplaceAll(white, "\n", s.newline(start))})
		}
	}
	var out []byte
	last := 0
	for _, g := range gaps {
		out = append(append(out, s.text[last:g.start]...), g.text...)
		last = g.end
	}
	return append(out, s.text[last:]...)
}

// newline returns what ends the line before an offset, or else the first one.
func (s *syntax) newline(offset int) string {
	i := bytes.LastIndexByte(s.text[:offset], '\n')
	if i < 0 {
		i = bytes.IndexByte(s.text, '\n')
	}
	if i > 0 && s.text[i-1] == '\r' {
		return "\r\n"
	}
	return "\n"
}

// A word is a token that is written in the text.
type word struct {
	start, end int
	tok        token.Token
	text       string
}

func (w word) same(o word) bool {
	return w.tok == o.tok && (w.tok == token.COMMENT || w.text == o.text)
}

// tokens returns the tokens of the text but for semicolons, which the printer
// puts and leaves out.
func (s *syntax) tokens() []word {
	var sc scanner.Scanner
	fset := token.NewFileSet()
	file := fset.AddFile("", -1, len(s.text))
	sc.Init(file, s.text, nil, scanner.ScanComments)
	var all []word
	for {
		pos, tok, lit := sc.Scan()
		if tok == token.EOF {
			return all
		}
		if tok == token.SEMICOLON {
			continue
		}
		start := file.Offset(pos)
		if lit == "" {
			lit = tok.String()
		}
		all = append(all, word{start, start + s.width(start, tok, lit), tok, lit})
	}
}

// width returns how many bytes a token has. The scanner leaves carriage returns
// out of comments and raw strings.
func (s *syntax) width(start int, tok token.Token, lit string) int {
	rest := s.text[start:]
	closing := ""
	switch {
	case tok == token.COMMENT && strings.HasPrefix(lit, "/*"):
		closing = "*/"
	case tok == token.STRING && strings.HasPrefix(lit, "`"):
		closing = "`"
	}
	if closing != "" {
		if i := bytes.Index(rest[len(closing):], []byte(closing)); i >= 0 {
			return i + 2*len(closing)
		}
	}
	return min(len(lit), len(rest))
}

// within returns the tokens of a declaration, its comments included.
func (s *syntax) within(all []word, decl ast.Decl) []word {
	start, end := s.extent(decl)
	var inside []word
	for i, w := range all {
		switch {
		case w.start >= end:
			return inside
		case w.start >= start:
			if len(inside) == 0 && i > 0 {
				inside = append(inside, all[i-1]) // for the white space in front of the first
			}
			inside = append(inside, w)
		}
	}
	return inside
}

// extent returns where a declaration begins, with its comment, and ends.
func (s *syntax) extent(decl ast.Decl) (start, end int) {
	from := decl.Pos()
	switch d := decl.(type) {
	case *ast.FuncDecl:
		from = docStart(d.Doc, from)
	case *ast.GenDecl:
		from = docStart(d.Doc, from)
	}
	file := s.fset.File(from)
	return file.Offset(from), file.Offset(decl.End())
}

func docStart(doc *ast.CommentGroup, otherwise token.Pos) token.Pos {
	if doc == nil {
		return otherwise
	}
	return doc.Pos()
}
