package capacity

import (
	"slices"

	"golang.org/x/tools/go/ssa"

	"github.com/killcheck/killcheck/analyzer/code"
	"github.com/killcheck/killcheck/analyzer/count"
	"github.com/killcheck/killcheck/analyzer/flow"
	"github.com/killcheck/killcheck/analyzer/program"
	"github.com/killcheck/killcheck/analyzer/signal"
)

// maxSends is how many sends on a channel are looked at. Of more nothing is said, so that
// the work grows as the code does.
const maxSends = 32

// ClosedBehind reports whether all that is ever sent on a channel of the class is sent
// by functions that close it behind the value, before they send another one or
// return. No channel then gets a second value, so that one with room takes all. Two
// that send at once do not wait for each other: one of them closes, and the other
// panics.
func (ct *Capacities) ClosedBehind(c *signal.Class) bool {
	sends := c.Has(signal.Send)
	if c.Sends || c.Unknown || len(sends) == 0 || len(sends) > maxSends {
		return false
	}
	all := make(map[ssa.Instruction]bool, len(sends))
	for _, o := range sends {
		all[o.In] = true
	}
	for _, o := range sends {
		send, ok := o.In.(*ssa.Send)
		if !ok {
			return false
		}
		closes := make(map[ssa.Instruction]bool)
		for _, x := range c.Has(signal.Close) {
			if _, now := x.In.(*ssa.Call); now && x.Fn == o.Fn && ct.SurelySame(x.Chan, send.Chan) {
				closes[x.In] = true
			}
		}
		graph := ct.PlainGraph(o.Fn)
		if len(closes) == 0 || flow.FirstReturn(graph, send.Block(), send, closes) != nil ||
			flow.Reaches(graph, send.Block(), send, all, func(in ssa.Instruction) bool { return closes[in] }) {
			return false
		}
	}
	return true
}

// onlyStarted reports whether nothing runs fn but the goroutines.
func (ct *Capacities) onlyStarted(fn *ssa.Function, gs []*program.Goroutine) bool {
	is := func(in ssa.Instruction) bool {
		return slices.ContainsFunc(gs, func(g *program.Goroutine) bool { return g.Site.Inst == in })
	}
	if fn.Parent() == nil {
		calls, open := ct.Graph.Callers(fn)
		return !open && !slices.ContainsFunc(calls, func(c ssa.CallInstruction) bool { return !is(c) })
	}
	for _, b := range fn.Parent().Blocks {
		for _, in := range b.Instrs {
			switch in := in.(type) {
			case *ssa.MakeClosure:
				if in.Fn == fn && slices.ContainsFunc(*in.Referrers(), func(r ssa.Instruction) bool { return !is(r) }) {
					return false
				}
			default:
				var buf [16]*ssa.Value
				for _, op := range in.Operands(buf[:0]) {
					if *op == ssa.Value(fn) && !is(in) {
						return false
					}
				}
			}
		}
	}
	return true
}

// EachFits reports whether the goroutine of the send sends once, and the channel
// is made with the size of what the loop ranges over that starts it.
func (ct *Capacities) EachFits(s *ssa.Send, c *signal.Class) bool {
	gs := ct.WithBody(s.Parent())
	if len(gs) != 1 || len(gs[0].Frames) == 0 || len(c.Makes) != 1 || c.Sends || !ct.onlyStarted(s.Parent(), gs) {
		return false
	}
	n := ct.RoomForAll(gs[0], gs[0].Frames[0], s, c)
	return n != "" && n == ct.Syn.Argument(c.Makes[0].Pos(), 1)
}

// SenderRuns returns how often what sends on the channel runs for each that is made, if
// that is one function; many if it is not known.
func (ct *Capacities) SenderRuns(c *signal.Class) int {
	ops := c.Has(signal.Send)
	if len(ops) == 1 && len(c.Makes) == 1 && ct.once(ops[0].In, c.Makes[0].Parent()) {
		return 1
	}
	if len(ops) != 1 || len(ct.WithBody(ops[0].Fn)) != 1 || len(c.Makes) != 1 {
		return count.Many
	}
	g := ct.WithBody(ops[0].Fn)[0]
	if g.Site.In != c.Makes[0].Parent() {
		return count.Many
	}
	return ct.Rounds(c.Makes[0], g.Site.Inst)
}

// once reports whether the instruction stands in a literal that runs once at most
// for each run of fn, which makes what sees to that.
func (ct *Capacities) once(in ssa.Instruction, fn *ssa.Function) bool {
	lit := in.Parent()
	if lit.Parent() == nil || ct.Looped(in) {
		return false
	}
	c := ct.Callback(lit)
	if c == nil {
		return false
	}
	e, ok := signal.Entry(ct.Base, c.Common())
	if !ok || !e.Once || code.Receiver(c.Common()) == nil {
		return false
	}
	cell, _ := ct.Cell(code.Receiver(c.Common()), nil)
	return cell != nil && cell.Parent() == fn
}
