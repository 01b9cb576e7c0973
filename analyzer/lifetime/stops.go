package lifetime

import (
	"go/ast"
	"go/token"
	"go/types"
	"iter"
	"slices"

	"golang.org/x/tools/go/ssa"

	"github.com/killcheck/killcheck/analyzer/kb"
	"github.com/killcheck/killcheck/analyzer/signal"
)

// candidate is a stop signal that can be named at some position.
type candidate struct {
	stop  Stop
	value ssa.Value // a context, or a channel
	ctx   bool
}

// stopAt returns the stop signal that is in reach at pos in the frame, or the
// zero Stop. In this order: a context that is nearest to the obstacle, a
// context or stop channel in a field of the receiver (see rank), a stop channel
// that is a parameter or capture. A signal that nobody raises is not in reach,
// nor is one that the goroutine itself raises when it has ended.
func (w *world) stopAt(g *Goroutine, f *Frame, pos token.Pos) Stop {
	var best Stop // the best field
	rank := 0
	for c := range w.candidates(f.Fn, pos) {
		switch {
		case c.ctx:
			if w.Graph.Context(w.Base, c.value).Ends {
				return c.stop
			}
		case !w.isStopChannel(g, c) || w.seenBefore(f.Fn, c.value, pos):
		case !c.stop.Owner:
			if best.Expr == "" {
				return c.stop
			}
		default:
			if n := w.rank(c); n > rank {
				best, rank = c.stop, n
			}
		}
	}
	return best
}

// seenBefore reports whether control gets to pos only after a receive from the
// channel: it is closed by then, and a select on it would not wait.
func (w *world) seenBefore(fn *ssa.Function, v ssa.Value, pos token.Pos) bool {
	at := w.instructionAt(fn, pos)
	if at == nil {
		return false
	}
	for _, o := range w.Graph.Class(w.Base, v).Has(signal.Recv) {
		if o.Fn != fn {
			continue
		}
		if o.Sel == nil && o.In != at && w.precedes(o.In, at) {
			return true
		}
		for _, b := range fn.Blocks {
			for i, to := range b.Succs {
				if sel, k := selectCase(b, i); sel != nil && sel == o.Sel && k == o.Case && len(to.Preds) == 1 && to.Dominates(at.Block()) {
					return true
				}
			}
		}
	}
	return false
}

// rank tells how sure it is that a field whose channel is closed means a stop.
// Other channels are closed to say that something is ready. It is zero if
// nothing speaks for a stop.
func (w *world) rank(c candidate) int {
	cl := w.Graph.Class(w.Base, c.value)
	n := 0
	if len(cl.Contexts) > 0 || w.heeded(cl) {
		n += 4
	}
	for _, o := range cl.Has(signal.Close) {
		if w.closes(o.Fn, 3) {
			n += 2
			break
		}
	}
	if w.Base.StopWord(lastName(c.stop.Expr)) {
		n++
	}
	return n
}

// heeded reports whether some loop is left by a case that receives from the
// channel.
func (w *world) heeded(cl *signal.Class) bool {
	for _, o := range cl.Has(signal.Recv) {
		if o.Sel == nil {
			continue
		}
		for _, b := range o.Fn.Blocks {
			for i, to := range b.Succs {
				sel, k := selectCase(b, i)
				if sel != o.Sel || k != o.Case {
					continue
				}
				for _, l := range w.plainGraph(o.Fn).Around(sel.Block()) {
					if !l.Has(to) {
						return true
					}
				}
			}
		}
	}
	return false
}

