package verdict

import (
	"go/types"
	"slices"
	"strings"

	"golang.org/x/tools/go/ssa"

	"github.com/killcheck/killcheck/analyzer/code"
	"github.com/killcheck/killcheck/analyzer/kb"
	"github.com/killcheck/killcheck/analyzer/signal"
	"github.com/killcheck/killcheck/analyzer/summary"
)

// A target is what is known of the code that a call runs.
type target struct {
	fns    []*ssa.Function // functions of the package
	args   bool            // the arguments of the call are their parameters
	row    *kb.Entry
	fact   *summary.Func
	param  *ssa.Parameter // it runs a function that the caller is given
	unread bool           // it may run code that was not read
	brief  bool           // so it may, but such code returns, by custom
}

// targets returns what a call runs.
func (m *matcher) targets(in ssa.CallInstruction) target {
	c := in.Common()
	if _, ok := c.Value.(*ssa.Builtin); ok {
		return target{}
	}
	if e, ok := signal.Entry(m.mod.Base, c); ok {
		t := target{row: &e}
		if e.Effect == kb.Callback {
			for _, v := range m.mod.Finder.Called(c) {
				x := m.value(v)
				t.fns = append(t.fns, x.fns...)
				t.unread = t.unread || x.unread
				if x.param != nil {
					t.param = x.param
				}
			}
		}
		return t
	}
	if e, ok := m.mod.Native(c); ok {
		return target{row: &e}
	}
	if c.IsInvoke() {
		return m.method(in)
	}
	callee := c.StaticCallee()
	if callee == nil {
		t := m.valueAt(c.Value, in)
		t.args = true
		m.custom(&t, in)
		return t
	}
	if o := callee.Origin(); o != nil {
		callee = o
	}
	if callee.Blocks != nil && (callee.Pkg == nil || callee.Pkg.Pkg == m.mod.Pkg) {
		return target{fns: []*ssa.Function{callee}, args: true}
	}
	obj, _ := callee.Object().(*types.Func)
	if obj == nil || obj.Pkg() == m.mod.Pkg {
		return target{} // without a body: assembly
	}
	return target{fact: m.mod.Fact(obj)}
}

// method returns what a call through an interface runs.
func (m *matcher) method(in ssa.CallInstruction) target {
	c := in.Common()
	fns, open := m.mod.Graph.Callees(in)
	fns, _ = m.withoutTestCode(fns, in)
	t := target{fns: fns, args: true, unread: open || len(fns) == 0}
	if p := c.Method.Pkg(); t.unread && (p == nil || code.IsStd(p.Path(), m.mod.Module)) {
		t.unread = false // what waits there has a row
	}
	m.custom(&t, in)
	return t
}

// withoutTestCode leaves out what only a test puts there, unless the call stands
// in one, and reports whether nothing else does.
func (m *matcher) withoutTestCode(fns []*ssa.Function, in ssa.CallInstruction) (kept []*ssa.Function, none bool) {
	if m.mod.InTest(in.Pos()) {
		return fns, false
	}
	for _, fn := range fns {
		if m.mod.InTest(fn.Pos()) {
			none = true
		} else {
			kept = append(kept, fn)
		}
	}
	return kept, none && len(kept) == 0
}

// value returns what a call of the function value v runs.
func (m *matcher) value(v ssa.Value) target {
	if p := m.param(v); p != nil {
		if _, ok := p.Type().Underlying().(*types.Signature); ok {
			return target{param: p}
		}
	}
	if m.mod.Graph.Sources(v) > maxPartners {
		return target{unread: true}
	}
	fns, open := m.mod.Graph.Functions(v)
	t := target{unread: open || len(fns) == 0}
	if t.unread && m.handedBack(v) {
		return target{}
	}
	for _, fn := range fns {
		if fn.Blocks != nil && (fn.Pkg == nil || fn.Pkg.Pkg == m.mod.Pkg) {
			t.fns = append(t.fns, fn)
		} else {
			t.unread = true
		}
	}
	return t
}

