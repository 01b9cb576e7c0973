package handle

import (
	"go/constant"
	"go/token"
	"go/types"

	"golang.org/x/tools/go/ssa"

	"github.com/killcheck/killcheck/analyzer/code"
)

// LimitField is how the standard library names the field of an object that holds the
// time limit of what it does.
const LimitField = "Timeout"

// Limit reports whether each object that v may be has a limit, and whether that is
// a constant, and not none.
func (h *Handles) Limit(v ssa.Value, depth int) (set, ok bool) {
	if depth == 0 {
		return false, false
	}
	switch o := h.ev.Origin(v).(type) {
	case *ssa.Alloc:
		return limitIn(o)
	case *ssa.UnOp:
		f, isField := o.X.(*ssa.FieldAddr)
		if o.Op != token.MUL || !isField {
			return false, false
		}
		id, isMember := code.CellID(f).(code.Member)
		if !isMember || id.Owner.Pkg() != h.ev.Pkg || token.IsExported(code.FieldName(f.X.Type(), f.Field)) {
			return false, false
		}
		set = true
		stored := h.Stores[id]
		for _, x := range stored {
			s, ok := h.Limit(x, depth-1)
			if !ok {
				return false, false
			}
			set = set && s
		}
		return set, len(stored) > 0
	}
	return false, false
}

// limitIn is Limit for the object that a literal makes.
func limitIn(a *ssa.Alloc) (set, ok bool) {
	st, isStruct := a.Type().Underlying().(*types.Pointer).Elem().Underlying().(*types.Struct)
	if !isStruct {
		return false, false
	}
	for _, r := range *a.Referrers() {
		f, isField := r.(*ssa.FieldAddr)
		if !isField || st.Field(f.Field).Name() != LimitField {
			continue
		}
		for _, x := range *f.Referrers() {
			s, isStore := x.(*ssa.Store)
			if !isStore || s.Addr != ssa.Value(f) {
				continue
			}
			k, isConst := s.Val.(*ssa.Const)
			if isConst && (k.Value == nil || constant.Sign(k.Value) <= 0) {
				return false, false
			}
			return isConst, true
		}
	}
	return false, false
}
