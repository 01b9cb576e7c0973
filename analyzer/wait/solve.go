package wait

import (
	"cmp"
	"go/token"
	"slices"
	"strconv"
	"strings"

	"golang.org/x/tools/go/ssa"

	"github.com/killcheck/killcheck/analyzer/program"
	"github.com/killcheck/killcheck/analyzer/wake"
)

// Meanwhile has the goroutine judged by its waits. The judge is told whether a cycle of
// calls is being gone round, and says whether its judgement stands then. What is judged
// by waits that are not worked out yet is forgotten once they are.
func (m *Points) Meanwhile(g *program.Goroutine, judge func(circle bool) (sure bool)) {
	before := m.unsolved
	m.unsolved = false
	if !judge(m.circle > 0) {
		m.unsolved = true
	}
	if m.unsolved {
		m.early = append(m.early, g)
	}
	m.unsolved = m.unsolved || before
}

// Lasting returns the waits of fn and of all it calls that do not end by themselves,
// those that matter most.
func (m *Points) Lasting(fn *ssa.Function) []*Wait { return m.events(fn).waits }

// events returns the waits of fn and of all it calls. Those of a cycle of calls
// are solved together, by going round until nothing is new.
func (m *Points) events(fn *ssa.Function) *events {
	if e := m.sums[fn]; e != nil {
		return e
	}
	if m.index[fn] == nil {
		m.visit(fn)
	}
	if e := m.sums[fn]; e != nil {
		return e
	}
	m.unsolved = true
	return &events{more: true} // somebody asks for it while it is solved
}

func (m *Points) visit(fn *ssa.Function) {
	v := &visited{len(m.index) + 1, len(m.index) + 1}
	m.index[fn] = v
	m.stack = append(m.stack, fn)
	for _, callee := range m.callees.In(fn) {
		if m.sums[callee] != nil {
			continue
		}
		if to := m.index[callee]; to == nil {
			m.visit(callee)
			v.low = min(v.low, m.index[callee].low)
		} else {
			v.low = min(v.low, to.index)
		}
	}
	if v.low != v.index {
		return
	}
	i := slices.Index(m.stack, fn)
	cycle := slices.Clone(m.stack[i:])
	before := m.unsolved
	m.unsolved = false
	m.solve(cycle)
	if m.unsolved {
		m.hasty = append(m.hasty, cycle...)
	}
	m.unsolved = m.unsolved || before
	m.stack = m.stack[:i]
	if i > 0 {
		return
	}
	for _, g := range m.early {
		m.forget(g) // better is known now
	}
	for _, f := range m.hasty {
		if f != fn && m.again[f] < maxAgain {
			m.again[f]++
			delete(m.sums, f)
			delete(m.index, f)
		}
	}
	m.early, m.hasty = nil, nil
}

// maxAgain bounds how often the events of a function are worked out anew, that were
// asked for while those of another were not known which they need.
const maxAgain = 2

// maxRounds bounds how often a cycle of calls is gone round.
const maxRounds = 4

func (m *Points) solve(cycle []*ssa.Function) {
	if len(cycle) == 1 && !slices.Contains(m.callees.In(cycle[0]), cycle[0]) {
		m.sums[cycle[0]] = m.sum(cycle[0])
		return
	}
	m.circle++
	defer func() { m.circle-- }()
	for _, fn := range cycle {
		m.sums[fn] = &events{}
	}
	for round := 0; ; round++ {
		changed := false
		for _, fn := range cycle {
			e := m.sum(fn)
			e.more = e.more || round == maxRounds
			changed = changed || len(e.waits) != len(m.sums[fn].waits) || e.more != m.sums[fn].more
			m.sums[fn] = e
		}
		if !changed || round == maxRounds {
			return
		}
	}
}

// sum joins the waits of fn with those of what it calls.
func (m *Points) sum(fn *ssa.Function) *events {
	c := newCollection()
	for _, w := range m.OwnWaits(fn) {
		c.add(w)
	}
	m.callees.Each(fn, func(in ssa.CallInstruction) { m.callWaits(fn, in, c) })
	return c.events()
}

// A collection gathers the waits of one function, each once.
type collection struct {
	list []*Wait
	seen map[string]bool
	more bool
	all  bool // take those that end by themselves as well
}

func newCollection() *collection { return &collection{seen: make(map[string]bool)} }

func (c *collection) add(w *Wait) {
	if w.Over() && !c.all {
		return
	}
	key := w.key()
	if c.seen[key] {
		return
	}
	c.seen[key] = true
	c.list = append(c.list, w)
}

