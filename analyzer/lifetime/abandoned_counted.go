package lifetime

import (
	"go/constant"
	"go/token"
	"slices"
	"strconv"

	"golang.org/x/tools/go/ssa"

	"github.com/killcheck/killcheck/analyzer/flow"
	"github.com/killcheck/killcheck/analyzer/signal"
)

// counted handles a channel whose receives all belong to one run of one
// function, its owner: mostly the function that starts the goroutine and makes
// the channel. It compares the sends that can come with the receives on the
// path that receives least. It reports whether it has decided.
func (w *world) counted(g *Goroutine, f *Frame, s *ssa.Send, c *signal.Class, room int, recvs []signal.Op, gs []*Goroutine) bool {
	for _, o := range recvs {
		if w.onlyIn(g, o.Fn, 6) {
			return false // its own receiver
		}
	}
	owner, start := w.owner(g, c, recvs, gs)
	if owner == nil {
		return false
	}
	if owner != f.Fn && !w.affords(g, owner, len(recvs)) {
		return true
	}
	tally := w.newCounter(owner, c, recvs)
	tally.child = g
	tally.errors = !w.sendsError(f.Fn, s)
	if tally.defers() {
		return true // received when the function returns
	}
	sends := w.sendsUpTo(f, s, c)
	each := sends
	if len(c.Makes) == 1 && c.Makes[0].Parent() == owner {
		sends = min(sends*w.rounds(c.Makes[0], start), many)
	}
	if roomForEach(each, sends, room) {
		return true
	}
	others := w.otherSends(g, c, gs)
	l, ok := tally.leastOnce(start)
	if ok {
		l.count = min(l.count+w.takenBefore(start, c, recvs, gs), many)
	}
	if !ok || sends+others <= room+l.count || l.count >= many || w.dependent(s) || w.blockedBefore(f, s, c, room+l.count) {
		return true
	}
	if sends >= many && room > smallRoom && onError(s) {
		return true // it would take that many errors
	}
	stop := w.stopAt(g, f, s.Pos())
	o := Obstacle{
		Kind: Abandoned, Pos: s.Pos(),
		Extended: w.inTest(s.Pos()) || room > 0 && sends >= many && w.skippable(f, s) && !(room == 1 && w.ownErrors(f, s)),
		Message:  "goroutine cannot end its send: " + w.fewer(owner, g, s, min(sends+others, many), room, l.count) + w.andReach(stop),
	}
	o.Remedy = w.sendRemedy(g, f, s, c, sends+others, stop)
	w.report(g, f, o, w.leaveStep(owner, l))
	return true
}

// roomForEach reports whether a loop starts goroutines, of which each sends a
// known number of values, for a channel with room for several: how many it starts
// is not known here, but it was where the room was chosen.
func roomForEach(each, all, room int) bool { return each < many && all >= many && room > 1 }

// otherSends returns how many sends on one channel of the class come from others
// than the goroutine: as many as each other goroutine has on one path, and those
// that no goroutine does.
func (w *world) otherSends(g *Goroutine, c *signal.Class, gs []*Goroutine) int {
	n := 0
	type sends struct{ most, ops int }
	by := make(map[*Goroutine]sends)
	for _, o := range c.Has(signal.Send) {
		if g.Has(o.Fn) {
			continue
		}
		other, f := w.runner(gs, o.Fn)
		if other == nil {
			n++ // of the function itself, or of one that it calls
			continue
		}
		by[other] = sends{max(by[other].most, w.sendsUpTo(f, o.In, c)), by[other].ops + 1}
	}
	for _, s := range by {
		n += min(s.most, s.ops)
	}
	return n
}

// takenBefore returns how many values are received for certain between the start
// of the first other sender that the function starts before start, and start.
func (w *world) takenBefore(start ssa.Instruction, c *signal.Class, recvs []signal.Op, gs []*Goroutine) (n int) {
	key := takenKey{start, c}
	if n, ok := w.taken[key]; ok {
		return n
	}
	defer func() { w.taken[key] = n }()
	first := start
	for _, o := range c.Has(signal.Send) {
		if g, _ := w.runner(gs, o.Fn); g != nil && g.Site.In == start.Parent() && w.precedes(g.Site.Inst, first) {
			first = g.Site.Inst
		}
	}
	for _, o := range recvs {
		if o.Fn == start.Parent() && o.Sel == nil && w.precedes(first, o.In) && w.precedes(o.In, start) {
			n++
		}
	}
	return n
}

type takenKey struct {
	start ssa.Instruction
	class *signal.Class
}

// owner returns the function to whose runs the operations belong, and the
// instruction in it that starts the goroutine: the function of the spawn, or
// its only caller. Each run makes the channels, or all senders are goroutines
// that it starts.
func (w *world) owner(g *Goroutine, c *signal.Class, ops []signal.Op, gs []*Goroutine) (*ssa.Function, ssa.Instruction) {
	fn, start := g.Site.In, ssa.Instruction(g.Site.Inst)
	for range 4 {
		all := true
		for _, o := range ops {
			if all = w.calledBy(fn, o.Fn, 3); !all {
				break
			}
		}
		if all && (w.makesOwn(fn, c) || w.startsAll(fn, c, ops, gs)) {
			return fn, start
		}
		calls, open := w.Graph.Callers(fn)
		if open || len(calls) != 1 {
			return nil, nil
		}
		if _, isGo := calls[0].(*ssa.Go); isGo {
			return nil, nil
		}
		fn, start = calls[0].Parent(), calls[0]
	}
	return nil, nil
}

