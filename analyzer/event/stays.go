package event

import (
	"go/ast"
	"go/token"
	"go/types"
	"slices"

	"golang.org/x/tools/go/ssa"

	"github.com/killcheck/killcheck/analyzer/code"
	"github.com/killcheck/killcheck/analyzer/flow"
	"github.com/killcheck/killcheck/analyzer/program"
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
	F    *program.Frame
	Loop *flow.Loop      // nil for an empty select
	Stmt ast.Stmt        // of the loop
	In   ssa.Instruction // the empty select, the sleep, or the receive; nil for NoExitStay
	Pos  token.Pos
	Stop Stop // a stop signal in reach; the zero Stop if there is none, which only EmptySelectStay and NoExitStay have
}

// Stays returns where the goroutine can stay without heeding a stop: loops that
// have no exit, and those that retry or poll although a stop signal is in reach.
func (ev *Events) Stays(g *program.Goroutine) []Stay {
	if s, ok := ev.stayed[g]; ok {
		return s
	}
	var all []Stay
	add := func(s Stay, ok bool) {
		if ok {
			all = append(all, s)
		}
	}
	for _, f := range g.Frames {
		graph := ev.PlainGraph(f.Fn)
		for _, b := range f.Fn.Blocks {
			if sel, ok := graph.StopsAt(b).(*ssa.Select); ok && graph.Reachable(b) {
				add(ev.emptySelect(g, f, sel))
			}
		}
		for _, l := range graph.All() {
			if l.Endless() {
				add(ev.endless(g, f, l))
			} else {
				add(ev.retry(g, f, l))
				add(ev.starved(g, f, l))
			}
		}
	}
	if !ev.EndsWithMain(g) {
		for _, f := range g.Frames {
			for u := range ev.Receives(f.Fn) {
				add(ev.LookedUp(g, f, u))
			}
		}
	}
	ev.stayed[g] = all
	return all
}

// StayAt returns the first goroutine that stays at pos without heeding a stop,
// and how.
func (ev *Events) StayAt(pos token.Pos) (*program.Goroutine, Stay, bool) {
	if ev.stayedAt == nil {
		ev.stayedAt = make(map[token.Pos]stayOf)
		for _, g := range ev.Goroutines {
			for _, s := range ev.Stays(g) {
				if _, ok := ev.stayedAt[s.Pos]; !ok && !ev.Documented(s.Pos) && !ev.Documented(g.Site.Pos) {
					ev.stayedAt[s.Pos] = stayOf{g, s}
				}
			}
		}
	}
	s, ok := ev.stayedAt[pos]
	return s.g, s.stay, ok
}

type stayOf struct {
	g    *program.Goroutine
	stay Stay
}

// emptySelect judges select{}.
func (ev *Events) emptySelect(g *program.Goroutine, f *program.Frame, sel *ssa.Select) (Stay, bool) {
	stop := ev.StopAt(g, f, sel.Pos())
	if stop.Expr == "" && (g.Process || ev.SaysForever(sel.Pos())) {
		return Stay{}, false
	}
	return Stay{Kind: EmptySelectStay, F: f, In: sel, Pos: sel.Pos(), Stop: stop}, true
}

// endless judges a loop that nothing leaves.
func (ev *Events) endless(g *program.Goroutine, f *program.Frame, l *flow.Loop) (Stay, bool) {
	stmt := ev.Syn.Loop(f.Fn, l.Blocks)
	if stmt == nil || program.MayFail(l) || ev.panicsOut(f, l) {
		return Stay{}, false // goto, or a loop of the compiler; or it is left in another way
	}
	stop := ev.StopAt(g, f, stmt.Pos())
	if stop.Expr == "" && (g.Process || ev.SaysForever(stmt.Pos())) {
		return Stay{}, false
	}
	return Stay{Kind: NoExitStay, F: f, Loop: l, Stmt: stmt, Pos: stmt.Pos(), Stop: stop}, true
}

// panicsOut reports whether something in the loop may panic on purpose, and a function of
// the goroutine around it recovers that: so the loop is left, as on an error of a read.
func (ev *Events) panicsOut(f *program.Frame, l *flow.Loop) bool {
	recovers := false
	for x := f; x != nil; x = x.From {
		recovers = recovers || ev.Recovers(x.Fn)
	}
	return recovers && ev.Panics(l.Blocks)
}

// FirstWait returns the wait that comes before the others in each round, or nil.
func FirstWait(waits []ssa.Instruction) ssa.Instruction {
	for _, first := range waits {
		if !slices.ContainsFunc(waits, func(other ssa.Instruction) bool { return other != first && !flow.Precedes(first, other) }) {
			return first
		}
	}
	return nil
}

// WaitsIn returns the operations of the loop that wait: channel operations that
// are no case of a select with a default, selects, and sleeps.
func (ev *Events) WaitsIn(fn *ssa.Function, l *flow.Loop) []ssa.Instruction {
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
				if ev.IsSleep(&in.Call) {
					ws = append(ws, in)
				}
			}
		}
	}
	return ws
}

