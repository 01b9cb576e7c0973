package leftopen

import (
	"go/token"
	"go/types"
	"slices"

	"golang.org/x/tools/go/ssa"

	"github.com/killcheck/killcheck/analyzer/callee"
	"github.com/killcheck/killcheck/analyzer/code"
	"github.com/killcheck/killcheck/analyzer/flow"
	"github.com/killcheck/killcheck/analyzer/handle"
)

// judge returns what makes the handles and, if somebody closes them, the return that
// leaves that out; nil if the close comes for sure, or perhaps.
func (o *opened) judge(sites []ssa.Instruction, lives bool) (*ssa.Function, token.Pos, bool) {
	m, fn, made := o.m, o.maker, o.made
	for range 3 {
		if m.IsMain(fn) || m.Process[fn] || m.InTest(fn.Pos()) {
			return nil, 0, false
		}
		start, ok := o.start(fn, made)
		o.left = nil
		lifted, all := o.lift(sites, fn, 4)
		switch {
		case ok && len(sites) == 0:
			if m.Skips(fn, []ssa.Instruction{start}, []ssa.Instruction{start}) == nil {
				return nil, 0, false // as long as that goes on, it is meant to
			}
			return fn, token.NoPos, lives
		case ok && all:
			if len(lifted) > 0 && !slices.ContainsFunc(lifted, func(s ssa.Instruction) bool { return flow.LeadsTo(m.PlainGraph(fn), made, s) }) {
				return nil, 0, false // the next call closes what this one has made
			}
			closes := o.passing(lifted, start)
			if len(closes) == 0 {
				closes = []ssa.Instruction{start}
			}
			r := o.leaves(fn, start, append(closes, o.over(fn)...))
			if r != nil && len(lifted) < len(sites) && o.left != nil {
				r = o.left
			}
			if r == nil {
				return nil, 0, false
			}
			return fn, m.ReturnPos(r), flow.WithoutSome(r, start)
		}
		calls, open := m.Graph.Callers(fn)
		if open || len(calls) != 1 {
			return nil, 0, false
		}
		call, ok := calls[0].(*ssa.Call)
		if !ok {
			return nil, 0, false
		}
		fn, made = call.Parent(), call
	}
	return nil, 0, false
}

// leaves returns a return of fn that control comes to from where the goroutine starts
// without passing one of the closes; or nil. Where a call starts it that fails, it is
// not there.
func (o *opened) leaves(fn *ssa.Function, start ssa.Instruction, closes []ssa.Instruction) *ssa.Return {
	m := o.m
	c, ok := start.(*ssa.Call)
	if !ok || start == ssa.Instruction(o.g.Site.Inst) {
		return m.Skips(fn, []ssa.Instruction{start}, closes)
	}
	calls := callee.Callees{Program: m.Program}
	for _, run := range calls.Of(c).Fns {
		inner, ok := o.lift([]ssa.Instruction{o.g.Site.Inst}, run, 3)
		if !ok || m.Skips(run, nil, inner) == nil {
			continue // it starts it whatever comes
		}
		b := flow.WithoutError(c)
		if b == nil {
			return nil
		}
		is := make(map[ssa.Instruction]bool)
		for _, s := range closes {
			is[s] = true
		}
		return flow.FirstReturn(m.PlainGraph(fn), b, nil, is)
	}
	return m.Skips(fn, []ssa.Instruction{start}, closes)
}

// start returns the one instruction of fn that starts the goroutine, from the call that
// makes the handle on.
func (o *opened) start(fn *ssa.Function, made ssa.Instruction) (ssa.Instruction, bool) {
	lifted, ok := o.lift([]ssa.Instruction{o.g.Site.Inst}, fn, 4)
	if !ok || len(lifted) != 1 || lifted[0] != made && !o.m.Precedes(made, lifted[0]) {
		return nil, false
	}
	return lifted[0], true
}

// passing adds to the sites the branches by which they are left out if there is nothing
// to close: those that ask whether the handle is nil, or look at a flag.
func (o *opened) passing(sites []ssa.Instruction, start ssa.Instruction) []ssa.Instruction {
	known := make(map[ssa.Value]bool)
	if start != nil {
		known = flow.HoldsAt(start.Block())
	}
	all := slices.Clone(sites)
	for _, s := range sites {
		for cond := range flow.HoldsAt(s.Block()) {
			if _, before := known[cond]; before || !o.saysOpen(cond) {
				continue
			}
			for x := s.Block(); x.Idom() != nil; x = x.Idom() {
				if d := x.Idom(); flow.Condition(d) == cond {
					all = append(all, d.Instrs[len(d.Instrs)-1])
				}
			}
		}
	}
	return all
}

// saysOpen reports whether the condition asks whether there is a handle, or looks at a
// variable that may say so.
func (o *opened) saysOpen(cond ssa.Value) bool {
	cond, _ = flow.Positive(cond)
	switch v := cond.(type) {
	case *ssa.BinOp:
		tested, _ := code.NilTest(v)
		return tested != nil && (slices.ContainsFunc(o.trails, func(t *handle.Trail) bool { return t.Has(tested) }) || !code.IsError(tested.Type()))
	case *ssa.Phi:
		return true
	case *ssa.UnOp:
		return v.Op == token.MUL && types.Identical(v.Type().Underlying(), types.Typ[types.Bool])
	}
	return false
}
