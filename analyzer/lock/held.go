package lock

import (
	"go/constant"
	"go/types"
	"slices"

	"golang.org/x/tools/go/ssa"

	"github.com/killcheck/killcheck/analyzer/code"
	"github.com/killcheck/killcheck/analyzer/event"
	"github.com/killcheck/killcheck/analyzer/flow"
	"github.com/killcheck/killcheck/analyzer/kb"
	"github.com/killcheck/killcheck/analyzer/program"
	"github.com/killcheck/killcheck/analyzer/signal"
)

// Excludes reports whether the operation cannot go on while k is held.
func (l *Locker) Excludes(op program.LockOp, k Held) bool {
	return op.Takes() && (!k.Read || !op.Reads()) && l.Class(op.On) == k.Class && !l.apart(op.On, k)
}

// Apart reports whether both are the same field of an embedded type, but the objects
// around it are of different types: they are not the same lock.
func (l *Locker) Apart(a, b Held) bool {
	op, ok := l.Ev.LockCall(a.By)
	return ok && l.apart(op.On, b)
}

func (l *Locker) apart(v ssa.Value, k Held) bool {
	op, ok := l.Ev.LockCall(k.By)
	if !ok {
		return false
	}
	a, b := around(v), around(op.On)
	return len(a) > 0 && len(b) > 0 && !holdsType(a, b[len(b)-1]) && !holdsType(b, a[len(a)-1])
}

// holdsType reports whether the type, or one that a pointer to it may be converted to, is
// among them.
func holdsType(all []*types.TypeName, t *types.TypeName) bool {
	return slices.ContainsFunc(all, func(x *types.TypeName) bool {
		return x == t || types.Identical(x.Type().Underlying(), t.Type().Underlying())
	})
}

// around returns the types of the objects in which the address lies, the innermost first.
func around(v ssa.Value) (all []*types.TypeName) {
	for {
		field, ok := v.(*ssa.FieldAddr)
		if !ok {
			return all
		}
		if all = append(all, code.TypeName(field.X.Type())); all[len(all)-1] == nil {
			return nil
		}
		v = field.X
	}
}

// Callers returns the calls of fn that can run.
func (l *Locker) Callers(fn *ssa.Function) (calls []ssa.CallInstruction, open bool) {
	all, open := l.Ev.Graph.Callers(fn)
	for _, c := range all {
		if l.Ev.Graph.Live(c.Parent()) {
			calls = append(calls, c)
		}
	}
	return calls, open
}

// Class returns the class of the lock at the address v. The lock of a condition
// variable is the one that it was made with.
func (l *Locker) Class(v ssa.Value) program.LockClass {
	c := l.Ev.Class(v)
	u, ok := v.(*ssa.UnOp)
	if !ok {
		return c
	}
	f, ok := u.X.(*ssa.FieldAddr)
	if !ok || !l.Ev.LockField(f) {
		return c
	}
	if lock := l.Conds[l.Ev.Class(f.X)]; lock != nil {
		return l.Ev.LockerClass(lock)
	}
	return c
}

// A Held lock is one that is taken on every path to some point.
type Held struct {
	Place program.Place
	Class program.LockClass
	Read  bool
	By    ssa.CallInstruction // the call that takes it
}

// Locker follows the locks of a package. Values of it are valid for one world.
type Locker struct {
	Ev      *event.Events
	Conds   map[program.LockClass]ssa.Value               // the locks of condition variables
	touched map[*ssa.Function]map[program.LockClass]touch // what a call of the function may do to locks
	busy    map[*ssa.Function]bool
	waits   map[*ssa.Function]bool
	states  map[*ssa.Function]map[ssa.Instruction][]Held
	loose   map[program.LockClass]use // see Loose; nil if not looked for yet
}

type touch struct{ Take, TakeRead, Give bool }

func New(ev *event.Events) *Locker {
	return &Locker{
		Ev: ev, Conds: ev.CondLocks(), touched: make(map[*ssa.Function]map[program.LockClass]touch), busy: make(map[*ssa.Function]bool),
		states: make(map[*ssa.Function]map[ssa.Instruction][]Held),
	}
}

