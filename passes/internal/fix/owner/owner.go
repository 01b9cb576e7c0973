package owner

import (
	"errors"
	"go/ast"
	"go/token"
	"go/types"
	"slices"
	"strings"

	"github.com/killcheck/killcheck/analyzer/kb"
	"github.com/killcheck/killcheck/passes/internal/fix/edit"
	"github.com/killcheck/killcheck/passes/internal/remedy"
)

// owner gives a goroutine that has no stop signal in reach one. A goroutine that
// belongs to an object gets it from the type, whose Stop signals and waits; any
// other gets a context that its callers hand down.
func owner(s *site) (edit.Fix, error) {
	p, err := newPlan(s.File)
	if err != nil {
		return edit.Fix{}, err
	}
	t, err := p.threadAt(s.Spawn)
	if err != nil {
		return edit.Fix{}, err
	}
	if !t.holds(s.Pos) {
		return edit.Fix{}, errors.New("the way from the start of the goroutine to the wait is not plain")
	}
	o, err := p.ownerOf(t)
	if errors.Is(err, errNoOwner) {
		return p.handDown(t, s.Remedy)
	}
	if err != nil {
		return edit.Fix{}, err
	}
	typ, err := p.subject(o.typ)
	if err != nil {
		if fix, problem := p.handDown(t, s.Remedy); problem == nil {
			return fix, nil
		}
		return edit.Fix{}, err
	}
	return p.stopType(typ, o, s.Remedy)
}

// A plan is a fix over several functions of a package, and what it needs to know
// of them.
type plan struct {
	*edit.File // that of the remedy
	base       *kb.Base
	files      []*ast.File // all of the package, in the order of their positions
	views      map[*ast.File]*edit.File
	decls      map[*types.Func]*ast.FuncDecl
	known      map[string]types.Type
}

// ofTests reports whether the place is in a file of tests.
func (p *plan) ofTests(pos token.Pos) bool {
	return strings.HasSuffix(p.Fset.File(pos).Name(), "_test.go")
}

func newPlan(f *edit.File) (*plan, error) {
	base, err := kb.Std()
	if err != nil {
		return nil, err
	}
	p := &plan{
		File: f, base: base,
		files: f.Index.Order,
		views: make(map[*ast.File]*edit.File),
		decls: f.Index.Decls,
		known: make(map[string]types.Type),
	}
	return p, nil
}

// at returns the file that holds pos, if it may be changed.
func (p *plan) at(pos token.Pos) (*edit.File, error) {
	for i, syntax := range p.files {
		if pos < syntax.FileStart || syntax.FileEnd < pos {
			continue
		}
		if f := p.views[syntax]; f != nil {
			return f, nil
		}
		f := *p.File
		f.Planned = p.known
		if syntax != p.Syntax {
			if p.Text == nil {
				return nil, errors.New("the fix would change another file")
			}
			src, err := p.Text(syntax)
			if err != nil {
				return nil, err
			}
			f.Src, f.Syntax = src, syntax
			f.Others = slices.Concat(p.files[:i], p.files[i+1:])
		}
		p.views[syntax] = &f
		return &f, nil
	}
	return nil, errors.New("position outside the package")
}

// path returns the nodes around pos, innermost first.
func (p *plan) path(pos token.Pos) []ast.Node {
	if syntax := p.Index.FileAt(pos); syntax != nil {
		return edit.PathAt(syntax, pos)
	}
	return nil
}

// A thread is a goroutine as the source shows it.
type thread struct {
	stmt  *ast.GoStmt   // nil if a function starts it that is given what to run
	call  *ast.CallExpr // that of stmt, or of that function
	outer []ast.Node    // around the start
	decl  *ast.FuncDecl // the function that holds the start
	run   ast.Expr      // what runs, as the source names it
	body  ast.Node      // the declaration or literal that it stands for
	runs  []ast.Node    // body and the functions of the package that it calls
}

// start returns the position at which the goroutine starts.
func (t *thread) start() token.Pos {
	if t.stmt != nil {
		return t.stmt.Go
	}
	return t.call.Lparen
}

// threadAt returns the goroutine that starts at pos: a go statement, or a call
// of a function that runs an argument in a goroutine.
func (p *plan) threadAt(pos token.Pos) (*thread, error) {
	t := &thread{}
	path := p.path(pos)
	for i, n := range path {
		if stmt, ok := n.(*ast.GoStmt); ok && stmt.Go == pos {
			t.stmt, t.call, t.outer = stmt, stmt.Call, path[i+1:]
			break
		}
		if call, ok := n.(*ast.CallExpr); ok && call.Lparen == pos {
			t.call, t.outer = call, path[i+1:]
			break
		}
	}
	for _, n := range t.outer {
		if decl, ok := n.(*ast.FuncDecl); ok {
			t.decl = decl
		}
	}
	if t.decl == nil {
		return nil, errors.New("the goroutine does not start in a function")
	}
	if t.stmt != nil {
		t.run, t.body = t.call.Fun, p.function(t.call.Fun)
	} else {
		for _, arg := range t.call.Args {
			if fn := p.function(arg); fn != nil {
				t.run, t.body = arg, fn
			}
		}
	}
	if t.body == nil {
		return nil, errors.New("the goroutine runs no function of the package")
	}
	t.runs = p.reach(t.body)
	return t, nil
}

