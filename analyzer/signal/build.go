package signal

import (
	"go/token"
	"go/types"
	"slices"

	"golang.org/x/tools/go/ssa"
)

// instruction adds the edges of one instruction of fn.
func (g *Graph) instruction(fn *ssa.Function, in ssa.Instruction) {
	switch in := in.(type) {
	case *ssa.Store:
		if interesting(in.Val.Type()) {
			g.into(in.Val, g.holds(g.value(in.Addr)))
		}
	case *ssa.MapUpdate:
		m := g.holds(g.value(in.Map))
		g.into(in.Value, m)
		g.into(in.Key, m)
	case *ssa.Send:
		g.into(in.X, g.holds(g.value(in.Chan)))
	case *ssa.Return:
		for i, r := range in.Results {
			g.into(r, g.id(result{fn, i}))
		}
	case *ssa.MakeClosure:
		target := in.Fn.(*ssa.Function)
		for i, b := range in.Bindings {
			g.assign(b, target.FreeVars[i])
		}
	case *ssa.Go:
		g.call(fn, in)
	case *ssa.Defer:
		g.call(fn, in)
	case *ssa.Panic:
		g.into(in.X, outside)
	case ssa.Value:
		g.define(fn, in)
	}
}

// into adds the edge from the value v to the node n.
func (g *Graph) into(v ssa.Value, n node) {
	if _, ok := v.(*ssa.Const); ok || !interesting(v.Type()) {
		return
	}
	g.flow(g.value(v), n, v.Type())
}

func (g *Graph) assign(from, to ssa.Value) { g.into(from, g.value(to)) }

// define adds the edges into the value that an instruction computes.
func (g *Graph) define(fn *ssa.Function, in ssa.Value) {
	switch in := in.(type) {
	case *ssa.Phi:
		for _, e := range in.Edges {
			g.assign(e, in)
		}
	case *ssa.ChangeType:
		g.assign(in.X, in)
		g.convert(in.X.Type(), in.Type())
	case *ssa.ChangeInterface:
		g.assign(in.X, in)
	case *ssa.MakeInterface:
		g.assign(in.X, in)
	case *ssa.MultiConvert:
		g.assign(in.X, in)
	case *ssa.SliceToArrayPointer:
		g.assign(in.X, in)
	case *ssa.Slice:
		g.assign(in.X, in)
		if interesting(in.Type()) && isCell(in.X.Type()) {
			g.union(g.value(in.X), g.value(in))
		}
	case *ssa.TypeAssert:
		g.assign(in.X, in)
	case *ssa.Extract:
		g.extract(in)
	case *ssa.UnOp:
		switch in.Op {
		case token.MUL:
			if interesting(in.Type()) {
				g.flow(g.holds(g.value(in.X)), g.value(in), in.Type())
			}
		case token.ARROW:
			if !in.CommaOk && interesting(in.Type()) {
				g.flow(g.holds(g.value(in.X)), g.value(in), in.Type())
			}
		}
	case *ssa.Lookup:
		if !in.CommaOk && interesting(in.Type()) {
			g.flow(g.holds(g.value(in.X)), g.value(in), in.Type())
		}
	case *ssa.Index:
		if interesting(in.Type()) {
			g.flow(g.holds(g.value(in.X)), g.value(in), in.Type())
		}
	case *ssa.Field:
		if interesting(in.Type()) {
			g.flow(g.holds(g.fieldCell(in.X.Type(), in.Field)), g.value(in), in.Type())
		}
	case *ssa.Select:
		for _, st := range in.States {
			if st.Dir == types.SendOnly {
				g.into(st.Send, g.holds(g.value(st.Chan)))
			}
		}
	case *ssa.Call:
		g.call(fn, in)
	}
}

// convert makes the fields of two struct types one, as values of one become
// values of the other.
func (g *Graph) convert(from, to types.Type) {
	a, ok := from.Underlying().(*types.Struct)
	if !ok {
		return
	}
	for i := range a.NumFields() {
		if interesting(a.Field(i).Type()) {
			g.union(g.fieldCell(from, i), g.fieldCell(to, i))
		}
	}
}

func (g *Graph) extract(in *ssa.Extract) {
	if !interesting(in.Type()) {
		return
	}
	to := g.value(in)
	switch t := in.Tuple.(type) {
	case *ssa.Call:
		g.flow(g.result(t, in.Index), to, in.Type())
	case *ssa.UnOp, *ssa.Lookup, *ssa.TypeAssert:
		if in.Index != 0 {
			return
		}
		switch t := t.(type) {
		case *ssa.UnOp:
			g.flow(g.holds(g.value(t.X)), to, in.Type())
		case *ssa.Lookup:
			g.flow(g.holds(g.value(t.X)), to, in.Type())
		case *ssa.TypeAssert:
			g.flow(g.value(t), to, in.Type())
		}
	case *ssa.Next:
		if r, ok := t.Iter.(*ssa.Range); ok {
			g.flow(g.holds(g.value(r.X)), to, in.Type())
		}
	case *ssa.Select:
		i := 2
		for _, st := range t.States {
			if st.Dir != types.RecvOnly {
				continue
			}
			if i == in.Index {
				g.flow(g.holds(g.value(st.Chan)), to, in.Type())
			}
			i++
		}
	}
}

