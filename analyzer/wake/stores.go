package wake

import (
	"go/constant"

	"golang.org/x/tools/go/ssa"

	"github.com/killcheck/killcheck/analyzer/code"
	"github.com/killcheck/killcheck/analyzer/kb"
	"github.com/killcheck/killcheck/analyzer/program"
	"github.com/killcheck/killcheck/analyzer/signal"
)

// Flag returns the wake by a flag that is to become true, or false.
func (m *Wakes) Flag(at Spot, load ssa.Instruction, addr ssa.Value, holds bool) []Wake {
	return m.Stored(at, load, addr, &holds)
}

// Stored returns the wake by a store to the flag at the address, of the value if
// one is given.
func (m *Wakes) Stored(at Spot, load ssa.Instruction, addr ssa.Value, value *bool) []Wake {
	name := m.conditionText(load.(ssa.Value))
	if p := m.Param(addr); p != nil {
		if value == nil || !*value {
			return nil
		}
		return []Wake{{Action: ByStore, Param: p, Name: name, Stop: true}}
	}
	k, ok := m.storing(at, addr, name, value)
	if !ok {
		return nil
	}
	return []Wake{k}
}

// storing is stored for a flag that is a field or variable. It is not ok if the
// function itself alone stores to it, or if it is not known.
func (m *Wakes) storing(at Spot, addr ssa.Value, name string, value *bool) (k Wake, ok bool) {
	key := m.flagKey(addr)
	if key == nil {
		return Wake{}, false
	}
	if m.stores == nil {
		m.findStores()
	}
	k = Wake{Action: ByStore, Name: name, Level: Never, Why: NobodyDoes, At: at.Pos, Stop: true}
	own := false
	for _, s := range m.stores[key] {
		if value != nil && s.value != nil && *s.value != *value {
			continue
		}
		if s.in.Parent() == at.Fn {
			own = true
			continue
		}
		if m.DeadFor(s.in.Parent(), at.Fn) {
			continue
		}
		k.Level, k.Why = Surely, NoReason
		k.Who = append(k.Who, s.in)
	}
	if k.Level == Never && own {
		return Wake{}, false // the loop's own
	}
	u := m.FlagUses(addr)
	switch {
	case u == nil || u.Open:
		if k.Level == Never {
			k.Level, k.Why = Unclear, NotSeen
		}
	case len(u.Stores) > 0 && value != nil && *value:
		if made := m.madeAt(addr); made != nil {
			k.Of = &Object{made, u.Stores}
		}
		if k.Level == Never {
			k.Level = Unclear
		}
	case len(u.Stores) > 0 && k.Level == Never:
		k.Level, k.Why = Unclear, NotSeen
	}
	return k, true
}

// madeAt returns the one instruction that makes the variable at the address, or the
// object whose field that is; or nil.
func (m *Wakes) madeAt(addr ssa.Value) ssa.Instruction {
	if cell, _ := m.Cell(addr, nil); cell != nil {
		return cell
	}
	f, ok := addr.(*ssa.FieldAddr)
	if !ok {
		return nil
	}
	if a := m.OnlyMade(code.TypeName(f.X.Type())); a != nil {
		return a
	}
	return nil
}

// A flagStore is a store to a flag.
type flagStore struct {
	in    ssa.Instruction
	value *bool // nil if it is not a constant
}

// storeOf returns the store of v that the instruction does.
func storeOf(in ssa.Instruction, v ssa.Value) flagStore {
	s := flagStore{in: in}
	if k, ok := v.(*ssa.Const); ok && k.Value != nil && k.Value.Kind() == constant.Bool {
		b := constant.BoolVal(k.Value)
		s.value = &b
	}
	return s
}

// flagKey identifies a flag: a field of a type of the package, or a variable.
func (m *Wakes) flagKey(addr ssa.Value) any {
	switch a := addr.(type) {
	case *ssa.FieldAddr:
		if n := code.TypeName(a.X.Type()); n != nil && n.Pkg() == m.Pkg {
			return program.FieldKey{Typ: n, Index: a.Field}
		}
	case *ssa.Global:
		return a
	case *ssa.Alloc, *ssa.FreeVar:
		if cell, _ := m.Cell(a, nil); cell != nil {
			return cell
		}
	}
	return nil
}

// findStores collects the stores to flags, but for those that make an object.
func (m *Wakes) findStores() {
	m.stores = make(map[any][]flagStore)
	add := func(addr ssa.Value, s flagStore) {
		if f, ok := addr.(*ssa.FieldAddr); ok {
			if _, fresh := f.X.(*ssa.Alloc); fresh {
				return
			}
		}
		if key := m.flagKey(addr); key != nil {
			m.stores[key] = append(m.stores[key], s)
		}
	}
	for _, fn := range m.Functions {
		if !m.Graph.Live(fn) {
			continue
		}
		for _, b := range fn.Blocks {
			for _, in := range b.Instrs {
				switch in := in.(type) {
				case *ssa.Store:
					if !code.IsBool(in.Val.Type()) {
						continue
					}
					add(in.Addr, storeOf(in, in.Val))
				case ssa.CallInstruction:
					e, ok := signal.Entry(m.Base, in.Common())
					if !ok || e.Effect != kb.FlagStore || len(in.Common().Args) == 0 {
						continue
					}
					args := in.Common().Args
					add(args[0], storeOf(in, args[len(args)-1]))
				}
			}
		}
	}
}

// conditionText names what a condition asks.
func (m *Wakes) conditionText(v ssa.Value) string {
	for range 4 {
		switch x := v.(type) {
		case *ssa.Call:
			return m.Syn.Callee(x.Pos()) + "()"
		case *ssa.BinOp:
			v = x.X
		case *ssa.UnOp:
			switch a := x.X.(type) {
			case *ssa.FieldAddr:
				return code.FieldName(a.X.Type(), a.Field)
			case *ssa.Global:
				return a.Name()
			case *ssa.FreeVar:
				return a.Name()
			case *ssa.Alloc:
				return a.Comment
			}
			v = x.X
		case *ssa.Extract:
			v = x.Tuple
		}
	}
	return "a flag"
}
