package held

import (
	"slices"
	"strings"

	"golang.org/x/tools/go/ssa"

	"github.com/killcheck/killcheck/analyzer/code"
	"github.com/killcheck/killcheck/analyzer/flow"
	"github.com/killcheck/killcheck/analyzer/lock"
	"github.com/killcheck/killcheck/analyzer/program"
)

// twice notes a lock that is taken although the same goroutine holds it.
func (h *holder) twice(f *program.LockFrame, c *ssa.Call, op program.LockOp, s []lock.Held) {
	p := h.Ev.Place(op.On, f)
	for _, k := range s {
		if k.Place != p && !h.oneObject(k.Place, p) {
			continue
		}
		if h.conditional(f, c, k.By.Parent()) || h.twiceAt[k.By] || h.shared(k) || h.GivenOn(k.Class) {
			return
		}
		found := Stall{Kind: Twice, Pos: c.Pos(), Taken: h.take(f, k), Unsure: h.Ev.InTest(k.By.Pos())}
		found.Lock = h.Ev.LockText(c)
		if k.Read && op.Reads() {
			if h.writer(k.Class) == nil || h.ownLock(k.Place.Root) {
				return
			}
			found.Kind = TwiceRead
		}
		h.twiceAt[c] = true
		inner := ssa.CallInstruction(c)
		if calls := chain(f, k.By.Parent()); len(calls) > 0 {
			inner = calls[0]
		}
		if inner.Parent() == k.By.Parent() {
			found.Unlock = inner.Pos()
		}
		h.add(k.By.Parent(), found)
		return
	}
}

// oneObject reports whether two places are the same field of an object that is
// made once in a function which keeps it.
func (h *holder) oneObject(a, b program.Place) bool {
	if a.Path != b.Path || strings.Contains(a.Path, "*") {
		return false
	}
	a, b = h.origin(a, 4), h.origin(b, 4)
	v, ok := a.Root.(*ssa.Alloc)
	return ok && a == b && v.Parent().Signature.Results().Len() == 0 && !h.Ev.Looped(v)
}

// origin follows a parameter to what all callers give for it.
func (h *holder) origin(p program.Place, depth int) program.Place {
	param, ok := p.Root.(*ssa.Parameter)
	if !ok || depth == 0 {
		return p
	}
	calls, open := h.Callers(param.Parent())
	if open || len(calls) == 0 {
		return p
	}
	var one program.Place
	for i, c := range calls {
		a := code.Argument(c.Common(), param)
		if a == nil {
			return p
		}
		got := h.origin(h.Ev.Place(a, nil), depth-1)
		if i > 0 && got != one {
			return p
		}
		one = got
	}
	return program.Place{Root: one.Root, Path: one.Path + p.Path}
}

// conditional reports whether the way from the function that holds the lock to
// the call that takes it again depends on a parameter.
func (h *holder) conditional(f *program.LockFrame, c ssa.CallInstruction, from *ssa.Function) bool {
	for ; f != nil && f.Fn != from; f = f.From {
		if h.Flagged(f, c) {
			return true
		}
		c = f.Call
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
		} else if _, ok := h.Ev.LockCall(u); !ok {
			return false
		}
	}
	return true
}

// writer returns a call that takes a lock of the class for writing, or nil.
func (h *holder) writer(class program.LockClass) ssa.Instruction {
	if h.writers != nil {
		return h.writers[class]
	}
	h.writers = make(map[program.LockClass]ssa.Instruction)
	for _, fn := range h.Ev.Functions {
		if !h.Ev.Graph.Live(fn) {
			continue
		}
		for _, b := range fn.Blocks {
			for _, in := range b.Instrs {
				if op, ok := h.Ev.LockCall(in); ok && op.Takes() && !op.Reads() && h.writers[h.Class(op.On)] == nil {
					h.writers[h.Class(op.On)] = in
				}
			}
		}
	}
	return h.writers[class]
}

// rounds notes a lock that a loop takes in every round, if a round can end
// with the lock still held.
func (h *holder) rounds(f *program.LockFrame, in ssa.Instruction, s []lock.Held) {
	b := in.Block()
	if f.From != nil || in != b.Instrs[len(b.Instrs)-1] {
		return
	}
	for _, l := range h.Ev.PlainGraph(f.Fn).Around(b) {
		if !flow.Succeeds(l.Head, b) {
			continue
		}
		for _, k := range s {
			at := k.By.Block()
			if k.Read || k.By.Parent() != f.Fn || !l.Has(at) || !at.Dominates(b) || changes(k.Place, l) || h.twiceAt[k.By] || h.givesIn(l, k) || h.shared(k) {
				continue
			}
			h.twiceAt[k.By] = true
			h.add(f.Fn, Stall{Kind: TwiceRound, Pos: k.By.Pos(), Taken: h.take(nil, k)})
		}
	}
}

// changes reports whether the place may be another variable in the next round of
// the loop.
func changes(p program.Place, l *flow.Loop) bool {
	if in, ok := p.Root.(ssa.Instruction); ok && l.Has(in.Block()) {
		return true
	}
	return strings.Contains(p.Path, "*") || strings.Contains(p.Path, "?")
}

// givesIn reports whether the loop may give back a lock of the class in another
// place than behind the call that takes it: then what a round leaves held, the next
// may give back before it takes it again.
func (h *holder) givesIn(l *flow.Loop, k lock.Held) bool {
	for _, b := range l.Blocks {
		for _, in := range b.Instrs {
			if h.mayGive(in, k.Class) && !flow.Precedes(k.By, in) {
				return true
			}
		}
	}
	return false
}

// mayGive reports whether the instruction may give back a lock of the class.
func (h *holder) mayGive(in ssa.Instruction, class program.LockClass) bool {
	if op, ok := h.Ev.LockCall(in); ok {
		return !op.Takes() && h.Class(op.On) == class
	}
	if later, ok := h.GivenLater(in); ok {
		return later == class
	}
	c, ok := in.(*ssa.Call)
	return ok && h.callGives(c, class)
}

// callGives reports whether what the call runs may give back a lock of the class.
func (h *holder) callGives(c ssa.CallInstruction, class program.LockClass) bool {
	return slices.ContainsFunc(h.Runs(c), func(fn *ssa.Function) bool { return h.Touches(fn)[class].Give })
}

// shared reports whether another goroutine than the one that takes the lock may
// give it back: it then serves as a signal, and a second Lock is a wait for that.
func (h *holder) shared(k lock.Held) bool {
	holder := k.By.Parent()
	for _, give := range h.unlocks(k.Class) {
		fn := give.in.Parent()
		if fn == holder {
			continue
		}
		if fn.Parent() == holder && !h.Ev.IsBody(fn) {
			continue // a closure that gives back what the function around it took
		}
		if fn.Parent() == nil && holder.Parent() != fn {
			continue // a helper that runs in the same goroutine as far as is known
		}
		if !holds(h.At(give.in), k.Class) {
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
func (h *holder) unlocks(class program.LockClass) []give {
	if h.given != nil {
		return h.given[class]
	}
	h.given = make(map[program.LockClass][]give)
	for _, fn := range h.Ev.Functions {
		for _, b := range fn.Blocks {
			for _, in := range b.Instrs {
				if op, ok := h.Ev.LockCall(in); ok && !op.Takes() {
					of := h.Class(op.On)
					h.given[of] = append(h.given[of], give{in, op.On})
				}
			}
		}
	}
	return h.given[class]
}
