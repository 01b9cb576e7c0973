package verdict

import (
	"fmt"
	"go/token"
	"slices"
	"strings"

	"golang.org/x/tools/go/ssa"

	"github.com/killcheck/killcheck/analyzer/flow"
	"github.com/killcheck/killcheck/analyzer/program"
)

// An Explanation tells, in several lines, what is known of a wait or of a
// goroutine. Lines below the first begin with tabs.
type Explanation struct {
	Pos, End token.Pos // the place that it is about
	Spawn    bool      // it is about a goroutine
	Text     string
}

// explain explains every wait of the package and every goroutine that starts in
// it, in the order of the code.
func (m *matcher) explain() []Explanation {
	var all []Explanation
	at := make(map[token.Pos]int) // number of the explanation at a position, and 1
	var first []*Wait
	for _, fn := range m.mod.Functions {
		if fn.Synthetic != "" {
			continue
		}
		for _, w := range m.all(fn) {
			if !w.Pos.IsValid() {
				continue
			}
			text := m.explainWait(fn, w)
			if i := at[w.Pos]; i > 0 {
				if !strings.Contains(all[i-1].Text, text) {
					all[i-1].Text += "\n" + text
				}
				continue
			}
			all = append(all, Explanation{Pos: m.mod.Syn.Start(w.Pos), End: m.mod.Syn.End(w.Pos), Text: text})
			at[w.Pos] = len(all)
			first = append(first, w)
		}
	}
	for i := range all {
		all[i].Text += m.context(all[i], first[i])
	}
	for _, g := range m.gs {
		all = append(all, Explanation{Pos: g.Site.Pos, End: g.Site.End, Spawn: true, Text: m.explainGoroutine(g)})
	}
	slices.SortStableFunc(all, func(a, b Explanation) int { return int(a.Pos) - int(b.Pos) })
	return all
}

// all returns the waits of fn with those of its calls, each as the call has it,
// those that end by themselves among them.
func (m *matcher) all(fn *ssa.Function) []*Wait {
	ws := slices.Clone(m.waits(fn))
	c := newCollection()
	c.all = true
	m.callees.Each(fn, func(in ssa.CallInstruction) { m.callWaits(fn, in, c) })
	for _, w := range c.list {
		if !slices.Contains(ws, w) {
			ws = append(ws, w)
		}
	}
	return ws
}

// maxShown bounds how many things of one sort are shown.
const maxShown = 6

func (m *matcher) explainWait(fn *ssa.Function, w *Wait) string {
	var b strings.Builder
	fmt.Fprintf(&b, "%s: %s", m.mod.Where(w.Pos), m.what(w))
	if w.Far != "" {
		fmt.Fprintf(&b, ", at %s", w.Far)
	}
	m.explainWakes(&b, fn, w)
	return b.String()
}

// what says what the wait is.
func (m *matcher) what(w *Wait) string {
	switch w.Op {
	case WaitSelect:
		return "waits in a select"
	case WaitNothing:
		return "waits in select{}"
	case WaitRecv:
		return "receives from " + w.Name
	case WaitSend:
		return "sends on " + w.Name
	case WaitLoop:
		return "goes round a loop that does not count"
	case WaitJoin:
		return "waits for goroutines in " + w.Name
	case WaitUnread:
		return "calls " + w.Name
	}
	return "waits in " + w.Name
}

func (m *matcher) explainWakes(b *strings.Builder, fn *ssa.Function, w *Wait) {
	if w.Timed {
		b.WriteString("\n\tended by a deadline that is set before: comes by itself")
	}
	if len(w.Wakes) == 0 {
		b.WriteString("\n\tnothing ends it")
		return
	}
	seen := make(map[string]bool)
	for i := range w.Wakes {
		if outdone(w, i) {
			continue
		}
		k := m.settle(w.Wakes[i], spot{fn, w.In, w.Pos})
		text := "\n\t" + m.wakeText(w, k) + m.leadsText(fn, w, w.Wakes[i])
		if !seen[text] && len(seen) < 2*maxShown {
			seen[text] = true
			b.WriteString(text)
		}
	}
}

