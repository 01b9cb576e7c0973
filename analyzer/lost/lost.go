// Package lost knows stops that do not reach whom they are for: a loop learns of one and
// goes round again, a cancel function is overwritten before anybody calls it, or a
// goroutine is cut off from the context of whoever starts it.
package lost

import "github.com/killcheck/killcheck/analyzer/event"

// Stops knows which stops of a package are lost.
type Stops struct{ *event.Events }

// New returns the stops that are lost. They are worked out when they are asked for.
func New(ev *event.Events) *Stops { return &Stops{ev} }
