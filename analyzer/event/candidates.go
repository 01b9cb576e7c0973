package event

import (
	"go/ast"
	"go/token"
	"go/types"
	"iter"
	"slices"

	"golang.org/x/tools/go/ssa"

	"github.com/killcheck/killcheck/analyzer/code"
	"github.com/killcheck/killcheck/analyzer/kb"
	"github.com/killcheck/killcheck/analyzer/signal"
)

// Candidate is a stop signal that can be named at some position.
type Candidate struct {
	Stop  Stop
	Value ssa.Value // a context, or a channel
	Ctx   bool
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
