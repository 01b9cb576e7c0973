package verdict

import (
	"go/token"

	"golang.org/x/tools/go/ssa"

	"github.com/killcheck/killcheck/analyzer/kb"
	"github.com/killcheck/killcheck/analyzer/program"
	"github.com/killcheck/killcheck/analyzer/signal"
	"github.com/killcheck/killcheck/analyzer/spawn"
)

// answered returns what a check says of a wait of the goroutine, if one says that
// nothing ends it. Where a wait ends by itself, a check only wants it to end
// sooner.
func (m *Verdicts) answered(g *program.Goroutine) (Said, bool) {
	if m.answers == nil {
		m.answers = make(map[*program.Goroutine][]Said)
		bySite := make(map[any]*program.Goroutine)
		for _, g := range m.Goroutines {
			bySite[g.Site] = g
		}
		for _, o := range m.said {
			if g := bySite[o.Site]; g != nil && o.Site != nil && o.Waits && !o.Extended {
				m.answers[g] = append(m.answers[g], o)
			}
		}
	}
	for _, o := range m.answers[g] {
		if !m.passing(g, o.Pos) {
			return o, true
		}
	}
	return Said{}, false
}

// passing reports whether the call that the obstacle is about ends by itself.
func (m *Verdicts) passing(g *program.Goroutine, at token.Pos) bool {
	for _, f := range g.Frames {
		for _, b := range f.Fn.Blocks {
			for _, in := range b.Instrs {
				c, ok := in.(*ssa.Call)
				if !ok || m.Syn.Start(c.Pos()) != at {
					continue
				}
				if e, ok := signal.Entry(m.Base, &c.Call); ok && e.Effect == kb.Bounded {
					return true
				}
			}
		}
	}
	return false
}

// A Said is what a check says of a goroutine or a place.
type Said struct {
	Check    string
	Site     *spawn.Site // of the goroutine; nil if it is said of none
	Pos      token.Pos
	Message  string
	Extended bool // outside the core tier
	Waits    bool // of a wait that has no end, not of what else becomes of the goroutine
}

// Hear takes what the checks say, which the verdicts name.
func (m *Verdicts) Hear(said []Said) {
	m.said, m.answers, m.verdicts = said, nil, make(map[*program.Goroutine]*Verdict)
}

// Heard returns what the checks say.
func (m *Verdicts) Heard() []Said { return m.said }
