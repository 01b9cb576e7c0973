package lifetime

import (
	"golang.org/x/tools/go/ssa"
)

func (h *holder) reportWait(f *lockFrame, t *lockWait, k held, why *reason) {
	g, fr := h.w.runner(h.gs, k.by.Parent())
	lock := h.w.lockText(k.by)
	need := " takes that lock first"
	if why.inside {
		need = " holds that lock while it does"
	}
	o := Obstacle{
		Kind: HeldLock, Pos: t.pos(), Instead: h.w.syn.start(t.pos()), Extended: why.unsure,
		Message: subject(g) + " can wait for ever while it holds " + lock + ": " + why.what + need,
	}
	if k.by.Parent() == t.in.Parent() {
		o.Remedy = Remedy{Op: Unlock, Pos: t.pos(), At: k.by.Pos()}
	}
	steps := h.way(f, k, lock+" is taken here, and held during the wait")
	steps = append(steps, h.w.callStep(why.lock, "this needs the lock"),
		Step{Pos: h.w.syn.start(why.pos), End: h.w.syn.end(why.pos), Text: "this would end the wait"})
	h.q.report(g, fr, o, steps...)
}

// way gives the steps from the call that takes the lock to the frame.
func (h *holder) way(f *lockFrame, k held, text string) []Step {
	steps := []Step{h.w.callStep(k.by, text)}
	for _, c := range chain(f, k.by.Parent()) {
		steps = append(steps, h.w.callStep(c, "it calls "+h.w.syn.callee(c.Pos())+" with the lock held"))
	}
	return steps
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
