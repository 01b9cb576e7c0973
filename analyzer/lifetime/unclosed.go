package lifetime

import (
	"slices"

	"golang.org/x/tools/go/ssa"

	"github.com/killcheck/killcheck/analyzer/summary"
)

// unclosed finds the values that own a goroutine and are dropped: some path
// returns without ending them and without giving them to anybody.
func (w *world) unclosed(gs []*Goroutine, o *owners) {
	for _, fn := range w.Functions {
		if !w.Graph.Live(fn) || fn.Synthetic != "" || w.process[fn] || w.inTest(fn.Pos()) {
			continue
		}
		graph := w.plainGraph(fn)
		for _, b := range fn.Blocks {
			for _, in := range b.Instrs {
				c, ok := in.(*ssa.Call)
				if !ok || !graph.Executes(c) {
					continue
				}
				if s := o.constructor(c); s != nil {
					w.madeHere(c, s, o)
				}
			}
		}
	}
	w.unfinished(gs, o)
}

// madeHere judges a call of a constructor.
func (w *world) madeHere(c *ssa.Call, s *summary.Func, o *owners) {
	i := o.valueIndex(c)
	if i < 0 || w.endsByArgument(c) {
		return
	}
	d := &drop{w: w, ender: s.Ender, start: c, err: errorOf(c)}
	if c.Call.Signature().Results().Len() == 1 {
		d.follow(c)
	} else if x := usedResult(c, i); x != nil {
		d.follow(x)
	}
	rets := d.paths()
	if len(rets) == 0 || s.Shared && !d.ended {
		return
	}
	callee := w.syn.callee(c.Pos())
	msg := "the value of " + callee + " is dropped on a path that returns without calling its " + s.Ender + ", which alone ends the goroutine that " + callee + " started"
	if !d.ended && !d.kept {
		msg = "the value of " + callee + " is dropped: nothing calls its " + s.Ender + ", which alone ends the goroutine that " + callee + " started"
	}
	w.report(nil, nil, Obstacle{Kind: Unclosed, Pos: c.Pos(), Extended: true, Message: msg, Remedy: w.ending(d, rets)}, w.dropStep(rets[0]))
}

// unfinished finds constructors that start the goroutine themselves and then
// return an error without ending the object.
func (w *world) unfinished(gs []*Goroutine, o *owners) {
	for _, g := range gs {
		e := o.ends[g]
		if e == nil || e.shared || w.inTest(g.Site.Pos) {
			continue
		}
		w.unfinishedIn(g, e, g.Site.In, g.Site.Inst, 3)
	}
}

// unfinishedIn judges the function in which the instruction starts the
// goroutine, or, if that is given the object, its callers.
func (w *world) unfinishedIn(g *Goroutine, e *owned, fn *ssa.Function, start ssa.CallInstruction, depth int) {
	if fn.Parent() != nil || depth == 0 {
		return
	}
	obj := allocOf(fn, e.by.name)
	if obj == nil {
		calls, _ := w.Graph.Callers(fn)
		for _, c := range calls {
			if call, ok := c.(*ssa.Call); ok {
				w.unfinishedIn(g, e, call.Parent(), call, depth-1)
			}
		}
		return
	}
	if resultOf(fn, e.by.name) < 0 || w.process[fn] || w.inTest(fn.Pos()) {
		return
	}
	d := &drop{w: w, ender: e.ender, start: start, alsoEnds: e.by.runs, raises: e.raises, site: g.Site.Inst}
	if c, ok := start.(*ssa.Call); ok {
		d.err = errorOf(c)
	}
	d.follow(obj)
	rets := d.paths()
	if len(rets) == 0 || !returnsError(rets[0]) {
		return
	}
	d.kept = true // the constructor is there to hand it on
	w.report(g, nil, Obstacle{
		Kind: Unclosed, Pos: start.Pos(), Extended: true,
		Message: "goroutine runs on when " + fn.Name() + " fails: the " + e.by.name.Name() + " is dropped without its " + e.ender + ", which alone ends it",
		Remedy:  w.ending(d, rets),
	}, w.dropStep(rets[0]))
}

func (w *world) dropStep(r *ssa.Return) Step {
	pos := w.returnPos(r)
	return Step{Pos: pos, End: pos + 1, Text: "the function can return here"}
}

// ending ends the value at the returns, or in any case if nothing else does.
func (w *world) ending(d *drop, rets []*ssa.Return) Remedy {
	r := Remedy{Op: CloseValue, Pos: d.start.Pos(), Use: d.ender}
	if !d.ended && !d.kept {
		return r
	}
	for _, ret := range rets {
		r.Ats = append(r.Ats, w.returnPos(ret))
	}
	return r
}

// endsByArgument reports whether the caller hands over a context that can end:
// the goroutine may end with it.
func (w *world) endsByArgument(c *ssa.Call) bool {
	return slices.ContainsFunc(c.Call.Args, func(a ssa.Value) bool {
		return isContext(a.Type()) && w.Graph.Context(w.Base, a).Ends
	})
}
