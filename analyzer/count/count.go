package count

import (
	"go/types"
	"slices"

	"golang.org/x/tools/go/ssa"

	"github.com/killcheck/killcheck/analyzer/code"
	"github.com/killcheck/killcheck/analyzer/flow"
	"github.com/killcheck/killcheck/analyzer/kb"
	"github.com/killcheck/killcheck/analyzer/program"
	"github.com/killcheck/killcheck/analyzer/signal"
)

// LeaveStep is the place where the function leaves without receiving.
func (ct *Counts) LeaveStep(fn *ssa.Function, l Leave) program.Step {
	if l.In != nil {
		return ct.LeaveStep(l.In.Ret.Parent(), *l.In)
	}
	pos := l.Ret.Pos()
	if !pos.IsValid() {
		if b := ct.Syn.Body(fn); b != nil {
			pos = b.Rbrace
		}
	}
	return program.Step{Pos: pos, End: pos + 1, Text: "it can return here"}
}

// many is a count without a known bound.
const Many = 1 << 20

// A counter counts operations on one channel along the paths of a function.
type counter struct {
	ct *Counts
	fn *ssa.Function
	g  *flow.Graph
	*tally

	Strict bool               // a loop counts only if it operates on the channel in every round
	Sure   bool               // what is not known for certain counts nothing
	Errors bool               // to return an error out of a loop counts as leaving early
	Values bool               // so does to leave a loop because of a value received: who sends does not know
	Agreed bool               // to leave because of an error that was received does not: the one who sends knows what it has sent
	NoEnd  bool               // who sends goes on for ever
	Shut   bool               // who sends closes the channel in the end, out of sight
	Child  *program.Goroutine // if set: what shows that this goroutine has ended counts as many
	NoJoin bool               // but not a wait for a group, which need not be one that it is in
	Frame  *program.Frame     // if set: so does what shows that this frame or one around it has returned

	only  func(*ssa.Return) bool // if set: other returns do not count
	start ssa.Instruction        // from where ways are looked for; nil from the start of a block
	depth int                    // of the calls that lead to fn
}

// A tally is what all counters of the same operations know.
type tally struct {
	ops     map[ssa.Instruction][]signal.Op // the operations that count, by instruction
	fns     map[*ssa.Function]bool          // functions that hold one, or call such a function
	made    map[*ssa.MakeChan]bool
	closed  bool                                   // somebody closes the channel
	callees map[calleeKey]outcomes                 // see least
	weighed map[*ssa.Function][MostDepth + 1][]int // see weights
	sums    map[*ssa.BasicBlock][]int              // see before
}

// tallyKey names operations of a class by the place of their list.
type tallyKey struct {
	class *signal.Class
	first *signal.Op
	n     int
}

// NewCounter returns a counter of ops along the paths of fn.
func (ct *Counts) NewCounter(fn *ssa.Function, class *signal.Class, ops []signal.Op) *counter {
	key := tallyKey{class: class, n: len(ops)}
	if len(ops) > 0 {
		key.first = &ops[0] // Inv: who has a list keeps it as it is
	}
	shared := ct.tallies[key]
	if shared == nil {
		shared = &tally{
			ops: make(map[ssa.Instruction][]signal.Op), fns: make(map[*ssa.Function]bool), made: make(map[*ssa.MakeChan]bool),
			callees: make(map[calleeKey]outcomes), weighed: make(map[*ssa.Function][MostDepth + 1][]int), sums: make(map[*ssa.BasicBlock][]int),
		}
		for _, o := range ops {
			shared.ops[o.In] = append(shared.ops[o.In], o)
			ct.holders(shared.fns, o.Fn)
		}
		for _, m := range class.Makes {
			shared.made[m] = true
		}
		shared.closed = len(class.Has(signal.Close)) > 0
		ct.tallies[key] = shared
	}
	return &counter{ct: ct, fn: fn, g: ct.PlainGraph(fn), tally: shared}
}

// holders marks fn and the functions that call it.
func (ct *Counts) holders(marked map[*ssa.Function]bool, fn *ssa.Function) {
	if marked[fn] {
		return
	}
	marked[fn] = true
	calls, _ := ct.Graph.Callers(fn)
	for _, call := range calls {
		if _, ok := call.(*ssa.Go); !ok {
			ct.holders(marked, call.Parent())
		}
	}
}

// weight returns how many operations the instruction does at least.
func (c *counter) weight(in ssa.Instruction) int {
	for _, o := range c.ops[in] {
		if o.Sel != nil {
			continue // counted on the edge of its case
		}
		if o.Kind == signal.Close {
			return Many
		}
		return 1
	}
	if u, ok := in.(*ssa.UnOp); ok && code.IsRecv(u) && c.childEnds(u.X) {
		return Many
	}
	call, ok := in.(ssa.CallInstruction)
	if !ok {
		return 0
	}
	if _, ok := in.(*ssa.Go); ok {
		return 0
	}
	if c.joins(call.Common()) {
		return Many
	}
	fns, _ := c.ct.Graph.Callees(call)
	for _, fn := range fns {
		if c.fns[fn] {
			if c.Sure && !c.given(call.Common()) {
				return 0
			}
			return c.least(call, fns).any
		}
	}
	for _, a := range call.Common().Args {
		if m, ok := a.(*ssa.MakeClosure); ok && !c.Sure && c.fns[m.Fn.(*ssa.Function)] {
			return Many // a callback
		}
	}
	return 0
}

