package remedy

import (
	"go/ast"
	"go/token"
	"iter"

	"golang.org/x/tools/go/ssa"

	"github.com/killcheck/killcheck/analyzer/code"
	"github.com/killcheck/killcheck/analyzer/dead"
	"github.com/killcheck/killcheck/analyzer/event"
	"github.com/killcheck/killcheck/analyzer/flow"
	"github.com/killcheck/killcheck/analyzer/handle"
	"github.com/killcheck/killcheck/analyzer/kb"
	"github.com/killcheck/killcheck/analyzer/program"
	"github.com/killcheck/killcheck/analyzer/signal"
)

// ForOwner makes a remedy for a wait that lacks a stop signal one that makes the
// signal, too.
func ForOwner(g *program.Goroutine, r Remedy) Remedy {
	if g == nil {
		return Remedy{}
	}
	r.Inner, r.Op, r.Spawn, r.Safe = r.Op, Owner, g.Site.Pos, true
	return r
}

// Raising returns the remedy for a receive that nothing ends: what would raise
// the channel, or, where the channel belongs to an object, a stop for the object.
func (rem *Remedies) Raising(g *program.Goroutine, in ssa.Instruction, v ssa.Value) Remedy {
	c := rem.Graph.Class(rem.Base, v)
	for _, ctx := range c.Contexts {
		if l := rem.Graph.Context(rem.Base, ctx); !l.Ends && l.Makes != nil {
			return Remedy{Op: Cancel, Pos: in.Pos(), At: l.Makes.Pos(), Safe: true}
		}
	}
	u, ok := in.(*ssa.UnOp)
	switch {
	case len(c.Makes) == 1 && len(c.Fields()) == 0 && !ofField(v):
		return Remedy{Op: CloseChan, Pos: in.Pos(), At: c.Makes[0].Pos(), Safe: true}
	case ok && code.RecvIsRange(u):
		return ForOwner(g, Remedy{Op: Range, Pos: in.Pos()})
	case ok:
		return ForOwner(g, Remedy{Op: Recv, Pos: in.Pos()})
	}
	return Remedy{}
}

// ofField reports whether a channel is read from a field: an object keeps it, and whoever
// made it cannot close it for that.
func ofField(v ssa.Value) bool {
	load, ok := v.(*ssa.UnOp)
	if !ok || load.Op != token.MUL {
		return false
	}
	_, ok = load.X.(*ssa.FieldAddr)
	return ok
}

// fromCaller returns the remedy for a wait on a context that the function derives
// from one which never ends, where it has another one that does.
func (rem *Remedies) fromCaller(g *program.Goroutine, f *program.Frame, ch ssa.Value) Remedy {
	for _, ctx := range rem.Graph.Class(rem.Base, ch).Contexts {
		c := code.Source(ctx)
		if c == nil {
			continue
		}
		row, ok := signal.Entry(rem.Base, &c.Call)
		if !ok || row.Effect != kb.Derives || row.Parent.Where != kb.Arg {
			continue
		}
		root, ok := program.PlaceOf(&c.Call, row.Parent).(*ssa.Call)
		if !ok || root.Parent() != f.Fn {
			continue
		}
		if row, ok := signal.Entry(rem.Base, &root.Call); !ok || row.Parent.Where != kb.None {
			continue
		}
		if stop := rem.StopAt(g, f, root.Pos()); stop.Ctx != "" {
			return Remedy{Op: Forward, Pos: root.Pos(), At: root.Pos(), Spawn: root.Pos(), Stop: stop}
		}
	}
	return Remedy{}
}

// Ending returns the remedy for a call on a handle that nobody closes.
func Ending(pos token.Pos, stop event.Stop, way handle.Way) Remedy {
	return Remedy{Op: Interrupt, Pos: pos, Stop: stop, Wake: way.Method, Arg: way.Arg}
}

