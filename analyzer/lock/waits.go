package lock

import (
	"golang.org/x/tools/go/ssa"
)

// Locks reports whether fn itself takes a lock.
func (l *Locker) Locks(fn *ssa.Function) bool {
	for _, b := range fn.Blocks {
		for _, in := range b.Instrs {
			if op, ok := l.Ev.LockCall(in); ok && op.Takes() {
				return true
			}
		}
	}
	return false
}

// Matters reports whether fn or what it calls waits or takes a lock.
func (l *Locker) Matters(fn *ssa.Function) bool {
	if l.waits == nil {
		l.waits = l.waiting()
	}
	return l.waits[fn]
}

// waiting returns the functions that wait or take a lock, and those that call
// such functions.
func (l *Locker) waiting() map[*ssa.Function]bool {
	set := make(map[*ssa.Function]bool)
	callers := make(map[*ssa.Function][]*ssa.Function)
	var work []*ssa.Function
	for _, fn := range l.Ev.Functions {
		for _, b := range fn.Blocks {
			for _, in := range b.Instrs {
				if _, isLock := l.Ev.LockCall(in); isLock || l.Ev.WaitOf(in) != nil {
					work = append(work, fn)
				}
				if c, ok := in.(ssa.CallInstruction); ok {
					for _, f := range l.Runs(c) {
						callers[f] = append(callers[f], fn)
					}
				}
			}
		}
	}
	for len(work) > 0 {
		fn := work[len(work)-1]
		work = work[:len(work)-1]
		if !set[fn] {
			set[fn] = true
			work = append(work, callers[fn]...)
		}
	}
	return set
}
