package event

import (
	"go/types"
	"strings"

	"golang.org/x/tools/go/ssa"

	"github.com/killcheck/killcheck/analyzer/code"
	"github.com/killcheck/killcheck/analyzer/kb"
	"github.com/killcheck/killcheck/analyzer/program"
	"github.com/killcheck/killcheck/analyzer/signal"
)

// StoredIn is [storesTo], which is asked once for each variable.
func (ev *Events) StoredIn(v ssa.Value) []ssa.Value {
	vs, ok := ev.held[v]
	if !ok {
		vs = code.StoresTo(v)
		ev.held[v] = vs
	}
	return vs
}

// EndErrorOf returns the variable that a call of the row returns once its handle
// is closed, or the empty string if that is not known.
func (ev *Events) EndErrorOf(c *ssa.CallCommon) string {
	fn := signal.Callee(c)
	if fn == nil || fn.Pkg() == nil {
		return ""
	}
	found := ""
	for _, e := range ev.Base.All() {
		if e.Effect == kb.EndError && strings.HasPrefix(e.Symbol, fn.Pkg().Path()+".") && ev.HasGo(e.Since) {
			if found != "" {
				return ""
			}
			found = e.Symbol
		}
	}
	return found
}

// Unwrapped returns what the value reads or writes, if it was made from that: the
// connection of a buffered reader.
func (ev *Events) Unwrapped(v ssa.Value) ssa.Value {
	for range 8 {
		switch x := v.(type) {
		case *ssa.MakeInterface:
			v = x.X
		case *ssa.ChangeInterface:
			v = x.X
		case *ssa.UnOp:
			a, ok := x.X.(*ssa.Alloc)
			if !ok {
				return v
			}
			vs := code.StoresTo(a)
			if len(vs) != 1 {
				return v
			}
			v = vs[0]
		case *ssa.Call:
			row, ok := signal.Entry(ev.Base, &x.Call)
			if !ok || row.Wraps.Where == kb.Nowhere {
				return v
			}
			v = program.PlaceOf(&x.Call, row.Wraps)
		default:
			return v
		}
	}
	return v
}

// Deadline returns the method of the handle that sets a deadline on the call: one
// for the direction of the call if there is one, or else the one for all.
func (ev *Events) Deadline(v ssa.Value, c *ssa.CallCommon) string {
	fn := signal.Callee(c)
	if v == nil || fn == nil {
		return ""
	}
	name := ""
	methods := types.NewMethodSet(v.Type())
	for m := range methods.Methods() {
		set, ok := m.Obj().(*types.Func)
		if !ok {
			continue
		}
		row, ok := ev.Base.Func(set)
		if !ok || len(row.Raise(kb.Deadline)) == 0 {
			continue
		}
		direction := strings.TrimSuffix(strings.TrimPrefix(set.Name(), "Set"), "Deadline")
		if direction != "" && !strings.HasPrefix(fn.Name(), direction) {
			continue
		}
		if name == "" || direction != "" {
			name = set.Name()
		}
	}
	return name
}
