package held

import (
	"go/token"
	"go/types"
	"slices"
	"strings"

	"golang.org/x/tools/go/ssa"

	"github.com/killcheck/killcheck/analyzer/code"
	"github.com/killcheck/killcheck/analyzer/flow"
	"github.com/killcheck/killcheck/analyzer/kb"
	"github.com/killcheck/killcheck/analyzer/lock"
	"github.com/killcheck/killcheck/analyzer/program"
	"github.com/killcheck/killcheck/analyzer/signal"
	"github.com/killcheck/killcheck/analyzer/spawn"
)

// missing notes a return of fn at which a lock is held that another path gives
// back, unless somebody else gives it back.
func (h *holder) missing(fn *ssa.Function) {
	if strings.Contains(strings.ToLower(fn.Name()), "lock") {
		return // its purpose
	}
	given := h.gives(fn)
	h.Flow(&program.LockFrame{Fn: fn}, nil, func(in ssa.Instruction, s []lock.Held) {
		r, ok := in.(*ssa.Return)
		if !ok {
			return
		}
		if slices.ContainsFunc(s, func(k lock.Held) bool { return h.twiceAt[k.By] }) {
			return
		}
		for _, k := range s {
			if !k.Class.Known() || h.othersGive(k) || h.GivenOn(k.Class) || !given[k.Class] && !h.lost(fn, k) && !h.deferredLater(fn, k, r) {
				continue
			}
			if givesBack(r, k) {
				continue // the caller gets what is locked
			}
			if h.handsCond(fn) {
				continue // who gets the condition variable may give its lock back
			}
			pos, end := h.Ev.ReturnSpan(r)
			h.add(fn, Stall{Kind: Kept, Pos: pos, End: end, Taken: h.take(nil, k), Give: h.giving(fn, k), Unsure: h.ofOtherType(r.Block())})
		}
	})
}

// givesBack reports whether the return gives the object back whose lock is held: the callers
// have it then.
func givesBack(r *ssa.Return, k lock.Held) bool {
	if !k.By.Common().IsInvoke() {
		return false
	}
	source := func(v ssa.Value) ssa.Value {
		for {
			switch x := v.(type) {
			case *ssa.ChangeInterface:
				v = x.X
			case *ssa.MakeInterface:
				v = x.X
			case *ssa.UnOp:
				if cell, ok := x.X.(*ssa.Alloc); ok {
					return cell
				}
				return v
			default:
				return v
			}
		}
	}
	on := source(k.By.Common().Value)
	return slices.ContainsFunc(r.Results, func(v ssa.Value) bool { return source(v) == on })
}

// ofOtherType reports whether control comes to the block only where a value is not of a
// type of this package: who asks for that mostly has put the value there, and it always is.
func (h *holder) ofOtherType(b *ssa.BasicBlock) bool {
	for cond, holds := range flow.HoldsAt(b) {
		ok, isOk := cond.(*ssa.Extract)
		if !isOk || holds || ok.Index != 1 {
			continue
		}
		if assert, is := ok.Tuple.(*ssa.TypeAssert); is && !types.IsInterface(assert.AssertedType) {
			if n := code.TypeName(assert.AssertedType); n != nil && n.Pkg() == h.Ev.Pkg {
				return true
			}
		}
	}
	return false
}

// handsCond reports whether fn gives a condition variable to a function: to wait for it
// gives its lock back.
func (h *holder) handsCond(fn *ssa.Function) bool {
	for _, b := range fn.Blocks {
		for _, in := range b.Instrs {
			c, ok := in.(ssa.CallInstruction)
			if !ok {
				continue
			}
			if _, known := signal.Entry(h.Ev.Base, c.Common()); known {
				continue
			}
			if slices.ContainsFunc(c.Common().Args, func(a ssa.Value) bool { return h.isCond(a.Type()) }) {
				return true
			}
		}
	}
	return false
}

// isCond reports whether values of the type are condition variables.
func (h *holder) isCond(t types.Type) bool {
	for m := range types.NewMethodSet(t).Methods() {
		fn, ok := m.Obj().(*types.Func)
		if row, known := h.Ev.Base.Func(fn); ok && known && len(row.Wake(kb.Broadcast)) > 0 {
			return true
		}
	}
	return false
}

// giving returns the position of a call in fn that gives the lock back, if there is
// one.
func (h *holder) giving(fn *ssa.Function, k lock.Held) token.Pos {
	for _, b := range fn.Blocks {
		for _, in := range b.Instrs {
			c, ok := in.(*ssa.Call)
			if !ok {
				continue
			}
			if op, ok := h.Ev.LockCall(c); ok && !op.Takes() && op.Reads() == k.Read && h.Ev.Place(op.On, nil) == k.Place {
				return c.Pos()
			}
		}
	}
	return token.NoPos
}

// lost reports whether nothing gives back the lock that fn takes and leaves held,
// and others take it, too.
func (h *holder) lost(fn *ssa.Function, k lock.Held) bool {
	if k.Read && h.writer(k.Class) == nil {
		return false
	}
	if k.By.Parent() != fn || h.Loose(k.Class) || h.defersGive(fn, k.Class) || h.Ev.InTest(k.By.Pos()) {
		return false
	}
	mine := own(k.Place, &program.LockFrame{Fn: fn})
	for _, by := range h.takes(k.Class) {
		if by != k.By && by.Parent() != fn && (!mine || h.startedWith(fn, k.Place.Root, by.Parent())) {
			return true
		}
	}
	return false
}