// Runs returns the functions of the package that the call may run before it
// returns.
func (l *Locker) Runs(c ssa.CallInstruction) []*ssa.Function {
	if _, ok := c.(*ssa.Go); ok {
		return nil
	}
	fns, _ := l.Ev.Graph.Callees(c)
	if len(fns) > 0 {
		return fns
	}
	e, ok := signal.Entry(l.Ev.Base, c.Common())
	if !ok || e.Effect != kb.Callback || code.ReturnsFunc(c.Common()) {
		return nil // it may keep its arguments for later
	}
	for _, v := range l.Ev.Finder.Called(c.Common()) {
		more, _ := l.Ev.Graph.Functions(v)
		for _, fn := range more {
			if fn.Blocks != nil && !slices.Contains(fns, fn) {
				fns = append(fns, fn)
			}
		}
	}
	return fns
}

// Run returns the function that the call in the frame runs for certain, or nil.
func (l *Locker) Run(f *program.LockFrame, c ssa.CallInstruction) *ssa.Function {
	com := c.Common()
	if !com.IsInvoke() && com.StaticCallee() == nil {
		switch v := l.Ev.Place(com.Value, f).Root.(type) {
		case *ssa.MakeClosure:
			return v.Fn.(*ssa.Function)
		case *ssa.Function:
			return v
		}
	}
	fns := l.Runs(c)
	if len(fns) != 1 {
		return nil
	}
	if _, open := l.Ev.Graph.Callees(c); open && com.StaticCallee() == nil {
		return nil // or another one
	}
	return fns[0]
}

// Touches returns which locks a call of fn may take, and which it may give back
// without having taken them, its callees included.
func (l *Locker) Touches(fn *ssa.Function) map[program.LockClass]touch {
	if t, ok := l.touched[fn]; ok {
		return t
	}
	if l.busy[fn] {
		return nil
	}
	l.busy[fn] = true
	t := make(map[program.LockClass]touch)
	for _, b := range fn.Blocks {
		for _, in := range b.Instrs {
			c, ok := in.(ssa.CallInstruction)
			if !ok {
				continue
			}
			if _, ok := in.(*ssa.Go); ok {
				continue
			}
			if op, ok := l.Ev.LockCall(c); ok {
				k := l.Class(op.On)
				x := t[k]
				x.Take = x.Take || op.Takes() && !op.Reads()
				x.TakeRead = x.TakeRead || op.Takes() && op.Reads()
				x.Give = x.Give || !op.Takes() && !slices.ContainsFunc(l.At(in), func(h Held) bool { return h.Class == k })
				t[k] = x
				continue
			}
			for _, f := range l.Runs(c) {
				for k, y := range l.Touches(f) {
					x := t[k]
					t[k] = touch{x.Take || y.Take, x.TakeRead || y.TakeRead, x.Give || y.Give}
				}
			}
		}
	}
	l.busy[fn] = false
	l.touched[fn] = t
	return t
}

// step returns the locks held after the instruction.
func (l *Locker) step(f *program.LockFrame, in ssa.Instruction, s []Held) []Held {
	if v, ok := in.(ssa.Value); ok && len(s) > 0 {
		s = without(s, func(h Held) bool { return h.Place.Root == v }) // computed anew
	}
	if len(s) > 0 {
		if class, ok := l.GivenLater(in); ok {
			return without(s, func(h Held) bool { return h.Class == class })
		}
	}
	c, ok := in.(*ssa.Call)
	if !ok {
		return s
	}
	op, ok := l.Ev.LockCall(c)
	if !ok {
		if len(s) == 0 {
			return s
		}
		for _, fn := range l.Runs(c) {
			t := l.Touches(fn)
			s = without(s, func(h Held) bool { return t[h.Class].Give })
		}
		return s
	}
	class := l.Class(op.On)
	if op.Takes() {
		h := Held{Place: l.Ev.Place(op.On, f), Class: class, Read: op.Reads(), By: c}
		return append(s[:len(s):len(s)], h)
	}
	p := l.Ev.Place(op.On, f)
	exact := slices.ContainsFunc(s, func(h Held) bool { return h.Place == p })
	return without(s, func(h Held) bool {
		if exact {
			return h.Place == p
		}
		return h.Class == class || !class.Known()
	})
}

// GivenLater returns the class of the lock that somebody else may give back from
// the instruction on: a goroutine that starts with the unlock, or whoever is
// handed the unlock as a value.
func (l *Locker) GivenLater(in ssa.Instruction) (class program.LockClass, ok bool) {
	switch in := in.(type) {
	case *ssa.Go:
		if op, ok := l.Ev.LockCall(in); ok && !op.Takes() {
			return l.Class(op.On), true
		}
	case *ssa.MakeClosure:
		op, ok := l.Ev.LockValue(in)
		if ok && !op.Takes() && slices.ContainsFunc(*in.Referrers(), func(use ssa.Instruction) bool { return !calls(use, in) }) {
			return l.Class(op.On), true
		}
	}
	return program.LockClass{}, false
}

