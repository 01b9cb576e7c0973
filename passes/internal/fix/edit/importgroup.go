package edit

import (
	"cmp"
	"go/ast"
	"go/token"
	"slices"
	"strconv"
	"strings"

	"golang.org/x/tools/go/analysis"

	"github.com/killcheck/killcheck/analyzer/code"
)

// An importGroup is the imports of one declaration that no empty line separates.
type importGroup []*ast.ImportSpec

// addImports returns the edits that import packages, whose paths are sorted. Each
// goes where a person would put it: to the packages that are most like it, in the
// order of the paths. If the file has only packages of the other kind, of the
// standard library or not, there will be a new group.
func (f *File) addImports(paths []string) []analysis.TextEdit {
	var decls []*ast.GenDecl
	var groups []importGroup
	for _, decl := range f.Syntax.Decls {
		d, ok := decl.(*ast.GenDecl)
		if !ok || d.Tok != token.IMPORT {
			break
		}
		decls = append(decls, d)
		if d.Lparen.IsValid() {
			groups = append(groups, f.importGroups(d)...)
		}
	}
	switch {
	case len(decls) == 0:
		return f.firstImports(paths)
	case len(groups) > 0:
		return f.toGroups(groups, paths)
	case len(decls) == 1 && f.FirstOnLine(decls[0].Pos()):
		if end, ok := f.LineEnd(decls[0].End()); ok {
			return inParentheses(decls[0], end, paths)
		}
	}
	var edits []analysis.TextEdit
	for _, path := range paths {
		next := decls[0]
		for _, d := range decls {
			if d.Doc == nil && importPath(d.Specs[0]) < path {
				next = d
			}
		}
		if importPath(next.Specs[0]) < path {
			edits = append(edits, f.After(next.End(), "", "", "import "+strconv.Quote(path)))
		} else {
			edits = append(edits, Insert(next.Pos(), "import "+strconv.Quote(path)+"\n"))
		}
	}
	return edits
}

// firstImports adds a declaration below the package clause.
func (f *File) firstImports(paths []string) []analysis.TextEdit {
	lines := []string{"", "import " + strconv.Quote(paths[0])}
	if len(paths) > 1 {
		lines = []string{"", "import ("}
		for i, path := range paths {
			if i > 0 && isStandard(path) != isStandard(paths[i-1]) {
				lines = append(lines, "")
			}
			lines = append(lines, "\t"+strconv.Quote(path))
		}
		lines = append(lines, ")")
	}
	return []analysis.TextEdit{f.After(f.Syntax.Name.End(), "", "", lines...)}
}

// inParentheses makes a declaration of one import, whose line has the given end,
// one of several.
func inParentheses(decl *ast.GenDecl, end token.Pos, paths []string) []analysis.TextEdit {
	there := importPath(decl.Specs[0])
	before, after := "(\n\t", ""
	for i, path := range paths {
		quoted := strconv.Quote(path)
		switch {
		case importOrder(path, there) < 0:
			next := there
			if i+1 < len(paths) && importOrder(paths[i+1], there) < 0 {
				next = paths[i+1]
			}
			before += quoted + importBreak(path, next)
		case after == "":
			after = importBreak(there, path) + quoted
		default:
			after += importBreak(paths[i-1], path) + quoted
		}
	}
	return []analysis.TextEdit{Insert(decl.Specs[0].Pos(), before), Insert(end, after+"\n)")}
}

// importOrder compares paths: the standard library comes first.
func importOrder(a, b string) int {
	if isStandard(a) != isStandard(b) {
		if isStandard(a) {
			return -1
		}
		return 1
	}
	return cmp.Compare(a, b)
}

// importBreak returns what stands between two imports.
func importBreak(a, b string) string {
	if isStandard(a) != isStandard(b) {
		return "\n\n\t"
	}
	return "\n\t"
}

// isStandard reports whether a path is that of a package of the standard library:
// others have a dot in their first element, where the go command may download
// them.
func isStandard(path string) bool { return code.IsStd(path, "") }

