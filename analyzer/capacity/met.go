package capacity

import (
	"slices"

	"golang.org/x/tools/go/ssa"

	"github.com/killcheck/killcheck/analyzer/code"
	"github.com/killcheck/killcheck/analyzer/count"
	"github.com/killcheck/killcheck/analyzer/signal"
)

// MetInAll reports whether each value that is ever sent on the channel is taken: by the
// room, or by the function that makes the channel, which takes enough of them on every
// way from where the senders start to its return, and comes to take them: comes is asked
// whether it does so from there. Nobody else sends.
func (ct *Capacities) MetInAll(c *signal.Class, comes func(start ssa.Instruction, rest int) bool) bool {
	if len(c.Makes) != 1 || c.Sends || c.Unknown || c.Nil || len(c.Library)+len(c.Contexts) > 0 {
		return false
	}
	s := &senders{ct: ct, mk: c.Makes[0], owner: c.Makes[0].Parent(), times: make(map[*ssa.Function]int), given: make(map[*ssa.Function]*ssa.Parameter)}
	if !s.find(c) {
		return false
	}
	room := 0
	if k, ok := s.mk.Size.(*ssa.Const); ok && k.Value != nil {
		room = int(k.Int64())
	}
	all := s.most(c)
	if all <= room {
		return true
	}
	_, itself := s.times[s.owner]
	return !itself && all < count.Many && ct.takesRest(s, c, all-room, comes)
}

// takesRest reports whether the function that makes the channel receives the number of
// values on every way from each start of a sender to a return.
func (ct *Capacities) takesRest(s *senders, c *signal.Class, rest int, comes func(ssa.Instruction, int) bool) bool {
	recvs := c.Has(signal.Recv, signal.Range)
	if len(recvs) == 0 {
		return false
	}
	tally := ct.NewCounter(s.owner, c, recvs)
	tally.Strict, tally.Sure = true, true
	for _, start := range s.first() {
		if ct.Looped(s.mk) && start.Block() != s.mk.Block() {
			return false // the way may go on with the channel of another round
		}
		if l, ok := tally.Least(start); !ok || min(l.Count, l.Round) < rest || !comes(start, rest) {
			return false
		}
	}
	return true
}

// senders are the functions that send on a channel, with those that start them.
type senders struct {
	ct     *Capacities
	mk     *ssa.MakeChan
	owner  *ssa.Function                    // makes the channel
	times  map[*ssa.Function]int            // the bodies that send, or owner -> how often they run for one channel
	starts []ssa.Instruction                // in owner
	given  map[*ssa.Function]*ssa.Parameter // the function sends on what it is given for the parameter alone
}

// find collects them. It is false if somebody else may send.
func (s *senders) find(c *signal.Class) bool {
	ops := c.Has(signal.Send)
	if len(ops) > mostSenders {
		return false
	}
	for _, o := range ops {
		if o.Sel != nil {
			return false // how often that case is taken is not counted
		}
		s.give(o, ops)
	}
	for _, o := range ops {
		if !s.add(o.Fn, count.MostDepth) {
			return false
		}
	}
	return len(ops) > 0
}

// give notes the parameter on which the function of the send does all its sends.
func (s *senders) give(o signal.Op, ops []signal.Op) {
	p, ok := o.Chan.(*ssa.Parameter)
	if !ok || slices.ContainsFunc(ops, func(x signal.Op) bool { return x.Chan != o.Chan && code.Outermost(x.Fn) == o.Fn }) {
		return
	}
	s.given[o.Fn] = p
}

// mostSenders is how many sends on one channel are looked at.
const mostSenders = 32

// most returns how many values they send at most on one channel.
func (s *senders) most(c *signal.Class) int {
	all := 0
	for fn, times := range s.times {
		if n := s.ct.NewCounter(fn, c, c.Has(signal.Send)).Most(fn, count.MostDepth); n > 0 {
			all += min(n*times, count.Many)
		}
	}
	return all
}

