package lock

import (
	"go/types"

	"golang.org/x/tools/go/ssa"

	"github.com/killcheck/killcheck/analyzer/code"
	"github.com/killcheck/killcheck/analyzer/program"
)

// Loose reports whether code that is not followed may work on a lock of the class:
// one of them is handed on, its method is kept as a value, or other packages can
// name it.
func (l *Locker) Loose(class program.LockClass) bool {
	if !class.Known() || l.named(class) {
		return true
	}
	if l.loose == nil {
		l.loose = make(map[program.LockClass]bool)
		kinds := l.kinds()
		for _, fn := range l.Ev.Functions {
			for _, b := range fn.Blocks {
				for _, in := range b.Instrs {
					l.uses(in, kinds)
				}
			}
		}
	}
	return l.loose[class]
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

// uses notes the locks whose address the instruction hands on.
func (l *Locker) uses(in ssa.Instruction, kinds map[*types.TypeName]bool) {
	switch in := in.(type) {
	case *ssa.UnOp, *ssa.FieldAddr, *ssa.DebugRef, *ssa.BinOp, *ssa.If, *ssa.Phi:
		return
	case *ssa.MakeClosure:
		if in.Fn.(*ssa.Function).Parent() != nil {
			return // a capture
		}
	case *ssa.Store:
		if _, cell := in.Addr.(*ssa.Alloc); cell {
			return
		}
	}
	if _, ok := l.Ev.LockCall(in); ok {
		return
	}
	if c, ok := in.(ssa.CallInstruction); ok {
		if fns, open := l.Ev.Graph.Callees(c); len(fns) > 0 && !open {
			return
		}
	}
	var buf [16]*ssa.Value
	for _, p := range in.Operands(buf[:0]) {
		if *p == nil {
			continue
		}
		if n := code.TypeName((*p).Type()); n != nil && kinds[n] {
			if _, ptr := (*p).Type().Underlying().(*types.Pointer); ptr {
				l.loose[l.Class(*p)] = true
			}
		}
	}
}
