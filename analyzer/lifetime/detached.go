package lifetime

import (
	"go/token"
	"go/types"
	"strings"

	"golang.org/x/tools/go/ssa"

	"github.com/killcheck/killcheck/analyzer/kb"
	"github.com/killcheck/killcheck/analyzer/signal"
	"github.com/killcheck/killcheck/analyzer/spawn"
)

// detached finds goroutines that do not share the stop of the function that
// starts them, though it has one to give.
func (w *world) detached(gs []*Goroutine, o *owners) {
	for _, g := range gs {
		if g.Process || g.Site.Body == nil || g.Site.Once || w.process[g.Site.In] || w.inTest(g.Site.Pos) || w.saysDetached(g.Site.Pos) {
			continue
		}
		if w.ignoresGroup(g) || o.ends[g] != nil || w.constructs(g.Site.In) {
			continue
		}
		stop := w.contextToGive(g)
		if stop == "" {
			continue
		}
		if c := g.Site.Call; c != nil && w.long(g.Site.Body) {
			if w.giveDead(g, nil, g.Site.Inst, stop) {
				continue
			}
		}
		w.inFrames(g, stop)
	}
}

// inFrames reports the first call of the goroutine that is given a context that
// never ends.
func (w *world) inFrames(g *Goroutine, stop string) {
	for _, f := range g.Frames {
		if f.From != nil && f.From.From != nil || w.endsSomething(f) {
			continue
		}
		for _, b := range f.Fn.Blocks {
			for _, in := range b.Instrs {
				c, ok := in.(*ssa.Call)
				if ok && w.plainGraph(f.Fn).Executes(c) && !w.afterStop(f, c) && w.mayLast(g, c) && w.giveDead(g, f, c, stop) {
					return
				}
			}
		}
	}
}

