package circle

import (
	"golang.org/x/tools/go/ssa"

	"github.com/killcheck/killcheck/analyzer/signal"
)

// excess returns by how many sends the send in is too much for the room of its
// channel: others come before it on every way, on the same channel, which is made
// before them. It is zero or less if there is room.
func (ct *Deadlocks) excess(in *ssa.Send, class *signal.Class, room int) int {
	if len(class.Makes) != 1 {
		return 0
	}
	n := 1 - room
	for _, o := range class.Has(signal.Send) {
		s, ok := o.In.(*ssa.Send)
		if ok && s != in && ct.surelyBefore(class.Makes[0], s, mostStarts) && ct.surelyBefore(s, in, mostStarts) {
			n++
		}
	}
	return n
}

// mostStarts is through how many calls and starts surelyBefore looks.
const mostStarts = 4

// surelyBefore reports whether control comes to a whenever it comes to b, and before:
// in the function of b, or in one that calls or starts it.
func (ct *Deadlocks) surelyBefore(a, b ssa.Instruction, depth int) bool {
	fn := b.Parent()
	if a.Parent() == fn {
		return ct.Precedes(a, b)
	}
	if depth == 0 {
		return false
	}
	calls, open := ct.Graph.Callers(fn)
	sites := ct.SiteIndex().Of[fn]
	if open && (len(sites) == 0 || !ct.OnlyStarted(fn)) || len(calls)+len(sites) == 0 {
		return false
	}
	for _, c := range calls {
		if !ct.surelyBefore(a, c, depth-1) {
			return false
		}
	}
	for _, s := range sites {
		if !ct.surelyBefore(a, s.Inst, depth-1) {
			return false
		}
	}
	return true
}

// fewer reports whether fewer wakers than the excess are not held up: each of them
// makes room once, in the function that makes the channel.
func (c *circle) fewer(key circleKey) bool {
	free := 0
	for _, w := range c.wakers[key] {
		if c.held(w) != nil {
			continue
		}
		if free++; w.in.Parent() != key.class.Makes[0].Parent() || c.ct.Looped(w.in) {
			return false
		}
	}
	return free < key.excess
}