// callResult is the key of one of several results of a call.
type callResult struct {
	call  ssa.CallInstruction
	index int
}

// result returns the node of result number i of a call.
func (g *Graph) result(c *ssa.Call, i int) node {
	if c.Call.Signature().Results().Len() == 1 {
		return g.value(c)
	}
	return g.id(callResult{c, i})
}

func (g *Graph) call(fn *ssa.Function, in ssa.CallInstruction) {
	c := in.Common()
	if b, ok := c.Value.(*ssa.Builtin); ok {
		g.builtin(b.Name(), in)
		return
	}
	if c.IsInvoke() {
		g.invoke(in)
		return
	}
	if callee := c.StaticCallee(); callee != nil {
		g.bind(in, origin(callee))
		return
	}
	g.dynamic = append(g.dynamic, call{in, fn})
}

func (g *Graph) builtin(name string, in ssa.CallInstruction) {
	args := in.Common().Args
	switch name {
	case "append":
		v, ok := in.(*ssa.Call)
		if !ok {
			return
		}
		for _, a := range args {
			g.assign(a, v)
			if isCell(a.Type()) && isCell(v.Type()) {
				g.union(g.value(a), g.value(v))
			}
		}
	case "copy":
		if isCell(args[0].Type()) && isCell(args[1].Type()) {
			g.union(g.value(args[0]), g.value(args[1]))
		}
	}
}

// bind connects a call with one function that it may call.
func (g *Graph) bind(in ssa.CallInstruction, callee *ssa.Function) {
	if bound := (binding{in, callee}); g.bound[bound] {
		return
	} else {
		g.bound[bound] = true
	}
	if callee.Blocks == nil || callee.Pkg != g.pkg && callee.Pkg != nil {
		g.unseen(in)
		return
	}
	g.targets[in] = append(g.targets[in], callee)
	g.calls[callee] = append(g.calls[callee], in)
	c := in.Common()
	args := c.Args
	if c.IsInvoke() {
		args = append([]ssa.Value{c.Value}, args...)
	}
	for i, a := range args {
		if i >= len(callee.Params) || i == 0 && c.IsInvoke() && isPart(c, callee) {
			continue
		}
		g.assign(a, callee.Params[i])
	}
	if v, ok := in.(*ssa.Call); ok {
		res := c.Signature().Results()
		for i := range res.Len() {
			if interesting(res.At(i).Type()) {
				g.flow(g.id(result{callee, i}), g.result(v, i), res.At(i).Type())
			}
		}
	}
}

// A binding is a call with a function that it may call.
type binding struct {
	in ssa.CallInstruction
	fn *ssa.Function
}

// unseen connects a call with the outside.
func (g *Graph) unseen(in ssa.CallInstruction) {
	if g.open[in] {
		return
	}
	g.open[in] = true
	c := in.Common()
	for i, a := range c.Args {
		if dir := g.givenAs(c, i); dir != types.SendRecv {
			n := g.id(given{in, i, dir})
			g.into(a, n)
			g.edge(n, outside)
			continue
		}
		g.into(a, outside)
	}
	v, ok := in.(*ssa.Call)
	if !ok || len(g.targets[in]) == 0 {
		return // Inv: a result that nothing flows into is unknown
	}
	res := c.Signature().Results()
	for i := range res.Len() {
		if interesting(res.At(i).Type()) {
			g.edge(outside, g.result(v, i))
		}
	}
}

// invoke connects a call through an interface with the methods of the package
// that may be meant.
func (g *Graph) invoke(in ssa.CallInstruction) {
	c := in.Common()
	iface, _ := c.Value.Type().Underlying().(*types.Interface)
	if iface != nil {
		methods := g.methods(c.Method.Name(), iface)
		if len(methods) > mostTargets {
			g.release(c.Method.Name(), iface)
			methods = nil
		}
		for _, m := range methods {
			g.bind(in, m)
		}
	}
	if !g.own(c.Value.Type()) || len(g.targets[in]) == 0 {
		g.unseen(in) // anybody may implement it
	}
}

// implements reports whether the type, or a pointer to it, implements the
// interface.
func implements(t types.Type, iface *types.Interface) bool {
	return types.Implements(t, iface) || types.Implements(types.NewPointer(t), iface)
}

// isPart reports whether the receiver of the method is a part of the object that
// is called through an interface.
func isPart(c *ssa.CallCommon, m *ssa.Function) bool {
	iface, ok := c.Value.Type().Underlying().(*types.Interface)
	return ok && !implements(m.Signature.Recv().Type(), iface)
}

// mostTargets is how many functions of the package a call may run before it is
// taken to run any, and they to be called by anybody: n calls of n functions would
// take the square of that.
const mostTargets = 64

// release gives the methods that a call through the interface may mean to the
// outside.
func (g *Graph) release(name string, iface *types.Interface) {
	key := promotion{name, iface}
	if g.released[key] {
		return
	}
	g.released[key] = true
	for _, m := range g.methods(name, iface) {
		g.edge(g.id(origin(m)), outside)
	}
}

