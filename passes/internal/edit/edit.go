// Package edit turns remedies into text edits.
//
// Every builder inserts text around the source that is there and never prints a
// body anew, so comments, labels and defers survive. A builder that cannot be
// sure of its work returns an error, and no fix is offered.
//
// A fix is exact if the program does just what it did until a stop is asked
// for, and the way out that it adds skips nothing that somebody may wait for
// (see leave.go). Other fixes are for review only.
package edit

import (
	"errors"
	"fmt"
	"go/ast"
	"go/token"
	"go/types"
	"slices"

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

	Index *Index // of the package; if it is nil, Build makes one

	planned map[string]types.Type // expressions that will be right once the fix is made
}

// A Fix is a change that lets a goroutine stop.
type Fix struct {
	Message string // what it does: lower case, no full stop
	Edits   []analysis.TextEdit
	Exact   bool // until a stop is asked for, the program does just what it did
}

// Build returns the fix for a remedy. The error says why there is none.
func Build(f *File, r remedy.Remedy) (Fix, error) {
	build := builder(r.Op)
	if build == nil {
		return Fix{}, fmt.Errorf("no builder for %q", r.Op)
	}
	if f.Index == nil {
		f.Index = NewIndex(f)
	}
	path := pathAt(f.Syntax, r.Pos)
	if len(path) == 0 {
		return Fix{}, errors.New("position outside the file")
	}
	fix, err := build(&site{File: f, Remedy: r, path: path})
	if err != nil {
		return Fix{}, err
	}
	if fix.Edits, err = f.placeImports(fix.Edits); err != nil {
		return Fix{}, err
	}
	fix.Edits = merge(fix.Edits)
	fix.Exact = fix.Exact && r.Safe
	return fix, nil
}

func builder(op remedy.Op) func(*site) (Fix, error) {
	switch op {
	case remedy.Loop:
		return loop
	case remedy.EmptySelect:
		return emptySelect
	case remedy.Select:
		return selectCase
	case remedy.Send:
		return send
	case remedy.Recv:
		return recv
	case remedy.Range:
		return rangeChannel
	case remedy.Sleep:
		return sleep
	case remedy.CtxForm:
		return ctxForm
	case remedy.Make:
		return capacity
	case remedy.Break:
		return breakLoop
	case remedy.Promote:
		return promote
	case remedy.Owner:
		return owner
	case remedy.LeaveCase:
		return leaveCase
	case remedy.Interrupt:
		return interrupt
	case remedy.EndError:
		return endError
	case remedy.WaitDelay:
		return waitDelay
	case remedy.CloseChan:
		return closeChan
	case remedy.Cancel:
		return cancelContext
	case remedy.Broadcast:
		return broadcast
	case remedy.Unlock:
		return unlock
	case remedy.Release:
		return release
	case remedy.CloseValue:
		return closeValue
	case remedy.Done:
		return done
	case remedy.RaiseFlag:
		return raiseFlag
	case remedy.Forward:
		return forward
	case remedy.Join:
		return join
	}
	return nil
}

// A site is the place of one remedy: its file and the nodes around it,
// innermost first.
type site struct {
	*File
	remedy.Remedy
	path []ast.Node
}

// enclosing returns the innermost node of type T around the remedy, within the
// innermost function, and the nodes around that one.
func enclosing[T ast.Node](s *site) (node T, outer []ast.Node, ok bool) {
	for i, n := range s.path {
		if node, ok := n.(T); ok {
			return node, s.path[i+1:], true
		}
		if isFunc(n) {
			break
		}
	}
	return node, nil, false
}

func isFunc(n ast.Node) bool {
	switch n.(type) {
	case *ast.FuncDecl, *ast.FuncLit:
		return true
	}
	return false
}

// standsAlone reports whether a statement with these nodes around it is one of
// a list, so that other statements may take its place.
func standsAlone(outer []ast.Node) bool {
	if len(outer) == 0 {
		return false
	}
	switch outer[0].(type) {
	case *ast.BlockStmt, *ast.CaseClause:
		return true
	case *ast.CommClause:
		return true // callers have dealt with the communication itself
	case *ast.LabeledStmt:
		return standsAlone(outer[1:])
	}
	return false
}

func replace(from, to token.Pos, text string) analysis.TextEdit {
	return analysis.TextEdit{Pos: from, End: to, NewText: []byte(text)}
}

func insert(pos token.Pos, text string) analysis.TextEdit { return replace(pos, pos, text) }

// merge sorts edits and joins those that touch: drivers may take two edits at
// one place for a conflict.
func merge(edits []analysis.TextEdit) []analysis.TextEdit {
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

// others returns the remedies that a function gives, if there is one.
func others(give func() []remedy.Remedy) []remedy.Remedy {
	if give == nil {
		return nil
	}
	return give()
}

type textEdit = analysis.TextEdit
