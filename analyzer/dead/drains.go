package dead

import (
	"go/token"
	"go/types"

	"golang.org/x/tools/go/ssa"

	"github.com/killcheck/killcheck/analyzer/code"
	"github.com/killcheck/killcheck/analyzer/flow"
	"github.com/killcheck/killcheck/analyzer/kb"
	"github.com/killcheck/killcheck/analyzer/program"
	"github.com/killcheck/killcheck/analyzer/signal"
)

// A Drain is a receive that is to empty the channel of a timer which was stopped
// too late, although the value in it may have been received before: then nothing
// comes any more. All versions of Go agree on that. What a Stop does to a value that
// nobody has received is another matter, which go1.23 has changed.
type Drain struct {
	In    *ssa.UnOp
	Stop  token.Pos // the call of Stop
	Taken token.Pos // the receive that came first
}

// Drains returns the receives of fn from timers that it drains in vain. The timer
// must be set again by nobody but the function, and nothing but the answer of Stop
// may decide whether it is drained.
func (ev *Waits) Drains(fn *ssa.Function) []Drain {
	var all []Drain
	graph := ev.PlainGraph(fn)
	for u := range ev.Receives(fn) {
		t, ok := ev.timerOf(u.X)
		if !ok || !graph.Executes(u) {
			continue
		}
		stop := ev.stopped(t, u)
		if stop == nil {
			continue
		}
		in, sites := fn, []ssa.Instruction{u}
		if d := deferOf(fn); d != nil { // it runs when the function around it returns
			in, sites = fn.Parent(), returnsAfter(d)
		}
		if taken := ev.taken(t, in, sites, u, stop); taken.IsValid() {
			all = append(all, Drain{u, stop.Pos(), taken})
		}
	}
	return all
}

// timerOf returns which timer's channel v is, of one that fires once and that is
// the same wherever the function comes round.
func (ev *Waits) timerOf(v ssa.Value) (program.Place, bool) {
	u, ok := v.(*ssa.UnOp)
	if !ok {
		return program.Place{}, false
	}
	fa, ok := u.X.(*ssa.FieldAddr)
	if !ok {
		return program.Place{}, false
	}
	named, st := code.StructOf(fa.X.Type())
	if named == nil {
		return program.Place{}, false
	}
	row, ok := ev.Base.Field(named, st.Field(fa.Field).Name())
	if !ok || row.Effect != kb.NeverClosed || !row.Once {
		return program.Place{}, false
	}
	return ev.timerAt(fa.X)
}

// timerAt says which timer v is.
func (ev *Waits) timerAt(v ssa.Value) (program.Place, bool) {
	p := ev.Place(v, nil)
	switch p.Root.(type) {
	case *ssa.Phi, *ssa.Extract, *ssa.Lookup:
		return p, false
	}
	return p, true
}

// timerCall returns which timer the call is made on, and its row.
func (ev *Waits) timerCall(in ssa.Instruction) (program.Place, kb.Entry, bool) {
	c, ok := in.(*ssa.Call)
	if !ok || code.Receiver(&c.Call) == nil {
		return program.Place{}, kb.Entry{}, false
	}
	e, ok := signal.Entry(ev.Base, &c.Call)
	if !ok || e.Kind != kb.KindTimer {
		return program.Place{}, kb.Entry{}, false
	}
	p, ok := ev.timerAt(code.Receiver(&c.Call))
	return p, e, ok
}

// stopped returns the call of Stop on the timer whose answer, that it came too
// late, alone leads to the receive.
func (ev *Waits) stopped(t program.Place, u *ssa.UnOp) *ssa.Call {
	for cond, holds := range flow.HoldsAt(u.Block()) {
		cond, want := flow.Positive(cond)
		c, ok := cond.(*ssa.Call)
		if !ok || holds == want {
			continue
		}
		if p, e, ok := ev.timerCall(c); ok && p == t && e.Effect == kb.Instant {
			return c
		}
	}
	return nil
}

// deferOf returns the instruction that defers the function literal, if that is all
// that is done with it.
func deferOf(fn *ssa.Function) *ssa.Defer {
	if fn.Parent() == nil || fn.Referrers() == nil {
		return nil
	}
	var d *ssa.Defer
	for _, r := range *fn.Referrers() {
		m, ok := r.(*ssa.MakeClosure)
		if !ok || len(*m.Referrers()) != 1 || d != nil {
			return nil
		}
		if d, ok = (*m.Referrers())[0].(*ssa.Defer); !ok {
			return nil
		}
	}
	return d
}

// returnsAfter returns the returns of the function that come behind the
// instruction.
func returnsAfter(d *ssa.Defer) []ssa.Instruction {
	var all []ssa.Instruction
	for _, b := range d.Parent().Blocks {
		if r, ok := b.Instrs[len(b.Instrs)-1].(*ssa.Return); ok && d.Block().Dominates(b) {
			all = append(all, r)
		}
	}
	return all
}

