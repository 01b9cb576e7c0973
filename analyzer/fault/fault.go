// Package fault knows what is wrong with the waits of a goroutine that its verdict counts:
// which of them nothing ends, what some way through a function leaves out that would end
// one, and which do not heed the stop that the code around them does.
package fault

import (
	"golang.org/x/tools/go/ssa"

	"github.com/killcheck/killcheck/analyzer/callee"
	"github.com/killcheck/killcheck/analyzer/peer"
	"github.com/killcheck/killcheck/analyzer/verdict"
)

// Faults knows the faults of the waits of a package.
type Faults struct {
	*verdict.Verdicts
	peers   *peer.Peers
	callees callee.Callees
	half    map[*ssa.Function][]half // see halves
	far     *bool                    // see knowsFar
}

// New returns the faults of the waits. They are worked out when they are asked for.
func New(v *verdict.Verdicts, p *peer.Peers) *Faults {
	return &Faults{Verdicts: v, peers: p, callees: callee.Callees{Program: v.Program}, half: make(map[*ssa.Function][]half)}
}
