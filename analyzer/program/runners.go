package program

import (
	"slices"

	"golang.org/x/tools/go/ssa"

	"github.com/killcheck/killcheck/analyzer/code"
	"github.com/killcheck/killcheck/analyzer/flow"
	"github.com/killcheck/killcheck/analyzer/kb"
	"github.com/killcheck/killcheck/analyzer/signal"
	"github.com/killcheck/killcheck/analyzer/spawn"
)

// Runner returns a goroutine that runs fn, with its frame, or nils: one that the program
// itself starts, if there is such, rather than one of its tests.
func (prog *Program) Runner(gs []*Goroutine, fn *ssa.Function) (*Goroutine, *Frame) {
	if prog.runners == nil {
		prog.runners = make(map[*ssa.Function][]run)
		prog.runner = make(map[*ssa.Function]run)
		for _, g := range gs {
			test := prog.InTest(g.Site.Pos)
			for _, f := range g.Frames {
				prog.runners[f.Fn] = append(prog.runners[f.Fn], run{g, f})
				if r, ok := prog.runner[f.Fn]; !ok || !test && prog.InTest(r.G.Site.Pos) {
					prog.runner[f.Fn] = run{g, f}
				}
			}
		}
	}
	r := prog.runner[fn]
	return r.G, r.F
}

// Running returns the goroutines that run fn, with their frames, in the order of gs.
func (prog *Program) Running(gs []*Goroutine, fn *ssa.Function) []run {
	prog.Runner(gs, fn)
	return prog.runners[fn]
}

// StartedBy returns a goroutine that the instruction starts, or nil.
func (prog *Program) StartedBy(in ssa.Instruction) *Goroutine {
	prog.indexStarts()
	return prog.startedBy[in]
}

// WithBody returns the goroutines that run fn as their body.
func (prog *Program) WithBody(fn *ssa.Function) []*Goroutine {
	prog.indexStarts()
	return prog.withBody[fn]
}

func (prog *Program) indexStarts() {
	if prog.startedBy != nil {
		return
	}
	prog.startedBy, prog.withBody = make(map[ssa.Instruction]*Goroutine), make(map[*ssa.Function][]*Goroutine)
	for _, g := range prog.Goroutines {
		if g.Started() && prog.startedBy[g.Site.Inst] == nil {
			prog.startedBy[g.Site.Inst] = g
		}
		if body := g.Site.Body; body != nil {
			prog.withBody[body] = append(prog.withBody[body], g)
		}
	}
}

// OnEveryWay reports whether control comes to the instruction of fn before it returns,
// whatever way it takes, and it does return.
func (prog *Program) OnEveryWay(fn *ssa.Function, in ssa.Instruction) bool {
	rets := flow.ReturnsOf(prog.PlainGraph(fn))
	return len(rets) > 0 && !slices.ContainsFunc(rets, func(r *ssa.Return) bool { return !flow.Precedes(in, r) })
}

// starts knows where goroutines start.
type starts struct {
	In map[*ssa.Function][]*spawn.Site       // by the function that holds them
	Of map[*ssa.Function][]*spawn.Site       // by the body
	By map[ssa.CallInstruction][]*spawn.Site // by the go statement or call
}

// SiteIndex returns the index of the sites.
func (prog *Program) SiteIndex() *starts {
	if prog.started == nil {
		prog.started = &starts{make(map[*ssa.Function][]*spawn.Site), make(map[*ssa.Function][]*spawn.Site), make(map[ssa.CallInstruction][]*spawn.Site)}
		for _, s := range prog.Sites {
			prog.started.In[s.In] = append(prog.started.In[s.In], s)
			prog.started.By[s.Inst] = append(prog.started.By[s.Inst], s)
			if s.Body != nil {
				prog.started.Of[s.Body] = append(prog.started.Of[s.Body], s)
			}
		}
	}
	return prog.started
}

// A run is a function that a goroutine runs.
type run struct {
	G *Goroutine
	F *Frame
}

// RunsIn reports whether a goroutine with the body runs fn.
func (prog *Program) RunsIn(body, fn *ssa.Function) bool {
	if body == nil {
		return false
	}
	return body == fn || prog.CalledBy(body, fn, 4)
}

func (prog *Program) IsBody(fn *ssa.Function) bool {
	return len(prog.SiteIndex().Of[fn]) > 0
}

// Callback returns the one call to which the function literal is given, if that
// calls it before it returns, or nil.
func (prog *Program) Callback(fn *ssa.Function) ssa.CallInstruction {
	var call ssa.CallInstruction
	if fn.Parent() == nil {
		return nil
	}
	for _, b := range fn.Parent().Blocks {
		for _, in := range b.Instrs {
			mk, ok := in.(*ssa.MakeClosure)
			if !ok || mk.Fn != fn {
				continue
			}
			for _, r := range *mk.Referrers() {
				c, ok := r.(ssa.CallInstruction)
				if !ok || call != nil {
					return nil
				}
				if e, ok := signal.Entry(prog.Base, c.Common()); !ok || e.Effect != kb.Callback || code.ReturnsFunc(c.Common()) {
					return nil
				}
				call = c
			}
		}
	}
	return call
}

// callees returns the functions of the package that a call in the frame runs:
// the callee, and functions that the callee is given and calls.
func (prog *Program) callees(f *Frame, in ssa.CallInstruction) []*ssa.Function {
	c := in.Common()
	var fns []*ssa.Function
	add := func(v ssa.Value) {
		if p, _ := prog.Finder.Param(v); p != nil {
			for x := f; x != nil; x = x.From {
				if a := x.args[p]; a != nil {
					v = a
					break
				}
			}
		}
		if got, open := prog.Graph.Functions(v); len(got) == 1 && !open && got[0].Blocks != nil {
			fns = append(fns, got[0])
		}
	}
	if c.IsInvoke() {
		return prog.implementation(in)
	}
	if s := c.StaticCallee(); s == nil {
		if _, ok := c.Value.(*ssa.Builtin); !ok {
			add(c.Value)
		}
	} else if s.Blocks != nil && (s.Pkg == nil || s.Pkg.Pkg == prog.Pkg) {
		add(c.Value)
	}
	for _, n := range prog.Finder.Called(c) {
		if n != nil {
			add(n)
		}
	}
	return fns
}
