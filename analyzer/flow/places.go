package flow

import (
	"slices"

	"golang.org/x/tools/go/ssa"
)

// Places are the places of instructions in their blocks. A long block is numbered
// once, when it is first asked about.
type Places map[*ssa.BasicBlock]map[ssa.Instruction]int

// longBlock is the number of instructions from which on a block is numbered.
const longBlock = 64

// Of returns the place of the instruction in its block.
func (p Places) Of(in ssa.Instruction) int {
	block := in.Block()
	if len(block.Instrs) < longBlock {
		return slices.Index(block.Instrs, in)
	}
	at := p[block]
	if at == nil {
		at = make(map[ssa.Instruction]int, len(block.Instrs))
		for i, in := range block.Instrs {
			at[in] = i
		}
		p[block] = at
	}
	return at[in]
}
