package lifetime

import (
	"go/ast"
	"go/token"

	"golang.org/x/tools/go/ssa"

	"github.com/killcheck/killcheck/analyzer/flow"
	"github.com/killcheck/killcheck/analyzer/kb"
	"github.com/killcheck/killcheck/analyzer/signal"
)

// falseStops finds code that was meant to stop a goroutine and does not. Where such
// code explains why a loop has no end, its report stands instead of that of the
// loop.
func (w *world) falseStops(gs []*Goroutine, h *handles) {
	for _, fn := range w.Functions {
		if !w.Graph.Live(fn) || fn.Synthetic != "" {
			continue
		}
		g, f := w.runner(gs, fn)
		s := &stopper{w, h, g, f, fn}
		graph := w.plainGraph(fn)
		for _, l := range graph.All() {
			stmt := w.syn.loop(fn, l.Blocks)
			if stmt == nil {
				continue
			}
			s.cases(l, stmt)
			s.closedHandle(l, stmt)
			s.swallows(l)
		}
		s.blank()
		s.lostCancels()
		s.instructions(graph)
	}
}

// A stopper looks for false stops in one function.
type stopper struct {
	w  *world
	h  *handles
	g  *Goroutine // a goroutine that runs the function, or nil
	f  *Frame
	fn *ssa.Function
}

func (s *stopper) report(o Obstacle, steps ...Step) {
	o.Kind = FalseStop
	o.Extended = o.Extended || s.w.inTest(o.Pos)
	s.w.report(s.g, s.f, o, steps...)
}

// cases finds the cases of selects in the loop that receive a stop signal and
// then go round the loop like the others.
func (s *stopper) cases(l *flow.Loop, stmt ast.Stmt) {
	loop, ok := stmt.(*ast.ForStmt)
	if !ok || loop.Cond != nil {
		return
	}
	for _, b := range l.Blocks {
		for i, to := range b.Succs {
			sel, k := selectCase(b, i)
			if sel == nil || k >= len(sel.States) || !l.Has(to) || !l.Has(sel.Block()) || !s.stops(sel, k) {
				continue
			}
			clause := s.w.syn.clause(sel.Pos(), sel.States[k].Pos)
			if clause == nil || s.w.syn.loopAround(sel.Pos()) != ast.Stmt(loop) {
				continue
			}
			s.stopCase(l, loop, sel, k, to, clause)
		}
	}
}

// stopCase judges one stop case, whose code starts at block to.
func (s *stopper) stopCase(l *flow.Loop, loop *ast.ForStmt, sel *ssa.Select, k int, to *ssa.BasicBlock, clause *ast.CommClause) {
	name := s.w.syn.channel(sel.States[k].Pos)
	brk := plainBreak(clause)
	if !l.Endless() && brk == nil {
		return // it may set what another exit tests
	}
	if s.leavesFrom(l, to) || s.sets(l, clause) {
		return
	}
	o := Obstacle{Pos: sel.States[k].Pos, Instead: loop.Pos()}
	o.Message = "stop has no effect: after " + name + " the loop goes round again"
	if brk != nil {
		o.Pos, o.End = brk.Pos(), brk.End()
		o.Message = "stop has no effect: this break leaves the select, not the loop around it"
	}
	stop := Stop{Expr: name}
	if _, stay, ok := s.w.stayAt(loop.Pos()); ok && stay.Stop.Expr != "" {
		stop = stay.Stop
	}
	if brk != nil {
		o.Remedy = Remedy{Op: Break, Pos: brk.Pos(), Stop: stop, Safe: true}
	} else {
		o.Remedy = Remedy{Op: LeaveCase, Pos: sel.States[k].Pos, Stop: stop, Safe: s.dropsResult()}
	}
	s.report(o, Step{Pos: loop.For, End: loop.For + 3, Text: "the loop that goes on"})
}

// dropsResult reports whether nobody gets a result of the function.
func (s *stopper) dropsResult() bool {
	if s.fn.Signature.Results().Len() == 0 {
		return true
	}
	calls, open := s.w.Graph.Callers(s.fn)
	for _, c := range calls {
		if _, ok := c.(*ssa.Go); !ok {
			return false
		}
	}
	return !open && len(calls) > 0
}

// stops reports whether the case receives a stop signal that somebody raises.
func (s *stopper) stops(sel *ssa.Select, k int) bool {
	st := sel.States[k]
	w := s.w
	c := w.Graph.Class(w.Base, st.Chan)
	if len(c.Contexts) > 0 {
		return w.contextsEnd(c) != "" && len(c.Makes) == 0
	}
	if len(c.Library) > 0 || !isStopChan(st.Chan.Type()) {
		return false
	}
	g := s.g
	if g == nil {
		g = &Goroutine{}
	}
	name := w.syn.channel(st.Pos)
	if w.isStopChannel(g, candidate{stop: Stop{Expr: name}, value: st.Chan}) {
		return len(c.Has(signal.Send)) == 0
	}
	for _, o := range c.Has(signal.Send) {
		if !w.Base.CloseMethod(o.Fn.Name()) || g.Has(o.Fn) {
			return false
		}
	}
	return len(c.Has(signal.Send)) > 0
}

