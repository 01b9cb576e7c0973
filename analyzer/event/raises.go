package event

import (
	"go/token"
	"slices"

	"golang.org/x/tools/go/ssa"

	"github.com/killcheck/killcheck/analyzer/flow"
	"github.com/killcheck/killcheck/analyzer/program"
	"github.com/killcheck/killcheck/analyzer/signal"
)

// Raises returns the instructions that end a wait on the channel v: sends,
// closes and calls of cancel functions. open is true if there may be others.
func (ev *Events) Raises(v ssa.Value) (ins []ssa.Instruction, open bool) {
	c := ev.Graph.Class(ev.Base, v)
	if r, ok := ev.raised[c]; ok {
		return r.ins, r.open
	}
	defer func() { ev.raised[c] = raisers{slices.Clip(ins), open} }()
	open = !c.Closed() || c.Nil || len(c.Library) > 0
	for _, o := range c.Has(signal.Send, signal.Close) {
		ins = append(ins, o.In)
	}
	for _, ctx := range c.Contexts {
		calls, o := ev.Graph.Cancels(ev.Base, ctx)
		open = open || o
		for _, c := range calls {
			ins = append(ins, c)
		}
	}
	return ins, open
}

// raisers are what raises returns for a class.
type raisers struct {
	ins  []ssa.Instruction
	open bool
}

// OnlyIn reports whether nobody but the goroutine runs fn. Each call of a function
// that its callers start is a goroutine of its own.
func (ev *Events) OnlyIn(g *program.Goroutine, fn *ssa.Function, depth int) bool {
	if depth == 0 || !g.Has(fn) {
		return false
	}
	if !g.Started() && fn == g.Site.Body {
		return true
	}
	calls, open := ev.Graph.Callers(fn)
	if open {
		return false
	}
	for _, c := range calls {
		if c == g.Site.Inst {
			continue
		}
		if _, isGo := c.(*ssa.Go); isGo || !ev.OnlyIn(g, c.Parent(), depth-1) {
			return false
		}
	}
	return len(calls) > 0 || fn == g.Site.Body
}

// OnlyRaisedBy reports whether the goroutine alone raises the channel.
func (ev *Events) OnlyRaisedBy(g *program.Goroutine, v ssa.Value) bool {
	ins, open := ev.Raises(v)
	if open || len(ins) == 0 {
		return false
	}
	for _, in := range ins {
		if !ev.OnlyIn(g, in.Parent(), 6) {
			return false
		}
	}
	return true
}

// Asked reports whether the program itself may raise the channel: not its tests alone, nor
// code that nobody runs.
func (ev *Events) Asked(v ssa.Value) bool {
	ins, open := ev.Raises(v)
	return open || slices.ContainsFunc(ins, func(in ssa.Instruction) bool { return ev.runs(in.Parent(), 6) })
}

// runs reports whether fn may run outside of tests: somebody calls it there, or its name
// is for others.
func (ev *Events) runs(fn *ssa.Function, depth int) bool {
	if ev.InTest(fn.Pos()) {
		return false
	}
	if depth == 0 || fn.Synthetic != "" {
		return true
	}
	if fn.Parent() != nil {
		return ev.runs(fn.Parent(), depth-1)
	}
	calls, open := ev.Graph.Callers(fn)
	return open || token.IsExported(fn.Name()) || fn.Name() == "main" || fn.Name() == "init" || slices.ContainsFunc(calls, func(c ssa.CallInstruction) bool {
		return c.Parent() != fn && ev.runs(c.Parent(), depth-1)
	})
}

// Before returns what the goroutine can execute without passing the wait.
func (ev *Events) Before(g *program.Goroutine, wait ssa.Instruction) func(ssa.Instruction) bool {
	graphs := make(map[*ssa.Function]*flow.Graph)
	cut := flow.Cuts{Stops: func(in ssa.Instruction) bool { return in == wait || ev.NoReturn(in) }, Dead: ev.NeverTaken}
	for changed := true; changed; {
		changed = false
		for _, f := range g.Frames {
			if graphs[f.Fn] != nil {
				continue
			}
			if f.From != nil && (graphs[f.From.Fn] == nil || !program.Runs(graphs[f.From.Fn], f.Call)) {
				continue // not called before the wait
			}
			graphs[f.Fn] = flow.New(f.Fn, cut)
			changed = true
		}
	}
	return func(in ssa.Instruction) bool {
		graph := graphs[in.Parent()]
		return graph != nil && program.Runs(graph, in)
	}
}

// ClosedLast reports whether only deferred calls of the frame, or of those
// around it, raise the channel v: whoever sees that knows that the frame has
// returned. That another goroutine may run the same function is no matter, as
// it has an object of its own.
func (ev *Events) ClosedLast(f *program.Frame, v ssa.Value) bool {
	ins, open := ev.Raises(v)
	if open || len(ins) == 0 {
		return false
	}
	around := make(map[*ssa.Function]bool)
	for ; f != nil; f = f.From {
		around[f.Fn] = true
	}
	for _, in := range ins {
		if _, ok := in.(*ssa.Defer); !ok || !around[in.Parent()] {
			return false
		}
	}
	return true
}
