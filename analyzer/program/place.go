package program

import (
	"go/types"
	"strings"

	"golang.org/x/tools/go/ssa"

	"github.com/killcheck/killcheck/analyzer/code"
	"github.com/killcheck/killcheck/analyzer/kb"
)

// PlaceOf returns the value at a place of a call, or nil.
func PlaceOf(c *ssa.CallCommon, p kb.Place) ssa.Value {
	switch p.Where {
	case kb.Recv:
		return code.Receiver(c)
	case kb.Arg, kb.InArg:
		n := p.N
		if !c.IsInvoke() && c.Signature().Recv() != nil {
			n++
		}
		if n < len(c.Args) {
			return c.Args[n]
		}
	}
	return nil
}

// A LockFrame is one function of a chain of calls.
type LockFrame struct {
	Fn   *ssa.Function
	From *LockFrame          // the caller; nil for the first
	Call ssa.CallInstruction // nil for the first
	Recv ssa.Value           // the receiver, where the call is given the method as a value
}

func (f *LockFrame) Has(fn *ssa.Function) bool {
	for ; f != nil; f = f.From {
		if f.Fn == fn {
			return true
		}
	}
	return false
}

// of returns the frame of the chain that runs fn, or nil.
func (f *LockFrame) of(fn *ssa.Function) *LockFrame {
	for ; f != nil; f = f.From {
		if f.Fn == fn {
			return f
		}
	}
	return nil
}

// Passed returns the frame of the function that a call in the frame is given as
// the value v and runs, or nil if that is not certain.
func (prog *Program) Passed(f *LockFrame, c ssa.CallInstruction, v ssa.Value) *LockFrame {
	switch v := prog.Place(v, f).Root.(type) {
	case *ssa.Function:
		if len(v.Blocks) > 0 && len(v.Params) == 0 {
			return &LockFrame{Fn: v, From: f, Call: c}
		}
	case *ssa.MakeClosure:
		fn := v.Fn.(*ssa.Function)
		if fn.Parent() != nil {
			return &LockFrame{Fn: fn, From: f, Call: c}
		}
		m, _ := fn.Object().(*types.Func)
		if m == nil || len(v.Bindings) != 1 {
			return nil
		}
		if of := fn.Prog.FuncValue(m); of != nil && len(of.Blocks) > 0 && len(of.Params) == 1 {
			return &LockFrame{Fn: of, From: f, Call: c, Recv: v.Bindings[0]}
		}
	}
	return nil
}

// A Place is one variable of one object: what root holds or points to, and the
// fields and pointers that lead from there.
type Place struct {
	Root ssa.Value
	Path string
}

// Place follows the address v back to where it starts, through the calls of the
// chain.
func (prog *Program) Place(v ssa.Value, f *LockFrame) Place {
	path := ""
	for range 40 {
		next, nf, step := prog.behind(v, f)
		if next == nil {
			break
		}
		v, f, path = next, nf, step+path
	}
	return Place{v, path}
}

// behind returns the value that v is made from, or nil if v is a start, and what
// is done to it.
func (prog *Program) behind(v ssa.Value, f *LockFrame) (next ssa.Value, nf *LockFrame, step string) {
	switch v := v.(type) {
	case *ssa.FieldAddr:
		return v.X, f, "." + code.FieldName(v.X.Type(), v.Field)
	case *ssa.Field:
		return v.X, f, "." + code.FieldName(v.X.Type(), v.Field)
	case *ssa.ChangeType:
		return v.X, f, ""
	case *ssa.ChangeInterface:
		return v.X, f, ""
	case *ssa.MakeInterface:
		return v.X, f, ""
	case *ssa.UnOp:
		if v.Op.String() != "*" {
			return nil, nil, ""
		}
		if cell, cf := prog.Cell(v.X, f); cell != nil {
			if s := prog.OnlyStored(cell); s != nil {
				return s, cf, ""
			}
		}
		return v.X, f, "*"
	case *ssa.FreeVar:
		if b := code.Binding(v); b != nil {
			return b, f.of(v.Parent().Parent()), ""
		}
	case *ssa.Parameter:
		if f != nil && f.Fn == v.Parent() && f.Recv != nil {
			return f.Recv, f.From, ""
		}
		if f != nil && f.Fn == v.Parent() && f.Call != nil {
			if a := code.Argument(f.Call.Common(), v); a != nil {
				return a, f.From, ""
			}
		}
	}
	return nil, nil, ""
}

