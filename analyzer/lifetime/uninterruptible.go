package lifetime

import (
	"go/token"
	"go/version"
	"strings"

	"golang.org/x/tools/go/ssa"

	"github.com/killcheck/killcheck/analyzer/kb"
	"github.com/killcheck/killcheck/analyzer/signal"
)

// uninterruptible finds, in goroutines that have a stop signal, the calls that
// the signal cannot end. Loops that heed no signal at all are another kind.
func (w *world) uninterruptible(gs []*Goroutine, h *handles) {
	for _, g := range gs {
		if g.Process && w.process[g.Site.In] && g.Site.In.Name() == "main" {
			continue // when main returns, the process ends
		}
		for _, f := range g.Frames {
			if w.endsSomething(f) {
				continue
			}
			graph := w.plainGraph(f.Fn)
			for _, b := range f.Fn.Blocks {
				for _, in := range b.Instrs {
					if c, ok := in.(*ssa.Call); ok && graph.Executes(c) {
						w.call(&waiting{g: g, f: f, in: c, h: h})
					}
				}
			}
		}
	}
}

// A waiting is one call in a goroutine that may be a wait.
type waiting struct {
	g    *Goroutine
	f    *Frame
	in   *ssa.Call
	h    *handles
	row  kb.Entry
	stop Stop
}

// call judges one call.
func (w *world) call(c *waiting) {
	row, ok := signal.Entry(w.Base, &c.in.Call)
	if !ok {
		row, ok = w.native(&c.in.Call)
	}
	if !ok || !row.Waits() && row.Effect != kb.Bounded || row.Effect == kb.Lock || row.Effect == kb.RLock {
		return
	}
	c.row = row
	judge := w.judge(c)
	if judge == nil {
		return
	}
	c.stop = w.stopAt(c.g, c.f, c.in.Pos())
	if c.stop.Expr == "" && w.isHopeless(row) {
		c.stop = w.contextAround(c)
	}
	if c.stop.Expr == "" || !w.meantToStop(c) || w.ownerOf(c.f, c.in) {
		return
	}
	if w.afterStop(c.f, c.in) {
		if c.stop = w.otherStop(c); c.stop.Expr == "" || !w.isSleep(&c.in.Call) {
			return
		}
	}
	if o, ok := judge(c); ok {
		o.Kind, o.Pos = Uninterruptible, c.in.Pos()
		o.Extended = o.Extended || c.g.Process || w.inTest(o.Pos) || w.inCommand()
		w.report(c.g, c.f, o)
	}
}

// meantToStop reports whether the stop signal is a context, or a channel that is
// closed to end something: by a method that closes, by what such a method calls,
// or by the function that starts the goroutine. Other channels may tell of any
// event.
func (w *world) meantToStop(c *waiting) bool {
	if c.stop.Ctx != "" {
		return true
	}
	for x := range w.candidates(c.f.Fn, c.in.Pos()) {
		if x.stop.Expr != c.stop.Expr {
			continue
		}
		cl := w.Graph.Class(w.Base, x.value)
		if len(cl.Contexts) > 0 {
			return true
		}
		if waitedFor(c.g, cl) {
			return false
		}
		for _, o := range cl.Has(signal.Close) {
			if outermost(o.Fn) == outermost(c.g.Site.In) {
				return true
			}
			if w.closes(o.Fn, 3) && !madeIn(cl, outermost(o.Fn)) {
				return true
			}
		}
		return false
	}
	return false
}

