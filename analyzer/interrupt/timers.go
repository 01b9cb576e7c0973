package interrupt

import (
	"go/types"
	"slices"

	"golang.org/x/tools/go/ssa"

	"github.com/killcheck/killcheck/analyzer/code"
	"github.com/killcheck/killcheck/analyzer/flow"
	"github.com/killcheck/killcheck/analyzer/kb"
	"github.com/killcheck/killcheck/analyzer/program"
	"github.com/killcheck/killcheck/analyzer/signal"
)

// instructions finds false stops that are one call.
func (s *seeker) instructions(graph *flow.Graph) {
	for _, b := range s.fn.Blocks {
		for _, in := range b.Instrs {
			if u, ok := in.(*ssa.UnOp); ok && code.IsRecv(u) && graph.Executes(u) {
				s.timerReceive(u)
			}
			if c, ok := in.(ssa.CallInstruction); ok && graph.Executes(c) {
				s.farTimers(c)
			}
			if c, ok := in.(*ssa.Call); ok && graph.Executes(c) {
				s.copiedOutput(c)
				s.boundedMaker(c)
				s.deafFile(c)
			}
		}
	}
}

// timerReceive judges a receive from the channel of a timer or ticker that
// somebody else stops: that does not end the receive.
func (s *seeker) timerReceive(u *ssa.UnOp) {
	owner, row, ok := s.timer(u.X)
	if !ok || s.g == nil {
		return
	}
	isRange := u.CommaOk && u.Block().Comment == "rangechan.loop"
	if row.Once == isRange {
		return // a ticker's value comes, but a range over it has no end
	}
	if isRange && s.h.ev.PlainGraph(s.fn).Executes(u) && !s.endlessRange(u) {
		return
	}
	if row.Once && s.before(u, owner) {
		return
	}
	s.stopped(owner, FalseEnd{Kind: TimerStopped, Pos: u.Pos(), Wait: u, Once: row.Once})
}

// stopped adds what is found if somebody else stops the timer or ticker, and nobody
// starts it again.
func (s *seeker) stopped(owner ssa.Value, found FalseEnd) {
	k := s.h.Of(owner)
	for _, fn := range s.h.ev.Functions {
		for _, b := range fn.Blocks {
			for _, in := range b.Instrs {
				c, ok := in.(ssa.CallInstruction)
				if !ok || code.Receiver(c.Common()) == nil {
					continue
				}
				e, ok := signal.Entry(s.h.ev.Base, c.Common())
				if !ok || e.Kind != kb.KindTimer || !s.h.Of(code.Receiver(c.Common())).Meets(k) {
					continue
				}
				if e.Effect == kb.Raises || fn == s.fn && found.Once {
					return // it is started again, or this takes the value that Stop came too late for
				}
				if fn == s.fn || s.h.ev.OnlyIn(s.g, fn, 6) {
					continue // its own clean-up
				}
				if s.h.ev.AtExit(in) || s.h.joinedBefore(s.g, c) || s.notAfter(c) {
					continue // the process ends, or the goroutine has done so before, or is not there
				}
				if s.h.ev.Base.CloseMethod(signal.Callee(c.Common()).Name()) {
					found.Stops = append(found.Stops, c)
				}
			}
		}
	}
	if len(found.Stops) > 0 {
		s.add(found)
	}
}

// notAfter reports whether control does not come to the call once the goroutine has started.
// Another run of the function has a timer of its own.
func (s *seeker) notAfter(call ssa.CallInstruction) bool {
	_, plain := call.(*ssa.Call)
	site := s.g.Site
	made, ok := s.h.ev.Origin(code.Receiver(call.Common())).(*ssa.Call)
	return plain && ok && made.Parent() == site.In && site.Inst != nil && site.In == call.Parent() && !flow.LeadsTo(s.h.ev.PlainGraph(site.In), site.Inst, call)
}