// Staying returns the remedy for a place where the goroutine stays: it turns it
// to the stop signal in reach, or makes one.
func (rem *Remedies) Staying(g *program.Goroutine, s event.Stay) Remedy {
	var r Remedy
	switch s.Kind {
	case event.EmptySelectStay:
		r = Remedy{Op: EmptySelect, Pos: s.Pos, Stop: s.Stop, Safe: rem.safe(g, s.F, s.Stop)}
	case event.NoExitStay:
		r = rem.loopRemedy(g, s.F, s.Loop, s.Stmt, s.Stop)
	case event.Retry:
		return Remedy{Op: Sleep, Pos: s.In.Pos(), Stop: s.Stop, Safe: rem.safe(g, s.F, s.Stop)}
	case event.Starved, event.Answer:
		op := Recv
		if code.RecvIsRange(s.In.(*ssa.UnOp)) {
			op = Range
		}
		return Remedy{Op: op, Pos: s.In.Pos(), Stop: s.Stop, Safe: rem.safe(g, s.F, s.Stop)}
	}
	if s.Stop.Expr == "" {
		return ForOwner(g, r)
	}
	return r
}

// safe reports whether a return at the stop is seen by nobody until a stop is asked for:
// the function has no answer to give, and the stop is not that of a call which the
// goroutine outlives.
func (rem *Remedies) safe(g *program.Goroutine, f *program.Frame, stop event.Stop) bool {
	return rem.Bare(f) && !rem.OfCall(g, stop)
}

// loopRemedy chooses what turns the loop to the stop signal: a case in its first
// select, its first wait made a select, or, if it waits for nothing, or only in
// some rounds, a check at its head.
func (rem *Remedies) loopRemedy(g *program.Goroutine, f *program.Frame, l *flow.Loop, stmt ast.Stmt, stop event.Stop) Remedy {
	if r, ok := stmt.(*ast.RangeStmt); ok {
		return Remedy{Op: Range, Pos: r.For, Stop: stop, Safe: rem.safe(g, f, stop)}
	}
	r := Remedy{Op: Loop, Pos: stmt.Pos(), Stop: stop, Safe: rem.safe(g, f, stop)}
	switch in := event.FirstWait(rem.WaitsIn(f.Fn, l)).(type) {
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
	if r.Op == Loop && stop.Expr != "" && StaysInCall(rem.rows(l)) {
		return Remedy{}
	}
	return r
}

// Hangs reports whether the call of the row waits for what others do, so that a check
// before it comes too late: for a connection, an event, or a condition variable.
func Hangs(e kb.Entry) bool {
	switch e.Kind {
	case kb.KindNetAccept, kb.KindNetIO, kb.KindHTTPServer, kb.KindTTY, kb.KindPipeIO, kb.KindProc, kb.KindLoop, kb.KindSignal, kb.KindChan, kb.KindCgo:
		return e.Effect == kb.Blocks || e.Effect == kb.Passes
	case kb.KindWait:
		return len(e.Wake(kb.Broadcast)) > 0
	}
	return false
}

// StaysInCall reports whether a round of a loop waits in such a call, and sets no
// deadline: a check at its head would come only after the next event. The rows are those
// of its calls.
func StaysInCall(rows iter.Seq[kb.Entry]) bool {
	found := false
	for e := range rows {
		if len(e.Raise(kb.Deadline)) > 0 {
			return false
		}
		found = found || Hangs(e)
	}
	return found
}

// rows yields the rows of the calls of the loop.
func (rem *Remedies) rows(l *flow.Loop) iter.Seq[kb.Entry] {
	return func(yield func(kb.Entry) bool) {
		for _, b := range l.Blocks {
			for _, in := range b.Instrs {
				if c, ok := in.(*ssa.Call); ok {
					if e, _ := signal.Entry(rem.Base, &c.Call); !yield(e) {
						return
					}
				}
			}
		}
	}
}

// Waking returns the remedy for a wait for what never comes: what would raise it.
func (rem *Remedies) Waking(g *program.Goroutine, d dead.Wait) Remedy {
	switch d.Kind {
	case dead.Unraised, dead.Range, dead.Case:
		return rem.Raising(g, d.In, d.Chan)
	case dead.SelfCase:
		return rem.fromCaller(g, d.F, d.Chan)
	case dead.Flag:
		return Remedy{Op: RaiseFlag, Pos: d.Pos}
	}
	return Remedy{}
}
