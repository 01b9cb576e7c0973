package lifetime

import (
	"go/constant"
	"go/token"
	"go/types"
	"slices"
	"strconv"
	"strings"

	"golang.org/x/tools/go/ssa"

	"github.com/killcheck/killcheck/analyzer/flow"
	"github.com/killcheck/killcheck/analyzer/signal"
)

// abandoned finds the sends and receives of goroutines whose partners can leave
// first. Only operations that are no case of a select count: a select has
// another way out.
func (w *world) abandoned(gs []*Goroutine) {
	for _, g := range gs {
		if g.Process && w.process[g.Site.In] && g.Site.In.Parent() == nil && g.Site.In.Name() == "main" {
			continue // when main returns, the process ends
		}
		for _, f := range g.Frames {
			graph := w.plainGraph(f.Fn)
			for _, b := range f.Fn.Blocks {
				for _, in := range b.Instrs {
					if s, ok := in.(*ssa.Send); ok && graph.Executes(s) {
						w.send(g, f, s, gs)
					}
					if u, ok := in.(*ssa.UnOp); ok && isRecv(u) && graph.Executes(u) {
						w.recv(g, f, u)
						w.leavingSenders(g, f, u, gs)
					}
				}
			}
		}
	}
	for _, fn := range w.Functions {
		if w.Graph.Live(fn) {
			w.unanswered(fn, gs)
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

// send reports the send if the receivers can leave before they take it.
func (w *world) send(g *Goroutine, f *Frame, s *ssa.Send, gs []*Goroutine) {
	c := w.Graph.Class(w.Base, s.Chan)
	if !c.Private() || c.Nil || len(c.Library)+len(c.Contexts) > 0 {
		return
	}
	room, ok := w.capacity(c)
	if !ok {
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
	count := w.newCounter(f.Fn, c, c.Has(signal.Send))
	n := count.upTo(f.Fn, s, true)
	for ; f.From != nil && !makesAll(f.Fn, c); f = f.From {
		n += count.upTo(f.From.Fn, f.Call, false)
	}
	return min(n, many)
}

// blockedBefore reports whether the sends before s fill the channel by
// themselves: then one of those blocks, and s is none of its own.
func (w *world) blockedBefore(f *Frame, s ssa.Instruction, c *signal.Class, room int) bool {
	count := w.newCounter(f.Fn, c, c.Has(signal.Send))
	return !count.again(count.g, s) && count.upTo(f.Fn, s, false) > room
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
	count := w.newCounter(owner, c, recvs)
	count.child = g
	count.errors = !w.sendsError(f.Fn, s)
	if count.defers() {
		return true // received when the function returns
	}
	sends := w.sendsUpTo(f, s, c)
	if len(c.Makes) == 1 && c.Makes[0].Parent() == owner {
		sends = min(sends*w.rounds(c.Makes[0], start), many)
	}
	others := 0
	for _, o := range c.Has(signal.Send) {
		if !g.Has(o.Fn) {
			others++ // another goroutine, or the function itself
		}
	}
	l, ok := count.least(start)
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
	o.Remedy = w.sendRemedy(f, s, c, sends+others, stop)
	w.report(g, f, o, w.leaveStep(owner, l))
	return true
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
			all = all && w.calledBy(fn, o.Fn, 3)
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
	for _, o := range c.Ops {
		if slices.Contains(ops, o) {
			continue
		}
		started := false
		for _, g := range gs {
			if g.Has(o.Fn) {
				if g.Site.In != fn {
					return false
				}
				started = true
			}
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
	for _, l := range c.g.All() {
		if !l.Has(s.Block()) {
			continue
		}
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

// sendRemedy offers the capacity that takes all sends, if their number is known,
// or else a select with the stop signal.
func (w *world) sendRemedy(f *Frame, s *ssa.Send, c *signal.Class, sends int, stop Stop) Remedy {
	if sends < many && len(c.Makes) == 1 && sends <= 16 {
		return Remedy{Op: Make, Pos: c.Makes[0].Pos(), Capacity: strconv.Itoa(sends), Safe: true}
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
	for _, l := range w.plainGraph(in.Parent()).All() {
		if l.Has(in.Block()) && !l.Has(m.Block()) {
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
