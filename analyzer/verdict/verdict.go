// Package verdict judges each goroutine: it ends, it stops by a signal, it is stuck, or
// that is unknown. It makes that of the waits of the goroutine, and of what wakes them.
package verdict

import (
	"github.com/killcheck/killcheck/analyzer/callee"
	"github.com/killcheck/killcheck/analyzer/capacity"
	"github.com/killcheck/killcheck/analyzer/handle"
	"github.com/killcheck/killcheck/analyzer/program"
	"github.com/killcheck/killcheck/analyzer/wait"
)

// Verdicts knows how the goroutines of one package end. It works each of them out when it
// is first asked for.
type Verdicts struct {
	*wait.Points
	callees  callee.Callees
	verdicts map[*program.Goroutine]*Verdict // nil while one is made
	said     []Said                          // see Hear
	answers  map[*program.Goroutine][]Said
}

// New returns the verdicts of a package.
func New(cp *capacity.Capacities, h *handle.Handles) *Verdicts {
	m := &Verdicts{callees: callee.Callees{Program: cp.Program}, verdicts: make(map[*program.Goroutine]*Verdict)}
	m.Points = wait.New(cp, h, m.ends, func(g *program.Goroutine) { delete(m.verdicts, g) })
	return m
}
