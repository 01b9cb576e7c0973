package lifetime

import (
	"golang.org/x/tools/go/ssa"
)

// runner returns a goroutine that runs fn, with its frame, or nils.
func (h *holder) runner(fn *ssa.Function) (*Goroutine, *Frame) {
	for _, g := range h.gs {
		for _, f := range g.Frames {
			if f.Fn == fn {
				return g, f
			}
		}
	}
	return nil, nil
}

func (h *holder) reportWait(f *lockFrame, t *lockWait, k held, why *reason) {
	g, fr := h.runner(f.fn)
	lock := h.w.lockText(k.by)
	need := " takes that lock first"
	if why.inside {
		need = " holds that lock while it does"
	}
	o := Obstacle{
		Kind: HeldLock, Pos: t.pos(),
		Message: subject(g) + " can wait for ever while it holds " + lock + ": " + why.what + need,
	}
	h.w.instead(o)
	h.w.report(g, fr, o,
		h.step(k.by, lock+" is taken here, and held during the wait"),
		h.stepAt(why.lock, "this needs the lock"),
		Step{Pos: h.w.syn.start(why.pos), End: h.w.syn.end(why.pos), Text: "this would end the wait"},
	)
}

func (h *holder) step(c ssa.CallInstruction, text string) Step {
	return Step{Pos: h.w.syn.start(c.Pos()), End: h.w.syn.end(c.Pos()), Text: text}
}

func (h *holder) stepAt(in ssa.Instruction, text string) Step {
	return Step{Pos: h.w.syn.start(in.Pos()), End: h.w.syn.end(in.Pos()), Text: text}
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
		g, fr := h.runner(f.fn)
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
		steps := []Step{h.step(k.by, "the lock is taken here")}
		for _, x := range chain(f, k.by.Parent()) {
			steps = append(steps, h.step(x, "and this call takes it again"))
		}
		h.w.report(g, fr, o, steps...)
		return
	}
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
				if op, ok := h.w.lockCall(in); ok && op.takes() && !op.reads() && h.w.class(op.on) == class {
					return in
				}
			}
		}
	}
	return nil
}
