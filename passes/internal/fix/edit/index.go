package edit

import (
	"go/ast"
	"go/token"
	"go/types"
	"slices"
	"sync"

	"golang.org/x/tools/go/ast/astutil"
	"golang.org/x/tools/go/types/typeutil"

	"github.com/killcheck/killcheck/passes/internal/remedy"
)

// An Index knows where things stand in a package. It is made once for all fixes
// of the package, which would otherwise search all of it each time, and may be
// used by several at a time.
type Index struct {
	pkg   *types.Package
	info  *types.Info
	Order []*ast.File // the files by position

	Decls      map[*types.Func]*ast.FuncDecl
	Methods    map[*types.Named][]*ast.FuncDecl // with pointer receivers, by position of the files
	Calls      map[*types.Func][]*ast.CallExpr  // the same
	Uses       map[types.Object][]*ast.Ident
	Functions  map[*types.Func][]*ast.Ident // the uses of a function, instances included
	named      map[types.Object][]ast.Decl  // the declarations that name an object
	Typed      map[*types.Named][]ast.Decl  // the declarations with an expression of a type, or a pointer to one
	assigned   map[types.Object]bool        // see File.assigned
	Embedding  map[*types.Named][]*types.TypeName
	Asked      map[string]bool // the names of methods of interfaces
	Closed     typeutil.Map    // element types of channels that are closed
	Closes     bool            // something is closed
	ClosesAny  bool            // something is closed that is no channel by its type
	Starts     []token.Pos     // of go statements and of what asks for an owner
	OwnerList  []remedy.Remedy
	joinList   []remedy.Remedy
	ownerAt    map[asker]bool
	JoinUse    map[token.Pos]string // the method that a wait is asked for, by the go statement
	loopsRound func() bool

	kept sync.Map // see Keep
}

// Keep returns what find finds in the whole package, which is called once for the
// key. The key is of a type of whoever asks.
func Keep[T any](x *Index, key any, find func() T) T {
	kept, _ := x.kept.LoadOrStore(key, sync.OnceValue(find))
	return kept.(func() T)()
}

type asker struct {
	pos   token.Pos
	inner remedy.Op
}

// NewIndex returns the index of the package of the file.
func NewIndex(f *File) *Index {
	x := &Index{
		pkg: f.Pkg, info: f.Info, Order: append([]*ast.File{f.Syntax}, f.Others...),
		Decls: make(map[*types.Func]*ast.FuncDecl), Methods: make(map[*types.Named][]*ast.FuncDecl),
		Calls: make(map[*types.Func][]*ast.CallExpr), Uses: make(map[types.Object][]*ast.Ident),
		Functions: make(map[*types.Func][]*ast.Ident), named: make(map[types.Object][]ast.Decl),
		Typed: make(map[*types.Named][]ast.Decl), assigned: make(map[types.Object]bool),
		Embedding: make(map[*types.Named][]*types.TypeName), Asked: make(map[string]bool),
		ownerAt: make(map[asker]bool), JoinUse: make(map[token.Pos]string),
	}
	slices.SortFunc(x.Order, func(a, b *ast.File) int { return int(a.FileStart - b.FileStart) })
	for _, file := range x.Order {
		for _, d := range file.Decls {
			x.declaration(d)
			ast.Inspect(d, func(n ast.Node) bool {
				x.node(d, n)
				return true
			})
		}
	}
	x.embeds()
	x.OwnerList, x.joinList = slices.Clone(others(f.Owners)), slices.Clone(others(f.Joins))
	for _, r := range x.OwnerList {
		x.ownerAt[asker{r.Pos, r.Inner}] = true
		x.Starts = append(x.Starts, r.Spawn)
	}
	for _, r := range x.joinList {
		x.JoinUse[r.Pos] = r.Use
		x.Starts = append(x.Starts, r.Pos)
	}
	slices.Sort(x.Starts)
	x.Starts = slices.Compact(x.Starts)
	slices.SortStableFunc(x.OwnerList, func(a, b remedy.Remedy) int { return int(a.Pos - b.Pos) })
	slices.SortFunc(x.joinList, func(a, b remedy.Remedy) int { return int(a.Pos - b.Pos) })
	x.loopsRound = sync.OnceValue(x.allRound)
	return x
}

func (x *Index) declaration(d ast.Decl) {
	decl, ok := d.(*ast.FuncDecl)
	if !ok {
		return
	}
	fn, ok := x.info.Defs[decl.Name].(*types.Func)
	if !ok {
		return
	}
	if decl.Body != nil {
		x.Decls[fn] = decl
	}
	if decl.Recv != nil {
		if typ := StructOf(x.pkg, fn.Signature().Recv().Type(), false); typ != nil {
			x.Methods[typ] = append(x.Methods[typ], decl)
		}
	}
}

