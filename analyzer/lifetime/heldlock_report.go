package lifetime

import (
	"golang.org/x/tools/go/ssa"
)

func (h *holder) reportWait(f *lockFrame, t *lockWait, k held, why *reason) {
	g, fr := runner(h.gs, k.by.Parent())
	lock := h.w.lockText(k.by)
	need := " takes that lock first"
	if why.inside {
		need = " holds that lock while it does"
	}
	o := Obstacle{
		Kind: HeldLock, Pos: t.pos(), Extended: why.unsure,
		Message: subject(g) + " can wait for ever while it holds " + lock + ": " + why.what + need,
	}
	h.w.instead(o)
	steps := h.way(f, k, lock+" is taken here, and held during the wait")
	steps = append(steps, h.w.callStep(why.lock, "this needs the lock"),
		Step{Pos: h.w.syn.start(why.pos), End: h.w.syn.end(why.pos), Text: "this would end the wait"})
	h.w.report(g, fr, o, steps...)
}

// way gives the steps from the call that takes the lock to the frame.
func (h *holder) way(f *lockFrame, k held, text string) []Step {
	steps := []Step{h.w.callStep(k.by, text)}
	for _, c := range chain(f, k.by.Parent()) {
		steps = append(steps, h.w.callStep(c, "it calls "+h.w.syn.callee(c.Pos())+" with the lock held"))
	}
	return steps
}

// instead takes back what else is said of the operation: that a lock is held
// says more.
func (w *world) instead(o Obstacle) {
	start := w.syn.start(o.Pos)
	kept := w.found[:0]
	for _, x := range w.found {
		if (x.Kind == Abandoned || x.Kind == Unreleased) && x.Pos == start {
			continue
		}
		kept = append(kept, x)
	}
	w.found = kept
}

// twice reports a lock that is taken although the same goroutine holds it.
func (h *holder) twice(f *lockFrame, c *ssa.Call, op lockOp, s []held) {
	p := h.w.place(op.on, f)
	for _, k := range s {
		if k.place != p {
			continue
		}
		if h.conditional(f, c, k.by.Parent()) || h.twiceAt[k.by] {
			return
		}
		g, fr := runner(h.gs, k.by.Parent())
		lock := h.w.lockText(c)
		o := Obstacle{Kind: HeldLock, Pos: c.Pos()}
		switch {
		case !k.read || !op.reads():
			o.Message = subject(g) + " waits for itself: it holds " + lock + " already"
		case h.writer(k.class) != nil:
			o.Message = subject(g) + " can wait for ever: it holds " + lock + " for reading already, and a writer that comes in between makes the second RLock wait"
		default:
			return
		}
		h.twiceAt[c] = true
		h.w.report(g, fr, o, h.way(f, k, "the lock is taken here")...)
		return
	}
}

// conditional reports whether the way from the function that holds the lock to
// the call that takes it again depends on a parameter.
func (h *holder) conditional(f *lockFrame, c ssa.CallInstruction, from *ssa.Function) bool {
	for ; f != nil && f.fn != from; f = f.from {
		if h.flagged(f, c) {
			return true
		}
		c = f.call
	}
	return false
}

// chain returns the calls that lead from the function to the frame.
func chain(f *lockFrame, from *ssa.Function) []ssa.CallInstruction {
	var calls []ssa.CallInstruction
	for ; f != nil && f.fn != from; f = f.from {
		if f.call != nil {
			calls = append([]ssa.CallInstruction{f.call}, calls...)
		}
	}
	return calls
}

// writer returns a call that takes a lock of the class for writing, or nil.
func (h *holder) writer(class lockClass) ssa.Instruction {
	for _, fn := range h.w.Functions {
		if !h.w.Graph.Live(fn) {
			continue
		}
		for _, b := range fn.Blocks {
			for _, in := range b.Instrs {
				if op, ok := h.w.lockCall(in); ok && op.takes() && !op.reads() && h.class(op.on) == class {
					return in
				}
			}
		}
	}
	return nil
}
