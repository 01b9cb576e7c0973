package held

import (
	"go/token"
	"slices"

	"golang.org/x/tools/go/ssa"

	"github.com/killcheck/killcheck/analyzer/code"
	"github.com/killcheck/killcheck/analyzer/flow"
	"github.com/killcheck/killcheck/analyzer/kb"
	"github.com/killcheck/killcheck/analyzer/program"
	"github.com/killcheck/killcheck/analyzer/signal"
)

// A runOnce is a call that runs a function once, during which whoever asks for it
// again has to wait.
type runOnce struct {
	h     *holder
	call  *ssa.Call
	what  string                                       // the object on which it is called; empty if the function is called itself
	again func(f *program.LockFrame, c *ssa.Call) bool // whether the call asks for it again
	left  int                                          // how many functions are still looked at
}

// onces notes what runs once and, as it does, asks for itself: it waits for its
// own end.
func (h *holder) onces(fn *ssa.Function) {
	graph := h.Ev.PlainGraph(fn)
	for _, b := range fn.Blocks {
		for _, in := range b.Instrs {
			c, ok := in.(*ssa.Call)
			if !ok || !graph.Executes(c) {
				continue
			}
			e, ok := signal.Entry(h.Ev.Base, &c.Call)
			if !ok || e.Effect != kb.Callback || e.Kind != kb.KindWait || !e.Once {
				continue
			}
			o := runOnce{h: h, call: c, left: lockFrames}
			f := &program.LockFrame{Fn: fn}
			if recv := code.Receiver(&c.Call); recv != nil {
				o.what, o.again = h.Ev.LockText(c), o.sameObject(h.Ev.Place(recv, f), e.Symbol)
			} else if stored := h.kept(c, f); len(stored) > 0 {
				o.again = sameFunction(h, stored)
			} else {
				continue
			}
			for _, v := range h.Ev.Finder.Called(&c.Call) {
				if inner := h.Ev.Passed(f, c, v); inner != nil {
					o.walk(inner, 0)
				}
			}
		}
	}
}

// sameObject says whether a call is the one of the symbol on the place.
func (o *runOnce) sameObject(p program.Place, symbol string) func(*program.LockFrame, *ssa.Call) bool {
	return func(f *program.LockFrame, c *ssa.Call) bool {
		e, ok := signal.Entry(o.h.Ev.Base, &c.Call)
		return ok && e.Symbol == symbol && o.h.Ev.Place(code.Receiver(&c.Call), f) == p
	}
}

// kept returns the places in which the function is kept that the call returns.
func (h *holder) kept(c *ssa.Call, f *program.LockFrame) []program.Place {
	kept := []program.Place{{Root: c}}
	for _, r := range *c.Referrers() {
		if s, ok := r.(*ssa.Store); ok && s.Val == c {
			p := h.Ev.Place(s.Addr, f)
			kept = append(kept, program.Place{Root: p.Root, Path: p.Path + "*"})
		}
	}
	return kept
}

// sameFunction says whether a call runs the function that is kept in one of the
// places.
func sameFunction(h *holder, kept []program.Place) func(*program.LockFrame, *ssa.Call) bool {
	return func(f *program.LockFrame, c *ssa.Call) bool {
		return !c.Call.IsInvoke() && c.Call.StaticCallee() == nil && slices.Contains(kept, h.Ev.Place(c.Call.Value, f))
	}
}

// walk looks for a call that asks for it again in the function of the frame and in
// what that calls.
func (o *runOnce) walk(f *program.LockFrame, depth int) {
	if o.left--; o.left < 0 || depth > lockDepth {
		return
	}
	graph := o.h.Ev.PlainGraph(f.Fn)
	for _, b := range f.Fn.Blocks {
		for _, in := range b.Instrs {
			c, ok := in.(*ssa.Call)
			if !ok || !graph.Executes(c) || decided(c) {
				continue
			}
			if o.again(f, c) {
				o.note(f, c)
				return
			}
			if fn := o.h.Run(f, c); fn != nil && !twiceIn(f, fn) {
				o.walk(&program.LockFrame{Fn: fn, From: f, Call: c}, depth+1)
			}
		}
	}
}

// twiceIn reports whether the frames run fn more than once.
func twiceIn(f *program.LockFrame, fn *ssa.Function) bool {
	n := 0
	for ; f != nil; f = f.From {
		if f.Fn == fn {
			n++
		}
	}
	return n > 1
}

// decided reports whether something decides if the call is made, other than the
// error of another call: it may know that this runs already.
func decided(c *ssa.Call) bool {
	for cond := range flow.HoldsAt(c.Block()) {
		cmp, ok := cond.(*ssa.BinOp)
		if !ok || cmp.Op != token.EQL && cmp.Op != token.NEQ || !code.IsError(cmp.X.Type()) {
			return true
		}
		switch cmp.X.(type) {
		case *ssa.Call, *ssa.Extract:
		default:
			return true
		}
	}
	return false
}

func (o *runOnce) note(f *program.LockFrame, c *ssa.Call) {
	if o.h.twiceAt[c] {
		return
	}
	o.h.twiceAt[c] = true
	t := Taken{Lock: o.what, At: o.call.Pos()}
	for _, x := range chain(f, o.call.Parent()) {
		if x != ssa.CallInstruction(o.call) {
			t.Calls = append(t.Calls, x.Pos())
		}
	}
	o.h.add(o.call.Parent(), Stall{Kind: Again, Pos: c.Pos(), Taken: t})
}
