package wait

import (
	"slices"
	"strings"

	"golang.org/x/tools/go/ssa"

	"github.com/killcheck/killcheck/analyzer/callee"
	"github.com/killcheck/killcheck/analyzer/code"
	"github.com/killcheck/killcheck/analyzer/program"
	"github.com/killcheck/killcheck/analyzer/summary"
	"github.com/killcheck/killcheck/analyzer/wake"
)

// callWaits adds the waits of what the call runs, as the function fn has them
// that makes it.
func (m *Points) callWaits(fn *ssa.Function, in ssa.CallInstruction, c *collection) {
	m.waitsOf(m.callees.Of(in), wake.Spot{Fn: fn, In: in, Pos: in.Pos()}, in, c)
}

// CallWaits returns the waits of what the call in runs, as the function fn has them that
// makes it. Those that end by themselves are not among them.
func (m *Points) CallWaits(fn *ssa.Function, in ssa.CallInstruction) []*Wait {
	c := newCollection()
	m.callWaits(fn, in, c)
	return c.list
}

// AllWaits returns the waits of fn with those of its calls, each as the call has it,
// those that end by themselves among them.
func (m *Points) AllWaits(fn *ssa.Function) []*Wait {
	ws := slices.Clone(m.OwnWaits(fn))
	c := newCollection()
	c.all = true
	m.callees.Each(fn, func(in ssa.CallInstruction) { m.callWaits(fn, in, c) })
	for _, w := range c.list {
		if !slices.Contains(ws, w) {
			ws = append(ws, w)
		}
	}
	return ws
}

func (m *Points) waitsOf(t callee.Target, at wake.Spot, in ssa.CallInstruction, c *collection) {
	if t.Row != nil {
		if w := m.rowWait(*t.Row, at, in.Common()); w != nil {
			c.add(w)
		}
	}
	if t.Fact != nil {
		m.factWaits(t.Fact, at, in, c)
	}
	busy := m.busy(t.Fns)
	if len(busy) > wake.MaxPartners {
		c.more = true
		busy = nil
	}
	for _, f := range busy {
		e := m.events(f)
		c.more = c.more || e.more
		for _, w := range e.waits {
			if t.Args {
				m.substitute(w, f, at, in, c)
			} else {
				m.unbound(w, f, at, in, c)
			}
		}
	}
	name := m.callees.Name(in)
	if t.Param != nil {
		w := m.unread(at, in.Common(), name)
		w.Wakes = append(w.Wakes, wake.Wake{Action: wake.ByReturn, Param: t.Param, Name: t.Param.Name()})
		c.add(w)
	}
	if t.Unread {
		w := m.unread(at, in.Common(), name)
		w.Wakes = append(w.Wakes, wake.Wake{Action: wake.ByReturn, Name: name, Level: wake.Unclear, Why: wake.NotRead, At: in.Pos()})
		c.add(w)
	}
}

// busy returns the functions that wait, or may: of the many methods that one
// interface call may run, such as those of the messages of a protocol, most only
// compute.
func (m *Points) busy(fns []*ssa.Function) []*ssa.Function {
	var kept []*ssa.Function
	for _, f := range fns {
		if e := m.events(f); e.more || len(e.waits) > 0 {
			kept = append(kept, f)
		}
	}
	return kept
}

// unread returns the wait of a call of code that was not read. If it is given a
// context or a stop channel, it is taken to heed that.
func (m *Points) unread(at wake.Spot, c *ssa.CallCommon, name string) *Wait {
	w := &Wait{Op: Unread, Fn: at.Fn, In: at.In, Pos: at.Pos, Name: name, Told: callee.IsTold(c.Signature())}
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
			w.Wakes = append(w.Wakes, m.Cancelled(at, a, m.callees.Argument(at.In, at.Pos, i-first, "ctx")+".Done()"))
		case code.IsStopChan(a.Type()):
			w.Wakes = append(w.Wakes, m.Closed(at, a, m.callees.Argument(at.In, at.Pos, i-first, "stop")))
		}
	}
	return w
}

// substitute adds a wait of the callee f with its parameters replaced by the
// arguments of the call.
func (m *Points) substitute(w *Wait, f *ssa.Function, at wake.Spot, in ssa.CallInstruction, c *collection) {
	next := w.through(at.Pos)
	for i := range next.Wakes {
		k := &next.Wakes[i]
		p, _ := k.Param.(*ssa.Parameter)
		if p == nil || p.Parent() != f {
			continue
		}
		a := code.Argument(in.Common(), p)
		if a == nil {
			*k = m.Settle(*k, at)
			continue
		}
		if k.Action == wake.ByReturn {
			m.function(w, a, at, in, c)
			return
		}
		onHandle := k.Action == wake.ByClose && !code.IsChan(a.Type())
		*k = m.bind(*k, at, a, m.renamed(*k, p, at, in))
		if onHandle && (w.Op == Call || w.Op == Unread) && len(next.Wakes) == 1 {
			next.Timed = m.timed(at, a, w.Name)
		}
	}
	c.add(next)
}

// renamed gives the object of the wake, which the callee names by its parameter,
// as the caller names it.
func (m *Points) renamed(k wake.Wake, p *ssa.Parameter, at wake.Spot, in ssa.CallInstruction) string {
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
	return m.callees.Argument(at.In, at.Pos, i, p.Name()) + rest
}

