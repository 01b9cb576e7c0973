package flow

import (
	"slices"

	"golang.org/x/tools/go/ssa"
)

func sortBlocks(bs []*ssa.BasicBlock) {
	slices.SortFunc(bs, func(a, b *ssa.BasicBlock) int { return a.Index - b.Index })
}

func sortComps(cs [][]*ssa.BasicBlock) {
	slices.SortFunc(cs, func(a, b []*ssa.BasicBlock) int { return a[0].Index - b[0].Index })
}