func (x *Index) node(d ast.Decl, n ast.Node) {
	switch n := n.(type) {
	case *ast.Ident:
		if obj := x.info.Uses[n]; obj != nil {
			x.Uses[obj] = append(x.Uses[obj], n)
			x.name(d, obj)
			if fn, ok := obj.(*types.Func); ok {
				x.Functions[fn.Origin()] = append(x.Functions[fn.Origin()], n)
			}
		}
		x.name(d, x.info.Defs[n])
	case *ast.CallExpr:
		x.call(n)
	case *ast.GoStmt:
		x.Starts = append(x.Starts, n.Go)
	case *ast.InterfaceType:
		for _, field := range n.Methods.List {
			for _, id := range field.Names {
				x.Asked[id.Name] = true
			}
		}
	case *ast.AssignStmt:
		for _, left := range n.Lhs {
			x.assign(left)
		}
	case *ast.IncDecStmt:
		x.assign(n.X)
	case *ast.RangeStmt:
		x.assign(n.Key)
		x.assign(n.Value)
	case *ast.UnaryExpr:
		if n.Op == token.AND {
			x.assign(n.X)
		}
	}
	if e, ok := n.(ast.Expr); ok {
		if t := x.info.TypeOf(e); t != nil {
			if typ := StructOf(x.pkg, t, true); typ != nil {
				x.Typed[typ] = add(x.Typed[typ], d)
			}
		}
	}
}

// name notes that the declaration names an object.
func (x *Index) name(d ast.Decl, obj types.Object) {
	if obj == nil {
		return
	}
	x.named[obj] = add(x.named[obj], d)
	if v, ok := obj.(*types.Var); ok && v.Origin() != v {
		x.named[v.Origin()] = add(x.named[v.Origin()], d)
	}
}

// add adds a declaration to a list that may end with it.
func add(list []ast.Decl, d ast.Decl) []ast.Decl {
	if len(list) > 0 && list[len(list)-1] == d {
		return list
	}
	return append(list, d)
}

func (x *Index) assign(e ast.Expr) {
	if e == nil {
		return
	}
	switch e := ast.Unparen(e).(type) {
	case *ast.Ident:
		x.assigned[x.info.Uses[e]] = true
	case *ast.SelectorExpr:
		x.assigned[x.info.Uses[e.Sel]] = true
	}
}

// StartsIn reports whether a goroutine may start between two positions.
func (x *Index) StartsIn(from, to token.Pos) bool {
	i, _ := slices.BinarySearch(x.Starts, from)
	return i < len(x.Starts) && x.Starts[i] < to
}

// ClosedBy returns the channel that the call closes, or nil.
func ClosedBy(info *types.Info, call *ast.CallExpr) ast.Expr {
	id, ok := ast.Unparen(call.Fun).(*ast.Ident)
	if !ok || id.Name != "close" || len(call.Args) != 1 || !info.Types[call.Fun].IsBuiltin() {
		return nil
	}
	return call.Args[0]
}

func (x *Index) call(n *ast.CallExpr) {
	if fn := Named(x.info, n.Fun); fn != nil {
		x.Calls[fn] = append(x.Calls[fn], n)
	}
	closed := ClosedBy(x.info, n)
	if closed == nil {
		return
	}
	x.Closes = true
	if ch, ok := x.info.TypeOf(closed).Underlying().(*types.Chan); ok {
		x.Closed.Set(ch.Elem(), true)
	} else {
		x.ClosesAny = true
	}
}

// embeds notes which types of the package embed which.
func (x *Index) embeds() {
	scope := x.pkg.Scope()
	for _, name := range scope.Names() {
		obj, ok := scope.Lookup(name).(*types.TypeName)
		if !ok {
			continue
		}
		st, ok := obj.Type().Underlying().(*types.Struct)
		if !ok {
			continue
		}
		for field := range st.Fields() {
			if !field.Embedded() {
				continue
			}
			if inner := StructOf(x.pkg, field.Type(), true); inner != nil {
				x.Embedding[inner] = append(x.Embedding[inner], obj)
			}
		}
	}
}

