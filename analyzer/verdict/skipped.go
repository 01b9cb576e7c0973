package verdict

import (
	"go/token"

	"golang.org/x/tools/go/ssa"

	"github.com/killcheck/killcheck/analyzer/code"
	"github.com/killcheck/killcheck/analyzer/kb"
	"github.com/killcheck/killcheck/analyzer/program"
	"github.com/killcheck/killcheck/analyzer/signal"
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
	if !x.maySkip()[code.Outermost(g.Site.In)] {
		return nil
	}
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

// maySkip returns the functions that make a context, and cancel it on some of their
// ways only, by the outermost function around them: what they start may wait for
// that.
func (m *matcher) maySkip() map[*ssa.Function]bool {
	if m.skippers != nil {
		return m.skippers
	}
	m.skippers = make(map[*ssa.Function]bool)
	for _, fn := range m.mod.Functions {
		for _, b := range fn.Blocks {
			for _, in := range b.Instrs {
				c, ok := in.(*ssa.Call)
				if !ok {
					continue
				}
				e, ok := signal.Entry(m.mod.Base, &c.Call)
				if !ok || e.Effect != kb.Derives || e.Timed || e.Cancel < 0 {
					continue
				}
				if k := m.lifeFrom(spot{}, c, 8); k.Level == OnlyIf && k.Why == OnePath {
					m.skippers[code.Outermost(fn)] = true
				}
			}
		}
	}
	return m.skippers
}
