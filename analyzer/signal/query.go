package signal

import (
	"go/token"
	"go/types"
	"slices"

	"golang.org/x/tools/go/ssa"

	"github.com/killcheck/killcheck/analyzer/code"
)

// set is where values come from.
type set struct {
	roots   []node         // nodes that nothing flows into, in the order of the code
	foreign []foreignField // fields of other packages' types, which anybody may set
	outside bool           // the search met the outside
}

// backward returns where the values of a node come from. Once the graph is built
// that is worked out once for all nodes on the way.
func (g *Graph) backward(n node) set {
	if g.back != nil {
		return *g.back.of(n)
	}
	s := set{}
	seen := make(map[node]bool)
	work := []node{n}
	for len(work) > 0 {
		n := work[len(work)-1]
		work = work[:len(work)-1]
		if n == outside {
			s.outside = true
			continue
		}
		if seen[n] {
			continue
		}
		seen[n] = true
		if f, ok := g.foreign[n]; ok {
			s.foreign = append(s.foreign, f)
		} else if len(g.pred[n]) == 0 {
			s.roots = append(s.roots, n)
		}
		if len(s.roots) > mostTargets {
			s.outside = true // the caller takes it for anything
			break
		}
		work = append(work, g.pred[n]...)
	}
	slices.Sort(s.roots)
	return s
}

// mostRoots is how many places a value may come from before it is taken to come
// from the outside as well.
const mostRoots = 256

// backs knows where the values of nodes come from: the same for all nodes that
// flow into each other, and passed on along the edges.
type backs struct {
	g     *Graph
	sets  []*set // by node; nil if not asked for
	cycle []node // by node: the first of those that flow into each other
	depth []int  // by node: number in the order of the search; zero if not seen
	low   []int
	next  int
	stack []node
}

func newBacks(g *Graph) *backs { return &backs{g: g} }

func (b *backs) knows(n node) bool { return b != nil && int(n) < len(b.sets) && b.sets[n] != nil }

func (b *backs) of(n node) *set {
	if n == outside {
		return &set{outside: true}
	}
	if grow := len(b.g.keys) - len(b.sets); grow > 0 {
		b.sets = append(b.sets, make([]*set, grow)...)
		b.cycle = append(b.cycle, make([]node, grow)...)
		b.depth = append(b.depth, make([]int, grow)...)
		b.low = append(b.low, make([]int, grow)...)
	}
	if b.sets[n] == nil {
		b.visit(n)
	}
	return b.sets[n]
}

// visit is Tarjan's search for the nodes that flow into each other.
func (b *backs) visit(n node) {
	b.next++
	b.depth[n], b.low[n] = b.next, b.next
	b.stack = append(b.stack, n)
	for _, p := range b.g.pred[n] {
		switch {
		case p == outside || b.sets[p] != nil:
		case b.depth[p] == 0:
			b.visit(p)
			b.low[n] = min(b.low[n], b.low[p])
		default:
			b.low[n] = min(b.low[n], b.depth[p])
		}
	}
	if b.low[n] != b.depth[n] {
		return
	}
	i := slices.Index(b.stack, n)
	cycle := b.stack[i:]
	b.stack = b.stack[:i]
	s, first := b.join(cycle), slices.Min(cycle)
	for _, x := range cycle {
		b.sets[x], b.cycle[x] = s, first
	}
}

// join returns what flows into the nodes, which flow into each other. It is that
// of the only node before them if they add nothing.
func (b *backs) join(cycle []node) *set {
	s := &set{}
	var before []*set
	seen := make(map[*set]bool)
	for _, n := range cycle {
		if f, ok := b.g.foreign[n]; ok {
			s.foreign = append(s.foreign, f)
		} else if len(b.g.pred[n]) == 0 {
			s.roots = append(s.roots, n)
		}
		for _, p := range b.g.pred[n] {
			if p == outside {
				s.outside = true
			} else if x := b.sets[p]; x != nil && !seen[x] {
				seen[x] = true
				before = append(before, x)
			}
		}
	}
	if len(before) == 1 && len(s.roots)+len(s.foreign) == 0 && (before[0].outside || !s.outside) {
		return before[0]
	}
	for _, x := range before {
		s.roots = append(s.roots, x.roots...)
		s.foreign = append(s.foreign, x.foreign...)
		s.outside = s.outside || x.outside
	}
	slices.Sort(s.roots)
	s.roots = slices.Compact(s.roots)
	s.foreign = distinct(s.foreign)
	if len(s.roots)+len(s.foreign) > mostRoots {
		s.roots, s.foreign, s.outside = s.roots[:min(len(s.roots), mostRoots)], nil, true
	}
	for _, x := range before {
		if len(x.roots) == len(s.roots) && len(x.foreign) == len(s.foreign) && x.outside == s.outside {
			return x
		}
	}
	return s
}