// function adds the waits of the function value v, which the callee calls.
func (m *Points) function(w *Wait, v ssa.Value, at wake.Spot, in ssa.CallInstruction, c *collection) {
	t := m.callees.Value(v, in)
	if t.Param != nil {
		next := w.through(at.Pos)
		for i := range next.Wakes {
			if next.Wakes[i].Action == wake.ByReturn {
				next.Wakes[i].Param = t.Param
			}
		}
		c.add(next)
		return
	}
	for _, f := range t.Fns {
		e := m.events(f)
		c.more = c.more || e.more
		for _, x := range e.waits {
			m.unbound(x, f, at, in, c)
		}
	}
	if t.Unread {
		next := w.through(at.Pos)
		for i := range next.Wakes {
			if k := &next.Wakes[i]; k.Action == wake.ByReturn {
				*k = wake.Wake{Action: wake.ByReturn, Name: k.Name, Level: wake.Unclear, Why: wake.NotRead, At: at.Pos}
			}
		}
		c.add(next)
	}
}

// unbound adds a wait of the function f, which is called with arguments that are
// not known.
func (m *Points) unbound(w *Wait, f *ssa.Function, at wake.Spot, in ssa.CallInstruction, c *collection) {
	next := w.through(at.Pos)
	for i := range next.Wakes {
		if p, _ := next.Wakes[i].Param.(*ssa.Parameter); p != nil && p.Parent() == f {
			next.Wakes[i] = m.Settle(next.Wakes[i], at)
		}
	}
	c.add(next)
}

// Settled returns the wake of a wait to which the instruction in of fn leads, with the
// level that holds for whatever the parameters of fn may be.
func (m *Points) Settled(w *Wait, k wake.Wake, fn *ssa.Function, in ssa.Instruction) wake.Wake {
	return m.Settle(k, wake.Spot{Fn: fn, In: in, Pos: w.Pos})
}

// SettledIn is Settled where the goroutine runs fn in the frame: the parameters are what the
// calls that lead there give for them.
func (m *Points) SettledIn(w *Wait, k wake.Wake, g *program.Goroutine, f *program.Frame) wake.Wake {
	fn := f.Fn
	for ; f != nil; f = f.From {
		p, _ := k.Param.(*ssa.Parameter)
		call := f.Call
		started := call == nil && g.Site.Call != nil
		if started {
			call = g.Site.Inst
		}
		if p == nil || p.Parent() != f.Fn || call == nil {
			break
		}
		a := code.Argument(call.Common(), p)
		if a == nil {
			break
		}
		at := wake.SpotOf(call)
		if started {
			at = wake.Spot{Fn: f.Fn, Pos: call.Pos()} // who starts it does not wait there
		}
		k, fn = m.bind(k, at, a, m.renamed(k, p, at, call)), at.Fn
	}
	return m.Settled(w, k, fn, nil)
}

// factWaits adds the waits of a function of another package. There is no call in where
// a goroutine runs one that takes nothing.
func (m *Points) factWaits(f *summary.Func, at wake.Spot, in ssa.CallInstruction, c *collection) {
	com := new(ssa.CallCommon)
	if in != nil {
		com = in.Common()
	}
	args := com.Args
	if com.IsInvoke() {
		args = append([]ssa.Value{com.Value}, args...)
	}
	c.more = c.more || f.More && !m.callees.Customary(in)
	for _, s := range f.Waits {
		w := &Wait{Op: Op(s.Op), Fn: at.Fn, In: at.In, Pos: at.Pos, Far: s.At, Name: s.Name, Other: s.Other, Stays: s.Stays, Meant: s.Meant, Told: s.Told}
		if w.Op == Unread && s.Param >= 0 && s.Param < len(args) {
			w.Wakes = []wake.Wake{{Action: wake.ByReturn, Name: s.Name}}
			m.given(w, args[s.Param], at, in, c)
			continue
		}
		for _, k := range s.Wakes {
			x := m.factWake(k, at, com, args)
			x.Given = k.Param >= 0 && k.Param < len(args) && (plainSignal(args[k.Param]) || x.Action == wake.ByStore) && !generic(com)
			w.Wakes = append(w.Wakes, x)
		}
		c.add(w)
	}
}

// given adds the waits of the function value v, which a function of another
// package calls.
func (m *Points) given(w *Wait, v ssa.Value, at wake.Spot, in ssa.CallInstruction, c *collection) {
	t := m.callees.Value(v, in)
	if t.Param != nil {
		w.Wakes[0].Param = t.Param
		c.add(w)
		return
	}
	for _, f := range t.Fns {
		e := m.events(f)
		c.more = c.more || e.more
		for _, x := range e.waits {
			m.unbound(x, f, at, in, c)
		}
	}
	if t.Unread {
		w.Wakes[0].Level, w.Wakes[0].Why, w.Wakes[0].At = wake.Unclear, wake.NotRead, at.Pos
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

func (m *Points) factWake(k summary.Wake, at wake.Spot, com *ssa.CallCommon, args []ssa.Value) wake.Wake {
	x := wake.Wake{Action: wake.Action(k.Action), Name: k.Name, Level: wake.Level(k.Level), Why: wake.Reason(k.Why), Stop: k.Stop, Time: k.Time, Fails: k.Fails, At: at.Pos, If: k.If}
	if k.Param < 0 || k.Param >= len(args) {
		return x
	}
	i := k.Param
	if com.IsInvoke() || com.Signature().Recv() != nil {
		i--
	}
	name := k.Name
	if i >= 0 {
		_, rest, dot := strings.Cut(k.Name, ".")
		name = m.callees.Argument(at.In, at.Pos, i, "")
		if name == "" {
			name = k.Name
		} else if dot {
			name += "." + rest
		}
	}
	return m.bind(x, at, args[k.Param], name)
}

// isBrief reports whether the wait is for code that was not read, and which is
// customary to return.
func (m *Points) isBrief(w *Wait) bool {
	b := w.Best()
	return w.Op == Unread && w.Told && b != nil && b.Why == wake.NotRead && m.Base.Brief(code.LastName(w.Name))
}
