package owner

import (
	"go/token"
	"slices"

	"golang.org/x/tools/go/ssa"

	"github.com/killcheck/killcheck/analyzer/code"
	"github.com/killcheck/killcheck/analyzer/event"
	"github.com/killcheck/killcheck/analyzer/kb"
	"github.com/killcheck/killcheck/analyzer/signal"
)

// A Left is something that a function leaves undone where it returns on a stop, and
// does on another path.
type Left struct {
	Kind     LeftKind
	Pos, End token.Pos // the return
	Opened   token.Pos // the call that makes what is left open
	Done     token.Pos // a call of another path that does it; invalid if that is not one of the function
}

// A LeftKind says what is left undone.
type LeftKind int8

// The kinds of what is left undone.
const (
	LeftOpen LeftKind = iota // a value that has to be closed
	Untold                   // a wait group, which is not told of the end
	Unclosed                 // a channel that nobody else closes, for which somebody waits
)

// LeftOnStop returns what fn leaves undone where it returns on a stop. What has to be
// closed comes first.
func (o *Owners) LeftOnStop(fn *ssa.Function) []Left {
	edges := o.ev.StopEdges(fn)
	if len(edges) == 0 {
		return nil
	}
	l := &leaver{o: o, fn: fn, edges: edges}
	for _, b := range fn.Blocks {
		for _, in := range b.Instrs {
			if c, ok := in.(*ssa.Call); ok {
				l.value(c)
			}
		}
	}
	l.joins()
	return l.found
}

// A leaver collects what a function leaves undone.
type leaver struct {
	o     *Owners
	fn    *ssa.Function
	edges []event.StopEdge
	found []Left
}

// leave notes that the function returns from the edge without one of the calls.
func (l *leaver) leave(e event.StopEdge, calls map[ssa.Instruction]bool, left Left) {
	for _, r := range l.o.ev.Leaves(e, calls) {
		left.Pos, left.End = l.o.ev.ReturnSpan(r)
		l.found = append(l.found, left)
	}
}

// value looks at what the call opens, if other paths close it.
func (l *leaver) value(c *ssa.Call) {
	if c.Call.Signature().Results().Len() == 0 {
		return
	}
	row, known := signal.Entry(l.o.ev.Base, &c.Call)
	if known && (row.Effect == kb.Derives || row.Kind == kb.KindTimer && l.o.ev.HasGo("1.23")) {
		return // a timer that nobody holds is collected
	}
	v := ssa.Value(c)
	if c.Call.Signature().Results().Len() > 1 {
		v = code.UsedResult(c, 0)
	}
	if v == nil {
		return
	}
	d := &drop{ev: l.o.ev, start: c, err: code.ErrorOf(c)}
	d.follow(v)
	if !d.ended || d.kept || d.all || !opens(c) || !d.frees() && l.o.Constructor(c) == nil {
		return
	}
	left := Left{Kind: LeftOpen, Opened: c.Pos(), Done: d.ending()}
	for _, e := range l.edges {
		if c.Block().Dominates(e.From) && d.openAt(e.From) && !d.none(e.From, e.To) {
			l.leave(e, d.uses, left)
		}
	}
}

// opens reports whether the call makes what it returns, as far as can be seen:
// it is no method that hands out a part of its receiver.
func opens(c *ssa.Call) bool {
	return c.Call.Signature().Recv() == nil || code.ErrorOf(c) != nil
}

// joins looks at the wait groups that the body of a goroutine tells of its end, and at
// the channels that it closes.
func (l *leaver) joins() {
	if g, f := l.o.ev.Runner(l.o.ev.Goroutines, l.fn); g == nil || f.From != nil {
		return // not the body of a goroutine
	}
	groups, channels := make(map[ssa.Instruction]bool), make(map[ssa.Instruction]bool)
	for _, b := range l.fn.Blocks {
		for _, in := range b.Instrs {
			if df, ok := in.(*ssa.Defer); ok && !l.known(df) {
				return
			}
			c, ok := in.(*ssa.Call)
			if !ok || l.o.ev.Looped(c) {
				continue
			}
			if row, ok := signal.Entry(l.o.ev.Base, &c.Call); ok && len(row.Raise(kb.Done)) > 0 {
				groups[c] = true
			}
			if b, ok := c.Call.Value.(*ssa.Builtin); ok && b.Name() == "close" && l.onlyClose(c) {
				channels[c] = true
			}
		}
	}
	l.missing(groups, Untold)
	l.missing(channels, Unclosed)
}

// known reports whether the deferred call neither closes channels nor tells a
// wait group.
func (l *leaver) known(in *ssa.Defer) bool {
	if b, ok := in.Call.Value.(*ssa.Builtin); ok {
		return b.Name() != "close"
	}
	row, ok := signal.Entry(l.o.ev.Base, &in.Call)
	return ok && len(row.Raise(kb.Done)) == 0
}

// onlyClose reports whether the call is in the only function that closes its
// channel, and somebody waits for it without another way out.
func (l *leaver) onlyClose(c *ssa.Call) bool {
	cl := l.o.ev.Graph.Class(l.o.ev.Base, c.Call.Args[0])
	if !cl.Private() {
		return false
	}
	for _, o := range cl.Has(signal.Close) {
		if o.Fn != l.fn {
			return false
		}
	}
	return slices.ContainsFunc(cl.Has(signal.Recv, signal.Range), func(o signal.Op) bool { return o.Naked() && o.Fn != l.fn })
}

// missing looks for the stops before which none of the calls is made.
func (l *leaver) missing(calls map[ssa.Instruction]bool, kind LeftKind) {
	if len(calls) == 0 {
		return
	}
	d := &drop{ev: l.o.ev, start: l.fn.Blocks[0].Instrs[0], uses: calls}
	left := Left{Kind: kind}
	for in := range calls {
		if !left.Done.IsValid() || in.Pos() < left.Done {
			left.Done = in.Pos()
		}
	}
	for _, e := range l.edges {
		if d.openAt(e.From) {
			l.leave(e, calls, left)
		}
	}
}
