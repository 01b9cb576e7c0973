package lifetime

import (
	"go/types"

	"golang.org/x/tools/go/ssa"

	"github.com/killcheck/killcheck/analyzer/signal"
)

// handed handles a channel that its maker hands to another goroutine inside a
// request, for the answer. It reports the send of the answer if the maker can
// return, after it has handed the request over, without receiving. It reports
// whether it has decided.
func (w *world) handed(g *Goroutine, f *Frame, s *ssa.Send, c *signal.Class, room int, recvs []signal.Op) bool {
	if room > 0 || len(c.Makes) != 1 {
		return false
	}
	maker := c.Makes[0].Parent()
	if g.Has(maker) {
		return false
	}
	for _, o := range recvs {
		if o.Fn != maker {
			return false
		}
	}
	count := w.newCounter(maker, c, recvs)
	count.frame = f
	if count.defers() {
		return true
	}
	for _, b := range maker.Blocks {
		for _, in := range b.Instrs {
			if x, ok := in.(*ssa.Send); ok && w.carries(x.X, c) {
				if l, ok := count.least(in); ok && l.count == 0 {
					w.unanswered(g, f, s, c, maker, l)
					return true
				}
			}
		}
		for i, to := range b.Succs {
			sel, k := selectCase(b, i)
			if sel == nil || sel.States[k].Dir != types.SendOnly || !w.carries(sel.States[k].Send, c) {
				continue
			}
			if l, ok := count.leastFrom(to, nil); ok && l.count == 0 {
				w.unanswered(g, f, s, c, maker, l)
				return true
			}
		}
	}
	return false
}

func (w *world) unanswered(g *Goroutine, f *Frame, s *ssa.Send, c *signal.Class, maker *ssa.Function, l leave) {
	stop := w.stopAt(g, f, s.Pos())
	w.report(g, f, Obstacle{
		Kind: Abandoned, Pos: s.Pos(),
		Extended: w.inTest(s.Pos()),
		Message:  "goroutine cannot end its send: " + maker.Name() + " can give up waiting for " + w.syn.channel(s.Pos()) + w.andReach(stop),
		Remedy:   Remedy{Op: Make, Pos: c.Makes[0].Pos(), Capacity: "1", Safe: true},
	}, w.leaveStep(maker, l))
}

// carries reports whether v is a struct, or a pointer to one, with a channel of
// the class in a field.
func (w *world) carries(v ssa.Value, c *signal.Class) bool {
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
			if m == c.Makes[0] {
				return true
			}
		}
	}
	return false
}
