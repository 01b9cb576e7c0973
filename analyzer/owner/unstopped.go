package owner

import (
	"slices"

	"golang.org/x/tools/go/ssa"

	"github.com/killcheck/killcheck/analyzer/code"
	"github.com/killcheck/killcheck/analyzer/program"
)

// Unstopped returns the objects whose goroutine only an ending method of them ends,
// and which somebody makes, starts, or asks to start the goroutine, gives to nobody,
// and does not end.
func (o *Owners) Unstopped(g *program.Goroutine) []Dropped {
	e := o.stopper(g)
	if e == nil || e.Shared {
		return nil
	}
	calls := []ssa.CallInstruction{g.Site.Inst}
	if recv := g.Site.In.Signature.Recv(); recv != nil && code.TypeName(recv.Type()) == e.By.Name {
		if !startsAlways(g.Site.Inst, -1) {
			return nil
		}
		calls, _ = o.ev.Graph.Callers(g.Site.In)
	}
	var all []Dropped
	for _, c := range calls {
		com, in := c.Common(), c.Parent()
		if fn := com.StaticCallee(); fn == nil || fn.Signature.Recv() == nil || code.TypeName(fn.Signature.Recv().Type()) != e.By.Name {
			continue
		}
		if o.ev.Process[in] || o.ev.InTest(c.Pos()) || !o.ev.Graph.Live(in) {
			continue
		}
		if made := object(com.Args[0]); made != nil && !o.leaves(e, made, 3) {
			all = append(all, Dropped{G: g, Pos: c.Pos(), In: in.Name(), Type: e.By.Name.Name(), Ender: e.Ender})
		}
	}
	return all
}

// stopper returns the owner whose methods alone end the goroutine, by a close or by
// a send.
func (o *Owners) stopper(g *program.Goroutine) *Owned {
	if !o.judged(g) {
		return nil
	}
	for _, x := range o.concerned(g) {
		e := &Owned{By: x, alone: true}
		if !o.returnsWithout(g, e) && len(e.Raises) > 0 {
			e.Ender = e.chooseEnder()
			return e
		}
	}
	return nil
}

// object returns what the function around v makes v from: the result of a call, or
// the object itself; or nil.
func object(v ssa.Value) ssa.Value {
	for range 4 {
		switch x := v.(type) {
		case *ssa.Call:
			return x
		case *ssa.Alloc:
			if x.Heap {
				return x
			}
			return nil
		case *ssa.Extract:
			if _, ok := x.Tuple.(*ssa.Call); ok {
				return x
			}
			return nil
		case *ssa.UnOp:
			cell, ok := x.X.(*ssa.Alloc)
			if !ok {
				return nil
			}
			if v = code.OnlyStore(cell); v == nil {
				return nil
			}
		default:
			return nil
		}
	}
	return nil
}

// leaves reports whether somebody else may get the object, or something is done with
// it that may end it. What is called on it is looked into.
func (o *Owners) leaves(e *Owned, v ssa.Value, depth int) bool {
	refs := v.Referrers()
	if refs == nil || depth == 0 {
		return true
	}
	return slices.ContainsFunc(*refs, func(r ssa.Instruction) bool {
		switch r := r.(type) {
		case *ssa.BinOp, *ssa.If, *ssa.DebugRef, *ssa.FieldAddr:
			return false // Inv: only its ending methods raise what a field holds
		case *ssa.Store:
			if r.Addr == v {
				return false
			}
			cell, ok := r.Addr.(*ssa.Alloc)
			return !ok || code.OnlyStore(cell) != v || o.cellLeaves(e, cell, depth)
		case *ssa.Extract:
			return !code.IsError(r.Type()) && r != v
		case ssa.CallInstruction:
			fn := r.Common().StaticCallee()
			if fn == nil || len(fn.Blocks) == 0 || code.Receiver(r.Common()) != v || code.Has(r.Common().Args, v, 1) || e.By.Runs[fn] {
				return true
			}
			return o.leaves(e, fn.Params[0], depth-1)
		}
		return true
	})
}

// cellLeaves is leaves for the variable that holds the object.
func (o *Owners) cellLeaves(e *Owned, cell ssa.Value, depth int) bool {
	return slices.ContainsFunc(*cell.Referrers(), func(r ssa.Instruction) bool {
		switch r := r.(type) {
		case *ssa.Store, *ssa.DebugRef:
			return false
		case *ssa.UnOp:
			return o.leaves(e, r, depth)
		case *ssa.MakeClosure:
			i := slices.Index(r.Bindings, cell)
			return depth == 0 || o.cellLeaves(e, r.Fn.(*ssa.Function).FreeVars[i], depth-1)
		}
		return true
	})
}