func importPath(spec ast.Spec) string {
	path, err := strconv.Unquote(spec.(*ast.ImportSpec).Path.Value)
	if err != nil {
		return "" // does not parse
	}
	return path
}

// importGroups returns the groups of a declaration in parentheses.
func (f *File) importGroups(decl *ast.GenDecl) []importGroup {
	var groups []importGroup
	for i, s := range decl.Specs {
		spec := s.(*ast.ImportSpec)
		if i == 0 || f.Line(top(spec)) > f.Line(decl.Specs[i-1].End())+1 {
			groups = append(groups, nil)
		}
		last := len(groups) - 1
		groups[last] = append(groups[last], spec)
	}
	return groups
}

// top returns the start of an import with the comment above it.
func top(spec *ast.ImportSpec) token.Pos {
	if spec.Doc != nil {
		return spec.Doc.Pos()
	}
	return spec.Pos()
}

// A seat is a place for imports, and the layout around them.
type seat struct {
	pos        token.Pos
	head, tail string
}

// toGroups adds imports to the groups that suit them.
func (f *File) toGroups(groups []importGroup, paths []string) []analysis.TextEdit {
	var edits []analysis.TextEdit
	var seats []seat
	lines := make(map[seat][]string)
	for _, path := range paths {
		quoted := strconv.Quote(path)
		s, ok := f.seat(groups, path)
		if !ok {
			edits = append(edits, f.After(lastOf(groups).End(), "\t", "\t", quoted))
			continue
		}
		if lines[s] == nil {
			seats = append(seats, s)
		}
		lines[s] = append(lines[s], quoted)
	}
	// A new group at the top comes before what joins the next one, and a new one at
	// the end behind what joins the one before it.
	slices.SortStableFunc(seats, func(a, b seat) int {
		return cmp.Or(cmp.Compare(len(b.tail), len(a.tail)), cmp.Compare(len(a.head), len(b.head)))
	})
	for _, s := range seats {
		edits = append(edits, Insert(s.pos, s.head+strings.Join(lines[s], "\n\t")+s.tail))
	}
	return edits
}

func lastOf(groups []importGroup) *ast.ImportSpec {
	last := groups[len(groups)-1]
	return last[len(last)-1]
}

// seat returns the place for an import. ok is false if the imports are laid out in
// an unusual way.
func (f *File) seat(groups []importGroup, path string) (s seat, ok bool) {
	i := f.bestGroup(groups, path)
	if i < 0 && isStandard(path) {
		first := groups[0][0]
		return seat{top(first), "", "\n\n\t"}, f.FirstOnLine(top(first))
	}
	if i < 0 {
		end, ok := f.LineEnd(lastOf(groups).End())
		return seat{end, "\n\n\t", ""}, ok
	}
	for _, spec := range groups[i] {
		if importPath(spec) > path {
			return seat{top(spec), "", "\n\t"}, f.FirstOnLine(top(spec))
		}
	}
	end, ok := f.LineEnd(groups[i][len(groups[i])-1].End())
	return seat{end, "\n\t", ""}, ok
}

// bestGroup returns the group whose packages are most like one: of the same kind,
// with the longest common beginning of the path. Between equals, groups of the
// package's own module and those that are imported only for their effects come
// last. It is -1 if no group has the kind.
func (f *File) bestGroup(groups []importGroup, path string) int {
	best, score := -1, -1
	for i, group := range groups {
		for _, spec := range group {
			there := importPath(spec)
			if isStandard(there) != isStandard(path) || there == "C" {
				continue
			}
			value := 0
			if !isStandard(path) {
				value = 4 * common(there, path)
				if common(there, f.Pkg.Path()) < 2 {
					value++
				}
			}
			if spec.Name == nil || spec.Name.Name != "_" {
				value += 2
			}
			if value > score {
				best, score = i, value
			}
		}
	}
	return best
}

// common returns how many elements two paths begin with together.
func common(a, b string) int {
	x, y := strings.Split(a, "/"), strings.Split(b, "/")
	n := 0
	for n < len(x) && n < len(y) && x[n] == y[n] {
		n++
	}
	return n
}
