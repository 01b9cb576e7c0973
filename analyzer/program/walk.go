package program

import (
	"golang.org/x/tools/go/ssa"

	"github.com/killcheck/killcheck/analyzer/flow"
)

// Precedes is [flow.Precedes] without a search in a long block.
func (prog *Program) Precedes(a, b ssa.Instruction) bool {
	if a.Block() != b.Block() {
		return flow.Precedes(a, b)
	}
	return prog.Number(a) < prog.Number(b)
}

// Number returns the place of the instruction in its block.
func (prog *Program) Number(in ssa.Instruction) int { return prog.places.Of(in) }

// PastEnum reports whether the block is the last comparison with the constants of a
// type: control does not come past all.
func (prog *Program) PastEnum(b *ssa.BasicBlock) bool { return prog.enums.Past(b) }
