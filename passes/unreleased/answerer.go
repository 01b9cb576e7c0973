package unreleased

import (
	"go/token"
	"go/types"
	"slices"

	"golang.org/x/tools/go/ssa"

	"github.com/killcheck/killcheck/analyzer/code"
	"github.com/killcheck/killcheck/analyzer/count"
	"github.com/killcheck/killcheck/analyzer/flow"
	"github.com/killcheck/killcheck/analyzer/program"
	"github.com/killcheck/killcheck/analyzer/signal"
	"github.com/killcheck/killcheck/passes/internal/report"
)

// unraised reports the receives whose raiser can return without raising: the
// function that started the goroutine, or a goroutine that it waits for.
func (q *question) unraised(gs []*program.Goroutine) {
	for _, g := range gs {
		if q.EndsWithMain(g) {
			continue
		}
		for _, f := range g.Frames {
			for u := range q.Receives(f.Fn) {
				q.recv(g, f, u)
			}
		}
	}
	for _, fn := range q.Functions {
		if q.Graph.Live(fn) {
			q.unanswered(fn, gs)
		}
	}
}

// unanswered reports the receives of fn from a channel that one goroutine alone
// raises, if that goroutine can return without doing so.
func (q *question) unanswered(fn *ssa.Function, gs []*program.Goroutine) {
	graph := q.PlainGraph(fn)
	for _, b := range fn.Blocks {
		for _, in := range b.Instrs {
			u, ok := in.(*ssa.UnOp)
			if !ok || !code.IsRecv(u) || !graph.Executes(u) {
				continue
			}
			c := q.Graph.Class(q.Base, u.X)
			if !c.Private() || c.Nil || len(c.Library)+len(c.Contexts) > 0 || len(c.Makes) != 1 {
				continue
			}
			raises := c.Has(signal.Send, signal.Close)
			if code.RecvIsRange(u) {
				raises = c.Has(signal.Close)
			}
			answer := q.answer(c, code.RecvIsRange(u), raises, gs)
			answerer := answer.by
			if answerer == nil || answerer.Has(fn) || q.filled(u) || q.mayNotWait(u, answerer.Site.Inst) || q.met(u, answerer) {
				continue
			}
			if !answer.leaves {
				continue
			}
			l := answer.path
			g, f := q.Runner(gs, fn)
			q.Report(g, f, report.Finding{
				Pos:     u.Pos(),
				Message: report.Subject(g) + " can wait for ever: the goroutine that alone raises " + q.Syn.Channel(u.Pos()) + " can return without doing so",
			}, program.Step{Pos: answerer.Site.Pos, End: answerer.Site.End, Text: "that goroutine starts here"}, q.ReturnStep(l.Ret))
		}
	}
}

// An answer is what is known of the goroutine that alone raises a channel.
type answer struct {
	by     *program.Goroutine // nil if there is none
	leaves bool               // it can return without raising the channel: by the path
	path   count.Leave
}

type answerKey struct {
	class *signal.Class
	close bool // only a close counts
}

// answer returns the goroutine that alone raises the channels of the class, and
// whether it can return without doing so.
func (q *question) answer(c *signal.Class, close bool, raises []signal.Op, gs []*program.Goroutine) answer {
	key := answerKey{c, close}
	if a, ok := q.answers[key]; ok {
		return a
	}
	a := answer{by: q.SoleRaiser(c, raises, gs)}
	if a.by != nil {
		body := a.by.Site.Body
		tally := q.NewCounter(body, c, raises)
		tally.Strict = true
		if !tally.Defers() {
			l, ok := tally.LeastFrom(body.Blocks[0], nil)
			a.leaves, a.path = ok && l.Count == 0 && !q.DependentReturn(l), l
		}
	}
	q.answers[key] = a
	return a
}

