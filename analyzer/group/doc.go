// Package group knows what is counted by an object and not by a channel: the calls on
// wait groups, condition variables and locks, whether all that work on one object are
// seen, and whether more is added to a wait group than is taken away.
package group

import "github.com/killcheck/killcheck/analyzer/event"

// Groups knows the wait groups, condition variables and locks of a package.
type Groups struct {
	*event.Events
	sync *SyncOps // see SyncIndex
}

// New returns what is known of the groups of a package. It is worked out when it is
// asked for.
func New(ev *event.Events) *Groups { return &Groups{Events: ev} }
