// Package lifetime joins what is known of a package into a verdict for each
// goroutine: it ends, it stops by a signal, it is stuck at an obstacle, or that
// is unknown.
package lifetime

import (
	"go/ast"
	"go/doc"
	"go/token"
	"go/types"
	"slices"

	"golang.org/x/tools/go/ssa"

	"github.com/killcheck/killcheck/analyzer/directive"
	"github.com/killcheck/killcheck/analyzer/flow"
	"github.com/killcheck/killcheck/analyzer/kb"
	"github.com/killcheck/killcheck/analyzer/signal"
	"github.com/killcheck/killcheck/analyzer/spawn"
	"github.com/killcheck/killcheck/analyzer/summary"
)

// Input is what the judgement of a package is made from.
type Input struct {
	Fset       *token.FileSet
	Pkg        *types.Package
	Files      []*ast.File
	Info       *types.Info
	Functions  []*ssa.Function
	Graph      *signal.Graph
	Base       *kb.Base
	Finder     *spawn.Finder
	Sites      []*spawn.Site
	Fact       func(*types.Func) *summary.Func
	Directives []*directive.Directive
	GoVersion  string // of the module, such as go1.22; empty if unknown
	Module     string // its path; empty if unknown
	Exports    bool   // other packages are to know the waits of its functions
}

// world is the state of the judgement of one package.
type world struct {
	Input
	syn     *syntax
	plain   map[*ssa.Function]*flow.Graph // without what never returns
	pruned  map[*ssa.Function]*flow.Graph // without the wakes that nobody raises as well
	returns map[*ssa.Function]bool        // functions that can return, in the plain graph
	runners map[*ssa.Function][]run       // see runner
	sync    *syncOps                      // see syncIndex
	fifos   *[]ssa.Value                  // see fifoNames; nil if not looked for yet
	found   []Obstacle
	seen    map[obstacleKey]bool
	process map[*ssa.Function]bool
	stored  map[any]bool // flags that something may set

	gs       []*Goroutine
	stayed   map[*Goroutine][]Stay                       // see stays
	stayedAt map[token.Pos]stayOf                        // see stayAt; nil if not looked for yet
	unrun    map[ast.Node]bool                           // see runs
	numbers  map[*ssa.BasicBlock]map[ssa.Instruction]int // see precedes
	raised   map[*signal.Class]raisers                   // see raises
	single   map[*ssa.Alloc]ssa.Value                    // see onlyStored
	held     map[ssa.Value][]ssa.Value                   // see storedIn
	spent    map[*ssa.Function]int                       // see affords
	sends    map[*ssa.Function][]*ssa.Send               // see sendsOf
	defers   map[*ssa.Function][]*ssa.Defer              // see defersIn
	answers  map[answerKey]answer
	taken    map[takenKey]int   // see takenBefore
	least    map[leastKey]leave // see leastOnce
	handers  map[*ssa.MakeChan][]handover
	tallies  map[tallyKey]*tally // see newCounter
	covers   *directive.Index
	started  *starts    // see siteIndex
	cells    *cellIndex // see cellsOf
	derived  map[*ssa.Function]derivations
	spots    map[*ssa.Function]map[token.Pos]ssa.Instruction // see instructionAt
	signals  map[types.Type][]signalField                    // see fieldsOf
}

type obstacleKey struct {
	kind Kind
	pos  token.Pos
}