// function returns the literal or declaration that an expression stands for, or
// nil.
func (p *plan) function(e ast.Expr) ast.Node {
	if lit, ok := ast.Unparen(e).(*ast.FuncLit); ok {
		return lit
	}
	if decl := p.decls[p.named(e)]; decl != nil {
		return decl
	}
	return nil
}

// holds reports whether one of the functions that the goroutine runs is the
// innermost around pos.
func (t *thread) holds(pos token.Pos) bool {
	return slices.ContainsFunc(t.runs, func(fn ast.Node) bool { return isIn(pos, fn) })
}

// heeds reports whether one of the remedies, which are sorted by position, is for
// a function that the goroutine runs.
func (t *thread) heeds(remedies []remedy.Remedy) bool {
	return slices.ContainsFunc(t.runs, func(fn ast.Node) bool {
		return slices.ContainsFunc(edit.Between(remedies, fn), func(r remedy.Remedy) bool { return isIn(r.Pos, fn) })
	})
}

// isIn reports whether fn is the innermost function around pos.
func isIn(pos token.Pos, fn ast.Node) bool {
	if pos < fn.Pos() || fn.End() <= pos {
		return false
	}
	inner := false
	ast.Inspect(edit.BodyOf(fn), func(n ast.Node) bool {
		lit, ok := n.(*ast.FuncLit)
		inner = inner || (ok && lit.Pos() <= pos && pos < lit.End())
		return !ok
	})
	return !inner
}

// callee returns the declared function that a call names, or nil.
func (p *plan) callee(call *ast.CallExpr) *types.Func { return p.named(call.Fun) }

func (p *plan) named(e ast.Expr) *types.Func { return edit.Named(p.Info, e) }

// row returns what the knowledge base says of the function that is called.
func (p *plan) row(call *ast.CallExpr) kb.Entry {
	if fn := p.callee(call); fn != nil {
		e, _ := p.base.Func(fn)
		return e
	}
	return kb.Entry{}
}

// reach returns the function and those of the package that it calls by name,
// each once.
func (p *plan) reach(fn ast.Node) []ast.Node {
	all := []ast.Node{fn}
	for i := 0; i < len(all); i++ {
		edit.Own(edit.BodyOf(all[i]), func(n ast.Node) {
			if call, ok := n.(*ast.CallExpr); ok {
				if decl := p.decls[p.callee(call)]; decl != nil && !slices.Contains(all, ast.Node(decl)) {
					all = append(all, decl)
				}
			}
		})
	}
	return all
}

// mayRun returns the functions of the package that may run before the goroutine
// ends: those of reach and what their literals call.
func (p *plan) mayRun(fn ast.Node) []ast.Node {
	all := []ast.Node{fn}
	for i := 0; i < len(all); i++ {
		withLiterals(edit.BodyOf(all[i]), func(n ast.Node) {
			if call, ok := n.(*ast.CallExpr); ok {
				if decl := p.decls[p.callee(call)]; decl != nil && !slices.Contains(all, ast.Node(decl)) {
					all = append(all, decl)
				}
			}
		})
	}
	return all
}

// withLiterals is [edit.Own] with the bodies of literals.
func withLiterals(body ast.Node, visit func(ast.Node)) {
	ast.Inspect(body, func(n ast.Node) bool {
		if _, ok := n.(*ast.GoStmt); ok {
			return false
		}
		if n != nil {
			visit(n)
		}
		return true
	})
}

// called returns the places where a function of the package is called, and
// whether these are all its uses. Go and defer statements count as calls.
func (p *plan) called(fn *types.Func) (calls []*ast.CallExpr, all bool) {
	heads := make(map[*ast.Ident]bool)
	calls = p.Index.Calls[fn]
	for _, call := range calls {
		switch fun := ast.Unparen(call.Fun).(type) {
		case *ast.Ident:
			heads[fun] = true
		case *ast.SelectorExpr:
			_, isType := p.Info.Selections[fun]
			heads[fun.Sel] = fn.Signature().Recv() == nil || isType && p.Info.Selections[fun].Kind() == types.MethodVal
		}
	}
	return calls, !slices.ContainsFunc(p.Index.Functions[fn], func(id *ast.Ident) bool { return !heads[id] })
}

// owners returns the remedies of the package that ask for an owner, with the
// one that is to be built, by position. The caller must not change the slice.
func (p *plan) owners(r remedy.Remedy) []remedy.Remedy {
	all := p.Index.OwnerList
	if !p.Index.AsksForOwner(r) {
		all = append(slices.Clone(all), r)
		slices.SortStableFunc(all, func(a, b remedy.Remedy) int { return int(a.Pos - b.Pos) })
	}
	return all
}
