package main

import (
	"go/ast"
	"go/format"
	"go/parser"
	"go/token"
	"go/types"
	"maps"
	"math/rand"
	"os"
	"path/filepath"
	"slices"
	"strings"

	"golang.org/x/tools/go/packages"
)

// A mutation is one fault that can be made in a file.
type mutation struct {
	kind       string
	from, to   int    // offsets
	text       string // what takes their place
	function   string // the declaration around it
	start, end int    // of the declaration
}

// faults chooses the faults to make. A fault that does not compile, such as one
// that leaves a variable unused, is not made.
func (r *repository) faults() error {
	loaded, err := packages.Load(&packages.Config{
		Dir: r.dir,
		Mode: packages.NeedName | packages.NeedFiles | packages.NeedCompiledGoFiles | packages.NeedSyntax |
			packages.NeedTypes | packages.NeedTypesInfo | packages.NeedImports | packages.NeedExportFile,
	}, r.include)
	if err != nil {
		return err
	}
	random := rand.New(rand.NewSource(r.seed))
	random.Shuffle(len(loaded), func(i, j int) { loaded[i], loaded[j] = loaded[j], loaded[i] })
	for _, pkg := range loaded {
		if len(pkg.Errors) > 0 || len(pkg.GoFiles) != len(pkg.CompiledGoFiles) || len(r.sites) >= r.mutate {
			continue
		}
		if err := r.faultsIn(pkg, random); err != nil {
			return err
		}
	}
	return nil
}

func (r *repository) faultsIn(pkg *packages.Package, random *rand.Rand) error {
	left := min(r.perPkg, r.mutate-len(r.sites))
	order := random.Perm(len(pkg.Syntax))
	nth := 0
	files := slices.Clone(pkg.Syntax)
	for _, i := range order {
		name := pkg.CompiledGoFiles[i]
		src, err := os.ReadFile(name)
		if err != nil {
			return err
		}
		if ast.IsGenerated(pkg.Syntax[i]) {
			continue
		}
		rel, err := filepath.Rel(r.dir, name)
		if err != nil {
			return err
		}
		all := mutations(pkg, pkg.Syntax[i], src)
		random.Shuffle(len(all), func(i, j int) { all[i], all[j] = all[j], all[i] })
		var chosen []mutation
		for _, m := range all {
			if left == 0 {
				break
			}
			if slices.ContainsFunc(chosen, func(x mutation) bool { return x.start == m.start }) {
				continue // one in a function
			}
			syntax, _ := compile(pkg, files, i, mutated(src, append(slices.Clone(chosen), m)))
			if syntax == nil {
				continue
			}
			files[i] = syntax
			chosen = append(chosen, m)
			left--
		}
		if len(chosen) == 0 {
			continue
		}
		r.original[rel] = src
		for _, m := range chosen {
			r.sites = append(r.sites, &site{repository: r.name, kind: m.kind, pkg: pkg.PkgPath, file: rel, function: m.function, mutation: m, nth: nth})
			nth++
		}
	}
	return nil
}

// breakSites writes the files with the faults of the sites that are wanted, and
// without those of others. It returns the packages with a fault.
func (r *repository) breakSites(wanted func(*site) bool) ([]string, error) {
	packages := make(map[string]bool)
	for name, src := range r.original {
		var all []mutation
		for _, s := range r.sites {
			if s.file == name && wanted(s) {
				all = append(all, s.mutation)
				packages[s.pkg] = true
			}
		}
		if err := os.WriteFile(filepath.Join(r.dir, name), mutated(src, all), 0o666); err != nil {
			return nil, err
		}
	}
	return slices.Sorted(maps.Keys(packages)), nil
}

// mutated returns the source with the faults, formatted.
func mutated(src []byte, all []mutation) []byte {
	slices.SortFunc(all, func(a, b mutation) int { return a.from - b.from })
	var out []byte
	last := 0
	for _, m := range all {
		out = append(append(out, src[last:m.from]...), m.text...)
		last = m.to
	}
	out = append(out, src[last:]...)
	if clean, err := format.Source(out); err == nil {
		return clean
	}
	return out
}