// constructs reports whether fn returns an object: then its context is for the
// time that it takes to make it, and the goroutine is the object's.
func (w *world) constructs(fn *ssa.Function) bool {
	res := fn.Signature.Results()
	for i := range res.Len() {
		t := res.At(i).Type()
		if n := typeName(t); n != nil && !isError(t) {
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
func (w *world) giveDead(g *Goroutine, f *Frame, in ssa.CallInstruction, stop string) bool {
	com := in.Common()
	if fn := signal.Callee(com); fn != nil && w.Base.CloseMethod(fn.Name()) || w.saysDetached(in.Pos()) {
		return false
	}
	if row, ok := signal.Entry(w.Base, com); ok && row.Effect == kb.Derives {
		return false
	}
	for _, a := range com.Args {
		if !isContext(a.Type()) {
			continue
		}
		life := w.Graph.Context(w.Base, a)
		if life.Ends || w.cutOff(life.Makes) {
			continue
		}
		pos := in.Pos()
		callee := w.syn.callee(pos)
		if _, ok := in.(*ssa.Go); ok {
			callee = "it"
		}
		w.report(g, f, Obstacle{
			Kind: Detached, Pos: pos, Extended: true,
			Message: "goroutine does not stop with the function that starts it: " + callee + " gets a context that nobody cancels, although " + stop + " is in reach",
			Remedy:  Remedy{Op: Forward, Pos: pos, At: life.Makes.Pos(), Spawn: g.Site.Pos, Stop: Stop{Expr: stop + ".Done()", Ctx: stop}},
		})
		return true
	}
	return false
}

// cutOff reports whether the context was made from another one without its
// cancellation: that is said as plainly as can be.
func (w *world) cutOff(made ssa.Value) bool {
	c, ok := made.(*ssa.Call)
	if !ok {
		return false
	}
	row, ok := signal.Entry(w.Base, &c.Call)
	return ok && row.Parent.Where == kb.None && len(c.Call.Args) > 0
}

// contextToGive returns the name of a context that can end and that the function
// has which starts the goroutine, or "". Contexts of its object come second.
func (w *world) contextToGive(g *Goroutine) string {
	for c := range w.candidates(g.Site.In, g.Site.Pos) {
		if c.ctx && w.Graph.Context(w.Base, c.value).Ends {
			return c.stop.Ctx
		}
	}
	return ""
}

// mayLast reports whether the call can last: it stands in a loop, waits for what
// a context ends, or runs a function of the goroutine that loops.
func (w *world) mayLast(g *Goroutine, c *ssa.Call) bool {
	if w.looped(c) {
		return true
	}
	if row, ok := signal.Entry(w.Base, &c.Call); ok {
		return row.Effect == kb.Blocks && len(row.Wake(kb.CtxDone)) > 0
	}
	fns, _ := w.Graph.Callees(c)
	for _, fn := range fns {
		if g.Has(fn) && w.long(fn) {
			return true
		}
	}
	return false
}

// long reports whether fn has a loop that does not count.
func (w *world) long(fn *ssa.Function) bool {
	for _, l := range w.plainGraph(fn).Loops() {
		if bound(l) == many && (l.Endless() || w.waitsAmong(l.Blocks)) {
			return true
		}
	}
	return false
}

// waitsAmong reports whether there is a wait for a channel in the blocks.
func (w *world) waitsAmong(blocks []*ssa.BasicBlock) bool {
	for _, b := range blocks {
		for _, in := range b.Instrs {
			switch in := in.(type) {
			case *ssa.UnOp:
				if isRecv(in) {
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
func (w *world) ignoresGroup(g *Goroutine) bool {
	if g.Site.Kind != spawn.Call || !g.Site.Join {
		return false
	}
	made := source(receiver(g.Site.Inst.Common()))
	if made == nil {
		return false
	}
	row, ok := signal.Entry(w.Base, &made.Call)
	if !ok || row.Effect != kb.Derives || row.Ctx == 0 || row.Parent.Where != kb.Arg {
		return false
	}
	parent, own := sourceOf(placeOf(&made.Call, row.Parent)), usedResult(made, row.Ctx)
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
				if !isContext(a.Type()) {
					continue
				}
				switch from := sourceOf(a); {
				case own != nil && from == own:
					return false
				case from != nil && from == parent && wrong == nil:
					wrong = c
				}
			}
		}
	}
	if _, isCall := wrong.(*ssa.Call); !isCall || w.saysDetached(wrong.Pos()) || !w.Graph.Context(w.Base, parent).Ends && own == nil {
		return false
	}
	w.report(g, g.Frames[0], Obstacle{
		Kind: Detached, Pos: wrong.Pos(), Extended: true,
		Message: "goroutine does not stop with its group: " + w.syn.callee(wrong.Pos()) + " gets the context that the group's own was derived from",
		Remedy:  Remedy{Op: Forward, Pos: wrong.Pos(), At: made.Pos(), Spawn: g.Site.Pos},
	})
	return true
}

// sourceOf follows a value back through captures and variables that are
// assigned once to the parameter, result or load that it is.
func sourceOf(v ssa.Value) ssa.Value {
	for range 12 {
		switch x := v.(type) {
		case *ssa.FreeVar:
			v = spawn.Binding(x)
		case *ssa.UnOp:
			if x.Op != token.MUL {
				return x
			}
			if _, ok := x.X.(*ssa.FieldAddr); ok {
				return nil
			}
			v = x.X
		case *ssa.Alloc:
			vs := storesTo(x)
			if len(vs) != 1 {
				return nil
			}
			v = vs[0]
		default:
			return v
		}
	}
	return nil
}

// saysDetached reports whether a comment at pos, or that of the function around
// it, says that the work goes on by intention.
func (w *world) saysDetached(pos token.Pos) bool {
	f := w.syn.file(pos)
	if f == nil {
		return false
	}
	line := w.Fset.PositionFor(pos, false).Line
	for _, c := range w.syn.comments(f, line) {
		if intended(c.group.Text()) {
			return true
		}
	}
	d := w.syn.decl(pos)
	return d != nil && d.Doc != nil && intended(d.Doc.Text())
}

// intended reports whether a text says that something is detached on purpose.
func intended(text string) bool {
	text = strings.Join(strings.Fields(strings.ToLower(text)), " ")
	for _, p := range []string{
		"outlive", "detach", "on purpose", "intentional", "deliberate", "in the background", "background context",
		"fire and forget", "fire-and-forget", "not be cancel", "not be tied", "independent of", "independently of",
		"even if the", "even after", "after the request", "context.background", "not use ctx", "don't use ctx", "do not use ctx", "not use the",
	} {
		if strings.Contains(text, p) {
			return true
		}
	}
	return false
}
