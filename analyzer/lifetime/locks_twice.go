package lifetime

import (
	"slices"
	"strings"

	"golang.org/x/tools/go/ssa"

	"github.com/killcheck/killcheck/analyzer/flow"
)

// twice reports a lock that is taken although the same goroutine holds it.
func (h *holder) twice(f *lockFrame, c *ssa.Call, op lockOp, s []held) {
	p := h.w.place(op.on, f)
	for _, k := range s {
		if k.place != p && !h.oneObject(k.place, p) {
			continue
		}
		if h.conditional(f, c, k.by.Parent()) || h.twiceAt[k.by] || h.shared(k) {
			return
		}
		g, fr := h.w.runner(h.gs, k.by.Parent())
		lock := h.w.lockText(c)
		o := Obstacle{Kind: HeldLock, Pos: c.Pos()}
		switch {
		case !k.read || !op.reads():
			o.Message = subject(g) + " waits for itself: it holds " + lock + " already"
		case h.writer(k.class) != nil && !h.ownLock(k.place.root):
			o.Message = subject(g) + " can wait for ever: it holds " + lock + " for reading already, and a writer that comes in between makes the second RLock wait"
		default:
			return
		}
		h.twiceAt[c] = true
		inner := ssa.CallInstruction(c)
		if calls := chain(f, k.by.Parent()); len(calls) > 0 {
			inner = calls[0]
		}
		if inner.Parent() == k.by.Parent() {
			o.Remedy = Remedy{Op: Unlock, Pos: inner.Pos(), At: k.by.Pos()}
		}
		h.q.report(g, fr, o, h.way(f, k, "the lock is taken here")...)
		return
	}
}

// oneObject reports whether two places are the same field of an object that is
// made once in a function which keeps it.
func (h *holder) oneObject(a, b place) bool {
	if a.path != b.path || strings.Contains(a.path, "*") {
		return false
	}
	a, b = h.origin(a, 4), h.origin(b, 4)
	v, ok := a.root.(*ssa.Alloc)
	return ok && a == b && v.Parent().Signature.Results().Len() == 0 && !h.w.looped(v)
}

// origin follows a parameter to what all callers give for it.
func (h *holder) origin(p place, depth int) place {
	param, ok := p.root.(*ssa.Parameter)
	if !ok || depth == 0 {
		return p
	}
	calls, open := h.callers(param.Parent())
	if open || len(calls) == 0 {
		return p
	}
	var one place
	for i, c := range calls {
		a := argument(c.Common(), param)
		if a == nil {
			return p
		}
		got := h.origin(h.w.place(a, nil), depth-1)
		if i > 0 && got != one {
			return p
		}
		one = got
	}
	return place{root: one.root, path: one.path + p.path}
}

// conditional reports whether the way from the function that holds the lock to
// the call that takes it again depends on a parameter.
func (h *holder) conditional(f *lockFrame, c ssa.CallInstruction, from *ssa.Function) bool {
	for ; f != nil && f.fn != from; f = f.from {
		if h.flagged(f, c) {
			return true
		}
		c = f.call
	}
	return false
}

// ownLock reports whether the root of a lock's place is a variable that its
// function does nothing with but take and give back locks: then no other
// goroutine can take them.
func (h *holder) ownLock(root ssa.Value) bool {
	v, ok := root.(*ssa.Alloc)
	if !ok {
		return false
	}
	uses := slices.Clone(*v.Referrers())
	for len(uses) > 0 {
		u := uses[0]
		uses = uses[1:]
		if f, ok := u.(*ssa.FieldAddr); ok {
			uses = append(uses, *f.Referrers()...)
		} else if _, ok := h.w.lockCall(u); !ok {
			return false
		}
	}
	return true
}

