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

	"github.com/killcheck/killcheck/passes/internal/fix/edit"
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
	var taken []analysis.TextEdit // sorted; they do not touch
	next := func(e analysis.TextEdit) (i int, same bool) {
		i, _ = slices.BinarySearchFunc(taken, e.Pos, func(t analysis.TextEdit, pos token.Pos) int { return cmp.Compare(t.Pos, pos) })
		return i, i < len(taken) && edit.Same(taken[i], e)
	}
	touches := func(e analysis.TextEdit) bool {
		i, same := next(e)
		return !same && (i < len(taken) && taken[i].Pos <= e.End || i > 0 && taken[i-1].End >= e.Pos)
	}
	for _, f := range fixes {
		if slices.ContainsFunc(f.TextEdits, touches) {
			rest = append(rest, f)
			continue
		}
		together = append(together, f)
		for _, e := range f.TextEdits {
			if i, same := next(e); !same {
				taken = slices.Insert(taken, i, e)
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
		if files[i], err = parser.ParseFile(fset, name, edit.Apply(text, f.FileStart, edits[f]), parser.SkipObjectResolution); err != nil {
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