// waitedFor reports whether the goroutine does nothing with the channel but wait
// for it, outside of a select: it then tells of an event that is to come.
func waitedFor(g *Goroutine, c *signal.Class) bool {
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

// outermost returns the declared function around fn.
func outermost(fn *ssa.Function) *ssa.Function {
	for fn.Parent() != nil {
		fn = fn.Parent()
	}
	return fn
}

// madeIn reports whether fn makes a channel of the class. One who makes a
// channel and closes it says that something is over.
func madeIn(c *signal.Class, fn *ssa.Function) bool {
	for _, m := range c.Makes {
		if outermost(m.Parent()) == fn {
			return true
		}
	}
	return false
}

// closes reports whether fn is a method that closes, or is called by one.
func (w *world) closes(fn *ssa.Function, depth int) bool {
	fn = outermost(fn)
	if w.Base.CloseMethod(fn.Name()) {
		return true
	}
	if depth == 0 {
		return false
	}
	calls, _ := w.Graph.Callers(fn)
	for _, c := range calls {
		if w.closes(c.Parent(), depth-1) {
			return true
		}
	}
	return false
}

// judge chooses what decides about the call, or nil if nothing does.
func (w *world) judge(c *waiting) func(*waiting) (Obstacle, bool) {
	switch {
	case w.isSleep(&c.in.Call):
		return w.sleeps
	case len(c.row.Wake(kb.CtxDone)) > 0:
		return w.madeWithout
	case w.hasForm(c.row):
		return w.withForm
	case w.isHopeless(c.row):
		return w.hopeless
	case w.opensFIFO(c):
		return w.opening
	}
	if c.row.Effect == kb.Blocks || c.row.Effect == kb.Passes {
		return w.onHandle
	}
	return nil
}

// isHopeless reports whether nothing in this process ends a call of the row.
func (w *world) isHopeless(row kb.Entry) bool {
	switch row.Kind {
	case kb.KindTTY, kb.KindSyscall, kb.KindCgo, kb.KindCPU:
		return row.Effect == kb.Blocks && len(row.Wake(kb.Never)) > 0 && !w.hasForm(row)
	}
	return false
}

// contextAround returns the context of the nearest function on the way to the
// call that has one: it cannot be handed down to a call that nothing ends, and
// so is missing in the function that makes the call.
func (w *world) contextAround(c *waiting) Stop {
	for f := c.f; f.From != nil; f = f.From {
		if s := w.stopAt(c.g, f.From, f.Call.Pos()); s.Ctx != "" {
			return s
		}
	}
	return Stop{}
}

// hasForm reports whether the module's Go version has the form of the call that
// takes a context.
func (w *world) hasForm(row kb.Entry) bool {
	_, since, ok := row.ContextForm()
	return ok && w.hasGo(since)
}

// hasGo reports whether the module may use what came with a Go version, such as
// 1.21. The version of a module that states none is taken to be new enough.
func (w *world) hasGo(since string) bool {
	if since == "" || w.GoVersion == "" {
		return true
	}
	have := w.GoVersion
	if !strings.HasPrefix(have, "go") {
		have = "go" + have
	}
	return version.Compare(have, "go"+since) >= 0
}

// advice words the way out that a row knows, or gives another text.
func (w *world) advice(row kb.Entry, other string) string {
	if row.Fix != "" && w.hasGo(row.FixSince) {
		return "; remedy: " + row.Fix
	}
	return other
}

// ownerOf reports whether a loop around the call, or around the calls that lead
// to it, is reported for having no stop at all: that report owns the call.
func (w *world) ownerOf(f *Frame, in ssa.Instruction) bool {
	for ; f != nil; f = f.From {
		for _, l := range w.plainGraph(f.Fn).Around(in.Block()) {
			stmt := w.syn.loop(f.Fn, l.Blocks)
			if stmt == nil {
				continue
			}
			if _, _, ok := w.stayAt(stmt.Pos()); ok {
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

// endsSomething reports whether the frame is part of an end: a deferred call, a
// method that closes, or a function called after the stop was seen.
func (w *world) endsSomething(f *Frame) bool {
	for ; f != nil; f = f.From {
		if _, ok := f.Call.(*ssa.Defer); ok {
			return true
		}
		if fn := f.Fn; fn.Signature.Recv() != nil && w.Base.CloseMethod(fn.Name()) {
			return true
		}
		if f.From != nil && w.afterStop(f.From, f.Call) {
			return true
		}
	}
	return false
}

// afterStop reports whether control gets to the instruction only after a stop
// signal has been seen.
func (w *world) afterStop(f *Frame, in ssa.Instruction) bool {
	for _, x := range in.Block().Instrs {
		if x == in {
			break
		}
		if w.receivesStop(x) {
			return true
		}
	}
	for b := in.Block(); b.Idom() != nil; b = b.Idom() {
		d := b.Idom()
		for _, x := range d.Instrs {
			if w.receivesStop(x) {
				return true
			}
		}
		for i, s := range d.Succs {
			if s != b || len(b.Preds) != 1 {
				continue
			}
			if sel, k := selectCase(d, i); sel != nil && k < len(sel.States) && w.isStopCase(sel.States[k].Chan) && !w.timed(sel.States[k].Chan) {
				return true
			}
			if w.saysStopped(condition(d), i == 0) {
				return true
			}
		}
	}
	return false
}

// receivesStop reports whether the instruction waits for a stop signal alone.
func (w *world) receivesStop(in ssa.Instruction) bool {
	u, ok := in.(*ssa.UnOp)
	return ok && isRecv(u) && w.isStopCase(u.X) && !w.timed(u.X)
}

// timed reports whether the channel is a timer's.
func (w *world) timed(v ssa.Value) bool {
	c := w.Graph.Class(w.Base, v)
	return len(c.Library) > 0 && len(c.Contexts) == 0
}

// saysStopped reports whether the condition, being true or false as said, means
// that a context has ended: ctx.Err() != nil.
func (w *world) saysStopped(cond ssa.Value, holds bool) bool {
	cmp, ok := cond.(*ssa.BinOp)
	if !ok || cmp.Op != token.NEQ && cmp.Op != token.EQL {
		return false
	}
	c, ok := cmp.X.(*ssa.Call)
	if !ok {
		return false
	}
	row, ok := signal.Entry(w.Base, &c.Call)
	if !ok || row.Effect != kb.FlagLoad || row.Kind != kb.KindCtx {
		return false
	}
	return (cmp.Op == token.NEQ) == holds
}

// native returns the row of the C function that a call of cgo names.
func (w *world) native(c *ssa.CallCommon) (kb.Entry, bool) {
	name, ok := cgoName(c)
	if !ok {
		return kb.Entry{}, false
	}
	return w.Base.Native(name)
}

// cgoName returns the name of the C function that a call names.
func cgoName(c *ssa.CallCommon) (string, bool) {
	fn := c.StaticCallee()
	if fn == nil {
		return "", false
	}
	for _, prefix := range []string{"_Cfunc_", "_C2func_"} {
		if name, ok := strings.CutPrefix(fn.Name(), prefix); ok {
			return name, true
		}
	}
	return "", false
}
