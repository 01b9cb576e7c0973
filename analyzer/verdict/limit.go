package verdict

import (
	"go/constant"
	"go/token"
	"go/types"

	"golang.org/x/tools/go/ssa"

	"github.com/killcheck/killcheck/analyzer/code"
)

// limited returns the wake by the time limit of the object v, which a call works on
// that keeps it: each object that v may be is made in sight, with a limit. That of a
// constant comes by itself; any other has to be set.
func (m *matcher) limited(v ssa.Value, name string) (Wake, bool) {
	set, ok := m.limitOf(v, 4)
	if !ok {
		return Wake{}, false
	}
	k := Wake{Action: ByTime, Level: Itself}
	if !set {
		k.If = []string{name + "." + limitField + " is set"}
	}
	return k, true
}

// limitField is how the standard library names the field of an object that holds the
// time limit of what it does.
const limitField = "Timeout"

// limitOf reports whether each object that v may be has a limit, and whether that is
// a constant, and not none.
func (m *matcher) limitOf(v ssa.Value, depth int) (set, ok bool) {
	if depth == 0 {
		return false, false
	}
	switch o := m.mod.Origin(v).(type) {
	case *ssa.Alloc:
		return limitIn(o)
	case *ssa.UnOp:
		f, isField := o.X.(*ssa.FieldAddr)
		if o.Op != token.MUL || !isField {
			return false, false
		}
		id, isMember := code.CellID(f).(code.Member)
		if !isMember || id.Owner.Pkg() != m.mod.Pkg || token.IsExported(code.FieldName(f.X.Type(), f.Field)) {
			return false, false
		}
		set = true
		stored := m.h.Stores[id]
		for _, x := range stored {
			s, ok := m.limitOf(x, depth-1)
			if !ok {
				return false, false
			}
			set = set && s
		}
		return set, len(stored) > 0
	}
	return false, false
}

// limitIn is limitOf for the object that a literal makes.
func limitIn(a *ssa.Alloc) (set, ok bool) {
	st, isStruct := a.Type().Underlying().(*types.Pointer).Elem().Underlying().(*types.Struct)
	if !isStruct {
		return false, false
	}
	for _, r := range *a.Referrers() {
		f, isField := r.(*ssa.FieldAddr)
		if !isField || st.Field(f.Field).Name() != limitField {
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