// joinedBefore reports whether control comes to the call, or for a deferred one to a
// return, only after a wait for the goroutine: for a group, or for a channel that the
// goroutine alone raises.
func (h *Interrupts) joinedBefore(g *program.Goroutine, call ssa.CallInstruction) bool {
	fn := call.Parent()
	ends := []ssa.Instruction{call}
	if _, deferred := call.(*ssa.Defer); deferred {
		ends = nil
		for _, r := range flow.ReturnsOf(h.ev.PlainGraph(fn)) {
			ends = append(ends, r)
		}
	}
	var joins []ssa.Instruction
	for _, b := range fn.Blocks {
		for _, in := range b.Instrs {
			if h.Joins(g, in) {
				joins = append(joins, in)
			}
		}
	}
	return !slices.ContainsFunc(ends, func(end ssa.Instruction) bool {
		return !slices.ContainsFunc(joins, func(in ssa.Instruction) bool { return flow.Precedes(in, end) })
	})
}

// before reports whether the timer is made by the function that receives from it, and
// given to nobody before: nobody can stop it yet.
func (s *seeker) before(u ssa.Instruction, timer ssa.Value) bool {
	made, ok := timer.(*ssa.Call)
	if !ok {
		return false
	}
	for _, r := range *made.Referrers() {
		switch r.(type) {
		case *ssa.FieldAddr, *ssa.DebugRef, *ssa.Return:
		default:
			if r != u && !s.h.ev.Precedes(u, r) {
				return false
			}
		}
	}
	return true
}

// endlessRange reports whether the loop that the receive heads has no exit.
func (s *seeker) endlessRange(u *ssa.UnOp) bool {
	for _, l := range s.h.ev.PlainGraph(s.fn).Around(u.Block()) {
		if l.Endless() {
			return true
		}
	}
	return false
}

// timer returns the timer or ticker whose channel v is, and the row of that
// channel.
func (s *seeker) timer(v ssa.Value) (owner ssa.Value, row kb.Entry, ok bool) {
	u, isLoad := v.(*ssa.UnOp)
	if !isLoad {
		return nil, kb.Entry{}, false
	}
	fa, isField := u.X.(*ssa.FieldAddr)
	if !isField {
		return nil, kb.Entry{}, false
	}
	named, isNamed := types.Unalias(fa.X.Type().Underlying().(*types.Pointer).Elem()).(*types.Named)
	if !isNamed {
		return nil, kb.Entry{}, false
	}
	st, isStruct := named.Underlying().(*types.Struct)
	if !isStruct {
		return nil, kb.Entry{}, false
	}
	row, ok = s.h.ev.Base.Field(named, st.Field(fa.Field).Name())
	return fa.X, row, ok && row.Effect == kb.NeverClosed
}

// boundedMaker judges a wait on a connection or listener whose maker was given a
// context: that context bounds the making only.
func (s *seeker) boundedMaker(c *ssa.Call) {
	row, ok := signal.Entry(s.h.ev.Base, &c.Call)
	if !ok || row.Effect != kb.Blocks || len(row.Wake(kb.Close)) == 0 || s.g == nil {
		return
	}
	v := code.Receiver(&c.Call)
	if v == nil {
		return
	}
	k := s.h.Of(v)
	if !s.h.Sealed(k) {
		return
	}
	for _, m := range k.Makes {
		e, ok := signal.Entry(s.h.ev.Base, &m.Call.Call)
		if !ok || e.Kind != kb.KindNetListen && e.Kind != kb.KindNetDial || len(e.Wake(kb.CtxDone)) == 0 {
			return
		}
		ctx := program.PlaceOf(&m.Call.Call, e.Wake(kb.CtxDone)[0])
		if ctx == nil || !s.h.ev.Graph.Context(s.h.ev.Base, ctx).Ends {
			return
		}
	}
	if s.h.Interrupted(s.g, nil, k, kb.Close, kb.Deadline) || s.h.ev.AfterStop(s.f, c) {
		return
	}
	cl := kb.Wake{Event: kb.Close, At: kb.Place{Where: kb.Recv}}
	s.add(FalseEnd{
		Kind: MakerBound, Pos: c.Pos(), By: k.Makes[0].Call.Pos(), Row: row,
		Handle: s.h.ev.Syn.Handle(c.Pos(), cl), Way: s.h.WayOut(c, cl),
	})
}
