// Package directive reads the comments by which source code talks to killcheck:
//
//	//killcheck:ignore CHECK[,CHECK] -- reason
//	//killcheck:lifetime process -- reason
//	//nolint:killcheck // reason
//
// The last is the form of golangci-lint, and ignores all checks.
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

const (
	prefix = "//killcheck:"
	nolint = "//nolint:"
	linter = "killcheck" // the name of the linter in a nolint comment
)

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
	All      bool // of a nolint comment: all checks, without Args
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

// An Index finds directives by what they cover.
type Index struct {
	lines     map[*token.File]map[int][]*Directive
	files     []*token.File // of the directives, by position
	functions []*Directive  // those of functions, by position
	order     map[*Directive]int
}

// NewIndex returns an index of the directives.
func NewIndex(all []*Directive) *Index {
	x := &Index{lines: make(map[*token.File]map[int][]*Directive), order: make(map[*Directive]int)}
	for i, d := range all {
		x.order[d] = i
		if d.from < d.to {
			x.functions = append(x.functions, d)
		}
		if x.lines[d.file] == nil {
			x.lines[d.file] = make(map[int][]*Directive)
			x.files = append(x.files, d.file)
		}
		for _, line := range []int{d.line, d.next} {
			x.lines[d.file][line] = append(x.lines[d.file][line], d)
		}
	}
	slices.SortFunc(x.files, func(a, b *token.File) int { return a.Base() - b.Base() })
	slices.SortStableFunc(x.functions, func(a, b *Directive) int { return int(a.from - b.from) })
	return x
}

// At returns the directives that cover pos, in the order in which they were given.
func (x *Index) At(pos token.Pos) []*Directive {
	var found []*Directive
	i, _ := slices.BinarySearchFunc(x.functions, pos, func(d *Directive, pos token.Pos) int { return int(d.to - pos - 1) })
	for ; i < len(x.functions) && x.functions[i].from <= pos; i++ {
		found = append(found, x.functions[i])
	}
	i, _ = slices.BinarySearchFunc(x.files, pos, func(f *token.File, pos token.Pos) int { return f.Base() + f.Size() - int(pos) })
	if i < len(x.files) && pos.IsValid() && x.files[i].Base() <= int(pos) {
		found = append(found, x.lines[x.files[i]][x.files[i].PositionFor(pos, false).Line]...)
	}
	slices.SortFunc(found, func(a, b *Directive) int { return x.order[a] - x.order[b] })
	return slices.Compact(found)
}

// Has reports whether arg is one of the arguments, or all are meant.
func (d *Directive) Has(arg string) bool { return d.All || slices.Contains(d.Args, arg) }

// String returns the directive without its reason, for people.
func (d *Directive) String() string {
	if d.All {
		return d.Verb + " all"
	}
	return d.Verb + " " + strings.Join(d.Args, ",")
}

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
// comment is no killcheck directive. One that is meant as such but has another form
// is ill-formed.
func Parse(text string) *Directive {
	if list, ok := strings.CutPrefix(text, nolint); ok {
		return parseNolint(list)
	}
	rest, ok := strings.CutPrefix(text, prefix)
	if !ok {
		return nearMiss(text)
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

// parseNolint reads what follows "//nolint:".
func parseNolint(text string) *Directive {
	list, rest, _ := strings.Cut(strings.TrimSpace(text), " ")
	list, glued, _ := strings.Cut(list, "//")
	if !slices.Contains(strings.Split(list, ","), linter) {
		return nil
	}
	reason := strings.TrimSpace(glued + " " + rest)
	d := &Directive{Verb: Ignore, All: true, Reason: strings.TrimSpace(strings.TrimPrefix(reason, "//"))}
	if d.Reason == "" {
		d.Problem = "reason is missing: want //nolint:" + list + " // reason"
	}
	return d
}

// nearMiss reads a comment that is a directive but for its form: with blanks behind
// the slashes, in a block comment, or with another spelling of the name. It returns
// nil for a sentence that only begins like one.
func nearMiss(text string) *Directive {
	body, ok := strings.CutPrefix(text, "//")
	how := "blank after the slashes"
	if !ok {
		body, how = strings.TrimSuffix(strings.TrimPrefix(text, "/*"), "*/"), "block comment"
	} else if strings.TrimLeft(body, " \t") == body {
		how = "name or colon is wrong"
	}
	trimmed := strings.TrimSpace(body)
	if len(trimmed) <= len(linter) || !strings.EqualFold(trimmed[:len(linter)], linter) || strings.Contains(trimmed, "\n") {
		return nil
	}
	mark, rest := trimmed[len(linter)], trimmed[len(linter)+1:]
	explained := strings.Contains(rest, "--")
	sentence := !explained && (mark == ' ' || len(strings.Fields(trimmed)) > 2)
	if sentence || mark != ':' && mark != ' ' {
		return nil
	}
	want := prefix + strings.TrimSpace(rest)
	d := Parse(want)
	if d.Verb != Ignore && d.Verb != Lifetime {
		return nil
	}
	d.Problem = how + ", so it has no effect: want " + want
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
		return "reason is missing: want //killcheck:" + d.Verb + " " + beforeDash(strings.Join(d.Args, ",")) + " -- reason"
	}
	for _, arg := range d.Args {
		if strings.ContainsAny(arg, " \t") {
			return "names of checks are separated by commas: " + quote(arg)
		}
	}
	return ""
}

// beforeDash returns what stands before a dash that was meant to begin the reason.
func beforeDash(args string) string {
	for _, dash := range []string{" - ", " – ", " — "} {
		args, _, _ = strings.Cut(args, dash)
	}
	return args
}

func quote(s string) string { return `"` + s + `"` }
