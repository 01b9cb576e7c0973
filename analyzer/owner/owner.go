package owner

import (
	"go/token"
	"go/types"
	"maps"
	"slices"

	"golang.org/x/tools/go/ssa"

	"github.com/killcheck/killcheck/analyzer/code"
	"github.com/killcheck/killcheck/analyzer/event"
	"github.com/killcheck/killcheck/analyzer/flow"
	"github.com/killcheck/killcheck/analyzer/program"
	"github.com/killcheck/killcheck/analyzer/signal"
	"github.com/killcheck/killcheck/analyzer/summary"
)

// An owner is a type of the package that has a method which ends it.
type owner struct {
	Name   *types.TypeName
	enders []ender                // its ending methods, the one that callers are told to use first
	Runs   map[*ssa.Function]bool // what runs when one of them is called
}

// An ender is a method that may end its object.
type ender struct {
	fn   *ssa.Function
	runs map[*ssa.Function]bool // what runs when it is called
}

// Owners knows the owners of a package, and what they end. Values of it are
// valid for one world.
type Owners struct {
	ev   *event.Events
	list []*owner // by the position of their types
	of   map[*types.TypeName]*owner
	Ends map[*program.Goroutine]*Owned // the goroutines that an owner ends
	ctor map[*ssa.Function]*summary.Func
	made map[*ssa.Function][]*types.TypeName // see makes
}

// Owned says how an owner ends a goroutine.
type Owned struct {
	By     *owner
	Ender  string            // the method that raises
	Raises []ssa.Instruction // in what its ending methods run
	Shared bool              // the end of a context that the owner was given ends it as well
	alone  bool              // nobody else may raise, and a send is an end, too
}

func New(ev *event.Events, gs []*program.Goroutine) *Owners {
	o := &Owners{ev: ev, of: make(map[*types.TypeName]*owner), Ends: make(map[*program.Goroutine]*Owned), ctor: make(map[*ssa.Function]*summary.Func), made: make(map[*ssa.Function][]*types.TypeName)}
	for _, fn := range ev.Functions {
		recv := fn.Signature.Recv()
		if recv == nil || fn.Parent() != nil || fn.Synthetic != "" || !ev.Base.CloseMethod(fn.Name()) || fn.Signature.Params().Len() > 1 {
			continue
		}
		n := code.TypeName(recv.Type())
		if n == nil || n.Pkg() != ev.Pkg {
			continue
		}
		x := o.of[n]
		if x == nil {
			x = &owner{Name: n, Runs: make(map[*ssa.Function]bool)}
			o.of[n] = x
			o.list = append(o.list, x)
		}
		e := ender{fn: fn, runs: make(map[*ssa.Function]bool)}
		o.run(e.runs, fn, 4)
		x.enders = append(x.enders, e)
		maps.Copy(x.Runs, e.runs)
	}
	for _, x := range o.list {
		slices.SortStableFunc(x.enders, func(a, b ender) int { return rank(a.fn.Name()) - rank(b.fn.Name()) })
	}
	slices.SortFunc(o.list, func(a, b *owner) int { return int(a.Name.Pos()) - int(b.Name.Pos()) })
	for _, g := range gs {
		o.find(g)
	}
	o.constructors(gs)
	return o
}

// rank orders the ending methods of a type by which callers are told to use.
func rank(name string) int {
	switch {
	case name == "Close" || name == "Stop":
		return 0
	case token.IsExported(name):
		return 1
	}
	return 2
}

// chooseEnder returns the name of the first ending method that raises
// everything, or, if none does, that raises something.
func (e *Owned) chooseEnder() string {
	best, most := "", 0
	for _, x := range e.By.enders {
		n := 0
		for _, in := range e.Raises {
			if x.runs[in.Parent()] {
				n++
			}
		}
		if n > most {
			best, most = x.fn.Name(), n
		}
	}
	return best
}

// run collects what a call of fn runs, deferred calls and callbacks included.
func (o *Owners) run(runs map[*ssa.Function]bool, fn *ssa.Function, depth int) {
	if runs[fn] {
		return
	}
	runs[fn] = true
	if depth == 0 {
		return
	}
	for _, b := range fn.Blocks {
		for _, in := range b.Instrs {
			c, ok := in.(ssa.CallInstruction)
			if !ok {
				continue
			}
			fns, _ := o.ev.Graph.Callees(c)
			for _, v := range o.ev.Finder.Called(c.Common()) {
				more, _ := o.ev.Graph.Functions(v)
				fns = append(slices.Clip(fns), more...)
			}
			for _, f := range fns {
				if f.Blocks != nil {
					o.run(runs, f, depth-1)
				}
			}
		}
	}
}

// find looks for the owner that alone ends the goroutine: without what its
// ending methods raise, the goroutine does not return, and with it it does.
func (o *Owners) find(g *program.Goroutine) {
	if !o.judged(g) {
		return
	}
	for _, x := range o.concerned(g) {
		e := &Owned{By: x}
		if !o.returnsWithout(g, e) && len(e.Raises) > 0 {
			e.Ender = e.chooseEnder()
			o.Ends[g] = e
			return
		}
	}
}

// judged reports whether the goroutine is one that somebody has to end.
func (o *Owners) judged(g *program.Goroutine) bool {
	return !g.Process && g.Site.Body != nil && !g.Site.Once && len(g.Frames) > 0 && o.ev.PlainGraph(g.Site.Body).Returns()
}

