package report

import (
	"cmp"
	"errors"
	"go/ast"
	"go/parser"
	"go/token"
	"go/types"
	"slices"
	"strings"

	"golang.org/x/tools/go/analysis"
)

// maxChecks is how often the edited package is checked for types. What is left then is
// not known to compile.
const maxChecks = 64

// A compiler finds out with which fixes a package compiles: of most packages by one check
// for types with all fixes together, and where that fails by halves.
type compiler struct {
	c    *check
	left int // how often the package may still be checked
}

// compiling returns the fixes with each of which the package compiles.
func (c *check) compiling(fixes []*analysis.SuggestedFix) map[*analysis.SuggestedFix]bool {
	good := make(map[*analysis.SuggestedFix]bool)
	k := &compiler{c, maxChecks}
	for len(fixes) > 0 {
		together, rest := apart(fixes)
		k.halves(together, good)
		fixes = rest
	}
	return good
}

// halves notes which of the fixes, whose edits do not overlap, compile.
func (k *compiler) halves(fixes []*analysis.SuggestedFix, good map[*analysis.SuggestedFix]bool) {
	if len(fixes) == 0 || k.left == 0 {
		return
	}
	k.left--
	if k.compiles(fixes) {
		for _, f := range fixes {
			good[f] = true
		}
	} else if n := len(fixes); n > 1 {
		k.halves(fixes[:n/2], good)
		k.halves(fixes[n/2:], good)
	}
}

// apart returns fixes whose edits do not overlap, and the rest. One edit that several
// fixes make alike, such as that of an import, is one.
func apart(fixes []*analysis.SuggestedFix) (together, rest []*analysis.SuggestedFix) {
	type place struct{ pos, end token.Pos }
	taken := make(map[place]string)
	var spans []place // sorted, of those taken
	for _, f := range fixes {
		fits := !slices.ContainsFunc(f.TextEdits, func(e analysis.TextEdit) bool {
			at := place{e.Pos, max(e.Pos, e.End)}
			if text, same := taken[at]; same {
				return text != string(e.NewText)
			}
			i, _ := slices.BinarySearchFunc(spans, at.pos, func(p place, pos token.Pos) int { return cmp.Compare(p.pos, pos) })
			return i < len(spans) && spans[i].pos <= at.end || i > 0 && spans[i-1].end >= at.pos
		})
		if !fits {
			rest = append(rest, f)
			continue
		}
		together = append(together, f)
		for _, e := range f.TextEdits {
			at := place{e.Pos, max(e.Pos, e.End)}
			if _, same := taken[at]; !same {
				taken[at] = string(e.NewText)
				i, _ := slices.BinarySearchFunc(spans, at.pos, func(p place, pos token.Pos) int { return cmp.Compare(p.pos, pos) })
				spans = slices.Insert(spans, i, at)
			}
		}
	}
	return together, rest
}

// errNotImported stands for a package that the analysed one does not import, and of which
// not all is known: what a fix uses of it is taken for right.
var errNotImported = errors.New("not imported before")

// compiles reports whether the package has no type errors with all of the fixes.
func (k *compiler) compiles(fixes []*analysis.SuggestedFix) bool {
	pass := k.c.pass
	edits := make(map[*ast.File][]analysis.TextEdit)
	for _, f := range fixes {
		for _, e := range f.TextEdits {
			file := k.c.files.At(e.Pos)
			if file == nil {
				return false
			}
			edits[file.Syntax] = append(edits[file.Syntax], e)
		}
	}
	fset := token.NewFileSet()
	for _, f := range pass.Files {
		fset.AddExistingFiles(pass.Fset.File(f.FileStart))
	}
	files := slices.Clone(pass.Files)
	for i, f := range files {
		if len(edits[f]) == 0 {
			continue
		}
		text, err := k.c.text(f)
		if err != nil {
			return false
		}
		name := pass.Fset.File(f.FileStart).Name()
		if files[i], err = parser.ParseFile(fset, name, k.edited(f, text, edits[f]), parser.SkipObjectResolution); err != nil {
			return false
		}
	}
	known := make(map[string]*types.Package)
	for _, p := range pass.Pkg.Imports() {
		known[p.Path()] = p
	}
	ok := true
	config := types.Config{
		GoVersion: pass.Pkg.GoVersion(),
		Sizes:     pass.TypesSizes,
		Importer:  imported(known),
		Error: func(err error) {
			ok = ok && strings.Contains(err.Error(), errNotImported.Error())
		},
	}
	_, _ = config.Check(pass.Pkg.Path(), fset, files, nil) // Error is called for each
	return ok
}

// edited returns the text of the file with the edits, which do not overlap.
func (k *compiler) edited(f *ast.File, text []byte, edits []analysis.TextEdit) []byte {
	slices.SortStableFunc(edits, func(a, b analysis.TextEdit) int { return cmp.Compare(a.Pos, b.Pos) })
	edits = slices.CompactFunc(edits, func(a, b analysis.TextEdit) bool {
		return a.Pos == b.Pos && a.End == b.End && string(a.NewText) == string(b.NewText)
	})
	var out []byte
	last := 0
	for _, e := range edits {
		from, to := int(e.Pos-f.FileStart), int(max(e.Pos, e.End)-f.FileStart)
		out = append(append(out, text[last:from]...), e.NewText...)
		last = to
	}
	return append(out, text[last:]...)
}

// imported is an importer of packages that are there already.
type imported map[string]*types.Package

func (m imported) Import(path string) (*types.Package, error) {
	if path == "unsafe" {
		return types.Unsafe, nil
	}
	if p := m[path]; p != nil {
		return p, nil
	}
	return nil, errNotImported
}
