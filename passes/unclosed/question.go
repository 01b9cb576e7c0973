package unclosed

import (
	"slices"

	"golang.org/x/tools/go/ssa"

	"github.com/killcheck/killcheck/analyzer/code"
	"github.com/killcheck/killcheck/analyzer/owner"
	"github.com/killcheck/killcheck/analyzer/program"
	"github.com/killcheck/killcheck/analyzer/signal"
	"github.com/killcheck/killcheck/analyzer/summary"
	"github.com/killcheck/killcheck/passes/internal/remedy"
	"github.com/killcheck/killcheck/passes/internal/report"
)

// unclosed finds the values that own a goroutine and are dropped: some path
// returns without ending them and without giving them to anybody.
func (q *question) unclosed(gs []*program.Goroutine, o *owner.Owners) {
	for _, fn := range q.Functions {
		if !q.Graph.Live(fn) || fn.Synthetic != "" || q.Process[fn] || q.InTest(fn.Pos()) {
			continue
		}
		q.unwaited(fn)
		graph := q.PlainGraph(fn)
		for _, b := range fn.Blocks {
			for _, in := range b.Instrs {
				c, ok := in.(*ssa.Call)
				if !ok || !graph.Executes(c) {
					continue
				}
				if s := o.Constructor(c); s != nil {
					q.madeHere(c, s, o)
				}
			}
		}
	}
	q.unfinished(gs, o)
	q.unstopped(gs, o)
}

// unstopped finds the objects that a function makes and starts, and neither ends nor
// gives to anybody who could.
func (q *question) unstopped(gs []*program.Goroutine, o *owner.Owners) {
	for _, g := range gs {
		starts, e := o.Unstopped(g)
		for _, c := range starts {
			fn := c.Parent()
			if q.Process[fn] || q.InTest(c.Pos()) || !q.Graph.Live(fn) {
				continue
			}
			q.Report(g, nil, report.Finding{
				Pos: c.Pos(), Extended: true,
				Message: "goroutine runs on: " + fn.Name() + " makes the " + e.By.Name.Name() + " and gives it to nobody, but does not call its " + e.Ender + ", which alone ends it",
			})
		}
	}
}

// madeHere judges a call of a constructor.
func (q *question) madeHere(c *ssa.Call, s *summary.Func, o *owner.Owners) {
	i := o.ValueIndex(c)
	recv := q.startedHere(c, s)
	if i < 0 && recv == nil || !q.byRow(c) && q.endsByArgument(c) {
		return
	}
	d := &owner.Drop{Ev: q.Events, Ender: s.Ender, Start: c, Err: code.ErrorOf(c)}
	if i < 0 {
		d.Follow(recv)
	} else if c.Call.Signature().Results().Len() == 1 {
		d.Follow(c)
	} else if x := code.UsedResult(c, i); x != nil {
		d.Follow(x)
	}
	rets := d.Paths()
	if len(rets) == 0 || s.Shared && !d.Ended {
		return
	}
	callee := q.Syn.Callee(c.Pos())
	msg := "the value of " + callee + " is dropped on a path that returns without calling its " + s.Ender + ", which alone ends the goroutine that " + callee + " started"
	if !d.Ended && !d.Kept {
		msg = "the value of " + callee + " is dropped: nothing calls its " + s.Ender + ", which alone ends the goroutine that " + callee + " started"
	}
	q.Report(nil, nil, report.Finding{Pos: c.Pos(), Extended: true, Message: msg, Remedy: q.ending(d, rets)}, q.DropStep(rets[0]))
}

// byRow reports whether a row says what ends that which the call starts: a context
// that it is given is then for the call alone.
func (q *question) byRow(c *ssa.Call) bool {
	e, ok := signal.Entry(q.Base, &c.Call)
	return ok && e.Ender != ""
}

// startedHere returns the receiver of a method that starts what another method of it
// ends, if it is made in the function and by a call: else others have it.
func (q *question) startedHere(c *ssa.Call, s *summary.Func) ssa.Value {
	recv := code.Receiver(&c.Call)
	if recv == nil || !code.HasMethod(recv.Type(), s.Ender, q.Pkg) {
		return nil
	}
	switch v := recv.(type) {
	case *ssa.Call:
		return v
	case *ssa.Extract:
		return v
	}
	return nil
}

// unwaited reports commands with a context that are started and never waited for.
func (q *question) unwaited(fn *ssa.Function) {
	for _, s := range q.Handles().Unwaited(fn) {
		if s.Wrong == nil {
			q.Report(nil, nil, report.Finding{
				Pos: s.Start.Pos(), Extended: true,
				Message: "the command is dropped: nothing calls its " + s.Ender + ", which alone ends the goroutine that " + q.Syn.Callee(s.Start.Pos()) + " has started",
			})
		}
	}
}

// unfinished finds constructors that start the goroutine themselves and then
// return an error without ending the object.
func (q *question) unfinished(gs []*program.Goroutine, o *owner.Owners) {
	for _, g := range gs {
		e := o.Ends[g]
		if e == nil || e.Shared || q.InTest(g.Site.Pos) {
			continue
		}
		q.unfinishedIn(g, e, g.Site.In, g.Site.Inst, 3)
	}
}

// unfinishedIn judges the function in which the instruction starts the
// goroutine, or, if that is given the object, its callers.
func (q *question) unfinishedIn(g *program.Goroutine, e *owner.Owned, fn *ssa.Function, start ssa.CallInstruction, depth int) {
	if fn.Parent() != nil || depth == 0 {
		return
	}
	obj := owner.AllocOf(fn, e.By.Name)
	if obj == nil {
		calls, _ := q.Graph.Callers(fn)
		for _, c := range calls {
			if call, ok := c.(*ssa.Call); ok {
				q.unfinishedIn(g, e, call.Parent(), call, depth-1)
			}
		}
		return
	}
	if owner.ResultOf(fn, e.By.Name) < 0 || q.Process[fn] || q.InTest(fn.Pos()) {
		return
	}
	d := &owner.Drop{Ev: q.Events, Ender: e.Ender, Start: start, AlsoEnds: e.By.Runs, Raises: e.Raises, Site: g.Site.Inst}
	if c, ok := start.(*ssa.Call); ok {
		d.Err = code.ErrorOf(c)
	}
	d.Follow(obj)
	rets := d.Paths()
	if len(rets) == 0 || !code.ReturnsError(rets[0]) {
		return
	}
	d.Kept = true // the constructor is there to hand it on
	q.Report(g, nil, report.Finding{
		Pos: start.Pos(), Extended: true,
		Message: "goroutine runs on when " + fn.Name() + " fails: the " + e.By.Name.Name() + " is dropped without its " + e.Ender + ", which alone ends it",
		Remedy:  q.ending(d, rets),
	}, q.DropStep(rets[0]))
}

// ending ends the value at the returns, or in any case if nothing else does.
func (q *question) ending(d *owner.Drop, rets []*ssa.Return) remedy.Remedy {
	r := remedy.Remedy{Op: remedy.CloseValue, Pos: d.Start.Pos(), Use: d.Ender}
	if !d.Ended && !d.Kept {
		return r
	}
	for _, ret := range rets {
		r.Ats = append(r.Ats, q.ReturnPos(ret))
	}
	return r
}

// endsByArgument reports whether the caller hands over a context that can end:
// the goroutine may end with it.
func (q *question) endsByArgument(c *ssa.Call) bool {
	return slices.ContainsFunc(c.Call.Args, func(a ssa.Value) bool {
		return code.IsContext(a.Type()) && q.Graph.Context(q.Base, a).Ends
	})
}
