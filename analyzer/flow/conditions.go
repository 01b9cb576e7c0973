package flow

import (
	"go/token"
	"go/types"
	"slices"

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
	for d, i := range edgesTo(b) {
		if cond := Condition(d); cond != nil {
			known[cond] = i == 0
		}
	}
	return known
}

// Chosen reports whether the instruction is done only where a comparison of plain values
// says so, and control goes on in any case: whether that can come, together with all else, is
// not known. Whether there is a channel is told otherwise. Errors, answers of calls, what a
// receive or a loop gives and the case of a select come as they like; and where the function
// leaves otherwise, this is its usual way.
func Chosen(in ssa.Instruction) bool {
	for at, i := range edgesTo(in.Block()) {
		cmp, ok := Condition(at).(*ssa.BinOp)
		if !ok || code.IsError(cmp.X.Type()) || ofSelect(cmp.X) || NilChannel(cmp) || code.IsRecover(cmp.X) || headsLoop(at) {
			continue
		}
		if i == 0 || !leavesApart(at) {
			return true
		}
	}
	return false
}

// WithoutSome reports whether the instruction is done only where something is nil that is no
// error: what is there elsewhere mostly is there here as well. What holds at an earlier place
// already, if that is in the function, is not asked.
func WithoutSome(in, earlier ssa.Instruction) bool {
	var before map[ssa.Value]bool
	if earlier != nil && earlier.Parent() == in.Parent() {
		before = HoldsAt(earlier.Block())
	}
	for cond, holds := range HoldsAt(in.Block()) {
		if _, known := before[cond]; known {
			continue
		}
		if tested, ifNil := code.NilTest(cond); tested != nil && ifNil == holds && !code.IsError(tested.Type()) {
			return true
		}
	}
	return false
}

// leavesApart reports whether control leaves the function or the round where the condition
// of the block holds, not coming to what follows where it does not.
func leavesApart(at *ssa.BasicBlock) bool {
	after := func(b *ssa.BasicBlock) map[*ssa.BasicBlock]bool {
		seen := make(map[*ssa.BasicBlock]bool)
		for work := []*ssa.BasicBlock{b}; len(work) > 0; {
			b, work = work[len(work)-1], work[:len(work)-1]
			if !seen[b] && !b.Dominates(at) {
				seen[b] = true
				work = append(work, b.Succs...)
			}
		}
		return seen
	}
	others := after(at.Succs[1])
	for b := range after(at.Succs[0]) {
		if others[b] {
			return false
		}
	}
	return true
}

// ofSelect reports whether the value says which case of a select is ready.
func ofSelect(v ssa.Value) bool {
	e, ok := v.(*ssa.Extract)
	if !ok {
		return false
	}
	_, ok = e.Tuple.(*ssa.Select)
	return ok
}

// headsLoop reports whether a loop comes back to the block: its condition is that of the loop.
func headsLoop(b *ssa.BasicBlock) bool { return slices.ContainsFunc(b.Preds, b.Dominates) }

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

// FindsRoom reports whether the send is done only where the channel was found to be empty, or
// to hold less than it has room for, by a look for this send alone.
func (g *Graph) FindsRoom(s *ssa.Send) bool {
	for cond, holds := range HoldsAt(s.Block()) {
		of, op, to := LenTest(cond, holds)
		if of == nil || !Same(of, s.Chan) || op != token.LSS && op != token.EQL && op != token.LEQ {
			continue
		}
		room := isNumber(to, 0)
		if c, ok := to.(*ssa.Call); ok {
			bi, isBuiltin := c.Call.Value.(*ssa.Builtin)
			room = op == token.LSS && isBuiltin && bi.Name() == "cap" && Same(c.Call.Args[0], s.Chan)
		}
		look := cond.(*ssa.BinOp)
		if around := g.Around(s.Block()); len(around) > 0 && !around[len(around)-1].Has(look.Block()) {
			continue // it looks once for many sends
		}
		if room && !g.sendsBetween(look, s) {
			return true
		}
	}
	return false
}

// LenTest returns the value whose length the condition compares, how it does so where the
// condition holds or does not, and with what; or nil if it compares no length.
func LenTest(cond ssa.Value, holds bool) (of ssa.Value, op token.Token, to ssa.Value) {
	cmp, ok := cond.(*ssa.BinOp)
	if !ok {
		return nil, 0, nil
	}
	if of = code.LenOf(cmp.X); of == nil {
		return nil, 0, nil
	}
	if holds {
		return of, cmp.Op, cmp.Y
	}
	not := map[token.Token]token.Token{token.LSS: token.GEQ, token.GEQ: token.LSS, token.GTR: token.LEQ, token.LEQ: token.GTR, token.EQL: token.NEQ, token.NEQ: token.EQL}
	return of, not[cmp.Op], cmp.Y
}

// sendsBetween reports whether another send on the channel may come after the look.
func (g *Graph) sendsBetween(look ssa.Instruction, s *ssa.Send) bool {
	for _, b := range s.Parent().Blocks {
		for _, in := range b.Instrs {
			other, ok := in.(*ssa.Send)
			if ok && other != s && Same(other.Chan, s.Chan) && Reaches(g, look.Block(), look, map[ssa.Instruction]bool{other: true}, func(x ssa.Instruction) bool { return x == s || x == look }) {
				return true
			}
		}
	}
	return false
}
