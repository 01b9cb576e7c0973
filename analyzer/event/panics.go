package event

import (
	"slices"

	"golang.org/x/tools/go/ssa"

	"github.com/killcheck/killcheck/analyzer/code"
)

// Panics reports whether something in the blocks may lead to a panic that stands in the
// package. What a callee recovers does not count, unless it panics again.
func (ev *Events) Panics(blocks []*ssa.BasicBlock) bool {
	if ev.panicking == nil {
		ev.findPanics()
	}
	return ev.panics(blocks)
}

// findPanics finds the functions that may panic, to a fixpoint.
func (ev *Events) findPanics() {
	ev.panicking = make(map[*ssa.Function]bool)
	callers := make(map[*ssa.Function][]*ssa.Function)
	var work []*ssa.Function
	for _, fn := range ev.Functions {
		if keepsPanics(fn) {
			continue
		}
		for _, b := range fn.Blocks {
			for _, in := range b.Instrs {
				if c, ok := in.(*ssa.Call); ok && c.Call.StaticCallee() != nil {
					callers[c.Call.StaticCallee()] = append(callers[c.Call.StaticCallee()], fn)
				}
			}
		}
		if ev.panics(fn.Blocks) {
			work = append(work, fn)
		}
	}
	for len(work) > 0 {
		fn := work[len(work)-1]
		work = work[:len(work)-1]
		if !ev.panicking[fn] {
			ev.panicking[fn] = true
			work = append(work, callers[fn]...)
		}
	}
}

// panics reports whether the blocks hold a panic that is written there, or a call of a
// function that may panic. That of a select which no case matches has no position.
func (ev *Events) panics(blocks []*ssa.BasicBlock) bool {
	for _, b := range blocks {
		for _, in := range b.Instrs {
			switch in := in.(type) {
			case *ssa.Panic:
				if in.Pos().IsValid() {
					return true
				}
			case *ssa.Call:
				if ev.panicking[in.Call.StaticCallee()] {
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
		if code.CallsRecover(by) {
			return true
		}
	}
	return false
}
