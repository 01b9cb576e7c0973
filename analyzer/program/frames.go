package program

import (
	"go/constant"
	"go/types"

	"golang.org/x/tools/go/ssa"

	"github.com/killcheck/killcheck/analyzer/code"
	"github.com/killcheck/killcheck/analyzer/spawn"
)

// A Goroutine is one spawn with the functions that it runs.
type Goroutine struct {
	Site    *spawn.Site
	Frames  []*Frame // the body first; each function once
	Process bool     // meant to live as long as the process
	Left    string   // what was not looked at, since it would be too much work; empty if nothing
	runs    map[*ssa.Function]bool
	cut     bool // functions that it runs are not among them
}

// A Frame is one function that a goroutine runs.
type Frame struct {
	Fn   *ssa.Function
	From *Frame              // the caller; nil for the body
	Call ssa.CallInstruction // the call; nil for the body
	args map[*ssa.Parameter]ssa.Value
}

// Has reports whether the goroutine runs fn.
func (g *Goroutine) Has(fn *ssa.Function) bool { return g.runs[fn] }

// maxDepth bounds how far a goroutine is followed into callees, maxFrames how
// many functions of it are looked at.
const (
	maxDepth  = 6
	maxFrames = 200
)

// walk finds the functions that the goroutine of the site runs. A call is none where all calls
// by the goroutine give a constant for which it is not done.
func (prog *Program) walk(s *spawn.Site) *Goroutine {
	g := prog.walkBut(s, nil)
	if g.cut {
		return g // a call that is not seen may give another one
	}
	not := make(map[ssa.CallInstruction]bool)
	for _, f := range g.Frames {
		if f.From != nil {
			prog.excluded(g, f.Fn, not)
		}
	}
	if len(not) > 0 {
		return prog.walkBut(s, not)
	}
	return g
}

// excluded adds the calls of the function that are done only for another value of a parameter than
// the constant that the goroutine gives for it, wherever it calls the function.
func (prog *Program) excluded(g *Goroutine, fn *ssa.Function, not map[ssa.CallInstruction]bool) {
	for _, p := range fn.Params {
		if !types.Identical(p.Type(), types.Typ[types.Bool]) {
			continue
		}
		gives, ok := prog.givesAlways(g, p)
		if !ok {
			continue
		}
		for _, r := range *p.Referrers() {
			branch, ok := r.(*ssa.If)
			if !ok {
				continue
			}
			other := branch.Block().Succs[0]
			if gives {
				other = branch.Block().Succs[1]
			}
			if len(other.Preds) == 1 {
				addCalls(other, not)
			}
		}
	}
}

// addCalls adds the calls that are done only where control comes through the block.
func addCalls(through *ssa.BasicBlock, calls map[ssa.CallInstruction]bool) {
	for _, b := range through.Parent().Blocks {
		if !through.Dominates(b) {
			continue
		}
		for _, in := range b.Instrs {
			if c, ok := in.(ssa.CallInstruction); ok {
				calls[c] = true
			}
		}
	}
}

// givesAlways returns the constant that all calls by the goroutine give for the parameter.
func (prog *Program) givesAlways(g *Goroutine, p *ssa.Parameter) (value, ok bool) {
	calls, open := prog.Graph.Callers(p.Parent())
	if open {
		return false, false
	}
	for _, c := range calls {
		if !g.runs[c.Parent()] {
			continue
		}
		k, isConst := code.Argument(c.Common(), p).(*ssa.Const)
		if !isConst || k.Value == nil || ok && constant.BoolVal(k.Value) != value {
			return false, false
		}
		value, ok = constant.BoolVal(k.Value), true
	}
	return value, ok
}

// walkBut is walk without the calls.
func (prog *Program) walkBut(s *spawn.Site, not map[ssa.CallInstruction]bool) *Goroutine {
	g := &Goroutine{Site: s}
	if s.Body == nil {
		return g
	}
	root := &Frame{Fn: s.Body}
	if s.Call != nil {
		root.args = prog.arguments(s.Call, s.Body, nil)
	}
	seen := map[*ssa.Function]bool{s.Body: true}
	g.runs = seen
	g.Frames = []*Frame{root}
	depth := map[*Frame]int{root: 0}
	for i := 0; i < len(g.Frames) && len(g.Frames) < maxFrames; i++ {
		f := g.Frames[i]
		if depth[f] == maxDepth {
			g.cut = true
			continue
		}
		for _, b := range f.Fn.Blocks {
			for _, in := range b.Instrs {
				c, ok := in.(ssa.CallInstruction)
				if _, isGo := in.(*ssa.Go); !ok || isGo || not[c] || !prog.PlainGraph(f.Fn).Executes(in) {
					continue
				}
				for _, fn := range prog.callees(f, c) {
					if seen[fn] {
						continue
					}
					seen[fn] = true
					next := &Frame{Fn: fn, From: f, Call: c, args: prog.arguments(c.Common(), fn, f)}
					depth[next] = depth[f] + 1
					g.Frames = append(g.Frames, next)
				}
			}
		}
	}
	g.cut = g.cut || len(g.Frames) >= maxFrames
	return g
}

// arguments records which functions the parameters of fn are in this call.
func (prog *Program) arguments(c *ssa.CallCommon, fn *ssa.Function, from *Frame) map[*ssa.Parameter]ssa.Value {
	var args map[*ssa.Parameter]ssa.Value
	if c.IsInvoke() {
		return nil
	}
	for i, a := range c.Args {
		if i >= len(fn.Params) {
			break
		}
		if _, ok := a.Type().Underlying().(*types.Signature); !ok {
			continue
		}
		if p, _ := prog.Finder.Param(a); p != nil && from != nil && from.args[p] != nil {
			a = from.args[p]
		}
		if args == nil {
			args = make(map[*ssa.Parameter]ssa.Value)
		}
		args[fn.Params[i]] = a
	}
	return args
}

// implementation returns the method that a call through an interface of the
// package means, if there is only one.
func (prog *Program) implementation(in ssa.CallInstruction) []*ssa.Function {
	if fns, open := prog.Graph.Callees(in); len(fns) == 1 && !open {
		return fns
	}
	return nil
}
