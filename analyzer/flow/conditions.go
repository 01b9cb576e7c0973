package flow

import (
	"go/token"
	"go/types"

	"golang.org/x/tools/go/ssa"

	"github.com/killcheck/killcheck/analyzer/code"
)

// NilChannel reports whether the condition compares a channel with nil.
func NilChannel(cond ssa.Value) bool {
	cmp, ok := cond.(*ssa.BinOp)
	if !ok {
		return false
	}
	_, ok = cmp.X.Type().Underlying().(*types.Chan)
	return ok
}

// MadeAt reports whether control is at b only where the channel has been found not
// to be nil.
func MadeAt(ch ssa.Value, b *ssa.BasicBlock) bool {
	for cond, holds := range HoldsAt(b) {
		if tested, ifNil := code.NilTest(cond); tested != nil && ifNil != holds && Same(tested, ch) {
			return true
		}
	}
	return false
}

// Outer reports whether a condition is computed from nothing but captured
// variables, parameters and constants.
func Outer(v ssa.Value, depth int) bool {
	if depth == 0 {
		return false
	}
	switch v := v.(type) {
	case *ssa.FreeVar, *ssa.Parameter, *ssa.Global:
		return true
	case *ssa.UnOp:
		return v.Op.String() != "<-" && Outer(v.X, depth-1)
	case *ssa.BinOp:
		_, xc := v.X.(*ssa.Const)
		_, yc := v.Y.(*ssa.Const)
		return (xc || Outer(v.X, depth-1)) && (yc || Outer(v.Y, depth-1))
	case *ssa.FieldAddr:
		return Outer(v.X, depth-1)
	case *ssa.Field:
		return Outer(v.X, depth-1)
	}
	return false
}

// Same reports whether two conditions have the same value: loads of the same
// variable, or the same comparison of the same values.
func Same(a, b ssa.Value) bool {
	if a == b {
		return true
	}
	switch a := a.(type) {
	case *ssa.UnOp:
		b, ok := b.(*ssa.UnOp)
		return ok && a.Op == b.Op && a.Op != token.ARROW && Same(a.X, b.X)
	case *ssa.BinOp:
		b, ok := b.(*ssa.BinOp)
		return ok && a.Op == b.Op && Same(a.X, b.X) && Same(a.Y, b.Y)
	case *ssa.FieldAddr:
		b, ok := b.(*ssa.FieldAddr)
		return ok && a.Field == b.Field && Same(a.X, b.X)
	case *ssa.IndexAddr:
		b, ok := b.(*ssa.IndexAddr)
		return ok && Same(a.X, b.X) && Same(a.Index, b.Index)
	case *ssa.Const:
		b, ok := b.(*ssa.Const)
		return ok && a.String() == b.String()
	case *ssa.Call:
		b, ok := b.(*ssa.Call)
		if !ok || len(a.Call.Args) != len(b.Call.Args) || a.Call.Value != b.Call.Value {
			return false
		}
		bi, ok := a.Call.Value.(*ssa.Builtin)
		return ok && bi.Name() == "len" && Same(a.Call.Args[0], b.Call.Args[0])
	}
	return false
}

// Opposite reports whether one condition holds where the other does not: one compares
// the same values to be equal, the other to differ.
func Opposite(a, b ssa.Value) bool {
	x, ok := a.(*ssa.BinOp)
	y, ok2 := b.(*ssa.BinOp)
	if !ok || !ok2 || x.Op == y.Op {
		return false
	}
	equal := func(op token.Token) bool { return op == token.EQL || op == token.NEQ }
	return equal(x.Op) && equal(y.Op) && Same(x.X, y.X) && Same(x.Y, y.Y)
}

// HoldsAt returns the conditions that hold whenever control is at b.
func HoldsAt(b *ssa.BasicBlock) map[ssa.Value]bool {
	known := make(map[ssa.Value]bool)
	for x := b; x.Idom() != nil; x = x.Idom() {
		d := x.Idom()
		cond := Condition(d)
		if cond == nil || len(x.Preds) != 1 || x.Preds[0] != d {
			continue
		}
		known[cond] = d.Succs[0] == x
	}
	return known
}

// OnlyIfSet reports whether the instruction is done only if a variable that
// others see, a flag, has or has not been set: those who wait may have seen to
// it.
func OnlyIfSet(in ssa.Instruction) bool {
	for cond := range HoldsAt(in.Block()) {
		if not, ok := cond.(*ssa.UnOp); ok && not.Op == token.NOT {
			cond = not.X
		}
		load, ok := cond.(*ssa.UnOp)
		if !ok || load.Op != token.MUL {
			continue
		}
		switch load.X.(type) {
		case *ssa.Global, *ssa.FieldAddr:
			return true
		}
	}
	return false
}

// IfSet reports whether the send is done only where its channel is known not to be
// nil: somebody must have set it.
func IfSet(s *ssa.Send) bool {
	for cond, holds := range HoldsAt(s.Block()) {
		if tested, ifNil := code.NilTest(cond); tested != nil && ifNil != holds && Same(tested, s.Chan) {
			return true
		}
	}
	return false
}

// Positive strips the negations of a condition.
func Positive(cond ssa.Value) (ssa.Value, bool) {
	want := true
	for {
		u, ok := cond.(*ssa.UnOp)
		if !ok || u.Op != token.NOT {
			return cond, want
		}
		cond, want = u.X, !want
	}
}

// FindsRoom reports whether the send is done only where the channel was found to hold less
// than some number, as its room.
func FindsRoom(s *ssa.Send) bool {
	for cond, holds := range HoldsAt(s.Block()) {
		cmp, ok := cond.(*ssa.BinOp)
		if !ok {
			continue
		}
		if of := code.LenOf(cmp.X); of == nil || !Same(of, s.Chan) {
			continue
		}
		n, isConst := cmp.Y.(*ssa.Const)
		zero := isConst && n.Value != nil && n.Int64() == 0
		switch cmp.Op {
		case token.LSS:
			if holds {
				return true
			}
		case token.GEQ:
			if !holds {
				return true
			}
		case token.EQL, token.LEQ:
			if holds && (zero || cmp.Op == token.LEQ) {
				return true
			}
		case token.NEQ, token.GTR:
			if !holds && (zero || cmp.Op == token.GTR) {
				return true
			}
		}
	}
	return false
}
