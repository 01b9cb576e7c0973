package wait

import (
	"fmt"
	"go/ast"
	"go/token"
	"go/types"
	"slices"
	"unicode/utf8"

	"golang.org/x/tools/go/ssa"

	"github.com/killcheck/killcheck/analyzer/code"
	"github.com/killcheck/killcheck/analyzer/interrupt"
	"github.com/killcheck/killcheck/analyzer/summary"
	"github.com/killcheck/killcheck/analyzer/wake"
)

// maxFacts is how many waits of a function are told to other packages, maxText
// how long a name in them may be, in bytes.
const (
	maxFacts = 12
	maxText  = 96

	maxConditions = 4 // of one wake
)

// Tell adds the waits of the functions that other packages can call to their
// summaries, and what no stop interrupts in them.
func (m *Points) Tell(sums map[*ssa.Function]*summary.Func, interrupts *interrupt.Interrupts) {
	deaf := interrupts.Heedless()
	for _, fn := range m.Functions {
		obj, ok := fn.Object().(*types.Func)
		if !ok || fn.Parent() != nil || fn.Synthetic != "" || !token.IsExported(obj.Name()) || m.InTest(fn.Pos()) {
			continue
		}
		m.tellOf(fn, sums[fn])
		sums[fn].Ticks = interrupts.Ticks(fn)
		for _, w := range interrupts.Heeds(fn, deaf[fn]) {
			w.Name, w.At = short(w.Name), short(w.At)
			sums[fn].Deaf = append(sums[fn].Deaf, w)
		}
	}
}

func (m *Points) tellOf(fn *ssa.Function, s *summary.Func) {
	s.Receives, s.Sends = m.Graph.Directions(fn)
	s.Loads = m.OnlyLoads(fn)
	s.Keeps, s.Writes = m.h.Keeps(fn), m.h.Writes(fn)
	s.Takes, s.Fills = m.Takes(fn), m.Fills(fn)
	e := m.events(fn)
	s.More, s.Pours = e.more, m.pours(fn, e)
	var told [weightStop + 1]int
	for _, w := range e.waits {
		weight := w.weight()
		if m.isBrief(w) || told[weight] == factsOf[weight] {
			continue
		}
		if len(s.Waits) == maxFacts {
			s.More = s.More || weight == weightOpen || weight == weightStop || told[weight] == 0
			continue
		}
		told[weight]++
		s.Waits = append(s.Waits, m.waitFact(fn, w))
	}
}

// factsOf is how many waits of each weight are told. One more that nothing ends, or
// whose end is unclear, changes no verdict, nor does one more function that was not
// read than a verdict names.
var factsOf = [...]int{weightStuck: 2, weightOpen: maxFacts, weightUnclear: 2, weightGap: MaxGaps + 1, weightUnread: 3, weightStop: maxFacts}

// pours returns the channels among the parameters of fn on which it only sends, if all
// its waits are for that, and it returns.
func (m *Points) pours(fn *ssa.Function, e *events) (params []int) {
	if e.more || len(e.waits) == 0 || !m.Returns(fn) {
		return nil
	}
	var on []ssa.Value
	for _, w := range e.waits {
		if w.Op != Send || len(w.Wakes) != 1 || w.Wakes[0].Param == nil {
			return nil
		}
		on = append(on, w.Wakes[0].Param)
	}
	for i, p := range fn.Params {
		if slices.Contains(on, ssa.Value(p)) && m.Graph.OnlySends(p) {
			params = append(params, i)
		}
	}
	if len(params) < len(slices.Compact(on)) {
		return nil
	}
	return params
}

func (m *Points) waitFact(fn *ssa.Function, w *Wait) summary.Wait {
	f := summary.Wait{Op: uint8(w.Op), Name: short(w.Name), At: short(w.Far), Param: -1, Other: w.Other, Stays: w.Stays, Meant: w.Meant || m.meant(fn, w), Told: w.Told}
	if f.At == "" {
		f.At = short(fmt.Sprintf("%s in %s", m.Where(w.Pos), w.Fn.RelString(nil)))
	}
	at := wake.Spot{Fn: fn, Pos: fn.Pos()}
	for _, k := range w.Wakes {
		n := -1
		if p, _ := k.Param.(*ssa.Parameter); p != nil {
			if n = slices.Index(fn.Params, p); n < 0 {
				k = m.Settle(k, at)
			}
		}
		if len(k.If) > maxConditions {
			k.Level, k.Why, k.If = wake.Unclear, wake.NotEnd, nil
		}
		if k.Over != "" {
			k.Name = k.Over
		}
		if k.Action == wake.ByReturn && n >= 0 {
			f.Param = n
			continue
		}
		f.Wakes = append(f.Wakes, summary.Wake{
			Action: uint8(k.Action), Level: uint8(k.Level), Why: uint8(k.Why), Param: n, Name: short(k.Name), Stop: k.Stop, Time: k.Time, Fails: k.Fails,
			If: shortened(k.If),
		})
	}
	return f
}

// meant reports whether the source says that a wait of fn lasts as long as the
// process.
func (m *Points) meant(fn *ssa.Function, w *Wait) bool {
	for _, f := range []*ssa.Function{fn, code.Outermost(w.Fn)} {
		if d, ok := f.Syntax().(*ast.FuncDecl); ok && d.Doc != nil && m.Base.LifetimePhrase(d.Doc.Text()) {
			return true
		}
	}
	return m.Documented(w.Pos) || m.SaysForever(w.Pos)
}

// shortened cuts conditions, and those that are equal become one.
func shortened(conditions []string) []string {
	var all []string
	for _, c := range conditions {
		all = append(all, short(c))
	}
	slices.Sort(all)
	return slices.Compact(all)
}

// short cuts a text that is too long for a fact.
func short(s string) string {
	if len(s) <= maxText {
		return s
	}
	n := maxText - 3
	for n > 0 && !utf8.RuneStart(s[n]) {
		n--
	}
	return s[:n] + "..."
}
