// Package notify knows whether who waits for a wait group or condition variable is told:
// whether as much is done as is counted, and who has to do so or to signal may leave
// without.
package notify

import "github.com/killcheck/killcheck/analyzer/count"

// Notifiers knows who tells the groups and condition variables of a package.
type Notifiers struct{ *count.Counts }

// New returns who tells them. It is worked out when it is asked for.
func New(ct *count.Counts) *Notifiers { return &Notifiers{Counts: ct} }
