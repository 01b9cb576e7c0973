package peer

import (
	"go/token"
	"go/types"
	"slices"

	"golang.org/x/tools/go/ssa"

	"github.com/killcheck/killcheck/analyzer/code"
	"github.com/killcheck/killcheck/analyzer/flow"
	"github.com/killcheck/killcheck/analyzer/program"
	"github.com/killcheck/killcheck/analyzer/signal"
)

// exit is a way by which a receiver leaves.
type exit struct {
	op   signal.Op
	stop ssa.Value // the channel of the case by which it leaves; nil if it leaves otherwise
	at   token.Pos // of that case
	way  Way
}

// leaves returns how the receiver can leave for good without receiving, or nil
// if that is not shown: by another case of the select in which it receives,
// after which it receives no more. A stop for which ended holds does not count: who
// waits for the receiver has ended by then.
func (p *Peers) leaves(o signal.Op, recvs []signal.Op, ended func(stop ssa.Value) bool) *exit {
	if !p.runsOnce(o.Fn) {
		return nil
	}
	if o.Kind == signal.Range {
		return p.leavesRange(o, recvs)
	}
	if o.Sel == nil {
		return p.fails(o, recvs)
	}
	graph := p.PlainGraph(o.Fn)
	for _, b := range o.Fn.Blocks {
		for i, to := range b.Succs {
			sel, k := flow.SelectCase(b, i)
			if sel != o.Sel || k == o.Case || k >= len(sel.States) || sel.States[k].Dir != types.RecvOnly {
				continue
			}
			stop := sel.States[k].Chan
			if p.NeverRaised(stop) || !p.IsStopCase(stop) || !p.InTest(o.Pos()) && !p.Asked(stop) {
				continue
			}
			if p.endsWithout(graph, to, recvs) && !ended(stop) {
				return &exit{o, stop, sel.States[k].Pos, ByCase}
			}
		}
	}
	return p.fails(o, recvs)
}

// fails returns how the receiver leaves the loop in which it receives because of an
// error of its work, not of what it has received, and receives no more; or nil.
func (p *Peers) fails(o signal.Op, recvs []signal.Op) *exit {
	graph := p.PlainGraph(o.Fn)
	for _, l := range p.loopsWith(graph, o) {
		for _, e := range l.Exits {
			if e.To == nil || !flow.OnFailure(e.From, flow.Succ(e)) || !p.ofWork(flow.Condition(e.From), o) {
				continue
			}
			if p.endsWithout(graph, e.To, recvs) {
				return &exit{o, nil, flow.Condition(e.From).Pos(), OnError}
			}
		}
	}
	return nil
}

// loopsWith returns the loops around the receive in which its channel stays the same. Who
// gets a channel in each round, in a request, leaves none of them by a way out of that
// loop: it has not got the next one, and is past the last.
func (p *Peers) loopsWith(g *flow.Graph, o signal.Op) []*flow.Loop {
	loops := g.Around(o.In.Block())
	from, ok := p.Place(o.Chan, nil).Root.(ssa.Instruction)
	if !ok || from.Parent() != o.Fn {
		return loops
	}
	return slices.DeleteFunc(slices.Clone(loops), func(l *flow.Loop) bool { return l.Has(from.Block()) })
}

// ofWork reports whether the error of the condition is the result of a call that is
// given nothing of what has been received: those who sent that may know.
func (p *Peers) ofWork(cond ssa.Value, o signal.Op) bool {
	v := cond.(*ssa.BinOp).X
	if x, ok := v.(*ssa.Extract); ok {
		v = x.Tuple
	}
	c, ok := v.(*ssa.Call)
	return ok && !slices.ContainsFunc(c.Call.Args, func(a ssa.Value) bool { return code.DependsOn(a, o.In, 8) })
}

// leavesRange returns how the receiver leaves its range over the channel before
// it is closed: because of an error, or of something that the values received
// do not decide. A value may be the last one by agreement.
func (p *Peers) leavesRange(o signal.Op, recvs []signal.Op) *exit {
	graph := p.PlainGraph(o.Fn)
	for _, l := range p.loopsWith(graph, o) {
		for _, e := range l.Exits {
			if e.To == nil {
				continue // a return inside the loop's own blocks: its condition is before it
			}
			cond := flow.Condition(e.From)
			if cond == nil || code.DependsOn(cond, o.In, 8) || flow.RangeExit(e.From, flow.Succ(e)) == o.In {
				continue
			}
			if p.endsWithout(graph, e.To, recvs) {
				return &exit{o, nil, token.NoPos, OutOfLoop}
			}
		}
	}
	return nil
}

// endsWithout reports whether every way from b ends the function without another
// of the receives.
func (p *Peers) endsWithout(g *flow.Graph, b *ssa.BasicBlock, recvs []signal.Op) bool {
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
				fns, _ := p.Graph.Callees(c)
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
	for d := range code.Defers(fn) {
		callee := d.Call.StaticCallee()
		if slices.ContainsFunc(recvs, func(o signal.Op) bool { return o.Fn == callee }) {
			return true
		}
	}
	return false
}

// runsOnce reports whether fn is the body of goroutines, or is called by such a
// body outside of loops, so that what leaves fn does not come back.
func (p *Peers) runsOnce(fn *ssa.Function) bool {
	calls, open := p.Graph.Callers(fn)
	if open && !p.OnlyStarted(fn) {
		return false
	}
	body := slices.ContainsFunc(p.Goroutines, func(g *program.Goroutine) bool { return g.Site.Body == fn })
	for _, c := range calls {
		if _, isGo := c.(*ssa.Go); isGo {
			continue
		}
		if p.Looped(c) || !body && !p.runsOnce(c.Parent()) {
			return false
		}
	}
	return body || len(calls) > 0
}
