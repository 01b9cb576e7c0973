package lifetime

import (
	"go/types"

	"golang.org/x/tools/go/ssa"

	"github.com/killcheck/killcheck/analyzer/kb"
	"github.com/killcheck/killcheck/analyzer/signal"
	"github.com/killcheck/killcheck/analyzer/spawn"
)

func bindingOf(fv *ssa.FreeVar) ssa.Value { return spawn.Binding(fv) }

// sealed reports whether all code that can raise the handle is seen: it is made
// here, and no use of it reaches code that is not known.
func (h *handles) sealed(k *handle) bool {
	if k.open || len(k.makes) == 0 {
		return false
	}
	e := escape{h: h, seen: make(map[ssa.Value]bool)}
	for _, m := range k.makes {
		e.result(m.call, m.index)
	}
	return !e.out
}

// escape follows a handle forwards to where it is out of sight.
type escape struct {
	h    *handles
	seen map[ssa.Value]bool
	out  bool
}

// result follows result i of a call.
func (e *escape) result(c *ssa.Call, i int) {
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
			e.out = true
		}
	}
}

// value follows the uses of v, which is the handle.
func (e *escape) value(v ssa.Value) {
	if e.out || e.seen[v] {
		return
	}
	e.seen[v] = true
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
		case *ssa.BinOp, *ssa.If, *ssa.DebugRef, *ssa.FieldAddr, *ssa.Field:
		case *ssa.UnOp:
			e.value(r)
		case ssa.CallInstruction:
			e.call(r, v)
		default:
			e.out = true
		}
	}
}

func (e *escape) closure(m *ssa.MakeClosure, v ssa.Value) {
	fn := m.Fn.(*ssa.Function)
	for i, b := range m.Bindings {
		if b == v && (fn.Synthetic == "" || fn.Blocks != nil) {
			e.value(fn.FreeVars[i])
		}
	}
}

// store follows the handle into a variable.
func (e *escape) store(addr ssa.Value) {
	switch a := addr.(type) {
	case *ssa.Alloc:
		e.variable(a)
	case *ssa.FreeVar:
		if b := bindingOf(a); b != nil {
			e.store(b)
			return
		}
		e.out = true
	default:
		id := cellID(addr)
		if id == nil || e.h.others(id) {
			e.out = true
			return
		}
		for _, in := range e.h.loads[id] {
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

// variable follows what is loaded from the variable at an address.
func (e *escape) variable(addr ssa.Value) {
	if e.seen[addr] {
		return
	}
	e.seen[addr] = true
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
			e.out = e.out || r.Val == addr
		case *ssa.DebugRef, *ssa.FieldAddr:
		default:
			e.out = true // its address is handed on
		}
	}
}

func (e *escape) returned(r *ssa.Return, v ssa.Value) {
	fn := r.Parent()
	calls, open := e.h.w.Graph.Callers(fn)
	if open {
		e.out = true
		return
	}
	for i, x := range r.Results {
		if x != v {
			continue
		}
		for _, c := range calls {
			if call, ok := c.(*ssa.Call); ok {
				e.result(call, i)
			}
		}
	}
}

// call follows the handle into a call.
func (e *escape) call(c ssa.CallInstruction, v ssa.Value) {
	com := c.Common()
	if receiver(com) == v && !has(com.Args, v, 1) {
		if fn := com.StaticCallee(); fn == nil || fn.Blocks == nil {
			return // a method of the handle itself
		}
	}
	if b, ok := com.Value.(*ssa.Builtin); ok {
		e.out = e.out || b.Name() == "append"
		return
	}
	if row, ok := signal.Entry(e.h.w.Base, com); ok {
		if row.Effect == kb.Spawns || row.Effect == kb.Callback {
			e.out = true
			return
		}
		if call, ok := c.(*ssa.Call); ok && placeOf(com, row.Wraps) == v && len(*call.Referrers()) > 0 {
			e.value(call)
		}
		return // known, and what it raises is recorded
	}
	fns, open := e.h.w.Graph.Callees(c)
	if open || len(fns) == 0 {
		e.out = true
		return
	}
	for _, fn := range fns {
		for _, p := range fn.Params {
			if argument(com, p) == v {
				e.value(p)
			}
		}
	}
}

// has reports whether v is among the arguments from number from on.
func has(args []ssa.Value, v ssa.Value, from int) bool {
	for i, a := range args {
		if i >= from && a == v {
			return true
		}
	}
	return false
}

// isHandle reports whether v is the package variable that a row of the
// knowledge base names, such as standard input, and returns that row.
func (h *handles) isHandle(k *handle) (kb.Entry, bool) {
	for id := range k.ids {
		if g, ok := id.(*ssa.Global); ok {
			if v, ok := g.Object().(*types.Var); ok {
				if row, ok := h.w.Base.Var(v); ok {
					return row, true
				}
			}
		}
	}
	return kb.Entry{}, false
}