// startedWith reports whether fn starts a goroutine that has the object, and runs the
// other function: what fn has made it has not kept to itself.
func (h *holder) startedWith(fn *ssa.Function, object ssa.Value, other *ssa.Function) bool {
	return slices.ContainsFunc(h.ct.SiteIndex().In[fn], func(site *spawn.Site) bool {
		if !h.Ev.RunsIn(site.Body, other) {
			return false
		}
		return slices.ContainsFunc(*object.Referrers(), func(r ssa.Instruction) bool {
			m, closed := r.(*ssa.MakeClosure)
			return r == site.Inst || closed && slices.Contains(*m.Referrers(), ssa.Instruction(site.Inst))
		})
	})
}

// defersGive reports whether a function that fn defers may give back a lock of the
// class.
func (h *holder) defersGive(fn *ssa.Function, class program.LockClass) bool {
	for d := range code.Defers(fn) {
		if op, ok := h.Ev.LockCall(d); ok {
			if !op.Takes() && (h.Class(op.On) == class || !h.Class(op.On).Known()) {
				return true
			}
			continue
		}
		if len(h.Runs(d)) == 0 && d.Call.StaticCallee() == nil {
			return true // it may do anything
		}
		if h.callGives(d, class) {
			return true
		}
	}
	return false
}

// takes returns the calls that take a lock of the class.
func (h *holder) takes(class program.LockClass) []ssa.CallInstruction {
	if h.takers == nil {
		h.takers = make(map[program.LockClass][]ssa.CallInstruction)
		for _, fn := range h.Ev.Functions {
			if !h.Ev.Graph.Live(fn) {
				continue
			}
			for _, b := range fn.Blocks {
				for _, in := range b.Instrs {
					if op, ok := h.Ev.LockCall(in); ok && op.Takes() && !h.Ev.InTest(in.Pos()) {
						h.takers[h.Class(op.On)] = append(h.takers[h.Class(op.On)], in.(ssa.CallInstruction))
					}
				}
			}
		}
	}
	return h.takers[class]
}

// deferred notes a lock that a defer statement takes although the function holds
// it when it returns.
func (h *holder) deferred(fn *ssa.Function) {
	defers := slices.Collect(code.Defers(fn))
	if !slices.ContainsFunc(defers, func(d *ssa.Defer) bool { op, ok := h.Ev.LockCall(d); return ok && op.Takes() }) {
		return
	}
	h.Flow(&program.LockFrame{Fn: fn}, nil, func(in ssa.Instruction, s []lock.Held) {
		if _, ok := in.(*ssa.RunDefers); !ok {
			return
		}
		for _, d := range defers {
			op, ok := h.Ev.LockCall(d)
			if !ok || !op.Takes() || !h.Ev.Precedes(d, in) {
				continue
			}
			p := h.Ev.Place(op.On, nil)
			i := slices.IndexFunc(s, func(k lock.Held) bool { return k.Place == p && (!k.Read || !op.Reads()) })
			if i < 0 || h.shared(s[i]) || h.defersGive(fn, s[i].Class) {
				continue
			}
			h.twiceAt[s[i].By] = true
			t := h.take(nil, s[i])
			t.Lock = h.Ev.LockText(d)
			h.add(fn, Stall{Kind: TwiceDefer, Pos: d.Pos(), Taken: t})
		}
	})
}

// gives returns the classes of locks that fn gives back itself, and never by a
// defer.
func (h *holder) gives(fn *ssa.Function) map[program.LockClass]bool {
	given := make(map[program.LockClass]bool)
	for _, b := range fn.Blocks {
		for _, in := range b.Instrs {
			if op, ok := h.Ev.LockCall(in); ok && !op.Takes() {
				if _, isCall := in.(*ssa.Call); isCall {
					given[h.Class(op.On)] = true
				}
			}
		}
	}
	for d := range code.Defers(fn) {
		if op, ok := h.Ev.LockCall(d); ok {
			delete(given, h.Class(op.On))
		}
		for _, f := range h.Runs(d) {
			for class, t := range h.Touches(f) {
				if t.Give {
					delete(given, class)
				}
			}
		}
		if _, open := h.Ev.Graph.Callees(d); open && d.Call.StaticCallee() == nil {
			return nil // it may do anything
		}
	}
	return given
}

// deferredLater reports whether the function gives back the lock by defers alone, and comes to
// none of them before the return.
func (h *holder) deferredLater(fn *ssa.Function, k lock.Held, r *ssa.Return) bool {
	graph := h.Ev.PlainGraph(fn)
	some := false
	for d := range code.Defers(fn) {
		op, ok := h.Ev.LockCall(d)
		if !ok {
			if _, open := h.Ev.Graph.Callees(d); open && d.Call.StaticCallee() == nil || h.callGives(d, k.Class) {
				return false // it may give it back
			}
			continue
		}
		if op.Takes() || h.Class(op.On) != k.Class {
			continue
		}
		if flow.LeadsTo(graph, d, r) || !flow.LeadsTo(graph, k.By, d) {
			return false
		}
		some = true
	}
	return some
}

// othersGive reports whether some function gives back a lock of the class that
// it has not taken itself, or tries to take one.
func (h *holder) othersGive(k lock.Held) bool {
	gives, ok := h.others[k.Class]
	if !ok {
		gives = slices.ContainsFunc(h.unlocks(k.Class), func(g give) bool { return !holds(h.At(g.in), k.Class) })
		h.others[k.Class] = gives
	}
	return gives
}

func holds(s []lock.Held, class program.LockClass) bool {
	for _, x := range s {
		if x.Class == class {
			return true
		}
	}
	return false
}
