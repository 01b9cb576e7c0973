package join

import (
	"go/types"
	"slices"

	"golang.org/x/tools/go/ssa"

	"github.com/killcheck/killcheck/analyzer/code"
	"github.com/killcheck/killcheck/analyzer/program"
)

// fieldOwner returns the type whose field the channel is, or nil.
func fieldOwner(ch ssa.Value) *types.TypeName {
	if u, ok := ch.(*ssa.UnOp); ok {
		if a, ok := u.X.(*ssa.FieldAddr); ok {
			return code.TypeName(a.X.Type())
		}
	}
	return nil
}

// objectOf returns where the frame has the object of the type whose field the
// channel is: in a field of another object, say.
func (ct *Endings) objectOf(f *program.Frame, ch ssa.Value, owner *types.TypeName) program.LockClass {
	v := ch
	for range 16 {
		switch x := v.(type) {
		case *ssa.UnOp:
			v = x.X
			continue
		case *ssa.FreeVar:
			v = code.Binding(x)
			continue
		case *ssa.FieldAddr:
			v = x.X
			if code.TypeName(x.X.Type()) != owner {
				continue
			}
			for f != nil {
				p, ok := v.(*ssa.Parameter)
				if !ok || p.Parent() != f.Fn || f.Call == nil {
					break
				}
				if v = code.Argument(f.Call.Common(), p); v == nil {
					return program.LockClass{}
				}
				f = f.From
			}
			return ct.Class(v)
		}
		break
	}
	return program.LockClass{}
}

// own reports whether fn is a method of an object that only the one field holds.
func (j *joins) own(fn *ssa.Function) bool {
	recv := fn.Signature.Recv()
	return recv != nil && j.owner != nil && code.TypeName(recv.Type()) == j.owner && j.ct.heldAlone(j.object)
}

// another reports whether the call of the method fn is made on another object than
// that of the goroutine.
func (j *joins) another(fn *ssa.Function, c ssa.CallInstruction) bool {
	if !j.own(fn) {
		return false
	}
	recv := code.Receiver(c.Common())
	if recv == nil {
		return false
	}
	class := j.ct.Class(recv)
	if _, ok := class.Root.(*ssa.Parameter); ok || class == j.object {
		return false // a method of the type may call it
	}
	return !slices.Contains(j.ct.holdings()[j.object].made, class.Root)
}

// ofObject reports whether the call of fn may be made on the object that has
// started the goroutine, if that is of the same type.
func (j *joins) ofObject(c ssa.CallInstruction, fn *ssa.Function) bool {
	recv := fn.Signature.Recv()
	at := code.Receiver(c.Common())
	if recv == nil || at == nil {
		return true
	}
	t := code.TypeName(recv.Type())
	var starts []ssa.Value
	if s := code.Receiver(j.g.Site.Inst.Common()); s != nil && j.g.Site.Call == nil && code.TypeName(s.Type()) == t {
		starts = append(starts, s)
	} else if in := code.Outermost(j.g.Site.In); in.Signature.Recv() != nil && code.TypeName(in.Signature.Recv().Type()) == t {
		calls, _ := j.ct.Graph.Callers(in)
		for _, c := range calls {
			if s := code.Receiver(c.Common()); s != nil {
				starts = append(starts, s)
			}
		}
	}
	return !slices.ContainsFunc(starts, func(s ssa.Value) bool { return j.apart(s, at) })
}

// apart reports whether two objects are held by different fields or variables.
func (j *joins) apart(a, b ssa.Value) bool {
	ca, cb := j.ct.Class(a), j.ct.Class(b)
	for _, c := range []program.LockClass{ca, cb} {
		if _, ok := c.Root.(*ssa.Parameter); ok {
			return false
		}
	}
	return ca != cb
}

// A holding is what is known of a field that holds pointers to objects.
type holding struct {
	shared bool        // something else may hold the same object
	made   []ssa.Value // what is stored in it
}

// heldAlone reports whether nothing but the field holds the objects that are stored
// in it: they are made for it, and it is read only to call their methods.
func (ct *Endings) heldAlone(class program.LockClass) bool {
	h := ct.holdings()[class]
	return class.Owner != nil && h != nil && !h.shared && len(h.made) > 0 && !code.IsUpper(class.Path[1])
}

// holdings returns what is known of the fields of the package that hold pointers to
// its own types.
func (ct *Endings) holdings() map[program.LockClass]*holding {
	if ct.held != nil {
		return ct.held
	}
	ct.held = make(map[program.LockClass]*holding)
	for _, fn := range ct.Functions {
		for _, b := range fn.Blocks {
			for _, in := range b.Instrs {
				a, ok := in.(*ssa.FieldAddr)
				if !ok || !ct.pointsHome(a) {
					continue
				}
				class := ct.Class(a)
				h := ct.held[class]
				if h == nil {
					h = &holding{}
					ct.held[class] = h
				}
				h.note(a)
			}
		}
	}
	return ct.held
}

// pointsHome reports whether the field holds pointers to a type of the package.
func (ct *Endings) pointsHome(a *ssa.FieldAddr) bool {
	t := a.Type().(*types.Pointer).Elem()
	if _, ok := t.Underlying().(*types.Pointer); !ok {
		return false
	}
	n := code.TypeName(t)
	return n != nil && n.Pkg() == ct.Pkg
}

// note adds what is done with the field at the address.
func (h *holding) note(a *ssa.FieldAddr) {
	for _, r := range *a.Referrers() {
		switch r := r.(type) {
		case *ssa.Store:
			v := r.Val
			if k, ok := v.(*ssa.Const); ok && k.Value == nil {
				continue
			}
			h.made = append(h.made, v)
			h.shared = h.shared || r.Addr != ssa.Value(a) || !fresh(v, 2) || goesOn(v, r)
		case *ssa.UnOp:
			h.shared = h.shared || goesOn(r, nil)
		case *ssa.DebugRef:
		default:
			h.shared = true
		}
	}
}

// fresh reports whether v is an object that has just been made: by the function
// itself, or by one that returns no other.
func fresh(v ssa.Value, depth int) bool {
	i := 0
	if x, ok := v.(*ssa.Extract); ok {
		v, i = x.Tuple, x.Index
	}
	if _, ok := v.(*ssa.Alloc); ok {
		return true
	}
	c, ok := v.(*ssa.Call)
	if !ok || c.Call.StaticCallee() == nil || len(c.Call.StaticCallee().Blocks) == 0 || depth == 0 {
		return false
	}
	for _, b := range c.Call.StaticCallee().Blocks {
		r, ok := b.Instrs[len(b.Instrs)-1].(*ssa.Return)
		if !ok {
			continue
		}
		if k, ok := r.Results[i].(*ssa.Const); (!ok || k.Value != nil) && !fresh(r.Results[i], depth-1) {
			return false
		}
	}
	return true
}

// goesOn reports whether anything else than the store gets the object, methods that
// are called on it left out.
func goesOn(v ssa.Value, store *ssa.Store) bool {
	return slices.ContainsFunc(*v.Referrers(), func(r ssa.Instruction) bool {
		switch r := r.(type) {
		case *ssa.FieldAddr, *ssa.BinOp, *ssa.DebugRef:
			return false
		case *ssa.Store:
			return r != store && r.Val == v
		case ssa.CallInstruction:
			c := r.Common()
			return code.Receiver(c) != v || c.IsInvoke() || code.Has(c.Args, v, 1)
		}
		return true
	})
}
