package event

import (
	"go/ast"
	"go/token"
	"go/types"
	"slices"

	"golang.org/x/tools/go/ssa"

	"github.com/killcheck/killcheck/analyzer/code"
	"github.com/killcheck/killcheck/analyzer/flow"
	"github.com/killcheck/killcheck/analyzer/program"
	"github.com/killcheck/killcheck/analyzer/signal"
)

// SameChannel reports whether two values may be the same channel.
func (ev *Events) SameChannel(a, b ssa.Value) bool {
	ca, cb := ev.Graph.Class(ev.Base, a), ev.Graph.Class(ev.Base, b)
	for _, m := range ca.Makes {
		if slices.Contains(cb.Makes, m) {
			return true
		}
	}
	return false
}

// ForAll reports whether what comes on a stop channel is there for all who wait for it:
// it is that of a context, or code that is seen at most closes it. What is sent goes to one
// of them, who would take it from another; so does what a timer brings.
func (ev *Events) ForAll(ch ssa.Value) bool {
	c := ev.Graph.Class(ev.Base, ch)
	return len(c.Contexts) > 0 || len(c.Has(signal.Send)) == 0 && !ev.Timed(ch)
}

// NameAt returns the channel of the case at from as a stop signal, if all names
// in its expression mean the same at pos.
func (ev *Events) NameAt(from, pos token.Pos) Stop {
	u, ok := ev.Syn.At[from].(*ast.UnaryExpr)
	if !ok {
		return Stop{}
	}
	same := true
	ast.Inspect(u.X, func(n ast.Node) bool {
		if id, ok := n.(*ast.Ident); ok {
			if obj := ev.Info.Uses[id]; obj != nil && obj.Parent() != nil && ev.Lookup(id.Name, pos) != obj {
				same = false
			}
		}
		return same
	})
	if !same {
		return Stop{}
	}
	return Stop{Expr: types.ExprString(u.X), Owner: true}
}

// Name gives the signal as a person would: the context, or the channel.
func (s Stop) Name() string {
	if s.Ctx != "" {
		return s.Ctx
	}
	return s.Expr
}

// A Stop is a stop signal that is in reach at the obstacle.
type Stop struct {
	Expr  string // the channel to receive from, as Go source valid at the obstacle: "ctx.Done()", "s.quit"
	Ctx   string // the context itself ("ctx", "s.ctx"), empty for a stop channel
	Owner bool   // it belongs to the object whose method runs, not to a call
	Lent  bool   // it is a context that the object has from elsewhere, and the method that ends the object does not cancel it
}

// StopAt returns the stop signal that is in reach at pos in the frame, or the
// zero Stop. In this order: a context that is nearest to the obstacle, a
// context or stop channel in a field of the receiver (see rank), a stop channel
// that is a parameter or capture. A signal that nobody raises is not in reach,
// nor is one that the goroutine itself raises when it has ended, or for which a lock is
// needed that is held here.
func (ev *Events) StopAt(g *program.Goroutine, f *program.Frame, pos token.Pos) Stop {
	var best Stop // the best field
	rank := 0
	for c := range ev.Candidates(f.Fn, pos) {
		switch {
		case c.Ctx:
			if v := handedDown(f, c.Value); !code.IsNil(v) && ev.Graph.Context(ev.Base, v).Ends && !ev.neverDone(f.Fn, c.Value, pos) && !(c.Stop.Owner && ev.pauses(v)) && !ev.endsItself(g, v) {
				c.Stop.Lent = c.Stop.Owner && ev.lent(f.Fn, v)
				return c.Stop
			}
		case !ev.IsStopChannel(g, c) || ev.seenBefore(f.Fn, c.Value, pos) || ev.makes(g, f, c.Value) || ev.lockedOut(f, c.Value, pos):
		case !c.Stop.Owner:
			if best.Expr == "" {
				return c.Stop
			}
		default:
			if n := ev.rank(c); n > rank {
				best, rank = c.Stop, n
			}
		}
	}
	return best
}

