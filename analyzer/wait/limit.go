package wait

import (
	"golang.org/x/tools/go/ssa"

	"github.com/killcheck/killcheck/analyzer/handle"
	"github.com/killcheck/killcheck/analyzer/wake"
)

// limited returns the wake by the time limit of the object v, which a call works on
// that keeps it: each object that v may be is made in sight, with a limit. That of a
// constant comes by itself; any other has to be set.
func (m *Points) limited(v ssa.Value, name string) (wake.Wake, bool) {
	set, ok := m.h.Limit(v, 4)
	if !ok {
		return wake.Wake{}, false
	}
	k := wake.Wake{Action: wake.ByTime, Level: wake.Itself}
	if !set {
		k.If = []string{name + "." + handle.LimitField + " is set"}
	}
	return k, true
}
