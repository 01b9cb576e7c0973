package verdict

import (
	"go/token"
	"go/types"
	"slices"
	"strings"

	"golang.org/x/tools/go/ssa"

	"github.com/killcheck/killcheck/analyzer/code"
	"github.com/killcheck/killcheck/analyzer/program"
	"github.com/killcheck/killcheck/analyzer/summary"
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
			return Verdict{Ending: Unknown, Why: Recursive.String(), At: g.Site.Pos}
		}
		return *v
	}
	m.verdicts[g] = nil
	var v Verdict
	m.Meanwhile(g, func(circle bool) (sure bool) {
		v = m.lifetime(g, m.fromWaits(g))
		if circle && (v.Ending == Ends || v.Ending == Stops) {
			v = Verdict{Ending: Unknown, Why: Recursive.String(), At: g.Site.Pos}
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
	return !slices.ContainsFunc(ws, func(w *Wait) bool {
		b := w.Best()
		return (b == nil || b.Level == Never) && !w.Meant
	})
}

// excused reports whether the wait that nothing ends is a loop, or select{}.
func (m *Verdicts) excused(g *program.Goroutine, v Verdict) bool {
	ws, _ := m.Waits(g)
	for _, w := range ws {
		if b := w.Best(); (b == nil || b.Level == Never) && w.Op != WaitLoop && w.Op != WaitNothing && w.Op != WaitCall {
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
	var stuck, unknown, gap *Wait
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
		case b == nil || b.Level == Never:
			if stuck == nil {
				stuck = w
			}
		case w.gap() != nil && !vacuous(g, w):
			ifs = append(ifs, m.condition(w))
			if gap == nil && gaps(ifs) > 0 {
				gap = w
			}
		case unknown == nil || b.Level == OnlyIf && unknown.Best().Level != OnlyIf:
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
	case gaps(ifs) > maxGaps && gap != nil:
		v.Why, v.At = m.Words(g, gap), gap.Pos
	case more || gaps(ifs) > maxGaps:
		v.Why, v.At = NoMore.String(), g.Site.Pos
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
func vacuous(g *program.Goroutine, w *Wait) bool {
	body := g.Site.Body
	return (body == nil || len(body.Blocks) == 0) && len(w.Calls) == 0 && w.gap().Action == ByReturn && w.Op != WaitUnread
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
func oneName(ws []*Wait) map[string]string {
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
func object(k *Wake) string {
	if k.Key == "" && k.Action == ByCancel {
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
func endsOf(w *Wait, called map[string]string) (sets [][]string, over bool) {
	var names []string
	for i := range w.Wakes {
		k := &w.Wakes[i]
		switch {
		case k.Level == Itself:
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
func needs(w *Wait) []string {
	var names []string
	for i := range w.Wakes {
		if w.Wakes[i].Stops() {
			names = append(names, w.Wakes[i].If...)
		}
	}
	return names
}

// Waits returns the waits of a goroutine, with what its go statement gives for its
// parameters, and without the wakes that it alone raises.
func (m *Verdicts) Waits(g *program.Goroutine) (ws []*Wait, more bool) {
	c := newCollection()
	s := g.Site
	switch {
	case s.Body != nil && len(s.Body.Blocks) > 0:
		at := spot{s.Body, nil, s.Pos}
		e := m.events(s.Body)
		c.more = e.more
		for _, w := range e.waits {
			m.start(w, s.Body, at, g, c)
		}
	case s.Call != nil:
		m.waitsOf(m.callees.Of(s.Inst), spot{nil, s.Inst, s.Pos}, s.Inst, c)
	case s.Body != nil && m.farBody(s.Body) != nil:
		m.factWaits(m.farBody(s.Body), spot{nil, nil, s.Pos}, nil, c)
	default:
		return nil, true
	}
	for _, w := range c.list {
		next := *w
		next.Wakes = slices.Clone(w.Wakes)
		for i := range next.Wakes {
			next.Wakes[i] = m.withoutOwn(g, &next, m.settle(next.Wakes[i], spot{s.Body, nil, s.Pos}))
		}
		if !next.Over() && !m.isBrief(&next) {
			ws = append(ws, &next)
		}
	}
	return ws, c.more
}

// farBody returns what is known of a body in another package that takes nothing from
// who starts it; else nil.
func (m *Verdicts) farBody(body *ssa.Function) *summary.Func {
	obj, _ := body.Object().(*types.Func)
	if obj == nil || obj.Pkg() == nil || obj.Pkg() == m.Pkg || body.Signature.Recv() != nil || body.Signature.Params().Len() > 0 {
		return nil
	}
	return m.Fact(obj)
}

// start adds a wait of the body of g.
func (m *Verdicts) start(w *Wait, body *ssa.Function, at spot, g *program.Goroutine, c *collection) {
	next := *w
	next.Wakes = slices.Clone(w.Wakes)
	for i := range next.Wakes {
		k := &next.Wakes[i]
		p, _ := k.Param.(*ssa.Parameter)
		if p == nil || p.Parent() != body || g.Site.Call == nil {
			continue
		}
		a := code.Argument(g.Site.Call, p)
		switch {
		case a == nil:
		case k.Action == ByReturn:
			m.function(w, a, at, g.Site.Inst, c)
			return
		default:
			*k = m.bind(*k, at, a, m.renamed(*k, p, spot{nil, g.Site.Inst, g.Site.Pos}, g.Site.Inst))
		}
	}
	c.add(&next)
}

// withoutOwn takes from a wake of the wait the hope for the goroutine itself: what it
// alone raises, it has raised before, or raises after the wait or not at all.
func (m *Verdicts) withoutOwn(g *program.Goroutine, w *Wait, k Wake) Wake {
	if k.Level != Surely || len(k.Who) == 0 || k.Action == ByJoin {
		return k
	}
	for _, in := range k.Who {
		if !m.OnlyIn(g, in.Parent(), 6) {
			return k
		}
	}
	if m.closedEarlier(g, w, &k) {
		k.Level = Itself
		return k
	}
	k.Level, k.Why, k.At = Unclear, OnlyAfter, k.Who[0].Pos()
	return k
}