// Cell follows a captured variable to where it is declared.
func (prog *Program) Cell(v ssa.Value, f *LockFrame) (*ssa.Alloc, *LockFrame) {
	for range 8 {
		switch x := v.(type) {
		case *ssa.Alloc:
			return x, f
		case *ssa.FreeVar:
			f = f.of(x.Parent().Parent())
			v = code.Binding(x)
		default:
			return nil, nil
		}
	}
	return nil, nil
}

// A LockClass names all locks that are the same field of the same type, or one
// variable. Two locks of one class need not be the same lock, two of different
// classes are not the same.
type LockClass struct {
	Owner *types.TypeName // the type that holds the field, or nil
	Root  ssa.Value       // the variable, or nil
	Path  string
	Made  bool // the root is a call that makes it
}

// Known reports whether the class says which field or variable it is.
func (c LockClass) Known() bool {
	if c.Owner != nil || c.Made {
		return true
	}
	switch c.Root.(type) {
	case *ssa.Alloc, *ssa.Global:
		return true
	}
	return false
}

// Within reports whether the lock is a part of the other one, such as the mutex that a
// struct of it embeds.
func (c LockClass) Within(other LockClass) bool {
	return c.Owner == other.Owner && c.Root == other.Root && strings.HasPrefix(c.Path, other.Path+".")
}

// Class returns the class of the lock at the address v.
func (prog *Program) Class(v ssa.Value) LockClass { return prog.classOf(v, 8) }

func (prog *Program) classOf(v ssa.Value, depth int) LockClass {
	path := ""
	for range 40 {
		switch x := v.(type) {
		case *ssa.FieldAddr:
			path = "." + code.FieldName(x.X.Type(), x.Field) + path
			if n := code.TypeName(x.X.Type()); n != nil && n.Pkg() == prog.Pkg {
				return LockClass{Owner: n, Path: path}
			}
		case *ssa.Field:
			path = "." + code.FieldName(x.X.Type(), x.Field) + path
			if n := code.TypeName(x.X.Type()); n != nil && n.Pkg() == prog.Pkg {
				return LockClass{Owner: n, Path: path}
			}
		case *ssa.Parameter:
			if c, ok := prog.given(x, depth); ok {
				c.Path += path
				return c
			}
		}
		next, _, _ := prog.behind(v, nil)
		if next == nil {
			break
		}
		v = next
	}
	c, ok := v.(*ssa.Call)
	return LockClass{Root: v, Path: path, Made: ok && len(c.Call.Args) == 1 && prog.WrapsLock(c)}
}

// given returns the class that all callers give for the parameter, if it is one.
func (prog *Program) given(p *ssa.Parameter, depth int) (LockClass, bool) {
	calls, open := prog.Graph.Callers(p.Parent())
	if open || len(calls) == 0 || depth == 0 {
		return LockClass{}, false
	}
	var class LockClass
	for i, c := range calls {
		a := code.Argument(c.Common(), p)
		if a == nil {
			return LockClass{}, false
		}
		got := prog.classOf(a, depth-1)
		if i > 0 && got != class {
			return LockClass{}, false
		}
		class = got
	}
	return class, class.Known()
}

// LockText gives the source of the lock that the call at pos works on.
func (prog *Program) LockText(c ssa.CallInstruction) string {
	s := prog.Syn.Callee(c.Common().Pos())
	for i := len(s) - 1; i >= 0; i-- {
		if s[i] == '.' {
			return s[:i]
		}
	}
	return "the lock"
}
