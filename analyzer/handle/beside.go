package handle

import (
	"go/token"

	"golang.org/x/tools/go/ssa"

	"github.com/killcheck/killcheck/analyzer/code"
)

// Beside returns a load of the field Beside that which o loads, where each object is
// made with what its field works on in the other: a buffer over a connection, and
// that connection. The package sets neither of them at any other place. It returns nil
// if there is none.
func (h *Handles) Beside(o ssa.Value) ssa.Value {
	load, ok := o.(*ssa.UnOp)
	if !ok || load.Op != token.MUL {
		return nil
	}
	f, ok := load.X.(*ssa.FieldAddr)
	if !ok {
		return nil
	}
	id, ok := code.CellID(f).(code.Member)
	stored := h.Stores[id]
	if !ok || id.Owner.Pkg() != h.ev.Pkg || token.IsExported(code.FieldName(f.X.Type(), f.Field)) || len(stored) != 1 {
		return nil
	}
	below := h.Source(stored[0], 6)
	if below == h.ev.Origin(stored[0]) || below.Referrers() == nil {
		return nil
	}
	for _, s := range fieldStores(below, stored[0]) {
		at := s.Addr.(*ssa.FieldAddr)
		other, ok := code.CellID(at).(code.Member)
		if !ok || other.Owner != id.Owner || len(h.Stores[other]) != 1 {
			continue
		}
		for _, r := range *stored[0].Referrers() {
			if x, ok := r.(*ssa.Store); ok && x.Val == stored[0] {
				if g, ok := x.Addr.(*ssa.FieldAddr); ok && g.X == at.X {
					return h.loadOf(other)
				}
			}
		}
	}
	return nil
}

// fieldStores returns the stores to fields of what the value holds, as it is, in the
// function that makes the other.
func fieldStores(v, made ssa.Value) []*ssa.Store {
	var all []*ssa.Store
	in, ok := made.(ssa.Instruction)
	if !ok {
		return nil
	}
	for _, r := range *v.Referrers() {
		switch r := r.(type) {
		case *ssa.Store:
			if _, field := r.Addr.(*ssa.FieldAddr); field && r.Val == v && r.Parent() == in.Parent() {
				all = append(all, r)
			}
		case *ssa.ChangeInterface, *ssa.MakeInterface:
			all = append(all, fieldStores(r.(ssa.Value), made)...)
		}
	}
	return all
}

// loadOf returns a load of the field somewhere in the package, or nil.
func (h *Handles) loadOf(id code.Member) ssa.Value {
	for _, in := range h.LoadsOf(id) {
		f, ok := in.(*ssa.FieldAddr)
		if !ok {
			continue
		}
		for _, r := range *f.Referrers() {
			if u, ok := r.(*ssa.UnOp); ok && u.Op == token.MUL {
				return u
			}
		}
	}
	return nil
}
