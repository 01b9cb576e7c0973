package event

import (
	"go/ast"
	"go/types"
	"slices"

	"golang.org/x/tools/go/ssa"

	"github.com/killcheck/killcheck/analyzer/code"
	"github.com/killcheck/killcheck/analyzer/flow"
	"github.com/killcheck/killcheck/analyzer/signal"
)

// Undone reports whether something that the function has received from a channel before the
// instruction, in a loop around it, is used after it: who returns there loses it. Or, outside of
// these loops, a send follows that somebody may wait for, or a wait for a stop: who returns
// leaves out what is to be done then. So does who returns from a loop that does some work on its
// way out at a stop.
func (ev *Events) Undone(in ssa.Instruction) bool {
	graph := ev.PlainGraph(in.Parent())
	if ev.due(graph, in) || ev.worksAtStop(graph, in) {
		return true
	}
	for _, l := range graph.Around(in.Block()) {
		for _, b := range l.Blocks {
			for _, x := range b.Instrs {
				if x != in && ev.Precedes(x, in) && ev.usedAfter(graph, x, in) {
					return true
				}
			}
		}
	}
	return false
}

// due reports whether a bare send, or a receive from a stop channel that does not end the
// function, may come after the instruction, outside of the loops around it.
func (ev *Events) due(graph *flow.Graph, in ssa.Instruction) bool {
	for _, b := range in.Parent().Blocks {
		if slices.ContainsFunc(graph.Around(in.Block()), func(l *flow.Loop) bool { return l.Has(b) }) {
			continue
		}
		for i, x := range b.Instrs {
			switch x := x.(type) {
			case *ssa.Send:
				if flow.LeadsTo(graph, in, x) {
					return true
				}
			case *ssa.UnOp:
				if _, last := b.Instrs[min(i+1, len(b.Instrs)-1)].(*ssa.Return); code.IsRecv(x) && code.IsStopChan(x.X.Type()) && !last && flow.LeadsTo(graph, in, x) {
					return true
				}
			}
		}
	}
	return false
}

// worksAtStop reports whether a case of a select, in a loop around the instruction, that receives
// from a stop channel and leaves the loop calls something first, beyond what says or closes
// something.
func (ev *Events) worksAtStop(graph *flow.Graph, in ssa.Instruction) bool {
	return slices.ContainsFunc(graph.Around(in.Block()), func(l *flow.Loop) bool {
		for _, b := range flow.WithCases(l.Blocks) {
			for i, to := range b.Succs {
				sel, k := flow.SelectCase(b, i)
				if sel == nil || k >= len(sel.States) || l.Has(to) {
					continue
				}
				if st := sel.States[k]; st.Dir == types.RecvOnly && code.IsStopChan(st.Chan.Type()) && ev.worksIn(ev.Syn.Clause(sel.Pos(), st.Pos), to) {
					return true
				}
			}
		}
		return false
	})
}

// worksIn reports whether the case, which leads to the block, holds such a call.
func (ev *Events) worksIn(clause *ast.CommClause, to *ssa.BasicBlock) bool {
	return clause != nil && slices.ContainsFunc(to.Parent().Blocks, func(b *ssa.BasicBlock) bool {
		return to.Dominates(b) && slices.ContainsFunc(b.Instrs, func(in ssa.Instruction) bool {
			return clause.Pos() <= in.Pos() && in.Pos() < clause.End() && ev.works(in)
		})
	})
}

// works reports whether the instruction is a call of what neither says nor closes something.
func (ev *Events) works(in ssa.Instruction) bool {
	c, ok := in.(*ssa.Call)
	if !ok {
		return false
	}
	if _, builtin := c.Call.Value.(*ssa.Builtin); builtin {
		return false
	}
	fn := signal.Callee(&c.Call)
	if fn == nil {
		return true
	}
	return !(code.IsStd(fn.Pkg().Path(), "") && code.Receiver(&c.Call) == nil) && !ev.Base.Brief(fn.Name()) && !ev.Base.CloseMethod(fn.Name())
}

// usedAfter reports whether what the instruction receives is used behind the other one,
// before it receives again.
func (ev *Events) usedAfter(graph *flow.Graph, recv, in ssa.Instruction) bool {
	var work []ssa.Value
	switch x := recv.(type) {
	case *ssa.UnOp:
		if !code.IsRecv(x) || code.IsStopChan(x.X.Type()) {
			return false
		}
		work = append(work, x)
	case *ssa.Select:
		for _, r := range *x.Referrers() {
			if v, ok := r.(*ssa.Extract); ok && v.Index >= 2 {
				work = append(work, v)
			}
		}
	default:
		return false
	}
	uses := make(map[ssa.Instruction]bool)
	seen := make(map[ssa.Value]bool)
	for len(work) > 0 && len(seen) < 64 {
		v := work[len(work)-1]
		work = work[:len(work)-1]
		if seen[v] || v.Referrers() == nil {
			continue
		}
		seen[v] = true
		for _, r := range *v.Referrers() {
			switch r := r.(type) {
			case *ssa.DebugRef:
			case *ssa.Phi, *ssa.Extract, *ssa.ChangeType, *ssa.MakeInterface, *ssa.Slice:
				work = append(work, r.(ssa.Value))
			case *ssa.Store:
				if a := target(r.Addr); a != nil && r.Val == v {
					work = append(work, a)
				}
			case *ssa.Call:
				if bi, ok := r.Call.Value.(*ssa.Builtin); ok && bi.Name() == "append" {
					work = append(work, r)
					continue
				} else if ok && bi.Name() == "len" {
					continue
				}
				uses[r] = true
			case *ssa.Send, *ssa.Range, *ssa.IndexAddr, *ssa.Return, *ssa.MapUpdate, *ssa.Go, *ssa.Defer:
				if x, ok := r.(*ssa.IndexAddr); ok && onlyStored(x) {
					continue
				}
				uses[r.(ssa.Instruction)] = true
			}
		}
	}
	delete(uses, in)
	return len(uses) > 0 && flow.Reaches(graph, in.Block(), in, uses, func(x ssa.Instruction) bool { return x == recv })
}

// target returns the local variable, or array behind a slice literal, that is stored to, or
// nil.
func target(addr ssa.Value) *ssa.Alloc {
	if x, ok := addr.(*ssa.IndexAddr); ok {
		addr = x.X
	}
	a, _ := addr.(*ssa.Alloc)
	return a
}

// onlyStored reports whether the element is only written to.
func onlyStored(x *ssa.IndexAddr) bool {
	for _, r := range *x.Referrers() {
		if s, ok := r.(*ssa.Store); !ok || s.Addr != ssa.Value(x) {
			return false
		}
	}
	return true
}