// neverDone reports whether control gets to pos only with a context that nobody can end:
// its Done is nil there.
func (ev *Events) neverDone(fn *ssa.Function, ctx ssa.Value, pos token.Pos) bool {
	at := ev.instructionAt(fn, pos)
	if at == nil {
		return false
	}
	for cond, holds := range flow.HoldsAt(at.Block()) {
		tested, ifNil := code.NilTest(cond)
		call, ok := tested.(*ssa.Call)
		if ok && holds == ifNil && call.Call.IsInvoke() && call.Call.Value == ctx && call.Call.Method.Name() == "Done" {
			return true
		}
	}
	return false
}

// endsItself reports whether only the goroutine itself cancels the context, which depends on
// no other: it does so when it has ended. Its own limit of time is no request to stop.
func (ev *Events) endsItself(g *program.Goroutine, ctx ssa.Value) bool {
	if !g.Started() || !ev.Graph.Independent(ev.Base, ctx) {
		return false
	}
	calls, open := ev.Graph.Asks(ev.Base, ctx)
	return !open && len(calls) > 0 && !slices.ContainsFunc(calls, func(c ssa.CallInstruction) bool { return !ev.OnlyIn(g, c.Parent(), 6) })
}

// lent reports whether the context comes from elsewhere, and the object whose method fn is
// has a method that ends it in another way.
func (ev *Events) lent(fn *ssa.Function, ctx ssa.Value) bool {
	recv := code.Outermost(fn).Signature.Recv()
	if recv == nil {
		return false
	}
	enders := ev.endersOf(code.TypeName(recv.Type()))
	if len(enders) == 0 {
		return false
	}
	calls, open := ev.Graph.Cancels(ev.Base, ctx)
	return open && slices.ContainsFunc(enders, func(m *ssa.Function) bool {
		ends, cancels := ends(m, calls, 3)
		return ends && !cancels
	})
}

// endersOf returns the methods of the type that end its objects.
func (ev *Events) endersOf(of *types.TypeName) []*ssa.Function {
	if ev.enders == nil {
		ev.enders = make(map[*types.TypeName][]*ssa.Function)
		for _, m := range ev.Functions {
			if r := m.Signature.Recv(); r != nil && m.Synthetic == "" && ev.Base.CloseMethod(m.Name()) {
				n := code.TypeName(r.Type())
				ev.enders[n] = append(ev.enders[n], m)
			}
		}
		delete(ev.enders, nil)
	}
	return ev.enders[of]
}

// ends reports whether the function calls something, and whether it or what it calls may
// cancel a context.
func ends(fn *ssa.Function, calls []ssa.CallInstruction, depth int) (some, cancels bool) {
	for _, b := range fn.Blocks {
		for _, in := range b.Instrs {
			c, ok := in.(ssa.CallInstruction)
			if !ok {
				continue
			}
			some = true
			sig, callee := c.Common().Signature(), c.Common().StaticCallee()
			cancels = cancels || slices.Contains(calls, c) || callee == nil && !c.Common().IsInvoke() && sig.Params().Len()+sig.Results().Len() == 0
			if callee != nil && depth > 0 {
				_, inside := ends(callee, calls, depth-1)
				cancels = cancels || inside
			}
		}
	}
	return some, cancels
}

// pauses reports whether there is another context in the field after the first one has
// ended, for what goes on running: who makes that one starts nothing.
func (ev *Events) pauses(ctx ssa.Value) bool {
	makers := ev.Graph.ContextMakers(ctx)
	return len(makers) > 1 && slices.ContainsFunc(makers, func(m *ssa.Call) bool {
		fn := m.Parent()
		if Constructs(fn) || ev.startsSome(fn) {
			return false
		}
		calls, open := ev.Graph.Callers(fn)
		return (!open || len(calls) > 0) && !slices.ContainsFunc(calls, func(c ssa.CallInstruction) bool {
			return Constructs(c.Parent()) || ev.startsSome(c.Parent())
		})
	})
}

