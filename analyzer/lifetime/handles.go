package lifetime

import (
	"go/types"

	"golang.org/x/tools/go/ssa"

	"github.com/killcheck/killcheck/analyzer/kb"
	"github.com/killcheck/killcheck/analyzer/signal"
)

// made is result number index of a call that makes a handle.
type made struct {
	call  *ssa.Call
	index int
}

// member is a struct field: one for all objects of its type.
type member struct {
	owner *types.TypeName
	index int
}

// A handle is what a value may be that is closed, given a deadline or killed: a
// connection, listener, file, process, timer.
type handle struct {
	ids   map[any]bool // made, member, *ssa.Global, *ssa.Parameter, *ssa.Alloc
	makes []made       // the calls that made it, in the order of the search
	open  bool         // it may be something else as well
}

// meets reports whether both may be the same object.
func (h *handle) meets(o *handle) bool {
	for id := range o.ids {
		if h.ids[id] {
			return true
		}
	}
	return false
}

// A raise is a call that may end waits on a handle.
type raise struct {
	event kb.Event
	in    ssa.Instruction
	apart bool // it runs apart from the function that holds it: a method value that is handed on
	what  *handle
}

// handles knows which values of the package are the same handle, and who raises
// them.
type handles struct {
	w      *world
	stores map[any][]ssa.Value       // member or global -> what is stored in it
	loads  map[any][]ssa.Instruction // member or global -> its addresses
	known  map[ssa.Value]*handle
	raised []raise
}

func newHandles(w *world) *handles {
	h := &handles{w: w, stores: make(map[any][]ssa.Value), loads: make(map[any][]ssa.Instruction), known: make(map[ssa.Value]*handle)}
	var buf [16]*ssa.Value
	for _, fn := range w.Functions {
		for _, b := range fn.Blocks {
			for _, in := range b.Instrs {
				switch in := in.(type) {
				case *ssa.Store:
					if id := cellID(in.Addr); id != nil {
						h.stores[id] = append(h.stores[id], in.Val)
					}
				case *ssa.FieldAddr:
					if id := cellID(in); id != nil {
						h.loads[id] = append(h.loads[id], in)
					}
				case *ssa.Field:
					if id := memberOf(in.X.Type(), in.Field); id != nil {
						h.loads[id] = append(h.loads[id], in)
					}
				}
				for _, op := range in.Operands(buf[:0]) {
					if g, ok := (*op).(*ssa.Global); ok {
						h.loads[g] = append(h.loads[g], in)
					}
				}
			}
		}
	}
	for _, fn := range w.Functions {
		for _, b := range fn.Blocks {
			for _, in := range b.Instrs {
				h.raises(in)
			}
		}
	}
	return h
}

// cellID returns the name of the variable at an address, if all of the package
// can reach it by that name.
func cellID(addr ssa.Value) any {
	switch a := addr.(type) {
	case *ssa.FieldAddr:
		return memberOf(a.X.Type(), a.Field)
	case *ssa.Global:
		return a
	}
	return nil
}

func memberOf(t types.Type, i int) any {
	if n := typeName(t); n != nil {
		return member{n, i}
	}
	return nil
}

// raises records what the instruction raises.
func (h *handles) raises(in ssa.Instruction) {
	if m, ok := in.(*ssa.MakeClosure); ok && len(m.Bindings) == 1 {
		if fn, ok := m.Fn.(*ssa.Function).Object().(*types.Func); ok && m.Fn.(*ssa.Function).Synthetic != "" {
			h.raise(in, fn, func(p kb.Place) ssa.Value {
				if p.Where == kb.Recv {
					return m.Bindings[0]
				}
				return nil
			}, true)
		}
		return
	}
	c, ok := in.(ssa.CallInstruction)
	if !ok {
		return
	}
	if fn := signal.Callee(c.Common()); fn != nil {
		h.raise(in, fn, func(p kb.Place) ssa.Value { return placeOf(c.Common(), p) }, false)
	}
}

func (h *handles) raise(in ssa.Instruction, fn *types.Func, at func(kb.Place) ssa.Value, apart bool) {
	e, ok := h.w.Base.Func(fn)
	if !ok {
		if v := at(kb.Place{Where: kb.Recv}); v != nil && fn.Signature().Recv() != nil && h.w.Base.CloseMethod(fn.Name()) {
			h.raised = append(h.raised, raise{kb.Close, in, apart, h.of(v)})
		}
		return
	}
	for _, r := range e.Raises {
		if v := at(r.At); v != nil {
			h.raised = append(h.raised, raise{r.Event, in, apart, h.of(v)})
		}
	}
}

