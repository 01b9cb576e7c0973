package held

import (
	"go/token"
	"slices"

	"golang.org/x/tools/go/ssa"

	"github.com/killcheck/killcheck/analyzer/count"
	"github.com/killcheck/killcheck/analyzer/flow"
	"github.com/killcheck/killcheck/analyzer/group"
	"github.com/killcheck/killcheck/analyzer/join"
	"github.com/killcheck/killcheck/analyzer/lock"
	"github.com/killcheck/killcheck/analyzer/program"
	"github.com/killcheck/killcheck/analyzer/signal"
)

// Limits of the search for waits under a lock: how deep calls are followed, and
// how many functions are looked at for one function that takes a lock.
const (
	lockDepth  = 5
	lockFrames = 150
)

// A holder looks for what is done while locks are held.
type holder struct {
	*lock.Locker
	ct      *count.Counts
	endings *join.Endings
	sync    *group.SyncOps
	stalls  []Stall
	left    int
	// starts are instructions without which there is no wait of the kind that is
	// looked at: they start its goroutine, or make its function or channel.
	starts  []ssa.Instruction
	wait    ssa.Instruction // that is looked at
	done    map[holdKey]bool
	stops   map[ssa.CallInstruction][]stop              // by what takes the lock
	twiceAt map[ssa.CallInstruction]bool                // locks that are taken twice
	taken   []order                                     // locks that are taken while others are held
	ordered map[[2]ssa.CallInstruction]bool             // the calls in taken
	given   map[program.LockClass][]give                // see unlocks; nil if not looked for yet
	writers map[program.LockClass]ssa.Instruction       // see writer; nil if not looked for yet
	others  map[program.LockClass]bool                  // see othersGive
	takers  map[program.LockClass][]ssa.CallInstruction // see takes; nil if not looked for yet

	mustTakes map[takerKey]bool // see mustTake
}

type holdKey struct {
	in    ssa.Instruction
	place program.Place
}

// walk shows the instructions of a function, and of what it calls while a lock
// is held, to the rules.
func (h *holder) walk(f *program.LockFrame, entry []lock.Held, depth int) {
	h.left--
	h.Flow(f, entry, func(in ssa.Instruction, s []lock.Held) {
		if len(s) == 0 {
			return
		}
		h.check(f, in, s)
		c, ok := in.(*ssa.Call)
		if !ok || depth == lockDepth {
			return
		}
		if fn := h.Run(f, c); fn != nil && h.left > 0 && !f.Has(fn) && h.Matters(fn) {
			h.walk(&program.LockFrame{Fn: fn, From: f, Call: c}, s, depth+1)
		}
	})
}

// check looks at one instruction that runs while the locks s are held.
func (h *holder) check(f *program.LockFrame, in ssa.Instruction, s []lock.Held) {
	if op, ok := h.Ev.LockCall(in); ok {
		if _, isCall := in.(*ssa.Call); isCall && op.Takes() {
			h.twice(f, in.(*ssa.Call), op, s)
			h.orders(f, in.(*ssa.Call), op, s)
		}
		return
	}
	wt := h.Ev.WaitOf(in)
	if wt == nil {
		h.rounds(f, in, s)
		return
	}
	for _, k := range s {
		if h.done[holdKey{in, k.Place}] || !k.Class.Known() {
			continue
		}
		h.done[holdKey{in, k.Place}] = true
		if why := h.stuck(wt, k); why != nil && !h.passed(f, wt, k) {
			h.waits(f, wt, k, why)
		}
	}
}

// A stop is a wait that was found to last for ever, in the frame in which it is done.
type stop struct {
	f *program.LockFrame
	t *program.LockWait
}

// passed reports whether control that gets to the wait with the lock held has waited
// for the same before, in what was called since: that is where it stays.
func (h *holder) passed(f *program.LockFrame, t *program.LockWait, k lock.Held) bool {
	before := h.stops[k.By]
	h.stops[k.By] = append(before, stop{f, t})
	return slices.ContainsFunc(before, func(s stop) bool {
		at := s.t.In
		for x := s.f; x != f; x = x.From {
			if x == nil || x.Call == nil {
				return false
			}
			at = x.Call
		}
		return h.Ev.Precedes(at, t.In) && h.sameChans(s.t, t)
	})
}

// sameChans reports whether both waits are for the same channel, and no other.
func (h *holder) sameChans(a, b *program.LockWait) bool {
	if len(a.Chans) != 1 || len(b.Chans) != 1 || a.Chans[0].Kind != b.Chans[0].Kind {
		return false
	}
	x, y := h.Ev.Graph.Class(h.Ev.Base, a.Chans[0].Chan), h.Ev.Graph.Class(h.Ev.Base, b.Chans[0].Chan)
	return len(x.Makes) > 0 && slices.Equal(x.Makes, y.Makes)
}

// waits notes a wait that nobody ends while k is held.
func (h *holder) waits(f *program.LockFrame, t *program.LockWait, k lock.Held, why *reason) {
	s := Stall{
		Kind: Waits, Pos: t.Pos(), Taken: h.take(f, k), Unsure: why.unsure || h.Ev.InTest(k.By.Pos()),
		Ends: why.ends, Chan: why.ch, Raise: why.pos, Need: why.lock.Pos(), While: why.inside,
	}
	if k.By.Parent() == t.In.Parent() {
		s.Unlock = t.Pos()
	}
	h.add(k.By.Parent(), s)
}

// A reason tells why nobody can end a wait: where the lock is needed, and what
// would end the wait after that.
type reason struct {
	lock   ssa.Instruction // the call that takes the lock, or a wait for somebody who needs it
	raise  ssa.Instruction
	pos    token.Pos // of the raise
	ends   Ends      // what would end the wait
	ch     string    // the channel that it is about
	unsure bool
	inside bool // the raise is done while the lock is held
}