// calls reports whether the instruction only calls the function v, now or when
// its own function returns.
func calls(in ssa.Instruction, v ssa.Value) bool {
	switch in := in.(type) {
	case *ssa.Call:
		return in.Call.Value == v && !slices.Contains(in.Call.Args, v)
	case *ssa.Defer:
		return in.Call.Value == v && !slices.Contains(in.Call.Args, v)
	case *ssa.DebugRef:
		return true
	}
	return false
}

func without(s []Held, drop func(Held) bool) []Held {
	if !slices.ContainsFunc(s, drop) {
		return s
	}
	var kept []Held
	for _, h := range s {
		if !drop(h) {
			kept = append(kept, h)
		}
	}
	return kept
}

// Flow computes the locks that are held for certain along the paths of a
// function that is entered with some, and shows each instruction with the locks
// held before it.
func (l *Locker) Flow(f *program.LockFrame, entry []Held, visit func(ssa.Instruction, []Held)) {
	fn := f.Fn
	if len(fn.Blocks) == 0 {
		return
	}
	g := l.Ev.PlainGraph(fn)
	in := make([][]Held, len(fn.Blocks))
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
// frame: the condition is an argument that is a constant, or all constants of a type
// were compared. A variable that is set once to a constant has another value before.
func (l *Locker) contradicts(f *program.LockFrame, b, to *ssa.BasicBlock) bool {
	cond := flow.Condition(b)
	if cond == nil || b.Succs[0] == b.Succs[1] {
		return false
	}
	if b.Succs[1] == to && l.Ev.PastEnum(b) {
		return true
	}
	cond, want := flow.Positive(cond)
	if _, given := l.Ev.Place(cond, nil).Root.(*ssa.Parameter); !given {
		return false
	}
	k, ok := l.Ev.Place(cond, f).Root.(*ssa.Const)
	if !ok || k.Value == nil || k.Value.Kind() != constant.Bool {
		return false
	}
	return (constant.BoolVal(k.Value) == want) != (b.Succs[0] == to)
}

// Flagged reports whether the instruction runs only if a parameter or captured
// variable says so: whether a lock is held already, for one.
func (l *Locker) Flagged(f *program.LockFrame, in ssa.Instruction) bool {
	for cond, holds := range flow.HoldsAt(in.Block()) {
		if l.needsNil(f, cond, holds) {
			return true
		}
		cond, _ = flow.Positive(cond)
		switch l.Ev.Place(cond, nil).Root.(type) {
		case *ssa.Parameter, *ssa.FreeVar, *ssa.Alloc:
			if _, isConst := l.Ev.Place(cond, f).Root.(*ssa.Const); !isConst {
				return true
			}
		}
	}
	return false
}

// needsNil reports whether the condition says that a parameter is nil, for which the caller
// does not give nil.
func (l *Locker) needsNil(f *program.LockFrame, cond ssa.Value, holds bool) bool {
	tested, ifNil := code.NilTest(cond)
	p, ok := tested.(*ssa.Parameter)
	if !ok || holds != ifNil || f == nil || f.From == nil || p.Parent() != f.Fn {
		return false
	}
	a := code.Argument(f.Call.Common(), p)
	if q, ok := a.(*ssa.Parameter); ok && f.From.From != nil && q.Parent() == f.From.Fn {
		a = code.Argument(f.From.Call.Common(), q)
	}
	return a != nil && !code.IsNil(a)
}

// both returns the locks that are in a and in b.
func both(a, b []Held) []Held {
	var m []Held
	for _, x := range a {
		if slices.ContainsFunc(b, func(y Held) bool { return x.Place == y.Place && x.Read == y.Read }) {
			m = append(m, x)
		}
	}
	return m
}

// At returns the locks that are held for certain before the instruction, those
// of callers not counted.
func (l *Locker) At(in ssa.Instruction) []Held {
	fn := in.Parent()
	m := l.states[fn]
	if m == nil {
		m = make(map[ssa.Instruction][]Held)
		l.states[fn] = m
		l.Flow(&program.LockFrame{Fn: fn}, nil, func(x ssa.Instruction, s []Held) {
			if len(s) > 0 {
				m[x] = s
			}
		})
	}
	return m[in]
}
