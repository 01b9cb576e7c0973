package flow

import (
	"go/token"

	"golang.org/x/tools/go/ssa"

	"github.com/killcheck/killcheck/analyzer/code"
)

// FirstReturn returns the first return that control comes to from behind the
// instruction after, or from the start of b, without passing one of those in
// stop.
func FirstReturn(graph *Graph, b *ssa.BasicBlock, after ssa.Instruction, stop map[ssa.Instruction]bool) *ssa.Return {
	seen := make(map[*ssa.BasicBlock]bool)
	work := []*ssa.BasicBlock{b}
	known := lasting(graph, b)
	for first := true; len(work) > 0; first = false {
		b := work[len(work)-1]
		work = work[:len(work)-1]
		passing := first && after != nil
		blocked := false
		for _, in := range b.Instrs {
			if passing {
				passing = in != after
				continue
			}
			if stop[in] || in == graph.StopsAt(b) {
				blocked = true
				break
			}
			if r, ok := in.(*ssa.Return); ok {
				return r
			}
		}
		if blocked {
			continue
		}
		for _, s := range graph.Succs(b) {
			if !seen[s] && !impossible(known, b, s, stop) {
				seen[s] = true
				work = append(work, s)
			}
		}
	}
	return nil
}

// lasting returns the conditions that hold in the block and stay as they are.
func lasting(graph *Graph, b *ssa.BasicBlock) map[ssa.Value]bool {
	known := HoldsAt(b)
	for _, l := range graph.Around(b) {
		for cond := range known {
			if in, ok := cond.(ssa.Instruction); ok && l.Has(in.Block()) {
				delete(known, cond)
			}
		}
	}
	return known
}

// impossible reports whether control does not go from b to the successor, by what
// is known, or as it would do so only where what one of the calls runs is nil.
func impossible(known map[ssa.Value]bool, b, to *ssa.BasicBlock, calls map[ssa.Instruction]bool) bool {
	cond := Condition(b)
	if cond == nil || b.Succs[0] == b.Succs[1] {
		return false
	}
	holds := b.Succs[0] == to
	for k, v := range known {
		if (k == cond || Same(k, cond)) && v != holds {
			return true
		}
	}
	tested, ifNil := code.NilTest(cond)
	if tested == nil || ifNil != holds {
		return false
	}
	for in := range calls {
		c, ok := in.(ssa.CallInstruction)
		if ok && !c.Common().IsInvoke() && sameLoad(c.Common().Value, tested) {
			return true
		}
	}
	return false
}

// sameLoad reports whether the values are one, or read from one place.
func sameLoad(a, b ssa.Value) bool {
	x, ok := a.(*ssa.UnOp)
	y, ok2 := b.(*ssa.UnOp)
	return a == b || ok && ok2 && x.Op == token.MUL && y.Op == token.MUL && x.X == y.X
}

// Reaches reports whether control can come from behind the instruction after, or from
// the start of b, to one of those in to without passing one that stops it.
func Reaches(graph *Graph, b *ssa.BasicBlock, after ssa.Instruction, to map[ssa.Instruction]bool, stops func(ssa.Instruction) bool) bool {
	seen := make(map[*ssa.BasicBlock]bool)
	work := []*ssa.BasicBlock{b}
	for first := true; len(work) > 0; first = false {
		b := work[len(work)-1]
		work = work[:len(work)-1]
		passing, blocked := first && after != nil, false
		for _, in := range b.Instrs {
			if passing {
				passing = in != after
				continue
			}
			if to[in] {
				return true
			}
			if stops(in) || in == graph.StopsAt(b) {
				blocked = true
				break
			}
		}
		if blocked {
			continue
		}
		for _, s := range graph.Succs(b) {
			if !seen[s] {
				seen[s] = true
				work = append(work, s)
			}
		}
	}
	return false
}