// filled reports whether the receive is done only where the channel is known to
// hold a value: its length was found to be more than zero.
func (q *question) filled(u *ssa.UnOp) bool {
	c := q.Graph.Class(q.Base, u.X)
	for cond, holds := range flow.HoldsAt(u.Block()) {
		cmp, ok := cond.(*ssa.BinOp)
		if !ok {
			continue
		}
		n, ok := cmp.Y.(*ssa.Const)
		call, isCall := cmp.X.(*ssa.Call)
		if !ok || !isCall || n.Value == nil {
			continue
		}
		if b, ok := call.Call.Value.(*ssa.Builtin); !ok || b.Name() != "len" || !slices.Equal(q.Graph.Class(q.Base, call.Call.Args[0]).Makes, c.Makes) {
			continue
		}
		switch zero := n.Int64() == 0; cmp.Op {
		case token.GTR, token.NEQ:
			if zero && holds {
				return true
			}
		case token.EQL, token.LEQ:
			if zero && !holds {
				return true
			}
		case token.GEQ:
			if n.Int64() >= 1 && holds {
				return true
			}
		}
	}
	return false
}

// met reports whether the function has always handed something to the goroutine
// before it waits: then the goroutine has got as far as that, and it is what it
// does from there on that counts.
func (q *question) met(wait ssa.Instruction, g *program.Goroutine) bool {
	takes := func(ch ssa.Value) bool {
		recvs := q.Graph.Class(q.Base, ch).Has(signal.Recv, signal.Range)
		return len(recvs) > 0 && !slices.ContainsFunc(recvs, func(o signal.Op) bool { return !g.Has(o.Fn) })
	}
	for _, s := range q.SendsOf(wait.Parent()) {
		if q.Precedes(s, wait) && takes(s.Chan) {
			return true
		}
	}
	for b := wait.Block(); b.Idom() != nil; b = b.Idom() {
		d := b.Idom()
		sel, k := flow.SelectCase(d, 0)
		if sel != nil && d.Succs[0] == b && len(b.Preds) == 1 && sel.States[k].Dir == types.SendOnly && takes(sel.States[k].Chan) {
			return true
		}
	}
	return false
}

// mayNotWait reports whether the wait is done only where a captured variable or
// parameter says so, which the goroutine may know as well, other than one that
// decides about its start.
func (q *question) mayNotWait(wait, start ssa.Instruction) bool {
	known := make(map[ssa.Value]bool)
	if start.Parent() == wait.Parent() {
		known = flow.HoldsAt(start.Block())
	}
	for cond := range flow.HoldsAt(wait.Block()) {
		if _, ok := known[cond]; !ok && flow.Outer(cond, 6) && !flow.NilChannel(cond) {
			return true
		}
	}
	return false
}

// sendersReturn reports a range over a channel that nobody closes, if all that
// is sent on it is sent by the function that has started the goroutine, before
// it returns: then the range waits for ever.
func (q *question) sendersReturn(g *program.Goroutine, f *program.Frame, u *ssa.UnOp, c *signal.Class) {
	sends := c.Has(signal.Send)
	if g.Process || len(sends) == 0 {
		return
	}
	parent, start := q.Owner(g, c, sends, nil)
	if parent == nil || !q.MakesOwn(parent, c) || q.Process[parent] || q.Dependent(u) {
		return
	}
	for _, l := range q.PlainGraph(f.Fn).Around(u.Block()) {
		for _, e := range l.Exits {
			if flow.RangeExit(e.From, flow.Succ(e)) == u {
				continue
			}
			if e.To == nil || !flow.OnFailure(e.From, flow.Succ(e)) || code.DependsOn(flow.Condition(e.From), u, 8) {
				return // it may know the last value
			}
		}
	}
	tally := q.NewCounter(parent, c, nil)
	l, ok := tally.Least(start)
	if !ok {
		return
	}
	q.Report(g, f, report.Finding{
		Pos:     u.Pos(),
		Message: "goroutine never stops: " + parent.Name() + ", which alone sends on " + q.Syn.Channel(u.Pos()) + ", returns without closing it",
		Remedy:  q.Raising(g, u, u.X),
	}, q.LeaveStep(parent, l))
}
