// Package directive reads the comments by which source code talks to killcheck:
//
//	//killcheck:ignore CHECK[,CHECK] -- reason
//	//killcheck:lifetime process -- reason
//
// A directive covers its own line, the line below its comment and, in the doc comment of
// a function, the whole function. The engine heeds lifetime and the checks heed
// ignore, so the grammar lives here, where both can reach it.
package directive

import (
	"go/ast"
	"go/token"
	"slices"
	"strings"
)

const prefix = "//killcheck:"

// The verbs.
const (
	Ignore   = "ignore"   // arguments: the names of checks
	Lifetime = "lifetime" // argument: how long the goroutine is meant to live
)

// Process is the only argument of [Lifetime]: as long as the process.
const Process = "process"

// A Directive is one comment.
type Directive struct {
	Pos, End token.Pos
	Verb     string
	Args     []string
	Reason   string
	Problem  string // what is wrong with it, lower case, no full stop; empty if it is well formed

	file     *token.File
	line     int       // its own line
	next     int       // the line below its comment group
	from, to token.Pos // the function it documents, if any
}

// Valid reports whether the directive is well formed. Others have no effect.
func (d *Directive) Valid() bool { return d.Problem == "" }

// Covers reports whether the directive speaks about pos.
func (d *Directive) Covers(pos token.Pos) bool {
	if d.from <= pos && pos < d.to {
		return true
	}
	if !pos.IsValid() || pos < token.Pos(d.file.Base()) || pos > token.Pos(d.file.Base()+d.file.Size()) {
		return false
	}
	line := d.file.PositionFor(pos, false).Line
	return line == d.line || line == d.next
}

// Has reports whether arg is one of the arguments.
func (d *Directive) Has(arg string) bool { return slices.Contains(d.Args, arg) }

// Collect returns the directives of the files, in their order. Ill-formed ones
// are among them.
func Collect(fset *token.FileSet, files []*ast.File) []*Directive {
	var all []*Directive
	for _, f := range files {
		docs := functionDocs(f)
		for _, group := range f.Comments {
			for _, c := range group.List {
				d := Parse(c.Text)
				if d == nil {
					continue // another comment
				}
				d.Pos, d.End = c.Pos(), c.End()
				d.file = fset.File(c.Pos())
				d.line = d.file.PositionFor(c.Pos(), false).Line
				d.next = d.file.PositionFor(group.End(), false).Line + 1
				if fn := docs[group]; fn != nil {
					d.from, d.to = fn.Pos(), fn.End()
				}
				all = append(all, d)
			}
		}
	}
	return all
}

func functionDocs(f *ast.File) map[*ast.CommentGroup]*ast.FuncDecl {
	docs := make(map[*ast.CommentGroup]*ast.FuncDecl)
	for _, decl := range f.Decls {
		if fn, ok := decl.(*ast.FuncDecl); ok && fn.Doc != nil {
			docs[fn.Doc] = fn
		}
	}
	return docs
}

// Parse reads the text of one comment, slashes included. It returns nil if the
// comment is no killcheck directive.
func Parse(text string) *Directive {
	rest, ok := strings.CutPrefix(text, prefix)
	if !ok {
		return nil
	}
	head, reason, hasReason := strings.Cut(rest, "--")
	verb, args, _ := strings.Cut(strings.TrimSpace(head), " ")
	d := &Directive{Verb: verb, Reason: strings.TrimSpace(reason)}
	for arg := range strings.SplitSeq(args, ",") {
		if arg = strings.TrimSpace(arg); arg != "" {
			d.Args = append(d.Args, arg)
		}
	}
	d.Problem = d.problem(hasReason)
	return d
}

func (d *Directive) problem(hasReason bool) string {
	switch {
	case d.Verb != Ignore && d.Verb != Lifetime:
		return "unknown directive " + quote(d.Verb) + ": want ignore or lifetime"
	case len(d.Args) == 0 && d.Verb == Ignore:
		return "ignore names no check: want //killcheck:ignore CHECK -- reason"
	case d.Verb == Lifetime && (len(d.Args) != 1 || d.Args[0] != Process):
		return "unknown lifetime: want //killcheck:lifetime process -- reason"
	case !hasReason || d.Reason == "":
		return "reason is missing: want //killcheck:" + d.Verb + " " + strings.Join(d.Args, ",") + " -- reason"
	}
	for _, arg := range d.Args {
		if strings.ContainsAny(arg, " \t") {
			return "names of checks are separated by commas: " + quote(arg)
		}
	}
	return ""
}

func quote(s string) string { return `"` + s + `"` }
