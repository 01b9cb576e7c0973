package lifetime

import (
	"container/heap"
	"go/token"
	"go/types"
	"slices"

	"golang.org/x/tools/go/ssa"

	"github.com/killcheck/killcheck/analyzer/flow"
	"github.com/killcheck/killcheck/analyzer/kb"
	"github.com/killcheck/killcheck/analyzer/signal"
)

// many is a count without a known bound.
const many = 1 << 20

// A counter counts operations on one channel along the paths of a function.
type counter struct {
	w  *world
	fn *ssa.Function
	g  *flow.Graph
	*tally

	strict bool       // a loop counts only if it operates on the channel in every round
	errors bool       // to return an error out of a loop counts as leaving early
	child  *Goroutine // if set: what shows that this goroutine has ended counts as many
	frame  *Frame     // if set: so does what shows that this frame or one around it has returned
}

// A tally is what all counters of the same operations know.
type tally struct {
	ops     map[ssa.Instruction][]signal.Op // the operations that count, by instruction
	fns     map[*ssa.Function]bool          // functions that hold one, or call such a function
	made    map[*ssa.MakeChan]bool
	weighed map[*ssa.Function][maxMost + 1][]int // see weights
	sums    map[*ssa.BasicBlock][]int            // see before
}

// tallyKey names operations of a class by the place of their list.
type tallyKey struct {
	class *signal.Class
	first *signal.Op
	n     int
}

// newCounter returns a counter of ops along the paths of fn.
func (w *world) newCounter(fn *ssa.Function, class *signal.Class, ops []signal.Op) *counter {
	key := tallyKey{class: class, n: len(ops)}
	if len(ops) > 0 {
		key.first = &ops[0] // Inv: who has a list keeps it as it is
	}
	shared := w.tallies[key]
	if shared == nil {
		shared = &tally{
			ops: make(map[ssa.Instruction][]signal.Op), fns: make(map[*ssa.Function]bool), made: make(map[*ssa.MakeChan]bool),
			weighed: make(map[*ssa.Function][maxMost + 1][]int), sums: make(map[*ssa.BasicBlock][]int),
		}
		for _, o := range ops {
			shared.ops[o.In] = append(shared.ops[o.In], o)
			w.holders(shared.fns, o.Fn)
		}
		for _, m := range class.Makes {
			shared.made[m] = true
		}
		w.tallies[key] = shared
	}
	return &counter{w: w, fn: fn, g: w.plainGraph(fn), tally: shared}
}

// holders marks fn and the functions that call it.
func (w *world) holders(marked map[*ssa.Function]bool, fn *ssa.Function) {
	if marked[fn] {
		return
	}
	marked[fn] = true
	calls, _ := w.Graph.Callers(fn)
	for _, call := range calls {
		if _, ok := call.(*ssa.Go); !ok {
			w.holders(marked, call.Parent())
		}
	}
}

// weight returns how many operations the instruction does at least: those of
// a callee count as many, as they are not looked into.
func (c *counter) weight(in ssa.Instruction) int {
	for _, o := range c.ops[in] {
		if o.Sel != nil {
			continue // counted on the edge of its case
		}
		if o.Kind == signal.Close {
			return many
		}
		return 1
	}
	if u, ok := in.(*ssa.UnOp); ok && isRecv(u) && c.childEnds(u.X) {
		return many
	}
	call, ok := in.(ssa.CallInstruction)
	if !ok {
		return 0
	}
	if _, ok := in.(*ssa.Go); ok {
		return 0
	}
	if c.joins(call.Common()) {
		return many
	}
	fns, _ := c.w.Graph.Callees(call)
	for _, fn := range fns {
		if c.fns[fn] {
			return many
		}
	}
	for _, a := range call.Common().Args {
		if m, ok := a.(*ssa.MakeClosure); ok && c.fns[m.Fn.(*ssa.Function)] {
			return many // a callback
		}
	}
	return 0
}

// defers reports whether the function defers something that operates on the
// channel: it does so on every way out.
func (c *counter) defers() bool {
	return slices.ContainsFunc(c.w.defersIn(c.fn), func(d *ssa.Defer) bool { return c.weight(d) > 0 })
}

// defersIn returns the defer statements of fn.
func (w *world) defersIn(fn *ssa.Function) []*ssa.Defer {
	all, ok := w.defers[fn]
	if !ok {
		for _, b := range fn.Blocks {
			for _, in := range b.Instrs {
				if d, ok := in.(*ssa.Defer); ok {
					all = append(all, d)
				}
			}
		}
		w.defers[fn] = all
	}
	return all
}

