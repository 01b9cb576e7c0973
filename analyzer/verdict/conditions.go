package verdict

import (
	"slices"
	"strings"

	"golang.org/x/tools/go/ssa"

	"github.com/killcheck/killcheck/analyzer/code"
	"github.com/killcheck/killcheck/analyzer/wait"
	"github.com/killcheck/killcheck/analyzer/wake"
)

// condition says what the wait needs from outside, as the end of a sentence that
// begins with if; it is empty if that is not all that it needs.
func (m *Verdicts) condition(w *wait.Wait) string {
	k := w.Gap()
	if k == nil {
		return ""
	}
	name := k.Name
	if name == "" {
		name = w.Name
	}
	switch k.Action {
	case wake.ByReturn:
		if w.Op != wait.Unread {
			name = m.calledText(w)
		}
		return name + returns
	case wake.ByReceive:
		return name + " is received from"
	case wake.BySend:
		return name + " is sent on"
	case wake.ByStore:
		return name + " is set"
	case wake.ByCancel:
		return name + " is raised"
	case wake.ByClose:
		if recv, ok := w.In.(*ssa.UnOp); ok && w.Op == wait.Recv && !code.RecvIsRange(recv) && slices.ContainsFunc(w.Wakes, func(x wake.Wake) bool { return x.Action == wake.BySend && x.Outside() }) {
			return name + " is closed or sent on"
		}
		if k.Over != "" {
			name = k.Over
		}
		return strings.TrimSuffix(strings.TrimPrefix(name, "a close of "), ".Close") + " is closed"
	}
	if k.Action == wake.ByPeer && k.Why == wake.NotSeen && k.Name != "" {
		return "the context of " + k.Name + " ends"
	}
	if w.Op == wait.Loop {
		at := w.Far
		if at == "" {
			at = m.Where(w.Pos)
		}
		return "the loop at " + at + " ends"
	}
	return m.calledText(w) + returns
}

// calledText names the call that waits.
func (m *Verdicts) calledText(w *wait.Wait) string {
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
