package handle

import (
	"go/types"
	"slices"

	"golang.org/x/tools/go/ssa"

	"github.com/killcheck/killcheck/analyzer/code"
	"github.com/killcheck/killcheck/analyzer/kb"
	"github.com/killcheck/killcheck/analyzer/program"
	"github.com/killcheck/killcheck/analyzer/signal"
)

// Sealed reports whether all code that can raise the handle is seen: it is made
// here, and no use of it reaches code that is not known.
func (h *Handles) Sealed(k *Handle) bool {
	if k.Open || len(k.Makes) == 0 {
		return false
	}
	e := Escape{H: h, Seen: make(map[ssa.Value]bool)}
	for _, m := range k.Makes {
		e.Result(m.Call, m.Index)
	}
	return !e.Out
}

// Escape follows a handle forwards to where it is out of sight.
type Escape struct {
	H    *Handles
	Seen map[ssa.Value]bool
	Out  bool

	calls  []ssa.CallInstruction // of the value itself, if that is a function
	inside bool                  // it is not followed to callers, and not into fields
}

// Result follows result i of a call.
func (e *Escape) Result(c *ssa.Call, i int) {
	if c.Call.Signature().Results().Len() == 1 {
		e.value(c)
		return
	}
	for _, r := range *c.Referrers() {
		switch r := r.(type) {
		case *ssa.Extract:
			if r.Index == i {
				e.value(r)
			}
		case *ssa.Return:
			e.Out = true
		}
	}
}

// value follows the uses of v, which is the handle.
func (e *Escape) value(v ssa.Value) {
	if e.Out || e.Seen[v] {
		return
	}
	e.Seen[v] = true
	for _, r := range *v.Referrers() {
		switch r := r.(type) {
		case *ssa.Store:
			if r.Val == v {
				e.store(r.Addr)
			}
		case *ssa.Phi, *ssa.ChangeType, *ssa.ChangeInterface, *ssa.MakeInterface, *ssa.TypeAssert:
			e.value(r.(ssa.Value))
		case *ssa.Extract:
			e.value(r) // of a type assertion
		case *ssa.MakeClosure:
			e.closure(r, v)
		case *ssa.Return:
			e.returned(r, v)
		case *ssa.FieldAddr:
			if e.H.Embedded(r) {
				e.value(r) // its methods are those of the handle
			}
		case *ssa.BinOp, *ssa.If, *ssa.DebugRef, *ssa.Field:
		case *ssa.UnOp:
			e.value(r)
		case ssa.CallInstruction:
			e.call(r, v)
		default:
			e.Out = true
		}
	}
}

func (e *Escape) closure(m *ssa.MakeClosure, v ssa.Value) {
	fn := m.Fn.(*ssa.Function)
	for i, b := range m.Bindings {
		if b == v && (fn.Synthetic == "" || fn.Blocks != nil) {
			e.value(fn.FreeVars[i])
		}
	}
}

// store follows the handle into a variable.
func (e *Escape) store(addr ssa.Value) {
	switch a := addr.(type) {
	case *ssa.Alloc:
		e.variable(a)
	case *ssa.FreeVar:
		if b := code.Binding(a); b != nil {
			e.store(b)
			return
		}
		e.Out = true
	default:
		id := code.CellID(addr)
		if id == nil || e.inside || e.H.Others(id) || promoted(id) {
			e.Out = true
			return
		}
		for _, in := range e.H.loads[id] {
			switch in := in.(type) {
			case *ssa.FieldAddr:
				e.variable(in)
			case *ssa.Field:
				e.value(in)
			case *ssa.UnOp:
				e.value(in)
			}
		}
	}
}

// promoted reports whether the variable is an embedded field, whose methods are
// those of the object around it, too.
func promoted(id any) bool {
	m, ok := id.(code.Member)
	if !ok {
		return false
	}
	st, ok := m.Owner.Type().Underlying().(*types.Struct)
	return !ok || m.Index >= st.NumFields() || st.Field(m.Index).Embedded()
}

// variable follows what is loaded from the variable at an address.
func (e *Escape) variable(addr ssa.Value) {
	if e.Seen[addr] {
		return
	}
	e.Seen[addr] = true
	for _, r := range *addr.Referrers() {
		switch r := r.(type) {
		case *ssa.UnOp:
			e.value(r)
		case *ssa.MakeClosure:
			for i, b := range r.Bindings {
				if b == addr {
					e.variable(r.Fn.(*ssa.Function).FreeVars[i])
				}
			}
		case *ssa.Store:
			e.Out = e.Out || r.Val == addr
		case *ssa.DebugRef, *ssa.FieldAddr:
		default:
			e.Out = true // its address is handed on
		}
	}
}

func (e *Escape) returned(r *ssa.Return, v ssa.Value) {
	fn := r.Parent()
	if e.inside {
		return
	}
	calls, open := e.H.ev.Graph.Callers(fn)
	if open {
		e.Out = true
		return
	}
	for i, x := range r.Results {
		if x != v {
			continue
		}
		for _, c := range calls {
			if call, ok := c.(*ssa.Call); ok {
				e.Result(call, i)
			}
		}
	}
}

// call follows the handle into a call.
func (e *Escape) call(c ssa.CallInstruction, v ssa.Value) {
	com := c.Common()
	if com.Value == v && !com.IsInvoke() && !code.Has(com.Args, v, 0) {
		e.calls = append(e.calls, c)
		return
	}
	if code.Receiver(com) == v && !code.Has(com.Args, v, 1) {
		if fn := com.StaticCallee(); fn == nil || fn.Blocks == nil {
			return // a method of the handle itself
		}
	}
	if b, ok := com.Value.(*ssa.Builtin); ok {
		e.Out = e.Out || b.Name() == "append"
		return
	}
	if row, ok := signal.Entry(e.H.ev.Base, com); ok {
		if row.Effect == kb.Spawns || row.Effect == kb.Callback {
			e.Out = true
			return
		}
		call, ok := c.(*ssa.Call)
		wraps := ok && program.PlaceOf(com, row.Wraps) == v
		if wraps && len(*call.Referrers()) > 0 {
			e.value(call)
		}
		e.Out = e.Out || row.Effect == kb.Instant && !wraps && code.Receiver(com) != v // what it makes may hold it
		return                                                                         // known, and what it raises is recorded
	}
	if i := slices.Index(com.Args, v); !com.IsInvoke() && i >= 0 && e.H.keptBy(com, i) {
		return
	}
	fns, open := e.H.ev.Graph.Callees(c)
	if open || len(fns) == 0 {
		e.Out = true
		return
	}
	for _, fn := range fns {
		for _, p := range fn.Params {
			if code.Argument(com, p) == v {
				e.value(p)
			}
		}
	}
}

// IsHandle reports whether v is the package variable that a row of the
// knowledge base names, such as standard input, and returns that row.
func (h *Handles) IsHandle(k *Handle) (kb.Entry, bool) {
	for id := range k.Ids {
		if g, ok := id.(*ssa.Global); ok {
			if v, ok := g.Object().(*types.Var); ok {
				if row, ok := h.ev.Base.Var(v); ok {
					return row, true
				}
			}
		}
	}
	return kb.Entry{}, false
}
