package dead

import (
	"slices"

	"golang.org/x/tools/go/ssa"

	"github.com/killcheck/killcheck/analyzer/code"
	"github.com/killcheck/killcheck/analyzer/flow"
	"github.com/killcheck/killcheck/analyzer/signal"
)

// leftRanges returns the ranges of fn over a channel that it makes, by itself or by what
// it calls, and that nobody closes, if nothing else leaves the loop, and all who send are
// goroutines that fn starts in the same way and that return when they have sent: then it
// waits for ever.
func (ev *Waits) leftRanges(fn *ssa.Function) (all []*ssa.UnOp) {
	for u := range ev.Receives(fn) {
		if !code.RecvIsRange(u) || ev.InTest(u.Pos()) || !ev.rangeAlone(u) {
			continue
		}
		c := ev.Graph.Class(ev.Base, u.X)
		sends := c.Has(signal.Send)
		if len(sends) == 0 && ev.pouredFrom(fn, u, c) {
			all = append(all, u)
			continue
		}
		if !ev.NeverClosed(u.X) || len(sends) == 0 || len(c.Makes) != 1 || !ev.CalledBy(fn, c.Makes[0].Parent(), 3) {
			continue
		}
		if ev.allReturn(fn, u, sends) {
			all = append(all, u)
		}
	}
	return all
}

// rangeAlone reports whether the close of its channel alone ends the loop that the
// receive heads.
func (ev *Waits) rangeAlone(u *ssa.UnOp) bool {
	around := ev.PlainGraph(u.Parent()).Around(u.Block())
	for _, l := range around {
		for _, e := range l.Exits {
			if e.To == nil || flow.RangeExit(e.From, flow.Succ(e)) != u {
				return false
			}
		}
	}
	return len(around) == 1
}

// allReturn reports whether all that is sent is sent by goroutines that fn starts
// outside of the loop, none of which runs for ever.
func (ev *Waits) allReturn(fn *ssa.Function, u *ssa.UnOp, sends []signal.Op) bool {
	for _, o := range sends {
		rs := ev.Running(ev.Goroutines, o.Fn)
		if len(rs) == 0 || o.Sel != nil || !ev.StartedOnly(o.Fn, 4) || !ev.finite(o.In) {
			return false
		}
		for _, r := range rs {
			start := ev.leadsThere(fn, r.G.Site.Inst, 4)
			if r.G.Process || start == nil || flow.LeadsTo(ev.PlainGraph(fn), u, start) || !ev.returns(r.G.Site.Body) || !ev.returns(o.Fn) {
				return false
			}
		}
	}
	return true
}

// pouredFrom reports whether a function of another package alone sends on the channel,
// which runs in goroutines that fn starts before the range and that return, and does not
// close it.
func (ev *Waits) pouredFrom(fn *ssa.Function, u *ssa.UnOp, c *signal.Class) bool {
	in, arg := ev.Graph.GivenCall(c)
	if in == nil || len(c.Has(signal.Close)) > 0 || !ev.CalledBy(fn, c.Makes[0].Parent(), 3) {
		return false
	}
	if _, fact := ev.FarFact(in.Common()); fact == nil || !slices.Contains(fact.Pours, arg) {
		return false
	}
	if g := ev.StartedBy(in); g != nil {
		start := ev.leadsThere(fn, in, 4)
		return !g.Process && start != nil && !flow.LeadsTo(ev.PlainGraph(fn), u, start)
	}
	rs := ev.Running(ev.Goroutines, in.Parent())
	if len(rs) == 0 || !ev.StartedOnly(in.Parent(), 4) || !ev.finite(in) {
		return false
	}
	before := false
	for _, r := range rs {
		if r.G.Process || !ev.returns(r.G.Site.Body) || !ev.returns(in.Parent()) {
			return false
		}
		if start := ev.leadsThere(fn, r.G.Site.Inst, 4); start != nil {
			if flow.LeadsTo(ev.PlainGraph(fn), u, start) {
				return false
			}
			before = true
		}
	}
	return before
}

// leadsThere returns the instruction, or the only call in fn that leads to it; nil if
// others lead there as well.
func (ev *Waits) leadsThere(fn *ssa.Function, in ssa.Instruction, depth int) ssa.Instruction {
	if in == nil || depth == 0 {
		return nil
	}
	if in.Parent() == fn {
		return in
	}
	calls, open := ev.Graph.Callers(in.Parent())
	if open || len(calls) != 1 {
		return nil
	}
	if _, ok := calls[0].(*ssa.Call); !ok {
		return nil
	}
	return ev.leadsThere(fn, calls[0], depth-1)
}

// finite reports whether each loop around the instruction has an end in its head: it
// counts, or ranges over something. One that goes on until an error or a stop may be
// meant to send as long as the program runs.
func (ev *Waits) finite(in ssa.Instruction) bool {
	for _, l := range ev.PlainGraph(in.Parent()).Around(in.Block()) {
		if !slices.ContainsFunc(l.Exits, func(e flow.Edge) bool { return e.To != nil && e.From == l.Head }) {
			return false
		}
	}
	return true
}

// returns reports whether control can get to a return of fn.
func (ev *Waits) returns(fn *ssa.Function) bool {
	return fn != nil && ev.PlainGraph(fn).Returns()
}
