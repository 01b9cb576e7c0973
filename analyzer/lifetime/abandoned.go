package lifetime

import (
	"go/constant"
	"go/token"
	"go/types"
	"slices"
	"strings"

	"golang.org/x/tools/go/ssa"

	"github.com/killcheck/killcheck/analyzer/signal"
)

// abandoned finds the sends and receives of goroutines whose partners can leave
// first. Only operations that are no case of a select count: a select has
// another way out.
func (w *world) abandoned(gs []*Goroutine) {
	for _, g := range gs {
		if w.endsWithMain(g) {
			continue
		}
		for _, f := range g.Frames {
			graph := w.plainGraph(f.Fn)
			for _, b := range f.Fn.Blocks {
				for _, in := range b.Instrs {
					if s, ok := in.(*ssa.Send); ok && graph.Executes(s) {
						w.send(g, f, s, gs)
					}
				}
			}
			for u := range w.receives(f.Fn) {
				w.leavingSenders(g, f, u, gs)
			}
		}
	}
}

func isRecv(u *ssa.UnOp) bool {
	_, ok := u.X.Type().Underlying().(*types.Chan)
	return ok && u.Op.String() == "<-"
}

// capacity returns the largest capacity of the channels of the class, or ok
// false if it is not known.
func (w *world) capacity(c *signal.Class) (n int, ok bool) {
	for _, m := range c.Makes {
		v, ok := w.size(m.Size, 3)
		if !ok {
			return 0, false
		}
		n = max(n, v)
	}
	return n, len(c.Makes) > 0
}

// size returns the largest value that v, the size of a channel, can have: a
// constant, or a parameter that is a constant in all calls.
func (w *world) size(v ssa.Value, depth int) (n int, ok bool) {
	switch v := v.(type) {
	case *ssa.Const:
		if v.Value == nil {
			return 0, false
		}
		k, exact := constant.Int64Val(constant.ToInt(v.Value))
		return int(k), exact
	case *ssa.Convert:
		return w.size(v.X, depth)
	case *ssa.Parameter:
		fn := v.Parent()
		calls, open := w.Graph.Callers(fn)
		if open || len(calls) == 0 || depth == 0 {
			return 0, false
		}
		i := slices.Index(fn.Params, v)
		for _, c := range calls {
			if c.Common().IsInvoke() || i >= len(c.Common().Args) {
				return 0, false
			}
			k, ok := w.size(c.Common().Args[i], depth-1)
			if !ok {
				return 0, false
			}
			n = max(n, k)
		}
		return n, true
	}
	return 0, false
}

// The work that is spent on the paths of one function: fewWalks walks whatever its
// size, or more until they have come to manySteps instructions and operations.
const (
	fewWalks  = 64
	manySteps = 200_000
)

// affords reports whether one more walk over the paths of fn, with so many
// operations on a channel, is within the work that is spent on it. Without that a
// function with thousands of sends or goroutines takes the square of them. The
// goroutine is noted as not judged.
func (w *world) affords(g *Goroutine, fn *ssa.Function, ops int) bool {
	if w.spent[fn] <= manySteps {
		cost := ops
		for _, b := range fn.Blocks {
			cost += len(b.Instrs)
		}
		w.spent[fn] += min(cost, manySteps/fewWalks)
	}
	if w.spent[fn] <= manySteps {
		return true
	}
	if g != nil {
		g.Left = fn.Name() + " is too large for all its sends to be counted"
	}
	return false
}

// send reports the send if the receivers can leave before they take it.
func (w *world) send(g *Goroutine, f *Frame, s *ssa.Send, gs []*Goroutine) {
	c := w.Graph.Class(w.Base, s.Chan)
	if !c.Private() || c.Nil || len(c.Library)+len(c.Contexts) > 0 {
		return
	}
	room, ok := w.capacity(c)
	if !ok || !w.affords(g, f.Fn, len(c.Ops())) {
		return
	}
	recvs := c.Has(signal.Recv, signal.Range)
	if len(recvs) == 0 {
		w.neverReceived(g, f, s, c, room)
		return
	}
	if w.beforeReceiver(g, f, s, c, room, recvs) || w.handed(g, f, s, c, recvs) || w.counted(g, f, s, c, room, recvs, gs) {
		return
	}
	w.leaving(g, f, s, c, room, recvs, gs)
}

// smallRoom is the capacity above which a channel is taken to be large enough
// for sends whose number is not known: those who chose it thought of it.
const smallRoom = 4

// inTest reports whether pos is in a test file. A test that fails leaves its
// goroutines behind, and the process ends soon after: that a partner can leave
// first is not worth a report there.
func (w *world) inTest(pos token.Pos) bool {
	return strings.HasSuffix(w.Fset.PositionFor(pos, false).Filename, "_test.go")
}

// onError reports whether the instruction is done only where there is an error.
func onError(in ssa.Instruction) bool {
	for cond := range holdsAt(in.Block()) {
		cmp, ok := cond.(*ssa.BinOp)
		if ok && (isError(cmp.X.Type()) || isError(cmp.Y.Type())) {
			return true
		}
	}
	return isErrorChan(in)
}

