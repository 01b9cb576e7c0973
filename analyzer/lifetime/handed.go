package lifetime

import (
	"go/types"
	"slices"

	"golang.org/x/tools/go/ssa"

	"github.com/killcheck/killcheck/analyzer/signal"
)

// handed handles channels that their makers hand to another goroutine inside a
// request, for the answer. It reports the send of the answer if a maker can
// return, after it has handed the request over, without receiving. It reports
// whether it has decided.
func (w *world) handed(g *Goroutine, f *Frame, s *ssa.Send, c *signal.Class, recvs []signal.Op) bool {
	decided := false
	for _, m := range c.Makes {
		if g.Has(m.Parent()) {
			return false
		}
	}
	for _, o := range recvs {
		if !slices.ContainsFunc(c.Makes, func(m *ssa.MakeChan) bool { return m.Parent() == o.Fn }) {
			return false
		}
	}
	for _, m := range c.Makes {
		if room, ok := w.size(m.Size, 3); ok && room == 0 {
			decided = w.handedBy(g, f, s, c, m, recvs) || decided
		}
	}
	return decided
}

// handedBy is handed for the channels of one make.
func (w *world) handedBy(g *Goroutine, f *Frame, s *ssa.Send, c *signal.Class, m *ssa.MakeChan, recvs []signal.Op) bool {
	maker := m.Parent()
	recvs = slices.DeleteFunc(slices.Clone(recvs), func(o signal.Op) bool { return o.Fn != maker })
	if len(recvs) == 0 {
		return false
	}
	if !w.affords(g, maker, len(recvs)) {
		return true
	}
	tally := w.newCounter(maker, c, recvs)
	tally.frame = f
	if tally.defers() {
		return true
	}
	for _, h := range w.handovers(m) {
		l, ok := leave{}, false
		if h.to == nil {
			l, ok = tally.least(h.in)
		} else {
			l, ok = tally.leastFrom(h.to, nil)
		}
		if ok && l.count == 0 {
			w.givenUp(g, f, s, m, l)
			return true
		}
	}
	return false
}

// A handover is where a request with a channel goes to another goroutine: an
// instruction, or the block of the case of a select.
type handover struct {
	in ssa.Instruction
	to *ssa.BasicBlock
}

// handovers returns where the maker of a channel hands it over, in the order of
// the blocks.
func (w *world) handovers(m *ssa.MakeChan) []handover {
	all, ok := w.handers[m]
	if ok {
		return all
	}
	for _, b := range m.Parent().Blocks {
		for _, in := range b.Instrs {
			if w.handsOver(in, m) {
				all = append(all, handover{in: in})
			}
		}
		for i, to := range b.Succs {
			sel, k := selectCase(b, i)
			if sel != nil && sel.States[k].Dir == types.SendOnly && w.carries(sel.States[k].Send, m) {
				all = append(all, handover{to: to})
			}
		}
	}
	w.handers[m] = all
	return all
}

// handsOver reports whether the instruction sends a request that carries the
// channel, or gives it to a function whose errors are not looked at: one that
// puts it into a queue.
func (w *world) handsOver(in ssa.Instruction, m *ssa.MakeChan) bool {
	switch in := in.(type) {
	case *ssa.Send:
		return w.carries(in.X, m)
	case *ssa.Call:
		if len(*in.Referrers()) > 0 {
			return false
		}
		for _, a := range in.Call.Args {
			if i, ok := a.(*ssa.MakeInterface); ok && w.carries(i.X, m) {
				return true
			}
		}
	}
	return false
}

func (w *world) givenUp(g *Goroutine, f *Frame, s *ssa.Send, m *ssa.MakeChan, l leave) {
	stop, maker := w.stopAt(g, f, s.Pos()), m.Parent()
	w.report(g, f, Obstacle{
		Kind: Abandoned, Pos: s.Pos(),
		Extended: w.inTest(s.Pos()),
		Message:  "goroutine cannot end its send: " + maker.Name() + " can give up waiting for " + w.syn.channel(s.Pos()) + w.andReach(stop),
		Remedy:   Remedy{Op: Make, Pos: m.Pos(), Capacity: "1", Safe: true},
	}, w.leaveStep(maker, l))
}

// carries reports whether v is a struct, or a pointer to one, with a channel of
// the make in a field.
func (w *world) carries(v ssa.Value, made *ssa.MakeChan) bool {
	if v == nil {
		return false
	}
	t := v.Type()
	if p, ok := t.Underlying().(*types.Pointer); ok {
		t = p.Elem()
	}
	st, ok := t.Underlying().(*types.Struct)
	if !ok {
		return false
	}
	for i := range st.NumFields() {
		if _, ok := st.Field(i).Type().Underlying().(*types.Chan); !ok {
			continue
		}
		x := w.Graph.FieldValue(t, i)
		if x == nil {
			continue
		}
		for _, m := range w.Graph.Class(w.Base, x).Makes {
			if m == made {
				return true
			}
		}
	}
	return false
}
