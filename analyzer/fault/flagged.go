package fault

import (
	"golang.org/x/tools/go/ssa"

	"github.com/killcheck/killcheck/analyzer/program"
	"github.com/killcheck/killcheck/analyzer/wait"
	"github.com/killcheck/killcheck/analyzer/wake"
)

// Flagged returns the condition of a loop around the instruction, or around the
// calls of the goroutine that lead to it, which ends when somebody else sets a flag;
// or the empty string. No other stop may end the loop.
func (m *Faults) Flagged(g *program.Goroutine, f *program.Frame, in ssa.Instruction) string {
	for ; f != nil; f, in = f.From, f.Call {
		for _, w := range m.OwnWaits(f.Fn) {
			if w.Op != wait.Loop || w.Part {
				continue
			}
			if l := m.loopOf(w); l == nil || !l.Has(in.Block()) {
				continue
			}
			flag := ""
			for _, k := range w.Wakes {
				switch k = m.SettledIn(w, k, g, f); {
				case k.Action == wake.ByStore && k.Level == wake.Surely && k.Stop:
					flag = k.Name
				case k.Stops():
					return "" // another stop
				}
			}
			if flag != "" {
				return flag
			}
		}
		if f.Call == nil {
			break
		}
	}
	return ""
}
