package lifetime

import (
	"go/constant"
	"go/token"
	"go/types"
	"slices"

	"golang.org/x/tools/go/ssa"

	"github.com/killcheck/killcheck/analyzer/kb"
	"github.com/killcheck/killcheck/analyzer/signal"
)

// A held lock is one that is taken on every path to some point.
type held struct {
	place place
	class lockClass
	read  bool
	by    ssa.CallInstruction // the call that takes it
}

// locker follows the locks of a package. Values of it are valid for one world.
type locker struct {
	w       *world
	conds   map[lockClass]ssa.Value               // the locks of condition variables
	touched map[*ssa.Function]map[lockClass]touch // what a call of the function may do to locks
	busy    map[*ssa.Function]bool
	waits   map[*ssa.Function]bool
	takers  map[takerKey]bool
	states  map[*ssa.Function]map[ssa.Instruction][]held
}

type touch struct{ take, takeRead, give bool }

type takerKey struct {
	fn    *ssa.Function
	class lockClass
	read  bool
}

func newLocker(w *world) *locker {
	return &locker{
		w: w, conds: w.condLocks(), touched: make(map[*ssa.Function]map[lockClass]touch), busy: make(map[*ssa.Function]bool),
		takers: make(map[takerKey]bool),
		states: make(map[*ssa.Function]map[ssa.Instruction][]held),
	}
}

// runs returns the functions of the package that the call may run before it
// returns.
func (l *locker) runs(c ssa.CallInstruction) []*ssa.Function {
	if _, ok := c.(*ssa.Go); ok {
		return nil
	}
	fns, _ := l.w.Graph.Callees(c)
	if len(fns) > 0 {
		return fns
	}
	e, ok := signal.Entry(l.w.Base, c.Common())
	if !ok || e.Effect != kb.Callback || returnsFunc(c.Common()) {
		return nil // it may keep its arguments for later
	}
	for _, v := range l.w.Finder.Called(c.Common()) {
		more, _ := l.w.Graph.Functions(v)
		for _, fn := range more {
			if fn.Blocks != nil && !slices.Contains(fns, fn) {
				fns = append(fns, fn)
			}
		}
	}
	return fns
}

// returnsFunc reports whether a result of the call is a function.
func returnsFunc(c *ssa.CallCommon) bool {
	res := c.Signature().Results()
	for i := range res.Len() {
		if _, ok := res.At(i).Type().Underlying().(*types.Signature); ok {
			return true
		}
	}
	return false
}

// run returns the function that the call in the frame runs for certain, or nil.
func (l *locker) run(f *lockFrame, c ssa.CallInstruction) *ssa.Function {
	com := c.Common()
	if !com.IsInvoke() && com.StaticCallee() == nil {
		switch v := l.w.place(com.Value, f).root.(type) {
		case *ssa.MakeClosure:
			return v.Fn.(*ssa.Function)
		case *ssa.Function:
			return v
		}
	}
	fns := l.runs(c)
	if len(fns) != 1 {
		return nil
	}
	if _, open := l.w.Graph.Callees(c); open && com.StaticCallee() == nil {
		return nil // or another one
	}
	return fns[0]
}

// touches returns which locks a call of fn may take, and which it may give back
// without having taken them, its callees included.
func (l *locker) touches(fn *ssa.Function) map[lockClass]touch {
	if t, ok := l.touched[fn]; ok {
		return t
	}
	if l.busy[fn] {
		return nil
	}
	l.busy[fn] = true
	t := make(map[lockClass]touch)
	for _, b := range fn.Blocks {
		for _, in := range b.Instrs {
			c, ok := in.(ssa.CallInstruction)
			if !ok {
				continue
			}
			if _, ok := in.(*ssa.Go); ok {
				continue
			}
			if op, ok := l.w.lockCall(c); ok {
				k := l.class(op.on)
				x := t[k]
				x.take = x.take || op.takes() && !op.reads()
				x.takeRead = x.takeRead || op.takes() && op.reads()
				x.give = x.give || !op.takes() && !slices.ContainsFunc(l.at(in), func(h held) bool { return h.class == k })
				t[k] = x
				continue
			}
			for _, f := range l.runs(c) {
				for k, y := range l.touches(f) {
					x := t[k]
					t[k] = touch{x.take || y.take, x.takeRead || y.takeRead, x.give || y.give}
				}
			}
		}
	}
	l.busy[fn] = false
	l.touched[fn] = t
	return t
}