// A Goroutine is one spawn with the functions that it runs.
type Goroutine struct {
	Site    *spawn.Site
	Frames  []*Frame // the body first; each function once
	Process bool     // meant to live as long as the process
	Left    string   // what was not looked at, since it would be too much work; empty if nothing
	runs    map[*ssa.Function]bool
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

// Output is the judgement of a package.
type Output struct {
	Goroutines []*Goroutine
	Obstacles  []Obstacle                              // sorted by position
	Summaries  map[*ssa.Function]*summary.Func         // of the functions of the package
	Judge      func(*Goroutine) Verdict                // how one of Goroutines ends
	Runs       func(*Goroutine, *types.Package) string // what one of them runs
	Explain    func() []Explanation                    // of every wait and every goroutine
}

// Analyze judges the goroutines of a package.
func Analyze(in Input) Output {
	w := &world{
		Input: in, syn: newSyntax(in.Fset, in.Files, in.Info),
		plain:   make(map[*ssa.Function]*flow.Graph),
		pruned:  make(map[*ssa.Function]*flow.Graph),
		returns: make(map[*ssa.Function]bool),
		seen:    make(map[obstacleKey]bool),
		stayed:  make(map[*Goroutine][]Stay),
		numbers: make(map[*ssa.BasicBlock]map[ssa.Instruction]int),
		raised:  make(map[*signal.Class]raisers),
		single:  make(map[*ssa.Alloc]ssa.Value),
		held:    make(map[ssa.Value][]ssa.Value),
		spent:   make(map[*ssa.Function]int),
		sends:   make(map[*ssa.Function][]*ssa.Send),
		defers:  make(map[*ssa.Function][]*ssa.Defer),
		answers: make(map[answerKey]answer),
		taken:   make(map[takenKey]int),
		least:   make(map[leastKey]leave),
		handers: make(map[*ssa.MakeChan][]handover),
		tallies: make(map[tallyKey]*tally),
		derived: make(map[*ssa.Function]derivations),
		spots:   make(map[*ssa.Function]map[token.Pos]ssa.Instruction),
		signals: make(map[types.Type][]signalField),
	}
	w.findReturns()
	w.findProcess()
	var gs []*Goroutine
	w.unrun = w.unrunExamples()
	for _, s := range in.Sites {
		if !w.runs(s) {
			continue
		}
		g := w.walk(s)
		g.Process = w.isProcess(g)
		gs = append(gs, g)
	}
	w.gs = gs
	for _, g := range gs {
		w.endlessLoops(g)
		w.ignoredStops(g)
		w.unreleased(g)
	}
	w.stuck()
	w.unraised(gs)
	w.abandoned(gs)
	w.heldLocks(gs)
	w.syncWaits(gs)
	handles := newHandles(w)
	w.falseStops(gs, handles)
	w.uninterruptible(gs, handles)
	w.unsafeKills(gs)
	owners := newOwners(w, gs)
	w.unclosed(gs, owners)
	w.unjoined(gs, owners)
	w.dirtyStops(gs, owners)
	w.detached(gs, owners)
	w.found = settled(w.found)
	slices.SortStableFunc(w.found, func(a, b Obstacle) int { return int(a.Pos) - int(b.Pos) })
	m := newModel(w, gs, handles)
	for _, o := range w.found {
		waits := slices.Contains([]Kind{Endless, IgnoredStop, Abandoned, Unreleased, HeldLock, Uninterruptible}, o.Kind)
		m.heard = append(m.heard, Said{string(o.Kind), o.Site, o.Pos, o.Message, o.Extended, waits})
	}
	sums := w.summaries(owners)
	if in.Exports {
		m.tell(sums)
	}
	return Output{gs, w.found, sums, m.judge, m.runs, m.explain}
}

// runs reports whether somebody runs the code of the site.
func (w *world) runs(s *spawn.Site) bool { return !w.unrun[outermost(s.In).Syntax()] }

// unrunExamples returns the testable examples that say no output: they are
// compiled and shown, but never run.
func (w *world) unrunExamples() map[ast.Node]bool {
	unrun := make(map[ast.Node]bool)
	for _, f := range w.Files {
		if !w.inTest(f.Pos()) {
			continue
		}
		bodies := make(map[ast.Node]ast.Node)
		for _, d := range f.Decls {
			if d, ok := d.(*ast.FuncDecl); ok {
				bodies[d.Body] = d
			}
		}
		for _, e := range doc.Examples(f) {
			if e.Output == "" && !e.EmptyOutput {
				unrun[bodies[e.Code]] = true
			}
		}
	}
	delete(unrun, nil)
	return unrun
}

// summaries returns what callers in other packages need to know.
func (w *world) summaries(o *owners) map[*ssa.Function]*summary.Func {
	sums := make(map[*ssa.Function]*summary.Func)
	for _, fn := range w.Functions {
		sums[fn] = &summary.Func{
			NoReturn: !w.returns[fn],
			Spawns:   w.Finder.Spawns[fn],
			Runs:     w.Finder.Runs[fn],
		}
		o.tell(fn, sums[fn])
	}
	return sums
}

// maxDepth bounds how far a goroutine is followed into callees, maxFrames how
// many functions of it are looked at.
const (
	maxDepth  = 6
	maxFrames = 200
)

// walk finds the functions that the goroutine of the site runs.
func (w *world) walk(s *spawn.Site) *Goroutine {
	g := &Goroutine{Site: s}
	if s.Body == nil {
		return g
	}
	root := &Frame{Fn: s.Body}
	if s.Call != nil {
		root.args = w.arguments(s.Call, s.Body, nil)
	}
	seen := map[*ssa.Function]bool{s.Body: true}
	g.runs = seen
	g.Frames = []*Frame{root}
	depth := map[*Frame]int{root: 0}
	for i := 0; i < len(g.Frames) && len(g.Frames) < maxFrames; i++ {
		f := g.Frames[i]
		if depth[f] == maxDepth {
			continue
		}
		for _, b := range f.Fn.Blocks {
			for _, in := range b.Instrs {
				c, ok := in.(ssa.CallInstruction)
				if _, isGo := in.(*ssa.Go); !ok || isGo || !w.plainGraph(f.Fn).Executes(in) {
					continue
				}
				for _, fn := range w.callees(f, c) {
					if seen[fn] {
						continue
					}
					seen[fn] = true
					next := &Frame{Fn: fn, From: f, Call: c, args: w.arguments(c.Common(), fn, f)}
					depth[next] = depth[f] + 1
					g.Frames = append(g.Frames, next)
				}
			}
		}
	}
	return g
}

// arguments records which functions the parameters of fn are in this call.
func (w *world) arguments(c *ssa.CallCommon, fn *ssa.Function, from *Frame) map[*ssa.Parameter]ssa.Value {
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
		if p, _ := w.Finder.Param(a); p != nil && from != nil && from.args[p] != nil {
			a = from.args[p]
		}
		if args == nil {
			args = make(map[*ssa.Parameter]ssa.Value)
		}
		args[fn.Params[i]] = a
	}
	return args
}