// concerned returns the owners on whose objects the goroutine works, by the
// position of their types: it is started in a method of the type, in a function
// that makes it, or has it in reach.
func (o *Owners) concerned(g *program.Goroutine) []*owner {
	var found []*owner
	add := func(n *types.TypeName) {
		if x := o.of[n]; x != nil && !slices.Contains(found, x) {
			found = append(found, x)
		}
	}
	for fn := g.Site.In; fn != nil; fn = fn.Parent() {
		if recv := fn.Signature.Recv(); recv != nil {
			add(code.TypeName(recv.Type()))
		}
		for _, n := range o.makes(fn) {
			add(n)
		}
	}
	if recv := g.Site.Body.Signature.Recv(); recv != nil {
		add(code.TypeName(recv.Type()))
	}
	slices.SortFunc(found, func(a, b *owner) int { return int(a.Name.Pos()) - int(b.Name.Pos()) })
	return found
}

// makes returns the types with an owner of which fn makes objects.
func (o *Owners) makes(fn *ssa.Function) []*types.TypeName {
	made, ok := o.made[fn]
	if ok {
		return made
	}
	for _, b := range fn.Blocks {
		for _, in := range b.Instrs {
			if a, ok := in.(*ssa.Alloc); ok && a.Heap {
				named, ok := types.Unalias(a.Type().(*types.Pointer).Elem()).(*types.Named)
				if ok && o.of[named.Origin().Obj()] != nil && !slices.Contains(made, named.Origin().Obj()) {
					made = append(made, named.Origin().Obj())
				}
			}
		}
	}
	o.made[fn] = made
	return made
}

// returnsWithout reports whether the goroutine can return although the owner's
// methods are not called. It collects the raises that it leaves out.
func (o *Owners) returnsWithout(g *program.Goroutine, e *Owned) bool {
	returns := make(map[*ssa.Function]bool)
	for _, f := range g.Frames {
		returns[f.Fn] = true
	}
	cuts := flow.Cuts{
		Stops: func(in ssa.Instruction) bool {
			if o.ev.NoReturn(in) {
				return true
			}
			switch in := in.(type) {
			case *ssa.UnOp:
				return code.IsRecv(in) && !in.CommaOk && o.raisedBy(e, in.X)
			case *ssa.Call:
				fns, open := o.ev.Graph.Callees(in)
				if len(fns) == 1 && !open {
					r, ok := returns[fns[0]]
					return ok && !r
				}
			}
			return false
		},
		Dead: func(b *ssa.BasicBlock, i int) bool {
			if o.ev.NeverTaken(b, i) {
				return true
			}
			if recv := flow.RangeExit(b, i); recv != nil {
				return o.raisedBy(e, recv.X)
			}
			if sel, k := flow.SelectCase(b, i); sel != nil && k < len(sel.States) && sel.States[k].Dir == types.RecvOnly {
				return o.raisedBy(e, sel.States[k].Chan)
			}
			return o.ev.AsksContext(flow.Condition(b), i == 0, func(ctx ssa.Value) bool { return o.contextEndedBy(e, ctx) })
		},
	}
	for range 5 {
		changed := false
		for _, f := range g.Frames {
			if returns[f.Fn] && !flow.New(f.Fn, cuts).Returns() {
				returns[f.Fn] = false
				changed = true
			}
		}
		if !changed {
			break
		}
	}
	return returns[g.Site.Body]
}

// raisedBy reports whether a wait on the channel is ended by the owner's methods
// and by nobody else, but for a context that the owner was given.
func (o *Owners) raisedBy(e *Owned, v ssa.Value) bool {
	c := o.ev.Graph.Class(o.ev.Base, v)
	if len(c.Contexts) > 0 {
		if len(c.Makes) > 0 {
			return false
		}
		return !slices.ContainsFunc(c.Contexts, func(ctx ssa.Value) bool { return !o.contextEndedBy(e, ctx) })
	}
	if call := code.Source(v); call != nil && c.Unknown && len(c.Makes) == 0 {
		// A channel that an unknown function made for a context ends with it.
		for _, a := range call.Call.Args {
			if code.IsContext(a.Type()) && o.contextEndedBy(e, a) {
				return true
			}
		}
		return false
	}
	if !c.Closed() || c.Nil || len(c.Library) > 0 || len(c.Makes) == 0 {
		return false
	}
	ops := c.Has(signal.Close)
	if e.alone && code.IsStopChan(v.Type()) {
		ops = c.Has(signal.Close, signal.Send)
	}
	return o.note(e, signal.Instructions(ops))
}

// note records the raises that are the owner's, and reports whether there are
// any.
func (o *Owners) note(e *Owned, ins []ssa.Instruction) bool {
	found := false
	if e.alone && slices.ContainsFunc(ins, func(in ssa.Instruction) bool { return !e.By.Runs[in.Parent()] }) {
		return false
	}
	for _, in := range ins {
		if !e.By.Runs[in.Parent()] {
			continue
		}
		found = true
		if !slices.Contains(e.Raises, in) {
			e.Raises = append(e.Raises, in)
		}
	}
	return found
}

func (o *Owners) contextEndedBy(e *Owned, ctx ssa.Value) bool {
	calls, open := o.ev.Graph.Cancels(o.ev.Base, ctx)
	var ins []ssa.Instruction
	for _, c := range calls {
		ins = append(ins, c)
	}
	if !o.note(e, ins) {
		return false
	}
	e.Shared = e.Shared || open
	return true
}
