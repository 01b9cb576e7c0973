package owner

import (
	"errors"
	"fmt"
	"go/ast"
	"go/format"
	"go/types"
	"slices"
	"strings"

	"golang.org/x/tools/go/analysis"

	"github.com/killcheck/killcheck/passes/internal/fix/edit"
)

// A subject is a struct type that gets a stop.
type subject struct {
	*types.Named
	file  *edit.File
	spec  *ast.TypeSpec
	body  *ast.StructType
	taken []string // names that the fix has given out
}

// subject finds the declaration of a type and makes sure that fields can be
// added to it: that nothing lists its fields without names, and that nothing
// copies it, since the new fields must not be copied.
func (p *plan) subject(typ *types.Named) (*subject, error) {
	path := p.path(typ.Obj().Pos())
	for _, n := range path {
		spec, ok := n.(*ast.TypeSpec)
		if !ok {
			continue
		}
		body, ok := spec.Type.(*ast.StructType)
		if !ok {
			return nil, errors.New("the type that owns the goroutine is declared by way of another")
		}
		f, err := p.at(spec.Pos())
		if err != nil {
			return nil, err
		}
		return &subject{Named: typ, file: f, spec: spec, body: body}, p.extendable(typ)
	}
	return nil, errors.New("the type that owns the goroutine has no declaration")
}

func (p *plan) extendable(typ *types.Named) error {
	var problem error
	is := func(e ast.Expr) bool {
		tv, ok := p.Info.Types[e]
		return ok && tv.Type != nil && !isPointer(tv.Type) && p.structOf(tv.Type, true) == typ
	}
	copies := func(list ...ast.Expr) {
		for _, e := range list {
			if e == nil || !is(e) || p.Info.Types[e].IsType() {
				continue
			}
			if _, made := ast.Unparen(e).(*ast.CompositeLit); !made {
				problem = fmt.Errorf("%s is copied, which a type with a Stop must not be", typ.Obj().Name())
			}
		}
	}
	visit := func(n ast.Node) bool {
		switch n := n.(type) {
		case *ast.CompositeLit:
			if is(n) && len(n.Elts) > 0 {
				if _, ok := n.Elts[0].(*ast.KeyValueExpr); !ok {
					problem = fmt.Errorf("a literal of %s lists its fields without names", typ.Obj().Name())
				}
			}
			copies(n.Elts...)
		case *ast.KeyValueExpr:
			copies(n.Value)
		case *ast.AssignStmt:
			copies(n.Rhs...)
			for _, left := range n.Lhs {
				if _, ok := ast.Unparen(left).(*ast.StarExpr); ok && is(left) {
					problem = fmt.Errorf("%s is overwritten", typ.Obj().Name())
				}
			}
		case *ast.ValueSpec:
			copies(n.Values...)
		case *ast.ReturnStmt:
			copies(n.Results...)
		case *ast.SendStmt:
			copies(n.Value)
		case *ast.RangeStmt:
			if n.Value != nil && p.Info.TypeOf(n.Value) != nil && !isPointer(p.Info.TypeOf(n.Value)) && p.structOf(p.Info.TypeOf(n.Value), true) == typ {
				problem = fmt.Errorf("%s is copied by a range", typ.Obj().Name())
			}
		case *ast.CallExpr:
			if tv := p.Info.Types[n.Fun]; tv.IsType() && len(n.Args) == 1 && (is(n) || is(n.Args[0])) {
				problem = fmt.Errorf("%s is converted", typ.Obj().Name())
			}
			copies(n.Args...)
		case *ast.FuncType:
			if n.Results == nil {
				break
			}
			for _, f := range n.Results.List { // a named result is copied by each return
				if t := p.Info.TypeOf(f.Type); len(f.Names) > 0 && t != nil && !isPointer(t) && p.structOf(t, true) == typ {
					problem = fmt.Errorf("%s is returned as a value", typ.Obj().Name())
				}
			}
		case *ast.FuncDecl:
			if fn, ok := p.Info.Defs[n.Name].(*types.Func); ok && fn.Signature().Recv() != nil {
				if t := fn.Signature().Recv().Type(); !isPointer(t) && p.structOf(t, true) == typ {
					problem = fmt.Errorf("a method of %s has a value receiver", typ.Obj().Name())
				}
			}
		}
		return true
	}
	for _, d := range p.Index.Typed[typ] {
		ast.Inspect(d, visit)
	}
	return problem
}

// name returns the first of the names that neither the type nor one of the
// package that embeds it has, as a field or a method.
func (p *plan) name(t *subject, names ...string) (string, error) {
	for _, name := range names {
		if !slices.Contains(t.taken, name) && !p.hasMember(t.Named, name) {
			t.taken = append(t.taken, name)
			return name, nil
		}
	}
	return "", fmt.Errorf("%s has a %s of another kind", t.Obj().Name(), names[0])
}

