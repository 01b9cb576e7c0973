package flow

import (
	"go/constant"
	"go/token"
	"go/types"
	"iter"
	"slices"

	"golang.org/x/tools/go/ssa"

	"github.com/killcheck/killcheck/analyzer/code"
)

// Guards reports whether edge i of b goes past the loop, a range over an integer,
// because it has no rounds.
func Guards(b *ssa.BasicBlock, i int, l *Loop) bool {
	return i == 1 && len(b.Succs) == 2 && b.Succs[1].Comment == "rangeint.done" && b.Succs[0].Comment == "rangeint.body" && l.Has(b.Succs[0])
}

// OnFailure reports whether edge i of b is taken because of an error.
func OnFailure(b *ssa.BasicBlock, i int) bool {
	cmp, ok := Condition(b).(*ssa.BinOp)
	if !ok || !code.IsError(cmp.X.Type()) {
		return false
	}
	k, ok := cmp.Y.(*ssa.Const)
	return ok && k.Value == nil && (cmp.Op == token.NEQ) == (i == 0)
}

// Taken reports whether the graph has the edge from b to s.
func Taken(g *Graph, b, s *ssa.BasicBlock) bool {
	for _, x := range g.Succs(b) {
		if x == s {
			return true
		}
	}
	return false
}

// PastSwitch reports whether the block is the last comparison of a switch over
// at least two constants without a default: those are all the values that there
// are, as far as the author knows.
func PastSwitch(b *ssa.BasicBlock) bool {
	v := comparedWith(b)
	if v == nil || len(b.Succs[1].Preds) < 2 || comparedWith(b.Succs[1]) == v || len(b.Preds) != 1 {
		return false
	}
	before := b.Preds[0]
	return comparedWith(before) == v && before.Succs[1] == b
}

// Enums are the constants that the package of a type has of it. They are looked up
// once: the names of a package are many.
type Enums map[*types.Named][]constant.Value

// Past reports whether the block is the last comparison with the constants that
// the package of a type has of it, two at least: control does not come past all.
func (e Enums) Past(b *ssa.BasicBlock) bool {
	v := comparedWith(b)
	if v == nil {
		return false
	}
	named, ok := types.Unalias(v.Type()).(*types.Named)
	if !ok || named.Obj().Pkg() == nil {
		return false
	}
	all := e.of(named)
	if len(all) < 2 {
		return false
	}
	var seen []constant.Value
	add := func(cond ssa.Value) {
		if cmp, ok := cond.(*ssa.BinOp); ok && cmp.X == v && cmp.Op == token.EQL {
			if k, ok := cmp.Y.(*ssa.Const); ok && k.Value != nil {
				seen = append(seen, k.Value)
			}
		}
	}
	add(Condition(b))
	for cond, holds := range HoldsAt(b) {
		if !holds {
			add(cond)
		}
	}
	return !slices.ContainsFunc(all, func(k constant.Value) bool {
		return !slices.ContainsFunc(seen, func(x constant.Value) bool { return constant.Compare(x, token.EQL, k) })
	})
}

// of returns the constants of the type.
func (e Enums) of(named *types.Named) []constant.Value {
	all, ok := e[named]
	if !ok {
		scope := named.Obj().Pkg().Scope()
		for _, name := range scope.Names() {
			if k, ok := scope.Lookup(name).(*types.Const); ok && types.Identical(k.Type(), named) {
				all = append(all, k.Val())
			}
		}
		e[named] = all
	}
	return all
}

// comparedWith returns the value that the block compares with a constant that is
// neither nil nor true or false, to branch on that; else nil.
func comparedWith(b *ssa.BasicBlock) ssa.Value {
	cmp, ok := Condition(b).(*ssa.BinOp)
	if !ok || cmp.Op != token.EQL {
		return nil
	}
	k, ok := cmp.Y.(*ssa.Const)
	if !ok || k.Value == nil || k.Value.Kind() == constant.Bool {
		return nil
	}
	return cmp.X
}

// Resets reports whether control that goes from b to the head of a loop gives a
// variable of the loop a constant: it has taken note of the error.
func Resets(b *ssa.BasicBlock) bool {
	head := b.Succs[0]
	for i, p := range head.Preds {
		if p != b {
			continue
		}
		for _, in := range head.Instrs {
			phi, ok := in.(*ssa.Phi)
			if !ok {
				break
			}
			if _, ok := phi.Edges[i].(*ssa.Const); ok {
				return true
			}
		}
	}
	return false
}

