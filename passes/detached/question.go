package detached

import (
	"go/types"

	"golang.org/x/tools/go/ssa"

	"github.com/killcheck/killcheck/analyzer/code"
	"github.com/killcheck/killcheck/analyzer/count"
	"github.com/killcheck/killcheck/analyzer/event"
	"github.com/killcheck/killcheck/analyzer/kb"
	"github.com/killcheck/killcheck/analyzer/owner"
	"github.com/killcheck/killcheck/analyzer/program"
	"github.com/killcheck/killcheck/analyzer/signal"
	"github.com/killcheck/killcheck/analyzer/spawn"
	"github.com/killcheck/killcheck/passes/internal/remedy"
	"github.com/killcheck/killcheck/passes/internal/report"
)

// detached finds goroutines that do not share the stop of the function that
// starts them, though it has one to give.
func (q *question) detached(gs []*program.Goroutine, o *owner.Owners) {
	for _, g := range gs {
		if g.Process || g.Site.Body == nil || g.Site.Once || q.Process[g.Site.In] || q.InTest(g.Site.Pos) || q.SaysDetached(g.Site.Pos) {
			continue
		}
		if q.ignoresGroup(g) || o.Ends[g] != nil || q.constructs(g.Site.In) {
			continue
		}
		stop := q.contextToGive(g)
		if stop == "" {
			continue
		}
		if c := g.Site.Call; c != nil && q.long(g.Site.Body) {
			if q.giveDead(g, nil, g.Site.Inst, stop) {
				continue
			}
		}
		q.inFrames(g, stop)
	}
}

// inFrames reports the first call of the goroutine that is given a context that
// never ends.
func (q *question) inFrames(g *program.Goroutine, stop string) {
	for _, f := range g.Frames {
		if f.From != nil && f.From.From != nil || q.EndsSomething(f) {
			continue
		}
		for _, b := range f.Fn.Blocks {
			for _, in := range b.Instrs {
				c, ok := in.(*ssa.Call)
				if ok && q.PlainGraph(f.Fn).Executes(c) && !q.AfterStop(f, c) && q.mayLast(g, c) && q.giveDead(g, f, c, stop) {
					return
				}
			}
		}
	}
}

// constructs reports whether fn returns an object: then its context is for the
// time that it takes to make it, and the goroutine is the object's.
func (q *question) constructs(fn *ssa.Function) bool {
	res := fn.Signature.Results()
	for i := range res.Len() {
		t := res.At(i).Type()
		if n := code.TypeName(t); n != nil && !code.IsError(t) {
			return true
		}
		if _, ok := t.Underlying().(*types.Signature); ok {
			return true // a function that stops it
		}
	}
	return false
}

// giveDead reports a call that is given a context that never ends, and says
// whether it has.
func (q *question) giveDead(g *program.Goroutine, f *program.Frame, in ssa.CallInstruction, stop string) bool {
	com := in.Common()
	if fn := signal.Callee(com); fn != nil && q.Base.CloseMethod(fn.Name()) || q.SaysDetached(in.Pos()) {
		return false
	}
	if row, ok := signal.Entry(q.Base, com); ok && row.Effect == kb.Derives {
		return false
	}
	for _, a := range com.Args {
		if !code.IsContext(a.Type()) {
			continue
		}
		life := q.Graph.Context(q.Base, a)
		if life.Ends || q.cutOff(life.Makes) {
			continue
		}
		pos := in.Pos()
		callee := q.Syn.Callee(pos)
		if _, ok := in.(*ssa.Go); ok {
			callee = "it"
		}
		q.Report(g, f, report.Finding{
			Pos: pos, Extended: true,
			Message: "goroutine does not stop with the function that starts it: " + callee + " gets a context that nobody cancels, although " + stop + " is in reach",
			Remedy:  remedy.Remedy{Op: remedy.Forward, Pos: pos, At: life.Makes.Pos(), Spawn: g.Site.Pos, Stop: event.Stop{Expr: stop + ".Done()", Ctx: stop}},
		})
		return true
	}
	return false
}

