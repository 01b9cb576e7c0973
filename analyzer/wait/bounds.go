package wait

import (
	"go/ast"
	"go/token"
	"go/types"
	"slices"

	"golang.org/x/tools/go/ssa"

	"github.com/killcheck/killcheck/analyzer/code"
	"github.com/killcheck/killcheck/analyzer/flow"
	"github.com/killcheck/killcheck/analyzer/kb"
	"github.com/killcheck/killcheck/analyzer/signal"
	"github.com/killcheck/killcheck/analyzer/summary"
)

// bounded reports whether the loop counts, or goes over what there is.
func (l *looper) bounded(comp []*ssa.BasicBlock, head *ssa.BasicBlock) bool {
	m := l.m
	switch s := m.Syn.Loop(l.fn, comp).(type) {
	case *ast.RangeStmt:
		t := m.Info.TypeOf(s.X)
		if t == nil {
			return false
		}
		switch t.Underlying().(type) {
		case *types.Chan, *types.Signature:
			return false
		}
		return begins(head)
	case *ast.ForStmt:
		return s.Cond != nil && s.Post != nil && m.compares(s.Cond, s.Post) && begins(head)
	}
	return false
}

// begins reports whether the head of a cycle is where a loop statement goes round, not
// what a goto makes a loop of that has one in it.
func begins(head *ssa.BasicBlock) bool {
	switch head.Comment {
	case "for.loop", "rangeindex.loop", "rangeiter.loop", "rangeint.loop", "rangeint.body":
		return true
	}
	return false
}

// compares reports whether the condition of a loop compares what its post
// statement changes.
func (m *Points) compares(cond ast.Expr, post ast.Stmt) bool {
	var changed []types.Object
	note := func(e ast.Expr) {
		if id, ok := ast.Unparen(e).(*ast.Ident); ok {
			changed = append(changed, m.Info.ObjectOf(id))
		}
	}
	switch s := post.(type) {
	case *ast.IncDecStmt:
		note(s.X)
	case *ast.AssignStmt:
		for _, e := range s.Lhs {
			note(e)
		}
	}
	found := false
	ast.Inspect(cond, func(n ast.Node) bool {
		cmp, ok := n.(*ast.BinaryExpr)
		if !ok || cmp.Op == token.LAND || cmp.Op == token.LOR {
			_, paren := n.(*ast.ParenExpr)
			return ok && cmp.Op == token.LAND || paren
		}
		for _, side := range []ast.Expr{cmp.X, cmp.Y} {
			ast.Inspect(side, func(n ast.Node) bool {
				if id, ok := n.(*ast.Ident); ok {
					found = found || slices.Contains(changed, m.Info.ObjectOf(id)) && m.Info.ObjectOf(id) != nil
				}
				return true
			})
		}
		return false
	})
	return found
}

// computes reports whether the loop only computes: nothing in it waits, and what
// ends it changes from round to round.
func (l *looper) computes(comp []*ssa.BasicBlock, in map[*ssa.BasicBlock]bool) bool {
	for _, b := range comp {
		for _, x := range b.Instrs {
			switch x := x.(type) {
			case *ssa.Send, *ssa.Select, *ssa.Go:
				return false
			case *ssa.UnOp:
				if x.Op == token.ARROW {
					return false
				}
			case ssa.CallInstruction:
				if !l.m.passes(x) {
					return false
				}
			}
		}
	}
	for _, b := range comp {
		for _, to := range b.Succs {
			if !in[to] && l.alive[to.Index] && l.varies(flow.Condition(b), in, 6) {
				return true
			}
		}
	}
	return false
}

// brief reports whether the call does not wait, not even for a time, and all that
// it runs was read.
func (m *Points) brief(in ssa.CallInstruction) bool {
	t := m.callees.Of(in)
	return !t.Unread && t.Param == nil && m.passes(in) && !slices.ContainsFunc(t.Fns, func(f *ssa.Function) bool { return len(m.events(f).waits) > 0 })
}

// passes reports whether the call does not wait, not even for a time, as far as
// what it runs was read.
func (m *Points) passes(in ssa.CallInstruction) bool {
	t := m.callees.Of(in)
	if t.Fact != nil && (t.Fact.More || slices.ContainsFunc(t.Fact.Waits, func(w summary.Wait) bool { return w.Op != uint8(Unread) })) {
		return false
	}
	if t.Row != nil {
		switch t.Row.Effect {
		case kb.Blocks, kb.Passes:
			return false
		case kb.Bounded:
			return t.Row.Kind != kb.KindSleep
		}
	}
	return !slices.ContainsFunc(t.Fns, func(f *ssa.Function) bool {
		e := m.events(f)
		return e.more || slices.ContainsFunc(e.waits, func(w *Wait) bool { return w.Op != Unread })
	})
}

// varies reports whether the condition is computed from what a round of the loop
// changes.
func (l *looper) varies(v ssa.Value, in map[*ssa.BasicBlock]bool, depth int) bool {
	x, ok := v.(ssa.Instruction)
	if !ok || depth == 0 || !in[x.Block()] {
		return false
	}
	switch x := x.(type) {
	case *ssa.Phi, *ssa.Next, *ssa.Alloc:
		return true
	case *ssa.UnOp:
		if x.Op == token.MUL && l.storesIn(x.X, in) {
			return true
		}
	case *ssa.Call:
		if e, ok := signal.Entry(l.m.Base, &x.Call); ok {
			return e.Effect == kb.FlagStore // compare and swap
		}
		if b, ok := x.Call.Value.(*ssa.Builtin); !ok || b.Name() != "len" && b.Name() != "cap" {
			t := l.m.callees.Of(x)
			if len(t.Fns) == 0 && !t.Unread && !t.Brief && t.Param == nil {
				return true // of another package: a scanner, an iterator
			}
			for _, f := range t.Fns {
				if alters(f) {
					return true
				}
			}
		}
	}
	var buf [8]*ssa.Value
	for _, op := range x.Operands(buf[:0]) {
		if *op != nil && l.varies(*op, in, depth-1) {
			return true
		}
	}
	return false
}

// alters reports whether the function stores something.
func alters(fn *ssa.Function) bool {
	for _, b := range fn.Blocks {
		for _, in := range b.Instrs {
			switch in := in.(type) {
			case *ssa.Store:
				if _, local := in.Addr.(*ssa.Alloc); !local {
					return true
				}
			case *ssa.MapUpdate:
				return true
			case *ssa.Call:
				if b, ok := in.Call.Value.(*ssa.Builtin); ok && b.Name() == "delete" {
					return true
				}
			}
		}
	}
	return false
}

// storesIn reports whether a round of the loop stores at an address like this.
func (l *looper) storesIn(addr ssa.Value, in map[*ssa.BasicBlock]bool) bool {
	for b := range in {
		for _, x := range b.Instrs {
			switch x := x.(type) {
			case *ssa.Store:
				if x.Addr == addr || code.SameCell(x.Addr, addr) {
					return true
				}
			case *ssa.Call:
				if fns, _ := l.m.Graph.Callees(x); slices.ContainsFunc(fns, alters) {
					return true
				}
			}
		}
	}
	return false
}