// taken returns a receive from the timer in fn from which control comes to one of
// the sites without setting the timer again, and without a condition on the way to
// the drain that may know of the receive.
func (ev *Waits) taken(t program.Place, fn *ssa.Function, sites []ssa.Instruction, u *ssa.UnOp, stop *ssa.Call) token.Pos {
	if ev.resetElsewhere(t, fn) {
		return token.NoPos
	}
	graph := ev.PlainGraph(fn)
	for _, b := range fn.Blocks {
		for i, to := range b.Succs {
			sel, k := flow.SelectCase(b, i)
			if sel == nil || k >= len(sel.States) || sel.States[k].Dir != types.RecvOnly || !graph.Reachable(to) || len(to.Preds) != 1 {
				continue
			}
			if p, ok := ev.timerOf(sel.States[k].Chan); !ok || p != t || !ev.onlyBy(u, stop, to) {
				continue
			}
			if ev.comesUnset(t, graph, to, sites) {
				return sel.States[k].Pos
			}
		}
	}
	return token.NoPos
}

// onlyBy reports whether nothing decides about the drain but the answer of Stop,
// the choice of a select, and what holds at the block as well.
func (ev *Waits) onlyBy(u *ssa.UnOp, stop *ssa.Call, from *ssa.BasicBlock) bool {
	before := flow.HoldsAt(from)
	for cond, holds := range flow.HoldsAt(u.Block()) {
		if was, ok := before[cond]; ok && was == holds {
			continue
		}
		c, _ := flow.Positive(cond)
		if c == ssa.Value(stop) {
			continue
		}
		cmp, ok := c.(*ssa.BinOp)
		if !ok {
			return false
		}
		if x, ok := cmp.X.(*ssa.Extract); !ok || x.Index != 0 {
			return false
		} else if _, ok := x.Tuple.(*ssa.Select); !ok {
			return false
		}
	}
	return true
}

// comesUnset reports whether control comes from the block to one of the sites
// without setting the timer again.
func (ev *Waits) comesUnset(t program.Place, graph *flow.Graph, from *ssa.BasicBlock, sites []ssa.Instruction) bool {
	is := make(map[ssa.Instruction]bool)
	for _, s := range sites {
		is[s] = true
	}
	return flow.Reaches(graph, from, nil, is, func(in ssa.Instruction) bool { return ev.sets(t, in) })
}

// sets reports whether the instruction sets a timer, perhaps that one, or puts
// another in its place.
func (ev *Waits) sets(t program.Place, in ssa.Instruction) bool {
	if v, ok := in.(ssa.Value); ok && t.Root == v {
		return true // it makes the timer
	}
	switch in := in.(type) {
	case *ssa.Call:
		if _, e, ok := ev.timerCall(in); ok || e.Kind == kb.KindTimer {
			return e.Effect == kb.Raises
		}
		fns, _ := ev.Graph.Callees(in)
		for _, fn := range fns {
			if ev.setsIn(fn, 3) {
				return true
			}
		}
	case *ssa.Store:
		return ev.isTimer(in.Val.Type())
	}
	return false
}

// setsIn reports whether fn, or what it calls, sets a timer.
func (ev *Waits) setsIn(fn *ssa.Function, depth int) bool {
	for _, b := range fn.Blocks {
		for _, in := range b.Instrs {
			switch in := in.(type) {
			case *ssa.Store:
				if ev.isTimer(in.Val.Type()) {
					return true
				}
			case *ssa.Call:
				if e, ok := signal.Entry(ev.Base, &in.Call); ok {
					if e.Kind == kb.KindTimer && e.Effect == kb.Raises {
						return true
					}
					continue
				}
				fns, _ := ev.Graph.Callees(in)
				for _, f := range fns {
					if depth > 0 && ev.setsIn(f, depth-1) {
						return true
					}
				}
			}
		}
	}
	return false
}

// resetElsewhere reports whether code beside fn sets a timer like that again: the
// same one, or one in the same field.
func (ev *Waits) resetElsewhere(t program.Place, fn *ssa.Function) bool {
	if ev.resets == nil {
		ev.resets = ev.findResets()
	}
	for _, r := range ev.resets {
		if r.fn != fn && (r.timer == t || t.Path != "" && r.timer.Path == t.Path && !(made(t.Root) && made(r.timer.Root))) {
			return true
		}
	}
	return false
}

// made reports whether v is an object that the function makes.
func made(v ssa.Value) bool {
	_, ok := v.(*ssa.Alloc)
	return ok
}

// A reset is a call that sets a timer again.
type reset struct {
	fn    *ssa.Function
	timer program.Place
}

// findResets returns the calls of the package that set timers again.
func (ev *Waits) findResets() []reset {
	all := []reset{}
	for _, fn := range ev.Functions {
		if ev.InTest(fn.Pos()) {
			continue
		}
		for _, b := range fn.Blocks {
			for _, in := range b.Instrs {
				if t, e, _ := ev.timerCall(in); e.Kind == kb.KindTimer && e.Effect == kb.Raises {
					all = append(all, reset{fn, t})
				}
			}
		}
	}
	return all
}

// isTimer reports whether values of the type have a channel on which one value
// comes when a time has passed.
func (ev *Waits) isTimer(t types.Type) bool {
	named, st := code.StructOf(t)
	if named == nil || st == nil {
		return false
	}
	for i := range st.NumFields() {
		if row, ok := ev.Base.Field(named, st.Field(i).Name()); ok && row.Effect == kb.NeverClosed && row.Once {
			return true
		}
	}
	return false
}
