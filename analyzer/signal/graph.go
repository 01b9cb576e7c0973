// Package signal knows which channels, contexts, handles and functions of a
// package may be the same, and who raises them.
//
// A [Graph] is a value-flow graph over the SSA of one package. Its nodes are
// SSA values and memory cells. A cell is a variable whose address is taken, the
// elements of a container, or a struct field: a field is one cell for all
// objects of its type. An edge says that the value of one node may be the value
// of another. Values flow along edges only forwards, so that a channel made in
// one caller of a helper is not taken for the channel of another caller; cells
// that may be the same are merged.
//
// One special node, the outside, stands for all code that is not seen. A value
// that flows to the outside may be closed, sent to or called there; a value
// that comes from the outside is unknown. The graph errs towards the outside,
// because every use of it is of the form "nobody does this".
package signal

import (
	"go/ast"
	"go/token"
	"go/types"
	"strconv"

	"golang.org/x/tools/go/ssa"

	"github.com/killcheck/killcheck/analyzer/flow"
)

// node is the number of a node in a Graph.
type node int

// outside is the node of all code that is not seen.
const outside node = 0

// field is the key of a struct field: one cell for all objects of its type.
type field struct {
	owner string // the type's name with its package, or the struct type itself
	index int
}

// result is the key of a function's result.
type result struct {
	fn    *ssa.Function
	index int
}

// content is the key of what a cell or container holds.
type content struct{ of node }

// A Graph is the value-flow graph of a package.
type Graph struct {
	pkg    *ssa.Package
	fns    []*ssa.Function
	direct func(fn *types.Func, arg int) types.ChanDir // what fn, of another package, does with a channel; may be nil
	closed bool                                        // no other package can name anything of this one: package main
	known  map[*types.TypeName]bool                    // types that others can have values of; nil if it is closed

	ids    map[any]node
	keys   []any
	succ   [][]node
	pred   [][]node
	parent []node // union-find over cells

	implementers map[string][]*ssa.Function        // method name -> methods of the package's types
	meant        map[promotion][]*ssa.Function     // see methods
	released     map[promotion]bool                // see release
	promoted     map[types.Object][]*types.Pointer // see promotes; nil if not looked for yet
	boxed        map[*types.TypeName]bool          // types that are converted to an interface that others know
	converted    map[*types.TypeName]bool          // types that are converted to an interface, see becomes
	convertsAny  bool                              // values of a type parameter are
	dynamic      []call
	ops          map[node][]Op
	calls        map[*ssa.Function][]ssa.CallInstruction // static and resolved calls of a function
	targets      map[ssa.CallInstruction][]*ssa.Function
	bound        map[binding]bool
	closures     map[*ssa.Function][]*ssa.MakeClosure // of each function, literals and bound methods
	open         map[ssa.CallInstruction]bool         // may call something that is not in targets
	live         map[*ssa.Function]bool
	unrun        map[ast.Node]bool // functions that never run
	classes      map[node]*Class
	alike        map[descent]*Class             // see Class
	lives        map[node]Life                  // see Context
	built        bool                           // no node of the code gets another edge
	back         *backs                         // what flows into nodes; nil before the graph is built
	ahead        *aheads                        // what nodes flow into; nil before the graph is built
	out          []bool                         // nodes that reach the outside
	fieldNames   map[node]string                // cells of fields
	foreign      map[node]foreignField          // contents of fields of other packages' types
	invoked      map[node][]ssa.CallInstruction // the calls of a function value
	fieldReads   map[node]ssa.Value             // some load of a field
}

type foreignField struct {
	owner *types.Named
	name  string
}

type call struct {
	in ssa.CallInstruction
	fn *ssa.Function
}

