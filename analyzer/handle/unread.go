package handle

import (
	"slices"

	"golang.org/x/tools/go/ssa"

	"github.com/killcheck/killcheck/analyzer/code"
	"github.com/killcheck/killcheck/analyzer/kb"
	"github.com/killcheck/killcheck/analyzer/program"
	"github.com/killcheck/killcheck/analyzer/signal"
)

// An Unread is a write of a goroutine to a pipe without room of which too little is
// read: every use of both ends is seen, and nobody closes that of the reader.
type Unread struct {
	G     *program.Goroutine
	F     *program.Frame
	Write ssa.CallInstruction   // the write, or the call or start of a function of another package that writes
	Far   string                // that function
	Reads []ssa.CallInstruction // all that are done
}

// Unread returns such writes.
func (h *Handles) Unread() []Unread {
	var all []Unread
	for _, fn := range h.ev.Functions {
		for _, b := range fn.Blocks {
			for _, in := range b.Instrs {
				c, ok := in.(*ssa.Call)
				if !ok || h.ev.InTest(c.Pos()) {
					continue
				}
				if row, ok := signal.Entry(h.ev.Base, &c.Call); ok && row.Paired && row.Kind == kb.KindPipeIO {
					if u, ok := h.unread(c); ok {
						all = append(all, u)
					}
				}
			}
		}
	}
	return all
}

func (h *Handles) unread(c *ssa.Call) (Unread, bool) {
	var ends [2]map[ssa.Value]bool
	var first *ssa.Extract
	for _, r := range *c.Referrers() {
		x, ok := r.(*ssa.Extract)
		if !ok || x.Index > 1 {
			continue
		}
		e := Escape{H: h, Seen: make(map[ssa.Value]bool)}
		e.value(x)
		if e.Out {
			return Unread{}, false
		}
		first, ends[x.Index] = x, e.Seen
	}
	if first == nil || h.Trail(first) == nil {
		return Unread{}, false
	}
	other, reads, ok := h.pipe(Made{c, 0})
	if !ok {
		return Unread{}, false
	}
	reader, writer := ends[0], ends[other]
	if !reads {
		reader, writer = writer, reader
	}
	if writer == nil || len(h.raisedOn(reader)) > 0 {
		return Unread{}, false
	}
	taken, ok := h.readsOf(reader, c.Parent())
	if !ok {
		return Unread{}, false
	}
	for _, r := range h.raisedOn(writer) {
		if !h.inGoroutine(r.In.Parent()) {
			return Unread{}, false // who reads may close it as well
		}
	}
	return h.tooMuch(writer, taken)
}

// readsOf returns the reads from the end of a pipe that the function makes, if each is
// done once at most for each pipe; ok is false if something else is done with the end.
func (h *Handles) readsOf(end map[ssa.Value]bool, maker *ssa.Function) (reads []ssa.CallInstruction, ok bool) {
	for v := range end {
		for _, r := range *v.Referrers() {
			c, isCall := r.(ssa.CallInstruction)
			if !isCall {
				if _, boxed := r.(*ssa.MakeInterface); boxed {
					return nil, false // it may be read to its end
				}
				continue
			}
			if code.Receiver(c.Common()) != v {
				if fns, open := h.ev.Graph.Callees(c); open || len(fns) == 0 {
					return nil, false
				}
				continue // followed
			}
			row, known := signal.Entry(h.ev.Base, c.Common())
			if _, call := c.(*ssa.Call); !call || !known || row.Effect != kb.Blocks || h.looped(c, 4) {
				return nil, false
			}
			reads = append(reads, c)
		}
	}
	return reads, maker != nil
}

// looped reports whether the instruction, or a call that leads to it, is in a loop, or
// whether that is not known.
func (h *Handles) looped(in ssa.Instruction, depth int) bool {
	if h.ev.Looped(in) || depth == 0 {
		return true
	}
	calls, open := h.ev.Graph.Callers(in.Parent())
	if len(calls) > 1 {
		return true
	}
	for _, c := range calls {
		if _, isGo := c.(*ssa.Go); isGo || open && !h.inGoroutine(c.Parent()) {
			continue
		}
		if h.looped(c, depth-1) {
			return true
		}
	}
	return false
}

// inGoroutine reports whether goroutines alone run fn.
func (h *Handles) inGoroutine(fn *ssa.Function) bool {
	return len(h.ev.Running(h.ev.Goroutines, fn)) > 0 && h.ev.StartedOnly(fn, 6)
}

// tooMuch returns the first write to the end of a pipe that is one more than there are
// reads. Each write takes one read at least.
func (h *Handles) tooMuch(end map[ssa.Value]bool, reads []ssa.CallInstruction) (Unread, bool) {
	if u, ok := h.farTooMuch(end, reads); ok {
		return u, true
	}
	var writes []*ssa.Call
	for v := range end {
		for _, r := range *v.Referrers() {
			if c, ok := r.(*ssa.Call); ok && h.writesTo(c, v) && h.inGoroutine(c.Parent()) {
				writes = append(writes, c)
			}
		}
	}
	slices.SortFunc(writes, func(a, b *ssa.Call) int { return int(a.Pos() - b.Pos()) })
	for _, w := range writes {
		n := 1
		for _, o := range writes {
			if o != w && h.ev.Precedes(o, w) {
				n++
			}
		}
		if g, f := h.writing(w); g != nil && max(n, h.rounds(w)) > len(reads) {
			return Unread{G: g, F: f, Write: w, Reads: reads}, true
		}
	}
	return Unread{}, false
}

// writing returns a goroutine that makes the call, or that it starts, unless it
// lasts as long as the process.
func (h *Handles) writing(w ssa.CallInstruction) (*program.Goroutine, *program.Frame) {
	g, f := h.ev.StartedBy(w), (*program.Frame)(nil)
	if g == nil {
		rs := h.ev.Running(h.ev.Goroutines, w.Parent())
		if len(rs) == 0 {
			return nil, nil
		}
		g, f = rs[0].G, rs[0].F
	}
	if g.Process || !g.Started() || h.ev.EndsWithMain(g) {
		return nil, nil
	}
	return g, f
}

// writesTo reports whether the call writes something to the end of a pipe that is v.
func (h *Handles) writesTo(c *ssa.Call, v ssa.Value) bool {
	row, ok := signal.Entry(h.ev.Base, &c.Call)
	if !ok {
		return false
	}
	if code.Receiver(&c.Call) == v {
		return row.Effect == kb.Blocks && row.Kind == kb.KindPipeIO && len(row.Wake(kb.Peer)) > 0
	}
	return row.Kind == kb.KindStream && row.Effect == kb.Bounded && !c.Call.IsInvoke() && len(c.Call.Args) > 1 && c.Call.Args[0] == v
}

// rounds returns how often the instruction is done by a loop around it: once if there
// is none, and often if that is not known.
func (h *Handles) rounds(in ssa.Instruction) int {
	const often = 1 << 20
	loops := h.ev.PlainGraph(in.Parent()).Around(in.Block())
	if len(loops) == 0 {
		return 1
	}
	if len(loops) > 1 {
		return often
	}
	if n, ok := loops[0].Bound(often); ok {
		return int(n)
	}
	return often
}