// stuck returns why nobody can end the wait while the lock is held, or nil if
// somebody may.
func (h *holder) stuck(t *program.LockWait, k lock.Held) *reason {
	h.starts, h.wait = h.startsOf(t), t.In
	switch {
	case t.Cond != nil:
		return h.stuckCond(t, k)
	case t.Group != nil:
		return h.stuckGroup(t, k)
	}
	var why *reason
	for _, op := range t.Chans {
		r := h.stuckChan(op, k)
		if r == nil {
			return nil
		}
		if why == nil {
			why = r
		}
	}
	return why
}

// startsOf returns what must have been done before control can be at the wait.
func (h *holder) startsOf(t *program.LockWait) []ssa.Instruction {
	var ins []ssa.Instruction
	if g, _ := h.Ev.Runner(h.Ev.Goroutines, t.In.Parent()); g != nil {
		ins = append(ins, g.Site.Inst)
	}
	for _, op := range t.Chans {
		for _, m := range h.Ev.Graph.Class(h.Ev.Base, op.Chan).Makes {
			ins = append(ins, m)
		}
	}
	for fn := t.In.Parent(); fn.Parent() != nil; fn = fn.Parent() {
		for _, r := range *fn.Referrers() {
			if m, ok := r.(*ssa.MakeClosure); ok && m.Fn == fn {
				ins = append(ins, handedOut(m))
			}
		}
	}
	return append(ins, h.Ev.Met(t.In)...)
}

// handedOut returns where a function literal is first used, if it is used at one place
// alone, and else where it is made.
func handedOut(m *ssa.MakeClosure) ssa.Instruction {
	for v := ssa.Value(m); ; {
		refs := slices.DeleteFunc(slices.Clone(*v.Referrers()), func(in ssa.Instruction) bool {
			_, debug := in.(*ssa.DebugRef)
			return debug
		})
		if len(refs) != 1 {
			return m
		}
		switch in := refs[0].(type) {
		case *ssa.ChangeType:
			v = in
		case *ssa.MakeInterface:
			v = in
		case ssa.CallInstruction:
			return in
		default:
			return m
		}
	}
}

// stuckChan judges one channel operation.
func (h *holder) stuckChan(op signal.Op, k lock.Held) *reason {
	c := h.Ev.Graph.Class(h.Ev.Base, op.Chan)
	if c.Unknown || len(c.Library)+len(c.Contexts) > 0 || len(c.Makes) == 0 {
		return nil
	}
	var partners []signal.Op
	ends, unsure := Raiser, false
	if op.Kind == signal.Send {
		room, ok := h.Ev.Capacity(c)
		s, isSend := op.In.(*ssa.Send)
		if c.Recvs || !ok || room > 0 && (!h.many(op, c) || flow.OnlyIfSet(op.In) || isSend && h.Ev.PlainGraph(s.Parent()).FindsRoom(s)) {
			return nil
		}
		unsure = room > 1 || room == 1 && isSend && flow.IfSet(s) // it may be as much as there will ever be
		partners, ends = c.Has(signal.Recv, signal.Range), Receiver
		if len(partners) == 0 {
			partners, ends = c.Has(signal.Close), Closing
		}
	} else {
		if c.Sends {
			return nil
		}
		partners = c.Has(signal.Send, signal.Close)
		if op.Kind == signal.Range {
			partners, ends = c.Has(signal.Close), Closer
		}
	}
	r := h.all(op.In, partners, c, k)
	if r != nil && r.inside {
		if room, ok := h.Ev.Capacity(c); !ok || room > 0 {
			return nil // a flag that the lock guards may say what the buffer holds
		}
	}
	if r != nil {
		r.unsure, r.ends, r.ch = unsure, ends, h.Ev.Syn.Channel(op.Pos())
	}
	return r
}

// many reports whether more sends than the channel has room for are to be
// expected: they stand in a loop, or the channel lives in a field and another
// function makes it. A channel that each waiter makes for one answer, and that is
// found anew for each, gets no more.
func (h *holder) many(op signal.Op, c *signal.Class) bool {
	if h.ct.OneAnswer(c) && h.ct.TakenAnew(op.In, op.Chan) {
		return false
	}
	if h.Ev.Looped(op.In) {
		return true
	}
	load, ok := op.Chan.(*ssa.UnOp)
	if !ok {
		return false
	}
	if _, ok := load.X.(*ssa.FieldAddr); !ok {
		return false
	}
	return !slices.ContainsFunc(c.Makes, func(m *ssa.MakeChan) bool { return m.Parent() == op.Fn })
}

// all returns why none of the partners can come while the lock is held, or nil
// if one may, or if there are none.
func (h *holder) all(wait ssa.Instruction, partners []signal.Op, c *signal.Class, k lock.Held) *reason {
	var why *reason
	for _, o := range partners {
		if o.Fn == wait.Parent() && o.In != wait && h.Ev.Precedes(o.In, wait) {
			return nil // done already
		}
		r := h.needs(o.In, o.Fn, k, 3)
		if r == nil || !r.inside && !madeAround(o.Fn, c) {
			r = h.busyLoop(o.In, o.Fn, k, partners)
		}
		if r == nil {
			return nil
		}
		if why == nil {
			r.raise, r.pos = o.In, o.Pos()
			why = r
		}
	}
	return why
}

// madeAround reports whether the channel is made by fn or a function around it. A
// partner that finds the channel elsewhere may have passed the lock before: to
// put the channel there.
func madeAround(fn *ssa.Function, c *signal.Class) bool {
	for _, m := range c.Makes {
		around := fn
		for around != nil && around != m.Parent() {
			around = around.Parent()
		}
		if around == nil {
			return false
		}
	}
	return true
}