// leavesFrom reports whether the way from b back to the head of the loop has an
// exit.
func (s *stopper) leavesFrom(l *flow.Loop, b *ssa.BasicBlock) bool {
	if b == l.Head {
		return false
	}
	seen := map[*ssa.BasicBlock]bool{b: true}
	work := []*ssa.BasicBlock{b}
	for len(work) > 0 {
		b := work[len(work)-1]
		work = work[:len(work)-1]
		if b == l.Head {
			continue // for the head see the caller
		}
		for _, e := range l.Exits {
			if e.From == b {
				return true
			}
		}
		for _, x := range s.w.plainGraph(s.fn).Succs(b) {
			if l.Has(x) && !seen[x] {
				seen[x] = true
				work = append(work, x)
			}
		}
	}
	return false
}

// sets reports whether the case assigns to something that the loop reads: a
// channel set to nil, a flag.
func (s *stopper) sets(l *flow.Loop, clause *ast.CommClause) bool {
	found := false
	for _, stmt := range clause.Body {
		ast.Inspect(stmt, func(n ast.Node) bool {
			if a, ok := n.(*ast.AssignStmt); ok {
				for _, x := range a.Lhs {
					found = found || s.channelExpr(x)
				}
			}
			return !found
		})
	}
	return found
}

// channelExpr reports whether the expression is a channel: setting it to nil
// takes its case out of the select.
func (s *stopper) channelExpr(x ast.Expr) bool {
	t := s.w.Info.TypeOf(x)
	return t != nil && isChan(t)
}

// plainBreak returns the break at the end of the case, if it has no label and the
// case has no other way on.
func plainBreak(clause *ast.CommClause) *ast.BranchStmt {
	if len(clause.Body) == 0 {
		return nil
	}
	b, ok := clause.Body[len(clause.Body)-1].(*ast.BranchStmt)
	if !ok || b.Tok != token.BREAK || b.Label != nil {
		return nil
	}
	return b
}

// closedHandle finds loops without an exit in which a call returns an error once
// somebody closes its handle: the loop takes that error for a passing one.
func (s *stopper) closedHandle(l *flow.Loop, stmt ast.Stmt) {
	if !l.Endless() || s.g == nil {
		return
	}
	w := s.w
	for _, b := range l.Blocks {
		for _, in := range b.Instrs {
			c, ok := in.(*ssa.Call)
			if !ok {
				continue
			}
			row, ok := signal.Entry(w.Base, &c.Call)
			if !ok || row.Effect != kb.Blocks || w.syn.loopAround(c.Pos()) != stmt || !givesError(c) {
				continue
			}
			if r := s.closer(row, c); r != nil {
				g, stay, ok := w.stayAt(stmt.Pos())
				if !ok {
					return
				}
				s.report(Obstacle{
					Pos: c.Pos(), Instead: stmt.Pos(),
					Message: "close has no effect: " + w.syn.callee(c.Pos()) + " returns an error after it, and the loop goes round again",
					Remedy:  s.afterClose(w.staying(g, stay), c),
				}, w.callStep(r, "this was meant to stop it"), Step{Pos: stmt.Pos(), End: stmt.Pos() + 3, Text: "the loop that goes on"})
				return
			}
		}
	}
}

// afterClose returns the remedy for a call whose error after a Close is taken for
// a passing one: old, if nothing tells this error from others.
func (s *stopper) afterClose(old Remedy, c *ssa.Call) Remedy {
	use := s.w.endErrorOf(&c.Call)
	if use == "" {
		return old
	}
	return Remedy{Op: EndError, Pos: c.Pos(), Use: use, Safe: true}
}

// closer returns a call outside the goroutine that closes what c waits on.
func (s *stopper) closer(row kb.Entry, c *ssa.Call) ssa.Instruction {
	for _, p := range row.Wake(kb.Close) {
		v := placeOf(&c.Call, p)
		if v == nil {
			continue
		}
		k := s.h.of(v)
		for _, r := range s.h.raised {
			if r.event == kb.Close && !s.g.Has(r.in.Parent()) && k.meets(r.what) {
				return r.in
			}
		}
	}
	return nil
}

func givesError(c *ssa.Call) bool {
	res := c.Call.Signature().Results()
	return res.Len() > 0 && isError(res.At(res.Len()-1).Type())
}
