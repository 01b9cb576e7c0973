package handle

import (
	"go/token"
	"strings"

	"golang.org/x/tools/go/ssa"

	"github.com/killcheck/killcheck/analyzer/code"
	"github.com/killcheck/killcheck/analyzer/flow"
	"github.com/killcheck/killcheck/analyzer/kb"
	"github.com/killcheck/killcheck/analyzer/program"
	"github.com/killcheck/killcheck/analyzer/signal"
)

// mostSet bounds the deadlines that one function is seen to set.
const mostSet = 32

// Timed reports whether a deadline bounds each wait on the handle v at the instruction: the
// function has set one before, on every path, and nobody takes it away. What the
// method of the deadline and that of the wait are called says whether it is one for
// reads, for writes or for both; doing is the latter, and empty if it is not known.
func (h *Handles) Timed(at ssa.Instruction, v ssa.Value, doing string) bool {
	if h.deadlines == nil {
		h.findDeadlines()
	}
	set := h.deadlines[at.Parent()]
	if len(set) == 0 || len(set) > mostSet {
		return false
	}
	o := h.Source(v, 6)
	for _, r := range set {
		c := r.In.(*ssa.Call)
		if !h.ev.SurelySame(h.Source(r.Value, 6), o) || !flow.Precedes(c, at) || !h.computed(c.Call.Args[len(c.Call.Args)-1], 3) {
			continue
		}
		if e, ok := signal.Entry(h.ev.Base, &c.Call); ok && directed(e.Symbol, doing) && !h.cleared(o) {
			return true
		}
	}
	return false
}

// findDeadlines sorts the calls that set a deadline by function, and finds what
// handles have theirs taken away.
func (h *Handles) findDeadlines() {
	h.deadlines = make(map[*ssa.Function][]Raise)
	for _, r := range h.Raised {
		c, ok := r.In.(*ssa.Call)
		if ok && r.Event == kb.Deadline && len(c.Call.Args) > 0 {
			h.deadlines[c.Parent()] = append(h.deadlines[c.Parent()], r)
		}
	}
	for _, fn := range h.ev.Functions {
		for _, b := range fn.Blocks {
			for _, in := range b.Instrs {
				c, ok := in.(ssa.CallInstruction)
				if !ok || !h.Clears(c.Common()) {
					continue
				}
				if v := code.Receiver(c.Common()); v != nil {
					h.clears = append(h.clears, h.Of(v))
				}
			}
		}
	}
}

// cleared reports whether the deadline of the handle may be taken away.
func (h *Handles) cleared(o ssa.Value) bool {
	of := h.Of(o)
	for _, x := range h.clears {
		if x.Open && of.Open || x.Meets(of) {
			return true
		}
	}
	return false
}

// directed reports whether a deadline set by the one method bounds what the other
// does.
func directed(sets, doing string) bool {
	set := code.LastName(sets)
	for _, way := range []string{"Read", "Write"} {
		if strings.Contains(set, way) {
			return strings.Contains(code.LastName(doing), way)
		}
	}
	return true
}

// computed reports whether the time is worked out from another, so that it is not the
// zero one, which is no deadline.
func (h *Handles) computed(v ssa.Value, depth int) bool {
	switch o := h.ev.Origin(v).(type) {
	case *ssa.Call:
		fn := signal.Callee(&o.Call)
		return fn != nil && fn.Pkg() != nil && code.IsStd(fn.Pkg().Path(), h.ev.Module)
	case *ssa.UnOp:
		if a, ok := o.X.(*ssa.Alloc); ok && o.Op == token.MUL {
			s := code.OnlyStore(a)
			return s != nil && depth > 0 && h.computed(s, depth-1)
		}
	case *ssa.Parameter:
		calls, open := h.ev.Graph.Callers(o.Parent())
		if open || len(calls) == 0 || depth == 0 {
			return false
		}
		for _, c := range calls {
			if a := code.Argument(c.Common(), o); a == nil || !h.computed(a, depth-1) {
				return false
			}
		}
		return true
	}
	return false
}

// DeadlineOf returns the handle on which the call sets a deadline: that fails only if
// the handle is closed.
func (h *Handles) DeadlineOf(row *kb.Entry, c *ssa.CallCommon) ssa.Value {
	if row.Effect != kb.Raises || len(row.Raises) != 1 || row.Raises[0].Event != kb.Deadline {
		return nil
	}
	return program.PlaceOf(c, row.Raises[0].At)
}
