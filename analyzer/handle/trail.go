package handle

import (
	"go/types"
	"slices"

	"golang.org/x/tools/go/ssa"

	"github.com/killcheck/killcheck/analyzer/code"
	"github.com/killcheck/killcheck/analyzer/kb"
	"github.com/killcheck/killcheck/analyzer/signal"
)

// A Trail is all that is done with a handle which is made in sight: every use of it
// is seen, and nobody outside the program ends a wait on it.
type Trail struct {
	Row    kb.Entry // of what makes it; no row if it is an object that is made in place
	Raised []Raise  // what ends waits on it, done to it or to its other end
	seen   map[ssa.Value]bool
}

// Listens reports whether the handle waits for others to come, as a listener or a
// server does: such are often meant to live as long as the process.
func (t *Trail) Listens() bool { return !t.Row.Paired }

// Has reports whether the value is the handle.
func (t *Trail) Has(v ssa.Value) bool { return t.seen[v] }

// Trail returns what is done with the handle that is v: the result of a call, or an
// object that is made in place. It is nil if some use of it is out of sight, or if
// somebody outside may end the waits on it, as the other side of a connection does.
func (h *Handles) Trail(v ssa.Value) *Trail {
	t, ok := h.trails[v]
	if !ok {
		t = h.trail(v)
		h.trails[v] = t
	}
	return t
}

func (h *Handles) trail(v ssa.Value) *Trail {
	t := &Trail{}
	e := Escape{H: h, Seen: make(map[ssa.Value]bool)}
	switch x := v.(type) {
	case *ssa.Alloc:
		if _, ok := x.Type().(*types.Pointer).Elem().Underlying().(*types.Struct); !ok || !h.serves(x.Type()) {
			return nil
		}
	case *ssa.Call:
		row, ok := h.maker(x, 0, 3)
		if !ok {
			return nil
		}
		t.Row = row
	case *ssa.Extract:
		c, ok := x.Tuple.(*ssa.Call)
		if !ok {
			return nil
		}
		if t.Row, ok = h.maker(c, x.Index, 3); !ok || code.IsError(x.Type()) {
			return nil
		}
		for _, r := range *c.Referrers() {
			if o, ok := r.(*ssa.Extract); ok && t.Row.Paired && o.Index != x.Index && !code.IsError(o.Type()) {
				e.value(o)
			}
		}
	default:
		return nil
	}
	e.value(v)
	if e.Out {
		return nil
	}
	t.seen = e.Seen
	t.Raised = h.raisedOn(e.Seen)
	return t
}

// Calls returns the calls of the function that is v, and whether there may be others.
func (h *Handles) Calls(v ssa.Value) (calls []ssa.CallInstruction, open bool) {
	e := Escape{H: h, Seen: make(map[ssa.Value]bool)}
	e.value(v)
	return e.calls, e.Out
}

// serves reports whether the pointer is one to a server: it has a method that waits
// and one that ends the wait.
func (h *Handles) serves(t types.Type) bool {
	ms := types.NewMethodSet(t)
	waits, ends := false, false
	for i := range ms.Len() {
		fn, ok := ms.At(i).Obj().(*types.Func)
		if !ok {
			continue
		}
		e, ok := h.ev.Base.Func(fn)
		waits = waits || ok && e.Effect == kb.Blocks && e.Kind == kb.KindHTTPServer
		ends = ends || ok && len(e.Raise(kb.Close)) > 0
	}
	return waits && ends
}

// maker returns the row of what makes result i of the call: the call itself, or one in
// the function of the package that it runs, which does no more with it than return it.
func (h *Handles) maker(c *ssa.Call, i, depth int) (kb.Entry, bool) {
	if row, ok := signal.Entry(h.ev.Base, &c.Call); ok {
		return row, row.Kind == kb.KindNetListen || row.Paired && depth == 3
	}
	fn := c.Call.StaticCallee()
	if depth == 0 || fn == nil || fn.Blocks == nil || fn.Parent() != nil || fn.Pkg == nil || fn.Pkg.Pkg != h.ev.Pkg {
		return kb.Entry{}, false
	}
	var row kb.Entry
	found := false
	for _, b := range fn.Blocks {
		r, ok := b.Instrs[len(b.Instrs)-1].(*ssa.Return)
		if !ok {
			continue
		}
		if i >= len(r.Results) {
			return kb.Entry{}, false
		}
		v := r.Results[i]
		if m, ok := v.(*ssa.MakeInterface); ok {
			v = m.X
		}
		if code.IsNil(v) {
			continue
		}
		from, at := v, 0
		if x, ok := v.(*ssa.Extract); ok {
			from, at = x.Tuple, x.Index
		}
		made, ok := from.(*ssa.Call)
		if !ok {
			return kb.Entry{}, false
		}
		if row, ok = h.maker(made, at, depth-1); !ok {
			return kb.Entry{}, false
		}
		e := Escape{H: h, Seen: make(map[ssa.Value]bool), inside: true}
		e.value(v)
		if e.Out || len(h.raisedOn(e.Seen)) > 0 {
			return kb.Entry{}, false
		}
		found = true
	}
	return row, found
}

// raisedOn returns what is raised on one of the values, in the order of the source.
func (h *Handles) raisedOn(values map[ssa.Value]bool) []Raise {
	if h.ended == nil {
		h.ended = make(map[ssa.Value][]Raise)
		for _, r := range h.Raised {
			h.ended[r.Value] = append(h.ended[r.Value], r)
		}
	}
	var all []Raise
	for v := range values {
		all = append(all, h.ended[v]...)
	}
	slices.SortFunc(all, func(a, b Raise) int { return int(a.In.Pos()) - int(b.In.Pos()) })
	return all
}

// Keeps returns which of the parameters of fn, which are handles, are no other after a
// call of it: nothing there closes one, sets a deadline on it, stores it or hands it
// to code that may do so.
func (h *Handles) Keeps(fn *ssa.Function) []int {
	var all []int
	for i, p := range fn.Params {
		if !h.isHandle(p.Type()) {
			continue
		}
		e := Escape{H: h, Seen: make(map[ssa.Value]bool), inside: true}
		e.value(p)
		if !e.Out && len(h.raisedOn(e.Seen)) == 0 {
			all = append(all, i)
		}
	}
	return all
}

// isHandle reports whether values of the type are closed, or have a deadline.
func (h *Handles) isHandle(t types.Type) bool {
	if n := code.TypeName(t); n == nil || n.Pkg() == h.ev.Pkg {
		return false
	}
	switch t.Underlying().(type) {
	case *types.Interface, *types.Pointer:
		return closes(t)
	}
	return false
}

// keptBy reports whether the call is one of a function of another package that leaves
// the handle which is argument i as it is.
func (h *Handles) keptBy(c *ssa.CallCommon, i int) bool {
	fn := signal.Callee(c)
	if fn == nil || fn.Pkg() == h.ev.Pkg || h.ev.Fact == nil {
		return false
	}
	f := h.ev.Fact(fn)
	return f != nil && (slices.Contains(f.Keeps, i) || slices.Contains(f.Writes, i) || slices.Contains(f.Ticks, i))
}
