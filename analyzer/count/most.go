package count

import (
	"go/token"
	"go/types"
	"slices"

	"golang.org/x/tools/go/ssa"

	"github.com/killcheck/killcheck/analyzer/code"
	"github.com/killcheck/killcheck/analyzer/flow"
	"github.com/killcheck/killcheck/analyzer/signal"
)

// Most returns how many of the operations a run of fn can do at most, callees
// included.
func (c *counter) Most(fn *ssa.Function, depth int) int {
	if depth == 0 || len(fn.Blocks) == 0 {
		return Many
	}
	return min(c.undeferred(fn, depth)+c.deferred(fn, depth, nil), Many)
}

// undeferred is most without what fn defers.
func (c *counter) undeferred(fn *ssa.Function, depth int) int {
	weight := c.weights(fn, depth)
	paths := c.ct.pathsOf(fn)
	return longest(weight, paths.At(fn.Blocks[0]), func(s flow.State) []flow.State {
		var next []flow.State
		for _, n := range paths.Succs(s) {
			next = append(next, n.State)
		}
		return next
	})
}

// upTo returns how many of the operations a run of fn can do at most until it
// comes to the instruction, with the instruction itself or without.
func (c *counter) upTo(fn *ssa.Function, in ssa.Instruction, with bool) int {
	weight := slices.Clone(c.weights(fn, MostDepth))
	b := in.Block()
	if n := c.rounds(c.ct.PlainGraph(fn), in); n < Many {
		i, sums := c.ct.Number(in), c.before(b)
		if with {
			i++
		}
		weight[b.Index] = min((n-1)*sums[len(sums)-1]+sums[i], Many) // all rounds but the last are whole
	} else if weight[b.Index] == 0 {
		weight[b.Index] = Many // a call that leads to it in another way
	}
	paths := c.ct.pathsOf(fn)
	return longest(weight, paths.At(b), func(s flow.State) []flow.State {
		if c.begins(s.Block) {
			return nil
		}
		return paths.Preds(s)
	})
}

// deferred returns how many of the operations the functions that fn defers do at
// most, one of them left out.
func (c *counter) deferred(fn *ssa.Function, depth int, but *ssa.Defer) int {
	n := 0
	for _, d := range c.ct.defersIn(fn) {
		if d != but {
			n = min(n+c.calls(d, depth)*c.rounds(c.ct.PlainGraph(fn), d), Many)
		}
	}
	return n
}

// atEnd returns how many of the operations a run of fn has done at most when it
// comes to what it defers. If that is done after a panic only, what is done after
// the last call does not count: it does not panic.
func (c *counter) atEnd(fn *ssa.Function, d *ssa.Defer, panics bool) int {
	if !panics {
		return min(c.undeferred(fn, MostDepth)+c.deferred(fn, MostDepth, d), Many)
	}
	n := 0
	for _, b := range fn.Blocks {
		for _, in := range b.Instrs {
			call, ok := in.(*ssa.Call)
			if !ok || !c.ct.PlainGraph(fn).Executes(call) {
				continue
			}
			if _, ok := call.Call.Value.(*ssa.Builtin); !ok {
				n = max(n, c.upTo(fn, call, false))
			}
		}
	}
	return n
}

// before returns, for each instruction of the block and its end, how many of the
// operations those before it do at most.
func (c *counter) before(b *ssa.BasicBlock) []int {
	sums := c.sums[b]
	if sums == nil {
		sums = make([]int, len(b.Instrs)+1)
		for i, in := range b.Instrs {
			sums[i+1] = sums[i] + c.total(in, MostDepth)
		}
		c.sums[b] = sums
	}
	return sums
}

// rounds returns how often control can come to the instruction with the same
// channel, at most: once if a flag says that it has been there.
func (c *counter) rounds(g *flow.Graph, in ssa.Instruction) int {
	n := 1
	for _, l := range g.Around(in.Block()) {
		if c.makes(l) || c.eachOwn(in, l) || flagged(in, l) {
			continue
		}
		if !counted(l) {
			return Many
		}
		n = min(n*Bound(l), Many)
	}
	return n
}

// counted reports whether a number that begins at zero or more, and grows in each
// round of the loop, is what [Bound] goes by.
func counted(l *flow.Loop) bool {
	for _, e := range l.Exits {
		cmp, ok := flow.Condition(e.From).(*ssa.BinOp)
		if !ok || cmp.Op != token.LSS || !l.EachRound(e.From) {
			continue
		}
		_, constant := cmp.Y.(*ssa.Const)
		if _, literal := flow.LiteralLen(cmp.Y); (constant || literal) && l.Counts(cmp.X) && l.Grows(cmp.X, e.From == l.Head) {
			return true
		}
	}
	return false
}

// begins reports whether the block makes the only channel: what comes before
// operates on another one.
func (c *counter) begins(b *ssa.BasicBlock) bool {
	for m := range c.made {
		if m.Block() != b || len(c.made) > 1 {
			return false
		}
	}
	return len(c.made) > 0
}

