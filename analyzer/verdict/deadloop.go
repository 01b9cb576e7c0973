package verdict

import (
	"slices"

	"github.com/killcheck/killcheck/analyzer/program"
)

// A DeadLoop is a loop that only ends by what never comes.
type DeadLoop struct {
	Wait *Wait
	F    *program.Frame
	Name string // what would end it
	Why  string // why that does not come
}

// DeadLoops returns the loops of the goroutine that only a flag or a context would end
// which nobody sets or cancels.
func (m *Model) DeadLoops(g *program.Goroutine) []DeadLoop {
	if g.Process {
		return nil // it works as long as the process lives, and is given a signal for form
	}
	x := m.matcher()
	var all []DeadLoop
	ws, _ := x.of(g)
	for _, w := range ws {
		if w.Op != WaitLoop || w.Far != "" || w.Meant || w.Other || !w.hopeless() || m.SaysForever(w.Pos) || m.Documented(w.Pos) {
			continue
		}
		d := DeadLoop{Wait: w, Name: w.Wakes[0].Name, Why: x.because(&w.Wakes[0])}
		if i := slices.IndexFunc(g.Frames, func(x *program.Frame) bool { return x.Fn == w.Fn }); i >= 0 {
			d.F = g.Frames[i]
		}
		all = append(all, d)
	}
	return all
}

// hopeless reports whether all that would end the wait is a flag or a context, and
// never comes.
func (w *Wait) hopeless() bool {
	return len(w.Wakes) > 0 && !slices.ContainsFunc(w.Wakes, func(k Wake) bool {
		if k.Param != nil || k.Level != Never || k.Time || k.Action != ByCancel && k.Action != ByStore {
			return true
		}
		return k.Why != NobodyDoes && k.Why != RootContext && k.Why != NotCancelled
	})
}