// outdone reports whether wake number i, which nobody raises, says less than
// another by the same object.
func outdone(w *Wait, i int) bool {
	k := w.Wakes[i]
	return k.Param == nil && k.Level == Never && slices.ContainsFunc(w.Wakes, func(x Wake) bool {
		return x.Name == k.Name && (x.Level > Never || x.Param != nil)
	})
}

// wakeText says what the wake is, how sure, and by whom.
func (m *matcher) wakeText(w *Wait, k Wake) string {
	name := k.Name
	if name == "" {
		name = w.Name
	}
	var what string
	switch k.Action {
	case ByClose:
		what = "ended by a close of " + name
		if strings.Contains(name, "Close") || strings.Contains(name, "Shutdown") || strings.HasPrefix(name, "a close") {
			what = "ended by " + name
		}
	case BySend:
		what = "ended by a send on " + name
	case ByReceive:
		what = "ended by a receive from " + name
	case ByCancel:
		what = "ended by " + name
	case ByStore:
		what = "ended when " + name + " is set"
	case ByJoin:
		what = "ended when the goroutines end"
	case ByTime:
		what = "ended by time"
	case ByData:
		what = "ended by its data"
		if k.Why == NoExit {
			return "nothing leaves it"
		}
	case ByReturn:
		what = "ended when that returns"
	case ByPeer:
		what = "ended by its other side"
	}
	return what + ": " + m.levelText(k) + m.whoText(k)
}

func (m *matcher) levelText(k Wake) string {
	switch k.Level {
	case Itself:
		return "comes by itself"
	case Surely:
		return "somebody does it"
	case Perhaps:
		return "perhaps, by code that is not seen"
	case OnlyIf:
		if k.Why == OnePath {
			return "on some paths only, not before the return at " + m.mod.Where(k.At)
		}
		return "not always: " + wordsFor(k.Why)
	case Never:
		return "never: " + wordsFor(k.Why)
	}
	if k.Why == NoReason {
		return "not shown"
	}
	return "not shown: " + wordsFor(k.Why)
}

func (m *matcher) whoText(k Wake) string {
	var who []string
	for _, in := range k.Who {
		pos := in.Pos()
		if !pos.IsValid() {
			pos = in.Parent().Pos()
		}
		s := m.name(in.Parent()) + " at " + m.mod.Where(pos)
		if !slices.Contains(who, s) {
			who = append(who, s)
		}
	}
	switch {
	case len(who) == 0:
		return ""
	case len(who) > 3:
		return ", in " + strings.Join(who[:3], ", ") + fmt.Sprintf(" and %d more places", len(who)-3)
	}
	return ", in " + strings.Join(who, ", ")
}

func (m *matcher) name(fn *ssa.Function) string { return nameOf(fn, m.mod.Pkg) }

// leadsText says whether the wake of an operation in a loop leads out of it.
func (m *matcher) leadsText(fn *ssa.Function, w *Wait, k Wake) string {
	if w.Op == WaitLoop || w.In == nil || w.In.Block() == nil {
		return ""
	}
	var loop *flow.Loop
	for _, l := range m.mod.PlainGraph(fn).All() {
		if l.Has(w.In.Block()) && slices.ContainsFunc(m.waits(fn), func(x *Wait) bool { return x.Op == WaitLoop && x.Head == l.Head }) {
			loop = l
		}
	}
	if loop == nil {
		return ""
	}
	for _, x := range m.waits(fn) {
		if x.Op != WaitLoop || x.Head != loop.Head {
			continue
		}
		for _, y := range x.Wakes {
			if y.Action == k.Action && y.Param == k.Param && (y.Name == k.Name || k.Param != nil) {
				return "; it leads out of the loop"
			}
		}
	}
	return "; the loop goes on after it"
}

