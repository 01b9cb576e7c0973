package circle

import (
	"slices"

	"golang.org/x/tools/go/ssa"

	"github.com/killcheck/killcheck/analyzer/flow"
)

// held returns a wait that comes before the waker.
func (c *circle) held(w waker) ssa.Instruction {
	if w.body != nil {
		return c.end(w.body)
	}
	return c.before(w.in)
}

// before returns a wait that control passes on every way to the instruction, or nil.
func (c *circle) before(in ssa.Instruction) ssa.Instruction {
	fn := in.Parent()
	if _, ok := in.(*ssa.Defer); ok {
		return c.end(fn)
	}
	if w := c.local(fn, func(p *Point) bool { return p.In != in && c.precedes(p, in) }, func(call *ssa.Call) bool { return c.ct.Precedes(call, in) }); w != nil {
		return w
	}
	return c.entry(fn)
}

// end returns a wait that control passes before fn returns, or nil.
func (c *circle) end(fn *ssa.Function) ssa.Instruction {
	if w := c.passes(fn); w != nil {
		return w
	}
	return c.entry(fn)
}

// local returns a wait of fn, or a call of what waits, for which one of the functions
// holds.
func (c *circle) local(fn *ssa.Function, point func(*Point) bool, called func(*ssa.Call) bool) ssa.Instruction {
	for _, p := range c.points[fn] {
		if c.stuck[p.on] && point(p) {
			return p.In
		}
	}
	for _, call := range c.calls[fn] {
		if w := c.passes(call.Call.StaticCallee()); w != nil && called(call) {
			return w
		}
	}
	return nil
}

func (c *circle) precedes(p *Point, in ssa.Instruction) bool {
	if p.exit != nil {
		return p.exit.Dominates(in.Block())
	}
	return c.ct.Precedes(p.In, in)
}

// passes returns a wait of fn or of what it calls that it passes before it returns,
// or nil. A wait for what fn itself makes is none that holds up who calls it: each call
// has its own, and to call itself brings fn to another one.
func (c *circle) passes(fn *ssa.Function) ssa.Instruction {
	if w, ok := c.blocks[fn]; ok {
		return w
	}
	c.blocks[fn] = nil
	if len(c.points[fn])+len(c.calls[fn]) == 0 {
		return nil
	}
	rets := flow.ReturnsOf(c.ct.PlainGraph(fn))
	if len(rets) == 0 {
		return nil
	}
	all := func(before func(*ssa.Return) bool) bool {
		return !slices.ContainsFunc(rets, func(r *ssa.Return) bool { return !before(r) })
	}
	w := c.local(fn,
		func(p *Point) bool {
			return !p.on.madeIn(fn) && all(func(r *ssa.Return) bool { return c.precedes(p, r) })
		},
		func(call *ssa.Call) bool { return all(func(r *ssa.Return) bool { return c.ct.Precedes(call, r) }) })
	c.blocks[fn] = w
	return w
}

// madeIn reports whether fn makes what the wait is for.
func (k circleKey) madeIn(fn *ssa.Function) bool {
	if k.class != nil {
		return !slices.ContainsFunc(k.class.Makes, func(m *ssa.MakeChan) bool { return m.Parent() != fn })
	}
	wait, ok := k.in.(*ssa.Call)
	if !ok || k.op != joining || len(wait.Call.Args) == 0 {
		return false
	}
	v := wait.Call.Args[0]
	for {
		part, ok := v.(*ssa.FieldAddr)
		if !ok {
			made, ok := v.(*ssa.Alloc)
			return ok && made.Parent() == fn
		}
		v = part.X
	}
}

// entry returns a wait that comes before every call of fn, or every start of it, or
// nil.
func (c *circle) entry(fn *ssa.Function) ssa.Instruction {
	if w, ok := c.entered[fn]; ok {
		return w
	}
	c.entered[fn] = nil
	calls, open := c.ct.Graph.Callers(fn)
	sites := c.ct.SiteIndex().Of[fn]
	if open && (len(sites) == 0 || !c.ct.OnlyStarted(fn)) {
		return nil
	}
	var first ssa.Instruction
	for _, s := range sites {
		if first = c.before(s.Inst); first == nil {
			return nil
		}
	}
	for _, call := range calls {
		if first = c.before(call); first == nil {
			return nil
		}
	}
	c.entered[fn] = first
	return first
}