// key says which wait it is: two traces to one wait with the same objects are
// one event.
func (w *Wait) key() string {
	var b strings.Builder
	num := func(n int) {
		for range 4 {
			b.WriteByte(byte(n))
			n >>= 8
		}
	}
	num(int(w.Pos))
	b.WriteString(w.Far)
	b.WriteString(w.wakeKey())
	return b.String()
}

// wakeKey says which operation it is and what ends it.
func (w *Wait) wakeKey() string {
	var b strings.Builder
	b.WriteByte(byte(w.Op))
	for _, k := range w.Wakes {
		b.WriteByte(byte(k.Action))
		b.WriteByte(byte(k.Level))
		if k.Param != nil {
			b.WriteString(k.Param.Name())
			b.WriteString(strconv.Itoa(int(k.Param.Parent().Pos())))
		}
		if w.Far != "" || k.Param != nil {
			b.WriteString(k.Name)
		}
		b.WriteByte(0)
	}
	return b.String()
}

// events keeps the waits that matter most: what nothing ends, what is unclear,
// and then what a stop ends, of which those with the same stops say the same.
func (c *collection) events() *events {
	e := &events{more: c.more}
	slices.SortStableFunc(c.list, func(a, b *Wait) int { return cmp.Or(a.weight()-b.weight(), a.vague()-b.vague()) })
	stops := make(map[string]bool)
	var kept [weightStop + 1]int
	for _, w := range c.list {
		weight, same := w.weight(), ""
		switch weight {
		case weightStop:
			same = w.stopNames()
		case weightOpen:
			same = w.wakeKey()
		case weightUnread:
			same = w.Name
		case weightGap:
			same = w.gapKey()
		}
		if same != "" {
			if stops[same] {
				continue
			}
			stops[same] = true
		}
		if kept[weight] == maxOf[weight] {
			// One more that nothing ends, or of which that is unclear, changes
			// nothing, nor one more condition than a verdict may have, or one more
			// function that was not read.
			e.more = e.more || weight == weightOpen || weight == weightStop
			continue
		}
		kept[weight]++
		e.waits = append(e.waits, w)
	}
	return e
}

// maxOf is how many waits of each weight are kept for the callers of a function.
var maxOf = [...]int{weightStuck: 3, weightOpen: 16, weightUnclear: 4, weightGap: MaxGaps + 1, weightUnread: 12, weightStop: 12}

// The weights of waits, the heaviest first.
const (
	weightStuck = iota
	weightOpen
	weightUnclear
	weightGap    // what is outside decides; a verdict may name that and go on
	weightUnread // of code that was not read; a verdict may name it and go on
	weightStop
)

// vague is 1 for a wait of which nothing is known but that it may last, and 0 for one
// whose end comes on some ways only, or of which it is known what makes its object.
func (w *Wait) vague() int {
	if slices.ContainsFunc(w.Wakes, func(k wake.Wake) bool { return k.Level == wake.OnlyIf || k.Root != nil }) {
		return 0
	}
	return 1
}

func (w *Wait) weight() int {
	if w.Open() {
		return weightOpen
	}
	switch b := w.Best(); {
	case b == nil || b.Level == wake.Never:
		return weightStuck
	case w.stops():
		return weightStop
	case w.Op == Unread && b.Why == wake.NotRead, b.Level == wake.Itself:
		return weightUnread
	case w.Gap() == nil:
		return weightUnclear
	case w.Gap().Action == wake.ByReturn:
		return weightUnread
	}
	return weightGap
}

// stops reports whether a wake of the wait is a stop that may come.
func (w *Wait) stops() bool {
	return slices.ContainsFunc(w.Wakes, func(k wake.Wake) bool { return k.Param == nil && k.Stops() })
}

func (w *Wait) stopNames() string {
	var names []string
	for i := range w.Wakes {
		k := &w.Wakes[i]
		if k.Stops() {
			names = append(names, k.Name)
			for _, in := range k.Who {
				names = append(names, in.Parent().Name())
			}
		}
	}
	slices.Sort(names)
	return strings.Join(names, "\x00")
}

// through returns the wait as the caller has it, which makes the call at pos.
func (w *Wait) through(pos token.Pos) *Wait {
	c := *w
	c.Wakes = slices.Clone(w.Wakes)
	if len(w.Calls) < maxCalls {
		c.Calls = append([]token.Pos{pos}, w.Calls...)
	}
	return &c
}