// allRound is what loopsRound reports.
func (x *Index) allRound() bool {
	all := true
	var stack []ast.Node
	for _, file := range x.Order {
		ast.Inspect(file, func(n ast.Node) bool {
			if n == nil {
				stack = stack[:len(stack)-1]
				return true
			}
			stack = append(stack, n)
			call, ok := n.(*ast.CallExpr)
			if !ok {
				return true
			}
			fun, ok := ast.Unparen(call.Fun).(*ast.SelectorExpr)
			if !ok || fun.Sel.Name != "Wait" {
				return true
			}
			fn, ok := x.info.Uses[fun.Sel].(*types.Func)
			if !ok || fn.FullName() != "(*sync.Cond).Wait" {
				return true
			}
			outer := slices.Clone(stack)
			slices.Reverse(outer)
			all = all && InLoop(outer)
			return true
		})
	}
	return all
}

// AsksForOwner reports whether the remedy is one of those that ask for an owner.
func (x *Index) AsksForOwner(r remedy.Remedy) bool { return x.ownerAt[asker{r.Pos, r.Inner}] }

// FileAt returns the file that holds pos, or nil.
func (x *Index) FileAt(pos token.Pos) *ast.File {
	i, _ := slices.BinarySearchFunc(x.Order, pos, func(f *ast.File, pos token.Pos) int { return int(f.FileEnd - pos) })
	if i < len(x.Order) && x.Order[i].FileStart <= pos {
		return x.Order[i]
	}
	return nil
}

// declAt returns the declaration of the file that holds pos, or nil.
func declAt(file *ast.File, pos token.Pos) ast.Decl {
	i, _ := slices.BinarySearchFunc(file.Decls, pos, func(d ast.Decl, pos token.Pos) int { return int(d.End() - pos - 1) })
	if i < len(file.Decls) && file.Decls[i].Pos() <= pos {
		return file.Decls[i]
	}
	return nil
}

// PathAt returns the nodes of the file around pos, innermost first, as
// [astutil.PathEnclosingInterval] does, which looks at all declarations of the
// file and all statements of a function.
func PathAt(file *ast.File, pos token.Pos) []ast.Node {
	d := declAt(file, pos)
	if d == nil {
		path, _ := astutil.PathEnclosingInterval(file, pos, pos)
		return path
	}
	small := *file
	small.Decls = []ast.Decl{d}
	fn, isFunc := d.(*ast.FuncDecl)
	var part *ast.FuncDecl
	var body *ast.BlockStmt
	if isFunc && fn.Body != nil {
		i, _ := slices.BinarySearchFunc(fn.Body.List, pos, func(s ast.Stmt, pos token.Pos) int { return int(s.End() - pos - 1) })
		if i < len(fn.Body.List) && fn.Body.List[i].Pos() <= pos {
			part, body = new(ast.FuncDecl), new(ast.BlockStmt)
			*part, *body = *fn, *fn.Body
			body.List, part.Body = fn.Body.List[i:i+1], body
			small.Decls[0] = part
		}
	}
	path, _ := astutil.PathEnclosingInterval(&small, pos, pos)
	for i, n := range path {
		switch n {
		case ast.Node(&small):
			path[i] = file
		case ast.Node(part):
			path[i] = fn
		case ast.Node(body):
			path[i] = fn.Body
		}
	}
	return path
}

// scopeAt returns the innermost scope around pos, or nil.
func (x *Index) scopeAt(pos token.Pos) *types.Scope {
	if file := x.FileAt(pos); file != nil {
		if fn, ok := declAt(file, pos).(*ast.FuncDecl); ok {
			if s := x.info.Scopes[fn.Type]; s != nil && s.Contains(pos) {
				return s.Innermost(pos)
			}
		}
	}
	return x.pkg.Scope().Innermost(pos)
}

// CommentsIn returns the comments of the file that end between two positions.
func CommentsIn(file *ast.File, from, to token.Pos) []*ast.CommentGroup {
	byEnd := func(g *ast.CommentGroup, pos token.Pos) int { return int(g.End() - pos) }
	i, _ := slices.BinarySearchFunc(file.Comments, from, byEnd)
	j, _ := slices.BinarySearchFunc(file.Comments, to+1, byEnd)
	return file.Comments[i:j]
}

// Between returns the remedies, which are sorted by position, within a function.
func Between(remedies []remedy.Remedy, fn ast.Node) []remedy.Remedy {
	byPos := func(r remedy.Remedy, pos token.Pos) int { return int(r.Pos - pos) }
	i, _ := slices.BinarySearchFunc(remedies, fn.Pos(), byPos)
	j, _ := slices.BinarySearchFunc(remedies, fn.End(), byPos)
	return remedies[i:j]
}
