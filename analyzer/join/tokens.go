package join

import (
	"go/token"
	"slices"

	"golang.org/x/tools/go/ssa"

	"github.com/killcheck/killcheck/analyzer/flow"
	"github.com/killcheck/killcheck/analyzer/signal"
)

// fills reports whether the edge leaves a loop that has put as many values into a
// channel as it has room for, while the goroutine keeps one of them until its end: then
// it has ended.
func (j *joins) fills(from, to *ssa.BasicBlock, depth int) bool {
	cmp, ok := flow.Condition(from).(*ssa.BinOp)
	if !ok || cmp.Op != token.LSS || from.Succs[1] != to {
		return false
	}
	graph := j.ct.PlainGraph(from.Parent())
	for _, l := range graph.Around(from) {
		if l.Has(to) || !l.EachRound(from) || !l.Counts(cmp.X) || !l.Grows(cmp.X, from == l.Head) {
			continue
		}
		for _, s := range j.ct.SendsOf(from.Parent()) {
			if l.Has(s.Block()) && l.EachRound(s.Block()) && j.isRoom(cmp.Y, s.Chan) && j.keepsToken(s.Chan, depth) {
				return true
			}
		}
	}
	return false
}

// isRoom reports whether n is how many values the channel has room for: its cap, or the
// constant that it was made with.
func (j *joins) isRoom(n, ch ssa.Value) bool {
	if c, ok := n.(*ssa.Call); ok {
		b, ok := c.Call.Value.(*ssa.Builtin)
		return ok && b.Name() == "cap" && flow.Same(c.Call.Args[0], ch)
	}
	k, ok := n.(*ssa.Const)
	makes := j.ct.Graph.Class(j.ct.Base, ch).Makes
	return ok && k.Value != nil && len(makes) > 0 && !slices.ContainsFunc(makes, func(m *ssa.MakeChan) bool {
		size, ok := m.Size.(*ssa.Const)
		return !ok || size.Int64() != k.Int64()
	})
}

// keepsToken reports whether a value has been put into the channel before the
// goroutine starts, and it takes one out only when it has ended.
func (j *joins) keepsToken(ch ssa.Value, depth int) bool {
	c := j.ct.Graph.Class(j.ct.Base, ch)
	start := j.g.Site.Inst
	put := func(o signal.Op) bool {
		if o.Fn != start.Parent() {
			return false
		}
		if o.Sel == nil {
			return j.ct.Precedes(o.In, start)
		}
		to := flow.CaseBlock(o.Sel, o.Case)
		return to != nil && len(to.Preds) == 1 && to.Dominates(start.Block())
	}
	return c.Private() && slices.ContainsFunc(c.Has(signal.Send), put) &&
		slices.ContainsFunc(c.Has(signal.Recv), func(o signal.Op) bool { return o.Sel == nil && j.ends(o.In, depth) })
}

// takesLast reports whether the send is taken by the goroutine alone, which uses no
// channel after that: it has come to its end.
func (j *joins) takesLast(s *ssa.Send) bool {
	c := j.ct.Graph.Class(j.ct.Base, s.Chan)
	recvs := c.Has(signal.Recv, signal.Range)
	if room, ok := j.ct.Capacity(c); !ok || room > 0 || !c.Private() || len(recvs) == 0 || j.ct.Looped(j.g.Site.Inst) {
		return false
	}
	return !slices.ContainsFunc(recvs, func(o signal.Op) bool { return o.Fn != j.g.Site.Body || !j.leavesBy(o) })
}

// leavesBy reports whether the function does nothing with channels once it has received.
func (j *joins) leavesBy(o signal.Op) bool {
	graph := j.ct.PlainGraph(o.Fn)
	if o.Sel == nil {
		return !j.uses(graph, o.In.Block(), o.In)
	}
	to := flow.CaseBlock(o.Sel, o.Case)
	return to != nil && !j.uses(graph, to, nil)
}

// uses reports whether something is done with a channel from the block on, or after
// the instruction in it.
func (j *joins) uses(graph *flow.Graph, b *ssa.BasicBlock, after ssa.Instruction) bool {
	seen := make(map[*ssa.BasicBlock]bool)
	work := []*ssa.BasicBlock{b}
	at := 0
	if after != nil {
		at = slices.Index(b.Instrs, after) + 1
	}
	for len(work) > 0 {
		b := work[len(work)-1]
		work = work[:len(work)-1]
		if slices.ContainsFunc(b.Instrs[at:], func(in ssa.Instruction) bool { return j.operates(in, 3) }) {
			return true
		}
		at = 0
		for _, s := range graph.Succs(b) {
			if !seen[s] {
				seen[s] = true
				work = append(work, s)
			}
		}
	}
	return false
}

// operates reports whether the instruction, or what it is seen to call, sends,
// receives, or starts a goroutine.
func (j *joins) operates(in ssa.Instruction, depth int) bool {
	switch in := in.(type) {
	case *ssa.Send, *ssa.Select, *ssa.Go:
		return true
	case *ssa.UnOp:
		return in.Op == token.ARROW
	case *ssa.Call:
		fns, _ := j.ct.Graph.Callees(in)
		return slices.ContainsFunc(fns, func(fn *ssa.Function) bool {
			return depth == 0 || slices.ContainsFunc(fn.Blocks, func(b *ssa.BasicBlock) bool {
				return slices.ContainsFunc(b.Instrs, func(in ssa.Instruction) bool { return j.operates(in, depth-1) })
			})
		})
	}
	return false
}
