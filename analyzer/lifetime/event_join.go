package lifetime

import (
	"go/ast"
	"go/token"
	"slices"

	"golang.org/x/tools/go/ssa"
)

// joined returns the wake of a wait for the goroutines of a group: it ends when
// all that are counted end.
func (m *model) joined(at spot, group ssa.Value) Wake {
	unclear := Wake{Action: ByJoin, Level: Unclear, Why: NotEnd, At: at.pos}
	gs, ok := m.members(at, group)
	if !ok {
		return unclear
	}
	all := Wake{Action: ByJoin, Level: Itself}
	for _, g := range gs {
		k := m.ends(g)
		if k.Level == Never {
			k.Level, k.At = OnlyIf, g.Site.Pos
			if m.always(g) {
				k.Level = Never
			}
		}
		if k.Level < all.Level {
			all.Level, all.Why, all.At = k.Level, k.Why, k.At
		}
		all.Sets = append(all.Sets, k.Sets...)
		all.If = append(all.If, k.If...)
		all.Who = append(all.Who, g.Site.Inst)
	}
	return all
}

// always reports whether the goroutine starts whenever its function runs.
func (m *model) always(g *Goroutine) bool {
	return m.skips(g.Site.In, nil, []ssa.Instruction{g.Site.Inst}) == nil
}

// members returns the goroutines that the group counts, or ok false if they are
// not all known.
func (m *model) members(at spot, group ssa.Value) (gs []*Goroutine, ok bool) {
	groups := m.w.syncIndex()
	typ := typeName(group.Type())
	class, root := m.w.class(group), m.place(group)
	if groups.loose[class] || groups.open(class) {
		return nil, false
	}
	if _, ok := root.(*ssa.Parameter); ok && class.owner == nil {
		return nil, false
	}
	for _, o := range groups.dones {
		if o.typ != typ {
			continue
		}
		recv := receiver(o.in.Common())
		if o.spawn {
			if !m.sameGroup(recv, root, class) {
				continue
			}
			i := slices.IndexFunc(m.gs, func(g *Goroutine) bool { return g.Site.Inst == o.in })
			if i < 0 {
				return nil, false
			}
			gs = append(gs, m.gs[i])
			continue
		}
		found, ok := m.counted(o, root, class)
		if !ok {
			return nil, false
		}
		gs = append(gs, found...)
	}
	return gs, len(gs) > 0
}

// place returns where the address of a group starts: the variable, parameter or
// call that it is.
func (m *model) place(v ssa.Value) ssa.Value {
	o := m.origin(v)
	for range 8 {
		switch x := o.(type) {
		case *ssa.FieldAddr:
			o = m.origin(x.X)
			continue
		case *ssa.UnOp:
			if x.Op == token.MUL {
				o = m.origin(x.X)
				continue
			}
		}
		break
	}
	return o
}

// sameGroup reports whether the address may be that of the group.
func (m *model) sameGroup(v, root ssa.Value, class lockClass) bool {
	if c := m.w.class(v); c.owner != nil || class.owner != nil {
		return c == class
	}
	return m.place(v) == root
}

// counted returns the goroutines that call Done on the group by the operation, or
// ok false if others may.
func (m *model) counted(o syncOp, root ssa.Value, class lockClass) (gs []*Goroutine, ok bool) {
	recv := receiver(o.in.Common())
	p, isParam := m.place(recv).(*ssa.Parameter)
	if !isParam || m.w.class(recv).owner != nil {
		if !m.sameGroup(recv, root, class) {
			return nil, true
		}
		return m.runners(o.in, 4)
	}
	// A parameter: each goroutine says which group it is.
	if len(m.bodies[p.Parent()]) == 0 {
		return nil, false
	}
	for _, g := range m.bodies[p.Parent()] {
		if g.Site.Call == nil {
			return nil, false
		}
		a := argument(g.Site.Call, p)
		if a == nil {
			return nil, false
		}
		if m.sameGroup(a, root, class) {
			if outermost(o.in.Parent()) != outermost(p.Parent()) || m.skipsSite(p.Parent(), o.in.Parent(), o.in) {
				return nil, false
			}
			gs = append(gs, g)
		}
	}
	return gs, true
}

