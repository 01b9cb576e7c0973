package fault

import (
	"slices"

	"github.com/killcheck/killcheck/analyzer/program"
	"github.com/killcheck/killcheck/analyzer/wait"
	"github.com/killcheck/killcheck/analyzer/wake"
)

// A DeadLoop is a loop that only ends by what never comes.
type DeadLoop struct {
	Wait *wait.Wait
	F    *program.Frame
	Name string // what would end it
	Why  string // why that does not come
}

// DeadLoops returns the loops of the goroutine that only a flag or a context would end
// which nobody sets or cancels.
func (m *Faults) DeadLoops(g *program.Goroutine) []DeadLoop {
	if g.Process {
		return nil // it works as long as the process lives, and is given a signal for form
	}
	var all []DeadLoop
	ws, _ := m.Waits(g)
	for _, w := range ws {
		if w.Op != wait.Loop || w.Far != "" || w.Meant || w.Other || !hopeless(w) || m.SaysForever(w.Pos) || m.Documented(w.Pos) {
			continue
		}
		d := DeadLoop{Wait: w, Name: w.Wakes[0].Name, Why: m.Because(&w.Wakes[0])}
		if i := slices.IndexFunc(g.Frames, func(x *program.Frame) bool { return x.Fn == w.Fn }); i >= 0 {
			d.F = g.Frames[i]
		}
		all = append(all, d)
	}
	return all
}

// hopeless reports whether all that would end the wait is a flag or a context, and
// never comes.
func hopeless(w *wait.Wait) bool {
	return len(w.Wakes) > 0 && !slices.ContainsFunc(w.Wakes, func(k wake.Wake) bool {
		if k.Param != nil || k.Level != wake.Never || k.Time || k.Action != wake.ByCancel && k.Action != wake.ByStore {
			return true
		}
		return k.Why != wake.NobodyDoes && k.Why != wake.RootContext && k.Why != wake.NotCancelled
	})
}