// RangeExit returns the receive of a range over a channel, if the edge is the
// one that is taken when the channel is closed.
func RangeExit(b *ssa.BasicBlock, i int) *ssa.UnOp {
	cond := Condition(b)
	if cond == nil {
		return nil
	}
	x, ok := cond.(*ssa.Extract)
	if !ok || x.Index != 1 || i != 1 {
		return nil
	}
	recv, ok := x.Tuple.(*ssa.UnOp)
	if !ok || recv.Op != token.ARROW || !recv.CommaOk {
		return nil
	}
	return recv
}

// Condition returns the condition at the end of b, or nil.
func Condition(b *ssa.BasicBlock) ssa.Value {
	if len(b.Instrs) == 0 {
		return nil
	}
	if x, ok := b.Instrs[len(b.Instrs)-1].(*ssa.If); ok {
		return x.Cond
	}
	return nil
}

// SelectCase returns the select and the number of the case that is taken on
// edge i of b.
func SelectCase(b *ssa.BasicBlock, i int) (*ssa.Select, int) {
	cmp, ok := Condition(b).(*ssa.BinOp)
	if !ok || cmp.Op != token.EQL || i != 0 {
		return nil, 0
	}
	x, ok := cmp.X.(*ssa.Extract)
	if !ok || x.Index != 0 {
		return nil, 0
	}
	sel, ok := x.Tuple.(*ssa.Select)
	if !ok {
		return nil, 0
	}
	k, ok := cmp.Y.(*ssa.Const)
	if !ok || k.Value == nil {
		return nil, 0
	}
	return sel, int(k.Int64())
}

// CasesTo yields the cases by which alone control gets to b, each with its select, the
// last first.
func CasesTo(b *ssa.BasicBlock) iter.Seq2[*ssa.Select, int] {
	return func(yield func(*ssa.Select, int) bool) {
		for d, i := range edgesTo(b) {
			if sel, k := SelectCase(d, i); sel != nil && k < len(sel.States) && !yield(sel, k) {
				return
			}
		}
	}
}

// edgesTo yields the edges by which alone control gets to b, each by the block that it leaves
// and its number there, the last first.
func edgesTo(b *ssa.BasicBlock) iter.Seq2[*ssa.BasicBlock, int] {
	return func(yield func(*ssa.BasicBlock, int) bool) {
		for ; b.Idom() != nil; b = b.Idom() {
			d := b.Idom()
			if len(b.Preds) == 1 && !yield(d, slices.Index(d.Succs, b)) {
				return
			}
		}
	}
}

// CaseBlock returns the block to which case k of the select leads, or nil.
func CaseBlock(sel *ssa.Select, k int) *ssa.BasicBlock {
	_, to := CaseEdge(sel, k)
	return to
}

// CaseEdge returns the edge by which case k of the select is taken, or nil: the tests of
// the cases follow the select one by one.
func CaseEdge(sel *ssa.Select, k int) (from, to *ssa.BasicBlock) {
	for b := sel.Block(); ; b = b.Succs[1] {
		tested, i := SelectCase(b, 0)
		switch {
		case tested != sel:
			return nil, nil
		case i == k:
			return b, b.Succs[0]
		}
	}
}

// OtherCase reports whether edge i of b goes on to the next case of a select: it
// leaves nothing by itself, even if the cases that are left all do.
func OtherCase(b *ssa.BasicBlock, i int) bool {
	sel, _ := SelectCase(b, 0)
	if sel == nil || i != 1 {
		return false
	}
	next, _ := SelectCase(b.Succs[1], 0)
	return next == sel
}

func Succ(e Edge) int {
	if e.From.Succs[0] == e.To {
		return 0
	}
	return 1
}

func Succeeds(to, b *ssa.BasicBlock) bool {
	for _, s := range b.Succs {
		if s == to {
			return true
		}
	}
	return false
}

// WithCases returns the blocks of a loop, and those behind it that only choose
// among the cases of a select in the loop: the last cases, if they all leave.
func WithCases(blocks []*ssa.BasicBlock) []*ssa.BasicBlock {
	all := slices.Clone(blocks)
	for i := 0; i < len(all); i++ {
		if sel, _ := SelectCase(all[i], 0); sel == nil {
			continue
		}
		next := all[i].Succs[1]
		if sel, _ := SelectCase(next, 0); sel != nil && slices.Contains(blocks, sel.Block()) && !slices.Contains(all, next) {
			all = append(all, next)
		}
	}
	return all
}