// step returns the locks held after the instruction.
func (l *locker) step(f *lockFrame, in ssa.Instruction, s []held) []held {
	if v, ok := in.(ssa.Value); ok && len(s) > 0 {
		s = without(s, func(h held) bool { return h.place.root == v }) // computed anew
	}
	c, ok := in.(*ssa.Call)
	if !ok {
		return s
	}
	op, ok := l.w.lockCall(c)
	if !ok {
		if len(s) == 0 {
			return s
		}
		for _, fn := range l.runs(c) {
			t := l.touches(fn)
			s = without(s, func(h held) bool { return t[h.class].give })
		}
		return s
	}
	class := l.class(op.on)
	if op.takes() {
		h := held{place: l.w.place(op.on, f), class: class, read: op.reads(), by: c}
		return append(s[:len(s):len(s)], h)
	}
	p := l.w.place(op.on, f)
	exact := slices.ContainsFunc(s, func(h held) bool { return h.place == p })
	return without(s, func(h held) bool {
		if exact {
			return h.place == p
		}
		return h.class == class || !class.known()
	})
}

func without(s []held, drop func(held) bool) []held {
	if !slices.ContainsFunc(s, drop) {
		return s
	}
	var kept []held
	for _, h := range s {
		if !drop(h) {
			kept = append(kept, h)
		}
	}
	return kept
}

// flow computes the locks that are held for certain along the paths of a
// function that is entered with some, and shows each instruction with the locks
// held before it.
func (l *locker) flow(f *lockFrame, entry []held, visit func(ssa.Instruction, []held)) {
	fn := f.fn
	if len(fn.Blocks) == 0 {
		return
	}
	g := l.w.plainGraph(fn)
	in := make([][]held, len(fn.Blocks))
	seen := make([]bool, len(fn.Blocks))
	in[0], seen[0] = entry, true
	work := []*ssa.BasicBlock{fn.Blocks[0]}
	for n := 0; len(work) > 0 && n < 50*len(fn.Blocks)+50; n++ {
		b := work[0]
		work = work[1:]
		s := in[b.Index]
		for _, x := range b.Instrs {
			s = l.step(f, x, s)
		}
		for _, to := range g.Succs(b) {
			if l.contradicts(f, b, to) {
				continue
			}
			if !seen[to.Index] {
				in[to.Index], seen[to.Index] = s, true
				work = append(work, to)
				continue
			}
			if m := both(in[to.Index], s); len(m) != len(in[to.Index]) {
				in[to.Index] = m
				work = append(work, to)
			}
		}
	}
	for _, b := range fn.Blocks {
		if !seen[b.Index] || !g.Reachable(b) {
			continue
		}
		s := in[b.Index]
		for _, x := range b.Instrs {
			visit(x, s)
			if x == g.StopsAt(b) {
				break
			}
			s = l.step(f, x, s)
		}
	}
}

// contradicts reports whether control does not go from b to its successor in the
// frame: the condition is an argument that is a constant.
func (l *locker) contradicts(f *lockFrame, b, to *ssa.BasicBlock) bool {
	cond := condition(b)
	if cond == nil || b.Succs[0] == b.Succs[1] {
		return false
	}
	cond, want := positive(cond)
	k, ok := l.w.place(cond, f).root.(*ssa.Const)
	if !ok || k.Value == nil || k.Value.Kind() != constant.Bool {
		return false
	}
	return (constant.BoolVal(k.Value) == want) != (b.Succs[0] == to)
}

// positive strips the negations of a condition.
func positive(cond ssa.Value) (ssa.Value, bool) {
	want := true
	for {
		u, ok := cond.(*ssa.UnOp)
		if !ok || u.Op != token.NOT {
			return cond, want
		}
		cond, want = u.X, !want
	}
}

// flagged reports whether the instruction runs only if a parameter or captured
// variable says so: whether a lock is held already, for one.
func (l *locker) flagged(f *lockFrame, in ssa.Instruction) bool {
	for cond := range holdsAt(in.Block()) {
		cond, _ = positive(cond)
		switch l.w.place(cond, nil).root.(type) {
		case *ssa.Parameter, *ssa.FreeVar, *ssa.Alloc:
			if _, isConst := l.w.place(cond, f).root.(*ssa.Const); !isConst {
				return true
			}
		}
	}
	return false
}

// both returns the locks that are in a and in b.
func both(a, b []held) []held {
	var m []held
	for _, x := range a {
		if slices.ContainsFunc(b, func(y held) bool { return x.place == y.place && x.read == y.read }) {
			m = append(m, x)
		}
	}
	return m
}

// at returns the locks that are held for certain before the instruction, those
// of callers not counted.
func (l *locker) at(in ssa.Instruction) []held {
	fn := in.Parent()
	m := l.states[fn]
	if m == nil {
		m = make(map[ssa.Instruction][]held)
		l.states[fn] = m
		l.flow(&lockFrame{fn: fn}, nil, func(x ssa.Instruction, s []held) {
			if len(s) > 0 {
				m[x] = s
			}
		})
	}
	return m[in]
}