// distinct returns the fields without those that are there before.
func distinct(fields []foreignField) []foreignField {
	var out []foreignField
	seen := make(map[foreignField]bool)
	for _, f := range fields {
		if !seen[f] {
			seen[f] = true
			out = append(out, f)
		}
	}
	return out
}

// reach says what the outside gets of a value.
type reach struct{ outside, sends, recvs bool }

func (r reach) or(x reach) reach {
	return reach{r.outside || x.outside, r.sends || x.sends, r.recvs || x.recvs}
}

// aheads knows what the outside gets of the values of nodes: the same for all
// nodes that flow into each other, and passed back along the edges.
type aheads struct {
	g     *Graph
	known []bool // by node
	reach []reach
	depth []int
	low   []int
	next  int
	stack []node
}

func newAheads(g *Graph) *aheads { return &aheads{g: g} }

func (a *aheads) knows(n node) bool { return a != nil && int(n) < len(a.known) && a.known[n] }

func (a *aheads) of(n node) reach {
	if grow := len(a.g.keys) - len(a.known); grow > 0 {
		a.known = append(a.known, make([]bool, grow)...)
		a.reach = append(a.reach, make([]reach, grow)...)
		a.depth = append(a.depth, make([]int, grow)...)
		a.low = append(a.low, make([]int, grow)...)
	}
	if !a.known[n] {
		a.visit(n)
	}
	return a.reach[n]
}

func (a *aheads) visit(n node) {
	a.next++
	a.depth[n], a.low[n] = a.next, a.next
	a.stack = append(a.stack, n)
	for _, s := range a.g.succ[n] {
		switch {
		case s == outside:
			dir := a.g.direction(n)
			a.reach[n] = a.reach[n].or(reach{true, dir != types.RecvOnly, dir != types.SendOnly})
		case a.known[s]:
			a.reach[n] = a.reach[n].or(a.reach[s])
		case a.depth[s] == 0:
			a.visit(s)
			a.low[n] = min(a.low[n], a.low[s])
			a.reach[n] = a.reach[n].or(a.reach[s])
		default:
			a.low[n] = min(a.low[n], a.depth[s])
		}
	}
	if a.low[n] != a.depth[n] {
		return
	}
	i := slices.Index(a.stack, n)
	var r reach
	for _, x := range a.stack[i:] {
		r = r.or(a.reach[x])
	}
	for _, x := range a.stack[i:] {
		a.reach[x], a.known[x] = r, true
	}
	a.stack = a.stack[:i]
}

// forward returns the nodes to which the values of some come, in the order of
// the code, and whether the outside gets them.
func (g *Graph) forward(starts ...node) (nodes []node, open bool) {
	seen := make(map[node]bool)
	work := slices.Clone(starts)
	for len(work) > 0 {
		n := work[len(work)-1]
		work = work[:len(work)-1]
		if seen[n] {
			continue
		}
		seen[n] = true
		nodes = append(nodes, n)
		for _, x := range g.succ[n] {
			if x != outside {
				work = append(work, x)
			}
			open = open || x == outside
		}
	}
	slices.Sort(nodes)
	return nodes, open
}

// direction returns the direction of the channels that a node can be, or
// [types.SendRecv] if it does not say.
func (g *Graph) direction(n node) types.ChanDir {
	var t types.Type
	switch k := g.keys[n].(type) {
	case ssa.Value:
		t = k.Type()
	case result:
		t = k.fn.Signature.Results().At(k.index).Type()
	case given:
		return k.dir
	default:
		return types.SendRecv
	}
	if c, ok := t.Underlying().(*types.Chan); ok {
		return c.Dir()
	}
	return types.SendRecv
}

// OpKind is the kind of an operation on a channel.
type OpKind uint8

// The operations.
const (
	Send OpKind = iota
	Recv
	Range // a receive that is the head of a range loop
	Close
)

// An Op is one operation on a channel.
type Op struct {
	Kind OpKind
	In   ssa.Instruction
	Fn   *ssa.Function
	Chan ssa.Value
	Sel  *ssa.Select // the select it is a case of, if it is
	Case int         // number of the case in Sel.States
}

// Pos returns the position of the operation: the arrow, the for keyword of a
// range, or the call of close.
func (o Op) Pos() token.Pos {
	if o.Sel != nil {
		return o.Sel.States[o.Case].Pos
	}
	return o.In.Pos()
}

// Naked reports whether the operation is the only thing that its goroutine can
// do at that point: no case of a select with other cases or a default.
func (o Op) Naked() bool { return o.Sel == nil }

// Received returns the value that the operation receives, or nil if it is not used.
func (o Op) Received() ssa.Value {
	index := 0
	if o.Sel != nil {
		index = 2
		for _, st := range o.Sel.States[:o.Case] {
			if st.Dir == types.RecvOnly {
				index++
			}
		}
	}
	v, ok := o.In.(ssa.Value)
	if u, isRecv := v.(*ssa.UnOp); !ok || isRecv && !u.CommaOk {
		return v
	}
	for _, r := range *v.Referrers() {
		if x, ok := r.(*ssa.Extract); ok && x.Index == index {
			return x
		}
	}
	return nil
}