// NewGraph builds the graph over the functions fns of pkg, anonymous ones included.
// It asks direct in which direction a function of another package uses a channel that is
// its argument arg, the receiver counted; direct may be nil. The functions of unrun never
// run, though nothing in the code says so.
func NewGraph(pkg *ssa.Package, fns []*ssa.Function, unrun map[ast.Node]bool, direct func(fn *types.Func, arg int) types.ChanDir) *Graph {
	g := &Graph{
		pkg: pkg, fns: fns, unrun: unrun, direct: direct,
		closed:       pkg.Pkg.Name() == "main",
		ids:          make(map[any]node),
		implementers: make(map[string][]*ssa.Function),
		meant:        make(map[promotion][]*ssa.Function),
		released:     make(map[promotion]bool),
		boxed:        make(map[*types.TypeName]bool),
		converted:    make(map[*types.TypeName]bool),
		ops:          make(map[node][]Op),
		calls:        make(map[*ssa.Function][]ssa.CallInstruction),
		targets:      make(map[ssa.CallInstruction][]*ssa.Function),
		bound:        make(map[binding]bool),
		closures:     make(map[*ssa.Function][]*ssa.MakeClosure),
		open:         make(map[ssa.CallInstruction]bool),
		classes:      make(map[node]*Class),
		alike:        make(map[descent]*Class),
		fieldNames:   make(map[node]string),
		foreign:      make(map[node]foreignField),
		invoked:      make(map[node][]ssa.CallInstruction),
		fieldReads:   make(map[node]ssa.Value),
	}
	if !g.closed {
		g.known = knownOutside(pkg.Pkg)
	}
	g.id("outside")
	g.scan()
	for _, fn := range fns {
		g.function(fn)
	}
	for _, fn := range fns {
		for _, b := range fn.Blocks {
			for _, in := range b.Instrs {
				g.instruction(fn, in)
			}
		}
	}
	g.resolve()
	g.reach()
	for _, fn := range fns {
		g.collect(fn)
	}
	g.built = true
	g.forget()
	return g
}

func (g *Graph) id(key any) node {
	if n, ok := g.ids[key]; ok {
		return n
	}
	n := node(len(g.keys))
	g.ids[key] = n
	g.keys = append(g.keys, key)
	g.succ = append(g.succ, nil)
	g.pred = append(g.pred, nil)
	g.parent = append(g.parent, n)
	g.out = append(g.out, false)
	return n
}

func (g *Graph) edge(from, to node) {
	if from == to {
		return
	}
	for _, x := range g.succ[from] {
		if x == to {
			return
		}
		if len(g.succ[from]) > 64 {
			break // a long list is not worth the search
		}
	}
	g.succ[from] = append(g.succ[from], to)
	g.pred[to] = append(g.pred[to], from)
	if to == outside || g.out[to] {
		g.spread(from)
	}
	if g.built && (g.back.knows(to) || g.ahead.knows(from)) {
		g.forget()
	}
}

// spread marks a node, and those that flow into it, as reaching the outside.
func (g *Graph) spread(n node) {
	work := []node{n}
	for len(work) > 0 {
		n := work[len(work)-1]
		work = work[:len(work)-1]
		if n != outside && !g.out[n] {
			g.out[n] = true
			work = append(work, g.pred[n]...)
		}
	}
}

// forget drops what is known of the ways through the graph.
func (g *Graph) forget() {
	g.back, g.ahead, g.lives = newBacks(g), newAheads(g), make(map[node]Life)
}

func (g *Graph) find(n node) node {
	for g.parent[n] != n {
		g.parent[n] = g.parent[g.parent[n]]
		n = g.parent[n]
	}
	return n
}

// union makes two cells one. What they hold becomes one node by way of edges.
func (g *Graph) union(a, b node) {
	a, b = g.find(a), g.find(b)
	if a == b {
		return
	}
	if b < a {
		a, b = b, a
	}
	g.parent[b] = a
	if c, ok := g.ids[content{b}]; ok {
		d := g.id(content{a})
		g.edge(c, d)
		g.edge(d, c)
		g.union(c, d) // cells of cells
	}
}

// holds returns the node of what the cell or container v holds.
func (g *Graph) holds(v node) node { return g.id(content{g.find(v)}) }

// flow says that the value of from may be the value of to.
func (g *Graph) flow(from, to node, t types.Type) {
	g.edge(from, to)
	if isCell(t) && from != outside && to != outside {
		g.union(from, to)
	}
}

// value returns the node of an SSA value.
func (g *Graph) value(v ssa.Value) node {
	switch v := v.(type) {
	case *ssa.Function:
		return g.id(origin(v))
	case *ssa.FieldAddr:
		if !interesting(v.Type().Underlying().(*types.Pointer).Elem()) {
			return g.id(ssa.Value(v))
		}
		n := g.id(ssa.Value(v))
		g.union(n, g.fieldCell(v.X.Type(), v.Field))
		return n
	case *ssa.IndexAddr:
		n := g.id(ssa.Value(v))
		g.union(n, g.value(v.X))
		return n
	case *ssa.Global:
		return g.global(v)
	}
	return g.id(v)
}