// Defers reports whether the function defers something that operates on the
// channel: it does so on every way out.
func (c *counter) Defers() bool {
	return slices.ContainsFunc(c.ct.defersIn(c.fn), func(d *ssa.Defer) bool { return c.weight(d) > 0 })
}

// DefersBefore reports whether the function may have deferred something that operates
// on the channel when control is at the instruction.
func (c *counter) DefersBefore(in ssa.Instruction) bool {
	return slices.ContainsFunc(c.ct.defersIn(c.fn), func(d *ssa.Defer) bool { return c.weight(d) > 0 && flow.MayPrecede(d, in, nil) })
}

// defersIn returns the defer statements of fn.
func (ct *Counts) defersIn(fn *ssa.Function) []*ssa.Defer {
	all, ok := ct.defers[fn]
	if !ok {
		all = slices.Collect(code.Defers(fn))
		ct.defers[fn] = all
	}
	return all
}

// edgeWeight returns how many operations taking edge i of b means, and whether
// the edge counts as a way to leave early.
func (c *counter) edgeWeight(b *ssa.BasicBlock, i int) int {
	if sel, k := flow.SelectCase(b, i); sel != nil {
		for _, o := range c.ops[sel] {
			if o.Case == k {
				return 1
			}
		}
		if k < len(sel.States) && sel.States[k].Dir == types.RecvOnly && c.childEnds(sel.States[k].Chan) {
			return Many
		}
		return 0
	}
	if recv := flow.RangeExit(b, i); recv != nil && len(c.ops[recv]) > 0 {
		return Many // closed: everything has been received
	}
	return min(c.loopExit(b, i)+c.outcome(b, i), Many)
}

// childEnds reports whether a receive from v shows that the goroutine is past
// its operations on the channel: it alone raises v, and after that it does none
// of them.
func (c *counter) childEnds(v ssa.Value) bool {
	if c.Frame != nil && c.ct.ClosedLast(c.Frame, v) {
		return true
	}
	g := c.Child
	if g == nil || !c.ct.OnlyRaisedBy(g, v) {
		return false
	}
	ins, _ := c.ct.Raises(v)
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
	g := c.ct.PlainGraph(in.Parent())
	sends := func(x ssa.Instruction) bool {
		if _, ok := x.(*ssa.Send); ok {
			class := c.ct.Graph.Class(c.ct.Base, x.(*ssa.Send).Chan)
			for _, m := range class.Makes {
				if c.made[m] {
					return true
				}
			}
		}
		if call, ok := x.(ssa.CallInstruction); ok {
			fns, _ := c.ct.Graph.Callees(call)
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
	if c.Child == nil || c.NoJoin {
		return false
	}
	e, ok := signal.Entry(c.ct.Base, call)
	return ok && e.Kind == kb.KindWait && len(e.Wake(kb.Done)) > 0
}

// loopExit returns many for an edge that leaves a loop which operates on the
// channel in every round, unless it is left early: because of an error, or by
// another case of a select. How often such a loop goes round is not known, but
// it is taken to be the right number.
func (c *counter) loopExit(b *ssa.BasicBlock, i int) int {
	to := b.Succs[i]
	for _, l := range c.g.All() {
		if !l.Has(b) && !flow.Guards(b, i, l) || l.Has(to) || !c.loopCounts(l) {
			continue
		}
		if sel, _ := flow.SelectCase(b, i); c.Sure || sel != nil || flow.OnFailure(b, i) && !(c.Agreed && c.brought(b)) || c.Errors && code.ErrorReturn(to) || c.Strict && c.skips(l) {
			continue
		}
		if flow.OtherCase(b, i) || c.Values && c.byValue(l, b) {
			continue
		}
		return Many
	}
	return 0
}

// skips reports whether control can go round the loop without an operation on
// the channel.
func (c *counter) skips(l *flow.Loop) bool {
	for _, b := range l.Blocks {
		for _, in := range b.Instrs {
			if c.weight(in) > 0 && !c.ct.RoundWithout(c.fn, l, b) {
				return false
			}
		}
	}
	return true
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

// DependentReturn reports whether the return is taken only where a captured
// variable or parameter says so: those who wait may know it as well.
func (ct *Counts) DependentReturn(l Leave) bool {
	for cond := range flow.HoldsAt(l.Ret.Block()) {
		if flow.Outer(cond, 6) {
			return true
		}
	}
	return false
}