// edgeWeight returns how many operations taking edge i of b means, and whether
// the edge counts as a way to leave early.
func (c *counter) edgeWeight(b *ssa.BasicBlock, i int) int {
	if sel, k := selectCase(b, i); sel != nil {
		for _, o := range c.ops[sel] {
			if o.Case == k {
				return 1
			}
		}
		if k < len(sel.States) && sel.States[k].Dir == types.RecvOnly && c.childEnds(sel.States[k].Chan) {
			return many
		}
		return 0
	}
	if recv := rangeExit(b, i); recv != nil && len(c.ops[recv]) > 0 {
		return many // closed: everything has been received
	}
	return c.loopExit(b, i)
}

// childEnds reports whether a receive from v shows that the goroutine is past
// its operations on the channel: it alone raises v, and after that it does none
// of them.
func (c *counter) childEnds(v ssa.Value) bool {
	if c.frame != nil && c.w.closedLast(c.frame, v) {
		return true
	}
	g := c.child
	if g == nil || !c.w.onlyRaisedBy(g, v) {
		return false
	}
	ins, _ := c.w.raises(v)
	for _, in := range ins {
		if _, ok := in.(*ssa.Defer); ok {
			continue // it runs last
		}
		if in.Parent() != g.Site.Body || c.after(in) {
			return false
		}
	}
	return true
}

// after reports whether the goroutine can operate on the channel after the
// instruction of its body.
func (c *counter) after(in ssa.Instruction) bool {
	g := c.w.plainGraph(in.Parent())
	sends := func(x ssa.Instruction) bool {
		if _, ok := x.(*ssa.Send); ok {
			class := c.w.Graph.Class(c.w.Base, x.(*ssa.Send).Chan)
			for _, m := range class.Makes {
				if c.made[m] {
					return true
				}
			}
		}
		if call, ok := x.(ssa.CallInstruction); ok {
			fns, _ := c.w.Graph.Callees(call)
			return len(fns) > 0
		}
		return false
	}
	past := false
	for _, x := range in.Block().Instrs {
		if past && sends(x) {
			return true
		}
		past = past || x == in
	}
	seen := make(map[*ssa.BasicBlock]bool)
	work := append([]*ssa.BasicBlock(nil), g.Succs(in.Block())...)
	for len(work) > 0 {
		b := work[len(work)-1]
		work = work[:len(work)-1]
		if seen[b] {
			continue
		}
		seen[b] = true
		for _, x := range b.Instrs {
			if sends(x) {
				return true
			}
		}
		work = append(work, g.Succs(b)...)
	}
	return false
}

// joins reports whether the call waits until goroutines have called Done.
func (c *counter) joins(call *ssa.CallCommon) bool {
	if c.child == nil {
		return false
	}
	e, ok := signal.Entry(c.w.Base, call)
	return ok && e.Kind == kb.KindWait && len(e.Wake(kb.Done)) > 0
}

// loopExit returns many for an edge that leaves a loop which operates on the
// channel in every round, unless it is left early: because of an error, or by
// another case of a select. How often such a loop goes round is not known, but
// it is taken to be the right number.
func (c *counter) loopExit(b *ssa.BasicBlock, i int) int {
	to := b.Succs[i]
	for _, l := range c.g.All() {
		if !l.Has(b) && !guards(b, i, l) || l.Has(to) || !c.loopCounts(l) {
			continue
		}
		if sel, _ := selectCase(b, i); sel != nil || onFailure(b, i) || c.errors && errorReturn(to) || c.strict && c.skips(l) {
			continue
		}
		return many
	}
	return 0
}

// skips reports whether control can go round the loop without an operation on
// the channel.
func (c *counter) skips(l *flow.Loop) bool {
	for _, b := range l.Blocks {
		for _, in := range b.Instrs {
			if c.weight(in) > 0 && !c.w.roundWithout(c.fn, l, b) {
				return false
			}
		}
	}
	return true
}

// guards reports whether edge i of b goes past the loop, a range over an integer,
// because it has no rounds.
func guards(b *ssa.BasicBlock, i int, l *flow.Loop) bool {
	return i == 1 && len(b.Succs) == 2 && b.Succs[1].Comment == "rangeint.done" && b.Succs[0].Comment == "rangeint.body" && l.Has(b.Succs[0])
}

func (c *counter) loopCounts(l *flow.Loop) bool {
	for _, b := range l.Blocks {
		for _, in := range b.Instrs {
			if len(c.ops[in]) > 0 || c.weight(in) > 0 {
				return true
			}
		}
	}
	return false
}

