package falsestop

import (
	"go/token"
	"go/types"

	"golang.org/x/tools/go/ssa"

	"github.com/killcheck/killcheck/analyzer/code"
	"github.com/killcheck/killcheck/analyzer/flow"
	"github.com/killcheck/killcheck/analyzer/kb"
	"github.com/killcheck/killcheck/analyzer/program"
	"github.com/killcheck/killcheck/analyzer/signal"
	"github.com/killcheck/killcheck/passes/internal/remedy"
	"github.com/killcheck/killcheck/passes/internal/report"
)

// instructions finds false stops that are one call.
func (s *stopper) instructions(graph *flow.Graph) {
	for _, b := range s.fn.Blocks {
		for _, in := range b.Instrs {
			if u, ok := in.(*ssa.UnOp); ok && code.IsRecv(u) && graph.Executes(u) {
				s.timerReceive(u)
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
func (s *stopper) timerReceive(u *ssa.UnOp) {
	owner, row, ok := s.timer(u.X)
	if !ok || s.g == nil {
		return
	}
	isRange := u.CommaOk && u.Block().Comment == "rangechan.loop"
	if row.Once == isRange {
		return // a ticker's value comes, but a range over it has no end
	}
	if isRange && s.q.PlainGraph(s.fn).Executes(u) && !s.endlessRange(u) {
		return
	}
	k := s.h.Of(owner)
	var stop ssa.Instruction
	for _, fn := range s.q.Functions {
		for _, b := range fn.Blocks {
			for _, in := range b.Instrs {
				c, ok := in.(ssa.CallInstruction)
				if !ok || code.Receiver(c.Common()) == nil {
					continue
				}
				e, ok := signal.Entry(s.q.Base, c.Common())
				if !ok || e.Kind != kb.KindTimer || !s.h.Of(code.Receiver(c.Common())).Meets(k) {
					continue
				}
				if e.Effect == kb.Raises || fn == s.fn && !isRange {
					return // it is started again, or this takes the value that Stop came too late for
				}
				if fn == s.fn || s.q.OnlyIn(s.g, fn, 6) {
					continue // its own clean-up
				}
				if s.q.AtExit(in) {
					continue // and the process ends
				}
				if row.Once && s.q.Locks().Exclude(c, u) {
					continue // the value is taken before, or the timer is seen to be stopped
				}
				if s.q.Base.CloseMethod(signal.Callee(c.Common()).Name()) && stop == nil {
					stop = in
				}
			}
		}
	}
	if stop == nil {
		return
	}
	pos := u.Pos()
	ch := s.q.Syn.Channel(pos)
	o := report.Finding{Pos: stop.Pos(), Instead: pos}
	if g, stay, ok := s.q.StayAt(pos); ok {
		o.Remedy = s.q.Staying(g, stay)
	} else if !isRange {
		o.Remedy = remedy.ForOwner(s.g, remedy.Remedy{Op: remedy.Recv, Pos: pos})
	}
	name := s.q.Syn.Callee(stop.Pos())
	if isRange {
		o.Message = "stop has no effect: " + name + " does not close " + ch + ", so the range over it has no end"
	} else {
		o.Message = "stop has no effect: after " + name + " nothing comes from " + ch + ", and the goroutine waits for it for ever"
	}
	s.report(o, program.Step{Pos: s.q.Syn.Start(pos), End: s.q.Syn.End(pos), Text: "this goes on"})
}

// endlessRange reports whether the loop that the receive heads has no exit.
func (s *stopper) endlessRange(u *ssa.UnOp) bool {
	for _, l := range s.q.PlainGraph(s.fn).Around(u.Block()) {
		if l.Endless() {
			return true
		}
	}
	return false
}

// timer returns the timer or ticker whose channel v is, and the row of that
// channel.
func (s *stopper) timer(v ssa.Value) (owner ssa.Value, row kb.Entry, ok bool) {
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
	row, ok = s.q.Base.Field(named, st.Field(fa.Field).Name())
	return fa.X, row, ok && row.Effect == kb.NeverClosed
}

// boundedMaker judges a wait on a connection or listener whose maker was given a
// context: that context bounds the making only.
func (s *stopper) boundedMaker(c *ssa.Call) {
	row, ok := signal.Entry(s.q.Base, &c.Call)
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
		e, ok := signal.Entry(s.q.Base, &m.Call.Call)
		if !ok || e.Kind != kb.KindNetListen && e.Kind != kb.KindNetDial || len(e.Wake(kb.CtxDone)) == 0 {
			return
		}
		ctx := program.PlaceOf(&m.Call.Call, e.Wake(kb.CtxDone)[0])
		if ctx == nil || !s.q.Graph.Context(s.q.Base, ctx).Ends {
			return
		}
	}
	if s.h.Interrupted(s.g, nil, k, kb.Close, kb.Deadline) || s.q.AfterStop(s.f, c) {
		return
	}
	m := k.Makes[0].Call
	instead := token.NoPos
	if stmt := s.q.Syn.LoopAround(c.Pos()); stmt != nil {
		instead = stmt.Pos()
	}
	cl := kb.Wake{Event: kb.Close, At: kb.Place{Where: kb.Recv}}
	s.report(report.Finding{
		Pos: c.Pos(), Instead: instead,
		Remedy:  remedy.Ending(c.Pos(), s.q.StopAt(s.g, s.f, c.Pos()), s.h.WayOut(c, cl)),
		Message: "stop has no effect: the context given to " + s.q.Syn.Callee(m.Pos()) + " does not end " + s.q.Syn.Callee(c.Pos()) + ", and nobody closes " + s.q.Syn.Handle(c.Pos(), cl) + s.q.Advice(row, ""),
	}, s.q.CallStep(m, "the context bounds this call only"))
}

// copiedOutput judges the run of a command whose output is copied by a goroutine
// of the library: the context kills the command, and a child of it that holds
// the output open keeps the wait going.
func (s *stopper) copiedOutput(c *ssa.Call) {
	q := s.q
	row, ok := signal.Entry(q.Base, &c.Call)
	if !ok || row.Kind != kb.KindProc || row.Effect != kb.Blocks || len(row.Wake(kb.CtxDone)) == 0 || len(row.Wake(kb.Kill)) == 0 || s.g == nil {
		return
	}
	cmd := code.Receiver(&c.Call)
	k := s.h.Of(cmd)
	if len(k.Makes) != 1 || k.Open {
		return
	}
	m := k.Makes[0].Call
	e, ok := signal.Entry(q.Base, &m.Call)
	if !ok || e.Carries.Where != kb.Arg || !q.HasGo(e.FixSince) {
		return
	}
	ctx := program.PlaceOf(&m.Call, e.Carries)
	if ctx == nil || !q.Graph.Context(q.Base, ctx).Ends || !s.copies(m, c) {
		return
	}
	script := s.shell(m)
	if !script && s.constant(m, e) {
		return // its author knows whether it starts children
	}
	s.report(report.Finding{
		Pos:      c.Pos(),
		Extended: !script,
		Message:  "stop may have no effect: " + q.Syn.Callee(c.Pos()) + " waits until all children of the command have closed its output, also after the context has killed it; set WaitDelay",
		Remedy:   remedy.Remedy{Op: remedy.WaitDelay, Pos: c.Pos()},
	}, q.CallStep(m, "the command"))
}