// valueAt is value as seen from the call in: what only a test puts there is left out.
func (m *matcher) valueAt(v ssa.Value, in ssa.CallInstruction) target {
	t := m.value(v)
	fns, none := m.withoutTestCode(t.fns, in)
	t.fns, t.unread = fns, t.unread || none
	return t
}

// handedBack reports whether the function value is a result of a library call that
// the knowledge base knows: a cancel function, which does not wait.
func (m *matcher) handedBack(v ssa.Value) bool {
	calls, open := m.mod.Graph.Origins(v)
	return !open && len(calls) > 0 && !slices.ContainsFunc(calls, func(c *ssa.Call) bool {
		e, ok := signal.Entry(m.mod.Base, &c.Call)
		return !ok || e.Effect != kb.Derives
	})
}

// callWaits adds the waits of what the call runs, as the function fn has them
// that makes it.
func (m *matcher) callWaits(fn *ssa.Function, in ssa.CallInstruction, c *collection) {
	m.waitsOf(m.targets(in), spot{fn, in, in.Pos()}, in, c)
}

func (m *matcher) waitsOf(t target, at spot, in ssa.CallInstruction, c *collection) {
	if t.row != nil {
		if w := m.rowWait(*t.row, at, in.Common()); w != nil {
			c.add(w)
		}
	}
	if t.fact != nil {
		m.factWaits(t.fact, at, in, c)
	}
	busy := m.busy(t.fns)
	if len(busy) > maxPartners {
		c.more = true
		busy = nil
	}
	for _, f := range busy {
		e := m.events(f)
		c.more = c.more || e.more
		for _, w := range e.waits {
			if t.args {
				m.substitute(w, f, at, in, c)
			} else {
				m.unbound(w, f, at, in, c)
			}
		}
	}
	name := m.called(in)
	if t.param != nil {
		w := m.unread(at, in.Common(), name)
		w.Wakes = append(w.Wakes, Wake{Action: ByReturn, Param: t.param, Name: t.param.Name()})
		c.add(w)
	}
	if t.unread {
		w := m.unread(at, in.Common(), name)
		w.Wakes = append(w.Wakes, Wake{Action: ByReturn, Name: name, Level: Unclear, Why: NotRead, At: in.Pos()})
		c.add(w)
	}
}

// busy returns the functions that wait, or may: of the many methods that one
// interface call may run, such as those of the messages of a protocol, most only
// compute.
func (m *matcher) busy(fns []*ssa.Function) []*ssa.Function {
	var kept []*ssa.Function
	for _, f := range fns {
		if e := m.events(f); e.more || len(e.waits) > 0 {
			kept = append(kept, f)
		}
	}
	return kept
}

// called names what the call runs, as the code does if it stands there.
func (m *matcher) called(in ssa.CallInstruction) string {
	if s := m.mod.Syn.Callee(m.mod.Syn.CalledAt(in)); s != "a function" {
		return s
	}
	c := in.Common()
	if c.IsInvoke() {
		return c.Method.Name()
	}
	if p := m.param(c.Value); p != nil {
		return p.Name()
	}
	return "a function"
}

// unread returns the wait of a call of code that was not read. If it is given a
// context or a stop channel, it is taken to heed that.
func (m *matcher) unread(at spot, c *ssa.CallCommon, name string) *Wait {
	w := &Wait{Op: WaitUnread, Fn: at.fn, In: at.in, Pos: at.pos, Name: name, Told: IsTold(c.Signature())}
	first := 0
	if !c.IsInvoke() && c.Signature().Recv() != nil {
		first = 1
	}
	for i, a := range c.Args {
		if i < first {
			continue
		}
		switch {
		case code.IsContext(a.Type()):
			w.Wakes = append(w.Wakes, m.cancelled(at, a, m.argText(at, i-first, "ctx")+".Done()"))
		case code.IsStopChan(a.Type()):
			w.Wakes = append(w.Wakes, m.closed(at, a, m.argText(at, i-first, "stop")))
		}
	}
	return w
}

