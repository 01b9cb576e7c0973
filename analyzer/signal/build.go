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
		g.closures[target] = append(g.closures[target], in)
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

// escapes reports whether the function value fn reaches the outside, as a literal or a method
// that is bound to its receiver may as well.
func (g *Graph) escapes(fn *ssa.Function) bool {
	if n, ok := g.ids[fn]; ok && g.out[n] {
		return true
	}
	return slices.ContainsFunc(g.closures[fn], func(m *ssa.MakeClosure) bool {
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
