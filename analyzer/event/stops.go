package event

import (
	"go/ast"
	"go/token"
	"go/types"
	"iter"
	"slices"

	"golang.org/x/tools/go/ssa"

	"github.com/killcheck/killcheck/analyzer/code"
	"github.com/killcheck/killcheck/analyzer/flow"
	"github.com/killcheck/killcheck/analyzer/kb"
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
}

// Candidate is a stop signal that can be named at some position.
type Candidate struct {
	Stop  Stop
	Value ssa.Value // a context, or a channel
	Ctx   bool
}

// StopAt returns the stop signal that is in reach at pos in the frame, or the
// zero Stop. In this order: a context that is nearest to the obstacle, a
// context or stop channel in a field of the receiver (see rank), a stop channel
// that is a parameter or capture. A signal that nobody raises is not in reach,
// nor is one that the goroutine itself raises when it has ended.
func (ev *Events) StopAt(g *program.Goroutine, f *program.Frame, pos token.Pos) Stop {
	var best Stop // the best field
	rank := 0
	for c := range ev.Candidates(f.Fn, pos) {
		switch {
		case c.Ctx:
			if v := handedDown(f, c.Value); !code.IsNil(v) && ev.Graph.Context(ev.Base, v).Ends && !ev.neverDone(f.Fn, c.Value, pos) && !(c.Stop.Owner && ev.pauses(v)) {
				return c.Stop
			}
		case !ev.IsStopChannel(g, c) || ev.seenBefore(f.Fn, c.Value, pos) || ev.makes(g, f, c.Value):
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

// Candidates yields the contexts and channels that carry nothing and that have
// a name at pos in fn, in the order of preference.
func (ev *Events) Candidates(fn *ssa.Function, pos token.Pos) iter.Seq[Candidate] {
	return func(yield func(Candidate) bool) {
		for l := range ev.locals(fn, pos) {
			if code.IsContext(l.typ) && !yield(Candidate{Stop{Expr: l.name + ".Done()", Ctx: l.name}, l.value, true}) {
				return
			}
		}
		for _, c := range ev.received(fn, pos) {
			if !yield(c) {
				return
			}
		}
	}
}

// received returns the candidates that fn is given: contexts, fields of the
// receiver, channels.
func (ev *Events) received(fn *ssa.Function, pos token.Pos) []Candidate {
	var ctxs, fields, chans []Candidate
	add := func(name string, v ssa.Value, t types.Type) {
		switch {
		case code.IsContext(t):
			ctxs = append(ctxs, Candidate{Stop{Expr: name + ".Done()", Ctx: name}, v, true})
		case code.IsStopChan(t):
			chans = append(chans, Candidate{Stop{Expr: name}, v, false})
		}
	}
	for _, p := range fn.Params {
		if p.Name() == "_" || p.Name() == "" || ev.shadowed(p.Name(), p.Object(), pos) {
			continue
		}
		add(p.Name(), p, p.Type())
		if i := fn.Signature.Recv(); i != nil && p == fn.Params[0] {
			fields = append(fields, ev.fieldsOf(fn, p.Name(), p.Type())...)
		}
	}
	for _, fv := range fn.FreeVars {
		t := fv.Type()
		if p, ok := t.(*types.Pointer); ok && !ev.isVarOf(fv.Name(), t, pos) {
			t = p.Elem() // captured by reference
		}
		if !ev.names(fv.Name(), t, pos) {
			continue
		}
		add(fv.Name(), code.Loaded(fv, t), t)
		if ev.isReceiver(fn, fv) {
			fields = append(fields, ev.fieldsOf(fn, fv.Name(), t)...)
		}
	}
	all := append(ctxs, fields...)
	return append(all, chans...)
}

type local struct {
	name  string
	value ssa.Value
	typ   types.Type
}

// A derivation is a call by which a function derives a context.
type derivation struct {
	call *ssa.Call
	row  kb.Entry
	local
}

type derivations struct {
	list   []derivation // in the order of the blocks
	sorted bool         // which is that of the code
}

// derivations returns the contexts of fn that it derives itself and that have a
// name.
func (ev *Events) derivations(fn *ssa.Function) derivations {
	known, ok := ev.derived[fn]
	if ok || ev.Syn.Body(fn) == nil {
		return known
	}
	var ds []derivation
	for _, b := range fn.Blocks {
		for _, in := range b.Instrs {
			c, ok := in.(*ssa.Call)
			if !ok {
				continue
			}
			e, ok := signal.Entry(ev.Base, &c.Call)
			if !ok || e.Effect != kb.Derives {
				continue
			}
			v := ssa.Value(c)
			for _, r := range *c.Referrers() {
				if x, ok := r.(*ssa.Extract); ok && x.Index == e.Ctx {
					v = x
				}
			}
			if name := ev.assigned(c.Pos(), e.Ctx); name != "" {
				ds = append(ds, derivation{c, e, local{name, v, code.ContextType(c, e.Ctx)}})
			}
		}
	}
	known = derivations{ds, slices.IsSortedFunc(ds, func(a, b derivation) int { return int(a.call.Pos() - b.call.Pos()) })}
	ev.derived[fn] = known
	return known
}

// locals yields the contexts that fn itself derives before pos, the last first.
func (ev *Events) locals(fn *ssa.Function, pos token.Pos) iter.Seq[local] {
	return func(yield func(local) bool) {
		known := ev.derivations(fn)
		ds := known.list
		if known.sorted {
			n, _ := slices.BinarySearchFunc(ds, pos, func(d derivation, pos token.Pos) int { return int(d.call.Pos() - pos) })
			ds = ds[:n]
		}
		for _, d := range slices.Backward(ds) {
			if d.call.Pos() < pos && isContextAt(ev, d.name, pos) && !ev.cancelledBefore(d.call, d.row, ev.instructionAt(fn, pos)) && !yield(d.local) {
				return
			}
		}
	}
}

// instructionAt returns the last instruction of fn at pos, or nil.
func (ev *Events) instructionAt(fn *ssa.Function, pos token.Pos) ssa.Instruction {
	at, ok := ev.spots[fn]
	if !ok {
		at = make(map[token.Pos]ssa.Instruction)
		for _, b := range fn.Blocks {
			for _, in := range b.Instrs {
				at[in.Pos()] = in
			}
		}
		ev.spots[fn] = at
	}
	return at[pos]
}

// cancelledBefore reports whether the context that the call makes has been
// cancelled whenever control is at the instruction.
func (ev *Events) cancelledBefore(c *ssa.Call, e kb.Entry, at ssa.Instruction) bool {
	if at == nil || e.Cancel < 0 {
		return false
	}
	for _, r := range *c.Referrers() {
		x, ok := r.(*ssa.Extract)
		if !ok || x.Index != e.Cancel {
			continue
		}
		for _, use := range *x.Referrers() {
			if call, ok := use.(*ssa.Call); ok && call.Call.Value == x && ev.Precedes(call, at) {
				return true
			}
		}
	}
	return false
}

func isContextAt(ev *Events, name string, pos token.Pos) bool {
	obj := ev.Lookup(name, pos)
	return obj != nil && code.IsContext(obj.Type())
}

// assigned returns the name that result i of the call at pos is assigned to.
func (ev *Events) assigned(pos token.Pos, i int) string {
	if a := ev.Syn.Names[pos]; a != nil && i < len(a.Lhs) {
		if id, ok := a.Lhs[i].(*ast.Ident); ok && id.Name != "_" {
			return id.Name
		}
	}
	return ""
}

// Lookup returns the object that name means at pos, or nil.
func (ev *Events) Lookup(name string, pos token.Pos) types.Object {
	s := ev.ScopeAt(pos)
	if s == nil {
		return nil
	}
	_, obj := s.LookupParent(name, pos)
	return obj
}

// ScopeAt returns the innermost scope around pos, or nil: that of the package
// would look at all functions of the file.
func (ev *Events) ScopeAt(pos token.Pos) *types.Scope {
	if d := ev.Syn.Decl(pos); d != nil {
		if s := ev.Info.Scopes[d.Type]; s != nil && s.Contains(pos) {
			return s.Innermost(pos)
		}
	}
	return ev.Pkg.Scope().Innermost(pos)
}

// names reports whether name means a variable of type t at pos.
func (ev *Events) names(name string, t types.Type, pos token.Pos) bool {
	obj := ev.Lookup(name, pos)
	return obj != nil && types.Identical(obj.Type(), t)
}

func (ev *Events) isVarOf(name string, t types.Type, pos token.Pos) bool {
	return ev.names(name, t, pos)
}

// shadowed reports whether name means another object at pos.
func (ev *Events) shadowed(name string, obj types.Object, pos token.Pos) bool {
	return obj == nil || ev.Lookup(name, pos) != obj
}

// isReceiver reports whether the free variable is the receiver of the method
// around fn.
func (ev *Events) isReceiver(fn *ssa.Function, fv *ssa.FreeVar) bool {
	fn = code.Outermost(fn)
	return fn.Signature.Recv() != nil && len(fn.Params) > 0 && fn.Params[0].Name() == fv.Name()
}

// fieldsOf returns the contexts and channels that carry nothing in the fields of
// the receiver.
func (ev *Events) fieldsOf(fn *ssa.Function, name string, t types.Type) []Candidate {
	if p, ok := t.Underlying().(*types.Pointer); ok {
		t = p.Elem()
	}
	st, ok := t.Underlying().(*types.Struct)
	if !ok || name == "_" || name == "" {
		return nil
	}
	fields, ok := ev.signals[t]
	if !ok {
		for i := range st.NumFields() {
			f := st.Field(i)
			if !code.IsContext(f.Type()) && !code.IsStopChan(f.Type()) {
				continue
			}
			if v := ev.Graph.FieldValue(t, i); v != nil { // or nothing reads or writes it
				fields = append(fields, signalField{f, v})
			}
		}
		ev.signals[t] = fields
	}
	var ctxs, chans []Candidate
	for _, f := range fields {
		expr := name + "." + f.field.Name()
		if code.IsContext(f.field.Type()) {
			ctxs = append(ctxs, Candidate{Stop{Expr: expr + ".Done()", Ctx: expr, Owner: true}, f.value, true})
		} else {
			chans = append(chans, Candidate{Stop{Expr: expr, Owner: true}, f.value, false})
		}
	}
	return append(ctxs, chans...)
}

// A signalField is a field that holds a context, or a channel that carries nothing.
type signalField struct {
	field *types.Var
	value ssa.Value // some value of it
}
