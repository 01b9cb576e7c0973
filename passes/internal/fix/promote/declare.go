package promote

import (
	"fmt"
	"strings"

	"golang.org/x/tools/go/analysis"

	"github.com/killcheck/killcheck/passes/internal/fix/edit"
)

// declare returns the edits that declare the worker, with the types of what
// travels where that is more than one value.
func (w *worker) declare(s *site) ([]analysis.TextEdit, error) {
	if w.known {
		return nil, nil
	}
	names := &edit.Namer{File: w.home, Pos: w.home.Syntax.Package}
	var b strings.Builder
	in, err := w.structOf(&b, names, "In", w.in)
	if err != nil {
		return nil, err
	}
	out, err := w.structOf(&b, names, "Out", w.out)
	if err != nil {
		return nil, err
	}
	ctxType, err := w.qualify(s, names, "context", "context", "Context")
	if err != nil {
		return nil, err
	}
	register, err := w.qualify(s, names, edit.PromotePath, "promote", "Register")
	if err != nil {
		return nil, err
	}
	ctx, param := "_", "in"
	if w.ctx >= 0 {
		ctx = "ctx"
	}
	if len(w.in) == 0 {
		param = "_"
	}
	fmt.Fprintf(&b, "\n\nvar %sWorker = %s(%q, func(%s %s, %s %s) (%s, error) {\n\t%s\n}%s)",
		w.name, register, s.Pkg.Path()+"."+w.name,
		ctx, ctxType, param, in, out, strings.Join(w.body(out), "\n\t"), w.sentinels(register))
	edits := names.Imports()
	if w.home.Holds(w.decl) {
		return append(edits, w.home.After(w.decl.End(), "", "", strings.Split(b.String(), "\n")[1:]...)), nil
	}
	return append(edits, edit.Insert(w.home.Syntax.FileEnd, b.String()[1:]+"\n")), nil
}

// qualify returns how a file writes the name of a package.
func (w *worker) qualify(s *site, names *edit.Namer, path, base, name string) (string, error) {
	pkg, err := names.PackageName(s.Imported(path, base))
	if err != nil || pkg == "" {
		return name, err
	}
	return pkg + "." + name, nil
}

// structOf returns the type that holds the fields, and writes its declaration if
// it needs one.
func (w *worker) structOf(b *strings.Builder, names *edit.Namer, suffix string, fields []field) (string, error) {
	if len(fields) == 0 {
		return "struct{}", nil
	}
	var lines []string
	for _, f := range fields {
		t, err := names.TypeName(f.typ)
		if err != nil {
			return "", err
		}
		if strings.Contains(t, "_C") {
			return "", fmt.Errorf("%s: a type of C", f.name)
		}
		if len(fields) == 1 {
			return t, nil
		}
		lines = append(lines, "\t"+f.name+" "+t+"\n")
	}
	fmt.Fprintf(b, "\n\ntype %s%s struct {\n%s}", w.name, suffix, strings.Join(align(lines), ""))
	return w.name + suffix, nil
}

// align puts the types of fields below one another, as gofmt does.
func align(lines []string) []string {
	width := 0
	for _, l := range lines {
		width = max(width, strings.Index(l, " "))
	}
	for i, l := range lines {
		name, t, _ := strings.Cut(l, " ")
		lines[i] = name + strings.Repeat(" ", width-len(name)+1) + t
	}
	return lines
}

// body returns the lines of the function that the child runs.
func (w *worker) body(out string) []string {
	input := func(f field) string {
		if len(w.in) == 1 {
			return "in"
		}
		return "in." + f.name
	}
	fun, rest := w.fn.Name(), w.in
	if w.fn.Signature().Recv() != nil {
		fun, rest = input(w.in[0])+"."+fun, w.in[1:]
	}
	var args []string
	for i := range w.fn.Signature().Params().Len() {
		if i == w.ctx {
			args = append(args, "ctx")
			continue
		}
		args, rest = append(args, input(rest[0])), rest[1:]
	}
	call := fun + "(" + strings.Join(args, ", ") + ")"
	switch {
	case len(w.out) > 1:
		var left []string
		for _, f := range w.out {
			left = append(left, "out."+f.name)
		}
		if w.fails {
			return []string{"var out " + out, "var err error", strings.Join(left, ", ") + ", err = " + call, "return out, err"}
		}
		return []string{"var out " + out, strings.Join(left, ", ") + " = " + call, "return out, nil"}
	case len(w.out) == 1 && w.fails:
		return []string{"return " + call}
	case len(w.out) == 1:
		return []string{"return " + call + ", nil"}
	case w.fails:
		return []string{"return struct{}{}, " + call}
	}
	return []string{call, "return struct{}{}, nil"}
}

// sentinels names the errors of the package that the function may return, so
// that errors.Is finds them in what comes back.
func (w *worker) sentinels(register string) string {
	if len(w.errors) == 0 {
		return ""
	}
	return ", " + strings.TrimSuffix(register, "Register") + "SentinelErrors(" + strings.Join(w.errors, ", ") + ")"
}
