package event

import (
	"slices"

	"golang.org/x/tools/go/ssa"

	"github.com/killcheck/killcheck/analyzer/code"
)

// panicDepth is how deep calls are followed to a panic.
const panicDepth = 5

// Panics reports whether something in the blocks may lead to a panic that stands in the
// package. What a callee recovers does not count, unless it panics again.
func (ev *Events) Panics(blocks []*ssa.BasicBlock) bool { return panics(blocks, panicDepth) }

func panics(blocks []*ssa.BasicBlock, depth int) bool {
	for _, b := range blocks {
		for _, in := range b.Instrs {
			switch in := in.(type) {
			case *ssa.Panic:
				return true
			case *ssa.Call:
				fn := in.Call.StaticCallee()
				if depth > 0 && fn != nil && !keepsPanics(fn) && panics(fn.Blocks, depth-1) {
					return true
				}
			}
		}
	}
	return false
}

// keepsPanics reports whether the function recovers from panics, and panics with none of
// them again.
func keepsPanics(fn *ssa.Function) bool {
	for d := range code.Defers(fn) {
		by := d.Call.StaticCallee()
		if by == nil || slices.ContainsFunc(by.Blocks, func(b *ssa.BasicBlock) bool {
			_, again := b.Instrs[len(b.Instrs)-1].(*ssa.Panic)
			return again
		}) {
			continue
		}
		for _, b := range by.Blocks {
			for _, in := range b.Instrs {
				if c, ok := in.(*ssa.Call); ok {
					if bi, ok := c.Call.Value.(*ssa.Builtin); ok && bi.Name() == "recover" {
						return true
					}
				}
			}
		}
	}
	return false
}