// writer returns a call that takes a lock of the class for writing, or nil.
func (h *holder) writer(class lockClass) ssa.Instruction {
	if h.writers != nil {
		return h.writers[class]
	}
	h.writers = make(map[lockClass]ssa.Instruction)
	for _, fn := range h.w.Functions {
		if !h.w.Graph.Live(fn) {
			continue
		}
		for _, b := range fn.Blocks {
			for _, in := range b.Instrs {
				if op, ok := h.w.lockCall(in); ok && op.takes() && !op.reads() && h.writers[h.class(op.on)] == nil {
					h.writers[h.class(op.on)] = in
				}
			}
		}
	}
	return h.writers[class]
}

// rounds reports a lock that a loop takes in every round, if a round can end
// with the lock still held.
func (h *holder) rounds(f *lockFrame, in ssa.Instruction, s []held) {
	b := in.Block()
	if f.from != nil || in != b.Instrs[len(b.Instrs)-1] {
		return
	}
	for _, l := range h.w.plainGraph(f.fn).Around(b) {
		if !succeeds(l.Head, b) {
			continue
		}
		for _, k := range s {
			at := k.by.Block()
			if k.read || k.by.Parent() != f.fn || !l.Has(at) || !at.Dominates(b) || changes(k.place, l) || h.twiceAt[k.by] || h.givesIn(l, k) || h.shared(k) {
				continue
			}
			h.twiceAt[k.by] = true
			g, fr := h.w.runner(h.gs, f.fn)
			h.q.report(g, fr, Obstacle{
				Kind: HeldLock, Pos: k.by.Pos(),
				Message: subject(g) + " waits for itself: a round of the loop can end with " + h.w.lockText(k.by) + " held, and the next takes it again",
			})
		}
	}
}

func succeeds(to, b *ssa.BasicBlock) bool {
	for _, s := range b.Succs {
		if s == to {
			return true
		}
	}
	return false
}

// changes reports whether the place may be another variable in the next round of
// the loop.
func changes(p place, l *flow.Loop) bool {
	if in, ok := p.root.(ssa.Instruction); ok && l.Has(in.Block()) {
		return true
	}
	return strings.Contains(p.path, "*") || strings.Contains(p.path, "?")
}

// givesIn reports whether the loop gives back a lock of the class somewhere: to
// take it again is then its way to let others in.
func (h *holder) givesIn(l *flow.Loop, k held) bool {
	for _, b := range l.Blocks {
		for _, in := range b.Instrs {
			if op, ok := h.w.lockCall(in); ok && !op.takes() && h.class(op.on) == k.class {
				return true
			}
			if c, ok := in.(*ssa.Call); ok {
				for _, fn := range h.runs(c) {
					if h.touches(fn)[k.class].give {
						return true
					}
				}
			}
		}
	}
	return false
}

// shared reports whether another goroutine than the one that takes the lock may
// give it back: it then serves as a signal, and a second Lock is a wait for that.
func (h *holder) shared(k held) bool {
	holder := k.by.Parent()
	for _, give := range h.unlocks(k.class) {
		fn := give.in.Parent()
		if fn == holder {
			continue
		}
		if fn.Parent() == holder && !h.w.isBody(fn) {
			continue // a closure that gives back what the function around it took
		}
		if fn.Parent() == nil && holder.Parent() != fn {
			continue // a helper that runs in the same goroutine as far as is known
		}
		if !holds(h.at(give.in), k.class) {
			return true
		}
	}
	return false
}

// A give is an instruction that gives a lock back.
type give struct {
	in ssa.Instruction
	on ssa.Value
}

// unlocks returns all instructions of the package that give a lock of the class
// back.
func (h *holder) unlocks(class lockClass) []give {
	if h.given != nil {
		return h.given[class]
	}
	h.given = make(map[lockClass][]give)
	for _, fn := range h.w.Functions {
		for _, b := range fn.Blocks {
			for _, in := range b.Instrs {
				if op, ok := h.w.lockCall(in); ok && !op.takes() {
					of := h.class(op.on)
					h.given[of] = append(h.given[of], give{in, op.on})
				}
			}
		}
	}
	return h.given[class]
}
