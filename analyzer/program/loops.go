package program

import (
	"go/ast"
	"go/types"
	"iter"
	"slices"

	"golang.org/x/tools/go/ssa"

	"github.com/killcheck/killcheck/analyzer/code"
	"github.com/killcheck/killcheck/analyzer/flow"
	"github.com/killcheck/killcheck/analyzer/kb"
	"github.com/killcheck/killcheck/analyzer/signal"
)

// EndsWithMain reports whether main itself starts the goroutine, to last as long
// as the process: when main returns, the process ends.
func (prog *Program) EndsWithMain(g *Goroutine) bool {
	return g.Process && prog.Process[g.Site.In] && g.Site.In.Parent() == nil && g.Site.In.Name() == "main"
}

// ForLife reports whether nothing shows that the goroutine is meant to end before
// the process does: it is started once in the life of a command, nobody waits for
// it, and it defers nothing that it would do at its end.
func (prog *Program) ForLife(g *Goroutine) bool {
	return prog.Pkg.Name() == "main" && g.Process && !g.Site.Join && !slices.ContainsFunc(g.Frames, func(f *Frame) bool {
		return f.From == nil && defers(f.Fn)
	})
}

// defers reports whether the function has a defer statement.
func defers(fn *ssa.Function) bool {
	for range code.Defers(fn) {
		return true
	}
	return false
}

// Receives yields the receives of fn that are no case of a select.
func (prog *Program) Receives(fn *ssa.Function) iter.Seq[*ssa.UnOp] {
	graph := prog.PlainGraph(fn)
	return func(yield func(*ssa.UnOp) bool) {
		for _, b := range fn.Blocks {
			for _, in := range b.Instrs {
				if u, ok := in.(*ssa.UnOp); ok && code.IsRecv(u) && graph.Executes(u) && !yield(u) {
					return
				}
			}
		}
	}
}

// MayFail reports whether the loop hands a test to a function of another package,
// such as an assertion, which may end the goroutine by FailNow.
func MayFail(l *flow.Loop) bool {
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

// Bare reports whether a return out of the function is what ends it without a
// result: then a stop check changes nothing until a stop is asked for.
func (prog *Program) Bare(f *Frame) bool { return f.Fn.Signature.Results().Len() == 0 }

func (prog *Program) IsSleep(c *ssa.CallCommon) bool {
	e, ok := signal.Entry(prog.Base, c)
	return ok && e.Kind == kb.KindSleep && e.Use == kb.UseSelect && len(c.Args) == 1
}

// RoundWithout reports whether control can go round the loop without passing
// the block.
func (prog *Program) RoundWithout(fn *ssa.Function, l *flow.Loop, skip *ssa.BasicBlock) bool {
	if l.Head == skip {
		return false
	}
	g := prog.PlainGraph(fn)
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

// Looped reports whether the instruction stands in a loop of its function.
func (prog *Program) Looped(in ssa.Instruction) bool {
	return len(prog.PlainGraph(in.Parent()).Around(in.Block())) > 0
}

// again reports whether the instruction stands in a loop of its function that
// goes round as long as something comes. A loop that counts, or ranges over what
// there is, starts a fixed set of workers.
func (prog *Program) again(in ssa.Instruction) bool {
	fn := in.Parent()
	for _, l := range prog.PlainGraph(fn).Around(in.Block()) {
		if s, ok := prog.Syn.Loop(fn, l.Blocks).(*ast.RangeStmt); ok && code.IsChan(prog.Info.TypeOf(s.X)) || !prog.bounded(fn, l) {
			return true
		}
	}
	return false
}

// bounded reports whether the loop counts, or ranges over what it has.
func (prog *Program) bounded(fn *ssa.Function, l *flow.Loop) bool {
	switch s := prog.Syn.Loop(fn, l.Blocks).(type) {
	case *ast.RangeStmt:
		t := prog.Info.TypeOf(s.X)
		if t == nil {
			return false
		}
		_, isFunc := t.Underlying().(*types.Signature)
		return !isFunc
	case *ast.ForStmt:
		return s.Cond != nil && s.Post != nil
	}
	return false
}
