package lifetime

import (
	"go/ast"
	"go/token"
	"go/types"
	"iter"
	"slices"

	"golang.org/x/tools/go/ssa"

	"github.com/killcheck/killcheck/analyzer/flow"
	"github.com/killcheck/killcheck/analyzer/kb"
	"github.com/killcheck/killcheck/analyzer/signal"
)

// StayKind says how a goroutine stays where it is.
type StayKind uint8

// The ways to stay without heeding a stop.
const (
	EmptySelectStay StayKind = iota // select{}
	NoExitStay                      // a loop that nothing leaves
	Retry                           // a loop that only success leaves, and that sleeps in each round
	Starved                         // a loop that waits in each round for messages which may not come
	Answer                          // a receive of an answer that need not come
)

// A Stay is a loop, or an empty select, in which a goroutine can stay without
// heeding a stop.
type Stay struct {
	Kind StayKind
	F    *Frame
	Loop *flow.Loop      // nil for an empty select
	Stmt ast.Stmt        // of the loop
	In   ssa.Instruction // the empty select, the sleep, or the receive; nil for NoExitStay
	Pos  token.Pos
	Stop Stop // a stop signal in reach; the zero Stop if there is none, which only EmptySelectStay and NoExitStay have
}

// stays returns where the goroutine can stay without heeding a stop: loops that
// have no exit, and those that retry or poll although a stop signal is in reach.
func (w *world) stays(g *Goroutine) []Stay {
	if s, ok := w.stayed[g]; ok {
		return s
	}
	var all []Stay
	add := func(s Stay, ok bool) {
		if ok {
			all = append(all, s)
		}
	}
	for _, f := range g.Frames {
		graph := w.plainGraph(f.Fn)
		for _, b := range f.Fn.Blocks {
			if sel, ok := graph.StopsAt(b).(*ssa.Select); ok && graph.Reachable(b) {
				add(w.emptySelect(g, f, sel))
			}
		}
		for _, l := range graph.All() {
			if l.Endless() {
				add(w.endless(g, f, l))
			} else {
				add(w.retry(g, f, l))
				add(w.starved(g, f, l))
			}
		}
	}
	if !w.endsWithMain(g) {
		for _, f := range g.Frames {
			for u := range w.receives(f.Fn) {
				add(w.lookedUp(g, f, u))
			}
		}
	}
	w.stayed[g] = all
	return all
}

// endsWithMain reports whether main itself starts the goroutine, to last as long
// as the process: when main returns, the process ends.
func (w *world) endsWithMain(g *Goroutine) bool {
	return g.Process && w.process[g.Site.In] && g.Site.In.Parent() == nil && g.Site.In.Name() == "main"
}

// receives yields the receives of fn that are no case of a select.
func (w *world) receives(fn *ssa.Function) iter.Seq[*ssa.UnOp] {
	graph := w.plainGraph(fn)
	return func(yield func(*ssa.UnOp) bool) {
		for _, b := range fn.Blocks {
			for _, in := range b.Instrs {
				if u, ok := in.(*ssa.UnOp); ok && isRecv(u) && graph.Executes(u) && !yield(u) {
					return
				}
			}
		}
	}
}

// stayAt returns the first goroutine that stays at pos without heeding a stop,
// and how.
func (w *world) stayAt(pos token.Pos) (*Goroutine, Stay, bool) {
	if w.stayedAt == nil {
		w.stayedAt = make(map[token.Pos]stayOf)
		for _, g := range w.gs {
			for _, s := range w.stays(g) {
				if _, ok := w.stayedAt[s.Pos]; !ok && !w.documented(s.Pos) && !w.documented(g.Site.Pos) {
					w.stayedAt[s.Pos] = stayOf{g, s}
				}
			}
		}
	}
	s, ok := w.stayedAt[pos]
	return s.g, s.stay, ok
}

type stayOf struct {
	g    *Goroutine
	stay Stay
}

