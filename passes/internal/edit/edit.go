// Package edit turns remedies into text edits.
//
// Every builder inserts text around the source that is there and never prints a
// body anew, so comments, labels and defers survive. A builder that cannot do
// its job exactly returns an error, and no fix is offered.
//
// A fix is exact if the program does just what it did until a stop is asked
// for. What makes a fix inexact is said where it is decided; such a fix is for
// review only.
package edit

import (
	"bytes"
	"fmt"
	"go/ast"
	"go/token"
	"go/types"
	"strings"

	"golang.org/x/tools/go/analysis"
	"golang.org/x/tools/go/ast/astutil"

	"github.com/killcheck/killcheck/analyzer/lifetime"
)

// A File is the file that a fix changes.
type File struct {
	Fset   *token.FileSet
	Syntax *ast.File
	Info   *types.Info
	Pkg    *types.Package
	Src    []byte // the text of the file, of the same version as Syntax
}

// A Fix is a change that lets a goroutine stop.
type Fix struct {
	Message string // what it does: lower case, no full stop
	Edits   []analysis.TextEdit
	Exact   bool // until a stop is asked for, the program does just what it did
}

// Build returns the fix for a remedy. The error says why there is none.
func Build(f *File, r lifetime.Remedy) (Fix, error) {
	build := builder(r.Op)
	if build == nil {
		return Fix{}, fmt.Errorf("no builder for %q", r.Op)
	}
	path, _ := astutil.PathEnclosingInterval(f.Syntax, r.Pos, r.Pos)
	if len(path) == 0 {
		return Fix{}, fmt.Errorf("position outside the file")
	}
	fix, err := build(&site{File: f, Remedy: r, path: path})
	if err != nil {
		return Fix{}, err
	}
	fix.Exact = fix.Exact && r.Safe
	return fix, nil
}

// A site is the place of one remedy: its file and the nodes around it,
// innermost first.
type site struct {
	*File
	lifetime.Remedy
	path []ast.Node
}

func builder(op lifetime.Op) func(*site) (Fix, error) {
	switch op {
	case lifetime.EmptySelect:
		return emptySelect
	}
	return nil
}

// enclosing returns the innermost node of type T around the remedy and the
// nodes around that one.
func enclosing[T ast.Node](s *site) (node T, outer []ast.Node, ok bool) {
	for i, n := range s.path {
		if node, ok := n.(T); ok {
			return node, s.path[i+1:], true
		}
	}
	return node, nil, false
}

// text returns the source between two positions.
func (f *File) text(from, to token.Pos) string {
	return string(f.Src[f.offset(from):f.offset(to)])
}

func (f *File) offset(pos token.Pos) int { return f.Fset.File(pos).Offset(pos) }

// indent returns the white space at the start of the line of pos.
func (f *File) indent(pos token.Pos) string {
	line := f.Src[bytes.LastIndexByte(f.Src[:f.offset(pos)], '\n')+1:]
	return string(line[:len(line)-len(bytes.TrimLeft(line, " \t"))])
}

// lines joins lines of code that replace a statement whose line is indented by
// indent: the first stands where the statement stood.
func lines(indent string, code ...string) string {
	return strings.Join(code, "\n"+indent)
}

func replace(from, to token.Pos, text string) analysis.TextEdit {
	return analysis.TextEdit{Pos: from, End: to, NewText: []byte(text)}
}

func insert(pos token.Pos, text string) analysis.TextEdit { return replace(pos, pos, text) }
