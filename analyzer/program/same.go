package program

import (
	"go/token"

	"golang.org/x/tools/go/ssa"

	"github.com/killcheck/killcheck/analyzer/code"
)

// Origin follows v back through variables that are assigned once, captures and
// conversions.
func (prog *Program) Origin(v ssa.Value) ssa.Value {
	for range 16 {
		switch x := v.(type) {
		case *ssa.ChangeType:
			v = x.X
		case *ssa.ChangeInterface:
			v = x.X
		case *ssa.MakeInterface:
			v = x.X
		case *ssa.FreeVar:
			b := code.Binding(x)
			if b == nil {
				return v
			}
			v = b
		case *ssa.UnOp:
			if x.Op != token.MUL {
				return v
			}
			cell, _ := prog.Cell(x.X, nil)
			if cell == nil {
				return v
			}
			s := prog.OnlyStored(cell)
			if s == nil {
				return v
			}
			v = s
		default:
			return v
		}
	}
	return v
}

// Param returns the parameter that v is, through variables that are assigned
// once, captures and conversions, or nil.
func (prog *Program) Param(v ssa.Value) *ssa.Parameter {
	p, _ := prog.Origin(v).(*ssa.Parameter)
	return p
}

// SurelySame reports whether two values of one function are surely the same channel,
// or handle: one value, or a field of one object that the function does not set. The
// object may be kept in a variable that gets one value only, or in such a field.
func (prog *Program) SurelySame(a, b ssa.Value) bool {
	if a == b {
		return true
	}
	x, ok := a.(*ssa.UnOp)
	y, ok2 := b.(*ssa.UnOp)
	if !ok || !ok2 || x.Op != token.MUL || y.Op != token.MUL {
		return false
	}
	f, ok := x.X.(*ssa.FieldAddr)
	g, ok2 := y.X.(*ssa.FieldAddr)
	if !ok || !ok2 || f.Field != g.Field || prog.Origin(f.X) != prog.Origin(g.X) && !prog.SurelySame(f.X, g.X) {
		return false
	}
	for _, b := range f.Parent().Blocks {
		for _, in := range b.Instrs {
			if s, ok := in.(*ssa.Store); ok && code.SameCell(s.Addr, f) {
				return false
			}
		}
	}
	return true
}
