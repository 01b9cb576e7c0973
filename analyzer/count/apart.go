package count

import (
	"go/token"
	"go/types"
	"slices"

	"golang.org/x/tools/go/ssa"

	"github.com/killcheck/killcheck/analyzer/code"
	"github.com/killcheck/killcheck/analyzer/flow"
	"github.com/killcheck/killcheck/analyzer/program"
	"github.com/killcheck/killcheck/analyzer/signal"
)

// apartKey is a goroutine and a channel on which it sends.
type apartKey struct {
	g     *program.Goroutine
	class *signal.Class
}

// apart reports whether a function gives a channel that it makes to the goroutine on
// some ways and to others on others, and the goroutine likewise sends on it itself or
// hands it on: then nobody else sends on it where the goroutine does.
func (ct *Counts) apart(g *program.Goroutine, c *signal.Class) bool {
	key := apartKey{g, c}
	is, ok := ct.apartOf[key]
	if !ok {
		m := makeBeside(g, c)
		is = m != nil && givenApart(g, c, m)
		ct.apartOf[key] = is
	}
	return is
}

// makeBeside returns the make of the channel in the function that starts the goroutine, if
// that has one.
func makeBeside(g *program.Goroutine, c *signal.Class) (made *ssa.MakeChan) {
	for _, m := range c.Makes {
		if g.Site.Inst != nil && m.Parent() == g.Site.In {
			if made != nil {
				return nil
			}
			made = m
		}
	}
	return made
}

// givenApart follows the channel from its make. A send in a callee of the goroutine may
// come at any time.
func givenApart(g *program.Goroutine, c *signal.Class, made *ssa.MakeChan) bool {
	h := &handing{g: g, made: made, seen: make(map[ssa.Value]bool)}
	for _, o := range c.Has(signal.Send) {
		switch {
		case o.Fn == g.Site.Body:
			h.sends = append(h.sends, o.In.Block())
		case g.Has(o.Fn):
			return false
		}
	}
	h.follow(h.made)
	return !h.together && h.handed
}

// onOtherWay reports whether an operation of the function that starts the goroutine is not
// on one way with that: after the same make, control comes to one of them only.
func onOtherWay(g *program.Goroutine, o signal.Op, c *signal.Class) bool {
	m := makeBeside(g, c)
	return m != nil && o.Fn == m.Parent() && !onOneWay(o.In.Block(), o.In.Block(), g.Site.Inst.Block(), m.Block())
}

// onOneWay reports whether control can come from what is done between two blocks to a
// third, or the other way round, without passing through the block that makes the channel.
func onOneWay(from, to, b, made *ssa.BasicBlock) bool {
	edges := func(b *ssa.BasicBlock) []*ssa.BasicBlock { return b.Succs }
	return flow.ComesTo(to, b, made, edges) || flow.ComesTo(b, from, made, edges) || from == made || b == made
}

// handing follows a channel to where its maker, or the goroutine, hands it to others.
type handing struct {
	g        *program.Goroutine
	made     *ssa.MakeChan
	sends    []*ssa.BasicBlock // where the goroutine sends on it
	seen     map[ssa.Value]bool
	handed   bool // it is handed to others
	together bool // on a way on which the goroutine sends
}

// at notes that the channel is handed to others in a block.
func (h *handing) at(b *ssa.BasicBlock) { h.on(b, b) }

// on notes that the channel is handed to others on the way from one block to another.
func (h *handing) on(from, to *ssa.BasicBlock) {
	h.handed = true
	switch from.Parent() {
	case h.g.Site.In:
		h.together = h.together || onOneWay(from, to, h.g.Site.Inst.Block(), h.made.Block())
	case h.g.Site.Body:
		h.together = h.together || slices.ContainsFunc(h.sends, func(s *ssa.BasicBlock) bool { return onOneWay(from, to, s, nil) })
	default:
		h.together = true
	}
}

// follow notes where the value is handed to others: the channel, a variable of it, or a
// struct that holds it.
func (h *handing) follow(v ssa.Value) {
	if h.seen[v] || v.Referrers() == nil {
		return
	}
	h.seen[v] = true
	for _, r := range *v.Referrers() {
		switch r := r.(type) {
		case *ssa.DebugRef, *ssa.BinOp:
		case *ssa.Send:
			if r.X == v {
				h.at(r.Block())
			}
		case *ssa.Select:
			for k, st := range r.States {
				if st.Send != v {
					continue
				}
				if from, to := flow.CaseEdge(r, k); to != nil {
					h.on(from, to)
				} else {
					h.at(r.Block())
				}
			}
		case *ssa.UnOp:
			if r.Op == token.MUL {
				h.follow(r)
			}
		case *ssa.Store:
			h.stored(v, r)
		case *ssa.FieldAddr, *ssa.ChangeType, *ssa.MakeInterface, *ssa.Phi:
			h.follow(r.(ssa.Value))
		case *ssa.MakeClosure:
			h.bound(v, r)
		case ssa.CallInstruction:
			h.called(v, r)
		case *ssa.Return:
			if ch, ok := v.Type().Underlying().(*types.Chan); !ok || ch.Dir() != types.RecvOnly {
				h.at(r.Block())
			}
		default:
			h.at(r.Block())
		}
	}
}

// stored follows the channel into a variable of the function, or into a struct that is one.
func (h *handing) stored(v ssa.Value, st *ssa.Store) {
	if st.Val != v {
		return
	}
	addr := st.Addr
	for f, ok := addr.(*ssa.FieldAddr); ok; f, ok = addr.(*ssa.FieldAddr) {
		addr = f.X
	}
	if _, ok := addr.(*ssa.Alloc); ok {
		h.follow(addr)
		return
	}
	h.at(st.Block())
}

// bound follows the channel into the function that the goroutine runs.
func (h *handing) bound(v ssa.Value, m *ssa.MakeClosure) {
	fn := m.Fn.(*ssa.Function)
	if fn != h.g.Site.Body {
		h.at(m.Block())
		return
	}
	for i, b := range m.Bindings {
		if b == v {
			h.follow(fn.FreeVars[i])
		}
	}
}

func (h *handing) called(v ssa.Value, c ssa.CallInstruction) {
	if _, ok := c.Common().Value.(*ssa.Builtin); ok {
		return
	}
	if c == h.g.Site.Inst && h.g.Site.Body != nil {
		for _, p := range h.g.Site.Body.Params {
			if code.Argument(c.Common(), p) == v {
				h.follow(p)
				return
			}
		}
	}
	h.at(c.Block())
}

// putsBack reports whether a send gives back what the function has just received from the
// same channel: there is room for it.
func (ct *Counts) putsBack(o signal.Op, c *signal.Class) bool {
	if len(ct.PlainGraph(o.Fn).Around(o.In.Block())) > 0 {
		return false
	}
	return slices.ContainsFunc(c.Has(signal.Recv), func(r signal.Op) bool {
		if r.Sel != nil {
			return ct.comesBy(r, o.In)
		}
		return r.Fn == o.Fn && ct.Precedes(r.In, o.In)
	})
}
