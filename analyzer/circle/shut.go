package circle

import (
	"slices"

	"golang.org/x/tools/go/ssa"

	"github.com/killcheck/killcheck/analyzer/flow"
	"github.com/killcheck/killcheck/analyzer/program"
)

// shut returns the gate if what is done to the object shuts it before the goroutine
// starts which waits for the same object.
func (ct *Deadlocks) shut(x *Gate, on, with ssa.Value, class program.LockClass, shuts []ssa.Instruction) *Gate {
	if slices.ContainsFunc(x.Opens, ct.Looped) {
		return nil
	}
	by, ok := ct.shutBefore(x, shuts)
	if !ok || !ct.sameObject(x, by, on, with, class) {
		return nil
	}
	x.By = by
	return x
}

// sameObject reports whether the goroutine waits for the object that is shut: there is
// but one of the class in each run of the function, or both are seen to be it.
func (ct *Deadlocks) sameObject(x *Gate, by *ssa.Function, on, with ssa.Value, class program.LockClass) bool {
	if class.Owner == nil {
		a, local := class.Root.(*ssa.Alloc)
		return !local || !ct.Looped(a)
	}
	if made := ct.OnlyMade(class.Owner); made != nil {
		return !ct.Looped(made) && ct.CalledBy(by, made.Parent(), 3)
	}
	p := ct.Place(on, lockFrames(x.G, x.F))
	a, ok := p.Root.(*ssa.Alloc)
	return ok && !ct.Looped(a) && p == ct.Place(with, nil)
}

// lockFrames returns the chain of calls from where the goroutine starts to the frame.
func lockFrames(g *program.Goroutine, f *program.Frame) *program.LockFrame {
	if f == nil {
		return &program.LockFrame{Fn: g.Site.In}
	}
	if f.From == nil {
		x := &program.LockFrame{Fn: f.Fn, From: &program.LockFrame{Fn: g.Site.In}}
		if g.Site.Call != nil {
			x.Call = g.Site.Inst
		}
		return x
	}
	return &program.LockFrame{Fn: f.Fn, From: lockFrames(g, f.From), Call: f.Call}
}

// shutBefore returns the function in which all that shuts the gate is done before the
// goroutine starts, by itself or what it calls, without what opens it in between.
func (ct *Deadlocks) shutBefore(x *Gate, shuts []ssa.Instruction) (*ssa.Function, bool) {
	starts := ct.outward(x.G.Site.Inst)
	var by *ssa.Function
	for _, s := range shuts {
		ways := ct.outward(s)
		i, j := meet(ways, starts)
		if i < 0 || by != nil && starts[j].Parent() != by || ct.Looped(ways[i]) || ct.Looped(starts[j]) || !ct.Precedes(ways[i], starts[j]) {
			return nil, false
		}
		by = starts[j].Parent()
		for _, w := range ways[:i] {
			fn := w.Parent()
			if ct.Looped(w) || flow.FirstReturn(ct.PlainGraph(fn), fn.Blocks[0], nil, map[ssa.Instruction]bool{w: true}) != nil {
				return nil, false
			}
		}
		if slices.ContainsFunc(x.Opens, func(o ssa.Instruction) bool { return !ct.openedLater(o, ways[:i+1], starts[:j+1]) }) {
			return nil, false
		}
	}
	return by, by != nil && !ct.Process[by] && !ct.IsMain(by)
}

// meet returns the first two instructions of the lists that are in one function, or -1.
func meet(a, b []ssa.Instruction) (i, j int) {
	for j, y := range b {
		for i, x := range a {
			if x.Parent() == y.Parent() {
				return i, j
			}
		}
	}
	return -1, -1
}

// outward returns the instruction, the only call of its function, the only call of the
// function that makes that call, and so on.
func (ct *Deadlocks) outward(in ssa.Instruction) []ssa.Instruction {
	all := []ssa.Instruction{in}
	for range 4 {
		calls, open := ct.Graph.Callers(in.Parent())
		if open || len(calls) != 1 {
			break
		}
		switch calls[0].(type) {
		case *ssa.Call, *ssa.Defer:
		default:
			return all
		}
		in = calls[0]
		all = append(all, in)
	}
	return all
}

// openedLater reports whether what opens the gate is done only after the goroutine has
// started: not between what shuts the gate and that.
func (ct *Deadlocks) openedLater(o ssa.Instruction, shuts, starts []ssa.Instruction) bool {
	shut, start := shuts[len(shuts)-1], starts[len(starts)-1]
	for _, w := range ct.outward(o) {
		_, deferred := w.(*ssa.Defer)
		switch fn := w.Parent(); {
		case fn == start.Parent():
			g := ct.PlainGraph(fn)
			return deferred || !flow.LeadsTo(g, shut, w) || !flow.LeadsTo(g, w, start)
		case slices.ContainsFunc(shuts, func(s ssa.Instruction) bool { return s.Parent() == fn }):
			return false
		case slices.ContainsFunc(starts, func(s ssa.Instruction) bool {
			return s.Parent() == fn && (deferred || flow.LeadsTo(ct.PlainGraph(fn), w, s))
		}):
			return false
		}
	}
	return false
}