// startsSome reports whether the function starts a goroutine, or calls what does.
func (ev *Events) startsSome(fn *ssa.Function) bool {
	if len(ev.SiteIndex().In[fn]) > 0 {
		return true
	}
	for _, b := range fn.Blocks {
		for _, in := range b.Instrs {
			if c, ok := in.(*ssa.Call); ok && c.Call.StaticCallee() != nil && len(ev.SiteIndex().In[c.Call.StaticCallee()]) > 0 {
				return true
			}
		}
	}
	return false
}

// handedDown returns what the calls on the way to the frame give for the value, if that
// is a parameter: other callers may give another.
func handedDown(f *program.Frame, v ssa.Value) ssa.Value {
	for ; f != nil && f.From != nil; f = f.From {
		p, ok := v.(*ssa.Parameter)
		if !ok {
			break
		}
		a := code.Argument(f.Call.Common(), p)
		if a == nil {
			break
		}
		v = a
	}
	return v
}

// seenBefore reports whether control gets to pos only after a receive from the
// channel: it is closed by then, and a select on it would not wait.
func (ev *Events) seenBefore(fn *ssa.Function, v ssa.Value, pos token.Pos) bool {
	at := ev.instructionAt(fn, pos)
	if at == nil {
		return false
	}
	for _, o := range ev.Graph.Class(ev.Base, v).Has(signal.Recv) {
		if o.Fn != fn {
			continue
		}
		if o.Sel == nil {
			if o.In != at && ev.Precedes(o.In, at) {
				return true
			}
			continue
		}
		if to := flow.CaseBlock(o.Sel, o.Case); to != nil && len(to.Preds) == 1 && to.Dominates(at.Block()) {
			return true
		}
	}
	return false
}

// rank tells how sure it is that a field whose channel is closed means a stop.
// Other channels are closed to say that something is ready. It is zero if
// nothing speaks for a stop.
func (ev *Events) rank(c Candidate) int {
	cl := ev.Graph.Class(ev.Base, c.Value)
	n := 0
	if len(cl.Contexts) > 0 || ev.heeded(cl) {
		n += 4
	}
	for _, o := range cl.Has(signal.Close) {
		if ev.Closes(o.Fn, 3) {
			n += 2
			break
		}
	}
	if ev.Base.StopWord(code.LastName(c.Stop.Expr)) {
		n++
	}
	return n
}

// heeded reports whether some loop is left by a case that receives from the
// channel.
func (ev *Events) heeded(cl *signal.Class) bool {
	for _, o := range cl.Has(signal.Recv) {
		if o.Sel == nil {
			continue
		}
		to := flow.CaseBlock(o.Sel, o.Case)
		for _, l := range ev.PlainGraph(o.Fn).Around(o.Sel.Block()) {
			if to != nil && !l.Has(to) {
				return true
			}
		}
	}
	return false
}

// IsStopChannel reports whether the channel is closed to stop somebody: it
// carries nothing, and code outside of the goroutine closes it.
func (ev *Events) IsStopChannel(g *program.Goroutine, c Candidate) bool {
	cl := ev.Graph.Class(ev.Base, c.Value)
	if len(cl.Contexts) > 0 {
		return ev.ContextsEnd(cl) != ""
	}
	for _, o := range cl.Has(signal.Send) {
		if g.Has(o.Fn) {
			return false // it carries what the goroutine has to tell
		}
	}
	if closes := cl.Has(signal.Close); len(closes) > 0 {
		own := true
		for _, o := range closes {
			own = own && ev.OnlyIn(g, o.Fn, 6)
		}
		if own {
			return false // it says that the goroutine has ended
		}
	}
	if len(cl.Has(signal.Send)) > 0 && len(cl.Has(signal.Close)) == 0 {
		return false // it wakes
	}
	if len(cl.Has(signal.Close)) > 0 {
		return true
	}
	return cl.Unknown && ev.Base.StopWord(code.LastName(c.Stop.Expr))
}
