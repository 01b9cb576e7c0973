package wait

import (
	"fmt"
	"slices"

	"github.com/killcheck/killcheck/analyzer/wake"
)

// MaxGaps is how many conditions of a verdict may say something else than that code
// returns which was not read. With more of them, nothing is known.
const MaxGaps = 3

// Gap returns a wake of the wait that only what is outside decides, or nil. A wait
// that may be left without end on a path of the code has none: that is no business
// of others.
func (w *Wait) Gap() *wake.Wake {
	if w.Op == Join || w.Op == Nothing {
		return nil
	}
	if i := slices.IndexFunc(w.Wakes, func(k wake.Wake) bool { return k.Outside() }); i >= 0 {
		return &w.Wakes[i]
	}
	return nil
}

// gapKey tells the condition of a wait that has one from others.
func (w *Wait) gapKey() string {
	k := w.Gap()
	key := fmt.Sprint(k.Action, w.Op, " ", k.Name, k.Over)
	if k.Name == "" || w.Op == Loop {
		key += fmt.Sprint(w.Name, w.Far, w.Pos)
	}
	return key
}
