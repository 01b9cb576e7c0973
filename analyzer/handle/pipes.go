package handle

import (
	"go/types"
	"slices"

	"golang.org/x/tools/go/ssa"

	"github.com/killcheck/killcheck/analyzer/code"
	"github.com/killcheck/killcheck/analyzer/flow"
	"github.com/killcheck/killcheck/analyzer/kb"
	"github.com/killcheck/killcheck/analyzer/program"
	"github.com/killcheck/killcheck/analyzer/signal"
)

// A Left is a wait of a goroutine on one end of a pipe without room, whose other
// end the function that started the goroutine can leave as it is.
type Left struct {
	Wait  ssa.CallInstruction
	F     *program.Frame
	Reads bool                // the wait reads, and the writer's end is left
	Ret   *ssa.Return         // where that function returns
	By    ssa.CallInstruction // what is given the other end and need not go on to its end; nil if there is none
	Sure  bool                // what is given it cannot close it
}

// Left returns such waits of the goroutine.
func (h *Handles) Left(g *program.Goroutine) []Left {
	var all []Left
	for _, f := range g.Frames {
		graph := h.ev.PlainGraph(f.Fn)
		for _, b := range f.Fn.Blocks {
			for _, in := range b.Instrs {
				c, ok := in.(*ssa.Call)
				if !ok || !graph.Executes(c) {
					continue
				}
				for _, v := range h.waitsOn(&c.Call) {
					m, ok := h.resolve(v, f, g, 8).(Made)
					if !ok || m.Call.Parent() != g.Site.In {
						continue
					}
					if l, ok := h.left(g, m); ok {
						l.Wait, l.F = c, f
						all = append(all, l)
					}
				}
			}
		}
	}
	return all
}

// waitsOn returns the values that a call reads from or writes to.
func (h *Handles) waitsOn(c *ssa.CallCommon) []ssa.Value {
	e, ok := signal.Entry(h.ev.Base, c)
	if !ok {
		return nil
	}
	var vs []ssa.Value
	switch {
	case e.Effect == kb.Passes:
		for _, p := range e.Wake(kb.Underlying) {
			if v := program.PlaceOf(c, p); v != nil {
				vs = append(vs, v)
			}
		}
	case e.Effect == kb.Blocks && e.Kind == kb.KindPipeIO && len(e.Wake(kb.Peer)) > 0:
		if v := code.Receiver(c); v != nil {
			vs = append(vs, v)
		}
	}
	return vs
}

// resolve follows a value of a frame back to the result of a call that it is, as a
// Made, or returns nil.
func (h *Handles) resolve(v ssa.Value, f *program.Frame, g *program.Goroutine, depth int) any {
	if depth == 0 {
		return nil
	}
	p := h.ev.Place(v, nil)
	if p.Path != "" {
		return nil
	}
	switch x := p.Root.(type) {
	case *ssa.Extract:
		if c, ok := x.Tuple.(*ssa.Call); ok {
			return Made{c, x.Index}
		}
	case *ssa.Call:
		if e, ok := signal.Entry(h.ev.Base, &x.Call); ok && e.Wraps.Where != kb.Nowhere {
			if w := program.PlaceOf(&x.Call, e.Wraps); w != nil {
				return h.resolve(w, f, g, depth-1)
			}
		}
	case *ssa.Parameter:
		for ; f != nil; f = f.From {
			if f.Fn != x.Parent() {
				continue
			}
			call := g.Site.Call
			if f.Call != nil {
				call = f.Call.Common()
			}
			if call == nil {
				return nil
			}
			if a := code.Argument(call, x); a != nil {
				return h.resolve(a, f.From, g, depth-1)
			}
			return nil
		}
	}
	return nil
}

// pipe returns the number of the other end, if the result is one end of a pipe
// without room: the other is made by the same call, and each waits for the other.
func (h *Handles) pipe(m Made) (other int, reads, ok bool) {
	res := m.Call.Call.Signature().Results()
	if res.Len() != 2 || m.Index > 1 {
		return 0, false, false
	}
	waits := func(i int, name string) bool {
		obj, _, _ := types.LookupFieldOrMethod(res.At(i).Type(), true, nil, name)
		fn, ok := obj.(*types.Func)
		if !ok {
			return false
		}
		e, ok := h.ev.Base.Func(fn)
		return ok && e.Effect == kb.Blocks && e.Kind == kb.KindPipeIO && len(e.Wake(kb.Peer)) > 0
	}
	other = 1 - m.Index
	switch {
	case waits(m.Index, "Write") && waits(other, "Read"):
		return other, false, true
	case waits(m.Index, "Read") && waits(other, "Write"):
		return other, true, true
	}
	return 0, false, false
}

// left judges what the function that starts the goroutine does with the other end
// of the pipe, of which the goroutine has one.
func (h *Handles) left(g *program.Goroutine, m Made) (Left, bool) {
	other, reads, ok := h.pipe(m)
	if !ok {
		return Left{}, false
	}
	fn := g.Site.In
	u := ends{h: h, fn: fn, g: g, reads: reads, stops: make(map[ssa.Instruction]bool), unsure: make(map[ssa.Instruction]bool)}
	for _, r := range *m.Call.Referrers() {
		if x, ok := r.(*ssa.Extract); ok {
			u.own = x.Index != other
			u.uses(x, 6)
		}
	}
	if u.lost {
		return Left{}, false
	}
	for _, b := range u.read {
		open := slices.DeleteFunc(slices.Clone(b.Preds), u.closedIn)
		if len(open) <= 1 { // that on which there is no error
			u.stops[b.Instrs[0]] = true
		}
	}
	for in := range u.stops {
		if _, ok := in.(*ssa.Defer); ok && h.ev.Precedes(in, g.Site.Inst) {
			return Left{}, false
		}
	}
	graph := h.ev.PlainGraph(fn)
	l := Left{Reads: reads}
	for in := range u.unsure {
		u.stops[in] = true
	}
	l.Sure = true
	l.Ret = flow.FirstReturn(graph, g.Site.Inst.Block(), g.Site.Inst, u.stops)
	if l.Ret == nil {
		l.Sure = false
		for in := range u.unsure {
			delete(u.stops, in)
		}
		l.Ret = flow.FirstReturn(graph, g.Site.Inst.Block(), g.Site.Inst, u.stops)
	}
	if len(u.given) > 0 {
		l.By = u.given[0]
	}
	return l, l.Ret != nil
}

