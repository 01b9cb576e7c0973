package lifetime

import (
	"go/token"
	"slices"

	"golang.org/x/tools/go/ssa"

	"github.com/killcheck/killcheck/analyzer/kb"
	"github.com/killcheck/killcheck/analyzer/signal"
)

// Limits of the search for waits under a lock: how deep calls are followed, and
// how many functions are looked at for one function that takes a lock.
const (
	lockDepth  = 5
	lockFrames = 150
)

// heldLocks finds the waits that are done while a lock is held that whoever
// would end them needs first, and the locks that are taken twice.
func (w *world) heldLocks(gs []*Goroutine) {
	l := newLocker(w)
	h := &holder{locker: l, q: w, gs: gs, sync: w.syncIndex(), done: make(map[holdKey]bool), twiceAt: make(map[ssa.CallInstruction]bool), ordered: make(map[[2]ssa.CallInstruction]bool), others: make(map[lockClass]bool)}
	for _, fn := range w.Functions {
		if !w.Graph.Live(fn) || !l.locks(fn) {
			continue
		}
		h.left = lockFrames
		h.walk(&lockFrame{fn: fn}, nil, 0)
		h.missing(fn)
	}
	h.crossed()
}

// locks reports whether fn itself takes a lock.
func (l *locker) locks(fn *ssa.Function) bool {
	for _, b := range fn.Blocks {
		for _, in := range b.Instrs {
			if op, ok := l.w.lockCall(in); ok && op.takes() {
				return true
			}
		}
	}
	return false
}

// A holder looks for what is done while locks are held.
type holder struct {
	*locker
	q    *world
	gs   []*Goroutine
	sync *syncOps
	left int
	// starts are instructions without which there is no wait of the kind that is
	// looked at: they start its goroutine, or make its function or channel.
	starts  []ssa.Instruction
	done    map[holdKey]bool
	twiceAt map[ssa.CallInstruction]bool    // locks that are taken twice
	taken   []order                         // locks that are taken while others are held
	ordered map[[2]ssa.CallInstruction]bool // the calls in taken
	given   map[lockClass][]give            // see unlocks; nil if not looked for yet
	writers map[lockClass]ssa.Instruction   // see writer; nil if not looked for yet
	others  map[lockClass]bool              // see othersGive
}

type holdKey struct {
	in    ssa.Instruction
	place place
}

// walk shows the instructions of a function, and of what it calls while a lock
// is held, to the rules.
func (h *holder) walk(f *lockFrame, entry []held, depth int) {
	h.left--
	h.flow(f, entry, func(in ssa.Instruction, s []held) {
		if len(s) == 0 {
			return
		}
		h.check(f, in, s)
		c, ok := in.(*ssa.Call)
		if !ok || depth == lockDepth {
			return
		}
		if fn := h.run(f, c); fn != nil && h.left > 0 && !f.has(fn) && h.matters(fn) {
			h.walk(&lockFrame{fn: fn, from: f, call: c}, s, depth+1)
		}
	})
}

// matters reports whether fn or what it calls waits or takes a lock.
func (l *locker) matters(fn *ssa.Function) bool {
	if l.waits == nil {
		l.waits = l.waiting()
	}
	return l.waits[fn]
}

// waiting returns the functions that wait or take a lock, and those that call
// such functions.
func (l *locker) waiting() map[*ssa.Function]bool {
	set := make(map[*ssa.Function]bool)
	callers := make(map[*ssa.Function][]*ssa.Function)
	var work []*ssa.Function
	for _, fn := range l.w.Functions {
		for _, b := range fn.Blocks {
			for _, in := range b.Instrs {
				if _, isLock := l.w.lockCall(in); isLock || l.w.waitOf(in) != nil {
					work = append(work, fn)
				}
				if c, ok := in.(ssa.CallInstruction); ok {
					for _, f := range l.runs(c) {
						callers[f] = append(callers[f], fn)
					}
				}
			}
		}
	}
	for len(work) > 0 {
		fn := work[len(work)-1]
		work = work[:len(work)-1]
		if !set[fn] {
			set[fn] = true
			work = append(work, callers[fn]...)
		}
	}
	return set
}

