package lost

import (
	"go/token"
	"go/types"
	"slices"

	"golang.org/x/tools/go/ssa"

	"github.com/killcheck/killcheck/analyzer/code"
	"github.com/killcheck/killcheck/analyzer/event"
	"github.com/killcheck/killcheck/analyzer/flow"
	"github.com/killcheck/killcheck/analyzer/kb"
	"github.com/killcheck/killcheck/analyzer/program"
	"github.com/killcheck/killcheck/analyzer/signal"
	"github.com/killcheck/killcheck/analyzer/spawn"
)

// A Severed is a call in a goroutine, or the go statement itself, which is given a
// context that does not end with the stop that the goroutine ought to share.
type Severed struct {
	F    *program.Frame // that makes the call; nil for the one that starts the goroutine
	Pos  token.Pos      // the call
	Go   bool           // it is a go statement
	Made token.Pos      // where the context is made that it is given, or the group that it leaves
	Stop event.Stop     // the context to share, where that has a name
	Own  bool           // the call, of a function of the package, gives back nothing that could keep the context
}

// shares reports whether the goroutine ought to end when the function that starts it is
// told to.
func (ev *Stops) shares(g *program.Goroutine) bool {
	return !g.Process && g.Site.Body != nil && !g.Site.Once && !ev.Process[g.Site.In] && !ev.InTest(g.Site.Pos) && !ev.SaysDetached(g.Site.Pos)
}

// Severed returns the first call of the goroutine that is given a context which nobody
// ends, though whoever starts the goroutine has one that can end. A call that is soon
// over does not matter, nor what belongs to an object that is made there.
func (ev *Stops) Severed(g *program.Goroutine) (call Severed, ok bool) {
	if !ev.shares(g) || event.Constructs(g.Site.In) {
		return Severed{}, false
	}
	stop := ev.contextToGive(g)
	if stop.Ctx == "" {
		return Severed{}, false
	}
	if g.Site.Call != nil && lasts(ev.PlainGraph(g.Site.Body)) {
		if call, ok := ev.givenDead(nil, g.Site.Inst, stop); ok {
			return call, true
		}
	}
	for _, f := range g.Frames {
		if f.From != nil && f.From.From != nil || ev.EndsSomething(f) {
			continue
		}
		graph := ev.PlainGraph(f.Fn)
		for _, b := range f.Fn.Blocks {
			for _, in := range b.Instrs {
				c, ok := in.(*ssa.Call)
				if !ok || !graph.Executes(c) || ev.AfterStop(f, c) || !ev.mayLast(g, c) || ev.endsOtherwise(c) {
					continue
				}
				if call, ok := ev.givenDead(f, c, stop); ok {
					return call, true
				}
			}
		}
	}
	return Severed{}, false
}

// givenDead says that the call is given a context that never ends, if it is.
func (ev *Stops) givenDead(f *program.Frame, in ssa.CallInstruction, stop event.Stop) (call Severed, ok bool) {
	com := in.Common()
	if fn := signal.Callee(com); fn != nil && (ev.Base.CloseMethod(fn.Name()) || ev.Base.Brief(fn.Name())) || ev.SaysDetached(in.Pos()) {
		return Severed{}, false
	}
	if row, ok := signal.Entry(ev.Base, com); ok && row.Effect == kb.Derives {
		return Severed{}, false
	}
	if res := com.Signature().Results(); res.Len() == 1 && code.IsContext(res.At(0).Type()) {
		return Severed{}, false // it derives another, which may go to what does not wait
	}
	for i, a := range com.Args {
		if !code.IsContext(a.Type()) || ev.ignores(in, i) {
			continue
		}
		if life := ev.Graph.Context(ev.Base, a); !life.Ends && !ev.cutOff(life.Makes) {
			_, isGo := in.(*ssa.Go)
			return Severed{F: f, Pos: in.Pos(), Go: isGo, Made: life.Makes.Pos(), Stop: stop}, true
		}
	}
	return Severed{}, false
}

// cutOff reports whether the context was made from another one without its
// cancellation: that is said as plainly as can be.
func (ev *Stops) cutOff(made ssa.Value) bool {
	c, ok := made.(*ssa.Call)
	if !ok {
		return false
	}
	row, ok := signal.Entry(ev.Base, &c.Call)
	return ok && row.Parent.Where == kb.None && len(c.Call.Args) > 0
}

// contextToGive returns a context that can end and that the function has which starts
// the goroutine, if there is one. Contexts of its object come second. Where one method
// starts another, the goroutine is the object's: it outlives what the context of a call
// is for.
func (ev *Stops) contextToGive(g *program.Goroutine) event.Stop {
	object := sameObject(g)
	for c := range ev.Candidates(g.Site.In, g.Site.Pos) {
		if c.Ctx && (c.Stop.Owner || !object) && ev.Graph.Context(ev.Base, c.Value).Ends {
			return event.Stop{Expr: c.Stop.Ctx + ".Done()", Ctx: c.Stop.Ctx}
		}
	}
	return event.Stop{}
}

