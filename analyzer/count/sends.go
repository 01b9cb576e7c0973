package count

import (
	"go/token"
	"slices"

	"golang.org/x/tools/go/ssa"

	"github.com/killcheck/killcheck/analyzer/code"
	"github.com/killcheck/killcheck/analyzer/event"
	"github.com/killcheck/killcheck/analyzer/flow"
	"github.com/killcheck/killcheck/analyzer/program"
	"github.com/killcheck/killcheck/analyzer/signal"
)

// SendsUpTo returns how many sends the goroutine can do on one channel of the
// class, up to and with the send s in the frame.
func (ct *Counts) SendsUpTo(f *program.Frame, s ssa.Instruction, c *signal.Class) int {
	ops := c.Has(signal.Send)
	n := ct.sendsUpTo(f, s, c, ops)
	if n > len(ops) && ct.answers(c, ops) {
		return len(ops)
	}
	return n
}

func (ct *Counts) sendsUpTo(f *program.Frame, s ssa.Instruction, c *signal.Class, ops []signal.Op) int {
	tally := ct.NewCounter(f.Fn, c, ops)
	n := tally.upTo(f.Fn, s, true)
	for ; f.From != nil && !event.MakesAll(f.Fn, c); s, f = f.Call, f.From {
		if d, ok := f.Call.(*ssa.Defer); ok {
			n += tally.atEnd(f.From.Fn, d, afterPanic(s))
		} else {
			n += tally.upTo(f.From.Fn, f.Call, false)
		}
	}
	return min(n, Many)
}

// afterPanic reports whether the instruction is done only if recover has found a
// panic.
func afterPanic(in ssa.Instruction) bool {
	for cond, holds := range flow.HoldsAt(in.Block()) {
		cmp, ok := cond.(*ssa.BinOp)
		if !ok || (cmp.Op == token.NEQ) != holds {
			continue
		}
		if code.IsRecover(cmp.X) {
			return true
		}
	}
	return false
}

// BlockedBefore reports whether the sends before s fill the channel by
// themselves: then one of those blocks, and s is none of its own.
func (ct *Counts) BlockedBefore(f *program.Frame, s ssa.Instruction, c *signal.Class, room int) bool {
	tally := ct.NewCounter(f.Fn, c, c.Has(signal.Send))
	return tally.rounds(tally.g, s) == 1 && tally.upTo(f.Fn, s, false) > room
}

// RoomForEach reports whether a loop starts goroutines, of which each sends a
// known number of values, for a channel with room for several: how many it starts
// is not known here, but it was where the room was chosen.
func RoomForEach(each, all, room int) bool { return each < Many && all >= Many && room > 1 }

// OtherSends returns how many sends on one channel of the class come from others
// than the goroutine: as many as each other goroutine has on one path, and those
// that no goroutine does. Some goroutines may be left out.
func (ct *Counts) OtherSends(g *program.Goroutine, c *signal.Class, gs []*program.Goroutine, but ...*program.Goroutine) int {
	n := 0
	type sends struct{ most, ops int }
	by := make(map[*program.Goroutine]sends)
	for _, o := range c.Has(signal.Send) {
		if g.Has(o.Fn) {
			continue
		}
		if o.Fn != g.Site.In && ct.apart(g, c) || onOtherWay(g, o, c) || ct.putsBack(o, c) {
			continue
		}
		other, f := ct.Runner(gs, o.Fn)
		if other == nil {
			n++ // of the function itself, or of one that it calls
			continue
		}
		if slices.Contains(but, other) || ct.exclude(g, other, c, gs) || ct.exclude(other, g, c, gs) {
			continue
		}
		by[other] = sends{max(by[other].most, ct.SendsUpTo(f, o.In, c)), by[other].ops + 1}
	}
	for _, s := range by {
		n += min(s.most, s.ops)
	}
	return n
}

// TakenBefore returns how many values are received for certain between the start
// of the first other sender that the function starts before start, and start.
func (ct *Counts) TakenBefore(start ssa.Instruction, c *signal.Class, recvs []signal.Op, gs []*program.Goroutine) (n int) {
	key := takenKey{start, c}
	if n, ok := ct.taken[key]; ok {
		return n
	}
	defer func() { ct.taken[key] = n }()
	first := start
	for _, o := range c.Has(signal.Send) {
		if g, _ := ct.Runner(gs, o.Fn); g != nil && g.Site.In == start.Parent() && ct.Precedes(g.Site.Inst, first) {
			first = g.Site.Inst
		}
	}
	for _, o := range recvs {
		switch {
		case o.Fn != start.Parent():
		case o.Sel != nil:
			if ct.Precedes(first, o.Sel) && ct.comesBy(o, start) {
				n++
			}
		case ct.Precedes(first, o.In) && ct.Precedes(o.In, start):
			n++
		}
	}
	return n
}

type takenKey struct {
	start ssa.Instruction
	class *signal.Class
}

// SendsError reports whether the goroutine leaves the loop of the send because of
// an error: then the value sent last may say so, and the receiver be right to
// leave when it sees that.
func (ct *Counts) SendsError(fn *ssa.Function, s *ssa.Send) bool {
	for _, l := range ct.PlainGraph(fn).Around(s.Block()) {
		return !countsOut(l)
	}
	return true
}

// countsOut reports whether the loop is left only when it has counted or ranged to
// its end.
func countsOut(l *flow.Loop) bool {
	for _, e := range l.Exits {
		cond := flow.Condition(e.From)
		if cond == nil || e.To == nil {
			return false
		}
		if cmp, ok := cond.(*ssa.BinOp); ok && (cmp.Op == token.LSS || cmp.Op == token.GTR) {
			continue // counts
		}
		if x, ok := cond.(*ssa.Extract); ok && x.Index <= 1 {
			switch x.Tuple.(type) {
			case *ssa.Next, *ssa.UnOp:
				continue // ranges
			}
		}
		return false
	}
	return true
}

// Deaf reports whether the goroutine goes on to send whatever the values are that it
// has sent: its sends on the channel are one instruction, and the loops
// around that count, range over something, or never end; or else it is one of many
// that send once. Then a receiver that leaves because of a value leaves too early.
// NoEnd says that a loop never ends.
func (ct *Counts) Deaf(g *program.Goroutine, f *program.Frame, s *ssa.Send, c *signal.Class) (deaf, noEnd bool) {
	for _, o := range c.Has(signal.Send) {
		if o.In != ssa.Instruction(s) && g.Has(o.Fn) {
			return false, false // one of them may be the last by agreement
		}
	}
	around := ct.PlainGraph(f.Fn).Around(s.Block())
	if f.From != nil && len(around) == 0 {
		return false, false // the caller may look at what the callee has sent
	}
	for _, l := range around {
		if !countsOut(l) {
			return false, false
		}
		noEnd = noEnd || l.Endless()
	}
	return len(around) > 0 || ct.Looped(g.Site.Inst), noEnd
}

// Rounds returns how often the instruction can run for one run of the make:
// the product of the bounds of the loops around it that do not make a channel
// of their own, or many.
func (ct *Counts) Rounds(m *ssa.MakeChan, in ssa.Instruction) int {
	n := 1
	for _, l := range ct.PlainGraph(in.Parent()).Around(in.Block()) {
		if !l.Has(m.Block()) {
			n = min(n*Bound(l), Many)
		}
	}
	return n
}

// Bound returns how often control goes round a loop that counts up to a
// constant or ranges over a literal, or many.
func Bound(l *flow.Loop) int {
	if n, ok := l.Bound(Many); ok {
		return int(n)
	}
	return Many
}
