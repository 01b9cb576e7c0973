// Package flow holds graph tools over the control-flow graph of one SSA
// function: which blocks can be reached, which loops there are, and which of
// them cannot be left. It knows no library: whoever builds a [Graph] says
// which edges cannot be taken and which instructions never return.
package flow

import (
	"go/constant"
	"go/token"
	"slices"
	"sync"

	"golang.org/x/tools/go/ssa"
)

// Cuts says which parts of a control-flow graph cannot be taken.
// A nil function cuts nothing.
type Cuts struct {
	// Stops reports whether control never gets past the instruction: a call
	// that does not return, a wait that nothing ends.
	Stops func(ssa.Instruction) bool
	// Dead reports whether the edge from b to b.Succs[i] cannot be taken.
	Dead func(b *ssa.BasicBlock, i int) bool
}

// A Graph is the control-flow graph of a function without its cut parts.
type Graph struct {
	Fn     *ssa.Function
	succs  [][]*ssa.BasicBlock
	stop   []ssa.Instruction // by block: the instruction that control does not pass
	reach  []bool
	comps  [][]*ssa.BasicBlock
	loops  func() loops // found once
	places Places
}

// New returns the graph of fn without what cuts says.
// Edges of conditions that are constant are cut as well.
func New(fn *ssa.Function, cuts Cuts) *Graph {
	n := len(fn.Blocks)
	g := &Graph{Fn: fn, succs: make([][]*ssa.BasicBlock, n), stop: make([]ssa.Instruction, n), reach: make([]bool, n), places: make(Places)}
	g.loops = sync.OnceValue(g.all)
	for _, b := range fn.Blocks {
		if cuts.Stops != nil {
			for _, in := range b.Instrs {
				if cuts.Stops(in) {
					g.stop[b.Index] = in
					break
				}
			}
		}
		if g.stop[b.Index] != nil {
			continue // Inv: a block that stops has no successors
		}
		for i, s := range b.Succs {
			if constDead(b, i) || cuts.Dead != nil && cuts.Dead(b, i) {
				continue
			}
			g.succs[b.Index] = append(g.succs[b.Index], s)
		}
	}
	g.trim()
	if n > 0 {
		g.mark(fn.Blocks[0])
	}
	g.components()
	return g
}

// trim cuts the edges to blocks that control cannot leave because all their
// edges are cut: control does not get there either. The last case of a select
// is such a block if it cannot be taken.
func (g *Graph) trim() {
	blocked := func(b *ssa.BasicBlock) bool {
		return len(b.Succs) > 0 && len(g.succs[b.Index]) == 0 && g.stop[b.Index] == nil
	}
	var work []*ssa.BasicBlock
	for _, b := range g.Fn.Blocks {
		if blocked(b) {
			work = append(work, b)
		}
	}
	for len(work) > 0 {
		b := work[len(work)-1]
		work = work[:len(work)-1]
		for _, p := range b.Preds {
			if len(g.succs[p.Index]) == 0 {
				continue // seen to already
			}
			g.succs[p.Index] = slices.DeleteFunc(g.succs[p.Index], func(s *ssa.BasicBlock) bool { return s == b })
			if blocked(p) {
				work = append(work, p)
			}
		}
	}
}

// constDead reports whether edge i of b is never taken: its condition is
// constant, or it is where none of the cases of a blocking select is chosen.
func constDead(b *ssa.BasicBlock, i int) bool {
	ifi, ok := b.Instrs[len(b.Instrs)-1].(*ssa.If)
	if !ok {
		return false
	}
	if c, ok := ifi.Cond.(*ssa.Const); ok && c.Value != nil {
		return (c.Value.String() == "true") == (i == 1)
	}
	cmp, ok := ifi.Cond.(*ssa.BinOp)
	if !ok {
		return false
	}
	if holds, ok := compare(cmp); ok {
		return holds == (i == 1)
	}
	if holds, ok := ofStub(cmp); ok {
		return holds == (i == 1)
	}
	if i == 0 || cmp.Op != token.EQL {
		return false
	}
	x, ok := cmp.X.(*ssa.Extract)
	if !ok || x.Index != 0 {
		return false
	}
	sel, ok := x.Tuple.(*ssa.Select)
	if !ok || !sel.Blocking {
		return false
	}
	k, ok := cmp.Y.(*ssa.Const)
	return ok && k.Value != nil && int(k.Int64()) == len(sel.States)-1
}