// argText gives the source of argument i of the call at the spot.
func (m *matcher) argText(at spot, i int, other string) string {
	if at.in == nil {
		return other
	}
	pos := at.pos
	if g, ok := at.in.(*ssa.Go); ok {
		pos = m.mod.Syn.Called(g.Pos())
	} else if d, ok := at.in.(*ssa.Defer); ok {
		pos = m.mod.Syn.Called(d.Pos())
	}
	if s := m.mod.Syn.Argument(pos, i); s != "" && len(s) <= 40 && !strings.Contains(s, "func(") {
		return s
	}
	return other
}

// substitute adds a wait of the callee f with its parameters replaced by the
// arguments of the call.
func (m *matcher) substitute(w *Wait, f *ssa.Function, at spot, in ssa.CallInstruction, c *collection) {
	next := w.through(at.pos)
	for i := range next.Wakes {
		k := &next.Wakes[i]
		p, _ := k.Param.(*ssa.Parameter)
		if p == nil || p.Parent() != f {
			continue
		}
		a := code.Argument(in.Common(), p)
		if a == nil {
			*k = m.settle(*k, at)
			continue
		}
		if k.Action == ByReturn {
			m.function(w, a, at, in, c)
			return
		}
		onHandle := k.Action == ByClose && !code.IsChan(a.Type())
		*k = m.bind(*k, at, a, m.renamed(*k, p, at, in))
		if onHandle && (w.Op == WaitCall || w.Op == WaitUnread) && len(next.Wakes) == 1 {
			next.Timed = m.timed(at, a, w.Name)
		}
	}
	c.add(next)
}

// renamed gives the object of the wake, which the callee names by its parameter,
// as the caller names it.
func (m *matcher) renamed(k Wake, p *ssa.Parameter, at spot, in ssa.CallInstruction) string {
	rest, ok := strings.CutPrefix(k.Name, p.Name())
	if !ok || rest != "" && rest[0] != '.' {
		return k.Name
	}
	i := slices.Index(p.Parent().Params, p)
	if !in.Common().IsInvoke() && in.Common().Signature().Recv() != nil || in.Common().IsInvoke() {
		i--
	}
	if i < 0 {
		return k.Name
	}
	return m.argText(at, i, p.Name()) + rest
}

// function adds the waits of the function value v, which the callee calls.
func (m *matcher) function(w *Wait, v ssa.Value, at spot, in ssa.CallInstruction, c *collection) {
	t := m.valueAt(v, in)
	if t.param != nil {
		next := w.through(at.pos)
		for i := range next.Wakes {
			if next.Wakes[i].Action == ByReturn {
				next.Wakes[i].Param = t.param
			}
		}
		c.add(next)
		return
	}
	for _, f := range t.fns {
		e := m.events(f)
		c.more = c.more || e.more
		for _, x := range e.waits {
			m.unbound(x, f, at, in, c)
		}
	}
	if t.unread {
		next := w.through(at.pos)
		for i := range next.Wakes {
			if k := &next.Wakes[i]; k.Action == ByReturn {
				*k = Wake{Action: ByReturn, Name: k.Name, Level: Unclear, Why: NotRead, At: at.pos}
			}
		}
		c.add(next)
	}
}

// unbound adds a wait of the function f, which is called with arguments that are
// not known.
func (m *matcher) unbound(w *Wait, f *ssa.Function, at spot, in ssa.CallInstruction, c *collection) {
	next := w.through(at.pos)
	for i := range next.Wakes {
		if p, _ := next.Wakes[i].Param.(*ssa.Parameter); p != nil && p.Parent() == f {
			next.Wakes[i] = m.settle(next.Wakes[i], at)
		}
	}
	c.add(next)
}

