// Package program knows who runs what: the functions of a package, the
// goroutines that it starts, the frames of each by the calls that lead to them,
// the syntax behind the SSA, and how long something is meant to live. It says
// nothing about waits.
package program

import (
	"go/ast"
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

// Input is what the model of a package is made from.
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
	GoVersion  string      // of the module, such as go1.22; empty if unknown
	Module     string      // its path; empty if unknown
	Exports    bool        // other packages are to know the waits of its functions
	OfCommand  func() bool // whether the module is a program; nil if that is not known
}

// A Program is one package with the goroutines that it starts.
type Program struct {
	Input
	Syn        *syntax
	Goroutines []*Goroutine           // in the order of the code
	Process    map[*ssa.Function]bool // functions that run once in the life of the process

	plain     map[*ssa.Function]*flow.Graph // without what never returns
	noError   map[*ssa.Function]bool        // see NoError
	returns   map[*ssa.Function]bool        // functions that can return, in the plain graph
	runners   map[*ssa.Function][]run       // see Runner
	runner    map[*ssa.Function]run         // of them, the one that Runner gives
	stored    map[any]*Uses                 // see FlagUses
	stores    map[*ssa.Alloc]*Uses          // the same of variables of functions
	places    flow.Places
	enums     flow.Enums
	single    map[*ssa.Alloc]ssa.Value // see OnlyStored
	spent     map[*ssa.Function]int    // see Affords
	forTests  map[*ast.File]bool       // see ForTests
	covers    *directive.Index         // see Documented
	started   *starts                  // see SiteIndex
	startedBy map[ssa.Instruction]*Goroutine
	withBody  map[*ssa.Function][]*Goroutine
	cells     *cellIndex              // see CellsOf
	skips     map[skipKey]*ssa.Return // see Skips

	promised []*Goroutine // see Promised; nil if not looked for yet
}

// New finds the goroutines of a package and what they run.
func New(in Input) *Program {
	prog := &Program{
		Input: in, Syn: newSyntax(in.Fset, in.Files, in.Info),
		plain:   make(map[*ssa.Function]*flow.Graph),
		noError: make(map[*ssa.Function]bool),
		returns: make(map[*ssa.Function]bool),
		places:  make(flow.Places),
		enums:   make(flow.Enums),
		single:  make(map[*ssa.Alloc]ssa.Value),
		stores:  make(map[*ssa.Alloc]*Uses),
		spent:   make(map[*ssa.Function]int),
		skips:   make(map[skipKey]*ssa.Return),
	}
	prog.findReturns()
	prog.findProcess()
	for _, s := range in.Sites {
		if !prog.Graph.Live(s.In) {
			continue
		}
		g := prog.walk(s)
		g.Process = prog.isProcess(g)
		prog.Goroutines = append(prog.Goroutines, g)
	}
	// Where a test starts what code starts as well, the code is the one to name.
	slices.SortStableFunc(prog.Goroutines, func(a, b *Goroutine) int {
		return testsLast(prog.InTest(a.Site.Pos), prog.InTest(b.Site.Pos))
	})
	return prog
}

// testsLast orders what a test does behind what other code does.
func testsLast(a, b bool) int {
	switch {
	case a == b:
		return 0
	case a:
		return 1
	}
	return -1
}

// Returns reports whether control can come back from a call of fn.
func (prog *Program) Returns(fn *ssa.Function) bool { return prog.returns[fn] }
