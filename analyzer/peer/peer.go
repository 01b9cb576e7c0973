// Package peer knows who takes what is sent, and whether he may leave without, start too
// late, or take fewer.
package peer

import (
	"github.com/killcheck/killcheck/analyzer/capacity"
	"github.com/killcheck/killcheck/analyzer/count"
	"github.com/killcheck/killcheck/analyzer/join"
	"github.com/killcheck/killcheck/analyzer/raiser"
)

// Peers knows the receivers of what a package sends.
type Peers struct {
	*count.Counts
	*capacity.Capacities
	*raiser.Raisers
	endings *join.Endings
}

// New returns the peers of the sends. They are worked out when they are asked for.
func New(cp *capacity.Capacities, r *raiser.Raisers, en *join.Endings) *Peers {
	return &Peers{Counts: cp.Counts, Capacities: cp, Raisers: r, endings: en}
}
