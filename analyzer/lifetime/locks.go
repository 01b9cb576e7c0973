package lifetime

import (
	"go/types"
	"slices"

	"golang.org/x/tools/go/ssa"

	"github.com/killcheck/killcheck/analyzer/kb"
	"github.com/killcheck/killcheck/analyzer/signal"
	"github.com/killcheck/killcheck/analyzer/spawn"
)

// lockOp is what a call does to a lock.
type lockOp struct {
	effect kb.Effect // Lock, RLock, Unlock or RUnlock
	on     ssa.Value // the address of the lock
}

func (o lockOp) takes() bool { return o.effect == kb.Lock || o.effect == kb.RLock }
func (o lockOp) reads() bool { return o.effect == kb.RLock || o.effect == kb.RUnlock }

// lockCall returns what the call does to a lock, or ok false.
func (w *world) lockCall(in ssa.Instruction) (op lockOp, ok bool) {
	c, isCall := in.(ssa.CallInstruction)
	if !isCall {
		return lockOp{}, false
	}
	e, known := signal.Entry(w.Base, c.Common())
	if !known {
		return lockOp{}, false
	}
	switch e.Effect {
	case kb.Lock, kb.RLock, kb.Unlock, kb.RUnlock:
		return lockOp{e.Effect, receiver(c.Common())}, true
	}
	return lockOp{}, false
}

// receiver returns the receiver of a method call, or nil.
func receiver(c *ssa.CallCommon) ssa.Value {
	if c.IsInvoke() {
		return c.Value
	}
	if c.Signature().Recv() != nil && len(c.Args) > 0 {
		return c.Args[0]
	}
	return nil
}

// A lockFrame is one function of a chain of calls.
type lockFrame struct {
	fn   *ssa.Function
	from *lockFrame          // the caller; nil for the first
	call ssa.CallInstruction // nil for the first
}

func (f *lockFrame) has(fn *ssa.Function) bool {
	for ; f != nil; f = f.from {
		if f.fn == fn {
			return true
		}
	}
	return false
}

// of returns the frame of the chain that runs fn, or nil.
func (f *lockFrame) of(fn *ssa.Function) *lockFrame {
	for ; f != nil; f = f.from {
		if f.fn == fn {
			return f
		}
	}
	return nil
}

// A place is one variable of one object: what root holds or points to, and the
// fields and pointers that lead from there.
type place struct {
	root ssa.Value
	path string
}

// place follows the address v back to where it starts, through the calls of the
// chain.
func (w *world) place(v ssa.Value, f *lockFrame) place {
	path := ""
	for range 40 {
		next, nf, step := w.behind(v, f)
		if next == nil {
			break
		}
		v, f, path = next, nf, step+path
	}
	return place{v, path}
}

// behind returns the value that v is made from, or nil if v is a start, and what
// is done to it.
func (w *world) behind(v ssa.Value, f *lockFrame) (next ssa.Value, nf *lockFrame, step string) {
	switch v := v.(type) {
	case *ssa.FieldAddr:
		return v.X, f, "." + fieldName(v.X.Type(), v.Field)
	case *ssa.Field:
		return v.X, f, "." + fieldName(v.X.Type(), v.Field)
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
		if cell, cf := w.cell(v.X, f); cell != nil {
			if s := w.onlyStored(cell); s != nil {
				return s, cf, ""
			}
		}
		return v.X, f, "*"
	case *ssa.FreeVar:
		if b := spawn.Binding(v); b != nil {
			return b, f.of(v.Parent().Parent()), ""
		}
	case *ssa.Parameter:
		if f != nil && f.fn == v.Parent() && f.call != nil {
			if a := argument(f.call.Common(), v); a != nil {
				return a, f.from, ""
			}
		}
	}
	return nil, nil, ""
}

// argument returns what the parameter is in the call, or nil.
func argument(c *ssa.CallCommon, p *ssa.Parameter) ssa.Value {
	i := slices.Index(p.Parent().Params, p)
	args := c.Args
	if c.IsInvoke() {
		args = append([]ssa.Value{c.Value}, args...)
	}
	if i < 0 || len(args) != len(p.Parent().Params) {
		return nil
	}
	return args[i]
}