// isStopChannel reports whether the channel is closed to stop somebody: it
// carries nothing, and code outside of the goroutine closes it.
func (w *world) isStopChannel(g *Goroutine, c candidate) bool {
	cl := w.Graph.Class(w.Base, c.value)
	if len(cl.Contexts) > 0 {
		return w.contextsEnd(cl) != ""
	}
	for _, o := range cl.Has(signal.Send) {
		if g.Has(o.Fn) {
			return false // it carries what the goroutine has to tell
		}
	}
	if closes := cl.Has(signal.Close); len(closes) > 0 {
		own := true
		for _, o := range closes {
			own = own && w.onlyIn(g, o.Fn, 6)
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
	return cl.Unknown && w.Base.StopWord(lastName(c.stop.Expr))
}

func lastName(expr string) string {
	for i := len(expr) - 1; i >= 0; i-- {
		if expr[i] == '.' {
			return expr[i+1:]
		}
	}
	return expr
}

// candidates yields the contexts and channels that carry nothing and that have
// a name at pos in fn, in the order of preference.
func (w *world) candidates(fn *ssa.Function, pos token.Pos) iter.Seq[candidate] {
	return func(yield func(candidate) bool) {
		for l := range w.locals(fn, pos) {
			if isContext(l.typ) && !yield(candidate{Stop{Expr: l.name + ".Done()", Ctx: l.name}, l.value, true}) {
				return
			}
		}
		for _, c := range w.received(fn, pos) {
			if !yield(c) {
				return
			}
		}
	}
}

// received returns the candidates that fn is given: contexts, fields of the
// receiver, channels.
func (w *world) received(fn *ssa.Function, pos token.Pos) []candidate {
	var ctxs, fields, chans []candidate
	add := func(name string, v ssa.Value, t types.Type) {
		switch {
		case isContext(t):
			ctxs = append(ctxs, candidate{Stop{Expr: name + ".Done()", Ctx: name}, v, true})
		case isStopChan(t):
			chans = append(chans, candidate{Stop{Expr: name}, v, false})
		}
	}
	for _, p := range fn.Params {
		if p.Name() == "_" || p.Name() == "" || w.shadowed(p.Name(), p.Object(), pos) {
			continue
		}
		add(p.Name(), p, p.Type())
		if i := fn.Signature.Recv(); i != nil && p == fn.Params[0] {
			fields = append(fields, w.fieldsOf(fn, p.Name(), p.Type())...)
		}
	}
	for _, fv := range fn.FreeVars {
		t := fv.Type()
		if p, ok := t.(*types.Pointer); ok && !w.isVarOf(fv.Name(), t, pos) {
			t = p.Elem() // captured by reference
		}
		if !w.names(fv.Name(), t, pos) {
			continue
		}
		add(fv.Name(), loaded(fv, t), t)
		if w.isReceiver(fn, fv) {
			fields = append(fields, w.fieldsOf(fn, fv.Name(), t)...)
		}
	}
	all := append(ctxs, fields...)
	return append(all, chans...)
}

// loaded returns a load of the captured variable if it is captured by reference,
// or else the variable: what holds a channel is not the channel.
func loaded(fv *ssa.FreeVar, t types.Type) ssa.Value {
	if types.Identical(fv.Type(), t) {
		return fv
	}
	for _, r := range *fv.Referrers() {
		if u, ok := r.(*ssa.UnOp); ok && u.Op == token.MUL {
			return u
		}
	}
	return fv
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
func (w *world) derivations(fn *ssa.Function) derivations {
	known, ok := w.derived[fn]
	if ok || w.syn.body(fn) == nil {
		return known
	}
	var ds []derivation
	for _, b := range fn.Blocks {
		for _, in := range b.Instrs {
			c, ok := in.(*ssa.Call)
			if !ok {
				continue
			}
			e, ok := signal.Entry(w.Base, &c.Call)
			if !ok || e.Effect != kb.Derives {
				continue
			}
			v := ssa.Value(c)
			for _, r := range *c.Referrers() {
				if x, ok := r.(*ssa.Extract); ok && x.Index == e.Ctx {
					v = x
				}
			}
			if name := w.assigned(c.Pos(), e.Ctx); name != "" {
				ds = append(ds, derivation{c, e, local{name, v, contextType(c, e.Ctx)}})
			}
		}
	}
	known = derivations{ds, slices.IsSortedFunc(ds, func(a, b derivation) int { return int(a.call.Pos() - b.call.Pos()) })}
	w.derived[fn] = known
	return known
}

// locals yields the contexts that fn itself derives before pos, the last first.
func (w *world) locals(fn *ssa.Function, pos token.Pos) iter.Seq[local] {
	return func(yield func(local) bool) {
		known := w.derivations(fn)
		ds := known.list
		if known.sorted {
			n, _ := slices.BinarySearchFunc(ds, pos, func(d derivation, pos token.Pos) int { return int(d.call.Pos() - pos) })
			ds = ds[:n]
		}
		for _, d := range slices.Backward(ds) {
			if d.call.Pos() < pos && isContextAt(w, d.name, pos) && !w.cancelledBefore(d.call, d.row, w.instructionAt(fn, pos)) && !yield(d.local) {
				return
			}
		}
	}
}

// instructionAt returns the last instruction of fn at pos, or nil.
func (w *world) instructionAt(fn *ssa.Function, pos token.Pos) ssa.Instruction {
	at, ok := w.spots[fn]
	if !ok {
		at = make(map[token.Pos]ssa.Instruction)
		for _, b := range fn.Blocks {
			for _, in := range b.Instrs {
				at[in.Pos()] = in
			}
		}
		w.spots[fn] = at
	}
	return at[pos]
}

// cancelledBefore reports whether the context that the call makes has been
// cancelled whenever control is at the instruction.
func (w *world) cancelledBefore(c *ssa.Call, e kb.Entry, at ssa.Instruction) bool {
	if at == nil || e.Cancel < 0 {
		return false
	}
	for _, r := range *c.Referrers() {
		x, ok := r.(*ssa.Extract)
		if !ok || x.Index != e.Cancel {
			continue
		}
		for _, use := range *x.Referrers() {
			if call, ok := use.(*ssa.Call); ok && call.Call.Value == x && w.precedes(call, at) {
				return true
			}
		}
	}
	return false
}

func contextType(c *ssa.Call, i int) types.Type {
	res := c.Call.Signature().Results()
	if i < res.Len() {
		return res.At(i).Type()
	}
	return types.Typ[types.Invalid]
}

func isContextAt(w *world, name string, pos token.Pos) bool {
	obj := w.lookup(name, pos)
	return obj != nil && isContext(obj.Type())
}

// assigned returns the name that result i of the call at pos is assigned to.
func (w *world) assigned(pos token.Pos, i int) string {
	if a := w.syn.names[pos]; a != nil && i < len(a.Lhs) {
		if id, ok := a.Lhs[i].(*ast.Ident); ok && id.Name != "_" {
			return id.Name
		}
	}
	return ""
}

// lookup returns the object that name means at pos, or nil.
func (w *world) lookup(name string, pos token.Pos) types.Object {
	s := w.scopeAt(pos)
	if s == nil {
		return nil
	}
	_, obj := s.LookupParent(name, pos)
	return obj
}

// scopeAt returns the innermost scope around pos, or nil: that of the package
// would look at all functions of the file.
func (w *world) scopeAt(pos token.Pos) *types.Scope {
	if d := w.syn.decl(pos); d != nil {
		if s := w.Info.Scopes[d.Type]; s != nil && s.Contains(pos) {
			return s.Innermost(pos)
		}
	}
	return w.Pkg.Scope().Innermost(pos)
}

// names reports whether name means a variable of type t at pos.
func (w *world) names(name string, t types.Type, pos token.Pos) bool {
	obj := w.lookup(name, pos)
	return obj != nil && types.Identical(obj.Type(), t)
}

func (w *world) isVarOf(name string, t types.Type, pos token.Pos) bool { return w.names(name, t, pos) }

// shadowed reports whether name means another object at pos.
func (w *world) shadowed(name string, obj types.Object, pos token.Pos) bool {
	return obj == nil || w.lookup(name, pos) != obj
}

// isReceiver reports whether the free variable is the receiver of the method
// around fn.
func (w *world) isReceiver(fn *ssa.Function, fv *ssa.FreeVar) bool {
	fn = outermost(fn)
	return fn.Signature.Recv() != nil && len(fn.Params) > 0 && fn.Params[0].Name() == fv.Name()
}

// fieldsOf returns the contexts and channels that carry nothing in the fields of
// the receiver.
func (w *world) fieldsOf(fn *ssa.Function, name string, t types.Type) []candidate {
	if p, ok := t.Underlying().(*types.Pointer); ok {
		t = p.Elem()
	}
	st, ok := t.Underlying().(*types.Struct)
	if !ok || name == "_" || name == "" {
		return nil
	}
	fields, ok := w.signals[t]
	if !ok {
		for i := range st.NumFields() {
			f := st.Field(i)
			if !isContext(f.Type()) && !isStopChan(f.Type()) {
				continue
			}
			if v := w.Graph.FieldValue(t, i); v != nil { // or nothing reads or writes it
				fields = append(fields, signalField{f, v})
			}
		}
		w.signals[t] = fields
	}
	var ctxs, chans []candidate
	for _, f := range fields {
		expr := name + "." + f.field.Name()
		if isContext(f.field.Type()) {
			ctxs = append(ctxs, candidate{Stop{Expr: expr + ".Done()", Ctx: expr, Owner: true}, f.value, true})
		} else {
			chans = append(chans, candidate{Stop{Expr: expr, Owner: true}, f.value, false})
		}
	}
	return append(ctxs, chans...)
}

// A signalField is a field that holds a context, or a channel that carries nothing.
type signalField struct {
	field *types.Var
	value ssa.Value // some value of it
}

func isContext(t types.Type) bool {
	n := typeName(t)
	return n != nil && n.Pkg() != nil && n.Pkg().Path() == "context" && n.Name() == "Context"
}

// isStopChan reports whether a channel of type t carries nothing and can be
// received from.
func isStopChan(t types.Type) bool {
	c, ok := t.Underlying().(*types.Chan)
	if !ok || c.Dir() == types.SendOnly {
		return false
	}
	s, ok := c.Elem().Underlying().(*types.Struct)
	return ok && s.NumFields() == 0
}