// global returns the cell of a variable of a package. One that other packages can
// name may hold anything, and what it holds is theirs.
func (g *Graph) global(v *ssa.Global) node {
	_, known := g.ids[v]
	n := g.id(v)
	if known || v.Object() == nil || !interesting(v.Object().Type()) {
		return n
	}
	if v.Pkg != g.pkg || v.Object().Exported() && g.pkg.Pkg.Name() != "main" {
		g.edge(outside, g.holds(n))
		g.edge(g.holds(n), outside)
	}
	return n
}

// fieldCell returns the cell of field number index of t, or of what t points to.
// Fields that other packages can name may hold anything.
func (g *Graph) fieldCell(t types.Type, index int) node {
	t = types.Unalias(t)
	if p, ok := t.Underlying().(*types.Pointer); ok {
		t = types.Unalias(p.Elem())
	}
	f := field{index: index}
	var open bool
	var name string
	var owner *types.Named
	if st, ok := t.Underlying().(*types.Struct); ok && index < st.NumFields() {
		name = st.Field(index).Name()
	}
	if n, ok := t.(*types.Named); ok {
		o := n.Origin().Obj()
		owner = n.Origin()
		f.owner = o.Name() + "@" + posKey(o)
		open = o.Pkg() != g.pkg.Pkg || g.known[o] && token.IsExported(name)
	} else {
		f.owner = t.String()
		open = token.IsExported(name) && g.pkg.Pkg.Name() != "main" // an exported variable may have such a type
	}
	_, known := g.ids[f]
	n := g.id(f)
	if known {
		return n
	}
	g.fieldNames[n] = name
	if owner != nil && owner.Obj().Pkg() != g.pkg.Pkg {
		g.foreign[g.holds(n)] = foreignField{owner, name}
	}
	if open {
		if g.foreign[g.holds(n)].owner == nil {
			g.edge(outside, g.holds(n))
		}
		g.edge(g.holds(n), outside)
	}
	return n
}

func posKey(o *types.TypeName) string {
	if o.Pkg() == nil {
		return ""
	}
	if o.Parent() == o.Pkg().Scope() {
		return o.Pkg().Path()
	}
	return o.Pkg().Path() + "@" + strconv.Itoa(int(o.Pos())) // a local type
}

// origin returns the generic function that an instance stands for.
func origin(fn *ssa.Function) *ssa.Function {
	if o := fn.Origin(); o != nil {
		return o
	}
	return fn
}

// interesting reports whether values of type t are followed.
func interesting(t types.Type) bool {
	switch u := t.Underlying().(type) {
	case *types.Chan, *types.Signature, *types.Interface, *types.Pointer, *types.Map, *types.Slice:
		return true
	case *types.Array:
		return interesting(u.Elem())
	case *types.Tuple:
		return true
	}
	return false
}

// isCell reports whether a value of type t holds other values that are followed.
func isCell(t types.Type) bool {
	switch u := t.Underlying().(type) {
	case *types.Pointer:
		return interesting(u.Elem())
	case *types.Slice:
		return interesting(u.Elem())
	case *types.Map:
		return interesting(u.Elem()) || interesting(u.Key())
	case *types.Chan:
		return interesting(u.Elem())
	}
	return false
}

// scan collects the methods of the package's types and the types that become interfaces.
func (g *Graph) scan() {
	for _, fn := range g.fns {
		if fn.Signature.Recv() != nil {
			g.implementers[fn.Name()] = append(g.implementers[fn.Name()], fn)
		}
		for _, b := range fn.Blocks {
			for _, in := range b.Instrs {
				if m, ok := in.(*ssa.MakeInterface); ok {
					n := named(m.X.Type())
					if n != nil && !g.own(m.Type()) {
						g.boxed[n] = true
					}
					if !flow.Dead(b) {
						g.becomes(m.X.Type())
					}
				}
			}
		}
	}
}

// function says what the outside knows of fn.
func (g *Graph) function(fn *ssa.Function) {
	if !g.Exported(fn) {
		return
	}
	for _, p := range fn.Params {
		g.edge(outside, g.value(p))
	}
	for i := range fn.Signature.Results().Len() {
		g.edge(g.id(result{fn, i}), outside)
	}
}

// Exported reports whether code that is not seen may call fn by name or through
// an interface.
func (g *Graph) Exported(fn *ssa.Function) bool {
	if fn.Parent() != nil || fn.Object() == nil || !token.IsExported(fn.Name()) {
		return false
	}
	recv := fn.Signature.Recv()
	if recv == nil {
		return !g.closed
	}
	n := named(recv.Type())
	if n == nil {
		return true
	}
	return g.known[n] || g.boxed[n]
}

// Package returns the package of the graph.
func (g *Graph) Package() *ssa.Package { return g.pkg }
