package count

import (
	"container/heap"

	"golang.org/x/tools/go/ssa"

	"github.com/killcheck/killcheck/analyzer/flow"
	"github.com/killcheck/killcheck/analyzer/program"
)

// A Leave is the path with the fewest operations from a start to a return.
type Leave struct {
	Count int
	Ret   *ssa.Return
	Steps []*ssa.BasicBlock // the blocks of the path
	Round int               // the fewest operations on a way back to the start; many if there is none
	In    *Leave            // the path of the callee that operates too little, if there is one
}

// Least finds the path with the fewest operations from behind the instruction
// start to a return. ok is false if there is no such path.
func (c *counter) Least(start ssa.Instruction) (Leave, bool) {
	return c.LeastFrom(start.Block(), start)
}

// LeastOnce is least, which is worked out once for each goroutine.
func (c *counter) LeastOnce(start ssa.Instruction) (Leave, bool) {
	key := leastKey{c.tally, start, c.Child, c.Errors, c.Values}
	if l, ok := c.ct.least[key]; ok {
		return l, l.Ret != nil
	}
	l, ok := c.Least(start)
	c.ct.least[key] = l
	return l, ok
}

type leastKey struct {
	of     *tally
	start  ssa.Instruction
	child  *program.Goroutine
	errors bool
	values bool
}

// LeastFrom is least from the instruction of the block, or, if that is nil, from
// the start of the block.
func (c *counter) LeastFrom(first *ssa.BasicBlock, start ssa.Instruction) (Leave, bool) {
	c.start = start
	paths := c.ct.pathsOf(c.fn)
	dist := make(map[flow.State]int)
	prev := make(map[flow.State]flow.State)
	done := make(map[flow.State]bool)
	q := &queue{}
	round := Many
	index := 0
	for i, in := range first.Instrs {
		if in == start {
			index = i + 1
		}
	}
	visit := func(s flow.State, from int, d int) (Leave, bool) {
		b := s.Block
		for _, in := range b.Instrs[from:] {
			d += c.weight(in)
			if in == c.g.StopsAt(b) {
				return Leave{}, false
			}
			if r, ok := in.(*ssa.Return); ok {
				return Leave{Count: min(d, Many), Ret: r}, c.only == nil || c.only(r)
			}
		}
		for _, n := range paths.Succs(s) {
			if c.infeasible(b, n.Edge) {
				continue
			}
			nd := d + c.edgeWeight(b, n.Edge)
			if n.Block == first {
				for _, in := range first.Instrs[:index] {
					nd += c.weight(in)
				}
				round = min(round, nd)
			}
			if old, ok := dist[n.State]; ok && old <= nd || n.Block == first {
				continue
			}
			dist[n.State], prev[n.State] = nd, s
			heap.Push(q, item{n.State, nd})
		}
		return Leave{}, false
	}
	var best Leave
	ok := false
	for _, s := range paths.At(first) {
		if l, found := visit(s, index, 0); found {
			best, ok = l, true // the same in all states
			best.In = c.inner([]*ssa.BasicBlock{first})
		}
	}
	for q.Len() > 0 {
		it := heap.Pop(q).(item)
		if done[it.s] || it.d > dist[it.s] {
			continue
		}
		done[it.s] = true
		if l, found := visit(it.s, 0, it.d); found && (!ok || l.Count < best.Count) {
			best, ok = l, true
			for s := it.s; s.Block != first; s = prev[s] {
				best.Steps = append([]*ssa.BasicBlock{s.Block}, best.Steps...)
			}
			best.Steps = append([]*ssa.BasicBlock{first}, best.Steps...)
			best.In = c.inner(best.Steps)
		}
	}
	best.Round = round
	return best, ok
}

// pathsOf returns the ways through a function.
func (ct *Counts) pathsOf(fn *ssa.Function) *flow.Paths {
	p := ct.paths[fn]
	if p == nil {
		p = flow.NewPaths(ct.PlainGraph(fn), flow.Flags{Load: ct.loaded, Store: ct.stored})
		ct.paths[fn] = p
	}
	return p
}

type item struct {
	s flow.State
	d int
}

type queue []item

func (q queue) Len() int { return len(q) }

func (q queue) Less(i, j int) bool {
	return q[i].d < q[j].d || q[i].d == q[j].d && q[i].s.Block.Index < q[j].s.Block.Index
}

func (q queue) Swap(i, j int) { q[i], q[j] = q[j], q[i] }

func (q *queue) Push(x any) { *q = append(*q, x.(item)) }

func (q *queue) Pop() any {
	old := *q
	x := old[len(old)-1]
	*q = old[:len(old)-1]
	return x
}