func (p *plan) hasMember(typ *types.Named, name string) bool {
	within := []*types.TypeName{typ.Obj()}
	seen := map[*types.TypeName]bool{typ.Obj(): true}
	for range 5 { // as deep as types are looked into
		var next []*types.TypeName
		for _, obj := range within {
			if found, _, _ := types.LookupFieldOrMethod(types.NewPointer(obj.Type()), true, p.Pkg, name); found != nil {
				return true
			}
			inner := p.structOf(obj.Type(), true)
			for _, outer := range p.Index.Embedding[inner] {
				if !seen[outer] {
					seen[outer] = true
					next = append(next, outer)
				}
			}
		}
		within = next
	}
	return false
}

// recv returns the name of the receiver in new methods: that of the others, if
// they agree.
func (p *plan) recv(t *subject) string {
	count := make(map[string]int)
	best := strings.ToLower(t.Obj().Name()[:1])
	for _, decl := range p.Index.Methods[t.Named] {
		if v := p.receiver(decl); v != nil {
			count[v.Name()]++
			if count[v.Name()] > count[best] {
				best = v.Name()
			}
		}
	}
	return best
}

// recvDecl returns the receiver of a new method.
func (t *subject) recvDecl(name string) string {
	params := ""
	if list := t.spec.TypeParams; list != nil {
		var names []string
		for _, field := range list.List {
			for _, id := range field.Names {
				names = append(names, id.Name)
			}
		}
		params = "[" + strings.Join(names, ", ") + "]"
	}
	return "(" + name + " *" + t.Obj().Name() + params + ")"
}

// addFields adds fields to the type, as a group of their own.
func (t *subject) addFields(lines []string) ([]analysis.TextEdit, error) {
	text, err := format.Source([]byte("package p\n\ntype t struct {\n" + strings.Join(lines, "\n") + "\n}\n"))
	if err != nil {
		return nil, err
	}
	_, inner, _ := strings.Cut(string(text), "{\n")
	inner = strings.TrimSuffix(inner, "}\n")
	f, fields := t.file, t.body.Fields
	indent := f.Indent(fields.Closing)
	code := ""
	for line := range strings.Lines(inner) {
		code += indent + line
	}
	if len(fields.List) > 0 && !strings.HasSuffix(f.Source(fields.Opening, fields.Closing), "\n\n"+indent) {
		code = "\n" + code
	}
	if f.FirstOnLine(fields.Closing) {
		return []analysis.TextEdit{edit.Insert(f.LineStart(fields.Closing), code)}, nil
	}
	if f.Line(fields.Opening) != f.Line(fields.Closing) {
		return nil, errors.New("the declaration of the type is laid out in an unusual way")
	}
	// struct{ a int } has one line.
	old := ""
	for _, field := range fields.List {
		old += indent + "\t" + f.Source(field.Pos(), field.End()) + "\n"
	}
	return []analysis.TextEdit{edit.Replace(t.body.Struct, fields.Closing, "struct {\n"+old+code+indent)}, nil
}

// otherValues reports whether values of the type may exist that the given
// literals and calls of new did not make. Those of tests count on demand.
func (p *plan) otherValues(t *subject, made []ast.Stmt, tests bool) bool {
	if t.Obj().Exported() {
		return true
	}
	found := false
	isMade := func(n ast.Node) bool {
		return slices.ContainsFunc(made, func(s ast.Stmt) bool { return s.Pos() <= n.Pos() && n.End() <= s.End() })
	}
	for _, d := range p.Index.Typed[t.Named] {
		if !tests && p.ofTests(d.Pos()) {
			continue
		}
		ast.Inspect(d, func(n ast.Node) bool {
			switch n := n.(type) {
			case *ast.CompositeLit, *ast.CallExpr:
				if _, ok := p.creation(n.(ast.Expr), t.Named); ok && !isMade(n) {
					found = true
				}
			case *ast.Field:
				found = found || p.isValue(n.Type, t.Named)
			case *ast.ValueSpec:
				found = found || (n.Type != nil && !isMade(n) && p.isValue(n.Type, t.Named))
			}
			return !found
		})
	}
	return found
}

// isValue reports whether a type expression stands for the type itself.
func (p *plan) isValue(e ast.Expr, typ *types.Named) bool {
	tv := p.Info.Types[e]
	return tv.IsType() && !isPointer(tv.Type) && p.structOf(tv.Type, true) == typ
}

// method returns the declaration of a method with a pointer receiver.
func (p *plan) method(typ *types.Named, name string) *ast.FuncDecl {
	for _, decl := range p.Index.Methods[typ] {
		if decl.Name.Name == name && decl.Body != nil {
			return decl
		}
	}
	return nil
}