// makesOwn reports whether every run of fn makes all channels of the class.
func (w *world) makesOwn(fn *ssa.Function, c *signal.Class) bool {
	for _, m := range c.Makes {
		if !w.calledBy(fn, m.Parent(), 3) {
			return false
		}
	}
	return true
}

// startsAll reports whether every operation of the class other than ops is done
// by goroutines that fn starts.
func (w *world) startsAll(fn *ssa.Function, c *signal.Class, ops []signal.Op, gs []*Goroutine) bool {
	if fn.Name() == "main" && w.Pkg.Name() == "main" {
		return false
	}
	for _, o := range c.Ops() {
		if slices.Contains(ops, o) {
			continue
		}
		if gs == nil {
			return false
		}
		started := false
		for _, r := range w.running(gs, o.Fn) {
			if r.g.Site.In != fn {
				return false
			}
			started = true
		}
		if !started || o.Kind != signal.Send {
			return false
		}
	}
	return true
}

// sendsError reports whether the goroutine leaves the loop of the send because of
// an error: then the value sent last may say so, and the receiver be right to
// leave when it sees that.
func (w *world) sendsError(fn *ssa.Function, s *ssa.Send) bool {
	c := counter{w: w, fn: fn, g: w.plainGraph(fn)}
	for _, l := range c.g.Around(s.Block()) {
		for _, e := range l.Exits {
			cond := condition(e.From)
			if cond == nil || e.To == nil {
				return true
			}
			if cmp, ok := cond.(*ssa.BinOp); ok && (cmp.Op == token.LSS || cmp.Op == token.GTR) {
				continue // counts
			}
			if x, ok := cond.(*ssa.Extract); ok && x.Index <= 1 {
				switch x.Tuple.(type) {
				case *ssa.Next, *ssa.UnOp:
					continue // ranges
				}
			}
			return true
		}
		return false
	}
	return true
}

// fewer words the count.
func (w *world) fewer(owner *ssa.Function, g *Goroutine, s *ssa.Send, sends, room, recvs int) string {
	ch := w.syn.channel(s.Pos())
	who := "the function that started it"
	if owner != g.Site.In {
		who = owner.Name()
	}
	switch {
	case recvs == 0 && room == 0:
		return who + " can return without receiving from " + ch
	case sends >= many:
		return who + " can return with sends on " + ch + " still to come"
	}
	return "there are " + strconv.Itoa(sends) + " sends on " + ch + ", but on one path only " + strconv.Itoa(recvs+room) + " of them are taken"
}

// sendRemedy offers the capacity that takes all sends, if their number is known
// or has a name, or else a select with the stop signal.
func (w *world) sendRemedy(g *Goroutine, f *Frame, s *ssa.Send, c *signal.Class, sends int, stop Stop) Remedy {
	if sends < many && len(c.Makes) == 1 && sends <= 16 {
		return Remedy{Op: Make, Pos: c.Makes[0].Pos(), Capacity: strconv.Itoa(sends), Safe: true}
	}
	if n := w.roomForAll(g, f, s, c); n != "" {
		return Remedy{Op: Make, Pos: c.Makes[0].Pos(), Capacity: n, Safe: true}
	}
	if stop.Expr != "" {
		return Remedy{Op: Send, Pos: s.Pos(), Stop: stop, Safe: w.bare(f)}
	}
	return Remedy{}
}

// leaveStep is the place where the function leaves without receiving.
func (w *world) leaveStep(fn *ssa.Function, l leave) Step {
	pos := l.ret.Pos()
	if !pos.IsValid() {
		if b := w.syn.body(fn); b != nil {
			pos = b.Rbrace
		}
	}
	return Step{Pos: pos, End: pos + 1, Text: "it can return here"}
}

// calledBy reports whether callee runs as part of fn: called by it, or by what
// it calls, to some depth.
func (w *world) calledBy(fn, callee *ssa.Function, depth int) bool {
	if fn == callee {
		return true
	}
	if depth == 0 {
		return false
	}
	calls, open := w.Graph.Callers(callee)
	if open || len(calls) == 0 {
		return false
	}
	for _, c := range calls {
		if _, isGo := c.(*ssa.Go); isGo || !w.calledBy(fn, c.Parent(), depth-1) {
			return false
		}
	}
	return true
}

// rounds returns how often the instruction can run for one run of the make:
// the product of the bounds of the loops around it that do not make a channel
// of their own, or many.
func (w *world) rounds(m *ssa.MakeChan, in ssa.Instruction) int {
	n := 1
	for _, l := range w.plainGraph(in.Parent()).Around(in.Block()) {
		if !l.Has(m.Block()) {
			n = min(n*bound(l), many)
		}
	}
	return n
}

// bound returns how often control goes round a loop that counts up to a
// constant, or many.
func bound(l *flow.Loop) int {
	for _, e := range l.Exits {
		cmp, ok := condition(e.From).(*ssa.BinOp)
		if !ok || cmp.Op != token.LSS || e.From != l.Head && e.To == nil {
			continue
		}
		if k, ok := cmp.Y.(*ssa.Const); ok && k.Value != nil && k.Value.Kind() == constant.Int {
			if n := k.Int64(); n >= 0 && n < many {
				return int(n)
			}
		}
	}
	return many
}
