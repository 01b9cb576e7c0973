// Package edit holds what all families of fixes need: the file and the place of a
// remedy, its nodes, names, types and imports, edits of its text, the ways out of a
// function and what they skip, and an index of the package.
package edit

import (
	"go/ast"
	"go/token"
	"go/types"

	"golang.org/x/tools/go/analysis"

	"github.com/killcheck/killcheck/passes/internal/remedy"
)

// A File is the file that a fix changes.
type File struct {
	Fset   *token.FileSet
	Syntax *ast.File
	Others []*ast.File // the other files of the package
	Info   *types.Info
	Pkg    *types.Package
	Src    []byte // the text of the file, of the same version as Syntax

	// Text returns the text of another file of the package, or an error if that
	// file must not be edited. If it is nil, no other file is edited.
	Text func(*ast.File) ([]byte, error)

	// Owners returns all remedies of the package whose Op is Owner, Joins those
	// whose Op is Join: one fix may serve several. Nil stands for none.
	Owners, Joins func() []remedy.Remedy

	Ignored func(string) bool // reports whether a file that build constraints leave out has the name

	Families func(remedy.Op) Builder // those of all families, for fixes that need what another one does

	Index *Index // of the package; if it is nil, Build makes one

	Planned map[string]types.Type // expressions that will be right once the fix is made
}

// A Fix is a change that lets a goroutine stop.
type Fix struct {
	Message string // what it does: lower case, no full stop
	Edits   []analysis.TextEdit
	Exact   bool // until a stop is asked for, the program does just what it did
}

// A site is the place of one remedy: its file and the nodes around it,
// innermost first.
type Site struct {
	*File
	remedy.Remedy
	Path []ast.Node
}

// others returns the remedies that a function gives, if there is one.
func others(give func() []remedy.Remedy) []remedy.Remedy {
	if give == nil {
		return nil
	}
	return give()
}
