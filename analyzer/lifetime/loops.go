package lifetime

import (
	"go/ast"
	"go/token"
	"go/types"
	"slices"

	"golang.org/x/tools/go/ssa"

	"github.com/killcheck/killcheck/analyzer/flow"
	"github.com/killcheck/killcheck/analyzer/kb"
	"github.com/killcheck/killcheck/analyzer/signal"
)

// loops finds the loops of the goroutine that have no exit, and those that retry
// or poll without heeding a stop signal in reach.
func (w *world) loops(g *Goroutine) {
	for _, f := range g.Frames {
		graph := w.plainGraph(f.Fn)
		for _, b := range f.Fn.Blocks {
			if sel, ok := graph.StopsAt(b).(*ssa.Select); ok && graph.Reachable(b) {
				w.emptySelect(g, f, sel)
			}
		}
		for _, l := range graph.All() {
			if l.Endless() {
				w.endless(g, f, l)
			} else {
				w.retry(g, f, l)
				w.starved(g, f, l)
			}
		}
	}
}

// emptySelect reports select{}.
func (w *world) emptySelect(g *Goroutine, f *Frame, sel *ssa.Select) {
	stop := w.stopAt(g, f, sel.Pos())
	if stop.Expr == "" && (g.Process || w.saysForever(sel.Pos())) {
		return
	}
	o := Obstacle{Kind: Endless, Pos: sel.Pos(), Message: "goroutine never stops: select{} waits for nothing" + w.ask(stop)}
	if stop.Expr != "" {
		o.Kind = IgnoredStop
		o.Remedy = Remedy{Op: EmptySelect, Pos: sel.Pos(), Stop: stop, Safe: w.bare(f)}
	} else {
		o.Remedy = forOwner(g, Remedy{Op: EmptySelect, Pos: sel.Pos()})
	}
	w.report(g, f, o)
}

// endless reports a loop that nothing leaves.
func (w *world) endless(g *Goroutine, f *Frame, l *flow.Loop) {
	stmt := w.syn.loop(f.Fn, l.Blocks)
	if stmt == nil {
		return // goto, or a loop of the compiler
	}
	if mayFail(l) {
		return
	}
	pos := stmt.Pos()
	stop := w.stopAt(g, f, pos)
	if stop.Expr == "" && (g.Process || w.saysForever(pos)) {
		return
	}
	o := Obstacle{Kind: Endless, Pos: pos, Extended: w.inCommand()}
	o.Message = "goroutine never stops: " + w.describe(f, l, stmt) + w.ask(stop)
	if stop.Expr != "" {
		o.Kind, o.Extended = IgnoredStop, false
		o.Remedy = w.loopRemedy(f, l, stmt, stop)
	} else {
		o.Remedy = forOwner(g, w.loopRemedy(f, l, stmt, stop))
	}
	w.report(g, f, o)
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

// ask ends a message: what the goroutine could heed, or what to say if it is
// meant to live on.
func (w *world) ask(stop Stop) string {
	if stop.Expr != "" {
		return ", and " + stop.name() + " is in reach"
	}
	return "; give it a stop signal, or say //killcheck:lifetime process -- why"
}

// name gives the signal as a person would: the context, or the channel.
func (s Stop) name() string {
	if s.Ctx != "" {
		return s.Ctx
	}
	return s.Expr
}

// describe says why the loop has no end.
func (w *world) describe(f *Frame, l *flow.Loop, stmt ast.Stmt) string {
	if r, ok := stmt.(*ast.RangeStmt); ok {
		if _, ok := w.Info.TypeOf(r.X).Underlying().(*types.Chan); ok {
			return "nothing closes " + types.ExprString(r.X) + ", so the range over it has no end"
		}
	}
	return "the loop has no exit"
}

// loopRemedy chooses what turns the loop to the stop signal: a case in its first
// select, its first wait made a select, or, if it waits for nothing, or only in
// some rounds, a check at its head.
func (w *world) loopRemedy(f *Frame, l *flow.Loop, stmt ast.Stmt, stop Stop) Remedy {
	if r, ok := stmt.(*ast.RangeStmt); ok {
		return Remedy{Op: Range, Pos: r.For, Stop: stop, Safe: w.bare(f)}
	}
	r := Remedy{Op: Loop, Pos: stmt.Pos(), Stop: stop, Safe: w.bare(f)}
	switch in := firstWait(w.waitsIn(f.Fn, l)).(type) {
	case *ssa.Select:
		r.Op, r.Pos = Select, in.Pos()
	case *ssa.UnOp:
		if in.CommaOk && in.Block().Comment == "rangechan.loop" {
			return r
		}
		r.Op, r.Pos = Recv, in.Pos()
	case *ssa.Send:
		r.Op, r.Pos = Send, in.Pos()
	case *ssa.Call:
		r.Op, r.Pos = Sleep, in.Pos()
	}
	return r
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

// retry reports a loop that goes round, sleeping on every round, until something
// works, while a stop signal in reach is not heeded.
func (w *world) retry(g *Goroutine, f *Frame, l *flow.Loop) {
	sleep := w.sleepsEachRound(f.Fn, l)
	if sleep == nil {
		return
	}
	for _, e := range l.Exits {
		if e.To == nil || !w.onSuccess(e) {
			return
		}
	}
	if w.mayHeed(f.Fn, l) {
		return
	}
	stmt := w.syn.loop(f.Fn, l.Blocks)
	if stmt == nil {
		return
	}
	stop := w.stopAt(g, f, sleep.Pos())
	if stop.Expr == "" {
		return
	}
	w.report(g, f, Obstacle{
		Kind: IgnoredStop, Pos: stmt.Pos(),
		Message: "goroutine does not stop while it retries: the loop ends only when the work succeeds" + w.ask(stop),
		Remedy:  Remedy{Op: Sleep, Pos: sleep.Pos(), Stop: stop, Safe: w.bare(f)},
	})
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