// emptySelect judges select{}.
func (w *world) emptySelect(g *Goroutine, f *Frame, sel *ssa.Select) (Stay, bool) {
	stop := w.stopAt(g, f, sel.Pos())
	if stop.Expr == "" && (g.Process || w.saysForever(sel.Pos())) {
		return Stay{}, false
	}
	return Stay{Kind: EmptySelectStay, F: f, In: sel, Pos: sel.Pos(), Stop: stop}, true
}

// endless judges a loop that nothing leaves.
func (w *world) endless(g *Goroutine, f *Frame, l *flow.Loop) (Stay, bool) {
	stmt := w.syn.loop(f.Fn, l.Blocks)
	if stmt == nil || mayFail(l) {
		return Stay{}, false // goto, or a loop of the compiler
	}
	stop := w.stopAt(g, f, stmt.Pos())
	if stop.Expr == "" && (g.Process || w.saysForever(stmt.Pos())) {
		return Stay{}, false
	}
	return Stay{Kind: NoExitStay, F: f, Loop: l, Stmt: stmt, Pos: stmt.Pos(), Stop: stop}, true
}

// mayFail reports whether the loop hands a test to a function of another package,
// such as an assertion, which may end the goroutine by FailNow.
func mayFail(l *flow.Loop) bool {
	for _, b := range l.Blocks {
		for _, in := range b.Instrs {
			c, ok := in.(*ssa.Call)
			if !ok {
				continue
			}
			for _, a := range c.Call.Args {
				if m, ok := a.(*ssa.MakeInterface); ok {
					a = m.X
				}
				obj, _, _ := types.LookupFieldOrMethod(a.Type(), true, nil, "FailNow")
				if _, ok := obj.(*types.Func); ok {
					return true
				}
			}
		}
	}
	return false
}

// inCommand reports whether the package, not being package main, is part of a
// command: there nothing shows how long a goroutine is meant to live.
func (w *world) inCommand() bool {
	return w.Pkg.Name() != "main" && w.Base.CommandPath(w.Pkg.Path())
}

// name gives the signal as a person would: the context, or the channel.
func (s Stop) name() string {
	if s.Ctx != "" {
		return s.Ctx
	}
	return s.Expr
}

// firstWait returns the wait that comes before the others in each round, or nil.
func firstWait(waits []ssa.Instruction) ssa.Instruction {
	for _, first := range waits {
		if !slices.ContainsFunc(waits, func(other ssa.Instruction) bool { return other != first && !precedes(first, other) }) {
			return first
		}
	}
	return nil
}

// bare reports whether a return out of the function is what ends it without a
// result: then a stop check changes nothing until a stop is asked for.
func (w *world) bare(f *Frame) bool { return f.Fn.Signature.Results().Len() == 0 }

// waitsIn returns the operations of the loop that wait: channel operations that
// are no case of a select with a default, selects, and sleeps.
func (w *world) waitsIn(fn *ssa.Function, l *flow.Loop) []ssa.Instruction {
	var ws []ssa.Instruction
	for _, b := range l.Blocks {
		for _, in := range b.Instrs {
			switch in := in.(type) {
			case *ssa.Select:
				if in.Blocking {
					ws = append(ws, in)
				}
			case *ssa.Send:
				ws = append(ws, in)
			case *ssa.UnOp:
				if in.Op == token.ARROW {
					ws = append(ws, in)
				}
			case *ssa.Call:
				if w.isSleep(&in.Call) {
					ws = append(ws, in)
				}
			}
		}
	}
	return ws
}

func (w *world) isSleep(c *ssa.CallCommon) bool {
	e, ok := signal.Entry(w.Base, c)
	return ok && e.Kind == kb.KindSleep && e.Use == kb.UseSelect && len(c.Args) == 1
}