// errorReturn reports whether control goes from b straight to a return of an
// error.
func errorReturn(b *ssa.BasicBlock) bool {
	for range 4 {
		switch in := b.Instrs[len(b.Instrs)-1].(type) {
		case *ssa.Jump:
			b = b.Succs[0]
		case *ssa.Return:
			if len(in.Results) == 0 {
				return false
			}
			last := in.Results[len(in.Results)-1]
			k, isConst := last.(*ssa.Const)
			return isError(last.Type()) && (!isConst || k.Value != nil || !k.IsNil())
		default:
			return false
		}
	}
	return false
}

// onFailure reports whether edge i of b is taken because of an error.
func onFailure(b *ssa.BasicBlock, i int) bool {
	cmp, ok := condition(b).(*ssa.BinOp)
	if !ok || !isError(cmp.X.Type()) {
		return false
	}
	k, ok := cmp.Y.(*ssa.Const)
	return ok && k.Value == nil && (cmp.Op == token.NEQ) == (i == 0)
}

// A leave is the path with the fewest operations from a start to a return.
type leave struct {
	count int
	ret   *ssa.Return
	steps []*ssa.BasicBlock // the blocks of the path
}

// least finds the path with the fewest operations from behind the instruction
// start to a return. ok is false if there is no such path.
func (c *counter) least(start ssa.Instruction) (leave, bool) {
	return c.leastFrom(start.Block(), start)
}

// leastOnce is least, which is worked out once for each goroutine.
func (c *counter) leastOnce(start ssa.Instruction) (leave, bool) {
	key := leastKey{c.tally, start, c.child, c.errors}
	if l, ok := c.w.least[key]; ok {
		return l, l.ret != nil
	}
	l, ok := c.least(start)
	c.w.least[key] = l
	return l, ok
}

type leastKey struct {
	of     *tally
	start  ssa.Instruction
	child  *Goroutine
	errors bool
}

// leastFrom is least from the instruction of the block, or, if that is nil, from
// the start of the block.
func (c *counter) leastFrom(first *ssa.BasicBlock, start ssa.Instruction) (leave, bool) {
	known := c.lasting(first)
	dist := make(map[*ssa.BasicBlock]int)
	prev := make(map[*ssa.BasicBlock]*ssa.BasicBlock)
	done := make(map[*ssa.BasicBlock]bool)
	q := &queue{}
	visit := func(b *ssa.BasicBlock, from int, d int) (leave, bool) {
		for _, in := range b.Instrs[from:] {
			d += c.weight(in)
			if in == c.g.StopsAt(b) {
				return leave{}, false
			}
			if r, ok := in.(*ssa.Return); ok {
				return leave{count: min(d, many), ret: r}, true
			}
		}
		for i, s := range b.Succs {
			if !c.taken(b, s) || c.infeasible(known, b, i) || c.notAtFirst(first, b, i) {
				continue
			}
			nd := d + c.edgeWeight(b, i)
			if old, ok := dist[s]; ok && old <= nd || s == first {
				continue
			}
			dist[s], prev[s] = nd, b
			heap.Push(q, item{s, nd})
		}
		return leave{}, false
	}
	index := 0
	for i, in := range first.Instrs {
		if in == start {
			index = i + 1
		}
	}
	best, ok := visit(first, index, 0)
	for q.Len() > 0 {
		it := heap.Pop(q).(item)
		if done[it.b] || it.d > dist[it.b] {
			continue
		}
		done[it.b] = true
		if l, found := visit(it.b, 0, it.d); found && (!ok || l.count < best.count) {
			best, ok = l, true
			for b := it.b; b != nil && b != first; b = prev[b] {
				best.steps = append([]*ssa.BasicBlock{b}, best.steps...)
			}
			best.steps = append([]*ssa.BasicBlock{first}, best.steps...)
		}
	}
	return best, ok
}

func (c *counter) taken(b, s *ssa.BasicBlock) bool { return taken(c.g, b, s) }

// taken reports whether the graph has the edge from b to s.
func taken(g *flow.Graph, b, s *ssa.BasicBlock) bool {
	for _, x := range g.Succs(b) {
		if x == s {
			return true
		}
	}
	return false
}

type item struct {
	b *ssa.BasicBlock
	d int
}

type queue []item

func (q queue) Len() int { return len(q) }
func (q queue) Less(i, j int) bool {
	return q[i].d < q[j].d || q[i].d == q[j].d && q[i].b.Index < q[j].b.Index
}
func (q queue) Swap(i, j int) { q[i], q[j] = q[j], q[i] }
func (q *queue) Push(x any)   { *q = append(*q, x.(item)) }
func (q *queue) Pop() any {
	old := *q
	x := old[len(old)-1]
	*q = old[:len(old)-1]
	return x
}
