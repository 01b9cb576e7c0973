package signal

import (
	"slices"

	"golang.org/x/tools/go/ssa"

	"github.com/killcheck/killcheck/analyzer/kb"
)

// A Class is everything that is known of the channels that one value may be.
type Class struct {
	Makes    []*ssa.MakeChan
	Contexts []ssa.Value // contexts whose Done channel it may be
	Library  []kb.Entry  // channels that a library hands out
	Calls    []*ssa.Call // the calls that handed them out, where there are such
	Nil      bool        // it may be a variable that nothing is assigned to
	Unknown  bool        // it may come from code that is not seen
	Sends    bool        // code that is not seen may send on it or close it
	Recvs    bool        // code that is not seen may receive from it

	graph  *Graph
	starts []node // from where the channels come to the operations
	found  bool   // ops and fields are looked for when somebody asks
	ops    []Op
	fields []string
	has    map[uint8][]Op // see Has
}

// Ops returns the operations on the channels, in the order of the code. The
// caller must not change the slice.
func (c *Class) Ops() []Op {
	c.find()
	return c.ops
}

// Fields returns the names of the fields that the channels are stored in, sorted.
func (c *Class) Fields() []string {
	c.find()
	return c.fields
}

// find follows the channels to the operations on them.
func (c *Class) find() {
	if c.found || c.graph == nil {
		return
	}
	c.found = true
	nodes, _ := c.graph.forward(c.starts...)
	for _, n := range nodes {
		c.ops = append(c.ops, c.graph.ops[n]...)
		if k, ok := c.graph.keys[n].(content); ok {
			if name := c.graph.fieldNames[k.of]; name != "" {
				c.fields = append(c.fields, name)
			}
		}
	}
	slices.Sort(c.fields)
	c.fields = slices.Compact(c.fields)
	slices.SortStableFunc(c.ops, func(a, b Op) int { return int(a.Pos()) - int(b.Pos()) })
}

// Closed reports whether all channels of the class are made here and no other
// code can raise them.
func (c *Class) Closed() bool { return !c.Unknown && !c.Sends }

// Private reports whether every use of the channels is seen.
func (c *Class) Private() bool { return !c.Unknown && !c.Sends && !c.Recvs }

// Own reports whether the class is private and holds only channels that the package
// makes: none is nil, or comes from a library or a context.
func (c *Class) Own() bool {
	return c.Private() && !c.Nil && len(c.Library)+len(c.Contexts) == 0
}

// Has returns the operations of the given kinds. The caller must not change the
// slice.
func (c *Class) Has(kinds ...OpKind) []Op {
	var mask uint8
	for _, k := range kinds {
		mask |= 1 << k
	}
	if ops, ok := c.has[mask]; ok {
		return ops
	}
	var ops []Op
	for _, o := range c.Ops() {
		if mask&(1<<o.Kind) != 0 {
			ops = append(ops, o)
		}
	}
	if c.has == nil {
		c.has = make(map[uint8][]Op)
	}
	c.has[mask] = slices.Clip(ops)
	return c.has[mask]
}

// A descent names the values that have the same class: those that come from the
// same places, or, if they come from none that is seen, flow into each other.
type descent struct {
	set   *set
	cycle node
}

// Class returns what is known of the channel v.
func (g *Graph) Class(base *kb.Base, v ssa.Value) *Class {
	n := g.value(v)
	if c := g.classes[n]; c != nil {
		return c
	}
	back := g.back.of(n)
	from := descent{set: back}
	if len(back.roots) == 0 {
		from = descent{cycle: g.back.cycle[n]}
	}
	c := g.alike[from]
	if c == nil {
		c = g.newClass(base, n, back)
		g.alike[from] = c
	}
	g.classes[n] = c
	return c
}

