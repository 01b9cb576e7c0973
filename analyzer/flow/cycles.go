package flow

import "golang.org/x/tools/go/ssa"

// Cycles returns the sets of blocks that control can go round in if it keeps to
// the blocks for which keep holds, each in block order. They are the strongly
// connected components, those that hold a single block without an edge to
// itself left out.
func (g *Graph) Cycles(keep func(*ssa.BasicBlock) bool) [][]*ssa.BasicBlock {
	return g.CyclesIn(g.Fn.Blocks, keep)
}

// CyclesIn is Cycles for those of the blocks for which keep holds; it holds for no
// others.
func (g *Graph) CyclesIn(within []*ssa.BasicBlock, keep func(*ssa.BasicBlock) bool) [][]*ssa.BasicBlock {
	succs := make([][]*ssa.BasicBlock, len(g.succs))
	var blocks []*ssa.BasicBlock
	for _, b := range within {
		if !g.reach[b.Index] || !keep(b) {
			continue
		}
		blocks = append(blocks, b)
		for _, s := range g.succs[b.Index] {
			if keep(s) {
				succs[b.Index] = append(succs[b.Index], s)
			}
		}
	}
	var cycles [][]*ssa.BasicBlock
	for _, comp := range tarjan(blocks, succs) {
		if len(comp) > 1 || selfEdge(comp[0], succs) {
			cycles = append(cycles, comp)
		}
	}
	return cycles
}

func selfEdge(b *ssa.BasicBlock, succs [][]*ssa.BasicBlock) bool {
	for _, s := range succs[b.Index] {
		if s == b {
			return true
		}
	}
	return false
}
