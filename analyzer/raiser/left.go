package raiser

import (
	"go/token"
	"slices"

	"golang.org/x/tools/go/ssa"

	"github.com/killcheck/killcheck/analyzer/code"
	"github.com/killcheck/killcheck/analyzer/flow"
	"github.com/killcheck/killcheck/analyzer/program"
	"github.com/killcheck/killcheck/analyzer/signal"
)

// A Left is how the function that sees to the end of a wait can return without that.
type Left struct {
	By     *ssa.Function // makes what is waited for, starts who waits, and holds all that ends the wait
	Leaves program.Step
	Unsure bool
}

// maxEnds is how much may end a wait of which it is asked whether all is left out.
const maxEnds = 16

// LeftOut returns how one function can return without any of the instructions that
// alone end a wait of the goroutine. Each of its runs makes the object that they
// work on, starts the goroutine, and runs all of them itself or by what it calls, so
// that nobody can do so when it has returned.
func (p *Raisers) LeftOut(g *program.Goroutine, made ssa.Instruction, ends []ssa.Instruction) (Left, bool) {
	return p.tooFew(g, made, ends, 1)
}

// tooFew is LeftOut where it takes so many of the instructions to end the wait.
func (p *Raisers) tooFew(g *program.Goroutine, made ssa.Instruction, ends []ssa.Instruction, need int) (Left, bool) {
	if len(ends) == 0 || len(ends) > maxEnds {
		return Left{}, false
	}
	kind := signal.Close
	if need > 1 {
		kind = signal.Recv // each counts
	}
	ops := make([]signal.Op, 0, len(ends))
	for _, in := range ends {
		in = p.outOfCallback(in)
		ops = append(ops, signal.Op{Kind: kind, In: in, Fn: in.Parent()})
	}
	fn, start := p.home(g, made, ops)
	if fn == nil || p.Process[fn] || p.IsMain(fn) || !p.Affords(nil, fn, len(ops)) {
		return Left{}, false
	}
	object := p.InHome(fn, made)
	if object == nil {
		return Left{}, false
	}
	if len(ops) < need && !slices.ContainsFunc(ops, func(o signal.Op) bool { return !p.onceIn(fn, o.In) }) {
		if ret := flow.FirstReturn(p.PlainGraph(fn), start.Block(), start, nil); ret != nil {
			return Left{By: fn, Leaves: p.ReturnStep(ret)}, true
		}
	}
	if ret, ok := p.deferredLeaves(fn, start, ops); ok {
		return Left{By: fn, Leaves: p.ReturnStep(ret)}, true
	}
	tally := p.NewCounter(fn, &signal.Class{}, ops)
	tally.Child, tally.NoJoin = g, true
	if tally.DefersBefore(start) {
		return Left{}, false
	}
	for _, o := range ops {
		if p.doneBefore(fn, o, start, object.Block()) {
			return Left{}, false // done before the goroutine starts
		}
	}
	l, ok := tally.Least(start)
	if !ok || l.Count >= need {
		return Left{}, false
	}
	return Left{By: fn, Leaves: p.LeaveStep(fn, l), Unsure: choosesNot(l, ops) || flow.WithoutSome(l.Ret, start)}, true
}

// doneBefore reports whether fn may come to the operation, or to a call of what does it, before
// the goroutine starts, once the channel has been made.
func (p *Raisers) doneBefore(fn *ssa.Function, o signal.Op, start ssa.Instruction, made *ssa.BasicBlock) bool {
	if o.Fn == fn {
		return flow.MayPrecede(o.In, start, made)
	}
	calls, _ := p.Graph.Callers(o.Fn)
	return slices.ContainsFunc(calls, func(c ssa.CallInstruction) bool {
		_, now := c.(*ssa.Call)
		return now && c.Parent() == fn && flow.LeadsTo(p.PlainGraph(fn), c, start)
	})
}