// cell follows a captured variable to where it is declared.
func (w *world) cell(v ssa.Value, f *lockFrame) (*ssa.Alloc, *lockFrame) {
	for range 8 {
		switch x := v.(type) {
		case *ssa.Alloc:
			return x, f
		case *ssa.FreeVar:
			f = f.of(x.Parent().Parent())
			v = spawn.Binding(x)
		default:
			return nil, nil
		}
	}
	return nil, nil
}

// onlyStored is [onlyStore], which is asked once for each variable.
func (w *world) onlyStored(a *ssa.Alloc) ssa.Value {
	v, ok := w.single[a]
	if !ok {
		v = onlyStore(a)
		w.single[a] = v
	}
	return v
}

// onlyStore returns the only value that is ever stored in the variable, captures
// included, or nil.
func onlyStore(a *ssa.Alloc) ssa.Value {
	var val ssa.Value
	n := 0
	var look func(v ssa.Value, depth int) bool
	look = func(v ssa.Value, depth int) bool {
		refs := v.Referrers()
		if refs == nil || depth == 0 {
			return false
		}
		for _, r := range *refs {
			switch r := r.(type) {
			case *ssa.Store:
				if r.Addr == v {
					val, n = r.Val, n+1
				}
			case *ssa.MakeClosure:
				fn := r.Fn.(*ssa.Function)
				for i, b := range r.Bindings {
					if b == v && !look(fn.FreeVars[i], depth-1) {
						return false
					}
				}
			}
		}
		return true
	}
	if !look(a, 4) || n != 1 {
		return nil
	}
	return val
}

func fieldName(t types.Type, i int) string {
	if p, ok := t.Underlying().(*types.Pointer); ok {
		t = p.Elem()
	}
	if st, ok := t.Underlying().(*types.Struct); ok && i < st.NumFields() {
		return st.Field(i).Name()
	}
	return "?"
}

// A lockClass names all locks that are the same field of the same type, or one
// variable. Two locks of one class need not be the same lock, two of different
// classes are not the same.
type lockClass struct {
	owner *types.TypeName // the type that holds the field, or nil
	root  ssa.Value       // the variable, or nil
	path  string
}

// known reports whether the class says which field or variable it is.
func (c lockClass) known() bool {
	if c.owner != nil {
		return true
	}
	switch c.root.(type) {
	case *ssa.Alloc, *ssa.Global:
		return true
	}
	return false
}

// class returns the class of the lock at the address v.
func (w *world) class(v ssa.Value) lockClass { return w.classOf(v, 8) }

func (w *world) classOf(v ssa.Value, depth int) lockClass {
	path := ""
	for range 40 {
		switch x := v.(type) {
		case *ssa.FieldAddr:
			path = "." + fieldName(x.X.Type(), x.Field) + path
			if n := typeName(x.X.Type()); n != nil && n.Pkg() == w.Pkg {
				return lockClass{owner: n, path: path}
			}
		case *ssa.Field:
			path = "." + fieldName(x.X.Type(), x.Field) + path
			if n := typeName(x.X.Type()); n != nil && n.Pkg() == w.Pkg {
				return lockClass{owner: n, path: path}
			}
		case *ssa.Parameter:
			if c, ok := w.given(x, depth); ok {
				c.path += path
				return c
			}
		}
		next, _, _ := w.behind(v, nil)
		if next == nil {
			break
		}
		v = next
	}
	return lockClass{root: v, path: path}
}

// given returns the class that all callers give for the parameter, if it is one.
func (w *world) given(p *ssa.Parameter, depth int) (lockClass, bool) {
	calls, open := w.Graph.Callers(p.Parent())
	if open || len(calls) == 0 || depth == 0 {
		return lockClass{}, false
	}
	var class lockClass
	for i, c := range calls {
		a := argument(c.Common(), p)
		if a == nil {
			return lockClass{}, false
		}
		got := w.classOf(a, depth-1)
		if i > 0 && got != class {
			return lockClass{}, false
		}
		class = got
	}
	return class, class.known()
}

// lockText gives the source of the lock that the call at pos works on.
func (w *world) lockText(c ssa.CallInstruction) string {
	s := w.syn.callee(c.Pos())
	for i := len(s) - 1; i >= 0; i-- {
		if s[i] == '.' {
			return s[:i]
		}
	}
	return "the lock"
}
