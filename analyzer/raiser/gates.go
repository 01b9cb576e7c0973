package raiser

import (
	"golang.org/x/tools/go/ssa"

	"github.com/killcheck/killcheck/analyzer/circle"
)

// A Shut is a gate at which a goroutine waits and that may never be opened.
type Shut struct {
	*circle.Gate
	Never bool // nothing opens it
	Left       // else: how those who would open it can return without
}

// Shut returns the gates that nothing opens, or that the function which sees to it can
// leave shut.
func (p *Raisers) Shut() []Shut {
	var all []Shut
	for _, x := range p.Gates() {
		if len(x.Opens) == 0 {
			all = append(all, Shut{Gate: x, Never: true})
		} else if l, ok := p.tooFew(x.G, p.object(x), x.Opens, x.Need); ok {
			all = append(all, Shut{Gate: x, Left: l})
		}
	}
	return all
}

// object returns what makes, or first uses, what is shut.
func (p *Raisers) object(x *circle.Gate) ssa.Instruction {
	if s, ok := x.Shut.(*ssa.Send); ok {
		return p.Graph.Class(p.Base, s.Chan).Makes[0]
	}
	return x.Shut
}