// Instructions returns what does the operations.
func Instructions(ops []Op) []ssa.Instruction {
	var ins []ssa.Instruction
	for _, op := range ops {
		ins = append(ins, op.In)
	}
	return ins
}

// collect records the channel operations of fn.
func (g *Graph) collect(fn *ssa.Function) {
	if !g.Live(fn) {
		return
	}
	add := func(op Op) {
		op.Fn = fn
		n := g.value(op.Chan)
		g.ops[n] = append(g.ops[n], op)
	}
	for _, b := range fn.Blocks {
		for _, in := range b.Instrs {
			switch in := in.(type) {
			case *ssa.Store:
				if a, ok := in.Addr.(*ssa.FieldAddr); ok && interesting(in.Val.Type()) {
					if cell := g.find(g.value(a)); g.fieldReads[cell] == nil {
						g.fieldReads[cell] = in.Val
					}
				}
			case *ssa.Send:
				add(Op{Kind: Send, In: in, Chan: in.Chan})
			case *ssa.UnOp:
				if a, ok := in.X.(*ssa.FieldAddr); ok && in.Op == token.MUL && interesting(in.Type()) {
					g.fieldReads[g.find(g.value(a))] = in
				}
				if in.Op == token.ARROW {
					add(Op{Kind: recvKind(in), In: in, Chan: in.X})
				}
			case *ssa.Select:
				for i, st := range in.States {
					kind := Recv
					if st.Dir == types.SendOnly {
						kind = Send
					}
					add(Op{Kind: kind, In: in, Chan: st.Chan, Sel: in, Case: i})
				}
			case ssa.CallInstruction:
				if b, ok := in.Common().Value.(*ssa.Builtin); ok && b.Name() == "close" {
					add(Op{Kind: Close, In: in, Chan: in.Common().Args[0]})
				} else if !ok && !in.Common().IsInvoke() {
					n := g.value(in.Common().Value)
					g.invoked[n] = append(g.invoked[n], in)
				}
			}
		}
	}
}

func recvKind(in *ssa.UnOp) OpKind {
	if in.CommaOk && in.Block().Comment == "rangechan.loop" {
		return Range
	}
	return Recv
}

// reach finds the functions that can run. A function that nobody calls may be in
// the making, so it counts, and what it calls; a method that nobody calls is what
// is missing elsewhere, such as a Stop.
func (g *Graph) reach() {
	g.live = make(map[*ssa.Function]bool)
	var work []*ssa.Function
	add := func(fn *ssa.Function) {
		if fn = origin(fn); !g.live[fn] {
			g.live[fn] = true
			work = append(work, fn)
		}
	}
	for _, fn := range g.fns {
		if fn.Parent() == nil && (fn.Signature.Recv() == nil && (fn.Name() == "main" || fn.Name() == "init") || fn.Synthetic != "" || g.Exported(fn) || g.escapes(fn)) {
			add(fn)
		}
	}
	var buf [16]*ssa.Value
	follow := func() {
		for len(work) > 0 {
			fn := work[len(work)-1]
			work = work[:len(work)-1]
			for _, b := range fn.Blocks {
				for _, in := range b.Instrs {
					for _, op := range in.Operands(buf[:0]) {
						if f, ok := (*op).(*ssa.Function); ok {
							add(f)
						}
					}
					if c, ok := in.(ssa.CallInstruction); ok {
						for _, t := range g.targets[c] {
							add(t)
						}
					}
				}
			}
		}
	}
	follow()
	for _, fn := range g.fns {
		if fn.Parent() == nil && fn.Signature.Recv() == nil && len(g.calls[fn]) == 0 {
			add(fn)
		}
	}
	follow()
}

// Live reports whether fn can run. In a package that others import every function
// counts as live, but for those which are only shown.
func (g *Graph) Live(fn *ssa.Function) bool {
	return (!g.closed || g.live[fn]) && !g.unrun[code.Outermost(fn).Syntax()]
}

// Callers returns the calls of fn that are seen, go and defer statements
// included, and whether there may be others.
func (g *Graph) Callers(fn *ssa.Function) (calls []ssa.CallInstruction, open bool) {
	return g.calls[fn], g.Exported(fn) || g.escapes(fn)
}

// Callees returns the functions of the package that a call may run, and
// whether it may run others.
func (g *Graph) Callees(in ssa.CallInstruction) (fns []*ssa.Function, open bool) {
	return g.targets[in], g.open[in]
}

// FieldValue returns some value that is read from field, or written to it if none is read, number i of type t, or nil.
func (g *Graph) FieldValue(t types.Type, i int) ssa.Value {
	cell := g.find(g.fieldCell(t, i))
	return g.fieldReads[cell]
}
