package heldlock

import (
	"golang.org/x/tools/go/ssa"

	"github.com/killcheck/killcheck/analyzer/lock"
	"github.com/killcheck/killcheck/analyzer/program"
	"github.com/killcheck/killcheck/passes/internal/remedy"
	"github.com/killcheck/killcheck/passes/internal/report"
)

func (h *holder) reportWait(f *program.LockFrame, t *program.LockWait, k lock.Held, why *reason) {
	g, fr := h.Ev.Runner(h.gs, k.By.Parent())
	lock := h.Ev.LockText(k.By)
	need := " takes that lock first"
	if why.inside {
		need = " holds that lock while it does"
	}
	o := report.Finding{
		Pos: t.Pos(), Instead: h.Ev.Syn.Start(t.Pos()), Extended: why.unsure || h.Ev.InTest(k.By.Pos()),
		Message: report.Subject(g) + " can wait for ever while it holds " + lock + ": " + why.what + need,
	}
	if k.By.Parent() == t.In.Parent() {
		o.Remedy = remedy.Remedy{Op: remedy.Unlock, Pos: t.Pos(), At: k.By.Pos()}
	}
	steps := h.way(f, k, lock+" is taken here, and held during the wait")
	steps = append(steps, h.Ev.CallStep(why.lock, "this needs the lock"),
		program.Step{Pos: h.Ev.Syn.Start(why.pos), End: h.Ev.Syn.End(why.pos), Text: "this would end the wait"})
	h.q.Report(g, fr, o, steps...)
}

// way gives the steps from the call that takes the lock to the frame.
func (h *holder) way(f *program.LockFrame, k lock.Held, text string) []program.Step {
	steps := []program.Step{h.Ev.CallStep(k.By, text)}
	for _, c := range chain(f, k.By.Parent()) {
		steps = append(steps, h.Ev.CallStep(c, "it calls "+h.Ev.Syn.Callee(c.Pos())+" with the lock held"))
	}
	return steps
}

// chain returns the calls that lead from the function to the frame.
func chain(f *program.LockFrame, from *ssa.Function) []ssa.CallInstruction {
	var calls []ssa.CallInstruction
	for ; f != nil && f.Fn != from; f = f.From {
		if f.Call != nil {
			calls = append([]ssa.CallInstruction{f.Call}, calls...)
		}
	}
	return calls
}
