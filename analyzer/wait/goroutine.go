package wait

import (
	"go/types"
	"slices"

	"golang.org/x/tools/go/ssa"

	"github.com/killcheck/killcheck/analyzer/code"
	"github.com/killcheck/killcheck/analyzer/program"
	"github.com/killcheck/killcheck/analyzer/summary"
	"github.com/killcheck/killcheck/analyzer/wake"
)

// Waits returns the waits of a goroutine, with what its go statement gives for its
// parameters, and without the wakes that it alone raises.
func (m *Points) Waits(g *program.Goroutine) (ws []*Wait, more bool) {
	c := newCollection()
	s := g.Site
	switch {
	case s.Body != nil && len(s.Body.Blocks) > 0:
		at := wake.Spot{Fn: s.Body, Pos: s.Pos}
		e := m.events(s.Body)
		c.more = e.more
		for _, w := range e.waits {
			m.start(w, s.Body, at, g, c)
		}
	case s.Call != nil:
		m.waitsOf(m.callees.Of(s.Inst), wake.Spot{In: s.Inst, Pos: s.Pos}, s.Inst, c)
	case s.Body != nil && m.farBody(s.Body) != nil:
		m.factWaits(m.farBody(s.Body), wake.Spot{Pos: s.Pos}, nil, c)
	default:
		return nil, true
	}
	for _, w := range c.list {
		next := *w
		next.Wakes = slices.Clone(w.Wakes)
		for i := range next.Wakes {
			next.Wakes[i] = m.withoutOwn(g, &next, m.Settle(next.Wakes[i], wake.Spot{Fn: s.Body, Pos: s.Pos}))
		}
		if !next.Over() && !m.isBrief(&next) {
			ws = append(ws, &next)
		}
	}
	return ws, c.more
}

// farBody returns what is known of a body in another package that takes nothing from
// who starts it; else nil.
func (m *Points) farBody(body *ssa.Function) *summary.Func {
	obj, _ := body.Object().(*types.Func)
	if obj == nil || obj.Pkg() == nil || obj.Pkg() == m.Pkg || body.Signature.Recv() != nil || body.Signature.Params().Len() > 0 {
		return nil
	}
	return m.Fact(obj)
}

// start adds a wait of the body of g.
func (m *Points) start(w *Wait, body *ssa.Function, at wake.Spot, g *program.Goroutine, c *collection) {
	next := *w
	next.Wakes = slices.Clone(w.Wakes)
	for i := range next.Wakes {
		k := &next.Wakes[i]
		p, _ := k.Param.(*ssa.Parameter)
		if p == nil || p.Parent() != body || g.Site.Call == nil {
			continue
		}
		a := code.Argument(g.Site.Call, p)
		switch {
		case a == nil:
		case k.Action == wake.ByReturn:
			m.function(w, a, at, g.Site.Inst, c)
			return
		default:
			*k = m.bind(*k, at, a, m.renamed(*k, p, wake.Spot{In: g.Site.Inst, Pos: g.Site.Pos}, g.Site.Inst))
		}
	}
	c.add(&next)
}

// withoutOwn takes from a wake of the wait the hope for the goroutine itself: what it
// alone raises, it has raised before, or raises after the wait or not at all.
func (m *Points) withoutOwn(g *program.Goroutine, w *Wait, k wake.Wake) wake.Wake {
	if k.Level != wake.Surely || len(k.Who) == 0 || k.Action == wake.ByJoin {
		return k
	}
	for _, in := range k.Who {
		if !m.OnlyIn(g, in.Parent(), 6) {
			return k
		}
	}
	if m.closedEarlier(g, w, &k) {
		k.Level = wake.Itself
		return k
	}
	k.Level, k.Why, k.At = wake.Unclear, wake.OnlyAfter, k.Who[0].Pos()
	return k
}