// onceIn reports whether each run of fn does the instruction once at most, itself or by
// the only call of the function that does.
func (p *Raisers) onceIn(fn *ssa.Function, in ssa.Instruction) bool {
	for range 4 {
		if p.Looped(in) {
			return false
		}
		if in.Parent() == fn {
			return true
		}
		calls, open := p.Graph.Callers(in.Parent())
		if open || len(calls) != 1 {
			return false
		}
		if _, isGo := calls[0].(*ssa.Go); isGo {
			return false
		}
		in = calls[0]
	}
	return false
}

// deferredLeaves returns how a literal that the function defers, and that holds all of
// the operations, can return without. Whether it does so depends on nothing but what
// the function has from its caller, or has set once.
func (p *Raisers) deferredLeaves(fn *ssa.Function, start ssa.Instruction, ops []signal.Op) (*ssa.Return, bool) {
	var one *ssa.Defer
	for d := range code.Defers(fn) {
		lit := d.Call.StaticCallee()
		if lit == nil || lit.Parent() != fn {
			continue
		}
		if !slices.ContainsFunc(ops, func(o signal.Op) bool { return !p.CalledBy(lit, o.Fn, 3) }) {
			if one != nil {
				return nil, false
			}
			one = d
		}
	}
	if one == nil || len(flow.HoldsAt(start.Block())) > 0 || !flow.ReturnsAfter(p.PlainGraph(fn), start) {
		return nil, false
	}
	lit := one.Call.StaticCallee()
	tally := p.NewCounter(lit, &signal.Class{}, ops)
	if tally.Defers() {
		return nil, false
	}
	l, ok := tally.LeastFrom(lit.Blocks[0], nil)
	if !ok || l.Count > 0 || len(l.Steps) < 2 {
		return nil, false
	}
	for i, b := range l.Steps[:len(l.Steps)-1] {
		if cond := flow.Condition(b); cond != nil && l.Steps[i+1] != nil && !p.settled(cond, 6) && !p.bothWays(lit, b, ops) {
			return nil, false
		}
	}
	return l.Ret, true
}

// bothWays reports whether no operation depends on the branch of the block.
func (p *Raisers) bothWays(lit *ssa.Function, b *ssa.BasicBlock, ops []signal.Op) bool {
	tally := p.NewCounter(lit, &signal.Class{}, ops)
	for _, s := range b.Succs {
		if l, ok := tally.LeastFrom(s, nil); ok && l.Count > 0 {
			return false
		}
	}
	return true
}

// settled reports whether the value is made of parameters, constants and variables that
// are set once.
func (p *Raisers) settled(v ssa.Value, depth int) bool {
	if depth == 0 {
		return false
	}
	switch v := v.(type) {
	case *ssa.Const, *ssa.Parameter:
		return true
	case *ssa.BinOp:
		return p.settled(v.X, depth-1) && p.settled(v.Y, depth-1)
	case *ssa.UnOp:
		if v.Op != token.MUL {
			return v.Op != token.ARROW && p.settled(v.X, depth-1)
		}
		cell, _ := p.Cell(v.X, nil)
		return cell != nil && p.OnlyStored(cell) != nil
	}
	return false
}

// outOfCallback returns the call that is given the function literal in which the
// instruction stands, and runs it before it returns; else the instruction.
func (p *Raisers) outOfCallback(in ssa.Instruction) ssa.Instruction {
	for range 3 {
		c := p.Callback(in.Parent())
		if c == nil {
			break
		}
		in = c
	}
	return in
}

// home returns the function whose runs make the object, start the goroutine and do
// the operations, and what starts the goroutine in it.
func (p *Raisers) home(g *program.Goroutine, made ssa.Instruction, ops []signal.Op) (*ssa.Function, ssa.Instruction) {
	fn, start := g.Site.In, ssa.Instruction(g.Site.Inst)
	for range 4 {
		if p.CalledBy(fn, made.Parent(), 3) && !slices.ContainsFunc(ops, func(o signal.Op) bool { return !p.CalledBy(fn, o.Fn, 4) }) {
			return fn, start
		}
		calls, open := p.Graph.Callers(fn)
		if open || len(calls) != 1 {
			return nil, nil
		}
		call, ok := calls[0].(*ssa.Call)
		if !ok {
			return nil, nil
		}
		fn, start = call.Parent(), call
	}
	return nil, nil
}
