package count

import (
	"go/types"
	"slices"

	"golang.org/x/tools/go/ssa"

	"github.com/killcheck/killcheck/analyzer/code"
	"github.com/killcheck/killcheck/analyzer/flow"
	"github.com/killcheck/killcheck/analyzer/program"
	"github.com/killcheck/killcheck/analyzer/signal"
)

// PassedBefore returns the operations of the goroutine that it has done whenever
// control is at the instruction: a receive before that gets what the goroutine alone
// raises by one of them. There is a list for each such receive.
func (ct *Counts) PassedBefore(g *program.Goroutine, at ssa.Instruction, gs []*program.Goroutine) (all [][]signal.Op) {
	for _, x := range ct.gotIn(at.Parent(), gs)[g] {
		if x.by == at || !ct.Precedes(x.by, at) || at.Parent() == g.Site.In && !ct.Precedes(g.Site.Inst, x.by) || x.sel != nil && !ct.comesBy(*x.sel, at) {
			continue
		}
		all = append(all, x.raises)
	}
	return all
}

// got is a receive of what one goroutine alone raises, and where it does.
type got struct {
	by     ssa.Instruction
	sel    *signal.Op // the case, of a select
	raises []signal.Op
}

// gotIn returns such receives of the function by goroutine.
func (ct *Counts) gotIn(fn *ssa.Function, gs []*program.Goroutine) map[*program.Goroutine][]got {
	if all, ok := ct.got[fn]; ok {
		return all
	}
	all := make(map[*program.Goroutine][]got)
	note := func(by ssa.Instruction, ch ssa.Value, sel *signal.Op) {
		d := ct.Graph.Class(ct.Base, ch)
		if !d.Private() || d.Nil || len(d.Library)+len(d.Contexts) > 0 || len(d.Makes) != 1 {
			return
		}
		raises := slices.DeleteFunc(slices.Clone(d.Has(signal.Send, signal.Close)), func(o signal.Op) bool { return ct.raisesAfter(o, by, gs) })
		if g := ct.SoleRaiser(d, raises, gs); g != nil {
			all[g] = append(all[g], got{by, sel, raises})
		}
	}
	for u := range ct.Receives(fn) {
		if !code.RecvIsRange(u) {
			note(u, u.X, nil)
		}
	}
	for _, b := range fn.Blocks {
		for _, in := range b.Instrs {
			sel, ok := in.(*ssa.Select)
			if !ok {
				continue
			}
			for k, x := range sel.States {
				if x.Dir == types.RecvOnly {
					note(sel, x.Chan, &signal.Op{Fn: fn, In: sel, Sel: sel, Case: k})
				}
			}
		}
	}
	ct.got[fn] = all
	return all
}

// raisesAfter reports whether only goroutines do the operation that start after the
// instruction.
func (ct *Counts) raisesAfter(o signal.Op, at ssa.Instruction, gs []*program.Goroutine) bool {
	for _, r := range ct.Running(gs, o.Fn) {
		if !ct.StartedAfter(r.G, at) {
			return false
		}
	}
	return ct.IsBody(o.Fn)
}

// exclude reports whether two goroutines never both send on the channel: the second
// starts only when the first has done what it does on ways alone on which it does not
// send.
func (ct *Counts) exclude(first, second *program.Goroutine, c *signal.Class, gs []*program.Goroutine) bool {
	a, b := first.Site.Inst, second.Site.Inst
	if a.Parent() != b.Parent() || !ct.Precedes(a, b) || ct.Looped(a) || ct.Looped(b) || first.Site.Body == nil {
		return false
	}
	graph := ct.PlainGraph(first.Site.Body)
	return slices.ContainsFunc(ct.PassedBefore(first, b, gs), func(raises []signal.Op) bool {
		return !slices.ContainsFunc(c.Has(signal.Send), func(s signal.Op) bool {
			return first.Has(s.Fn) && (s.Fn != first.Site.Body || slices.ContainsFunc(raises, func(o signal.Op) bool {
				return flow.LeadsTo(graph, s.In, o.In) || flow.LeadsTo(graph, o.In, s.In)
			}))
		})
	})
}

// comesBy reports whether control gets to the instruction only by the case of the
// select that receives: on other ways something that was set there says otherwise.
func (ct *Counts) comesBy(o signal.Op, to ssa.Instruction) bool {
	if o.Fn != to.Parent() || !ct.Precedes(o.Sel, to) {
		return false
	}
	paths := ct.pathsOf(o.Fn)
	seen := make(map[flow.State]bool)
	for work := slices.Clone(paths.At(o.Sel.Block())); len(work) > 0; {
		s := work[len(work)-1]
		work = work[:len(work)-1]
		for _, n := range paths.Succs(s) {
			if sel, k := flow.SelectCase(s.Block, n.Edge); sel == o.Sel && k == o.Case {
				continue
			}
			if n.Block == to.Block() {
				return false
			}
			if !seen[n.State] {
				seen[n.State] = true
				work = append(work, n.State)
			}
		}
	}
	return true
}

// ComesAfter reports whether the instruction is done after the send, or when its
// function returns.
func (ct *Counts) ComesAfter(s, in ssa.Instruction) bool {
	for range 3 {
		if in.Parent() == s.Parent() {
			_, deferred := in.(*ssa.Defer)
			return deferred || ct.Precedes(s, in)
		}
		calls, open := ct.Graph.Callers(in.Parent())
		if open || len(calls) != 1 {
			return false
		}
		in = calls[0]
	}
	return false
}

// StartedAfter reports whether the goroutine starts only after the instruction,
// which belongs to the function that starts it.
func (ct *Counts) StartedAfter(g *program.Goroutine, at ssa.Instruction) bool {
	return at.Parent() == g.Site.In && !flow.LeadsTo(ct.PlainGraph(at.Parent()), g.Site.Inst, at)
}
