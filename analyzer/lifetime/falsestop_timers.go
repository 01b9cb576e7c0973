package lifetime

import (
	"go/token"
	"go/types"

	"golang.org/x/tools/go/ssa"

	"github.com/killcheck/killcheck/analyzer/flow"
	"github.com/killcheck/killcheck/analyzer/kb"
	"github.com/killcheck/killcheck/analyzer/signal"
)

// instructions finds false stops that are one call.
func (s *stopper) instructions(graph *flow.Graph) {
	for _, b := range s.fn.Blocks {
		for _, in := range b.Instrs {
			if u, ok := in.(*ssa.UnOp); ok && isRecv(u) && graph.Executes(u) {
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
	if isRange && s.w.plainGraph(s.fn).Executes(u) && !s.endlessRange(u) {
		return
	}
	k := s.h.of(owner)
	var stop ssa.Instruction
	for _, fn := range s.w.Functions {
		for _, b := range fn.Blocks {
			for _, in := range b.Instrs {
				c, ok := in.(ssa.CallInstruction)
				if !ok || receiver(c.Common()) == nil {
					continue
				}
				e, ok := signal.Entry(s.w.Base, c.Common())
				if !ok || e.Kind != kb.KindTimer || !s.h.of(receiver(c.Common())).meets(k) {
					continue
				}
				if e.Effect == kb.Raises || fn == s.fn && !isRange {
					return // it is started again, or this takes the value that Stop came too late for
				}
				if fn == s.fn || s.w.onlyIn(s.g, fn, 6) {
					continue // its own clean-up
				}
				if s.w.Base.CloseMethod(signal.Callee(c.Common()).Name()) && stop == nil {
					stop = in
				}
			}
		}
	}
	if stop == nil {
		return
	}
	pos := u.Pos()
	ch := s.w.syn.channel(pos)
	o := Obstacle{Pos: stop.Pos(), Instead: pos}
	if g, stay, ok := s.w.stayAt(pos); ok {
		o.Remedy = s.w.staying(g, stay)
	} else if !isRange {
		o.Remedy = forOwner(s.g, Remedy{Op: Recv, Pos: pos})
	}
	name := s.w.syn.callee(stop.Pos())
	if isRange {
		o.Message = "stop has no effect: " + name + " does not close " + ch + ", so the range over it has no end"
	} else {
		o.Message = "stop has no effect: after " + name + " nothing comes from " + ch + ", and the goroutine waits for it for ever"
	}
	s.report(o, Step{Pos: s.w.syn.start(pos), End: s.w.syn.end(pos), Text: "this goes on"})
}

// endlessRange reports whether the loop that the receive heads has no exit.
func (s *stopper) endlessRange(u *ssa.UnOp) bool {
	for _, l := range s.w.plainGraph(s.fn).Around(u.Block()) {
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
	row, ok = s.w.Base.Field(named, st.Field(fa.Field).Name())
	return fa.X, row, ok && row.Effect == kb.NeverClosed
}

// boundedMaker judges a wait on a connection or listener whose maker was given a
// context: that context bounds the making only.
func (s *stopper) boundedMaker(c *ssa.Call) {
	row, ok := signal.Entry(s.w.Base, &c.Call)
	if !ok || row.Effect != kb.Blocks || len(row.Wake(kb.Close)) == 0 || s.g == nil {
		return
	}
	v := receiver(&c.Call)
	if v == nil {
		return
	}
	k := s.h.of(v)
	if !s.h.sealed(k) {
		return
	}
	for _, m := range k.makes {
		e, ok := signal.Entry(s.w.Base, &m.call.Call)
		if !ok || e.Kind != kb.KindNetListen && e.Kind != kb.KindNetDial || len(e.Wake(kb.CtxDone)) == 0 {
			return
		}
		ctx := placeOf(&m.call.Call, e.Wake(kb.CtxDone)[0])
		if ctx == nil || !s.w.Graph.Context(s.w.Base, ctx).Ends {
			return
		}
	}
	if s.h.interrupted(s.g, nil, k, kb.Close, kb.Deadline) || s.w.afterStop(s.f, c) {
		return
	}
	m := k.makes[0].call
	instead := token.NoPos
	if stmt := s.w.syn.loopAround(c.Pos()); stmt != nil {
		instead = stmt.Pos()
	}
	cl := kb.Wake{Event: kb.Close, At: kb.Place{Where: kb.Recv}}
	s.report(Obstacle{
		Pos: c.Pos(), Instead: instead,
		Remedy:  s.w.interrupt(s.h, c, s.w.stopAt(s.g, s.f, c.Pos()), cl),
		Message: "stop has no effect: the context given to " + s.w.syn.callee(m.Pos()) + " does not end " + s.w.syn.callee(c.Pos()) + ", and nobody closes " + s.w.syn.handle(c.Pos(), cl) + s.w.advice(row, ""),
	}, s.w.callStep(m, "the context bounds this call only"))
}

// copiedOutput judges the run of a command whose output is copied by a goroutine
// of the library: the context kills the command, and a child of it that holds
// the output open keeps the wait going.
func (s *stopper) copiedOutput(c *ssa.Call) {
	w := s.w
	row, ok := signal.Entry(w.Base, &c.Call)
	if !ok || row.Kind != kb.KindProc || row.Effect != kb.Blocks || len(row.Wake(kb.CtxDone)) == 0 || len(row.Wake(kb.Kill)) == 0 || s.g == nil {
		return
	}
	cmd := receiver(&c.Call)
	k := s.h.of(cmd)
	if len(k.makes) != 1 || k.open {
		return
	}
	m := k.makes[0].call
	e, ok := signal.Entry(w.Base, &m.Call)
	if !ok || e.Carries.Where != kb.Arg || !w.hasGo(e.FixSince) {
		return
	}
	ctx := placeOf(&m.Call, e.Carries)
	if ctx == nil || !w.Graph.Context(w.Base, ctx).Ends || !s.copies(m, c) {
		return
	}
	script := s.shell(m)
	if !script && s.constant(m, e) {
		return // its author knows whether it starts children
	}
	s.report(Obstacle{
		Pos:      c.Pos(),
		Extended: !script,
		Message:  "stop may have no effect: " + w.syn.callee(c.Pos()) + " waits until all children of the command have closed its output, also after the context has killed it; set WaitDelay",
		Remedy:   Remedy{Op: WaitDelay, Pos: c.Pos()},
	}, w.callStep(m, "the command"))
}
