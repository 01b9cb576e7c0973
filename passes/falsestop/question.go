package falsestop

import (
	"go/ast"
	"go/token"

	"golang.org/x/tools/go/ssa"

	"github.com/killcheck/killcheck/analyzer/code"
	"github.com/killcheck/killcheck/analyzer/event"
	"github.com/killcheck/killcheck/analyzer/flow"
	"github.com/killcheck/killcheck/analyzer/handle"
	"github.com/killcheck/killcheck/analyzer/kb"
	"github.com/killcheck/killcheck/analyzer/program"
	"github.com/killcheck/killcheck/analyzer/signal"
	"github.com/killcheck/killcheck/passes/internal/remedy"
	"github.com/killcheck/killcheck/passes/internal/report"
)

// falseStops finds code that was meant to stop a goroutine and does not. Where such
// code explains why a loop has no end, its report stands instead of that of the
// loop.
func (q *question) falseStops(gs []*program.Goroutine, h *handle.Handles) {
	for _, fn := range q.Functions {
		if !q.Graph.Live(fn) || fn.Synthetic != "" {
			continue
		}
		g, f := q.Runner(gs, fn)
		s := &stopper{q, h, g, f, fn}
		graph := q.PlainGraph(fn)
		for _, l := range graph.All() {
			stmt := q.Syn.Loop(fn, l.Blocks)
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
		s.drains()
	}
}

// A stopper looks for false stops in one function.
type stopper struct {
	q  *question
	h  *handle.Handles
	g  *program.Goroutine // a goroutine that runs the function, or nil
	f  *program.Frame
	fn *ssa.Function
}

func (s *stopper) report(o report.Finding, steps ...program.Step) {
	s.q.Report(s.g, s.f, o, steps...)
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
			sel, k := flow.SelectCase(b, i)
			if sel == nil || k >= len(sel.States) || !l.Has(to) || !l.Has(sel.Block()) || !s.stops(sel, k) {
				continue
			}
			clause := s.q.Syn.Clause(sel.Pos(), sel.States[k].Pos)
			if clause == nil || s.q.Syn.LoopAround(sel.Pos()) != ast.Stmt(loop) {
				continue
			}
			s.stopCase(l, loop, sel, k, to, clause)
		}
	}
}

// stopCase judges one stop case, whose code starts at block to.
func (s *stopper) stopCase(l *flow.Loop, loop *ast.ForStmt, sel *ssa.Select, k int, to *ssa.BasicBlock, clause *ast.CommClause) {
	name := s.q.Syn.Channel(sel.States[k].Pos)
	brk := plainBreak(clause)
	if !l.Endless() && brk == nil {
		return // it may set what another exit tests
	}
	if s.leavesFrom(l, to) || s.sets(l, clause) {
		return
	}
	o := report.Finding{Pos: sel.States[k].Pos, Instead: loop.Pos()}
	o.Message = "stop has no effect: after " + name + " the loop goes round again"
	if brk != nil {
		o.Pos, o.End = brk.Pos(), brk.End()
		o.Message = "stop has no effect: this break leaves the select, not the loop around it"
	}
	stop := event.Stop{Expr: name}
	if _, stay, ok := s.q.StayAt(loop.Pos()); ok && stay.Stop.Expr != "" {
		stop = stay.Stop
	}
	if brk != nil {
		o.Remedy = remedy.Remedy{Op: remedy.Break, Pos: brk.Pos(), Stop: stop, Safe: true}
	} else {
		o.Remedy = remedy.Remedy{Op: remedy.LeaveCase, Pos: sel.States[k].Pos, Stop: stop, Safe: s.dropsResult()}
	}
	s.report(o, program.Step{Pos: loop.For, End: loop.For + 3, Text: "the loop that goes on"})
}

// dropsResult reports whether nobody gets a result of the function.
func (s *stopper) dropsResult() bool {
	if s.fn.Signature.Results().Len() == 0 {
		return true
	}
	calls, open := s.q.Graph.Callers(s.fn)
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
	q := s.q
	c := q.Graph.Class(q.Base, st.Chan)
	if len(c.Contexts) > 0 {
		return q.ContextsEnd(c) != "" && len(c.Makes) == 0
	}
	if len(c.Library) > 0 || !code.IsStopChan(st.Chan.Type()) {
		return false
	}
	g := s.g
	if g == nil {
		g = &program.Goroutine{}
	}
	name := q.Syn.Channel(st.Pos)
	if q.IsStopChannel(g, event.Candidate{Stop: event.Stop{Expr: name}, Value: st.Chan}) {
		return len(c.Has(signal.Send)) == 0
	}
	for _, o := range c.Has(signal.Send) {
		if !q.Base.CloseMethod(o.Fn.Name()) || g.Has(o.Fn) {
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
		for _, x := range s.q.PlainGraph(s.fn).Succs(b) {
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
	t := s.q.Info.TypeOf(x)
	return t != nil && code.IsChan(t)
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
	q := s.q
	for _, b := range l.Blocks {
		for _, in := range b.Instrs {
			c, ok := in.(*ssa.Call)
			if !ok {
				continue
			}
			row, ok := signal.Entry(q.Base, &c.Call)
			if !ok || row.Effect != kb.Blocks || q.Syn.LoopAround(c.Pos()) != stmt || !code.GivesError(c) {
				continue
			}
			if r := s.closer(row, c); r != nil {
				g, stay, ok := q.StayAt(stmt.Pos())
				if !ok {
					return
				}
				s.report(report.Finding{
					Pos: c.Pos(), Instead: stmt.Pos(),
					Message: "close has no effect: " + q.Syn.Callee(c.Pos()) + " returns an error after it, and the loop goes round again",
					Remedy:  s.afterClose(q.Staying(g, stay), c),
				}, q.CallStep(r, "this was meant to stop it"), program.Step{Pos: stmt.Pos(), End: stmt.Pos() + 3, Text: "the loop that goes on"})
				return
			}
		}
	}
}

// afterClose returns the remedy for a call whose error after a Close is taken for
// a passing one: old, if nothing tells this error from others.
func (s *stopper) afterClose(old remedy.Remedy, c *ssa.Call) remedy.Remedy {
	use := s.q.EndErrorOf(&c.Call)
	if use == "" {
		return old
	}
	return remedy.Remedy{Op: remedy.EndError, Pos: c.Pos(), Use: use, Safe: true}
}

// closer returns a call outside the goroutine that closes what c waits on.
func (s *stopper) closer(row kb.Entry, c *ssa.Call) ssa.Instruction {
	for _, p := range row.Wake(kb.Close) {
		v := program.PlaceOf(&c.Call, p)
		if v == nil {
			continue
		}
		k := s.h.Of(v)
		for _, r := range s.h.Raised {
			if r.Event == kb.Close && !s.g.Has(r.In.Parent()) && k.Meets(r.What) {
				return r.In
			}
		}
	}
	return nil
}