// check looks at one instruction that runs while the locks s are held.
func (h *holder) check(f *lockFrame, in ssa.Instruction, s []held) {
	if op, ok := h.w.lockCall(in); ok {
		if _, isCall := in.(*ssa.Call); isCall && op.takes() {
			h.twice(f, in.(*ssa.Call), op, s)
			h.orders(f, in.(*ssa.Call), op, s)
		}
		return
	}
	wt := h.w.waitOf(in)
	if wt == nil {
		h.rounds(f, in, s)
		return
	}
	for _, k := range s {
		if h.done[holdKey{in, k.place}] || !k.class.known() {
			continue
		}
		h.done[holdKey{in, k.place}] = true
		if why := h.stuck(wt, k); why != nil {
			h.reportWait(f, wt, k, why)
		}
	}
}

// A lockWait is an operation that can wait, as far as locks are concerned.
type lockWait struct {
	in    ssa.Instruction
	chans []signal.Op // the channel operations, of which any ends the wait
	cond  ssa.Value   // the condition variable that it waits for
	group ssa.Value   // the wait group that it waits for
}

// waitOf returns the wait that the instruction does, or nil.
func (w *world) waitOf(in ssa.Instruction) *lockWait {
	switch in := in.(type) {
	case *ssa.Send:
		return &lockWait{in: in, chans: []signal.Op{{Kind: signal.Send, In: in, Fn: in.Parent(), Chan: in.Chan}}}
	case *ssa.UnOp:
		if in.Op != token.ARROW {
			return nil
		}
		kind := signal.Recv
		if in.CommaOk && in.Block().Comment == "rangechan.loop" {
			kind = signal.Range
		}
		return &lockWait{in: in, chans: []signal.Op{{Kind: kind, In: in, Fn: in.Parent(), Chan: in.X}}}
	case *ssa.Select:
		if !in.Blocking || len(in.States) == 0 {
			return nil
		}
		wt := &lockWait{in: in}
		for i, st := range in.States {
			op := signal.Op{Kind: signal.Recv, In: in, Fn: in.Parent(), Chan: st.Chan, Sel: in, Case: i}
			if st.Send != nil {
				op.Kind = signal.Send
			}
			wt.chans = append(wt.chans, op)
		}
		return wt
	case *ssa.Call:
		e, ok := signal.Entry(w.Base, in.Common())
		if !ok || e.Effect != kb.Blocks {
			return nil
		}
		switch {
		case len(e.Wake(kb.Broadcast)) > 0:
			return &lockWait{in: in, cond: receiver(in.Common())}
		case len(e.Wake(kb.Done)) > 0:
			return &lockWait{in: in, group: receiver(in.Common())}
		}
	}
	return nil
}

// pos returns where the wait stands in the code.
func (t *lockWait) pos() token.Pos {
	return t.in.Pos()
}

// A reason tells why nobody can end a wait: where the lock is needed, and what
// would end the wait after that.
type reason struct {
	lock   ssa.Instruction // the call that takes the lock, or a wait for somebody who needs it
	raise  ssa.Instruction
	pos    token.Pos // of the raise
	what   string    // what would end the wait, such as "what receives from ch"
	unsure bool
	inside bool // the raise is done while the lock is held
}