// compare returns the result of a comparison of two constants, as a range over an
// integer makes them.
func compare(cmp *ssa.BinOp) (holds, ok bool) {
	x, isConst := cmp.X.(*ssa.Const)
	y, both := cmp.Y.(*ssa.Const)
	if !isConst || !both || x.Value == nil || y.Value == nil || x.Value.Kind() != y.Value.Kind() {
		return false, false
	}
	switch cmp.Op {
	case token.EQL, token.NEQ, token.LSS, token.LEQ, token.GTR, token.GEQ:
		return constant.Compare(x.Value, cmp.Op, y.Value), true
	}
	return false, false
}

func (g *Graph) mark(b *ssa.BasicBlock) {
	work := []*ssa.BasicBlock{b}
	for len(work) > 0 {
		b := work[len(work)-1]
		work = work[:len(work)-1]
		if g.reach[b.Index] {
			continue
		}
		g.reach[b.Index] = true
		work = append(work, g.succs[b.Index]...)
	}
}

// Succs returns the successors of b that can be taken.
func (g *Graph) Succs(b *ssa.BasicBlock) []*ssa.BasicBlock { return g.succs[b.Index] }

// Reachable reports whether control can reach b from the entry.
func (g *Graph) Reachable(b *ssa.BasicBlock) bool { return g.reach[b.Index] }

// StopsAt returns the instruction of b that control does not pass, or nil.
func (g *Graph) StopsAt(b *ssa.BasicBlock) ssa.Instruction { return g.stop[b.Index] }

// Executes reports whether control can reach the instruction.
func (g *Graph) Executes(in ssa.Instruction) bool {
	b := in.Block()
	if !g.reach[b.Index] {
		return false
	}
	if g.stop[b.Index] == nil {
		return true
	}
	for _, x := range b.Instrs {
		if x == in {
			return true
		}
		if x == g.stop[b.Index] {
			return false
		}
	}
	return false
}

// Returns reports whether control can reach a return.
func (g *Graph) Returns() bool { return len(ReturnsOf(g)) > 0 }

// ReturnsOf returns the returns that control can come to.
func ReturnsOf(g *Graph) (rets []*ssa.Return) {
	for _, b := range g.Fn.Blocks {
		if r, ok := b.Instrs[len(b.Instrs)-1].(*ssa.Return); ok && g.Executes(r) {
			rets = append(rets, r)
		}
	}
	return rets
}

// A Loop is a set of blocks that control can go round in.
type Loop struct {
	Head   *ssa.BasicBlock // the block that is entered first
	Blocks []*ssa.BasicBlock
	Exits  []Edge // edges that leave it
	in     map[*ssa.BasicBlock]bool
}

// An Edge is a control-flow edge.
type Edge struct{ From, To *ssa.BasicBlock }

// Has reports whether b belongs to the loop.
func (l *Loop) Has(b *ssa.BasicBlock) bool { return l.in[b] }

// Endless reports whether no edge leaves the loop.
func (l *Loop) Endless() bool { return len(l.Exits) == 0 }

// loops are the loops of a graph.
type loops struct {
	all    []*Loop
	around [][]*Loop // by block: those that hold it
	outer  []*Loop
}

// Loops returns the outermost loops that can be reached, in block order. The
// caller must not change the slice.
func (g *Graph) Loops() []*Loop { return g.loops().outer }

// All returns the loops that can be reached, outer ones before inner ones. The
// caller must not change the slice.
func (g *Graph) All() []*Loop { return g.loops().all }

// Around returns those of [Graph.All] that hold the block, in the same order. The
// caller must not change the slice.
func (g *Graph) Around(b *ssa.BasicBlock) []*Loop {
	if l := g.loops(); l.around != nil {
		return l.around[b.Index]
	}
	return nil
}

func (g *Graph) all() loops {
	var found loops
	for _, comp := range g.comps {
		if l := g.loop(comp, g.succs); l != nil {
			found.outer = append(found.outer, l)
		}
	}
	if len(found.outer) == 0 {
		return found
	}
	found.around = make([][]*Loop, len(g.succs))
	sub := make([][]*ssa.BasicBlock, len(g.succs))
	work := slices.Clone(found.outer)
	for len(work) > 0 {
		l := work[0]
		work = work[1:]
		found.all = append(found.all, l)
		for _, b := range l.Blocks {
			found.around[b.Index] = append(found.around[b.Index], l)
		}
		work = append(work, g.inner(l, sub)...)
	}
	return found
}

