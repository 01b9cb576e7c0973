package handle

import (
	"golang.org/x/tools/go/ssa"

	"github.com/killcheck/killcheck/analyzer/kb"
	"github.com/killcheck/killcheck/analyzer/program"
)

// A Way is what would end a call on a handle that nobody closes.
type Way struct {
	Method string // of the handle: Close, or one that sets a deadline
	Arg    int    // the argument that is the handle, or what reads it; -1 for the receiver
}

// WayOut returns what would end the call. If somebody closes the handle after all, but
// too late, the handle is only lent: then a deadline ends the call, where the handle
// takes one.
func (h *Handles) WayOut(in *ssa.Call, at kb.Wake) Way {
	w := Way{Method: "Close", Arg: -1}
	v := program.PlaceOf(&in.Call, at.At)
	if at.At.Where == kb.Arg {
		w.Arg = at.At.N
	}
	for _, x := range h.Raised {
		if x.Event == kb.Close && x.What.Meets(h.Of(v)) {
			if name := h.ev.Deadline(h.ev.Unwrapped(v), &in.Call); name != "" {
				w.Method = name
			}
		}
	}
	return w
}