// OfCall reports whether the stop is the context that a call of an object brings, and the
// goroutine the object's: a method of the object, which other methods end, is given the
// context, starts another of its methods with it, and returns. Whoever calls may cancel
// the context when the call has been answered, as a server does with that of a request.
func (ev *Stops) OfCall(g *program.Goroutine, stop event.Stop) bool {
	if stop.Ctx == "" || stop.Owner || !sameObject(g) || !ev.HasEnder(g.Site.In) {
		return false
	}
	return slices.ContainsFunc(g.Site.Call.Args, func(a ssa.Value) bool {
		p, ok := a.(*ssa.Parameter)
		return ok && code.IsContext(p.Type())
	})
}

// sameObject reports whether the goroutine is the call of a method, started by a method
// of the same object.
func sameObject(g *program.Goroutine) bool {
	in := g.Site.In
	return g.Site.Call != nil && in.Signature.Recv() != nil && g.Site.Body.Signature.Recv() != nil &&
		code.Receiver(g.Site.Call) == ssa.Value(in.Params[0])
}

// endsOtherwise reports whether something else than the context that the call is given
// ends it: it waits for another stop, too, or it is a method of an object of another
// package that can be closed, or has a context of its own.
func (ev *Stops) endsOtherwise(c *ssa.Call) bool {
	fns, _ := ev.Graph.Callees(c)
	if slices.ContainsFunc(fns, func(fn *ssa.Function) bool { return ev.heedsStop(fn, 3) }) {
		return true
	}
	recv := code.Receiver(&c.Call)
	if recv == nil || len(fns) > 0 && !c.Call.IsInvoke() {
		return false
	}
	if _, ok := signal.Entry(ev.Base, &c.Call); ok {
		return false
	}
	methods := types.NewMethodSet(recv.Type())
	for i := range methods.Len() {
		m := methods.At(i).Obj()
		sig := m.Type().(*types.Signature)
		if ev.Base.CloseMethod(m.Name()) || sig.Params().Len() == 0 && sig.Results().Len() == 1 && code.IsContext(sig.Results().At(0).Type()) {
			return true
		}
	}
	return false
}

// heedsStop reports whether a select in fn, or in what it calls, has a case for a
// context or channel that is no parameter and that somebody ends.
func (ev *Stops) heedsStop(fn *ssa.Function, depth int) bool {
	return slices.ContainsFunc(fn.Blocks, func(b *ssa.BasicBlock) bool {
		return slices.ContainsFunc(b.Instrs, func(in ssa.Instruction) bool {
			switch in := in.(type) {
			case *ssa.Select:
				return slices.ContainsFunc(in.States, func(st *ssa.SelectState) bool {
					return st.Dir == types.RecvOnly && ev.isOwnStop(st.Chan)
				})
			case *ssa.Call:
				fns, _ := ev.Graph.Callees(in)
				return depth > 0 && slices.ContainsFunc(fns, func(fn *ssa.Function) bool { return ev.heedsStop(fn, depth-1) })
			}
			return false
		})
	})
}

// isOwnStop reports whether the channel, or the context that it belongs to, is read from
// a field, and somebody ends it.
func (ev *Stops) isOwnStop(ch ssa.Value) bool {
	from := ch
	if c, ok := ch.(*ssa.Call); ok {
		from = code.Receiver(&c.Call)
	}
	load, ok := from.(*ssa.UnOp)
	if !ok {
		return false
	}
	if _, field := load.X.(*ssa.FieldAddr); !field {
		return false
	}
	if code.IsContext(from.Type()) {
		return ev.Graph.Context(ev.Base, from).Ends
	}
	return code.IsStopChan(ch.Type()) && len(ev.Graph.Class(ev.Base, ch).Has(signal.Close)) > 0
}

// mayLast reports whether the call can last: it stands in a loop, waits for what
// a context ends, or runs a function of the goroutine that loops.
func (ev *Stops) mayLast(g *program.Goroutine, c *ssa.Call) bool {
	if ev.Looped(c) {
		return true
	}
	if row, ok := signal.Entry(ev.Base, &c.Call); ok {
		return row.Effect == kb.Blocks && len(row.Wake(kb.CtxDone)) > 0
	}
	fns, _ := ev.Graph.Callees(c)
	for _, fn := range fns {
		if g.Has(fn) && lasts(ev.PlainGraph(fn)) {
			return true
		}
	}
	return false
}

// few is how often a loop goes round that counts, at most.
const few = 1 << 20

