package handle

import (
	"slices"

	"golang.org/x/tools/go/ssa"

	"github.com/killcheck/killcheck/analyzer/code"
	"github.com/killcheck/killcheck/analyzer/kb"
	"github.com/killcheck/killcheck/analyzer/signal"
	"github.com/killcheck/killcheck/analyzer/summary"
)

// mostWrites bounds the writes that are counted.
const mostWrites = 6

// Writes returns the parameters of fn, the receiver counted, that are ends of pipes
// without room to which it writes, one entry for each write that it can make before it
// comes back. It does nothing else with them but close them.
func (h *Handles) Writes(fn *ssa.Function) (params []int) {
	for i, p := range fn.Params {
		if !h.isHandle(p.Type()) {
			continue
		}
		for range h.writesOn(fn, p) {
			params = append(params, i)
		}
	}
	return params
}

// writesOn returns how many writes fn can make to the parameter.
func (h *Handles) writesOn(fn *ssa.Function, p *ssa.Parameter) (most int) {
	e := Escape{H: h, Seen: make(map[ssa.Value]bool), inside: true}
	e.value(p)
	if e.Out || slices.ContainsFunc(h.raisedOn(e.Seen), func(r Raise) bool { return !h.isClose(r.In) }) {
		return 0
	}
	var writes []*ssa.Call
	for v := range e.Seen {
		if v.Referrers() == nil {
			continue
		}
		for _, r := range *v.Referrers() {
			c, ok := r.(*ssa.Call)
			switch {
			case !ok:
			case h.writesTo(c, v) && c.Parent() == fn:
				writes = append(writes, c)
			case code.Receiver(&c.Call) != v:
				return 0 // of a callee nothing is counted
			}
		}
	}
	for _, w := range writes {
		n := 1
		for _, o := range writes {
			if o != w && h.ev.Precedes(o, w) {
				n++
			}
		}
		most = max(most, n, h.rounds(w))
	}
	return min(most, mostWrites)
}

// isClose reports whether the instruction is a call that closes its receiver.
func (h *Handles) isClose(in ssa.Instruction) bool {
	c, ok := in.(ssa.CallInstruction)
	if !ok {
		return false
	}
	e, ok := signal.Entry(h.ev.Base, c.Common())
	return ok && slices.Contains(e.Raise(kb.Close), kb.Place{Where: kb.Recv})
}

// farTooMuch returns the call, or start, of a function of another package that writes
// more often to the end of a pipe than there are reads.
func (h *Handles) farTooMuch(end map[ssa.Value]bool, reads []ssa.CallInstruction) (Unread, bool) {
	for v := range end {
		for _, r := range *v.Referrers() {
			c, ok := r.(ssa.CallInstruction)
			if !ok || c.Common().IsInvoke() {
				continue
			}
			callee, fact := h.ev.FarFact(c.Common())
			i := slices.Index(c.Common().Args, v)
			if fact == nil || i < 0 {
				continue
			}
			if g, f := h.writing(c); g != nil && summary.Times(fact.Writes, i) > len(reads) {
				return Unread{G: g, F: f, Write: c, Far: code.InPackage(callee), Reads: reads}, true
			}
		}
	}
	return Unread{}, false
}