// retry judges a loop that goes round, sleeping on every round, until something
// works, while a stop signal in reach is not heeded.
func (ev *Events) retry(g *program.Goroutine, f *program.Frame, l *flow.Loop) (Stay, bool) {
	sleep := ev.sleepsEachRound(f.Fn, l)
	if sleep == nil {
		return Stay{}, false
	}
	for _, e := range l.Exits {
		if e.To == nil || !ev.onSuccess(e) {
			return Stay{}, false
		}
	}
	if ev.mayHeed(f.Fn, l) {
		return Stay{}, false
	}
	stmt := ev.Syn.Loop(f.Fn, l.Blocks)
	if stmt == nil {
		return Stay{}, false
	}
	stop := ev.StopAt(g, f, sleep.Pos())
	return Stay{Kind: Retry, F: f, Loop: l, Stmt: stmt, In: sleep, Pos: stmt.Pos(), Stop: stop}, stop.Expr != ""
}

// sleepsEachRound returns a sleep that every round of the loop goes through.
func (ev *Events) sleepsEachRound(fn *ssa.Function, l *flow.Loop) *ssa.Call {
	for _, b := range l.Blocks {
		for _, in := range b.Instrs {
			c, ok := in.(*ssa.Call)
			if !ok || !ev.IsSleep(&c.Call) {
				continue
			}
			if !ev.RoundWithout(fn, l, b) {
				return c
			}
		}
	}
	return nil
}

// onSuccess reports whether the edge is taken because a call returned no error.
func (ev *Events) onSuccess(e flow.Edge) bool {
	tested, ifNil := code.NilTest(flow.Condition(e.From))
	return tested != nil && code.IsError(tested.Type()) && ifNil == (e.From.Succs[0] == e.To)
}

// mayHeed reports whether something in the loop may notice a stop: it waits on a
// channel, loads a flag, or hands a context or channel to a callee.
func (ev *Events) mayHeed(fn *ssa.Function, l *flow.Loop) bool {
	for _, b := range l.Blocks {
		for _, in := range b.Instrs {
			if ev.heeds(in, 3) {
				return true
			}
		}
	}
	return false
}

func (ev *Events) heeds(in ssa.Instruction, depth int) bool {
	switch in := in.(type) {
	case *ssa.Select, *ssa.Send:
		return true
	case *ssa.UnOp:
		return in.Op == token.ARROW
	case ssa.CallInstruction:
		c := in.Common()
		if signal.AsksFlag(ev.Base, c) {
			return true
		}
		for _, a := range c.Args {
			if _, ok := a.Type().Underlying().(*types.Chan); ok || code.IsContext(a.Type()) {
				return true
			}
		}
		fns, open := ev.Graph.Callees(in)
		if depth == 0 {
			return true
		}
		for _, fn := range fns {
			for _, b := range fn.Blocks {
				for _, x := range b.Instrs {
					if ev.heeds(x, depth-1) {
						return true
					}
				}
			}
		}
		_, known := signal.Entry(ev.Base, c)
		return open && !known && (c.IsInvoke() || c.StaticCallee() == nil)
	}
	return false
}

// LookedUp judges a receive of a goroutine that is given a context which it does
// not use, from a channel that others find under a key and nobody closes: an
// answer that may not come.
func (ev *Events) LookedUp(g *program.Goroutine, f *program.Frame, u *ssa.UnOp) (Stay, bool) {
	c, _, ok := ev.RaisedElsewhere(g, u)
	if !ok || f.From != nil || code.RecvIsRange(u) || len(c.Has(signal.Close)) > 0 {
		return Stay{}, false
	}
	sends := c.Has(signal.Send)
	for _, o := range sends {
		if !code.Found(o.Chan) || g.Has(o.Fn) {
			return Stay{}, false
		}
	}
	if len(sends) == 0 {
		return Stay{}, false
	}
	for _, p := range f.Fn.Params {
		if !code.IsContext(p.Type()) || len(*p.Referrers()) > 0 || p.Name() == "" || p.Name() == "_" {
			continue
		}
		stop := Stop{Expr: p.Name() + ".Done()", Ctx: p.Name()}
		if ev.shadowed(p.Name(), p.Object(), u.Pos()) || !ev.Graph.Context(ev.Base, p).Ends {
			continue
		}
		return Stay{Kind: Answer, F: f, In: u, Pos: u.Pos(), Stop: stop}, true
	}
	return Stay{}, false
}

// RaisedElsewhere returns the channel of the receive and what raises it, if all
// of it is seen and nothing of it is done by the goroutine itself.
func (ev *Events) RaisedElsewhere(g *program.Goroutine, u *ssa.UnOp) (c *signal.Class, raises []signal.Op, ok bool) {
	c = ev.Graph.Class(ev.Base, u.X)
	if !c.Own() || len(c.Makes) == 0 {
		return c, nil, false
	}
	raises = c.Has(signal.Send, signal.Close)
	if code.RecvIsRange(u) {
		raises = c.Has(signal.Close)
	}
	for _, o := range raises {
		if g.Has(o.Fn) {
			return c, nil, false
		}
	}
	return c, raises, true
}