// ends gathers what a function does with the ends of a pipe.
type ends struct {
	h     *Handles
	fn    *ssa.Function
	g     *program.Goroutine
	reads bool // the goroutine reads
	own   bool // the end that is looked at is that of the goroutine

	stops  map[ssa.Instruction]bool // closes an end, reads to the end, or hands it on
	unsure map[ssa.Instruction]bool // may close it
	given  []ssa.CallInstruction    // are given the other end, and need not read to its end
	read   []*ssa.BasicBlock        // where it has been read to its end, unless control came by an error
	lost   bool                     // it is out of sight
}

// closedIn reports whether an end is closed in the block.
func (u *ends) closedIn(b *ssa.BasicBlock) bool {
	return slices.ContainsFunc(b.Instrs, func(in ssa.Instruction) bool { return u.stops[in] })
}

// uses looks at what is done with an end of the pipe, which is v.
func (u *ends) uses(v ssa.Value, depth int) {
	if depth == 0 || v.Referrers() == nil {
		u.lost = true
		return
	}
	for _, r := range *v.Referrers() {
		switch r := r.(type) {
		case *ssa.MakeInterface:
			u.uses(r, depth-1)
		case *ssa.ChangeInterface:
			u.uses(r, depth-1)
		case *ssa.ChangeType:
			u.uses(r, depth-1)
		case *ssa.DebugRef, *ssa.BinOp:
		case *ssa.Store:
			if cell, ok := r.Addr.(*ssa.Alloc); ok && r.Val == v && code.OnlyStore(cell) == v {
				u.cell(cell, depth)
			} else {
				u.lost = true
			}
		case *ssa.MakeClosure:
			u.capture(r)
		case ssa.CallInstruction:
			u.call(r, v, depth)
		case *ssa.Return:
			u.stops[r] = true
		default:
			u.lost = true
		}
	}
}

// cell looks at the uses of a variable that holds the end.
func (u *ends) cell(cell *ssa.Alloc, depth int) {
	for _, r := range *cell.Referrers() {
		switch r := r.(type) {
		case *ssa.UnOp:
			u.uses(r, depth-1)
		case *ssa.MakeClosure:
			u.capture(r)
		case *ssa.Store, *ssa.DebugRef:
		default:
			u.lost = true
		}
	}
}

// capture looks at a function literal that has the end.
func (u *ends) capture(m *ssa.MakeClosure) {
	fn := m.Fn.(*ssa.Function)
	if fn == u.g.Site.Body {
		u.lost = u.lost || !u.own
		return
	}
	if len(*m.Referrers()) == 1 {
		if d, ok := (*m.Referrers())[0].(*ssa.Defer); ok && d.Call.Value == m {
			u.stops[d] = true // it is there to close
			return
		}
	}
	u.lost = true
}

// call looks at a call that works on the end, or is given it.
func (u *ends) call(c ssa.CallInstruction, v ssa.Value, depth int) {
	com := c.Common()
	e, known := signal.Entry(u.h.ev.Base, com)
	if c == u.g.Site.Inst {
		u.lost = u.lost || !u.own
		return
	}
	if code.Receiver(com) == v {
		switch {
		case known && slices.Contains(e.Raise(kb.Close), kb.Place{Where: kb.Recv}):
			u.stops[c] = true
		case known && e.Effect == kb.Blocks || known && e.Effect == kb.Passes:
		default:
			u.lost = true
		}
		return
	}
	if u.own {
		u.lost = true // somebody else has it, too
		return
	}
	switch {
	case known && e.Wraps.Where != kb.Nowhere && program.PlaceOf(com, e.Wraps) == v:
		if w, ok := c.(*ssa.Call); ok {
			u.uses(w, depth-1)
		}
	case known && e.Effect == kb.Passes:
		if !u.reads {
			u.stops[c] = true // taken to read to the end
		}
	case known:
		u.lost = true
	default:
		u.give(c, v)
	}
}

// give looks at a call of code that is not known which is given the end. As long as
// that is no more than a reader or writer to it, it is not for it to close the end.
func (u *ends) give(c ssa.CallInstruction, v ssa.Value) {
	com := c.Common()
	if _, ok := c.(*ssa.Call); !ok || !types.IsInterface(v.Type()) || closes(v.Type()) {
		u.stops[c] = true
		return
	}
	if b := flow.WithoutError(c.(*ssa.Call)); b != nil && !u.reads {
		u.read = append(u.read, b) // without an error it has read to the end
	}
	fns, open := u.h.ev.Graph.Callees(c)
	switch {
	case com.IsInvoke():
		u.unsure[c] = true
		u.given = append(u.given, c)
	case com.StaticCallee() == nil && (open || len(fns) == 0):
		u.given = append(u.given, c)
	default:
		u.stops[c] = true
	}
}

// closes reports whether a value of the type can be closed as it is.
func closes(t types.Type) bool {
	obj, _, _ := types.LookupFieldOrMethod(t, true, nil, "Close")
	_, ok := obj.(*types.Func)
	return ok
}
