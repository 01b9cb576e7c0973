package uninterruptible

import (
	"golang.org/x/tools/go/ssa"

	"github.com/killcheck/killcheck/analyzer/code"
	"github.com/killcheck/killcheck/analyzer/event"
	"github.com/killcheck/killcheck/analyzer/handle"
	"github.com/killcheck/killcheck/analyzer/kb"
	"github.com/killcheck/killcheck/analyzer/program"
	"github.com/killcheck/killcheck/analyzer/signal"
	"github.com/killcheck/killcheck/passes/internal/report"
)

// uninterruptible finds, in goroutines that have a stop signal, the calls that
// the signal cannot end. Loops that heed no signal at all are another kind.
func (q *question) uninterruptible(gs []*program.Goroutine, h *handle.Handles) {
	for _, g := range gs {
		if g.Process && q.Process[g.Site.In] && g.Site.In.Name() == "main" {
			continue // when main returns, the process ends
		}
		for _, f := range g.Frames {
			if q.EndsSomething(f) {
				continue
			}
			graph := q.PlainGraph(f.Fn)
			for _, b := range f.Fn.Blocks {
				for _, in := range b.Instrs {
					if c, ok := in.(*ssa.Call); ok && graph.Executes(c) {
						q.call(&waiting{g: g, f: f, in: c, h: h})
					}
				}
			}
		}
	}
}

// A waiting is one call in a goroutine that may be a wait.
type waiting struct {
	g    *program.Goroutine
	f    *program.Frame
	in   *ssa.Call
	h    *handle.Handles
	row  kb.Entry
	stop event.Stop
}

// call judges one call.
func (q *question) call(c *waiting) {
	row, ok := signal.Entry(q.Base, &c.in.Call)
	if !ok {
		row, ok = q.Native(&c.in.Call)
	}
	if !ok || !row.Waits() && row.Effect != kb.Bounded || row.Effect == kb.Lock || row.Effect == kb.RLock {
		return
	}
	c.row = row
	judge := q.judge(c)
	if judge == nil {
		return
	}
	c.stop = q.StopAt(c.g, c.f, c.in.Pos())
	if c.stop.Expr == "" && q.isHopeless(row) {
		c.stop = q.contextAround(c)
	}
	if c.stop.Expr == "" && q.IsSleep(&c.in.Call) {
		q.flagged(c)
	}
	if c.stop.Expr == "" || !q.meantToStop(c) || q.ownerOf(c.f, c.in) {
		return
	}
	if q.AfterStop(c.f, c.in) {
		if c.stop = q.otherStop(c); c.stop.Expr == "" || !q.IsSleep(&c.in.Call) {
			return
		}
	}
	if o, ok := judge(c); ok {
		o.Pos = c.in.Pos()
		o.Extended = o.Extended || c.g.Process || q.InCommand()
		q.Report(c.g, c.f, o)
	}
}

// meantToStop reports whether the stop signal is a context, or a channel that is
// closed to end something: by a method that closes, by what such a method calls,
// or by the function that starts the goroutine. Other channels may tell of any
// event.
func (q *question) meantToStop(c *waiting) bool {
	if c.stop.Ctx != "" {
		return true
	}
	for x := range q.Candidates(c.f.Fn, c.in.Pos()) {
		if x.Stop.Expr != c.stop.Expr {
			continue
		}
		cl := q.Graph.Class(q.Base, x.Value)
		if len(cl.Contexts) > 0 {
			return true
		}
		if waitedFor(c.g, cl) {
			return false
		}
		for _, o := range cl.Has(signal.Close) {
			if code.Outermost(o.Fn) == code.Outermost(c.g.Site.In) {
				return true
			}
			if q.Closes(o.Fn, 3) && !event.MadeIn(cl, code.Outermost(o.Fn)) {
				return true
			}
		}
		return false
	}
	return false
}

// waitedFor reports whether the goroutine does nothing with the channel but wait
// for it, outside of a select: it then tells of an event that is to come.
func waitedFor(g *program.Goroutine, c *signal.Class) bool {
	n := 0
	for _, o := range c.Has(signal.Recv, signal.Range) {
		if g.Has(o.Fn) && o.Sel != nil {
			return false
		}
		if g.Has(o.Fn) {
			n++
		}
	}
	return n > 0
}

// judge chooses what decides about the call, or nil if nothing does.
func (q *question) judge(c *waiting) func(*waiting) (report.Finding, bool) {
	switch {
	case q.IsSleep(&c.in.Call):
		return q.sleeps
	case len(c.row.Wake(kb.CtxDone)) > 0:
		return q.madeWithout
	case q.HasForm(c.row):
		return q.withForm
	case q.isHopeless(c.row):
		return q.hopeless
	case q.opensFIFO(c):
		return q.opening
	}
	if c.row.Effect == kb.Blocks || c.row.Effect == kb.Passes {
		return q.onHandle
	}
	return nil
}

// isHopeless reports whether nothing in this process ends a call of the row.
func (q *question) isHopeless(row kb.Entry) bool {
	switch row.Kind {
	case kb.KindTTY, kb.KindSyscall, kb.KindCgo, kb.KindCPU:
		return row.Effect == kb.Blocks && len(row.Wake(kb.Never)) > 0 && !q.HasForm(row)
	}
	return false
}

// contextAround returns the context of the nearest function on the way to the
// call that has one: it cannot be handed down to a call that nothing ends, and
// so is missing in the function that makes the call.
func (q *question) contextAround(c *waiting) event.Stop {
	for f := c.f; f.From != nil; f = f.From {
		if s := q.StopAt(c.g, f.From, f.Call.Pos()); s.Ctx != "" {
			return s
		}
	}
	return event.Stop{}
}

// ownerOf reports whether a loop around the call, or around the calls that lead
// to it, is reported for having no stop at all: that report owns the call.
func (q *question) ownerOf(f *program.Frame, in ssa.Instruction) bool {
	for ; f != nil; f = f.From {
		for _, l := range q.PlainGraph(f.Fn).Around(in.Block()) {
			stmt := q.Syn.Loop(f.Fn, l.Blocks)
			if stmt == nil {
				continue
			}
			if _, _, ok := q.StayAt(stmt.Pos()); ok {
				return true
			}
		}
		if f.Call == nil {
			return false
		}
		in = f.Call
	}
	return false
}