// lasts reports whether there is a loop that does not count, and has no end or waits
// for a channel.
func lasts(graph *flow.Graph) bool {
	return slices.ContainsFunc(graph.Loops(), func(l *flow.Loop) bool {
		_, counts := l.Bound(few)
		return !counts && (l.Endless() || slices.ContainsFunc(l.Blocks, receives))
	})
}

// receives reports whether control waits in the block for what a channel brings.
func receives(b *ssa.BasicBlock) bool {
	return slices.ContainsFunc(b.Instrs, func(in ssa.Instruction) bool {
		switch in := in.(type) {
		case *ssa.UnOp:
			return code.IsRecv(in)
		case *ssa.Select:
			return in.Blocking
		}
		return false
	})
}

// LeavesGroup returns the call of a goroutine of a group that is given the context
// which the group's own was derived from, unless another is given that one: the first
// error of the group does not stop it.
func (ev *Stops) LeavesGroup(g *program.Goroutine) (call Severed, ok bool) {
	if !ev.shares(g) || g.Site.Kind != spawn.Call || !g.Site.Join {
		return Severed{}, false
	}
	made := code.Source(code.Receiver(g.Site.Inst.Common()))
	if made == nil {
		return Severed{}, false
	}
	row, ok := signal.Entry(ev.Base, &made.Call)
	if !ok || row.Effect != kb.Derives || row.Ctx == 0 || row.Parent.Where != kb.Arg {
		return Severed{}, false
	}
	parent, own := code.SourceOf(program.PlaceOf(&made.Call, row.Parent)), code.UsedResult(made, row.Ctx)
	var wrong ssa.CallInstruction
	for _, b := range g.Site.Body.Blocks {
		for _, in := range b.Instrs {
			c, ok := in.(ssa.CallInstruction)
			if !ok {
				continue
			}
			args := c.Common().Args
			if c.Common().IsInvoke() {
				args = append([]ssa.Value{c.Common().Value}, args...)
			}
			for _, a := range args {
				if !code.IsContext(a.Type()) {
					continue
				}
				switch from := code.SourceOf(a); {
				case own != nil && from == own:
					return Severed{}, false
				case from != nil && from == parent && wrong == nil:
					wrong = c
				}
			}
		}
	}
	if !ev.mayFail(g, made) {
		return Severed{}, false
	}
	if _, isCall := wrong.(*ssa.Call); !isCall || ev.SaysDetached(wrong.Pos()) || !ev.Graph.Context(ev.Base, parent).Ends && own == nil {
		return Severed{}, false
	}
	return Severed{F: g.Frames[0], Pos: wrong.Pos(), Made: made.Pos(), Own: ev.keepsNothing(wrong)}, true
}

// keepsNothing reports whether the call is of a function of the package, or of a function value,
// that gives back nothing but an error: a context that it is given is used meanwhile.
func (ev *Stops) keepsNothing(c ssa.CallInstruction) bool {
	com := c.Common()
	if fn := com.StaticCallee(); com.IsInvoke() || fn != nil && (fn.Pkg == nil || fn.Pkg.Pkg != ev.Pkg) {
		return false
	}
	for v := range com.Signature().Results().Variables() {
		if !code.IsError(v.Type()) {
			return false
		}
	}
	return true
}

// mayFail reports whether another goroutine of the group than this one may give an error, which
// alone ends the context of the group before all have returned: one that is not seen may.
func (ev *Stops) mayFail(g *program.Goroutine, made *ssa.Call) bool {
	for _, r := range *made.Referrers() {
		group, ok := r.(*ssa.Extract)
		if !ok || code.IsContext(group.Type()) {
			continue
		}
		if slices.ContainsFunc(*group.Referrers(), func(in ssa.Instruction) bool {
			switch in := in.(type) {
			case *ssa.DebugRef:
				return false
			case ssa.CallInstruction:
				return code.Receiver(in.Common()) != ssa.Value(group)
			case *ssa.Store:
				_, cell := in.Addr.(*ssa.Alloc)
				return !cell
			}
			return true
		}) {
			return true // others have the group
		}
	}
	return slices.ContainsFunc(ev.Sites, func(s *spawn.Site) bool {
		if s.Kind != spawn.Call || !s.Join || code.Source(code.Receiver(s.Inst.Common())) != made || s == g.Site && !ev.Looped(s.Inst) {
			return false
		}
		return s.Body == nil || !ev.NoError(s.Body)
	})
}

// ignores reports whether all that the call may run leaves the argument alone.
func (ev *Stops) ignores(in ssa.CallInstruction, arg int) bool {
	fns, open := ev.Graph.Callees(in)
	if open || len(fns) == 0 {
		return false
	}
	if in.Common().IsInvoke() {
		arg++
	}
	return !slices.ContainsFunc(fns, func(fn *ssa.Function) bool {
		return len(fn.Blocks) == 0 || arg >= len(fn.Params) || len(*fn.Params[arg].Referrers()) > 0
	})
}