// methods returns the methods of the package that a call through the interface
// may mean.
func (g *Graph) methods(name string, iface *types.Interface) []*ssa.Function {
	key := promotion{name, iface}
	if fns, ok := g.meant[key]; ok {
		return fns
	}
	var fns []*ssa.Function
	for _, m := range g.implementers[name] {
		if g.never(m) {
			continue
		}
		if implements(m.Signature.Recv().Type(), iface) || g.promotes(m, iface) {
			fns = append(fns, m)
		}
	}
	g.meant[key] = fns
	return fns
}

// promotes reports whether a type of the package gets the method from a part
// that is embedded in it, and implements the interface so.
func (g *Graph) promotes(m *ssa.Function, iface *types.Interface) bool {
	if g.promoted == nil {
		g.findPromoted()
	}
	return slices.ContainsFunc(g.promoted[m.Object()], func(p *types.Pointer) bool { return types.Implements(p, iface) })
}

// findPromoted finds the types of the package that get methods from a part that
// is embedded in them.
func (g *Graph) findPromoted() {
	g.promoted = make(map[types.Object][]*types.Pointer)
	for _, member := range g.pkg.Members {
		t, ok := member.(*ssa.Type)
		if !ok || types.IsInterface(t.Type()) {
			continue
		}
		p := types.NewPointer(t.Type())
		for sel := range types.NewMethodSet(p).Methods() {
			if len(sel.Index()) > 1 {
				g.promoted[sel.Obj()] = append(g.promoted[sel.Obj()], p)
			}
		}
	}
}

// A promotion is a method of an interface.
type promotion struct {
	name  string
	iface *types.Interface
}

// resolve binds the calls of function values, and tells the outside of the
// functions that reach it and of what containers that reach it hold, until
// nothing changes.
func (g *Graph) resolve() {
	told := make(map[*ssa.Function]bool)
	leaked := make(map[node]bool)
	for range 4 {
		changed := g.leak(leaked)
		for _, c := range g.dynamic {
			v := c.in.Common().Value
			fns, open := g.Functions(v)
			if n, ok := g.ids[v]; ok && len(g.backward(n).roots) > mostTargets {
				g.edge(n, outside)
				fns, open = nil, true
			}
			for _, f := range fns {
				n := len(g.targets[c.in])
				g.bind(c.in, f)
				changed = changed || len(g.targets[c.in]) != n
			}
			if (open || len(fns) == 0) && !g.open[c.in] {
				g.unseen(c.in)
				changed = true
			}
		}
		for _, fn := range g.fns {
			if told[fn] || !g.escapes(fn) {
				continue
			}
			told[fn] = true
			changed = true
			for _, p := range fn.Params {
				g.edge(outside, g.value(p))
			}
			for i := range fn.Signature.Results().Len() {
				g.edge(g.id(result{fn, i}), outside)
			}
		}
		if !changed {
			return
		}
	}
}

// leak connects the outside with what the containers and cells hold that reach
// it: it may take a channel out of them, and put another one in. It reports
// whether there was one that is not in leaked, to which it adds it.
func (g *Graph) leak(leaked map[node]bool) bool {
	changed := false
	for n, reaches := range slices.Clone(g.out) {
		if !reaches {
			continue
		}
		held, ok := g.ids[content{g.find(node(n))}]
		if !ok || leaked[held] || g.foreign[held].owner != nil {
			continue
		}
		leaked[held], changed = true, true
		g.edge(held, outside)
		g.edge(outside, held)
	}
	return changed
}

// escapes reports whether the function value fn reaches the outside.
func (g *Graph) escapes(fn *ssa.Function) bool {
	if n, ok := g.ids[fn]; ok && g.out[n] {
		return true
	}
	return fn.Parent() != nil && slices.ContainsFunc(*fn.Referrers(), func(in ssa.Instruction) bool {
		m, ok := in.(*ssa.MakeClosure)
		if !ok || m.Fn != fn {
			return false
		}
		n, ok := g.ids[m]
		return ok && g.out[n]
	})
}

// Sources returns how many values are known that v may come from.
func (g *Graph) Sources(v ssa.Value) int {
	n, ok := g.ids[v]
	if !ok {
		return 0
	}
	return len(g.backward(n).roots)
}

// Functions returns the functions of the package that the value v may be, and
// whether it may be another one as well.
func (g *Graph) Functions(v ssa.Value) (fns []*ssa.Function, open bool) {
	switch v := v.(type) {
	case *ssa.Function:
		return []*ssa.Function{origin(v)}, false
	case *ssa.MakeClosure:
		return []*ssa.Function{v.Fn.(*ssa.Function)}, false
	}
	n, ok := g.ids[v]
	if !ok {
		return nil, true
	}
	set := g.backward(n)
	open = set.outside || len(set.foreign) > 0
	for _, r := range set.roots {
		switch k := g.keys[r].(type) {
		case *ssa.Function:
			fns = append(fns, k)
		case *ssa.MakeClosure:
			fns = append(fns, k.Fn.(*ssa.Function))
		default:
			open = true
		}
	}
	return fns, open
}
