package verdict

import (
	"go/token"
	"strings"

	"golang.org/x/tools/go/ssa"

	"github.com/killcheck/killcheck/analyzer/code"
	"github.com/killcheck/killcheck/analyzer/flow"
	"github.com/killcheck/killcheck/analyzer/handle"
	"github.com/killcheck/killcheck/analyzer/kb"
	"github.com/killcheck/killcheck/analyzer/signal"
)

// timed reports whether a deadline bounds each wait on the handle v at the spot: the
// function has set one before, on every path, and nobody takes it away. What the
// method of the deadline and that of the wait are called says whether it is one for
// reads, for writes or for both; doing is the latter, and empty if it is not known.
func (m *matcher) timed(at spot, v ssa.Value, doing string) bool {
	if at.in == nil || at.in.Parent() != at.fn || at.in.Block() == nil {
		return false
	}
	if m.deadlines == nil {
		m.findDeadlines()
	}
	set := m.deadlines[at.fn]
	if len(set) == 0 || len(set) > maxPartners {
		return false
	}
	o := m.source(v, 6)
	for _, r := range set {
		c := r.In.(*ssa.Call)
		if !m.mod.SurelySame(m.source(r.Value, 6), o) || !flow.Precedes(c, at.in) || !m.computed(c.Call.Args[len(c.Call.Args)-1], 3) {
			continue
		}
		if e, ok := signal.Entry(m.mod.Base, &c.Call); ok && directed(e.Symbol, doing) && !m.cleared(o) {
			return true
		}
	}
	return false
}

// findDeadlines sorts the calls that set a deadline by function, and finds what
// handles have theirs taken away.
func (m *matcher) findDeadlines() {
	m.deadlines = make(map[*ssa.Function][]handle.Raise)
	for _, r := range m.h.Raised {
		c, ok := r.In.(*ssa.Call)
		if ok && r.Event == kb.Deadline && len(c.Call.Args) > 0 {
			m.deadlines[c.Parent()] = append(m.deadlines[c.Parent()], r)
		}
	}
	for _, fn := range m.mod.Functions {
		for _, b := range fn.Blocks {
			for _, in := range b.Instrs {
				c, ok := in.(ssa.CallInstruction)
				if !ok || !m.h.Clears(c.Common()) {
					continue
				}
				if v := code.Receiver(c.Common()); v != nil {
					m.clears = append(m.clears, m.h.Of(v))
				}
			}
		}
	}
}

// cleared reports whether the deadline of the handle may be taken away.
func (m *matcher) cleared(o ssa.Value) bool {
	h := m.h.Of(o)
	for _, x := range m.clears {
		if x.Open && h.Open || x.Meets(h) {
			return true
		}
	}
	return false
}

// directed reports whether a deadline set by the one method bounds what the other
// does.
func directed(sets, doing string) bool {
	set := lastName(sets)
	for _, way := range []string{"Read", "Write"} {
		if strings.Contains(set, way) {
			return strings.Contains(lastName(doing), way)
		}
	}
	return true
}

// computed reports whether the time is worked out from another, so that it is not the
// zero one, which is no deadline.
func (m *matcher) computed(v ssa.Value, depth int) bool {
	switch o := m.mod.Origin(v).(type) {
	case *ssa.Call:
		fn := signal.Callee(&o.Call)
		return fn != nil && fn.Pkg() != nil && m.std(fn.Pkg().Path())
	case *ssa.UnOp:
		if a, ok := o.X.(*ssa.Alloc); ok && o.Op == token.MUL {
			s := code.OnlyStore(a)
			return s != nil && depth > 0 && m.computed(s, depth-1)
		}
	case *ssa.Parameter:
		calls, open := m.mod.Graph.Callers(o.Parent())
		if open || len(calls) == 0 || depth == 0 {
			return false
		}
		for _, c := range calls {
			if a := code.Argument(c.Common(), o); a == nil || !m.computed(a, depth-1) {
				return false
			}
		}
		return true
	}
	return false
}
