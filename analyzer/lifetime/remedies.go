package lifetime

import (
	"go/ast"
	"go/types"
	"strings"

	"golang.org/x/tools/go/ssa"

	"github.com/killcheck/killcheck/analyzer/flow"
	"github.com/killcheck/killcheck/analyzer/kb"
	"github.com/killcheck/killcheck/analyzer/signal"
)

// forOwner makes a remedy for a wait that lacks a stop signal one that makes the
// signal, too.
func forOwner(g *Goroutine, r Remedy) Remedy {
	if g == nil {
		return Remedy{}
	}
	r.Inner, r.Op, r.Spawn, r.Safe = r.Op, Owner, g.Site.Pos, true
	return r
}

// raising returns the remedy for a receive that nothing ends: what would raise
// the channel, or, where the channel belongs to an object, a stop for the object.
func (w *world) raising(g *Goroutine, in ssa.Instruction, v ssa.Value) Remedy {
	c := w.Graph.Class(w.Base, v)
	for _, ctx := range c.Contexts {
		if l := w.Graph.Context(w.Base, ctx); !l.Ends && l.Makes != nil {
			return Remedy{Op: Cancel, Pos: in.Pos(), At: l.Makes.Pos(), Safe: true}
		}
	}
	u, ok := in.(*ssa.UnOp)
	switch {
	case len(c.Makes) == 1 && len(c.Fields()) == 0:
		return Remedy{Op: CloseChan, Pos: in.Pos(), At: c.Makes[0].Pos(), Safe: true}
	case ok && recvIsRange(u):
		return forOwner(g, Remedy{Op: Range, Pos: in.Pos()})
	case ok:
		return forOwner(g, Remedy{Op: Recv, Pos: in.Pos()})
	}
	return Remedy{}
}

// fromCaller returns the remedy for a wait on a context that the function derives
// from one which never ends, where it has another one that does.
func (w *world) fromCaller(g *Goroutine, f *Frame, ch ssa.Value) Remedy {
	for _, ctx := range w.Graph.Class(w.Base, ch).Contexts {
		c := source(ctx)
		if c == nil {
			continue
		}
		row, ok := signal.Entry(w.Base, &c.Call)
		if !ok || row.Effect != kb.Derives || row.Parent.Where != kb.Arg {
			continue
		}
		root, ok := placeOf(&c.Call, row.Parent).(*ssa.Call)
		if !ok || root.Parent() != f.Fn {
			continue
		}
		if row, ok := signal.Entry(w.Base, &root.Call); !ok || row.Parent.Where != kb.None {
			continue
		}
		if stop := w.stopAt(g, f, root.Pos()); stop.Ctx != "" {
			return Remedy{Op: Forward, Pos: root.Pos(), At: root.Pos(), Spawn: root.Pos(), Stop: stop}
		}
	}
	return Remedy{}
}

// endErrorOf returns the variable that a call of the row returns once its handle
// is closed, or the empty string if that is not known.
func (w *world) endErrorOf(c *ssa.CallCommon) string {
	fn := signal.Callee(c)
	if fn == nil || fn.Pkg() == nil {
		return ""
	}
	found := ""
	for _, e := range w.Base.All() {
		if e.Effect == kb.EndError && strings.HasPrefix(e.Symbol, fn.Pkg().Path()+".") && w.hasGo(e.Since) {
			if found != "" {
				return ""
			}
			found = e.Symbol
		}
	}
	return found
}

// interrupt returns the remedy for a call on a handle that nobody closes. If
// somebody closes the handle after all, but too late, the handle is only lent:
// then a deadline ends the call, where the handle takes one.
func (w *world) interrupt(h *handles, in *ssa.Call, stop Stop, at kb.Wake) Remedy {
	r := Remedy{Op: Interrupt, Pos: in.Pos(), Stop: stop, Wake: "Close", Arg: -1}
	v := placeOf(&in.Call, at.At)
	if at.At.Where == kb.Arg {
		r.Arg = at.At.N
	}
	for _, x := range h.raised {
		if x.event == kb.Close && x.what.meets(h.of(v)) {
			if name := w.deadline(w.unwrapped(v), &in.Call); name != "" {
				r.Wake = name
			}
		}
	}
	return r
}

