// Package capacity knows whether what is sent on a channel finds room: what room is enough
// for all of it, whether its receivers take what the room does not, and how many values a
// function sends on a channel that it is given.
package capacity

import "github.com/killcheck/killcheck/analyzer/count"

// Capacities knows whether the values on the channels of a package find room.
type Capacities struct{ *count.Counts }

// New returns whether they do. It is worked out when it is asked for.
func New(ct *count.Counts) *Capacities { return &Capacities{Counts: ct} }
