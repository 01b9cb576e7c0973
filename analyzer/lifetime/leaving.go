package lifetime

import (
	"go/types"
	"slices"

	"golang.org/x/tools/go/ssa"

	"github.com/killcheck/killcheck/analyzer/flow"
	"github.com/killcheck/killcheck/analyzer/signal"
)

// leaving reports the send if every receiver is a goroutine that can leave by
// another case of its select, and none of them drains the channel afterwards.
func (w *world) leaving(g *Goroutine, f *Frame, s *ssa.Send, c *signal.Class, room int, recvs []signal.Op, gs []*Goroutine) {
	if room > 0 && w.newCounter(f.Fn, c, c.Has(signal.Send)).most(g.Site.Body, 4) <= room {
		return
	}
	var by *exit
	for _, o := range recvs {
		if g.Has(o.Fn) {
			return // its own receiver
		}
		x := w.leaves(o, recvs, gs)
		if x == nil {
			return
		}
		by = x
	}
	stop := w.stopAt(g, f, s.Pos())
	if stop.Expr == "" && !w.related(f.Fn, by.op.Fn, c) {
		return
	}
	if w.dependent(s) {
		return
	}
	o := Obstacle{
		Kind: Abandoned, Pos: s.Pos(),
		Message: "goroutine cannot end its send: the receiver of " + w.syn.channel(s.Pos()) + " can leave first, " + by.why + w.andReach(stop),
	}
	if stop.Expr != "" {
		o.Remedy = Remedy{Op: Send, Pos: s.Pos(), Stop: stop, Safe: w.bare(f)}
	}
	w.report(g, f, o, Step{Pos: by.op.Pos(), End: w.syn.end(by.op.Pos()), Text: "this receiver can leave first"})
}

// exit is a way by which a receiver leaves.
type exit struct {
	op  signal.Op
	why string
}

// leaves returns how the receiver can leave for good without receiving, or nil
// if that is not shown: by another case of the select in which it receives,
// after which it receives no more.
func (w *world) leaves(o signal.Op, recvs []signal.Op, gs []*Goroutine) *exit {
	if o.Sel == nil || !w.runsOnce(o.Fn, gs) {
		return nil
	}
	graph := w.plainGraph(o.Fn)
	for _, b := range o.Fn.Blocks {
		for i, to := range b.Succs {
			sel, k := selectCase(b, i)
			if sel != o.Sel || k == o.Case || k >= len(sel.States) || sel.States[k].Dir != types.RecvOnly {
				continue
			}
			if w.neverRaised(sel.States[k].Chan) || !w.isStopCase(sel.States[k].Chan) {
				continue
			}
			if w.endsWithout(graph, to, recvs) {
				return &exit{o, "by its case " + w.syn.channel(sel.States[k].Pos)}
			}
		}
	}
	return nil
}

// isStopCase reports whether the case is taken because of a stop or a timer, not
// because a message has come.
func (w *world) isStopCase(v ssa.Value) bool {
	c := w.Graph.Class(w.Base, v)
	if len(c.Contexts) > 0 || len(c.Library) > 0 {
		return true
	}
	if len(c.Has(signal.Close)) > 0 && len(c.Has(signal.Send)) == 0 {
		return true
	}
	return isStopChan(v.Type())
}

// endsWithout reports whether every way from b ends the function without another
// of the receives.
func (w *world) endsWithout(g *flow.Graph, b *ssa.BasicBlock, recvs []signal.Op) bool {
	seen := map[*ssa.BasicBlock]bool{b: true}
	work := []*ssa.BasicBlock{b}
	ends := false
	for len(work) > 0 {
		b := work[len(work)-1]
		work = work[:len(work)-1]
		for _, in := range b.Instrs {
			if slices.ContainsFunc(recvs, func(o signal.Op) bool { return o.In == in }) {
				return false
			}
			if c, ok := in.(ssa.CallInstruction); ok {
				fns, _ := w.Graph.Callees(c)
				for _, fn := range fns {
					if slices.ContainsFunc(recvs, func(o signal.Op) bool { return o.Fn == fn }) {
						return false
					}
				}
			}
			if _, ok := in.(*ssa.Return); ok {
				ends = true
			}
		}
		for _, s := range g.Succs(b) {
			if !seen[s] {
				seen[s] = true
				work = append(work, s)
			}
		}
	}
	return ends && !deferred(g.Fn, recvs)
}

// deferred reports whether fn defers a function that receives.
func deferred(fn *ssa.Function, recvs []signal.Op) bool {
	for _, b := range fn.Blocks {
		for _, in := range b.Instrs {
			d, ok := in.(*ssa.Defer)
			if !ok {
				continue
			}
			callee := d.Call.StaticCallee()
			if slices.ContainsFunc(recvs, func(o signal.Op) bool { return o.Fn == callee }) {
				return true
			}
		}
	}
	return false
}

// runsOnce reports whether fn is the body of goroutines, or is called by such a
// body outside of loops, so that what leaves fn does not come back.
func (w *world) runsOnce(fn *ssa.Function, gs []*Goroutine) bool {
	calls, open := w.Graph.Callers(fn)
	if open {
		return false
	}
	body := slices.ContainsFunc(gs, func(g *Goroutine) bool { return g.Site.Body == fn })
	for _, c := range calls {
		if _, isGo := c.(*ssa.Go); isGo {
			continue
		}
		if w.looped(c) || !body && !w.runsOnce(c.Parent(), gs) {
			return false
		}
	}
	return body || len(calls) > 0
}

// related reports whether two functions belong to one object: methods of one
// type, or literals of one function.
func (w *world) related(a, b *ssa.Function, c *signal.Class) bool {
	for a.Parent() != nil {
		a = a.Parent()
	}
	for b.Parent() != nil {
		b = b.Parent()
	}
	if a == b {
		return true
	}
	ra, rb := a.Signature.Recv(), b.Signature.Recv()
	return ra != nil && rb != nil && typeName(ra.Type()) == typeName(rb.Type())
}