func isErrorChan(in ssa.Instruction) bool {
	s, ok := in.(*ssa.Send)
	return ok && isError(s.X.Type())
}

// sendsUpTo returns how many sends the goroutine can do on one channel of the
// class, up to and with the send s in the frame.
func (w *world) sendsUpTo(f *Frame, s ssa.Instruction, c *signal.Class) int {
	tally := w.newCounter(f.Fn, c, c.Has(signal.Send))
	n := tally.upTo(f.Fn, s, true)
	for ; f.From != nil && !makesAll(f.Fn, c); f = f.From {
		n += tally.upTo(f.From.Fn, f.Call, false)
	}
	return min(n, many)
}

// blockedBefore reports whether the sends before s fill the channel by
// themselves: then one of those blocks, and s is none of its own.
func (w *world) blockedBefore(f *Frame, s ssa.Instruction, c *signal.Class, room int) bool {
	tally := w.newCounter(f.Fn, c, c.Has(signal.Send))
	return !tally.again(tally.g, s) && tally.upTo(f.Fn, s, false) > room
}

// makesAll reports whether fn makes all channels of the class, so that each run
// of it has channels of its own.
func makesAll(fn *ssa.Function, c *signal.Class) bool {
	for _, m := range c.Makes {
		if m.Parent() != fn {
			return false
		}
	}
	return true
}

// neverReceived reports a send on a channel that nothing receives from.
func (w *world) neverReceived(g *Goroutine, f *Frame, s *ssa.Send, c *signal.Class, room int) {
	n := w.sendsUpTo(f, s, c)
	if n <= room || n >= many && room > smallRoom && onError(s) || w.variableConds(s) || w.blockedBefore(f, s, c, room) {
		return
	}
	stop := w.stopAt(g, f, s.Pos())
	o := Obstacle{
		Kind: Abandoned, Pos: s.Pos(),
		Message: "goroutine cannot end its send: nothing receives from " + w.syn.channel(s.Pos()) + w.andReach(stop),
	}
	if stop.Expr != "" {
		o.Remedy = Remedy{Op: Send, Pos: s.Pos(), Stop: stop, Safe: w.bare(f)}
	}
	w.report(g, f, o)
}

func (w *world) andReach(s Stop) string {
	if s.Expr == "" {
		return ""
	}
	return ", and " + s.name() + " is in reach"
}

// dependent reports whether the send happens only under a condition that the
// spawner knows as well: then the two may agree on it.
func (w *world) dependent(in ssa.Instruction) bool { return w.variableConds(in) }

func (w *world) variableConds(in ssa.Instruction) bool {
	for cond := range holdsAt(in.Block()) {
		if outer(cond, 6) && !nilChannel(cond) {
			return true
		}
	}
	return false
}

// nilChannel reports whether the condition compares a channel with nil.
func nilChannel(cond ssa.Value) bool {
	cmp, ok := cond.(*ssa.BinOp)
	if !ok {
		return false
	}
	_, ok = cmp.X.Type().Underlying().(*types.Chan)
	return ok
}

// outer reports whether a condition is computed from nothing but captured
// variables, parameters and constants.
func outer(v ssa.Value, depth int) bool {
	if depth == 0 {
		return false
	}
	switch v := v.(type) {
	case *ssa.FreeVar, *ssa.Parameter, *ssa.Global:
		return true
	case *ssa.UnOp:
		return v.Op.String() != "<-" && outer(v.X, depth-1)
	case *ssa.BinOp:
		_, xc := v.X.(*ssa.Const)
		_, yc := v.Y.(*ssa.Const)
		return (xc || outer(v.X, depth-1)) && (yc || outer(v.Y, depth-1))
	case *ssa.FieldAddr:
		return outer(v.X, depth-1)
	case *ssa.Field:
		return outer(v.X, depth-1)
	}
	return false
}

// beforeReceiver reports a send for which the channel has no room, if the
// goroutine itself starts all receivers, and only after the send. It reports
// whether it has decided.
func (w *world) beforeReceiver(g *Goroutine, f *Frame, s *ssa.Send, c *signal.Class, room int, recvs []signal.Op) bool {
	for _, m := range c.Makes {
		if !g.Has(m.Parent()) {
			return false
		}
	}
	if w.sendsUpTo(f, s, c) <= room || w.variableConds(s) {
		return false
	}
	before := w.before(g, s)
	for _, o := range recvs {
		started := false
		for _, site := range w.Sites {
			if !w.runsIn(site.Body, o.Fn) {
				continue
			}
			if !w.onlyIn(g, site.In, 6) || before(site.Inst) {
				return false
			}
			started = true
		}
		if !started || g.Has(o.Fn) || !w.startedOnly(o.Fn, 4) {
			return false
		}
	}
	w.report(g, f, Obstacle{
		Kind: Abandoned, Pos: s.Pos(), Extended: w.inTest(s.Pos()),
		Message: "goroutine waits for itself: it starts what receives from " + w.syn.channel(s.Pos()) + " only after this send, for which there is no room",
	}, Step{Pos: recvs[0].Pos(), End: w.syn.end(recvs[0].Pos()), Text: "this would receive"})
	return true
}
