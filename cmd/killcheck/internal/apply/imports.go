package apply

import (
	"go/ast"
	"go/parser"
	"go/token"
	"path"
	"regexp"
	"slices"
	"strconv"
	"strings"
)

// An importEdit is the text of an insertion that only adds imports: lines, one
// for each import, with line breaks around them.
type importEdit struct {
	head, tail string   // white space; head may end in "import (" and tail begin with ")"
	between    string   // what stands between two lines
	lines      []string // such as `"fmt"`, `f "fmt"` and `import "fmt"`
}

var importLines = regexp.MustCompile(`^(\s*(?:(?:import )?\()?\s*)((?:import )?(?:[\w.]+ )?"[^"\s]+"(?:\s+(?:import )?(?:[\w.]+ )?"[^"\s]+")*)(\s*\)?\s*)$`)

// joinImports makes one edit of two that add imports at the same place. ok is
// false if they are something else.
func joinImports(a, b edit) (both edit, ok bool) {
	if a.start != b.start || a.end != b.end || a.start != a.end {
		return edit{}, false
	}
	x, okX := readImports(a.text)
	y, okY := readImports(b.text)
	if !okX || !okY || x.head != y.head || x.tail != y.tail {
		return edit{}, false
	}
	for _, line := range y.lines {
		if !slices.Contains(x.lines, line) {
			x.lines = append(x.lines, line)
		}
	}
	slices.SortFunc(x.lines, func(a, b string) int { return strings.Compare(importPath(a), importPath(b)) })
	return edit{a.start, a.end, x.head + strings.Join(x.lines, x.between) + x.tail}, true
}

func readImports(text string) (importEdit, bool) {
	m := importLines.FindStringSubmatch(text)
	if m == nil {
		return importEdit{}, false
	}
	e := importEdit{head: m[1], tail: m[3]}
	for line := range strings.Lines(m[2]) {
		e.lines = append(e.lines, strings.TrimSpace(line))
	}
	// The lines are indented as the one before or behind them.
	white := e.tail
	if strings.Contains(e.head, "\n") {
		white = e.head
	}
	i := strings.LastIndexByte(white, '\n')
	if i < 0 {
		return importEdit{}, false
	}
	e.between = white[i:]
	if i > 0 && white[i-1] == '\r' {
		e.between = white[i-1:]
	}
	return e, true
}

func importPath(line string) string { return line[strings.IndexByte(line, '"'):] }

// withoutUnused removes the imports that the old text used and the new one does
// not, and those that the new one has twice.
func withoutUnused(old, text []byte) ([]byte, error) {
	was, err := parser.ParseFile(token.NewFileSet(), "", old, parser.SkipObjectResolution)
	if err != nil {
		return nil, err
	}
	fset := token.NewFileSet()
	now, err := parser.ParseFile(fset, "", text, parser.SkipObjectResolution|parser.ParseComments)
	if err != nil {
		return nil, err
	}
	used, uses := qualifiers(was), qualifiers(now)
	seen := make(map[string]bool)
	var drop []*ast.ImportSpec
	for _, spec := range now.Imports {
		name := importName(spec)
		key := name + " " + spec.Path.Value
		if used[name] && !uses[name] || seen[key] {
			drop = append(drop, spec)
		}
		seen[key] = true
	}
	// From the end, so that offsets stay right.
	for _, decl := range slices.Backward(now.Decls) {
		if group, ok := decl.(*ast.GenDecl); ok && group.Tok == token.IMPORT {
			text = dropImports(fset, text, group, drop)
		}
	}
	return text, nil
}

// qualifiers returns the names in front of selectors.
func qualifiers(file *ast.File) map[string]bool {
	names := make(map[string]bool)
	ast.Inspect(file, func(n ast.Node) bool {
		if sel, ok := n.(*ast.SelectorExpr); ok {
			if id, ok := sel.X.(*ast.Ident); ok {
				names[id.Name] = true
			}
		}
		return true
	})
	return names
}

// importName returns the name by which a file knows an import. Without types it
// is guessed, by the customs of Go, from the path; a wrong guess is a name that
// no selector has, so that the import stays.
func importName(spec *ast.ImportSpec) string {
	if spec.Name != nil {
		return spec.Name.Name
	}
	at, err := strconv.Unquote(spec.Path.Value)
	if err != nil {
		return ""
	}
	name := path.Base(at)
	if version.MatchString(name) && path.Dir(at) != "." {
		name = path.Base(path.Dir(at))
	}
	name, _, _ = strings.Cut(name, ".") // yaml.v3
	return strings.TrimSuffix(strings.TrimPrefix(name, "go-"), "-go")
}

var version = regexp.MustCompile(`^v[0-9]+$`)

// dropImports removes some imports of one declaration from a text: their lines,
// and the declaration if it has no others.
func dropImports(fset *token.FileSet, text []byte, group *ast.GenDecl, drop []*ast.ImportSpec) []byte {
	dropped := func(spec ast.Spec) bool { return slices.Contains(drop, spec.(*ast.ImportSpec)) }
	offset := func(pos token.Pos) int { return fset.File(pos).Offset(pos) }
	kept := slices.ContainsFunc(group.Specs, func(s ast.Spec) bool { return !dropped(s) })
	switch {
	case !slices.ContainsFunc(group.Specs, dropped):
		return text
	case !kept:
		return cutLines(text, offset(group.Pos()), offset(group.End()))
	}
	for _, s := range slices.Backward(group.Specs) {
		if !dropped(s) {
			continue
		}
		from, to := s.Pos(), s.End()
		if doc := s.(*ast.ImportSpec).Doc; doc != nil {
			from = doc.Pos()
		}
		if comment := s.(*ast.ImportSpec).Comment; comment != nil {
			to = comment.End()
		}
		text = cutLines(text, offset(from), offset(to))
	}
	return text
}

// cutLines removes what stands between two offsets, with its lines if nothing
// else stands on them, and the empty line that would be left over.
func cutLines(text []byte, from, to int) []byte {
	blank := func(b []byte) bool { return len(strings.TrimSpace(string(b))) == 0 }
	start := lineStart(text, from)
	end := lineEnd(text, to)
	if !blank(text[start:from]) || !blank(text[to:end]) {
		// With the semicolon that follows, if one does.
		if rest := strings.TrimLeft(string(text[to:end]), " \t"); strings.HasPrefix(rest, ";") {
			to = end - len(rest) + 1
		}
		return slices.Concat(text[:from], text[to:])
	}
	above := text[lineStart(text, start-1):start]
	below := text[end:lineEnd(text, end)]
	opens := strings.HasSuffix(strings.TrimSpace(string(above)), "(")
	closes := strings.HasPrefix(strings.TrimSpace(string(below)), ")")
	switch {
	case len(below) > 0 && blank(below) && (blank(above) || opens):
		end += len(below)
	case closes && len(above) > 0 && blank(above):
		start -= len(above)
	}
	return slices.Concat(text[:start], text[end:])
}

// lineStart returns where the line of an offset begins.
func lineStart(text []byte, offset int) int {
	for offset > 0 && text[offset-1] != '\n' {
		offset--
	}
	return max(offset, 0)
}

// lineEnd returns where the line after that of an offset begins.
func lineEnd(text []byte, offset int) int {
	for offset < len(text) && text[offset] != '\n' {
		offset++
	}
	return min(offset+1, len(text))
}
