package fault

import (
	"go/token"
	"slices"

	"golang.org/x/tools/go/ssa"

	"github.com/killcheck/killcheck/analyzer/flow"
	"github.com/killcheck/killcheck/analyzer/program"
	"github.com/killcheck/killcheck/analyzer/wait"
	"github.com/killcheck/killcheck/analyzer/wake"
)

// A Skipped is a wait for what one function alone raises, which some way through that
// function leaves out.
type Skipped struct {
	At     token.Pos       // of the wait or loop, or of the call of another package that waits
	In     ssa.Instruction // nil for a loop
	Fn     *ssa.Function   // that waits
	Name   string          // what it waits for
	By     wake.Action     // what is left out
	Maker  *ssa.Function   // who leaves it out
	Leaves program.Step    // where he returns
	Unsure bool
	Loop   bool
	Far    string // the place in another package; else empty

	head *ssa.BasicBlock // of the loop
}

// Skipped returns such waits of the goroutine.
func (m *Faults) Skipped(g *program.Goroutine) []Skipped {
	ws, _ := m.Waits(g)
	var all []Skipped
	for _, w := range ws {
		if w.Op != wait.Select && w.Op != wait.Recv && w.Op != wait.Loop || w.Open() {
			continue // the other side of a connection may answer
		}
		w = m.leaving(w)
		s, ok := m.leftOut(g, w)
		if !ok {
			s, ok = m.leftUncancelled(w)
		}
		if !ok || m.Process[s.Maker] {
			continue // when it returns, the process ends
		}
		s.At, s.In, s.Fn, s.Loop, s.Far = w.Pos, w.In, w.Fn, w.Op == wait.Loop, w.Far
		all = append(all, s)
	}
	return slices.DeleteFunc(all, func(s Skipped) bool { return s.In != nil && m.inSkippedLoop(s, all) })
}

// inSkippedLoop reports whether the wait is in a loop that is among them for the same
// reason.
func (m *Faults) inSkippedLoop(s Skipped, all []Skipped) bool {
	return slices.ContainsFunc(all, func(o Skipped) bool {
		return o.Loop && o.Fn == s.Fn && o.Leaves == s.Leaves && s.Far == "" && o.head != nil && slices.ContainsFunc(m.PlainGraph(s.Fn).Around(s.In.Block()), func(l *flow.Loop) bool { return l.Head == o.head })
	})
}

// leaving returns the loop around the wait of a select, with those of its wakes that
// lead out of the loop; or the wait itself. Waits that end by the same stops count as
// one, so that the loop need not be among them.
func (m *Faults) leaving(w *wait.Wait) *wait.Wait {
	if w.Op != wait.Select || w.In == nil || w.Far != "" || w.Fn == nil {
		return w
	}
	ws := m.OwnWaits(w.Fn)
	i := slices.IndexFunc(ws, func(x *wait.Wait) bool { return x.In == w.In && x.Op == w.Op })
	if i < 0 || len(ws[i].Wakes) != len(w.Wakes) {
		return w
	}
	for _, l := range ws {
		if l.Op != wait.Loop || !m.loopOf(l).Has(w.In.Block()) {
			continue
		}
		next := *l
		next.Calls, next.Wakes = w.Calls, nil
		for j, k := range ws[i].Wakes {
			if slices.ContainsFunc(l.Wakes, func(o wake.Wake) bool { return o.Action == k.Action && o.Name == k.Name && o.Param == k.Param }) {
				next.Wakes = append(next.Wakes, w.Wakes[j])
			}
		}
		if len(next.Wakes) != len(l.Wakes) {
			return w // there are other ways out
		}
		return &next
	}
	return w
}

// leftOut returns the wait if one function holds all that would end it, and can
// return without.
func (m *Faults) leftOut(g *program.Goroutine, w *wait.Wait) (Skipped, bool) {
	if w.Other || w.In != nil && m.VariableConds(w.In) {
		return Skipped{}, false // it may end otherwise, or not be waited for
	}
	var made ssa.Instruction
	var ends []ssa.Instruction
	var first *wake.Wake
	for i := range w.Wakes {
		k := &w.Wakes[i]
		switch {
		case k.Of != nil && k.Level < wake.Itself && !k.Time && k.Level != wake.Perhaps:
			if first == nil {
				first = k
			}
			made = k.Of.Made
			ends = append(ends, k.Of.Ends...)
		case k.Level != wake.Never:
			return Skipped{}, false
		}
	}
	if first == nil {
		return Skipped{}, false
	}
	l, ok := m.peers.LeftOut(g, made, ends)
	if !ok {
		return Skipped{}, false
	}
	return Skipped{Name: first.Name, By: first.Action, Maker: l.By, Leaves: l.Leaves, Unsure: l.Unsure, head: w.Head}, true
}

// leftUncancelled returns the wait if only the end of a context ends it, which some
// way through the function that makes it leaves out.
func (m *Faults) leftUncancelled(w *wait.Wait) (Skipped, bool) {
	k := w.Best()
	if w.Other || k == nil || k.Action != wake.ByCancel || k.Level != wake.OnlyIf || k.Why != wake.OnePath || len(k.Who) == 0 || k.Who[0].Parent() == nil {
		return Skipped{}, false
	}
	return Skipped{Name: k.Name, By: wake.ByCancel, Maker: k.Who[0].Parent(), Leaves: program.Step{Pos: k.At, End: k.At + 1, Text: "it can return here"}, head: w.Head}, true
}