// placeOf returns the value at a place of a call, or nil.
func placeOf(c *ssa.CallCommon, p kb.Place) ssa.Value {
	switch p.Where {
	case kb.Recv:
		return receiver(c)
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

// of returns the handle that v is.
func (h *handles) of(v ssa.Value) *handle {
	if k := h.known[v]; k != nil {
		return k
	}
	k := &handle{ids: make(map[any]bool)}
	h.known[v] = k
	s := search{h, k, make(map[any]bool)}
	s.value(v, 12)
	return k
}

// search goes back from a value to what it may be.
type search struct {
	h    *handles
	to   *handle
	seen map[any]bool
}

func (s *search) value(v ssa.Value, depth int) {
	if v == nil || s.seen[v] {
		return
	}
	s.seen[v] = true
	if depth == 0 {
		s.to.open = true
		return
	}
	switch v := v.(type) {
	case *ssa.ChangeType:
		s.value(v.X, depth)
	case *ssa.ChangeInterface:
		s.value(v.X, depth)
	case *ssa.MakeInterface:
		s.value(v.X, depth)
	case *ssa.TypeAssert:
		s.value(v.X, depth)
	case *ssa.Phi:
		for _, e := range v.Edges {
			s.value(e, depth)
		}
	case *ssa.Extract:
		switch t := v.Tuple.(type) {
		case *ssa.Call:
			s.result(t, v.Index, depth)
		case *ssa.TypeAssert:
			s.value(t.X, depth)
		default:
			s.to.open = true
		}
	case *ssa.Call:
		s.result(v, 0, depth)
	case *ssa.UnOp:
		s.content(v.X, depth)
	case *ssa.Alloc:
		s.to.ids[v] = true
		s.content(v, depth)
	case *ssa.FieldAddr:
		if s.h.embedded(v) {
			s.value(v.X, depth) // a method of a part is a method of the whole
			return
		}
		s.content(v, depth)
	case *ssa.Field:
		s.cell(memberOf(v.X.Type(), v.Field), depth)
	case *ssa.FreeVar:
		s.bound(v, depth)
	case *ssa.Parameter:
		s.parameter(v, depth)
	case *ssa.Global:
		s.to.ids[v] = true
	case *ssa.Const:
	default:
		s.to.open = true
	}
}

// content goes on with what the variable at addr holds.
func (s *search) content(addr ssa.Value, depth int) {
	switch a := addr.(type) {
	case *ssa.Alloc:
		for _, v := range s.h.w.storedIn(a) {
			s.value(v, depth)
		}
		if _, ok := a.Type().(*types.Pointer).Elem().Underlying().(*types.Struct); ok {
			s.to.ids[a] = true
		}
	case *ssa.FieldAddr, *ssa.Global:
		s.cell(cellID(a), depth)
	case *ssa.FreeVar:
		if b := bindingOf(a); b != nil {
			s.content(b, depth)
			return
		}
		s.to.open = true
	default:
		s.to.open = true
	}
}

func (s *search) cell(id any, depth int) {
	if id == nil {
		s.to.open = true
		return
	}
	if s.seen[id] {
		return
	}
	s.seen[id] = true
	s.to.ids[id] = true
	s.to.open = s.to.open || s.h.others(id)
	for _, v := range s.h.stores[id] {
		s.value(v, depth-1)
	}
}

// embedded reports whether the field is embedded in a type of another package.
func (h *handles) embedded(a *ssa.FieldAddr) bool {
	named, st := structOf(a.X.Type())
	return named != nil && named.Obj().Pkg() != h.w.Pkg && st.Field(a.Field).Embedded()
}

// others reports whether other packages can store in the variable.
func (h *handles) others(id any) bool {
	closed := h.w.Pkg.Name() == "main"
	switch id := id.(type) {
	case *ssa.Global:
		return !closed && id.Object() != nil && id.Object().Exported()
	case member:
		if id.owner.Pkg() != h.w.Pkg {
			return true
		}
		st, ok := id.owner.Type().Underlying().(*types.Struct)
		return !ok || id.index >= st.NumFields() || !closed && id.owner.Exported() && st.Field(id.index).Exported()
	}
	return true
}

func (s *search) bound(fv *ssa.FreeVar, depth int) {
	b := bindingOf(fv)
	if b == nil {
		s.to.open = true
		return
	}
	s.value(b, depth)
}

func (s *search) parameter(p *ssa.Parameter, depth int) {
	s.to.ids[p] = true
	fn := p.Parent()
	calls, open := s.h.w.Graph.Callers(fn)
	s.to.open = s.to.open || open || len(calls) == 0
	for _, c := range calls {
		if v := argument(c.Common(), p); v != nil {
			s.value(v, depth-1)
		} else {
			s.to.open = true
		}
	}
}

// result goes on with result i of a call.
func (s *search) result(c *ssa.Call, i, depth int) {
	m := made{c, i}
	if s.seen[m] {
		return
	}
	s.seen[m] = true
	s.to.ids[m] = true
	if e, ok := signal.Entry(s.h.w.Base, &c.Call); ok {
		if e.Wraps.Where != kb.Nowhere {
			if v := placeOf(&c.Call, e.Wraps); v != nil {
				s.value(v, depth-1)
				return
			}
		}
		s.to.makes = append(s.to.makes, m)
		return
	}
	fn := c.Call.StaticCallee()
	if fn != nil && fn.Origin() != nil {
		fn = fn.Origin()
	}
	if fn == nil || fn.Blocks == nil {
		s.to.makes = append(s.to.makes, m)
		s.to.open = true
		return
	}
	for _, b := range fn.Blocks {
		if r, ok := b.Instrs[len(b.Instrs)-1].(*ssa.Return); ok && i < len(r.Results) {
			s.value(r.Results[i], depth-1)
		}
	}
}

// storedIn is [storesTo], which is asked once for each variable.
func (w *world) storedIn(v ssa.Value) []ssa.Value {
	vs, ok := w.held[v]
	if !ok {
		vs = storesTo(v)
		w.held[v] = vs
	}
	return vs
}

// storesTo returns what is stored in the variable, by closures as well.
func storesTo(v ssa.Value) []ssa.Value {
	var vs []ssa.Value
	for _, r := range *v.Referrers() {
		switch r := r.(type) {
		case *ssa.Store:
			if r.Addr == v {
				vs = append(vs, r.Val)
			}
		case *ssa.MakeClosure:
			for i, b := range r.Bindings {
				if b == v {
					vs = append(vs, storesTo(r.Fn.(*ssa.Function).FreeVars[i])...)
				}
			}
		}
	}
	return vs
}

// interrupted reports whether somebody other than the goroutine itself can end
// a wait on the handle by one of the events, or anybody sets a deadline on it.
// wait is the instruction that waits, or nil if it is not known: who closes the
// handle only after that very wait ends nothing.
func (h *handles) interrupted(g *Goroutine, wait ssa.Instruction, k *handle, events ...kb.Event) bool {
	for _, r := range h.raised {
		if !k.meets(r.what) {
			continue
		}
		if wait != nil && r.event == kb.Close && !r.apart && afterWait(r.in, wait) {
			continue
		}
		if g != nil && !g.Process && h.w.process[r.in.Parent()] {
			continue // at the end of the process, and the goroutine is to stop before
		}
		for _, e := range events {
			if r.event == e && (e == kb.Deadline || r.apart || !h.w.onlyIn(g, r.in.Parent(), 6)) {
				return true
			}
		}
	}
	return false
}

// peerCloses reports whether the wait on the handle may end because somebody
// closes its other end, which the same call made: the write end of a pipe.
func (h *handles) peerCloses(g *Goroutine, k *handle) bool {
	for _, m := range k.makes {
		results := m.call.Call.Signature().Results()
		for i := range results.Len() {
			if i == m.index || isError(results.At(i).Type()) {
				continue
			}
			e := escape{h: h, seen: make(map[ssa.Value]bool)}
			e.result(m.call, i)
			peer := &handle{ids: map[any]bool{made{m.call, i}: true}}
			if e.out || h.interrupted(g, nil, peer, kb.Close) {
				return true
			}
		}
	}
	return false
}

// afterWait reports whether control gets to in only after the wait, which the
// function of in does by calls: the goroutines of a proxy that copy both ways
// and close both ends when they are done.
func afterWait(in, wait ssa.Instruction) bool {
	if _, deferred := in.(*ssa.Defer); deferred {
		return passes(in.Parent(), wait, nil, 4)
	}
	return passes(in.Parent(), wait, in, 4)
}

// passes reports whether every run of fn goes through the wait before it comes
// to the instruction to, or, if that is nil, before it returns.
func passes(fn *ssa.Function, wait, to ssa.Instruction, depth int) bool {
	for _, b := range fn.Blocks {
		for _, in := range b.Instrs {
			if in != wait {
				c, ok := in.(*ssa.Call)
				if !ok || depth == 0 || c.Call.StaticCallee() == nil || !passes(c.Call.StaticCallee(), wait, nil, depth-1) {
					continue
				}
			}
			if to != nil && precedes(in, to) || to == nil && beforeReturns(in) {
				return true
			}
		}
	}
	return false
}

func beforeReturns(in ssa.Instruction) bool {
	for _, b := range in.Parent().Blocks {
		if r, ok := b.Instrs[len(b.Instrs)-1].(*ssa.Return); ok && !precedes(in, r) {
			return false
		}
	}
	return true
}
