package lock

import (
	"go/types"
	"slices"

	"golang.org/x/tools/go/ssa"

	"github.com/killcheck/killcheck/analyzer/code"
	"github.com/killcheck/killcheck/analyzer/program"
)

// Loose reports whether code that is not followed may work on a lock of the class:
// one of them is handed on, its method is kept as a value, or other packages can
// name it.
func (l *Locker) Loose(class program.LockClass) bool {
	return !class.Known() || l.named(class) || l.uses()[class] != kept
}

// GivenOn reports whether the address of a lock of the class is given to somebody
// who may give the lock back at any time: a function, a field, an interface. A
// condition variable gives back what it has taken.
func (l *Locker) GivenOn(class program.LockClass) bool {
	return !class.Known() || l.uses()[class] == givenOn
}

// A use says to whom locks are handed.
type use int8

const (
	kept    use = iota // to nobody
	called             // to a condition variable, or its method is a value: who has that on a path is followed
	givenOn            // to others
)

// uses returns the locks that are handed to somebody.
func (l *Locker) uses() map[program.LockClass]use {
	if l.loose == nil {
		l.loose = make(map[program.LockClass]use)
		kinds := l.kinds()
		for _, fn := range l.Ev.Functions {
			for _, b := range fn.Blocks {
				for _, in := range b.Instrs {
					l.note(in, kinds)
				}
			}
		}
	}
	return l.loose
}

// named reports whether other packages can name a lock of the class.
func (l *Locker) named(class program.LockClass) bool {
	if l.Ev.Pkg.Name() == "main" {
		return false
	}
	if g, ok := class.Root.(*ssa.Global); ok {
		return g.Object() != nil && g.Object().Exported()
	}
	return class.Owner != nil && class.Owner.Exported() && len(class.Path) > 1 && code.IsUpper(class.Path[1])
}

// kinds returns the types of locks that the package takes.
func (l *Locker) kinds() map[*types.TypeName]bool {
	kinds := make(map[*types.TypeName]bool)
	for _, fn := range l.Ev.Functions {
		for _, b := range fn.Blocks {
			for _, in := range b.Instrs {
				if op, ok := l.Ev.LockCall(in); ok {
					if n := code.TypeName(op.On.Type()); n != nil {
						kinds[n] = true
					}
				}
			}
		}
	}
	return kinds
}

// note notes the locks whose address the instruction hands on.
func (l *Locker) note(in ssa.Instruction, kinds map[*types.TypeName]bool) {
	to := givenOn
	switch in := in.(type) {
	case *ssa.UnOp, *ssa.FieldAddr, *ssa.DebugRef, *ssa.BinOp, *ssa.If, *ssa.Phi:
		return
	case *ssa.MakeClosure:
		if in.Fn.(*ssa.Function).Parent() != nil {
			return // a capture
		}
		if !keeps(in) {
			to = called
		}
	case *ssa.MakeInterface:
		if l.inCondition(in) {
			to = called
		}
	case *ssa.Store:
		if _, cell := in.Addr.(*ssa.Alloc); cell {
			return
		}
	}
	if _, ok := l.Ev.LockCall(in); ok {
		return
	}
	var buf [16]*ssa.Value
	for _, p := range in.Operands(buf[:0]) {
		if *p == nil {
			continue
		}
		if n := code.TypeName((*p).Type()); n != nil && kinds[n] {
			if _, ptr := (*p).Type().Underlying().(*types.Pointer); ptr {
				class := l.Class(*p)
				l.loose[class] = max(l.loose[class], to)
			}
		}
	}
}

// keeps reports whether the method value gets where others find it: in a field, a
// container, a channel.
func keeps(m *ssa.MakeClosure) bool {
	return slices.ContainsFunc(*m.Referrers(), func(r ssa.Instruction) bool {
		switch r := r.(type) {
		case *ssa.Store:
			_, local := r.Addr.(*ssa.Alloc)
			return r.Val == ssa.Value(m) && !local
		case *ssa.Send, *ssa.MapUpdate:
			return true
		}
		return false
	})
}

// inCondition reports whether the lock is only made part of a condition variable.
func (l *Locker) inCondition(m *ssa.MakeInterface) bool {
	for _, r := range *m.Referrers() {
		switch r := r.(type) {
		case *ssa.DebugRef:
		case *ssa.Call:
			if len(r.Call.Args) != 1 || !l.Ev.WrapsLock(r) {
				return false
			}
		case *ssa.Store:
			if f, ok := r.Addr.(*ssa.FieldAddr); !ok || !l.Ev.LockField(f) {
				return false
			}
		default:
			return false
		}
	}
	return true
}
