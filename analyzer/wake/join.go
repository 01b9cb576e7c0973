package wake

import (
	"go/ast"
	"go/token"
	"slices"

	"golang.org/x/tools/go/ssa"

	"github.com/killcheck/killcheck/analyzer/code"
	"github.com/killcheck/killcheck/analyzer/group"
	"github.com/killcheck/killcheck/analyzer/program"
)

// Joined returns the wake of a wait for the goroutines of a group: it ends when
// all that are counted end.
func (m *Wakes) Joined(at Spot, wg ssa.Value) Wake {
	unclear := Wake{Action: ByJoin, Level: Unclear, Why: NotEnd, At: at.Pos}
	sync := m.SyncIndex()
	if x := sync.Excess(group.SyncOp{Class: m.Class(wg), Typ: code.TypeName(wg.Type())}); x != nil {
		return Wake{Action: ByJoin, Level: OnlyIf, Why: OnePath, At: m.EndPos(x.End)}
	}
	gs, ok := m.members(at, wg)
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
func (m *Wakes) always(g *program.Goroutine) bool {
	return m.Skips(g.Site.In, nil, []ssa.Instruction{g.Site.Inst}) == nil
}

// members returns the goroutines that the group counts, or ok false if they are
// not all known.
func (m *Wakes) members(at Spot, group ssa.Value) (gs []*program.Goroutine, ok bool) {
	groups := m.SyncIndex()
	typ := code.TypeName(group.Type())
	class, root := m.Class(group), m.place(group)
	if groups.Loose[class] || groups.Open(class) {
		return nil, false
	}
	if _, ok := root.(*ssa.Parameter); ok && class.Owner == nil {
		return nil, false
	}
	for _, o := range groups.Dones {
		if o.Typ != typ || o.Class.Owner != nil && o.Class != class {
			continue // a group of another field
		}
		recv := code.Receiver(o.In.Common())
		if o.Spawn {
			if !m.sameGroup(recv, root, class) {
				continue
			}
			i := slices.IndexFunc(m.Goroutines, func(g *program.Goroutine) bool { return g.Site.Inst == o.In })
			if i < 0 {
				return nil, false
			}
			gs = append(gs, m.Goroutines[i])
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
func (m *Wakes) place(v ssa.Value) ssa.Value {
	o := m.Origin(v)
	for range 8 {
		switch x := o.(type) {
		case *ssa.FieldAddr:
			o = m.Origin(x.X)
			continue
		case *ssa.UnOp:
			if x.Op == token.MUL {
				o = m.Origin(x.X)
				continue
			}
		}
		break
	}
	return o
}

// sameGroup reports whether the address may be that of the group.
func (m *Wakes) sameGroup(v, root ssa.Value, class program.LockClass) bool {
	if c := m.Class(v); c.Owner != nil || class.Owner != nil {
		return c == class
	}
	return m.place(v) == root
}

// counted returns the goroutines that call Done on the group by the operation, or
// ok false if others may.
func (m *Wakes) counted(o group.SyncOp, root ssa.Value, class program.LockClass) (gs []*program.Goroutine, ok bool) {
	recv := code.Receiver(o.In.Common())
	p, isParam := m.place(recv).(*ssa.Parameter)
	if !isParam || m.Class(recv).Owner != nil {
		if !m.sameGroup(recv, root, class) {
			return nil, true
		}
		return m.runners(o.In, 4)
	}
	// A parameter: each goroutine says which group it is.
	if len(m.WithBody(p.Parent())) == 0 {
		return nil, false
	}
	for _, g := range m.WithBody(p.Parent()) {
		if g.Site.Call == nil {
			return nil, false
		}
		a := code.Argument(g.Site.Call, p)
		if a == nil {
			return nil, false
		}
		if m.sameGroup(a, root, class) {
			if code.Outermost(o.In.Parent()) != code.Outermost(p.Parent()) || m.skipsSite(p.Parent(), o.In.Parent(), o.In) {
				return nil, false
			}
			gs = append(gs, g)
		}
	}
	return gs, true
}

// runners returns the goroutines that come to the instruction on every path, or
// ok false if others may come to it, or not all of them.
func (m *Wakes) runners(in ssa.CallInstruction, depth int) (gs []*program.Goroutine, ok bool) {
	fn := in.Parent()
	body := fn
	for len(m.WithBody(body)) == 0 && body.Parent() != nil && m.Deferred(body) {
		body = body.Parent()
	}
	if m.skipsSite(body, fn, in) {
		return nil, false
	}
	calls, open := m.Graph.Callers(body)
	if len(m.WithBody(body)) > 0 {
		for _, c := range calls {
			if _, isGo := c.(*ssa.Go); !isGo {
				return nil, false
			}
		}
		return m.WithBody(body), true
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

// skipsSite reports whether the body can return without the instruction, which
// stands in fn: the body itself, or a literal that it defers.
func (m *Wakes) skipsSite(body, fn *ssa.Function, in ssa.Instruction) bool {
	if fn == body {
		return m.Skips(body, nil, []ssa.Instruction{in}) != nil
	}
	sites := m.Lift([]ssa.Instruction{in}, body, 3)
	return len(sites) == 0 || sites[0].Parent() != body || m.Skips(body, nil, sites) != nil
}

// Signalled returns the wake of a wait for a condition variable.
func (m *Wakes) Signalled(at Spot, cond ssa.Value, c *ssa.CallCommon) Wake {
	groups := m.SyncIndex()
	k := Wake{Action: BySend, Level: Unclear, Why: Partner, At: at.Pos}
	k.Name = m.lockNameAt(at.Pos)
	wakes, ok := groups.On(&groups.Wakes, code.TypeName(cond.Type()), m.Class(cond))
	if !ok {
		return k
	}
	if len(wakes) == 0 {
		k.Level, k.Why = Never, NobodyDoes
		return k
	}
	for _, o := range wakes {
		if o.In.Parent() != at.Fn {
			k.Level, k.Why = Surely, NoReason
			k.Who = append(k.Who, o.In)
		}
	}
	if k.Level == Surely && m.loops(at) {
		k.Level = Itself // the condition of the loop decides
	}
	return k
}

// lockNameAt gives what a method is called on at pos: c of c.Wait().
func (m *Wakes) lockNameAt(pos token.Pos) string {
	if n, ok := m.Syn.At[pos].(*ast.CallExpr); ok {
		if sel, ok := ast.Unparen(n.Fun).(*ast.SelectorExpr); ok {
			return m.Syn.Callee(pos)[:len(m.Syn.Callee(pos))-len(sel.Sel.Name)-1]
		}
	}
	return "it"
}