// newClass returns the class of the values that come from the set to n.
func (g *Graph) newClass(base *kb.Base, n node, back *set) *Class {
	c := &Class{graph: g, Unknown: back.outside}
	for _, f := range back.foreign {
		if e, ok := base.Field(f.owner, f.name); ok {
			c.Library = append(c.Library, e)
		} else {
			c.Unknown = true
		}
	}
	c.starts = back.roots // Inv: they come to n
	if len(c.starts) == 0 {
		c.starts = []node{n}
	}
	for _, r := range back.roots {
		g.root(base, c, r)
	}
	for _, s := range c.starts {
		r := g.ahead.of(s)
		c.Sends, c.Recvs = c.Sends || r.sends, c.Recvs || r.recvs
	}
	return c
}

func (g *Graph) root(base *kb.Base, c *Class, r node) {
	switch k := g.keys[r].(type) {
	case *ssa.Const:
		c.Nil = true
	case *ssa.MakeChan:
		c.Makes = append(c.Makes, k)
	case *ssa.Call:
		e, ok := Entry(base, &k.Call)
		switch {
		case ok && e.Effect == kb.StopSignal && k.Call.IsInvoke():
			c.Contexts = append(c.Contexts, k.Call.Value)
		case ok && (e.Effect == kb.Channel || e.Effect == kb.NeverClosed):
			c.Library = append(c.Library, e)
			c.Calls = append(c.Calls, k)
		default:
			c.Unknown = true
		}
	case content:
		switch g.declared(k.of).(type) {
		case *ssa.Alloc, *ssa.FieldAddr, field:
			c.Nil = true
		default:
			c.Unknown = true
		}
	default:
		c.Unknown = true
	}
}

// declared returns the key of the cell, or the variable if the cell is one that is
// captured.
func (g *Graph) declared(cell node) any {
	key := g.keys[cell]
	for {
		fv, ok := key.(*ssa.FreeVar)
		if !ok {
			return key
		}
		i := slices.Index(fv.Parent().FreeVars, fv)
		key = nil
		for _, r := range *fv.Parent().Referrers() {
			if m, ok := r.(*ssa.MakeClosure); ok && m.Fn == fv.Parent() {
				key = m.Bindings[i]
			}
		}
	}
}

// A Life tells how a context ends.
type Life struct {
	Ends  bool      // somebody may cancel it, or its time runs out, or it is unknown
	Why   string    // if it does not end: why not
	Makes ssa.Value // if it does not end: the call that makes it
}

// Context tells how the context v ends.
func (g *Graph) Context(base *kb.Base, v ssa.Value) Life {
	n := g.value(v)
	l, ok := g.lives[n]
	if !ok {
		l = g.context(base, v, 8)
		g.lives[n] = l
	}
	return l
}

// ContextMakers returns the calls that make the contexts which v may be, as far as they
// are seen.
func (g *Graph) ContextMakers(v ssa.Value) (makers []*ssa.Call) {
	for _, r := range g.backward(g.value(v)).roots {
		if c := g.maker(r); c != nil {
			makers = append(makers, c)
		}
	}
	return makers
}

func (g *Graph) context(base *kb.Base, v ssa.Value, depth int) Life {
	if depth == 0 {
		return Life{Ends: true}
	}
	back := g.backward(g.value(v))
	if back.outside || len(back.foreign) > 0 || len(back.roots) == 0 {
		return Life{Ends: true}
	}
	var dead Life
	for _, r := range back.roots {
		l := g.contextRoot(base, r, depth)
		if l.Ends {
			return l
		}
		dead = l
	}
	return dead
}

func (g *Graph) contextRoot(base *kb.Base, r node, depth int) Life {
	c := g.maker(r)
	if c == nil {
		return Life{Ends: true}
	}
	e, ok := Entry(base, &c.Call)
	if !ok || e.Effect != kb.Derives || e.Timed {
		return Life{Ends: true}
	}
	if e.Cancel >= 0 && g.Raised(c, e.Cancel) || g.GroupEnds(base, c, e) {
		return Life{Ends: true}
	}
	if e.Parent.Where == kb.Arg && e.Parent.N < len(c.Call.Args) {
		if l := g.context(base, c.Call.Args[e.Parent.N], depth-1); l.Ends {
			return l
		}
	} else if e.Parent.Where != kb.None {
		return Life{Ends: true}
	}
	why := "its cancel function is never called"
	if e.Cancel < 0 {
		why = "it is never cancelled"
	}
	return Life{Why: why, Makes: c}
}

