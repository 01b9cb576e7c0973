// Package dead knows waits for what never comes: nobody sends or closes, or only the
// goroutine itself after the wait, or the one value of a timer has been taken before.
package dead

import "github.com/killcheck/killcheck/analyzer/event"

// Waits knows the waits of a package for what never comes.
type Waits struct {
	*event.Events
	resets []reset // see resetElsewhere; nil if not looked for yet
}

// New returns the waits for what never comes. They are worked out when they are asked
// for.
func New(ev *event.Events) *Waits { return &Waits{Events: ev} }
