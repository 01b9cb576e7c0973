package lifetime

import (
	"go/token"
	"go/types"
	"slices"

	"golang.org/x/tools/go/ssa"

	"github.com/killcheck/killcheck/analyzer/signal"
)

// unraised reports the receives whose raiser can return without raising: the
// function that started the goroutine, or a goroutine that it waits for.
func (w *world) unraised(gs []*Goroutine) {
	for _, g := range gs {
		if w.endsWithMain(g) {
			continue
		}
		for _, f := range g.Frames {
			for u := range w.receives(f.Fn) {
				w.recv(g, f, u)
			}
		}
	}
	for _, fn := range w.Functions {
		if w.Graph.Live(fn) {
			w.unanswered(fn, gs)
		}
	}
}

// unanswered reports the receives of fn from a channel that one goroutine alone
// raises, if that goroutine can return without doing so.
func (w *world) unanswered(fn *ssa.Function, gs []*Goroutine) {
	graph := w.plainGraph(fn)
	for _, b := range fn.Blocks {
		for _, in := range b.Instrs {
			u, ok := in.(*ssa.UnOp)
			if !ok || !isRecv(u) || !graph.Executes(u) {
				continue
			}
			c := w.Graph.Class(w.Base, u.X)
			if !c.Private() || c.Nil || len(c.Library)+len(c.Contexts) > 0 || len(c.Makes) != 1 {
				continue
			}
			raises := c.Has(signal.Send, signal.Close)
			if recvIsRange(u) {
				raises = c.Has(signal.Close)
			}
			answer := w.answer(c, recvIsRange(u), raises, gs)
			answerer := answer.by
			if answerer == nil || answerer.Has(fn) || w.filled(u) || w.mayNotWait(u, answerer.Site.Inst) || w.met(u, answerer) {
				continue
			}
			if !answer.leaves {
				continue
			}
			l := answer.path
			g, f := w.runner(gs, fn)
			w.report(g, f, Obstacle{
				Kind: Unreleased, Pos: u.Pos(), Extended: w.inTest(u.Pos()),
				Message: subject(g) + " can wait for ever: the goroutine that alone raises " + w.syn.channel(u.Pos()) + " can return without doing so",
			}, Step{Pos: answerer.Site.Pos, End: answerer.Site.End, Text: "that goroutine starts here"}, w.returnStep(l.ret))
		}
	}
}

// An answer is what is known of the goroutine that alone raises a channel.
type answer struct {
	by     *Goroutine // nil if there is none
	leaves bool       // it can return without raising the channel: by the path
	path   leave
}

type answerKey struct {
	class *signal.Class
	close bool // only a close counts
}

// answer returns the goroutine that alone raises the channels of the class, and
// whether it can return without doing so.
func (w *world) answer(c *signal.Class, close bool, raises []signal.Op, gs []*Goroutine) answer {
	key := answerKey{c, close}
	if a, ok := w.answers[key]; ok {
		return a
	}
	a := answer{by: w.soleRaiser(c, raises, gs)}
	if a.by != nil {
		body := a.by.Site.Body
		tally := w.newCounter(body, c, raises)
		tally.strict = true
		if !tally.defers() {
			l, ok := tally.leastFrom(body.Blocks[0], nil)
			a.leaves, a.path = ok && l.count == 0 && !w.dependentReturn(l), l
		}
	}
	w.answers[key] = a
	return a
}