// stuck returns why nobody can end the wait while the lock is held, or nil if
// somebody may.
func (h *holder) stuck(t *lockWait, k held) *reason {
	h.starts = h.startsOf(t)
	switch {
	case t.cond != nil:
		return h.stuckCond(t, k)
	case t.group != nil:
		return h.stuckGroup(t, k)
	}
	var why *reason
	for _, op := range t.chans {
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
func (h *holder) startsOf(t *lockWait) []ssa.Instruction {
	var ins []ssa.Instruction
	if g, _ := h.w.runner(h.gs, t.in.Parent()); g != nil {
		ins = append(ins, g.Site.Inst)
	}
	for _, op := range t.chans {
		for _, m := range h.w.Graph.Class(h.w.Base, op.Chan).Makes {
			ins = append(ins, m)
		}
	}
	for fn := t.in.Parent(); fn.Parent() != nil; fn = fn.Parent() {
		for _, r := range *fn.Referrers() {
			if m, ok := r.(*ssa.MakeClosure); ok && m.Fn == fn {
				ins = append(ins, m)
			}
		}
	}
	return ins
}

// stuckChan judges one channel operation.
func (h *holder) stuckChan(op signal.Op, k held) *reason {
	c := h.w.Graph.Class(h.w.Base, op.Chan)
	if c.Unknown || len(c.Library)+len(c.Contexts) > 0 || len(c.Makes) == 0 {
		return nil
	}
	var partners []signal.Op
	what, unsure := "", false
	if op.Kind == signal.Send {
		room, ok := h.w.capacity(c)
		if c.Recvs || !ok || room > 0 && (!h.many(op, c) || onlyIfSet(op.In)) {
			return nil
		}
		unsure = room > 1 // it may be as much as there will ever be
		partners, what = c.Has(signal.Recv, signal.Range), "what receives from "
		if len(partners) == 0 {
			partners, what = c.Has(signal.Close), "nothing receives from it, and what closes "
		}
	} else {
		if c.Sends {
			return nil
		}
		partners, what = c.Has(signal.Send, signal.Close), "what would raise "
		if op.Kind == signal.Range {
			partners, what = c.Has(signal.Close), "what closes "
		}
	}
	r := h.all(op.In, partners, c, k)
	if r != nil && r.inside {
		if room, ok := h.w.capacity(c); !ok || room > 0 {
			return nil // a flag that the lock guards may say what the buffer holds
		}
	}
	if r != nil {
		r.unsure = unsure
		r.what = what + h.w.syn.channel(op.Pos())
	}
	return r
}

// onlyIfSet reports whether the instruction is done only if a variable that
// others see, a flag, has or has not been set: those who wait may have seen to
// it.
func onlyIfSet(in ssa.Instruction) bool {
	for cond := range holdsAt(in.Block()) {
		if not, ok := cond.(*ssa.UnOp); ok && not.Op == token.NOT {
			cond = not.X
		}
		load, ok := cond.(*ssa.UnOp)
		if !ok || load.Op != token.MUL {
			continue
		}
		switch load.X.(type) {
		case *ssa.Global, *ssa.FieldAddr:
			return true
		}
	}
	return false
}

// many reports whether more sends than the channel has room for are to be
// expected: they stand in a loop, or the channel lives in a field and another
// function makes it.
func (h *holder) many(op signal.Op, c *signal.Class) bool {
	if h.w.looped(op.In) {
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
func (h *holder) all(wait ssa.Instruction, partners []signal.Op, c *signal.Class, k held) *reason {
	var why *reason
	for _, o := range partners {
		if o.Fn == wait.Parent() && o.In != wait && h.w.precedes(o.In, wait) {
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

// precedes reports whether a has been done whenever control is at b.
func precedes(a, b ssa.Instruction) bool {
	if a.Block() != b.Block() {
		return a.Block().Dominates(b.Block())
	}
	return slices.Index(a.Block().Instrs, a) < slices.Index(b.Block().Instrs, b)
}

// longBlock is the number of instructions from which on a block is numbered.
const longBlock = 64

// precedes is [precedes] without a search in a long block.
func (w *world) precedes(a, b ssa.Instruction) bool {
	if a.Block() != b.Block() {
		return precedes(a, b)
	}
	return w.number(a) < w.number(b)
}

// number returns the place of the instruction in its block.
func (w *world) number(in ssa.Instruction) int {
	block := in.Block()
	if len(block.Instrs) < longBlock {
		return slices.Index(block.Instrs, in)
	}
	at := w.numbers[block]
	if at == nil {
		at = make(map[ssa.Instruction]int, len(block.Instrs))
		for i, in := range block.Instrs {
			at[in] = i
		}
		w.numbers[block] = at
	}
	return at[in]
}