// settle gives an open wake the level that holds for whatever its parameter may
// be.
func (m *matcher) settle(k Wake, at spot) Wake {
	if k.Param == nil {
		return k
	}
	v := k.Param
	var s Wake
	switch {
	case k.Action == ByCancel:
		s = m.life(at, v, 8)
	case k.Action == BySend:
		s = m.sending(at, v, k.Name)
	case k.Action == ByReceive:
		s = m.taken(at, v)
	case k.Action == ByStore:
		s = Wake{Action: ByStore, Level: Perhaps, Why: NotSeen, At: at.pos, Stop: true}
	case k.Action == ByReturn:
		s = Wake{Action: ByReturn, Level: Unclear, Why: NotRead, At: at.pos}
	case code.IsChan(v.Type()):
		s = m.closing(at, v, k.Name)
	default:
		s = m.handleLevel(at, v, k)
	}
	if s.Name == "" {
		s.Name = k.Name
	}
	s.Time, s.Only, s.Fails = s.Time || k.Time, k.Only, k.Fails
	return s.orFails()
}

// factWaits adds the waits of a function of another package. There is no call in where
// a goroutine runs one that takes nothing.
func (m *matcher) factWaits(f *summary.Func, at spot, in ssa.CallInstruction, c *collection) {
	com := new(ssa.CallCommon)
	if in != nil {
		com = in.Common()
	}
	args := com.Args
	if com.IsInvoke() {
		args = append([]ssa.Value{com.Value}, args...)
	}
	c.more = c.more || f.More && !m.customary(in)
	for _, s := range f.Waits {
		w := &Wait{Op: WaitOp(s.Op), Fn: at.fn, In: at.in, Pos: at.pos, Far: s.At, Name: s.Name, Other: s.Other, Stays: s.Stays, Meant: s.Meant, Told: s.Told}
		if w.Op == WaitUnread && s.Param >= 0 && s.Param < len(args) {
			w.Wakes = []Wake{{Action: ByReturn, Name: s.Name}}
			m.given(w, args[s.Param], at, in, c)
			continue
		}
		for _, k := range s.Wakes {
			x := m.factWake(k, at, com, args)
			x.Given = k.Param >= 0 && k.Param < len(args) && (plainSignal(args[k.Param]) || x.Action == ByStore) && !generic(com)
			w.Wakes = append(w.Wakes, x)
		}
		c.add(w)
	}
}

// given adds the waits of the function value v, which a function of another
// package calls.
func (m *matcher) given(w *Wait, v ssa.Value, at spot, in ssa.CallInstruction, c *collection) {
	t := m.valueAt(v, in)
	if t.param != nil {
		w.Wakes[0].Param = t.param
		c.add(w)
		return
	}
	for _, f := range t.fns {
		e := m.events(f)
		c.more = c.more || e.more
		for _, x := range e.waits {
			m.unbound(x, f, at, in, c)
		}
	}
	if t.unread {
		w.Wakes[0].Level, w.Wakes[0].Why, w.Wakes[0].At = Unclear, NotRead, at.pos
		c.add(w)
	}
}

// plainSignal reports whether the value is itself a channel or a context, not an
// object that holds one.
func plainSignal(v ssa.Value) bool { return code.IsChan(v.Type()) || code.IsContext(v.Type()) }

// generic reports whether the call is one of a generic function, or of a method of a
// generic type: what else an instance does is not seen from another package.
func generic(c *ssa.CallCommon) bool {
	fn := c.StaticCallee()
	return fn == nil || fn.Origin() != nil || len(fn.TypeArgs()) > 0
}

func (m *matcher) factWake(k summary.Wake, at spot, com *ssa.CallCommon, args []ssa.Value) Wake {
	wake := Wake{Action: Action(k.Action), Name: k.Name, Level: Level(k.Level), Why: Reason(k.Why), Stop: k.Stop, Time: k.Time, Fails: k.Fails, At: at.pos, If: k.If}
	if k.Param < 0 || k.Param >= len(args) {
		return wake
	}
	i := k.Param
	if com.IsInvoke() || com.Signature().Recv() != nil {
		i--
	}
	name := k.Name
	if i >= 0 {
		_, rest, dot := strings.Cut(k.Name, ".")
		name = m.argText(at, i, "")
		if name == "" {
			name = k.Name
		} else if dot {
			name += "." + rest
		}
	}
	return m.bind(wake, at, args[k.Param], name)
}
