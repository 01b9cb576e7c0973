package lock

import (
	"golang.org/x/tools/go/ssa"

	"github.com/killcheck/killcheck/analyzer/program"
)

// Exclude reports whether control cannot be at both instructions at one time: a
// lock of one class is held at each, by the functions themselves or by all of
// their callers.
func (l *Locker) Exclude(a, b ssa.Instruction) bool {
	others := l.always(b, 3)
	for class, write := range l.always(a, 3) {
		if other, ok := others[class]; ok && (write || other) {
			return true
		}
	}
	return false
}

// always returns the known locks that are held whenever control is at the
// instruction, and whether they are held for writing.
func (l *Locker) always(in ssa.Instruction, depth int) map[program.LockClass]bool {
	held := make(map[program.LockClass]bool)
	for _, k := range l.At(in) {
		if k.Class.Known() {
			held[k.Class] = held[k.Class] || !k.Read
		}
	}
	calls, open := l.Callers(in.Parent())
	if open || len(calls) == 0 || depth == 0 {
		return held
	}
	var all map[program.LockClass]bool // held by every caller
	for i, c := range calls {
		if _, isGo := c.(*ssa.Go); isGo || c.Parent() == in.Parent() {
			return held
		}
		of := l.always(c, depth-1)
		if i == 0 {
			all = of
		}
		for class, write := range all {
			other, ok := of[class]
			if !ok {
				delete(all, class)
			} else {
				all[class] = write && other
			}
		}
	}
	for class, write := range all {
		held[class] = held[class] || write
	}
	return held
}