// add notes the function that runs fn: the body of goroutines, or the owner.
func (s *senders) add(fn *ssa.Function, depth int) bool {
	if _, known := s.times[fn]; known {
		return true
	}
	if fn == s.owner || len(s.ct.WithBody(fn)) > 0 {
		n, ok := s.runs(fn, count.MostDepth)
		s.times[fn] = n
		return ok
	}
	calls, open := s.ct.Graph.Callers(fn)
	if open || len(calls) == 0 || depth == 0 {
		return false
	}
	return !slices.ContainsFunc(calls, func(c ssa.CallInstruction) bool { return !s.add(c.Parent(), depth-1) })
}

// runs returns how often fn runs for one channel at most, and whether nothing else
// runs it with the channel than what the owner does, or starts.
func (s *senders) runs(fn *ssa.Function, depth int) (n int, ok bool) {
	if fn == s.owner {
		return 1, true
	}
	if depth == 0 {
		return 0, false
	}
	sites, ok := s.sites(fn)
	if !ok {
		return 0, false
	}
	for _, in := range sites {
		times, ok := s.runs(in.Parent(), depth-1)
		if !ok {
			return 0, false
		}
		if in.Parent() == s.owner {
			s.starts = append(s.starts, in)
		}
		n = min(n+times*s.ct.Rounds(s.mk, in), count.Many)
	}
	return n, true
}

// first returns the start that comes before all others, or else all.
func (s *senders) first() []ssa.Instruction {
	for _, in := range s.starts {
		if !slices.ContainsFunc(s.starts, func(x ssa.Instruction) bool { return x != in && !s.ct.Precedes(in, x) }) {
			return []ssa.Instruction{in}
		}
	}
	return s.starts
}

// sites returns the starts of goroutines and the calls by which alone fn runs with the
// channel. It is not ok if something else may run it so.
func (s *senders) sites(fn *ssa.Function) (sites []ssa.Instruction, ok bool) {
	for _, g := range s.ct.WithBody(fn) {
		sites = append(sites, g.Site.Inst)
	}
	given := s.given[fn]
	calls, open := s.ct.Graph.Callers(fn)
	if open && given == nil && !onlyGiven(fn, sites) {
		return nil, false
	}
	for _, c := range calls {
		if !slices.Contains(sites, ssa.Instruction(c)) {
			sites = append(sites, c)
		}
	}
	if given != nil {
		sites = slices.DeleteFunc(sites, func(in ssa.Instruction) bool { return !s.gives(in, given) })
	}
	return sites, len(sites) > 0
}

// gives reports whether the call may give the channel for the parameter.
func (s *senders) gives(in ssa.Instruction, p *ssa.Parameter) bool {
	c, ok := in.(ssa.CallInstruction)
	if !ok {
		return true
	}
	a := code.Argument(c.Common(), p)
	return a == nil || slices.Contains(s.ct.Graph.Class(s.ct.Base, a).Makes, s.mk)
}

// onlyGiven reports whether the function literal is used by the instructions alone,
// which start it.
func onlyGiven(fn *ssa.Function, sites []ssa.Instruction) bool {
	if fn.Parent() == nil || len(sites) == 0 {
		return false
	}
	uses := func(in ssa.Instruction, v ssa.Value) bool {
		var buf [8]*ssa.Value
		return slices.ContainsFunc(in.Operands(buf[:0]), func(op *ssa.Value) bool { return *op == v })
	}
	for _, b := range fn.Parent().Blocks {
		for _, in := range b.Instrs {
			mk, made := in.(*ssa.MakeClosure)
			switch {
			case made && mk.Fn == ssa.Value(fn):
				if slices.ContainsFunc(*mk.Referrers(), func(r ssa.Instruction) bool { return !slices.Contains(sites, r) }) {
					return false
				}
			case uses(in, fn) && !slices.Contains(sites, in):
				return false
			}
		}
	}
	return true
}
