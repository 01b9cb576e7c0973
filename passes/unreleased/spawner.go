package unreleased

import (
	"golang.org/x/tools/go/ssa"

	"github.com/killcheck/killcheck/analyzer/code"
	"github.com/killcheck/killcheck/analyzer/count"
	"github.com/killcheck/killcheck/analyzer/flow"
	"github.com/killcheck/killcheck/analyzer/program"
	"github.com/killcheck/killcheck/analyzer/signal"
	"github.com/killcheck/killcheck/passes/internal/report"
)

// recv reports the receive if the function that started the goroutine can return
// without sending or closing.
func (q *question) recv(g *program.Goroutine, f *program.Frame, u *ssa.UnOp) {
	c, raises, ok := q.RaisedElsewhere(g, u)
	if !ok {
		return
	}
	isRange := code.RecvIsRange(u)
	if len(raises) == 0 && isRange {
		q.sendersReturn(g, f, u, c)
	}
	if len(raises) == 0 {
		return // nothing raises it at all
	}
	if _, ok := q.LookedUp(g, f, u); ok || len(c.Makes) > 1 {
		return
	}
	parent, start := q.Owner(g, c, raises, nil)
	if parent == nil || !q.MakesOwn(parent, c) {
		return
	}
	for _, o := range raises {
		if o.Fn == parent && flow.MayPrecede(o.In, start, c.Makes[0].Block()) {
			return // raised before the goroutine starts
		}
	}
	tally := q.NewCounter(parent, c, raises)
	if tally.Defers() {
		return // raised when the function returns
	}
	l, ok := tally.Least(start)
	if !ok || l.Count > 0 || q.Dependent(u) {
		return
	}
	o := report.Finding{Pos: u.Pos(), Extended: choosesNot(l, raises)}
	ch := q.Syn.Channel(u.Pos())
	if isRange {
		o.Message = "goroutine never stops: the function that started it can return without closing " + ch
	} else {
		o.Message = "goroutine waits for ever: the function that started it can return without raising " + ch
	}
	q.Report(g, f, o, q.LeaveStep(parent, l))
}

// choosesNot reports whether the path goes past a raise by a condition for just
// that, while another raise stands elsewhere: the condition most likely says
// whether that one was done.
func choosesNot(l count.Leave, raises []signal.Op) bool {
	at := make(map[*ssa.BasicBlock]bool)
	for _, o := range raises {
		at[o.In.Block()] = true
	}
	if len(at) < 2 {
		return false
	}
	for i, b := range l.Steps {
		if len(b.Succs) != 2 || i+1 == len(l.Steps) {
			continue
		}
		for _, s := range b.Succs {
			if s != l.Steps[i+1] && len(s.Preds) == 1 && at[s] {
				return true
			}
		}
	}
	return false
}
