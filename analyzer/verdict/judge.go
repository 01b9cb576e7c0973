package verdict

import (
	"go/token"
	"slices"
	"strings"

	"github.com/killcheck/killcheck/analyzer/program"
	"github.com/killcheck/killcheck/analyzer/wait"
	"github.com/killcheck/killcheck/analyzer/wake"
)

// An Ending is how a goroutine ends.
type Ending string

// The endings.
const (
	Ends      Ending = "ends"       // all it waits for comes by itself, and its loops are bounded
	Stops     Ending = "stops"      // the signals in By end all of its waits
	Stuck     Ending = "stuck"      // nothing ends one of its waits
	ByProcess Ending = "by process" // it is meant to live as long as the process
	Unknown   Ending = "unknown"    // none of these is shown
)

// A Verdict is the answer to the question how a goroutine ends. It is made from
// the waits alone, those of what it calls among them.
type Verdict struct {
	Ending Ending
	By     []string  // for Stops: the signals, as Go source
	All    bool      // all of them are needed; else each is enough
	If     []string  // for Ends and Stops: what must come from outside, such as "f returns"
	Why    string    // for Stuck and Unknown, in words; empty if the code is out of sight
	At     token.Pos // the wait that decides; not set if there is none
}

// Of returns how the goroutine ends.
func (m *Verdicts) Of(g *program.Goroutine) Verdict {
	if v, ok := m.verdicts[g]; ok {
		if v == nil {
			return Verdict{Ending: Unknown, Why: wake.Recursive.String(), At: g.Site.Pos}
		}
		return *v
	}
	m.verdicts[g] = nil
	var v Verdict
	m.Meanwhile(g, func(circle bool) (sure bool) {
		v = m.lifetime(g, m.fromWaits(g))
		if circle && (v.Ending == Ends || v.Ending == Stops) {
			v = Verdict{Ending: Unknown, Why: wake.Recursive.String(), At: g.Site.Pos}
			return false
		}
		return true
	})
	m.verdicts[g] = &v
	return v
}

// lifetime says what a verdict means for a goroutine that is meant to live as
// long as the process: a loop without end is excused, a wait for what cannot
// come is not.
func (m *Verdicts) lifetime(g *program.Goroutine, v Verdict) Verdict {
	if o, ok := m.answered(g); ok && v.Ending != Stuck {
		return Verdict{Ending: Stuck, Why: o.Check + " at " + m.Where(o.Pos), At: o.Pos}
	}
	if g.Left != "" && (v.Ending == Ends || v.Ending == Stops) {
		return Verdict{Ending: Unknown, Why: g.Left}
	}
	if !g.Process && (v.Ending != Stuck || !m.meantFar(g)) {
		return v
	}
	if v.Ending == Unknown || v.Ending == Stuck && m.excused(g, v) || gaps(v.If) > 0 {
		return Verdict{Ending: ByProcess, Why: v.Why, At: v.At}
	}
	return v
}

// meantFar reports whether all waits that nothing ends are ones of other packages which
// are meant to last as long as the process.
func (m *Verdicts) meantFar(g *program.Goroutine) bool {
	ws, _ := m.Waits(g)
	return !slices.ContainsFunc(ws, func(w *wait.Wait) bool {
		b := w.Best()
		return (b == nil || b.Level == wake.Never) && !w.Meant
	})
}

// excused reports whether the wait that nothing ends is a loop, or select{}.
func (m *Verdicts) excused(g *program.Goroutine, v Verdict) bool {
	ws, _ := m.Waits(g)
	for _, w := range ws {
		if b := w.Best(); (b == nil || b.Level == wake.Never) && w.Op != wait.Loop && w.Op != wait.Nothing && w.Op != wait.Call {
			return false
		}
	}
	return true
}

// fromWaits makes the verdict of the waits.
func (m *Verdicts) fromWaits(g *program.Goroutine) Verdict {
	if g.Site.Body == nil && g.Site.Call == nil {
		return Verdict{Ending: Unknown}
	}
	ws, more := m.Waits(g)
	var ifs []string
	var sets [][]string
	var stuck, unknown, gap *wait.Wait
	names := oneName(ws)
	for _, w := range ws {
		stops, over := endsOf(w, names)
		switch b := w.Best(); {
		case w.Timed:
		case over:
			ifs = append(ifs, b.If...)
		case len(stops) > 0:
			sets = append(sets, stops...)
			ifs = append(ifs, needs(w)...)
		case b == nil || b.Level == wake.Never:
			if stuck == nil {
				stuck = w
			}
		case w.Gap() != nil && !vacuous(g, w):
			ifs = append(ifs, m.condition(w))
			if gap == nil && gaps(ifs) > 0 {
				gap = w
			}
		case unknown == nil || b.Level == wake.OnlyIf && unknown.Best().Level != wake.OnlyIf:
			unknown = w
		}
	}
	by, all := enough(sets)
	ifs = sorted(ifs)
	v := Verdict{Ending: Unknown}
	switch {
	case stuck != nil:
		return Verdict{Ending: Stuck, Why: m.Words(g, stuck), At: stuck.Pos}
	case unknown != nil:
		v.Why, v.At = m.Words(g, unknown), unknown.Pos
	case gaps(ifs) > wait.MaxGaps && gap != nil:
		v.Why, v.At = m.Words(g, gap), gap.Pos
	case more || gaps(ifs) > wait.MaxGaps:
		v.Why, v.At = wake.NoMore.String(), g.Site.Pos
	case len(by) > 0:
		return Verdict{Ending: Stops, By: by, All: all, If: ifs}
	default:
		return Verdict{Ending: Ends, If: ifs}
	}
	if len(by) > 0 {
		v.Why += "; it heeds " + some(by)
	}
	return v
}

