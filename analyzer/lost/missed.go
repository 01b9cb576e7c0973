package lost

import (
	"go/ast"
	"go/token"
	"slices"

	"golang.org/x/tools/go/ssa"

	"github.com/killcheck/killcheck/analyzer/code"
	"github.com/killcheck/killcheck/analyzer/event"
	"github.com/killcheck/killcheck/analyzer/flow"
	"github.com/killcheck/killcheck/analyzer/program"
	"github.com/killcheck/killcheck/analyzer/signal"
)

// A MissedStop is a place where a loop learns that it is to stop, and goes round again.
type MissedStop struct {
	Kind     MissedKind
	Pos, End token.Pos // the case, the break or the condition; End is set for a break
	Loop     token.Pos // the for keyword, for a case and a break
	Name     string    // the channel, or the error
	Unsure   bool      // who sends on the channel may ask for something else
}

// A MissedKind says what tells the loop.
type MissedKind int8

// What tells a loop to stop.
const (
	AfterCase  MissedKind = iota // a case of a select
	AfterBreak                   // a case with a break, which leaves the select alone
	AfterError                   // an error that says that the end has come
)

// MissedStops returns the places in fn where a loop learns that it is to stop, and goes
// round again. The goroutine is one that runs fn, or nil.
func (ev *Stops) MissedStops(g *program.Goroutine, fn *ssa.Function) []MissedStop {
	r := &rounder{ev: ev, g: g, fn: fn}
	for _, l := range ev.PlainGraph(fn).All() {
		if stmt := ev.Syn.Loop(fn, l.Blocks); stmt != nil {
			r.cases(l, stmt)
			r.swallows(l)
		}
	}
	return r.found
}

// A rounder collects the rounds of one function.
type rounder struct {
	ev    *Stops
	g     *program.Goroutine
	fn    *ssa.Function
	found []MissedStop
}

// cases finds the cases of selects in the loop that receive a stop signal and
// then go round the loop like the others.
func (r *rounder) cases(l *flow.Loop, stmt ast.Stmt) {
	loop, ok := stmt.(*ast.ForStmt)
	if !ok || loop.Cond != nil {
		return
	}
	for _, b := range l.Blocks {
		for i, to := range b.Succs {
			sel, k := flow.SelectCase(b, i)
			if sel == nil || k >= len(sel.States) || !l.Has(to) || !l.Has(sel.Block()) {
				continue
			}
			st := sel.States[k]
			clause := r.ev.Syn.Clause(sel.Pos(), st.Pos)
			if clause == nil || r.ev.Syn.LoopAround(sel.Pos()) != ast.Stmt(loop) {
				continue
			}
			sure := r.stops(st, clause, false)
			if sure || l.Endless() && onlyBreaks(loop, clause) && r.stops(st, clause, true) {
				r.stopCase(l, loop, st, to, clause, !sure)
			}
		}
	}
}

// stopCase judges one stop case, whose code starts at block to.
func (r *rounder) stopCase(l *flow.Loop, loop *ast.ForStmt, st *ssa.SelectState, to *ssa.BasicBlock, clause *ast.CommClause, unsure bool) {
	brk := plainBreak(clause)
	if !l.Endless() && brk == nil {
		return // it may set what another exit tests
	}
	if brk == nil && !code.IsStopChan(st.Chan.Type()) {
		return // what it carries may be an order, such as to pause
	}
	if r.leavesFrom(l, to) || r.setsChannel(clause) {
		return
	}
	found := MissedStop{Kind: AfterCase, Pos: st.Pos, Loop: loop.For, Name: r.ev.Syn.Channel(st.Pos), Unsure: unsure}
	if brk != nil {
		found.Kind, found.Pos, found.End = AfterBreak, brk.Pos(), brk.End()
	}
	r.found = append(r.found, found)
}

// onlyBreaks reports whether the case does nothing but break out of the select, of which alone
// the loop consists, and in which another case does more: that changes nothing, and must have
// been meant for the loop.
func onlyBreaks(loop *ast.ForStmt, clause *ast.CommClause) bool {
	lone := func(c *ast.CommClause) bool { return plainBreak(c) != nil && len(c.Body) == 1 }
	if !lone(clause) || !drops(clause) || len(loop.Body.List) != 1 {
		return false
	}
	sel, ok := loop.Body.List[0].(*ast.SelectStmt)
	return ok && slices.Contains(sel.Body.List, ast.Stmt(clause)) && slices.ContainsFunc(sel.Body.List, func(c ast.Stmt) bool { return !lone(c.(*ast.CommClause)) })
}

// stops reports whether the case receives a stop signal that somebody raises. If it is meant
// to leave the loop, whoever sends on the channel asks for that.
func (r *rounder) stops(st *ssa.SelectState, clause *ast.CommClause, meant bool) bool {
	c := r.ev.Graph.Class(r.ev.Base, st.Chan)
	if len(c.Contexts) > 0 {
		return r.ev.ContextsEnd(c) != "" && len(c.Makes) == 0
	}
	if len(c.Library) > 0 || !code.IsStopChan(st.Chan.Type()) && !drops(clause) {
		return false
	}
	g := r.g
	if g == nil {
		g = &program.Goroutine{}
	}
	name := r.ev.Syn.Channel(st.Pos)
	if len(c.Has(signal.Send)) == 0 {
		return r.ev.IsStopChannel(g, event.Candidate{Stop: event.Stop{Expr: name}, Value: st.Chan})
	}
	for _, o := range c.Has(signal.Send) {
		if !meant && !r.ev.Base.CloseMethod(o.Fn.Name()) || g.Has(o.Fn) {
			return false
		}
	}
	return true
}

// drops reports whether the case has no use for the value that it receives.
func drops(clause *ast.CommClause) bool {
	_, dropped := clause.Comm.(*ast.ExprStmt)
	return dropped
}

// leavesFrom reports whether the way from b back to the head of the loop has an
// exit.
func (r *rounder) leavesFrom(l *flow.Loop, b *ssa.BasicBlock) bool {
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
		for _, x := range r.ev.PlainGraph(r.fn).Succs(b) {
			if l.Has(x) && !seen[x] {
				seen[x] = true
				work = append(work, x)
			}
		}
	}
	return false
}

// setsChannel reports whether the case assigns to a channel: set to nil, it takes its
// case out of the select.
func (r *rounder) setsChannel(clause *ast.CommClause) bool {
	found := false
	for _, stmt := range clause.Body {
		ast.Inspect(stmt, func(n ast.Node) bool {
			if a, ok := n.(*ast.AssignStmt); ok {
				for _, x := range a.Lhs {
					t := r.ev.Info.TypeOf(x)
					found = found || t != nil && code.IsChan(t)
				}
			}
			return !found
		})
	}
	return found
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

// DropsResult reports whether nobody gets a result of the function.
func (ev *Stops) DropsResult(fn *ssa.Function) bool {
	if fn.Signature.Results().Len() == 0 {
		return true
	}
	calls, open := ev.Graph.Callers(fn)
	for _, c := range calls {
		if _, ok := c.(*ssa.Go); !ok {
			return false
		}
	}
	return !open && len(calls) > 0
}
