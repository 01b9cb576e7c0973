package signal

import (
	"slices"

	"golang.org/x/tools/go/ssa"
)

// Origins returns the calls whose results v may be, and whether it may come
// from elsewhere as well: from code that is not seen, from a variable that
// nothing is assigned to, from a parameter of a function that nobody calls.
func (g *Graph) Origins(v ssa.Value) (calls []*ssa.Call, open bool) {
	back := g.backward(g.value(v))
	open = back.outside || len(back.foreign) > 0 || len(back.roots) == 0
	for _, r := range back.roots {
		if c := g.maker(r); c != nil {
			calls = append(calls, c)
		} else {
			open = true
		}
	}
	slices.SortFunc(calls, func(a, b *ssa.Call) int { return int(a.Pos()) - int(b.Pos()) })
	return slices.Compact(calls), open
}

// Invocations returns the calls of the function that is result number i of c,
// and whether code that is not seen may call it as well.
func (g *Graph) Invocations(c *ssa.Call, i int) (calls []ssa.CallInstruction, open bool) {
	return g.invocations(c, i)
}

// HandedOut reports whether others get v to keep: it is a result, or in a field
// that they can name. What is only given to a call is not handed out.
func (g *Graph) HandedOut(v ssa.Value) bool {
	nodes, _ := g.forward(g.value(v))
	for _, n := range nodes {
		if !slices.Contains(g.succ[n], outside) {
			continue
		}
		switch g.keys[n].(type) {
		case result, content:
			return true
		}
	}
	return false
}
