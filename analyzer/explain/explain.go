// Package explain puts into words what is known of each wait and each goroutine, for who
// asks why; and what each goroutine runs, for the map.
package explain

import (
	"fmt"
	"go/token"
	"slices"
	"strings"

	"golang.org/x/tools/go/ssa"

	"github.com/killcheck/killcheck/analyzer/flow"
	"github.com/killcheck/killcheck/analyzer/program"
	"github.com/killcheck/killcheck/analyzer/verdict"
	"github.com/killcheck/killcheck/analyzer/wait"
	"github.com/killcheck/killcheck/analyzer/wake"
)

// An Explanation tells, in several lines, what is known of a wait or of a
// goroutine. Lines below the first begin with tabs.
type Explanation struct {
	Pos, End token.Pos // the place that it is about
	Spawn    bool      // it is about a goroutine
	Text     string
}

// An Explainer explains the verdicts of a package.
type Explainer struct {
	*verdict.Verdicts
	wrappers map[*ssa.Function]bool // see asked
}

// New returns the explainer of the verdicts.
func New(v *verdict.Verdicts) *Explainer { return &Explainer{Verdicts: v} }

// All explains every wait of the package and every goroutine that starts in
// it, in the order of the code.
func (m *Explainer) All() []Explanation {
	var all []Explanation
	at := make(map[token.Pos]int) // number of the explanation at a position, and 1
	var first []*wait.Wait
	for _, fn := range m.Functions {
		if fn.Synthetic != "" {
			continue
		}
		for _, w := range m.AllWaits(fn) {
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
			all = append(all, Explanation{Pos: m.Syn.Start(w.Pos), End: m.Syn.End(w.Pos), Text: text})
			at[w.Pos] = len(all)
			first = append(first, w)
		}
	}
	for i := range all {
		all[i].Text += m.context(all[i], first[i])
	}
	for _, g := range m.Goroutines {
		all = append(all, Explanation{Pos: g.Site.Pos, End: g.Site.End, Spawn: true, Text: m.explainGoroutine(g)})
	}
	slices.SortStableFunc(all, func(a, b Explanation) int { return int(a.Pos) - int(b.Pos) })
	return all
}

// maxShown bounds how many things of one sort are shown.
const maxShown = 6

func (m *Explainer) explainWait(fn *ssa.Function, w *wait.Wait) string {
	var b strings.Builder
	fmt.Fprintf(&b, "%s: %s", m.Where(w.Pos), m.what(w))
	if w.Far != "" {
		fmt.Fprintf(&b, ", at %s", w.Far)
	}
	m.explainWakes(&b, fn, w)
	return b.String()
}

// what says what the wait is.
func (m *Explainer) what(w *wait.Wait) string {
	switch w.Op {
	case wait.Select:
		return "waits in a select"
	case wait.Nothing:
		return "waits in select{}"
	case wait.Recv:
		return "receives from " + w.Name
	case wait.Send:
		return "sends on " + w.Name
	case wait.Loop:
		return "goes round a loop that does not count"
	case wait.Join:
		return "waits for goroutines in " + w.Name
	case wait.Unread:
		return "calls " + w.Name
	}
	return "waits in " + w.Name
}

func (m *Explainer) explainWakes(b *strings.Builder, fn *ssa.Function, w *wait.Wait) {
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
		k := m.Settled(w, w.Wakes[i], fn, w.In)
		text := "\n\t" + m.wakeText(w, k) + m.leadsText(fn, w, w.Wakes[i])
		if !seen[text] && len(seen) < 2*maxShown {
			seen[text] = true
			b.WriteString(text)
		}
	}
}

// outdone reports whether wake number i, which nobody raises, says less than
// another by the same object.
func outdone(w *wait.Wait, i int) bool {
	k := w.Wakes[i]
	return k.Param == nil && k.Level == wake.Never && slices.ContainsFunc(w.Wakes, func(x wake.Wake) bool {
		return x.Name == k.Name && (x.Level > wake.Never || x.Param != nil)
	})
}

// wakeText says what the wake is, how sure, and by whom.
func (m *Explainer) wakeText(w *wait.Wait, k wake.Wake) string {
	name := k.Name
	if name == "" {
		name = w.Name
	}
	var what string
	switch k.Action {
	case wake.ByClose:
		what = "ended by a close of " + name
		if strings.Contains(name, "Close") || strings.Contains(name, "Shutdown") || strings.HasPrefix(name, "a close") {
			what = "ended by " + name
		}
	case wake.BySend:
		what = "ended by a send on " + name
	case wake.ByReceive:
		what = "ended by a receive from " + name
	case wake.ByCancel:
		what = "ended by " + name
	case wake.ByStore:
		what = "ended when " + name + " is set"
	case wake.ByJoin:
		what = "ended when the goroutines end"
	case wake.ByTime:
		what = "ended by time"
	case wake.ByData:
		what = "ended by its data"
		if k.Why == wake.NoExit {
			return "nothing leaves it"
		}
	case wake.ByReturn:
		what = "ended when that returns"
	case wake.ByPeer:
		what = "ended by its other side"
	}
	return what + ": " + m.levelText(k) + m.whoText(k)
}