// makes reports whether each round of the loop makes a channel of its own.
func (c *counter) makes(l *flow.Loop) bool {
	for m := range c.made {
		if m.Parent() != l.Head.Parent() || !l.Has(m.Block()) {
			return false
		}
	}
	return true
}

// flagged reports whether the instruction is done only while a variable of the
// loop, a flag, has not changed. It may be the channel itself, which is set to nil behind.
func flagged(in ssa.Instruction, l *flow.Loop) bool {
	for cond, holds := range flow.HoldsAt(in.Block()) {
		if tested, ifNil := code.NilTest(cond); tested != nil && ifNil != holds && setsNil(tested, in, l) {
			return true
		}
		if cmp, ok := cond.(*ssa.BinOp); ok && cmp.Op == token.EQL && holds && l.Counts(cmp.X) && fixed(cmp.Y, l, 4) {
			return true
		}
		phi, ok := cond.(*ssa.Phi)
		if !ok || phi.Block() != l.Head {
			continue
		}
		if b, ok := phi.Type().Underlying().(*types.Basic); ok && b.Info()&types.IsBoolean != 0 {
			return true
		}
	}
	return false
}

// setsNil reports whether the variable from which the value is loaded is set to nil in the
// block of the instruction, behind it, and to nothing else in the loop.
func setsNil(v ssa.Value, in ssa.Instruction, l *flow.Loop) bool {
	load, ok := v.(*ssa.UnOp)
	if !ok || load.Op != token.MUL {
		return false
	}
	for _, b := range l.Blocks {
		for _, x := range b.Instrs {
			if s, ok := x.(*ssa.Store); ok && s.Addr == load.X && !code.IsNil(s.Val) {
				return false
			}
		}
	}
	behind := false
	for _, x := range in.Block().Instrs {
		behind = behind || x == in
		if s, ok := x.(*ssa.Store); ok && behind && s.Addr == load.X && code.IsNil(s.Val) {
			return true
		}
	}
	return false
}

// fixed reports whether the value is the same in each round of the loop, as far
// as it is computed from constants, captured variables and what is outside.
func fixed(v ssa.Value, l *flow.Loop, depth int) bool {
	in, ok := v.(ssa.Instruction)
	if !ok || !l.Has(in.Block()) {
		return true
	}
	if depth == 0 {
		return false
	}
	switch v := v.(type) {
	case *ssa.BinOp:
		return fixed(v.X, l, depth-1) && fixed(v.Y, l, depth-1)
	case *ssa.Convert:
		return fixed(v.X, l, depth-1)
	case *ssa.UnOp:
		_, captured := v.X.(*ssa.FreeVar)
		return captured && v.Op == token.MUL
	}
	return false
}

// total returns how many of the operations the instruction does at most, what it
// defers not included.
func (c *counter) total(in ssa.Instruction, depth int) int {
	n := 0
	for _, o := range c.ops[in] {
		if o.Kind == signal.Close {
			return Many
		}
		if o.Sel == nil {
			n++
		}
	}
	if call, ok := in.(*ssa.Call); ok {
		n += c.calls(call, depth)
	}
	return min(n, Many)
}

// calls returns how many of the operations what the instruction calls does at
// most.
func (c *counter) calls(call ssa.CallInstruction, depth int) int {
	n := 0
	fns, _ := c.ct.Graph.Callees(call)
	for _, f := range fns {
		if c.fns[f] {
			n += c.Most(f, depth-1)
		}
	}
	return min(n, Many)
}

// MostDepth is how deep calls are followed to count what they do at most.
const MostDepth = 4

// weights returns how many of the operations each block of fn does at most:
// many for a block in a loop that does any. The caller must not change the slice.
func (c *counter) weights(fn *ssa.Function, depth int) []int {
	known := c.weighed[fn]
	if known[depth] != nil {
		return known[depth]
	}
	g := c.ct.PlainGraph(fn)
	weight := make([]int, len(fn.Blocks))
	for _, b := range fn.Blocks {
		if !g.Reachable(b) {
			continue
		}
		n := 0
		for _, in := range b.Instrs {
			if k := c.total(in, depth); k > 0 {
				n = min(n+k*c.rounds(g, in), Many)
			}
		}
		weight[b.Index] = n
	}
	known = c.weighed[fn] // a recursive function has come here again
	known[depth] = weight
	c.weighed[fn] = known
	return weight
}

// longest returns the greatest sum of weights on a way from one of the states.
func longest(weight []int, from []flow.State, next func(flow.State) []flow.State) int {
	memo := make(map[flow.State]int)
	var visit func(s flow.State) int
	visit = func(s flow.State) int {
		if v, ok := memo[s]; ok {
			return v
		}
		memo[s] = 0 // Inv: what a cycle comes back to is counted already, and as often as it can be done again
		v := 0
		for _, n := range next(s) {
			v = max(v, visit(n))
		}
		memo[s] = min(weight[s.Block.Index]+v, Many)
		return memo[s]
	}
	most := 0
	for _, s := range from {
		most = max(most, visit(s))
	}
	return most
}
