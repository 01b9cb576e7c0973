package verdict

import (
	"golang.org/x/tools/go/ssa"

	"github.com/killcheck/killcheck/analyzer/handle"
)

// limited returns the wake by the time limit of the object v, which a call works on
// that keeps it: each object that v may be is made in sight, with a limit. That of a
// constant comes by itself; any other has to be set.
func (m *Verdicts) limited(v ssa.Value, name string) (Wake, bool) {
	set, ok := m.h.Limit(v, 4)
	if !ok {
		return Wake{}, false
	}
	k := Wake{Action: ByTime, Level: Itself}
	if !set {
		k.If = []string{name + "." + handle.LimitField + " is set"}
	}
	return k, true
}