// Independent reports whether the context v derives from none that others make:
// when it ends is decided by its own cancel function and time alone.
func (g *Graph) Independent(base *kb.Base, v ssa.Value) bool { return g.independent(base, v, 8) }

func (g *Graph) independent(base *kb.Base, v ssa.Value, depth int) bool {
	back := g.backward(g.value(v))
	if depth == 0 || back.outside || len(back.foreign) > 0 || len(back.roots) == 0 {
		return false
	}
	for _, r := range back.roots {
		c := g.maker(r)
		if c == nil {
			return false
		}
		e, ok := Entry(base, &c.Call)
		if !ok || e.Effect != kb.Derives {
			return false
		}
		if e.Parent.Where == kb.None {
			continue
		}
		if e.Parent.Where != kb.Arg || e.Parent.N >= len(c.Call.Args) || !g.independent(base, c.Call.Args[e.Parent.N], depth-1) {
			return false
		}
	}
	return true
}

// Raised reports whether result number i of the call, a function that cancels
// something, may be called by somebody.
func (g *Graph) Raised(c *ssa.Call, i int) bool {
	calls, open := g.invocations(c, i)
	return open || len(calls) > 0
}

// invocations returns the calls of the function that is result number i of c,
// and whether code that is not seen may call it.
func (g *Graph) invocations(c *ssa.Call, i int) (calls []ssa.CallInstruction, open bool) {
	n, ok := g.ids[callResult{c, i}]
	if !ok {
		return nil, false // the result is dropped
	}
	nodes, open := g.forward(n)
	for _, n := range nodes {
		calls = append(calls, g.invoked[n]...)
	}
	slices.SortStableFunc(calls, func(a, b ssa.CallInstruction) int { return int(a.Pos()) - int(b.Pos()) })
	return calls, open
}

// Cancels returns the calls that cancel the context v or one that it derives
// from, and whether it may end in another way: by time, or by code that is not
// seen.
func (g *Graph) Cancels(base *kb.Base, v ssa.Value) (calls []ssa.CallInstruction, open bool) {
	return g.cancels(base, v, true, 8)
}

// Asks returns the calls that ask who heeds the context v to stop, and whether code that is not
// seen may do so. That time alone ends it asks for nothing.
func (g *Graph) Asks(base *kb.Base, v ssa.Value) (calls []ssa.CallInstruction, open bool) {
	return g.cancels(base, v, false, 8)
}

func (g *Graph) cancels(base *kb.Base, v ssa.Value, timed bool, depth int) (calls []ssa.CallInstruction, open bool) {
	back := g.backward(g.value(v))
	if depth == 0 || back.outside || len(back.foreign) > 0 || len(back.roots) == 0 {
		return nil, true
	}
	for _, r := range back.roots {
		c := g.maker(r)
		if c == nil {
			return nil, true
		}
		e, ok := Entry(base, &c.Call)
		if !ok || e.Effect != kb.Derives || e.Timed && timed {
			return nil, true
		}
		if e.Cancel >= 0 {
			more, o := g.invocations(c, e.Cancel)
			calls, open = append(calls, more...), open || o
		}
		open = open || g.GroupEnds(base, c, e)
		if e.Parent.Where == kb.Arg && e.Parent.N < len(c.Call.Args) {
			more, o := g.cancels(base, c.Call.Args[e.Parent.N], timed, depth-1)
			calls, open = append(calls, more...), open || o
		} else if e.Parent.Where != kb.None {
			return nil, true
		}
	}
	return calls, open
}

// maker returns the call whose result the node is, or nil.
func (g *Graph) maker(r node) *ssa.Call {
	switch k := g.keys[r].(type) {
	case *ssa.Call:
		return k
	case callResult:
		c, _ := k.call.(*ssa.Call)
		return c
	}
	return nil
}