// inner returns the loops inside l that do not go through its head. It leaves sub,
// which is there to be used again, as it was.
func (g *Graph) inner(l *Loop, sub [][]*ssa.BasicBlock) []*Loop {
	for _, b := range l.Blocks {
		if b == l.Head {
			continue
		}
		for _, s := range g.succs[b.Index] {
			if l.in[s] && s != l.Head {
				sub[b.Index] = append(sub[b.Index], s)
			}
		}
	}
	var loops []*Loop
	for _, comp := range tarjan(l.Blocks, sub) {
		if x := g.loop(comp, sub); x != nil && x.Head != l.Head {
			loops = append(loops, x)
		}
	}
	for _, b := range l.Blocks {
		sub[b.Index] = nil
	}
	return loops
}

func (g *Graph) loop(comp []*ssa.BasicBlock, succs [][]*ssa.BasicBlock) *Loop {
	l := &Loop{Blocks: comp, in: make(map[*ssa.BasicBlock]bool, len(comp))}
	for _, b := range comp {
		l.in[b] = true
	}
	round := false
	for _, b := range comp {
		for _, s := range succs[b.Index] {
			round = round || l.in[s]
		}
		for _, s := range g.succs[b.Index] {
			if !l.in[s] {
				l.Exits = append(l.Exits, Edge{b, s})
			}
		}
		if g.ends(b) {
			l.Exits = append(l.Exits, Edge{b, nil})
		}
	}
	if !round {
		return nil // a single block without an edge to itself
	}
	for _, b := range comp {
		if l.Head == nil || b.Dominates(l.Head) {
			l.Head = b
		}
	}
	return l
}

// ends reports whether the function can end inside b.
func (g *Graph) ends(b *ssa.BasicBlock) bool {
	if g.stop[b.Index] != nil || len(b.Instrs) == 0 {
		return false
	}
	switch b.Instrs[len(b.Instrs)-1].(type) {
	case *ssa.Return, *ssa.Panic:
		return true
	}
	return false
}

func (g *Graph) components() {
	var blocks []*ssa.BasicBlock
	for _, b := range g.Fn.Blocks {
		if g.reach[b.Index] {
			blocks = append(blocks, b)
		}
	}
	g.comps = tarjan(blocks, g.succs)
}

// tarjan returns the strongly connected components of the graph on the given
// blocks, each in block order, the components by their first block. No edge leads
// out of the blocks.
func tarjan(blocks []*ssa.BasicBlock, succs [][]*ssa.BasicBlock) [][]*ssa.BasicBlock {
	if len(blocks) == 0 {
		return nil
	}
	byIndex := func(a, b *ssa.BasicBlock) int { return a.Index - b.Index }
	from, to := slices.MinFunc(blocks, byIndex).Index, slices.MaxFunc(blocks, byIndex).Index
	index, low, on := make([]int, to+1-from), make([]int, to+1-from), make([]bool, to+1-from)
	var stack []*ssa.BasicBlock
	var comps [][]*ssa.BasicBlock
	next := 1
	var visit func(b *ssa.BasicBlock)
	visit = func(b *ssa.BasicBlock) {
		i := b.Index - from
		index[i], low[i] = next, next
		next++
		stack, on[i] = append(stack, b), true
		for _, s := range succs[b.Index] {
			j := s.Index - from
			if index[j] == 0 {
				visit(s)
				low[i] = min(low[i], low[j])
			} else if on[j] {
				low[i] = min(low[i], index[j])
			}
		}
		if low[i] != index[i] {
			return
		}
		var comp []*ssa.BasicBlock
		for {
			x := stack[len(stack)-1]
			stack, on[x.Index-from] = stack[:len(stack)-1], false
			comp = append(comp, x)
			if x == b {
				break
			}
		}
		comps = append(comps, comp)
	}
	for _, b := range blocks {
		if index[b.Index-from] == 0 {
			visit(b)
		}
	}
	for _, c := range comps {
		sortBlocks(c)
	}
	sortComps(comps)
	return comps
}
