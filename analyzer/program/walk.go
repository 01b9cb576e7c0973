package program

import (
	"slices"

	"golang.org/x/tools/go/ssa"

	"github.com/killcheck/killcheck/analyzer/flow"
)

// longBlock is the number of instructions from which on a block is numbered.
const longBlock = 64

// Precedes is [precedes] without a search in a long block.
func (prog *Program) Precedes(a, b ssa.Instruction) bool {
	if a.Block() != b.Block() {
		return flow.Precedes(a, b)
	}
	return prog.Number(a) < prog.Number(b)
}

// Number returns the place of the instruction in its block.
func (prog *Program) Number(in ssa.Instruction) int {
	block := in.Block()
	if len(block.Instrs) < longBlock {
		return slices.Index(block.Instrs, in)
	}
	at := prog.numbers[block]
	if at == nil {
		at = make(map[ssa.Instruction]int, len(block.Instrs))
		for i, in := range block.Instrs {
			at[in] = i
		}
		prog.numbers[block] = at
	}
	return at[in]
}