// runners returns the goroutines that come to the instruction on every path, or
// ok false if others may come to it, or not all of them.
func (m *model) runners(in ssa.CallInstruction, depth int) (gs []*Goroutine, ok bool) {
	fn := in.Parent()
	body := fn
	for len(m.bodies[body]) == 0 && body.Parent() != nil && m.deferredIn(body) {
		body = body.Parent()
	}
	if m.skipsSite(body, fn, in) {
		return nil, false
	}
	calls, open := m.w.Graph.Callers(body)
	if len(m.bodies[body]) > 0 {
		for _, c := range calls {
			if _, isGo := c.(*ssa.Go); !isGo {
				return nil, false
			}
		}
		return m.bodies[body], true
	}
	if open || len(calls) == 0 || depth == 0 {
		return nil, false
	}
	for _, c := range calls {
		more, ok := m.runners(c, depth-1)
		if !ok {
			return nil, false
		}
		gs = append(gs, more...)
	}
	return gs, true
}

// deferredIn reports whether the function around the literal defers it.
func (m *model) deferredIn(fn *ssa.Function) bool {
	calls, _ := m.w.Graph.Callers(fn)
	for _, c := range calls {
		if _, ok := c.(*ssa.Defer); !ok {
			return false
		}
	}
	return len(calls) > 0
}

// skipsSite reports whether the body can return without the instruction, which
// stands in fn: the body itself, or a literal that it defers.
func (m *model) skipsSite(body, fn *ssa.Function, in ssa.Instruction) bool {
	if fn == body {
		return m.skips(body, nil, []ssa.Instruction{in}) != nil
	}
	sites := m.lift([]ssa.Instruction{in}, body, 3)
	return len(sites) == 0 || sites[0].Parent() != body || m.skips(body, nil, sites) != nil
}

// signalled returns the wake of a wait for a condition variable.
func (m *model) signalled(at spot, cond ssa.Value, c *ssa.CallCommon) Wake {
	groups := m.w.syncIndex()
	k := Wake{Action: BySend, Level: Unclear, Why: Partner, At: at.pos}
	k.Name = m.w.lockNameAt(at.pos)
	wakes, ok := groups.on(&groups.wakes, typeName(cond.Type()), m.w.class(cond))
	if !ok {
		return k
	}
	if len(wakes) == 0 {
		k.Level, k.Why = Never, NobodyDoes
		return k
	}
	for _, o := range wakes {
		if o.in.Parent() != at.fn {
			k.Level, k.Why = Surely, NoReason
			k.Who = append(k.Who, o.in)
		}
	}
	if k.Level == Surely && m.loops(at) {
		k.Level = Itself // the condition of the loop decides
	}
	return k
}

// lockNameAt gives what a method is called on at pos: c of c.Wait().
func (w *world) lockNameAt(pos token.Pos) string {
	if n, ok := w.syn.at[pos].(*ast.CallExpr); ok {
		if sel, ok := ast.Unparen(n.Fun).(*ast.SelectorExpr); ok {
			return w.syn.callee(pos)[:len(w.syn.callee(pos))-len(sel.Sel.Name)-1]
		}
	}
	return "it"
}

// called returns the position of the parenthesis of the call that the go or defer
// statement at pos makes, or pos.
func (s *syntax) called(pos token.Pos) token.Pos {
	switch n := s.at[pos].(type) {
	case *ast.GoStmt:
		return n.Call.Lparen
	case *ast.DeferStmt:
		return n.Call.Lparen
	}
	return pos
}

// calledAt is called for the instruction of a call.
func (s *syntax) calledAt(in ssa.Instruction) token.Pos { return s.called(in.Pos()) }
