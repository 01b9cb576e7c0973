package handle

import (
	"go/types"

	"golang.org/x/tools/go/ssa"

	"github.com/killcheck/killcheck/analyzer/code"
	"github.com/killcheck/killcheck/analyzer/event"
	"github.com/killcheck/killcheck/analyzer/flow"
	"github.com/killcheck/killcheck/analyzer/kb"
	"github.com/killcheck/killcheck/analyzer/program"
	"github.com/killcheck/killcheck/analyzer/signal"
)

// Made is result number index of a call that makes a handle.
type Made struct {
	Call  *ssa.Call
	Index int
}

// A Handle is what a value may be that is closed, given a deadline or killed: a
// connection, listener, file, process, timer.
type Handle struct {
	Ids   map[any]bool // made, member, *ssa.Global, *ssa.Parameter, *ssa.Alloc
	Makes []Made       // the calls that made it, in the order of the search
	Open  bool         // it may be something else as well
}

// Meets reports whether both may be the same object.
func (h *Handle) Meets(o *Handle) bool {
	for id := range o.Ids {
		if h.Ids[id] {
			return true
		}
	}
	return false
}

// A Raise is a call that may end waits on a handle.
type Raise struct {
	Event kb.Event
	In    ssa.Instruction
	Apart bool // it runs apart from the function that holds it: a method value that is handed on
	What  *Handle
	Value ssa.Value // what it is done to, as it stands there
}

// Handles knows which values of the package are the same handle, and who raises
// them.
type Handles struct {
	ev     *event.Events
	Stores map[any][]ssa.Value       // member or global -> what is stored in it
	loads  map[any][]ssa.Instruction // member or global -> its addresses
	known  map[ssa.Value]*Handle
	Raised []Raise
	trails map[ssa.Value]*Trail
	ended  map[ssa.Value][]Raise // Raised, by Value; nil if not asked for yet

	raisers   map[any][]Raise           // by what they raise
	deadlines map[*ssa.Function][]Raise // the calls of a function that set one; see findDeadlines
	clears    []*Handle
	closers   map[string][]string      // type -> its methods that end waits
	boxed     map[*types.TypeName]bool // see handedOut
}

