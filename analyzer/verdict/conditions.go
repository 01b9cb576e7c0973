package verdict

import (
	"fmt"
	"slices"
	"strings"

	"golang.org/x/tools/go/ssa"

	"github.com/killcheck/killcheck/analyzer/code"
)

// maxGaps is how many conditions of a verdict may say something else than that code
// returns which was not read. With more of them, nothing is known.
const maxGaps = 3

// outside reports whether what is outside of the code that was read decides whether
// the wake comes: other code, or the data.
func (k *Wake) outside() bool {
	if k.Param != nil {
		return false
	}
	switch k.Level {
	case Perhaps:
		return true
	case Unclear:
		return k.Why == NotSeen || k.Why == NotRead || k.Why == DataDecide && !k.Stop || k.Action == ByReturn
	}
	return false
}

// gap returns a wake of the wait that only what is outside decides, or nil. A wait
// that may be left without end on a path of the code has none: that is no business
// of others.
func (w *Wait) gap() *Wake {
	if w.Op == WaitJoin || w.Op == WaitNothing {
		return nil
	}
	if i := slices.IndexFunc(w.Wakes, func(k Wake) bool { return k.outside() }); i >= 0 {
		return &w.Wakes[i]
	}
	return nil
}

// gapKey tells the condition of a wait that has one from others.
func (w *Wait) gapKey() string {
	k := w.gap()
	key := fmt.Sprint(k.Action, w.Op, " ", k.Name, k.Over)
	if k.Name == "" || w.Op == WaitLoop {
		key += fmt.Sprint(w.Name, w.Far, w.Pos)
	}
	return key
}

// condition says what the wait needs from outside, as the end of a sentence that
// begins with if; it is empty if that is not all that it needs.
func (m *Verdicts) condition(w *Wait) string {
	k := w.gap()
	if k == nil {
		return ""
	}
	name := k.Name
	if name == "" {
		name = w.Name
	}
	switch k.Action {
	case ByReturn:
		if w.Op != WaitUnread {
			name = m.calledText(w)
		}
		return name + returns
	case ByReceive:
		return name + " is received from"
	case BySend:
		return name + " is sent on"
	case ByStore:
		return name + " is set"
	case ByCancel:
		return name + " is raised"
	case ByClose:
		if recv, ok := w.In.(*ssa.UnOp); ok && w.Op == WaitRecv && !code.RecvIsRange(recv) && slices.ContainsFunc(w.Wakes, func(x Wake) bool { return x.Action == BySend && x.outside() }) {
			return name + " is closed or sent on"
		}
		if k.Over != "" {
			name = k.Over
		}
		return strings.TrimSuffix(strings.TrimPrefix(name, "a close of "), ".Close") + " is closed"
	}
	if k.Action == ByPeer && k.Why == NotSeen && k.Name != "" {
		return "the context of " + k.Name + " ends"
	}
	if w.Op == WaitLoop {
		at := w.Far
		if at == "" {
			at = m.Where(w.Pos)
		}
		return "the loop at " + at + " ends"
	}
	return m.calledText(w) + returns
}

// calledText names the call that waits.
func (m *Verdicts) calledText(w *Wait) string {
	if c, ok := w.In.(ssa.CallInstruction); ok && w.Far != "" {
		return m.callees.Name(c)
	}
	return w.Name
}

// returns ends a condition that names code which was not read.
const returns = " returns"

// gaps returns how many of the conditions say something else than that code returns
// which was not read.
func gaps(conditions []string) int {
	n := 0
	for _, c := range conditions {
		if !strings.HasSuffix(c, returns) {
			n++
		}
	}
	return n
}

// listedConditions joins the conditions, those of code that returns first.
func listedConditions(conditions []string) string {
	var names, all []string
	for _, c := range conditions {
		if name, ok := strings.CutSuffix(c, returns); ok {
			names = append(names, name)
		} else {
			all = append(all, c)
		}
	}
	if len(names) > 0 {
		all = append([]string{listed(names) + returns}, all...)
	}
	return strings.Join(all, " and ")
}