// retry judges a loop that goes round, sleeping on every round, until something
// works, while a stop signal in reach is not heeded.
func (w *world) retry(g *Goroutine, f *Frame, l *flow.Loop) (Stay, bool) {
	sleep := w.sleepsEachRound(f.Fn, l)
	if sleep == nil {
		return Stay{}, false
	}
	for _, e := range l.Exits {
		if e.To == nil || !w.onSuccess(e) {
			return Stay{}, false
		}
	}
	if w.mayHeed(f.Fn, l) {
		return Stay{}, false
	}
	stmt := w.syn.loop(f.Fn, l.Blocks)
	if stmt == nil {
		return Stay{}, false
	}
	stop := w.stopAt(g, f, sleep.Pos())
	return Stay{Kind: Retry, F: f, Loop: l, Stmt: stmt, In: sleep, Pos: stmt.Pos(), Stop: stop}, stop.Expr != ""
}

// sleepsEachRound returns a sleep that every round of the loop goes through.
func (w *world) sleepsEachRound(fn *ssa.Function, l *flow.Loop) *ssa.Call {
	for _, b := range l.Blocks {
		for _, in := range b.Instrs {
			c, ok := in.(*ssa.Call)
			if !ok || !w.isSleep(&c.Call) {
				continue
			}
			if !w.roundWithout(fn, l, b) {
				return c
			}
		}
	}
	return nil
}

// roundWithout reports whether control can go round the loop without passing
// the block.
func (w *world) roundWithout(fn *ssa.Function, l *flow.Loop, skip *ssa.BasicBlock) bool {
	if l.Head == skip {
		return false
	}
	g := w.plainGraph(fn)
	seen := make(map[*ssa.BasicBlock]bool)
	work := []*ssa.BasicBlock{l.Head}
	for len(work) > 0 {
		b := work[len(work)-1]
		work = work[:len(work)-1]
		for _, s := range g.Succs(b) {
			if s == l.Head {
				return true
			}
			if !seen[s] && s != skip && l.Has(s) {
				seen[s] = true
				work = append(work, s)
			}
		}
	}
	return false
}

// onSuccess reports whether the edge is taken because a call returned no error.
func (w *world) onSuccess(e flow.Edge) bool {
	cmp, ok := condition(e.From).(*ssa.BinOp)
	if !ok || !isError(cmp.X.Type()) {
		return false
	}
	k, ok := cmp.Y.(*ssa.Const)
	if !ok || k.Value != nil {
		return false
	}
	taken := e.From.Succs[0] == e.To
	return cmp.Op == token.EQL && taken || cmp.Op == token.NEQ && !taken
}

func isError(t types.Type) bool {
	return types.Identical(t, types.Universe.Lookup("error").Type())
}

// mayHeed reports whether something in the loop may notice a stop: it waits on a
// channel, loads a flag, or hands a context or channel to a callee.
func (w *world) mayHeed(fn *ssa.Function, l *flow.Loop) bool {
	for _, b := range l.Blocks {
		for _, in := range b.Instrs {
			if w.heeds(in, 3) {
				return true
			}
		}
	}
	return false
}

func (w *world) heeds(in ssa.Instruction, depth int) bool {
	switch in := in.(type) {
	case *ssa.Select, *ssa.Send:
		return true
	case *ssa.UnOp:
		return in.Op == token.ARROW
	case ssa.CallInstruction:
		c := in.Common()
		if e, ok := signal.Entry(w.Base, c); ok && (e.Effect == kb.FlagLoad || e.Effect == kb.StopSignal) {
			return true
		}
		for _, a := range c.Args {
			if _, ok := a.Type().Underlying().(*types.Chan); ok || isContext(a.Type()) {
				return true
			}
		}
		fns, open := w.Graph.Callees(in)
		if depth == 0 {
			return true
		}
		for _, fn := range fns {
			for _, b := range fn.Blocks {
				for _, x := range b.Instrs {
					if w.heeds(x, depth-1) {
						return true
					}
				}
			}
		}
		_, known := signal.Entry(w.Base, c)
		return open && !known && (c.IsInvoke() || c.StaticCallee() == nil)
	}
	return false
}