// filled reports whether the receive is done only where the channel is known to
// hold a value: its length was found to be more than zero.
func (w *world) filled(u *ssa.UnOp) bool {
	c := w.Graph.Class(w.Base, u.X)
	for cond, holds := range holdsAt(u.Block()) {
		cmp, ok := cond.(*ssa.BinOp)
		if !ok {
			continue
		}
		n, ok := cmp.Y.(*ssa.Const)
		call, isCall := cmp.X.(*ssa.Call)
		if !ok || !isCall || n.Value == nil {
			continue
		}
		if b, ok := call.Call.Value.(*ssa.Builtin); !ok || b.Name() != "len" || !slices.Equal(w.Graph.Class(w.Base, call.Call.Args[0]).Makes, c.Makes) {
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
func (w *world) met(wait ssa.Instruction, g *Goroutine) bool {
	for _, s := range w.sendsOf(wait.Parent()) {
		if !w.precedes(s, wait) {
			continue
		}
		recvs := w.Graph.Class(w.Base, s.Chan).Has(signal.Recv, signal.Range)
		if len(recvs) > 0 && !slices.ContainsFunc(recvs, func(o signal.Op) bool { return !g.Has(o.Fn) }) {
			return true
		}
	}
	return false
}

// sendsOf returns the sends of fn that are no case of a select.
func (w *world) sendsOf(fn *ssa.Function) []*ssa.Send {
	sends, ok := w.sends[fn]
	if !ok {
		for _, b := range fn.Blocks {
			for _, in := range b.Instrs {
				if s, ok := in.(*ssa.Send); ok {
					sends = append(sends, s)
				}
			}
		}
		w.sends[fn] = sends
	}
	return sends
}

// soleRaiser returns the goroutine whose body does all the operations, if it is
// the only one with that body and starts once for each channel.
func (w *world) soleRaiser(c *signal.Class, raises []signal.Op, gs []*Goroutine) *Goroutine {
	if len(raises) == 0 {
		return nil
	}
	var one *Goroutine
	for _, r := range w.running(gs, raises[0].Fn) {
		g := r.g
		if g.Site.Call != nil && withoutChan(g.Site.Call) {
			continue
		}
		if one != nil {
			return nil
		}
		one = g
	}
	if one == nil || one.Site.Body == nil || len(one.Site.Body.Blocks) == 0 {
		return nil
	}
	for _, o := range raises {
		if o.Fn != one.Site.Body || o.Sel != nil {
			return nil
		}
	}
	calls, open := w.Graph.Callers(one.Site.Body)
	calls = slices.DeleteFunc(slices.Clone(calls), func(c ssa.CallInstruction) bool { return withoutChan(c.Common()) })
	if open || len(calls) > 1 || one.Site.In != c.Makes[0].Parent() || w.rounds(c.Makes[0], one.Site.Inst) > 1 {
		return nil
	}
	return one
}

// withoutChan reports whether the call passes nil for a channel.
func withoutChan(c *ssa.CallCommon) bool {
	for _, a := range c.Args {
		if k, ok := a.(*ssa.Const); ok && k.IsNil() {
			if _, ok := a.Type().Underlying().(*types.Chan); ok {
				return true
			}
		}
	}
	return false
}

// mayNotWait reports whether the wait is done only where a captured variable or
// parameter says so, which the goroutine may know as well, other than one that
// decides about its start.
func (w *world) mayNotWait(wait, start ssa.Instruction) bool {
	known := make(map[ssa.Value]bool)
	if start.Parent() == wait.Parent() {
		known = holdsAt(start.Block())
	}
	for cond := range holdsAt(wait.Block()) {
		if _, ok := known[cond]; !ok && outer(cond, 6) && !nilChannel(cond) {
			return true
		}
	}
	return false
}

// dependentReturn reports whether the return is taken only where a captured
// variable or parameter says so: those who wait may know it as well.
func (w *world) dependentReturn(l leave) bool {
	for cond := range holdsAt(l.ret.Block()) {
		if outer(cond, 6) {
			return true
		}
	}
	return false
}

// sendersReturn reports a range over a channel that nobody closes, if all that
// is sent on it is sent by the function that has started the goroutine, before
// it returns: then the range waits for ever.
func (w *world) sendersReturn(g *Goroutine, f *Frame, u *ssa.UnOp, c *signal.Class) {
	sends := c.Has(signal.Send)
	if g.Process || len(sends) == 0 {
		return
	}
	parent, start := w.owner(g, c, sends, nil)
	if parent == nil || !w.makesOwn(parent, c) || w.process[parent] || w.dependent(u) {
		return
	}
	for _, l := range w.plainGraph(f.Fn).Around(u.Block()) {
		for _, e := range l.Exits {
			if rangeExit(e.From, succ(e)) == u {
				continue
			}
			if e.To == nil || !onFailure(e.From, succ(e)) || dependsOn(condition(e.From), u, 8) {
				return // it may know the last value
			}
		}
	}
	tally := w.newCounter(parent, c, nil)
	l, ok := tally.least(start)
	if !ok {
		return
	}
	w.report(g, f, Obstacle{
		Kind: Unreleased, Pos: u.Pos(), Extended: w.inTest(u.Pos()),
		Message: "goroutine never stops: " + parent.Name() + ", which alone sends on " + w.syn.channel(u.Pos()) + ", returns without closing it",
		Remedy:  w.raising(g, u, u.X),
	}, w.leaveStep(parent, l))
}

// runsIn reports whether a goroutine with the body runs fn.
func (w *world) runsIn(body, fn *ssa.Function) bool {
	if body == nil {
		return false
	}
	return body == fn || w.calledBy(body, fn, 4)
}

// startedOnly reports whether fn is run by goroutines that start in view and by
// nobody else.
func (w *world) startedOnly(fn *ssa.Function, depth int) bool {
	calls, open := w.Graph.Callers(fn)
	if open || depth == 0 {
		return false
	}
	for _, c := range calls {
		if _, isGo := c.(*ssa.Go); isGo || w.isBody(fn) {
			continue
		}
		if !w.isBody(c.Parent()) && !w.startedOnly(c.Parent(), depth-1) {
			return false
		}
	}
	return len(calls) > 0 || w.isBody(fn)
}

func (w *world) isBody(fn *ssa.Function) bool {
	return len(w.siteIndex().of[fn]) > 0
}

// lookedUp judges a receive of a goroutine that is given a context which it does
// not use, from a channel that others find under a key and nobody closes: an
// answer that may not come.
func (w *world) lookedUp(g *Goroutine, f *Frame, u *ssa.UnOp) (Stay, bool) {
	c, _, ok := w.raisedElsewhere(g, u)
	if !ok || f.From != nil || recvIsRange(u) || len(c.Has(signal.Close)) > 0 {
		return Stay{}, false
	}
	sends := c.Has(signal.Send)
	for _, o := range sends {
		if !found(o.Chan) || g.Has(o.Fn) {
			return Stay{}, false
		}
	}
	if len(sends) == 0 {
		return Stay{}, false
	}
	for _, p := range f.Fn.Params {
		if !isContext(p.Type()) || len(*p.Referrers()) > 0 || p.Name() == "" || p.Name() == "_" {
			continue
		}
		stop := Stop{Expr: p.Name() + ".Done()", Ctx: p.Name()}
		if w.shadowed(p.Name(), p.Object(), u.Pos()) || !w.Graph.Context(w.Base, p).Ends {
			continue
		}
		return Stay{Kind: Answer, F: f, In: u, Pos: u.Pos(), Stop: stop}, true
	}
	return Stay{}, false
}

// raisedElsewhere returns the channel of the receive and what raises it, if all
// of it is seen and nothing of it is done by the goroutine itself.
func (w *world) raisedElsewhere(g *Goroutine, u *ssa.UnOp) (c *signal.Class, raises []signal.Op, ok bool) {
	c = w.Graph.Class(w.Base, u.X)
	if !c.Private() || c.Nil || len(c.Library)+len(c.Contexts) > 0 || len(c.Makes) == 0 {
		return c, nil, false
	}
	raises = c.Has(signal.Send, signal.Close)
	if recvIsRange(u) {
		raises = c.Has(signal.Close)
	}
	for _, o := range raises {
		if g.Has(o.Fn) {
			return c, nil, false
		}
	}
	return c, raises, true
}

// found reports whether the channel is looked up in a map under a key.
func found(v ssa.Value) bool {
	if x, ok := v.(*ssa.Extract); ok && x.Index == 0 {
		v = x.Tuple
	}
	_, ok := v.(*ssa.Lookup)
	return ok
}
