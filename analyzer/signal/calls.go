package signal

import (
	"go/types"
	"slices"

	"golang.org/x/tools/go/ssa"
)

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
		if _, ok := a.Type().Underlying().(*types.Chan); ok && !c.IsInvoke() {
			n := g.id(given{in, i, g.givenAs(c, i)})
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
