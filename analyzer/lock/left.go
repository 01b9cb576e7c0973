package lock

import (
	"go/token"
	"slices"

	"golang.org/x/tools/go/ssa"

	"github.com/killcheck/killcheck/analyzer/code"
	"github.com/killcheck/killcheck/analyzer/program"
)

// A Left is a lock that is still held where a function returns, and which another
// path of it gives back.
type Left struct {
	Name     string    // of the lock
	Pos, End token.Pos // the return
	Take     token.Pos // the call that takes it
	Give     token.Pos // a call that gives it back; invalid if that is not one of the function
}

// LeftOnStop returns the locks that fn leaves held where it returns on a stop. What a
// deferred call does to locks is not followed: then there are none.
func (l *Locker) LeftOnStop(fn *ssa.Function) []Left {
	edges := l.Ev.StopEdges(fn)
	if len(edges) == 0 {
		return nil
	}
	for d := range code.Defers(fn) {
		if _, ok := l.Ev.LockCall(d); ok || l.mayUnlock(d) {
			return nil
		}
	}
	given := l.gives(fn)
	if len(given) == 0 {
		return nil
	}
	var all []Left
	for _, e := range edges {
		for _, r := range l.Ev.Leaves(e, nil) {
			for _, k := range l.At(r) {
				if give := given[k.Place]; give != nil && k.By.Block().Dominates(e.To) {
					pos, end := l.Ev.ReturnSpan(r)
					all = append(all, Left{l.Ev.LockText(k.By), pos, end, k.By.Pos(), give.Pos()})
				}
			}
		}
	}
	return all
}

// gives returns a call that gives back a lock for each that fn takes first. One that it
// gives back without having taken it is its caller's, and is held at the end as well.
func (l *Locker) gives(fn *ssa.Function) map[program.Place]ssa.Instruction {
	taken, given := make(map[program.Place][]ssa.Instruction), make(map[program.Place][]ssa.Instruction)
	for _, b := range fn.Blocks {
		for _, in := range b.Instrs {
			if op, ok := l.Ev.LockCall(in); ok {
				at, calls := l.Ev.Place(op.On, nil), given
				if op.Takes() {
					calls = taken
				}
				calls[at] = append(calls[at], in)
			}
		}
	}
	own := make(map[program.Place]ssa.Instruction)
	for at, gives := range given {
		callers := slices.ContainsFunc(gives, func(give ssa.Instruction) bool {
			return !slices.ContainsFunc(taken[at], func(take ssa.Instruction) bool { return l.Ev.Precedes(take, give) })
		})
		if !callers {
			own[at] = gives[len(gives)-1]
		}
	}
	return own
}

// mayUnlock reports whether the deferred function is not known, or gives back
// locks.
func (l *Locker) mayUnlock(in *ssa.Defer) bool {
	fns, open := l.Ev.Graph.Callees(in)
	if open && in.Call.StaticCallee() == nil {
		return true
	}
	for _, fn := range fns {
		for _, b := range fn.Blocks {
			for _, x := range b.Instrs {
				if op, ok := l.Ev.LockCall(x); ok && !op.Takes() {
					return true
				}
			}
		}
	}
	return false
}
