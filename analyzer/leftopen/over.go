package leftopen

import (
	"go/types"
	"slices"

	"golang.org/x/tools/go/ssa"

	"github.com/killcheck/killcheck/analyzer/code"
	"github.com/killcheck/killcheck/analyzer/flow"
	"github.com/killcheck/killcheck/analyzer/program"
	"github.com/killcheck/killcheck/analyzer/signal"
)

// over returns the instructions of fn behind which the wait is over: a receive from a
// channel that the goroutine alone raises, behind the wait, and a wait for its end.
func (o *opened) over(fn *ssa.Function) []ssa.Instruction {
	var ins []ssa.Instruction
	for _, b := range fn.Blocks {
		for _, in := range b.Instrs {
			switch in := in.(type) {
			case *ssa.UnOp:
				if code.IsRecv(in) && o.tells(in.X) {
					ins = append(ins, in)
				}
			case *ssa.Select:
				for k, s := range in.States {
					if s.Dir != types.RecvOnly || !o.tells(s.Chan) {
						continue
					}
					if to := flow.CaseBlock(in, k); to != nil && len(to.Preds) == 1 {
						ins = append(ins, to.Instrs[0])
					}
				}
			case *ssa.Call:
				if o.m.h.Joins(o.g, in) {
					ins = append(ins, in)
				}
			}
		}
	}
	return ins
}

// tells reports whether a value of the channel, or its close, says that the wait is over.
func (o *opened) tells(ch ssa.Value) bool {
	c := o.m.Graph.Class(o.m.Base, ch)
	raises := c.Has(signal.Send, signal.Close)
	return c.Own() && len(raises) > 0 && !slices.ContainsFunc(raises, func(r signal.Op) bool { return !o.behind(r) })
}

// behind reports whether the goroutine alone does the operation, and does not come to the
// wait again once it has done it.
func (o *opened) behind(op signal.Op) bool {
	if !o.g.Has(op.Fn) || len(o.m.Running(o.m.Goroutines, op.Fn)) != 1 {
		return false
	}
	wait := o.w.In
	if wait == nil {
		wait = o.w.Head.Instrs[0]
	}
	waits := o.places(o.w.Fn, wait)
	for _, raise := range o.places(op.Fn, op.In) {
		i := slices.IndexFunc(waits, func(in ssa.Instruction) bool { return in.Parent() == raise.Parent() })
		if i < 0 {
			continue
		}
		if _, deferred := raise.(*ssa.Defer); deferred {
			return raise.Parent() == o.g.Site.Body
		}
		return raise != waits[i] && !flow.LeadsTo(o.m.PlainGraph(raise.Parent()), raise, waits[i])
	}
	return false
}

// places returns the instruction and the calls of the goroutine that lead to it, the
// innermost first.
func (o *opened) places(fn *ssa.Function, in ssa.Instruction) []ssa.Instruction {
	i := slices.IndexFunc(o.g.Frames, func(f *program.Frame) bool { return f.Fn == fn })
	if i < 0 {
		return nil
	}
	all := []ssa.Instruction{in}
	for f := o.g.Frames[i]; f.Call != nil; f = f.From {
		all = append(all, f.Call)
	}
	return all
}
