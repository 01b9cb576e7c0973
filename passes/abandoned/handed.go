package abandoned

import (
	"go/types"
	"slices"

	"golang.org/x/tools/go/ssa"

	"github.com/killcheck/killcheck/analyzer/count"
	"github.com/killcheck/killcheck/analyzer/flow"
	"github.com/killcheck/killcheck/analyzer/program"
	"github.com/killcheck/killcheck/analyzer/signal"
	"github.com/killcheck/killcheck/passes/internal/remedy"
	"github.com/killcheck/killcheck/passes/internal/report"
)

// handed handles channels that their makers hand to another goroutine inside a
// request, for the answer. It reports the send of the answer if a maker can
// return, after it has handed the request over, without receiving. It reports
// whether it has decided.
func (q *question) handed(g *program.Goroutine, f *program.Frame, s *ssa.Send, c *signal.Class, recvs []signal.Op) bool {
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
		if room, ok := q.Size(m.Size, 3); ok && room == 0 {
			decided = q.handedBy(g, f, s, c, m, recvs) || decided
		}
	}
	return decided
}

// handedBy is handed for the channels of one make.
func (q *question) handedBy(g *program.Goroutine, f *program.Frame, s *ssa.Send, c *signal.Class, m *ssa.MakeChan, recvs []signal.Op) bool {
	maker := m.Parent()
	recvs = slices.DeleteFunc(slices.Clone(recvs), func(o signal.Op) bool { return o.Fn != maker })
	if len(recvs) == 0 {
		return false
	}
	if !q.Affords(g, maker, len(recvs)) {
		return true
	}
	tally := q.NewCounter(maker, c, recvs)
	tally.Frame = f
	if tally.Defers() {
		return true
	}
	for _, h := range q.handovers(m) {
		l, ok := count.Leave{}, false
		if h.to == nil {
			l, ok = tally.Least(h.in)
		} else {
			l, ok = tally.LeastFrom(h.to, nil)
		}
		if ok && l.Count == 0 {
			q.givenUp(g, f, s, m, l)
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
func (q *question) handovers(m *ssa.MakeChan) []handover {
	all, ok := q.handers[m]
	if ok {
		return all
	}
	for _, b := range m.Parent().Blocks {
		for _, in := range b.Instrs {
			if q.handsOver(in, m) {
				all = append(all, handover{in: in})
			}
		}
		for i, to := range b.Succs {
			sel, k := flow.SelectCase(b, i)
			if sel != nil && sel.States[k].Dir == types.SendOnly && q.carries(sel.States[k].Send, m) {
				all = append(all, handover{to: to})
			}
		}
	}
	q.handers[m] = all
	return all
}

// handsOver reports whether the instruction sends a request that carries the
// channel, or gives it to a function whose errors are not looked at: one that
// puts it into a queue.
func (q *question) handsOver(in ssa.Instruction, m *ssa.MakeChan) bool {
	switch in := in.(type) {
	case *ssa.Send:
		return q.carries(in.X, m)
	case *ssa.Call:
		if len(*in.Referrers()) > 0 {
			return false
		}
		for _, a := range in.Call.Args {
			if i, ok := a.(*ssa.MakeInterface); ok && q.carries(i.X, m) {
				return true
			}
		}
	}
	return false
}

func (q *question) givenUp(g *program.Goroutine, f *program.Frame, s *ssa.Send, m *ssa.MakeChan, l count.Leave) {
	stop, maker := q.StopAt(g, f, s.Pos()), m.Parent()
	q.Report(g, f, report.Finding{
		Pos:     s.Pos(),
		Message: "goroutine cannot end its send: " + maker.Name() + " can give up waiting for " + q.Syn.Channel(s.Pos()) + q.AndReach(stop),
		Remedy:  remedy.Remedy{Op: remedy.Make, Pos: m.Pos(), Capacity: "1", Safe: true},
	}, q.LeaveStep(maker, l))
}

// carries reports whether v is a struct, or a pointer to one, with a channel of
// the make in a field.
func (q *question) carries(v ssa.Value, made *ssa.MakeChan) bool {
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
		x := q.Graph.FieldValue(t, i)
		if x == nil {
			continue
		}
		for _, m := range q.Graph.Class(q.Base, x).Makes {
			if m == made {
				return true
			}
		}
	}
	return false
}
