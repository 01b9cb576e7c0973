package verdict

import (
	"go/token"

	"golang.org/x/tools/go/ssa"

	"github.com/killcheck/killcheck/analyzer/program"
)

// A Skipped is a wait that only the end of a context ends, which some way through
// the function that makes the context leaves out.
type Skipped struct {
	At    token.Pos       // of the wait or loop, or of the call of another package that waits
	In    ssa.Instruction // nil for a loop
	Fn    *ssa.Function   // that waits
	Name  string          // what it waits for
	Maker *ssa.Function   // that cancels on other ways
	Ret   token.Pos       // where it returns
	Loop  bool
	Far   string // the place in another package; else empty
}

// Skipped returns such waits of the goroutine.
func (m *Model) Skipped(g *program.Goroutine) []Skipped {
	x := m.matcher()
	ws, _ := x.of(g)
	var all []Skipped
	for _, w := range ws {
		k := w.best()
		if w.Op != WaitSelect && w.Op != WaitRecv && w.Op != WaitLoop {
			continue // the other side of a connection may answer
		}
		if w.open() || k == nil || k.Level != OnlyIf || k.Why != OnePath || k.Action != ByCancel || len(k.Who) == 0 {
			continue
		}
		s := Skipped{At: w.Pos, In: w.In, Fn: w.Fn, Name: k.Name, Maker: k.Who[0].Parent(), Ret: k.At, Loop: w.Op == WaitLoop, Far: w.Far}
		if m.Process[s.Maker] || s.Maker == nil {
			continue // when it returns, the process ends
		}
		all = append(all, s)
	}
	return all
}