// unwrapped returns what the value reads or writes, if it was made from that: the
// connection of a buffered reader.
func (w *world) unwrapped(v ssa.Value) ssa.Value {
	for range 8 {
		switch x := v.(type) {
		case *ssa.MakeInterface:
			v = x.X
		case *ssa.ChangeInterface:
			v = x.X
		case *ssa.UnOp:
			a, ok := x.X.(*ssa.Alloc)
			if !ok {
				return v
			}
			vs := storesTo(a)
			if len(vs) != 1 {
				return v
			}
			v = vs[0]
		case *ssa.Call:
			row, ok := signal.Entry(w.Base, &x.Call)
			if !ok || row.Wraps.Where == kb.Nowhere {
				return v
			}
			v = placeOf(&x.Call, row.Wraps)
		default:
			return v
		}
	}
	return v
}

// deadline returns the method of the handle that sets a deadline on the call: one
// for the direction of the call if there is one, or else the one for all.
func (w *world) deadline(v ssa.Value, c *ssa.CallCommon) string {
	fn := signal.Callee(c)
	if v == nil || fn == nil {
		return ""
	}
	name := ""
	methods := types.NewMethodSet(v.Type())
	for m := range methods.Methods() {
		set, ok := m.Obj().(*types.Func)
		if !ok {
			continue
		}
		row, ok := w.Base.Func(set)
		if !ok || len(row.Raise(kb.Deadline)) == 0 {
			continue
		}
		direction := strings.TrimSuffix(strings.TrimPrefix(set.Name(), "Set"), "Deadline")
		if direction != "" && !strings.HasPrefix(fn.Name(), direction) {
			continue
		}
		if name == "" || direction != "" {
			name = set.Name()
		}
	}
	return name
}

// staying returns the remedy for a place where the goroutine stays: it turns it
// to the stop signal in reach, or makes one.
func (w *world) staying(g *Goroutine, s Stay) Remedy {
	var r Remedy
	switch s.Kind {
	case EmptySelectStay:
		r = Remedy{Op: EmptySelect, Pos: s.Pos, Stop: s.Stop, Safe: w.bare(s.F)}
	case NoExitStay:
		r = w.loopRemedy(s.F, s.Loop, s.Stmt, s.Stop)
	case Retry:
		return Remedy{Op: Sleep, Pos: s.In.Pos(), Stop: s.Stop, Safe: w.bare(s.F)}
	case Starved, Answer:
		op := Recv
		if recvIsRange(s.In.(*ssa.UnOp)) {
			op = Range
		}
		return Remedy{Op: op, Pos: s.In.Pos(), Stop: s.Stop, Safe: w.bare(s.F)}
	}
	if s.Stop.Expr == "" {
		return forOwner(g, r)
	}
	return r
}

// loopRemedy chooses what turns the loop to the stop signal: a case in its first
// select, its first wait made a select, or, if it waits for nothing, or only in
// some rounds, a check at its head.
func (w *world) loopRemedy(f *Frame, l *flow.Loop, stmt ast.Stmt, stop Stop) Remedy {
	if r, ok := stmt.(*ast.RangeStmt); ok {
		return Remedy{Op: Range, Pos: r.For, Stop: stop, Safe: w.bare(f)}
	}
	r := Remedy{Op: Loop, Pos: stmt.Pos(), Stop: stop, Safe: w.bare(f)}
	switch in := firstWait(w.waitsIn(f.Fn, l)).(type) {
	case *ssa.Select:
		r.Op, r.Pos = Select, in.Pos()
	case *ssa.UnOp:
		if in.CommaOk && in.Block().Comment == "rangechan.loop" {
			return r
		}
		r.Op, r.Pos = Recv, in.Pos()
	case *ssa.Send:
		r.Op, r.Pos = Send, in.Pos()
	case *ssa.Call:
		r.Op, r.Pos = Sleep, in.Pos()
	}
	return r
}

// waking returns the remedy for a wait for what never comes: what would raise it.
func (w *world) waking(g *Goroutine, d Dead) Remedy {
	switch d.Kind {
	case DeadWait, DeadRange, DeadCase:
		return w.raising(g, d.In, d.Chan)
	case SelfCase:
		return w.fromCaller(g, d.F, d.Chan)
	case DeadFlag:
		return Remedy{Op: RaiseFlag, Pos: d.Pos}
	}
	return Remedy{}
}
