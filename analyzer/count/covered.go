package count

import (
	"iter"
	"slices"

	"golang.org/x/tools/go/ssa"

	"github.com/killcheck/killcheck/analyzer/code"
	"github.com/killcheck/killcheck/analyzer/flow"
	"github.com/killcheck/killcheck/analyzer/group"
	"github.com/killcheck/killcheck/analyzer/signal"
)

// Covered reports whether whoever raises the stop waits for a group before, which counts
// what is sent: the sender adds to it before the send, or calls Done after it.
//
//	add: working.Add(1)       done: responses <- r      close: working.Wait()
//	     requests <- r              working.Done()             close(fini)
func (ct *Counts) Covered(send *ssa.Send, stop ssa.Value) bool {
	s := ct.SyncIndex()
	if len(s.Waits) == 0 {
		return false
	}
	ins, open := ct.Raises(stop)
	if open || len(ins) == 0 {
		return false
	}
	fn := send.Parent()
	counts := func(wait group.SyncOp) bool {
		in := func(o group.SyncOp) bool { return o.In.Parent() == fn }
		return slices.ContainsFunc(s.Of(&s.Adds, wait.Class), func(o group.SyncOp) bool { return in(o) && flow.Precedes(o.In, send) }) ||
			slices.ContainsFunc(s.Of(&s.Dones, wait.Class), func(o group.SyncOp) bool {
				_, deferred := o.In.(*ssa.Defer)
				return in(o) && !o.Spawn && (deferred && flow.Precedes(o.In, send) || !deferred && flow.Precedes(send, o.In))
			})
	}
	return !slices.ContainsFunc(ins, func(in ssa.Instruction) bool {
		return !slices.ContainsFunc(s.Waits, func(w group.SyncOp) bool {
			_, now := w.In.(*ssa.Call)
			return now && w.Class.Known() && w.In.Parent() == in.Parent() && flow.Precedes(w.In, in) && counts(w)
		})
	})
}

// Credit reports whether the sender and its receivers may see to it that the channel has
// room: it sends only what they have given it before, out of the loop in which they
// receive; or they tell it, in the loop in which it sends, what they have received.
func (ct *Counts) Credit(send *ssa.Send, room int, recvs []signal.Op) bool {
	if room == 0 || len(recvs) == 0 {
		return false
	}
	if ct.Follows(send, func(ch ssa.Value) bool { return ct.givenIn(ch, recvs) }) {
		return true
	}
	for u := range ct.loopReceives(send) {
		told := ct.Graph.Class(ct.Base, u)
		tells := told.Has(signal.Send)
		if told.Own() && len(tells) > 0 && !slices.ContainsFunc(tells, func(o signal.Op) bool {
			in, ok := o.In.(*ssa.Send)
			return !ok || !ct.Follows(in, func(ch ssa.Value) bool { return ct.sameOps(ch, recvs) })
		}) {
			return true
		}
	}
	return false
}

// Follows reports whether something was received, before the send, from a channel for
// which the question holds.
func (ct *Counts) Follows(send *ssa.Send, question func(ch ssa.Value) bool) bool {
	for ch := range ct.ReceivedBefore(send) {
		if question(ch) {
			return true
		}
	}
	return false
}

// sameOps reports whether the receives are those of the channel.
func (ct *Counts) sameOps(ch ssa.Value, recvs []signal.Op) bool {
	all := ct.Graph.Class(ct.Base, ch).Has(signal.Recv, signal.Range)
	return len(all) > 0 && !slices.ContainsFunc(all, func(o signal.Op) bool {
		return !slices.ContainsFunc(recvs, func(r signal.Op) bool { return r.In == o.In && r.Case == o.Case })
	})
}

// loopReceives yields the channels from which the loops around the send receive; where
// a literal sends, those around its calls.
func (ct *Counts) loopReceives(send *ssa.Send) iter.Seq[ssa.Value] {
	return func(yield func(ssa.Value) bool) {
		at := []ssa.Instruction{send}
		if send.Parent().Parent() != nil {
			calls, _ := ct.Graph.Callers(send.Parent())
			for _, c := range calls {
				at = append(at, c)
			}
		}
		for _, in := range at {
			for _, l := range ct.PlainGraph(in.Parent()).Around(in.Block()) {
				for _, b := range l.Blocks {
					for _, x := range b.Instrs {
						switch x := x.(type) {
						case *ssa.UnOp:
							if code.IsRecv(x) && !yield(x.X) {
								return
							}
						case *ssa.Select:
							for _, st := range x.States {
								if st.Send == nil && !yield(st.Chan) {
									return
								}
							}
						}
					}
				}
			}
		}
	}
}

// givenIn reports whether all that comes on the channel is sent in the loops of the
// receives, or by literals that those call.
func (ct *Counts) givenIn(ch ssa.Value, recvs []signal.Op) bool {
	c := ct.Graph.Class(ct.Base, ch)
	sends := c.Has(signal.Send)
	if !c.Own() || len(sends) == 0 {
		return false
	}
	return !slices.ContainsFunc(sends, func(o signal.Op) bool {
		return !slices.ContainsFunc(recvs, func(r signal.Op) bool { return ct.inLoopOf(o.In, r) })
	})
}

// inLoopOf reports whether the instruction is done in a loop around the receive, or by a
// literal that is called there.
func (ct *Counts) inLoopOf(in ssa.Instruction, r signal.Op) bool {
	if code.Outermost(in.Parent()) != code.Outermost(r.Fn) {
		return false
	}
	around := ct.PlainGraph(r.Fn).Around(r.In.Block())
	has := func(x ssa.Instruction) bool {
		return x.Parent() == r.Fn && slices.ContainsFunc(around, func(l *flow.Loop) bool { return l.Has(x.Block()) })
	}
	if in.Parent() == r.Fn {
		return has(in)
	}
	calls, open := ct.Graph.Callers(in.Parent())
	return !open && slices.ContainsFunc(calls, func(c ssa.CallInstruction) bool { return has(c) })
}