func New(ev *event.Events) *Handles {
	h := &Handles{ev: ev, Stores: make(map[any][]ssa.Value), loads: make(map[any][]ssa.Instruction), known: make(map[ssa.Value]*Handle), trails: make(map[ssa.Value]*Trail)}
	var buf [16]*ssa.Value
	for _, fn := range ev.Functions {
		for _, b := range fn.Blocks {
			for _, in := range b.Instrs {
				switch in := in.(type) {
				case *ssa.Store:
					if id := code.CellID(in.Addr); id != nil {
						h.Stores[id] = append(h.Stores[id], in.Val)
					}
				case *ssa.FieldAddr:
					if id := code.CellID(in); id != nil {
						h.loads[id] = append(h.loads[id], in)
					}
				case *ssa.Field:
					if id := code.MemberOf(in.X.Type(), in.Field); id != nil {
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
	for _, fn := range ev.Functions {
		for _, b := range fn.Blocks {
			for _, in := range b.Instrs {
				h.raises(in)
			}
		}
	}
	return h
}

// raises records what the instruction raises.
func (h *Handles) raises(in ssa.Instruction) {
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
		h.raise(in, fn, func(p kb.Place) ssa.Value { return program.PlaceOf(c.Common(), p) }, false)
	}
}

func (h *Handles) raise(in ssa.Instruction, fn *types.Func, at func(kb.Place) ssa.Value, apart bool) {
	e, ok := h.ev.Base.Func(fn)
	if !ok {
		if v := at(kb.Place{Where: kb.Recv}); v != nil && fn.Signature().Recv() != nil && h.ev.Base.CloseMethod(fn.Name()) {
			h.Raised = append(h.Raised, Raise{kb.Close, in, apart, h.Of(v), v})
		}
		return
	}
	for _, r := range e.Raises {
		if c, ok := in.(ssa.CallInstruction); ok && r.Event == kb.Deadline && h.Clears(c.Common()) {
			continue
		}
		if v := at(r.At); v != nil {
			h.Raised = append(h.Raised, Raise{r.Event, in, apart, h.Of(v), v})
		}
	}
}

// Of returns the handle that v is.
func (h *Handles) Of(v ssa.Value) *Handle {
	if k := h.known[v]; k != nil {
		return k
	}
	k := &Handle{Ids: make(map[any]bool)}
	h.known[v] = k
	s := search{h, k, make(map[any]bool)}
	s.value(v, 12)
	return k
}

// search goes back from a value to what it may be.
type search struct {
	h    *Handles
	to   *Handle
	seen map[any]bool
}

func (s *search) value(v ssa.Value, depth int) {
	if v == nil || s.seen[v] {
		return
	}
	s.seen[v] = true
	if depth == 0 {
		s.to.Open = true
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
			s.to.Open = true
		}
	case *ssa.Call:
		s.result(v, 0, depth)
	case *ssa.UnOp:
		s.content(v.X, depth)
	case *ssa.Alloc:
		s.to.Ids[v] = true
		s.content(v, depth)
	case *ssa.FieldAddr:
		if s.h.Embedded(v) {
			s.value(v.X, depth) // a method of a part is a method of the whole
			return
		}
		s.content(v, depth)
	case *ssa.Field:
		s.cell(code.MemberOf(v.X.Type(), v.Field), depth)
	case *ssa.FreeVar:
		s.bound(v, depth)
	case *ssa.Parameter:
		s.parameter(v, depth)
	case *ssa.Global:
		s.to.Ids[v] = true
	case *ssa.Const:
	default:
		s.to.Open = true
	}
}

// content goes on with what the variable at addr holds.
func (s *search) content(addr ssa.Value, depth int) {
	switch a := addr.(type) {
	case *ssa.Alloc:
		for _, v := range s.h.ev.StoredIn(a) {
			s.value(v, depth)
		}
		if _, ok := a.Type().(*types.Pointer).Elem().Underlying().(*types.Struct); ok {
			s.to.Ids[a] = true
		}
	case *ssa.FieldAddr, *ssa.Global:
		s.cell(code.CellID(a), depth)
	case *ssa.FreeVar:
		if b := code.Binding(a); b != nil {
			s.content(b, depth)
			return
		}
		s.to.Open = true
	default:
		s.to.Open = true
	}
}

func (s *search) cell(id any, depth int) {
	if id == nil {
		s.to.Open = true
		return
	}
	if s.seen[id] {
		return
	}
	s.seen[id] = true
	s.to.Ids[id] = true
	s.to.Open = s.to.Open || s.h.Others(id)
	for _, v := range s.h.Stores[id] {
		s.value(v, depth-1)
	}
}

// Embedded reports whether the field is embedded in a type of another package.
func (h *Handles) Embedded(a *ssa.FieldAddr) bool {
	named, st := code.StructOf(a.X.Type())
	return named != nil && named.Obj().Pkg() != h.ev.Pkg && st.Field(a.Field).Embedded()
}

// Others reports whether other packages can store in the variable.
func (h *Handles) Others(id any) bool {
	closed := h.ev.Pkg.Name() == "main"
	switch id := id.(type) {
	case *ssa.Global:
		return !closed && id.Object() != nil && id.Object().Exported()
	case code.Member:
		if id.Owner.Pkg() != h.ev.Pkg {
			return true
		}
		st, ok := id.Owner.Type().Underlying().(*types.Struct)
		return !ok || id.Index >= st.NumFields() || !closed && id.Owner.Exported() && st.Field(id.Index).Exported()
	}
	return true
}

func (s *search) bound(fv *ssa.FreeVar, depth int) {
	b := code.Binding(fv)
	if b == nil {
		s.to.Open = true
		return
	}
	s.value(b, depth)
}

func (s *search) parameter(p *ssa.Parameter, depth int) {
	s.to.Ids[p] = true
	fn := p.Parent()
	calls, open := s.h.ev.Graph.Callers(fn)
	s.to.Open = s.to.Open || open || len(calls) == 0
	for _, c := range calls {
		if v := code.Argument(c.Common(), p); v != nil {
			s.value(v, depth-1)
		} else {
			s.to.Open = true
		}
	}
}

// result goes on with result i of a call.
func (s *search) result(c *ssa.Call, i, depth int) {
	m := Made{c, i}
	if s.seen[m] {
		return
	}
	s.seen[m] = true
	s.to.Ids[m] = true
	if e, ok := signal.Entry(s.h.ev.Base, &c.Call); ok {
		if e.Wraps.Where != kb.Nowhere {
			if v := program.PlaceOf(&c.Call, e.Wraps); v != nil {
				s.value(v, depth-1)
				return
			}
		}
		s.to.Makes = append(s.to.Makes, m)
		return
	}
	fn := c.Call.StaticCallee()
	if fn != nil && fn.Origin() != nil {
		fn = fn.Origin()
	}
	if fn == nil || fn.Blocks == nil {
		s.to.Makes = append(s.to.Makes, m)
		s.to.Open = true
		return
	}
	for _, b := range fn.Blocks {
		if r, ok := b.Instrs[len(b.Instrs)-1].(*ssa.Return); ok && i < len(r.Results) {
			s.value(r.Results[i], depth-1)
		}
	}
}

// Interrupted reports whether somebody other than the goroutine itself can end
// a wait on the handle by one of the events, or anybody sets a deadline on it.
// wait is the instruction that waits, or nil if it is not known: who closes the
// handle only after that very wait ends nothing.
func (h *Handles) Interrupted(g *program.Goroutine, wait ssa.Instruction, k *Handle, events ...kb.Event) bool {
	for _, r := range h.Raised {
		if !k.Meets(r.What) {
			continue
		}
		if wait != nil && r.Event == kb.Close && !r.Apart && afterWait(r.In, wait) {
			continue
		}
		if g != nil && !g.Process && h.ev.Process[r.In.Parent()] {
			continue // at the end of the process, and the goroutine is to stop before
		}
		for _, e := range events {
			if r.Event == e && (e == kb.Deadline || r.Apart || !h.ev.OnlyIn(g, r.In.Parent(), 6)) {
				return true
			}
		}
	}
	return false
}

// PeerCloses reports whether the wait on the handle may end because somebody
// closes its other end, which the same call made: the write end of a pipe.
func (h *Handles) PeerCloses(g *program.Goroutine, k *Handle) bool {
	for _, m := range k.Makes {
		results := m.Call.Call.Signature().Results()
		for i := range results.Len() {
			if i == m.Index || code.IsError(results.At(i).Type()) {
				continue
			}
			e := Escape{H: h, Seen: make(map[ssa.Value]bool)}
			e.Result(m.Call, i)
			peer := &Handle{Ids: map[any]bool{Made{m.Call, i}: true}}
			if e.Out || h.Interrupted(g, nil, peer, kb.Close) {
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
		return flow.Passes(in.Parent(), wait, nil, 4)
	}
	return flow.Passes(in.Parent(), wait, in, 4)
}

// LoadsOf returns the addresses of a member or global in the package.
func (h *Handles) LoadsOf(id any) []ssa.Instruction { return h.loads[id] }