// compile returns the syntax of file number i with another text, if the package
// compiles with it.
func compile(pkg *packages.Package, files []*ast.File, i int, src []byte) (*ast.File, error) {
	syntax, err := parser.ParseFile(pkg.Fset, pkg.CompiledGoFiles[i], src, parser.ParseComments)
	if err != nil {
		return nil, err
	}
	files = slices.Clone(files)
	files[i] = syntax
	config := types.Config{Importer: importer(pkg.Imports), Sizes: types.SizesFor("gc", "amd64")}
	if _, err := config.Check(pkg.PkgPath, pkg.Fset, files, nil); err != nil {
		return nil, err
	}
	return syntax, nil
}

type importer map[string]*packages.Package

func (i importer) Import(path string) (*types.Package, error) {
	if path == "unsafe" {
		return types.Unsafe, nil
	}
	if p := i[path]; p != nil && p.Types != nil {
		return p.Types, nil
	}
	return nil, os.ErrNotExist
}

// plainForms are the calls without a context for those with one.
var plainForms = map[string]string{
	"CommandContext": "Command", "NewRequestWithContext": "NewRequest", "DialContext": "Dial",
	"QueryContext": "Query", "QueryRowContext": "QueryRow", "ExecContext": "Exec", "PingContext": "Ping",
	"PrepareContext": "Prepare", "BeginTx": "Begin",
}

// A finder finds what can be broken in one file.
type finder struct {
	pkg   *packages.Package
	file  *token.File
	src   []byte
	decl  *ast.FuncDecl
	all   []mutation
	stack []ast.Node // around the node that is looked at
}

func mutations(pkg *packages.Package, syntax *ast.File, src []byte) []mutation {
	f := &finder{pkg: pkg, file: pkg.Fset.File(syntax.FileStart), src: src}
	for _, decl := range syntax.Decls {
		fn, ok := decl.(*ast.FuncDecl)
		if !ok || fn.Body == nil {
			continue
		}
		f.decl = fn
		ast.Inspect(fn.Body, func(n ast.Node) bool {
			if n == nil {
				f.stack = f.stack[:len(f.stack)-1]
				return true
			}
			f.stack = append(f.stack, n)
			f.node(n)
			return true
		})
	}
	return f.all
}

func (f *finder) add(kind string, n ast.Node, text string) {
	f.all = append(f.all, mutation{
		kind: kind, from: f.file.Offset(n.Pos()), to: f.file.Offset(n.End()), text: text,
		function: functionName(f.decl), start: f.file.Offset(f.decl.Pos()), end: f.file.Offset(f.decl.End()),
	})
}

func functionName(fn *ast.FuncDecl) string {
	if fn.Recv == nil || len(fn.Recv.List) == 0 {
		return fn.Name.Name
	}
	return types.ExprString(fn.Recv.List[0].Type) + "." + fn.Name.Name
}

func (f *finder) text(n ast.Node) string {
	return string(f.src[f.file.Offset(n.Pos()):f.file.Offset(n.End())])
}

func (f *finder) node(n ast.Node) {
	switch n := n.(type) {
	case *ast.SelectStmt:
		f.selects(n)
	case *ast.IfStmt:
		// if ctx.Err() != nil { return }
		if cmp, ok := n.Cond.(*ast.BinaryExpr); ok && n.Init == nil && n.Else == nil && f.inLoop() && cmp.Op == token.NEQ && leaves(n.Body.List) {
			if call, ok := cmp.X.(*ast.CallExpr); ok && strings.HasSuffix(types.ExprString(call.Fun), "tx.Err") {
				f.add("loop", n, "")
			}
		}
	case *ast.CallExpr:
		f.call(n)
	case *ast.BranchStmt:
		// break loop, in a select or switch
		if n.Tok == token.BREAK && n.Label != nil {
			f.add("break", n, "break")
		}
	}
}

