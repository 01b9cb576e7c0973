package verdict

import (
	"go/token"

	"golang.org/x/tools/go/ssa"

	"github.com/killcheck/killcheck/analyzer/code"
	"github.com/killcheck/killcheck/analyzer/kb"
	"github.com/killcheck/killcheck/analyzer/program"
	"github.com/killcheck/killcheck/analyzer/signal"
)

// A Skipped is a wait that only the end of a context or the close of a channel ends,
// which some way through the function that makes that leaves out.
type Skipped struct {
	At    token.Pos       // of the wait or loop, or of the call of another package that waits
	In    ssa.Instruction // nil for a loop
	Fn    *ssa.Function   // that waits
	Name  string          // what it waits for
	Maker *ssa.Function   // that cancels or closes on other ways
	Made  ssa.Value       // the channel that the maker closes; nil for a context
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
		if w.open() || k == nil || k.Level != OnlyIf || k.Why != OnePath || len(k.Who) == 0 {
			continue
		}
		var made ssa.Value
		if k.Action != ByCancel {
			if made = x.ownClose(k); made == nil || g.Site.In != k.Who[0].Parent() {
				continue
			}
		}
		s := Skipped{At: w.Pos, In: w.In, Fn: w.Fn, Name: k.Name, Made: made, Maker: k.Who[0].Parent(), Ret: k.At, Loop: w.Op == WaitLoop, Far: w.Far}
		if m.Process[s.Maker] || s.Maker == nil {
			continue // when it returns, the process ends
		}
		all = append(all, s)
	}
	return all
}

// ownClose returns the channel of the wake, if it is a close, and the function that
// makes the channel is the only one that closes it; or nil.
func (m *matcher) ownClose(k *Wake) ssa.Value {
	for _, in := range k.Who {
		if in.Parent() != k.Who[0].Parent() {
			return nil
		}
	}
	c, ok := k.Who[0].(*ssa.Call)
	if !ok || k.Action != ByClose || !m.sometimes[c.Parent()] {
		return nil
	}
	if b, ok := c.Call.Value.(*ssa.Builtin); !ok || b.Name() != "close" {
		return nil
	}
	return c.Call.Args[0]
}

// maySkip returns the functions that make a context or channel, and cancel or close it
// on some of their ways only, by the outermost function around them: what they start may wait for
// that.
func (m *matcher) maySkip() map[*ssa.Function]bool {
	if m.skippers != nil {
		return m.skippers
	}
	m.skippers, m.sometimes = make(map[*ssa.Function]bool), make(map[*ssa.Function]bool)
	for _, fn := range m.mod.Functions {
		for _, b := range fn.Blocks {
			for _, in := range b.Instrs {
				if mk, ok := in.(*ssa.MakeChan); ok {
					if k := m.closingMade(spot{}, mk, true); k.Level == OnlyIf && k.Why == OnePath && k.Who[0].Parent() == fn {
						m.skippers[code.Outermost(fn)] = true
						m.sometimes[fn] = true
					}
					continue
				}
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
