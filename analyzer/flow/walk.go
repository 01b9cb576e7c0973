package flow

import (
	"slices"

	"golang.org/x/tools/go/ssa"
)

// MayPrecede reports whether control can go from a to b without passing through
// the block that makes the channel.
func MayPrecede(a, b ssa.Instruction, made *ssa.BasicBlock) bool {
	if a.Block() == b.Block() && Precedes(a, b) {
		return true
	}
	edges := func(b *ssa.BasicBlock) []*ssa.BasicBlock { return b.Succs }
	return slices.ContainsFunc(a.Block().Succs, func(s *ssa.BasicBlock) bool { return ComesTo(s, b.Block(), made, edges) })
}

// Passes reports whether every run of fn goes through the wait before it comes
// to the instruction to, or, if that is nil, before it returns.
func Passes(fn *ssa.Function, wait, to ssa.Instruction, depth int) bool {
	for _, b := range fn.Blocks {
		for _, in := range b.Instrs {
			if in != wait {
				c, ok := in.(*ssa.Call)
				if !ok || depth == 0 || c.Call.StaticCallee() == nil || !Passes(c.Call.StaticCallee(), wait, nil, depth-1) {
					continue
				}
			}
			if to != nil && Precedes(in, to) || to == nil && beforeReturns(in) {
				return true
			}
		}
	}
	return false
}

func beforeReturns(in ssa.Instruction) bool {
	for _, b := range in.Parent().Blocks {
		if r, ok := b.Instrs[len(b.Instrs)-1].(*ssa.Return); ok && !Precedes(in, r) {
			return false
		}
	}
	return true
}

// Precedes reports whether a has been done whenever control is at b.
func Precedes(a, b ssa.Instruction) bool {
	if a.Block() != b.Block() {
		return a.Block().Dominates(b.Block())
	}
	return slices.Index(a.Block().Instrs, a) < slices.Index(b.Block().Instrs, b)
}

// ReturnsAfter reports whether a return can be reached from the instruction.
func ReturnsAfter(g *Graph, in ssa.Instruction) bool {
	seen := make(map[*ssa.BasicBlock]bool)
	work := []*ssa.BasicBlock{in.Block()}
	for len(work) > 0 {
		b := work[len(work)-1]
		work = work[:len(work)-1]
		if g.StopsAt(b) != nil {
			continue
		}
		if _, ok := b.Instrs[len(b.Instrs)-1].(*ssa.Return); ok {
			return true
		}
		for _, s := range g.Succs(b) {
			if !seen[s] {
				seen[s] = true
				work = append(work, s)
			}
		}
	}
	return false
}

// LeadsTo reports whether control can come from behind a to b. What is deferred
// runs at the end.
func LeadsTo(g *Graph, a, b ssa.Instruction) bool {
	if _, ok := b.(*ssa.Defer); ok {
		return ReturnsAfter(g, a) && g.Executes(b)
	}
	if a.Block() == b.Block() && g.places.Of(a) < g.places.Of(b) {
		return true
	}
	seen := make(map[*ssa.BasicBlock]bool)
	work := []*ssa.BasicBlock{a.Block()}
	for len(work) > 0 {
		x := work[len(work)-1]
		work = work[:len(work)-1]
		for _, s := range g.Succs(x) {
			if s == b.Block() {
				return true
			}
			if !seen[s] {
				seen[s] = true
				work = append(work, s)
			}
		}
	}
	return false
}

// ComesTo reports whether control can come from one block to another by the
// edges that succs gives, without passing through the block without.
func ComesTo(from, to, without *ssa.BasicBlock, succs func(*ssa.BasicBlock) []*ssa.BasicBlock) bool {
	seen := map[*ssa.BasicBlock]bool{without: true}
	work := []*ssa.BasicBlock{from}
	for len(work) > 0 {
		b := work[len(work)-1]
		work = work[:len(work)-1]
		if seen[b] {
			continue
		}
		if b == to {
			return true
		}
		seen[b] = true
		work = append(work, succs(b)...)
	}
	return false
}
