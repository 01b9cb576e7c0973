package peer

import (
	"go/token"
	"go/types"
	"slices"

	"golang.org/x/tools/go/ssa"

	"github.com/killcheck/killcheck/analyzer/count"
	"github.com/killcheck/killcheck/analyzer/flow"
	"github.com/killcheck/killcheck/analyzer/program"
	"github.com/killcheck/killcheck/analyzer/raiser"
	"github.com/killcheck/killcheck/analyzer/signal"
)

// handed handles channels that their makers hand to another goroutine inside a
// request, for the answer. It returns the send of the answer if a maker can
// return, after it has handed the request over, without receiving. It reports
// whether it has decided.
func (p *Peers) handed(g *program.Goroutine, f *program.Frame, s *ssa.Send, c *signal.Class, recvs []signal.Op) (found []Unmet, decided bool) {
	for _, m := range c.Makes {
		if g.Has(m.Parent()) {
			return nil, false
		}
	}
	for _, o := range recvs {
		if !slices.ContainsFunc(c.Makes, func(m *ssa.MakeChan) bool { return m.Parent() == o.Fn }) {
			return nil, false
		}
	}
	for _, m := range c.Makes {
		if room, ok := p.Size(m.Size, 3); ok && room.Most == 0 {
			more, ok := p.handedBy(g, f, s, c, m, recvs)
			found, decided = append(found, more...), decided || ok
		}
	}
	return found, decided
}

// handedBy is handed for the channels of one make.
func (p *Peers) handedBy(g *program.Goroutine, f *program.Frame, s *ssa.Send, c *signal.Class, m *ssa.MakeChan, recvs []signal.Op) ([]Unmet, bool) {
	maker := m.Parent()
	recvs = slices.DeleteFunc(slices.Clone(recvs), func(o signal.Op) bool { return o.Fn != maker })
	if len(recvs) == 0 {
		return nil, false
	}
	if !p.Affords(g, maker, len(recvs)) {
		return nil, true
	}
	tally := p.NewCounter(maker, c, recvs)
	tally.Frame = f
	if tally.Defers() {
		return nil, true
	}
	for _, h := range p.Handovers(m) {
		l, ok := count.Leave{}, false
		if h.To == nil {
			l, ok = tally.Least(h.In)
		} else {
			l, ok = tally.LeastFrom(h.To, nil)
		}
		if ok && l.Count == 0 && !slices.ContainsFunc(l.Steps, func(b *ssa.BasicBlock) bool { return excludes(s, b) }) && !p.byAsker(l, c) && !against(l, flow.HoldsAt(m.Block())) {
			x := Unmet{
				Kind: GivenUp, G: g, F: f, Pos: s.Pos(), Stop: p.StopAt(g, f, s.Pos()), Who: maker.Name(),
				Make: m.Pos(), Leaves: p.LeaveStep(maker, l),
			}
			if !p.handsAgain(h, m) {
				x.Capacity = "1"
			}
			return []Unmet{x}, true
		}
	}
	return nil, false
}

// against reports whether the way goes where one of the conditions does not hold, of which
// each is a value that the function is given and does not change.
func against(l count.Leave, known map[ssa.Value]bool) bool {
	for i := range len(l.Steps) - 1 {
		b := l.Steps[i]
		cond := flow.Condition(b)
		if _, given := cond.(*ssa.Parameter); !given || b.Succs[0] == b.Succs[1] {
			continue
		}
		if is, ok := known[cond]; ok && b.Succs[0] == l.Steps[i+1] != is {
			return true
		}
	}
	return false
}

// byAsker reports whether the way goes by a stop that only those raise who have the
// request, with what they got in it: who sends the answer does so instead.
func (p *Peers) byAsker(l count.Leave, c *signal.Class) bool {
	for i := range len(l.Steps) - 1 {
		for k, to := range l.Steps[i].Succs {
			sel, n := flow.SelectCase(l.Steps[i], k)
			if to != l.Steps[i+1] || sel == nil || n >= len(sel.States) || sel.States[n].Dir != types.RecvOnly {
				continue
			}
			ins, open := p.Raises(sel.States[n].Chan)
			if !open && len(ins) > 0 && !slices.ContainsFunc(ins, func(in ssa.Instruction) bool { return !p.askedWith(in.Parent(), c) }) {
				return true
			}
		}
	}
	return false
}

// askedWith reports whether fn is only called as a value of an object which also holds
// the channel of the class that the caller sends on.
func (p *Peers) askedWith(fn *ssa.Function, c *signal.Class) bool {
	calls, open := p.Graph.Callers(fn)
	if open && token.IsExported(fn.Name()) {
		return false
	}
	found := false
	for _, call := range calls {
		if call.Parent().Synthetic != "" {
			if !p.askedWith(call.Parent(), c) {
				return false
			}
			found = true
			continue
		}
		of := p.Place(call.Common().Value, nil).Root
		if call.Common().StaticCallee() != nil || !slices.ContainsFunc(c.Has(signal.Send), func(o signal.Op) bool {
			return o.Fn == call.Parent() && p.Place(o.Chan, nil).Root == of
		}) {
			return false
		}
		found = true
	}
	return found
}

// handsAgain reports whether the channel goes into a request in each round of a loop: an
// answer that nobody took would be there for the next.
func (p *Peers) handsAgain(h raiser.Handover, m *ssa.MakeChan) bool {
	b := h.To
	if h.In != nil {
		b = h.In.Block()
	}
	return slices.ContainsFunc(p.PlainGraph(b.Parent()).Around(b), func(l *flow.Loop) bool { return !l.Has(m.Block()) })
}