// context tells which goroutines run what stands at a place, and what the checks
// say of it.
func (m *matcher) context(e Explanation, w *Wait) string {
	var b strings.Builder
	n := 0
	for _, g := range m.gs {
		if !m.runsAt(g, e.Pos) {
			continue
		}
		if n++; n > 3 {
			b.WriteString("\n\tothers run it, too")
			break
		}
		fmt.Fprintf(&b, "\n\tthe goroutine started at %s runs it; that %s", m.mod.Where(g.Site.Pos), m.spoken(m.verdict(g)))
	}
	if n == 0 {
		b.WriteString("\n\tno goroutine that is started in this package is seen to run it")
	}
	said := false
	for _, o := range m.heard {
		if o.Pos == e.Pos {
			said = true
			fmt.Fprintf(&b, "\n\t%s (%s) reports: %s", o.Check, tierOf(o), o.Message)
		}
	}
	if !said {
		b.WriteString("\n\tno check reports it" + m.quiet(w))
	}
	return b.String()
}

// quiet says why no check reports the wait, as the end of a sentence.
func (m *matcher) quiet(w *Wait) string {
	if w.over() {
		return ": it ends by itself"
	}
	for i := range w.Wakes {
		k := m.settle(w.Wakes[i], spot{w.Fn, w.In, w.Pos})
		if k.stops() {
			return ": it heeds " + k.Name
		}
	}
	if b := w.best(); b != nil && (b.Level == Unclear || b.Level == Perhaps || b.Level == OnlyIf || w.open()) {
		return ": what is not proved is not reported"
	}
	return ""
}

func tierOf(o Said) string {
	if o.Extended {
		return "extended"
	}
	return "core"
}

// runsAt reports whether the goroutine runs the function around pos.
func (m *matcher) runsAt(g *program.Goroutine, pos token.Pos) bool {
	for _, f := range g.Frames {
		if body := m.mod.Syn.Body(f.Fn); body != nil && body.Pos() <= pos && pos < body.End() {
			inner := false
			for _, a := range f.Fn.AnonFuncs {
				x := m.mod.Syn.Body(a)
				inner = inner || x != nil && x.Pos() <= pos && pos < x.End()
			}
			if !inner {
				return true
			}
		}
	}
	return false
}

func (m *matcher) explainGoroutine(g *program.Goroutine) string {
	var b strings.Builder
	fmt.Fprintf(&b, "%s: a goroutine starts here and runs %s", m.mod.Where(g.Site.Pos), m.runs(g, m.mod.Pkg))
	v := m.verdict(g)
	fmt.Fprintf(&b, "\n\tit %s", m.spoken(v))
	ws, more := m.of(g)
	if len(ws) == 0 && !more {
		b.WriteString("\n\tit has no wait that does not end by itself")
	}
	for i, w := range ws {
		if i == maxShown {
			fmt.Fprintf(&b, "\n\tand %d more waits", len(ws)-i)
			break
		}
		fmt.Fprintf(&b, "\n\tat %s it %s", m.whereOf(g, w), m.what(w))
		if len(w.Calls) > 0 {
			b.WriteString(m.callsText(w))
		}
		for j := range w.Wakes {
			if j == maxShown {
				break
			}
			if outdone(w, j) {
				continue
			}
			b.WriteString("\n\t\t" + m.wakeText(w, w.Wakes[j]))
		}
		if len(w.Wakes) == 0 {
			b.WriteString("\n\t\tnothing ends it")
		}
	}
	if more {
		b.WriteString("\n\tit has more waits than are looked at, or runs code that is not seen")
	}
	for _, o := range m.heard {
		if o.Site == g.Site {
			fmt.Fprintf(&b, "\n\t%s (%s) reports at %s: %s", o.Check, tierOf(o), m.mod.Where(o.Pos), o.Message)
		}
	}
	return b.String()
}

// spoken words the verdict as the end of a sentence.
func (m *matcher) spoken(v Verdict) string {
	switch v.Ending {
	case Unknown:
		if v.Why == "" {
			return "may end or not: what it runs is not known"
		}
		return "may end or not: " + v.Why
	case Stuck:
		return "is stuck: " + v.Why
	}
	return v.String()
}

// callsText gives the calls on the way to a wait.
func (m *matcher) callsText(w *Wait) string {
	var names []string
	for _, pos := range w.Calls {
		if pos.IsValid() {
			names = append(names, m.mod.Syn.Callee(m.mod.Syn.Called(pos)))
		}
	}
	if len(names) == 0 {
		return ""
	}
	return ", by way of " + strings.Join(names, ", ")
}
