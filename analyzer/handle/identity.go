package handle

import (
	"golang.org/x/tools/go/ssa"

	"github.com/killcheck/killcheck/analyzer/code"
	"github.com/killcheck/killcheck/analyzer/kb"
	"github.com/killcheck/killcheck/analyzer/program"
	"github.com/killcheck/killcheck/analyzer/signal"
)

// Source follows a handle back to what it reads or writes, as far as it is one
// value: a variable that holds it, the call that makes it, a parameter.
func (h *Handles) Source(v ssa.Value, depth int) ssa.Value {
	o := h.ev.Origin(v)
	if c, ok := o.(*ssa.Call); ok && depth > 0 {
		if e, ok := signal.Entry(h.ev.Base, &c.Call); ok && e.Wraps.Where != kb.Nowhere {
			if x := program.PlaceOf(&c.Call, e.Wraps); x != nil {
				return h.Source(x, depth-1)
			}
		}
	}
	if f, ok := o.(*ssa.FieldAddr); ok && h.Embedded(f) {
		return h.Source(f.X, depth-1)
	}
	return o
}

// Identity returns what the other uses of the handle know it by, or nil.
func Identity(o ssa.Value) any {
	switch o := o.(type) {
	case *ssa.UnOp, *ssa.Field:
		return code.ReadFrom(o)
	case *ssa.FieldAddr, *ssa.Global:
		return code.CellID(o)
	case *ssa.Extract:
		if c, ok := o.Tuple.(*ssa.Call); ok {
			return Made{Call: c, Index: o.Index}
		}
	case *ssa.Call:
		return Made{Call: o, Index: 0}
	case *ssa.Alloc, *ssa.Parameter:
		return o
	}
	return nil
}

// RaisersOf returns the calls that end waits on the handle: on it, not on another
// that may be the same.
func (h *Handles) RaisersOf(o ssa.Value) []Raise {
	if h.raisers == nil {
		h.raisers = make(map[any][]Raise)
		for _, r := range h.Raised {
			h.indexRaise(r, h.raisedValue(r), 3)
		}
	}
	id := Identity(o)
	if f, ok := id.(code.Member); id == nil || ok && f.Owner.Pkg() != h.ev.Pkg {
		return nil // a field that objects of others have too says nothing of this one
	}
	return h.raisers[id]
}

// indexRaise notes the raise of v, and if that is a parameter, the calls that give
// something for it.
func (h *Handles) indexRaise(r Raise, v ssa.Value, depth int) {
	if v == nil || depth == 0 {
		return
	}
	o := h.Source(v, 6)
	if id := Identity(o); id != nil {
		h.raisers[id] = append(h.raisers[id], r)
	}
	p, ok := o.(*ssa.Parameter)
	if !ok {
		return
	}
	calls, _ := h.ev.Graph.Callers(p.Parent())
	for _, c := range calls {
		if a := code.Argument(c.Common(), p); a != nil {
			h.indexRaise(Raise{Event: r.Event, In: c, Apart: r.Apart, What: r.What}, a, depth-1)
		}
	}
}

// raisedValue returns the handle that the call of a raise closes.
func (h *Handles) raisedValue(r Raise) ssa.Value {
	switch in := r.In.(type) {
	case *ssa.MakeClosure:
		return in.Bindings[0]
	case ssa.CallInstruction:
		e, ok := signal.Entry(h.ev.Base, in.Common())
		if !ok {
			return code.Receiver(in.Common())
		}
		for _, p := range e.Raise(r.Event) {
			if v := program.PlaceOf(in.Common(), p); v != nil {
				return v
			}
		}
	}
	return nil
}

// Root returns the call or variable that makes the handle v, if it is always that: v
// is its result, or is loaded from a field that nothing else is stored in.
func (h *Handles) Root(v ssa.Value) ssa.Value {
	o := h.Source(v, 6)
	for range 3 {
		switch x := o.(type) {
		case *ssa.Extract:
			if _, ok := x.Tuple.(*ssa.Call); ok {
				return x
			}
			return nil
		case *ssa.Call, *ssa.Alloc:
			return x
		case *ssa.UnOp, *ssa.Field:
			id := Identity(x)
			if id == nil || h.Others(id) {
				return nil
			}
			var only ssa.Value
			for _, s := range h.Stores[id] {
				if code.IsNil(s) {
					continue
				}
				if only != nil {
					return nil
				}
				only = s
			}
			if only == nil {
				return nil
			}
			o = h.Source(only, 6)
		default:
			return nil
		}
	}
	return nil
}