func (m *Explainer) levelText(k wake.Wake) string {
	switch k.Level {
	case wake.Itself:
		return "comes by itself"
	case wake.Surely:
		return "somebody does it"
	case wake.Perhaps:
		return "perhaps, by code that is not seen"
	case wake.OnlyIf:
		if k.Why == wake.OnePath {
			return "on some paths only, not before the return at " + m.Where(k.At)
		}
		return "not always: " + k.Why.String()
	case wake.Never:
		return "never: " + k.Why.String()
	}
	if k.Why == wake.NoReason {
		return "not shown"
	}
	return "not shown: " + k.Why.String()
}

func (m *Explainer) whoText(k wake.Wake) string {
	var who []string
	for _, in := range k.Who {
		pos := in.Pos()
		if !pos.IsValid() {
			pos = in.Parent().Pos()
		}
		s := m.name(in.Parent()) + " at " + m.Where(pos)
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

func (m *Explainer) name(fn *ssa.Function) string { return nameOf(fn, m.Pkg) }

// leadsText says whether the wake of an operation in a loop leads out of it.
func (m *Explainer) leadsText(fn *ssa.Function, w *wait.Wait, k wake.Wake) string {
	if w.Op == wait.Loop || w.In == nil || w.In.Block() == nil {
		return ""
	}
	var loop *flow.Loop
	for _, l := range m.PlainGraph(fn).All() {
		if l.Has(w.In.Block()) && slices.ContainsFunc(m.OwnWaits(fn), func(x *wait.Wait) bool { return x.Op == wait.Loop && x.Head == l.Head }) {
			loop = l
		}
	}
	if loop == nil {
		return ""
	}
	for _, x := range m.OwnWaits(fn) {
		if x.Op != wait.Loop || x.Head != loop.Head {
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
func (m *Explainer) context(e Explanation, w *wait.Wait) string {
	var b strings.Builder
	n := 0
	for _, g := range m.Goroutines {
		if !m.runsAt(g, e.Pos) {
			continue
		}
		if n++; n > 3 {
			b.WriteString("\n\tothers run it, too")
			break
		}
		fmt.Fprintf(&b, "\n\tthe goroutine started at %s runs it; that %s", m.Where(g.Site.Pos), m.spoken(m.Of(g)))
	}
	if n == 0 {
		b.WriteString("\n\tno goroutine that is started in this package is seen to run it")
	}
	said := false
	for _, o := range m.Heard() {
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
func (m *Explainer) quiet(w *wait.Wait) string {
	if w.Over() {
		return ": it ends by itself"
	}
	for i := range w.Wakes {
		k := m.Settled(w, w.Wakes[i], w.Fn, w.In)
		if k.Stops() {
			return ": it heeds " + k.Name
		}
	}
	if b := w.Best(); b != nil && (b.Level == wake.Unclear || b.Level == wake.Perhaps || b.Level == wake.OnlyIf || w.Open()) {
		return ": what is not proved is not reported"
	}
	return ""
}

func tierOf(o verdict.Said) string {
	if o.Extended {
		return "extended"
	}
	return "core"
}

// runsAt reports whether the goroutine runs the function around pos.
func (m *Explainer) runsAt(g *program.Goroutine, pos token.Pos) bool {
	for _, f := range g.Frames {
		if body := m.Syn.Body(f.Fn); body != nil && body.Pos() <= pos && pos < body.End() {
			inner := false
			for _, a := range f.Fn.AnonFuncs {
				x := m.Syn.Body(a)
				inner = inner || x != nil && x.Pos() <= pos && pos < x.End()
			}
			if !inner {
				return true
			}
		}
	}
	return false
}

func (m *Explainer) explainGoroutine(g *program.Goroutine) string {
	var b strings.Builder
	fmt.Fprintf(&b, "%s: a goroutine starts here and runs %s", m.Where(g.Site.Pos), m.Runs(g, m.Pkg))
	v := m.Of(g)
	fmt.Fprintf(&b, "\n\tit %s", m.spoken(v))
	ws, more := m.Waits(g)
	if len(ws) == 0 && !more {
		b.WriteString("\n\tit has no wait that does not end by itself")
	}
	for i, w := range ws {
		if i == maxShown {
			fmt.Fprintf(&b, "\n\tand %d more waits", len(ws)-i)
			break
		}
		fmt.Fprintf(&b, "\n\tat %s it %s", m.WhereOf(g, w), m.what(w))
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
	for _, o := range m.Heard() {
		if o.Site == g.Site {
			fmt.Fprintf(&b, "\n\t%s (%s) reports at %s: %s", o.Check, tierOf(o), m.Where(o.Pos), o.Message)
		}
	}
	return b.String()
}

// spoken words the verdict as the end of a sentence.
func (m *Explainer) spoken(v verdict.Verdict) string {
	switch v.Ending {
	case verdict.Unknown:
		if v.Why == "" {
			return "may end or not: what it runs is not known"
		}
		return "may end or not: " + v.Why
	case verdict.Stuck:
		return "is stuck: " + v.Why
	}
	return v.String()
}

// callsText gives the calls on the way to a wait.
func (m *Explainer) callsText(w *wait.Wait) string {
	var names []string
	for _, pos := range w.Calls {
		if pos.IsValid() {
			names = append(names, m.Syn.Callee(m.Syn.Called(pos)))
		}
	}
	if len(names) == 0 {
		return ""
	}
	return ", by way of " + strings.Join(names, ", ")
}