// callees returns the functions of the package that a call in the frame runs:
// the callee, and functions that the callee is given and calls.
func (w *world) callees(f *Frame, in ssa.CallInstruction) []*ssa.Function {
	c := in.Common()
	var fns []*ssa.Function
	add := func(v ssa.Value) {
		if p, _ := w.Finder.Param(v); p != nil {
			for x := f; x != nil; x = x.From {
				if a := x.args[p]; a != nil {
					v = a
					break
				}
			}
		}
		if got, open := w.Graph.Functions(v); len(got) == 1 && !open && got[0].Blocks != nil {
			fns = append(fns, got[0])
		}
	}
	if c.IsInvoke() {
		return w.implementation(in)
	}
	if s := c.StaticCallee(); s == nil {
		if _, ok := c.Value.(*ssa.Builtin); !ok {
			add(c.Value)
		}
	} else if s.Blocks != nil && (s.Pkg == nil || s.Pkg.Pkg == w.Pkg) {
		add(c.Value)
	}
	for _, n := range w.Finder.Called(c) {
		if n != nil {
			add(n)
		}
	}
	return fns
}

// implementation returns the method that a call through an interface of the
// package means, if there is only one.
func (w *world) implementation(in ssa.CallInstruction) []*ssa.Function {
	if fns, open := w.Graph.Callees(in); len(fns) == 1 && !open {
		return fns
	}
	return nil
}

// report records an obstacle unless one of its kind is known at its position.
// The steps follow those from the spawn to the frame.
func (w *world) report(g *Goroutine, f *Frame, o Obstacle, steps ...Step) {
	if !o.Pos.IsValid() || w.seen[obstacleKey{o.Kind, o.Pos}] || w.documented(o.Pos) {
		return
	}
	if g != nil {
		if w.documented(g.Site.Pos) {
			return
		}
		o.Site = g.Site
		o.Path = w.path(g, f)
	}
	w.seen[obstacleKey{o.Kind, o.Pos}] = true
	for _, s := range steps {
		if s.Pos.IsValid() {
			o.Path = append(o.Path, s)
		}
	}
	if !o.End.IsValid() {
		o.End = w.syn.end(o.Pos)
		o.Pos = w.syn.start(o.Pos)
	}
	w.found = append(w.found, o)
}

// path gives the way from the spawn to the frame.
func (w *world) path(g *Goroutine, f *Frame) []Step {
	start := Step{Pos: g.Site.Pos, End: g.Site.End, Text: "the goroutine starts here"}
	if g.Site.Via != "" {
		start.Text = "the goroutine starts here, in " + g.Site.Via
	}
	var calls []Step
	for ; f != nil && f.Call != nil; f = f.From {
		pos := f.Call.Pos()
		calls = append(calls, Step{Pos: w.syn.start(pos), End: w.syn.end(pos), Text: "it calls " + w.syn.callee(pos)})
	}
	slices.Reverse(calls)
	return append([]Step{start}, calls...)
}

// documented reports whether a directive says that what stands at pos lives as
// long as the process.
func (w *world) documented(pos token.Pos) bool {
	if w.covers == nil {
		w.covers = directive.NewIndex(w.Directives)
	}
	return slices.ContainsFunc(w.covers.At(pos), func(d *directive.Directive) bool { return d.Verb == directive.Lifetime && d.Valid() })
}
