package verdict

import (
	"golang.org/x/tools/go/ssa"

	"github.com/killcheck/killcheck/analyzer/program"
)

// Flagged returns the condition of a loop around the instruction, or around the
// calls of the goroutine that lead to it, which ends when somebody else sets a flag;
// or the empty string. No other stop may end the loop.
func (m *Model) Flagged(f *program.Frame, in ssa.Instruction) string {
	for x := m.matcher(); f != nil; f, in = f.From, f.Call {
		for _, w := range x.waits(f.Fn) {
			if w.Op != WaitLoop || w.Part {
				continue
			}
			if l := x.loopOf(w); l == nil || !l.Has(in.Block()) {
				continue
			}
			flag := ""
			for _, k := range w.Wakes {
				switch k = x.settle(k, spot{f.Fn, nil, w.Pos}); {
				case k.Action == ByStore && k.Level == Surely && k.Stop:
					flag = k.Name
				case k.stops():
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