// vacuous reports whether what the goroutine starts is itself code that was not
// read: that it ends if that returns says nothing.
func vacuous(g *program.Goroutine, w *wait.Wait) bool {
	body := g.Site.Body
	return (body == nil || len(body.Blocks) == 0) && len(w.Calls) == 0 && w.Gap().Action == wake.ByReturn && w.Op != wait.Unread
}

func sorted(s []string) []string {
	slices.Sort(s)
	return slices.Compact(s)
}

// enough returns the stops that are in all sets, of which each is enough; or, if
// there are none, some of which all are needed.
func enough(sets [][]string) (by []string, all bool) {
	if len(sets) == 0 {
		return nil, false
	}
	for _, name := range sets[0] {
		if !slices.ContainsFunc(sets, func(s []string) bool { return !slices.Contains(s, name) }) {
			by = append(by, name)
		}
	}
	if len(by) > 0 {
		return sorted(by), false
	}
	for len(sets) > 0 {
		name := commonest(sets)
		by = append(by, name)
		sets = slices.DeleteFunc(slices.Clone(sets), func(s []string) bool { return slices.Contains(s, name) })
	}
	return sorted(by), len(by) > 1
}

// commonest returns the name that most of the sets hold, the first of several.
func commonest(sets [][]string) string {
	count := make(map[string]int)
	best := ""
	for _, s := range sets {
		for _, name := range sorted(slices.Clone(s)) {
			count[name]++
		}
	}
	for name, n := range count {
		if best == "" || n > count[best] || n == count[best] && name < best {
			best = name
		}
	}
	return best
}

// oneName gives each object of the wakes the name by which it is called first:
// functions may call it by others.
func oneName(ws []*wait.Wait) map[string]string {
	names := make(map[string]string)
	for _, w := range ws {
		for i := range w.Wakes {
			k := &w.Wakes[i]
			if key := object(k); key != "" && (names[key] == "" || strings.HasSuffix(k.Name, ".Done()")) {
				names[key] = k.Name
			}
		}
	}
	return names
}

// object returns what tells the object of the wake from others: its key, or that
// of a context that is asked in several ways.
func object(k *wake.Wake) string {
	if k.Key == "" && k.Action == wake.ByCancel {
		ctx, _ := strings.CutSuffix(k.Name, ".Done()")
		ctx, _ = strings.CutSuffix(ctx, ".Err()")
		return "context " + ctx
	}
	return k.Key
}

// sets is the opposite of enough.
func (v Verdict) sets() [][]string {
	if !v.All {
		return [][]string{v.By}
	}
	var sets [][]string
	for _, name := range v.By {
		sets = append(sets, []string{name})
	}
	return sets
}

// endsOf returns the stops that end the wait, as sets of which one each must
// come, and whether it needs none.
func endsOf(w *wait.Wait, called map[string]string) (sets [][]string, over bool) {
	var names []string
	for i := range w.Wakes {
		k := &w.Wakes[i]
		switch {
		case k.Level == wake.Itself:
			return nil, true
		case k.Stops() && len(k.Sets) > 0:
			if len(w.Wakes) == 1 || len(k.Sets) > 1 {
				sets = k.Sets
				continue
			}
			names = append(names, k.Sets[0]...)
		case k.Stops() && k.Name != "":
			name := k.Name
			if s := called[object(k)]; s != "" {
				name = s
			}
			names = append(names, name)
		}
	}
	if len(names) > 0 {
		return [][]string{names}, false
	}
	return sets, false
}

// needs returns the code that must return for the wait to end.
func needs(w *wait.Wait) []string {
	var names []string
	for i := range w.Wakes {
		if w.Wakes[i].Stops() {
			names = append(names, w.Wakes[i].If...)
		}
	}
	return names
}

// ends says how sure it is that the goroutine comes to its end.
func (m *Verdicts) ends(g *program.Goroutine) wake.Wake {
	v := m.Of(g)
	switch v.Ending {
	case Ends:
		return wake.Wake{Level: wake.Itself, Action: wake.ByJoin, If: v.If}
	case Stops:
		return wake.Wake{Level: wake.Surely, Action: wake.ByJoin, Sets: v.sets(), If: v.If}
	case Stuck:
		return wake.Wake{Level: wake.Never, Why: wake.NotEnd, At: g.Site.Pos}
	}
	return wake.Wake{Level: wake.Unclear, Why: wake.NotEnd, At: g.Site.Pos}
}