// cutOff reports whether the context was made from another one without its
// cancellation: that is said as plainly as can be.
func (q *question) cutOff(made ssa.Value) bool {
	c, ok := made.(*ssa.Call)
	if !ok {
		return false
	}
	row, ok := signal.Entry(q.Base, &c.Call)
	return ok && row.Parent.Where == kb.None && len(c.Call.Args) > 0
}

// contextToGive returns the name of a context that can end and that the function
// has which starts the goroutine, or "". Contexts of its object come second.
func (q *question) contextToGive(g *program.Goroutine) string {
	for c := range q.Candidates(g.Site.In, g.Site.Pos) {
		if c.Ctx && q.Graph.Context(q.Base, c.Value).Ends {
			return c.Stop.Ctx
		}
	}
	return ""
}

// mayLast reports whether the call can last: it stands in a loop, waits for what
// a context ends, or runs a function of the goroutine that loops.
func (q *question) mayLast(g *program.Goroutine, c *ssa.Call) bool {
	if q.Looped(c) {
		return true
	}
	if row, ok := signal.Entry(q.Base, &c.Call); ok {
		return row.Effect == kb.Blocks && len(row.Wake(kb.CtxDone)) > 0
	}
	fns, _ := q.Graph.Callees(c)
	for _, fn := range fns {
		if g.Has(fn) && q.long(fn) {
			return true
		}
	}
	return false
}

// long reports whether fn has a loop that does not count.
func (q *question) long(fn *ssa.Function) bool {
	for _, l := range q.PlainGraph(fn).Loops() {
		if count.Bound(l) == count.Many && (l.Endless() || q.waitsAmong(l.Blocks)) {
			return true
		}
	}
	return false
}

// waitsAmong reports whether there is a wait for a channel in the blocks.
func (q *question) waitsAmong(blocks []*ssa.BasicBlock) bool {
	for _, b := range blocks {
		for _, in := range b.Instrs {
			switch in := in.(type) {
			case *ssa.UnOp:
				if code.IsRecv(in) {
					return true
				}
			case *ssa.Select:
				if in.Blocking {
					return true
				}
			}
		}
	}
	return false
}

// ignoresGroup reports a goroutine of a group which uses the context that the
// group's own was derived from: the first error does not stop it.
func (q *question) ignoresGroup(g *program.Goroutine) bool {
	if g.Site.Kind != spawn.Call || !g.Site.Join {
		return false
	}
	made := code.Source(code.Receiver(g.Site.Inst.Common()))
	if made == nil {
		return false
	}
	row, ok := signal.Entry(q.Base, &made.Call)
	if !ok || row.Effect != kb.Derives || row.Ctx == 0 || row.Parent.Where != kb.Arg {
		return false
	}
	parent, own := code.SourceOf(program.PlaceOf(&made.Call, row.Parent)), code.UsedResult(made, row.Ctx)
	var wrong ssa.CallInstruction
	for _, b := range g.Site.Body.Blocks {
		for _, in := range b.Instrs {
			c, ok := in.(ssa.CallInstruction)
			if !ok {
				continue
			}
			args := c.Common().Args
			if c.Common().IsInvoke() {
				args = append([]ssa.Value{c.Common().Value}, args...)
			}
			for _, a := range args {
				if !code.IsContext(a.Type()) {
					continue
				}
				switch from := code.SourceOf(a); {
				case own != nil && from == own:
					return false
				case from != nil && from == parent && wrong == nil:
					wrong = c
				}
			}
		}
	}
	if _, isCall := wrong.(*ssa.Call); !isCall || q.SaysDetached(wrong.Pos()) || !q.Graph.Context(q.Base, parent).Ends && own == nil {
		return false
	}
	q.Report(g, g.Frames[0], report.Finding{
		Pos: wrong.Pos(), Extended: true,
		Message: "goroutine does not stop with its group: " + q.Syn.Callee(wrong.Pos()) + " gets the context that the group's own was derived from",
		Remedy:  remedy.Remedy{Op: remedy.Forward, Pos: wrong.Pos(), At: made.Pos(), Spawn: g.Site.Pos},
	})
	return true
}