// selects breaks a select that heeds a stop. What else the case of the stop does
// is nothing that a fix could bring back, so it has to be a return alone.
func (f *finder) selects(sel *ast.SelectStmt) {
	stop, fallback := -1, false
	for i, c := range sel.Body.List {
		clause := c.(*ast.CommClause)
		fallback = fallback || clause.Comm == nil
		if clause.Comm != nil && f.isStop(clause.Comm) && len(clause.Body) == 1 && leaves(clause.Body) {
			stop = i
		}
	}
	if stop < 0 {
		return
	}
	list := sel.Body.List
	switch {
	case len(list) == 2 && fallback:
		if rest := list[1-stop].(*ast.CommClause); len(rest.Body) == 0 && f.inLoop() {
			f.add("loop", sel, "")
		}
	case len(list) == 2:
		f.plain(sel, list[1-stop].(*ast.CommClause))
	case !fallback:
		f.add("select", list[stop], "")
	}
}

// plain makes a select with one case of the communication in it.
func (f *finder) plain(sel *ast.SelectStmt, rest *ast.CommClause) {
	body := ""
	for _, s := range rest.Body {
		body += f.text(s) + "\n"
	}
	if strings.Contains(body, "break") {
		return // of the select, perhaps
	}
	comm := f.text(rest.Comm)
	kind := "recv"
	switch c := rest.Comm.(type) {
	case *ast.SendStmt:
		kind = "send"
	case *ast.ExprStmt:
		if r, ok := c.X.(*ast.UnaryExpr); ok {
			if call, ok := r.X.(*ast.CallExpr); ok && types.ExprString(call.Fun) == "time.After" {
				kind, comm = "sleep", "time.Sleep("+f.text(call.Args[0])+")"
			}
		}
	}
	if _, defines := rest.Comm.(*ast.AssignStmt); defines {
		f.add(kind, sel, "{\n"+comm+"\n"+body+"}")
		return
	}
	f.add(kind, sel, comm+"\n"+body)
}

// isStop reports whether a case receives from a context, or from a channel that
// carries nothing.
func (f *finder) isStop(comm ast.Stmt) bool {
	e, ok := comm.(*ast.ExprStmt)
	if !ok {
		return false
	}
	r, ok := e.X.(*ast.UnaryExpr)
	if !ok || r.Op != token.ARROW {
		return false
	}
	t := f.pkg.TypesInfo.TypeOf(r.X)
	if t == nil {
		return false
	}
	ch, ok := t.Underlying().(*types.Chan)
	if !ok {
		return false
	}
	st, ok := ch.Elem().Underlying().(*types.Struct)
	return ok && st.NumFields() == 0
}

// leaves reports whether the statements end with a return.
func leaves(list []ast.Stmt) bool {
	if len(list) == 0 {
		return false
	}
	_, ok := list[len(list)-1].(*ast.ReturnStmt)
	return ok
}

func (f *finder) inLoop() bool {
	for i := len(f.stack) - 1; i >= 0; i-- {
		switch f.stack[i].(type) {
		case *ast.ForStmt, *ast.RangeStmt:
			return true
		case *ast.FuncLit:
			return false
		}
	}
	return false
}

// call takes the context out of a call, or the room out of a channel.
func (f *finder) call(call *ast.CallExpr) {
	if id, ok := call.Fun.(*ast.Ident); ok && id.Name == "make" && len(call.Args) == 2 && f.text(call.Args[1]) == "1" {
		if t := f.pkg.TypesInfo.TypeOf(call.Args[0]); t != nil {
			if _, ok := t.Underlying().(*types.Chan); ok {
				f.add("make", call, "make("+f.text(call.Args[0])+")")
			}
		}
	}
	sel, ok := call.Fun.(*ast.SelectorExpr)
	if !ok || len(call.Args) < 2 || plainForms[sel.Sel.Name] == "" {
		return
	}
	t := f.pkg.TypesInfo.TypeOf(call.Args[0])
	if t == nil || t.String() != "context.Context" {
		return
	}
	var args []string
	for _, a := range call.Args[1:] {
		args = append(args, f.text(a))
	}
	if call.Ellipsis.IsValid() {
		args[len(args)-1] += "..."
	}
	f.add("ctx-form", call, f.text(sel.X)+"."+plainForms[sel.Sel.Name]+"("+strings.Join(args, ", ")+")")
}
