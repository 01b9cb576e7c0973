package program

import (
	"go/ast"
	"go/constant"
	"go/token"
	"go/types"
	"slices"
	"strings"

	"golang.org/x/tools/go/ssa"

	"github.com/killcheck/killcheck/analyzer/code"
	"github.com/killcheck/killcheck/analyzer/directive"
	"github.com/killcheck/killcheck/analyzer/flow"
	"github.com/killcheck/killcheck/analyzer/kb"
	"github.com/killcheck/killcheck/analyzer/signal"
	"github.com/killcheck/killcheck/analyzer/spawn"
)

// InTest reports whether pos is in a test file. A test that fails leaves its
// goroutines behind, and the process ends soon after: that a partner can leave
// first is not worth a report there.
func (prog *Program) InTest(pos token.Pos) bool {
	return code.InTest(prog.Fset, pos)
}

// SaysDetached reports whether a comment at pos, or that of the function around
// it, says that the work goes on by intention.
func (prog *Program) SaysDetached(pos token.Pos) bool {
	f := prog.Syn.File(pos)
	if f == nil {
		return false
	}
	line := prog.Fset.PositionFor(pos, false).Line
	for _, c := range prog.Syn.comments(f, line) {
		if intended(c.group.Text()) {
			return true
		}
	}
	d := prog.Syn.Decl(pos)
	return d != nil && d.Doc != nil && intended(d.Doc.Text())
}

// intended reports whether a text says that something is detached on purpose.
func intended(text string) bool {
	text = strings.Join(strings.Fields(strings.ToLower(text)), " ")
	for _, p := range []string{
		"outlive", "detach", "on purpose", "intentional", "deliberate", "in the background", "background context",
		"fire and forget", "fire-and-forget", "not be cancel", "not be tied", "independent of", "independently of",
		"even if the", "even after", "after the request", "context.background", "not use ctx", "don't use ctx", "do not use ctx", "not use the",
	} {
		if strings.Contains(text, p) {
			return true
		}
	}
	return false
}

// findProcess finds the functions that run once in the life of the process:
// main, the initialisation of packages, what a package-level sync.Once runs, the
// commands of a command line, and functions that only such functions call,
// outside of loops.
func (prog *Program) findProcess() {
	prog.Process = make(map[*ssa.Function]bool)
	values := prog.functionValues()
	for _, fn := range prog.Functions {
		if prog.processRoot(fn) {
			prog.Process[fn] = true
		}
	}
	for changed := true; changed; {
		changed = false
		for _, fn := range prog.Functions {
			if !prog.Process[fn] && prog.onlyProcess(fn, values[fn]) {
				prog.Process[fn] = true
				changed = true
			}
		}
	}
}

func (prog *Program) processRoot(fn *ssa.Function) bool {
	if prog.IsMain(fn) || fn.Parent() == nil && fn.Signature.Recv() == nil && (fn.Name() == "init" || strings.HasPrefix(fn.Name(), "init#")) {
		return true
	}
	return prog.Pkg.Name() == "main" && code.TakesArguments(fn) || prog.isCommand(fn)
}

// isCommand reports whether the function is a command of a command line, by what it is given.
func (prog *Program) isCommand(fn *ssa.Function) bool {
	for _, p := range fn.Params {
		if n := code.TypeName(p.Type()); n != nil && n.Pkg() != nil && prog.Base.EntryParam(n.Pkg().Path()+"."+n.Name()) {
			return true
		}
	}
	return false
}

// A valueUse says what a function is, other than called.
type valueUse struct{ once, other bool } // the argument of a package-level sync.Once; anything else

// functionValues returns the functions of the package that are used as values.
func (prog *Program) functionValues() map[*ssa.Function]valueUse {
	uses := make(map[*ssa.Function]valueUse)
	for _, fn := range prog.Functions {
		for _, b := range fn.Blocks {
			for _, in := range b.Instrs {
				call, _ := in.(ssa.CallInstruction)
				for _, op := range in.Operands(nil) {
					f, ok := (*op).(*ssa.Function)
					if !ok || call != nil && op == &call.Common().Value {
						continue
					}
					u := uses[f]
					if call != nil && prog.onceGlobal(call.Common()) {
						u.once = true
					} else {
						u.other = true
					}
					uses[f] = u
				}
			}
		}
	}
	return uses
}

// onlyProcess reports whether all calls of fn are seen, and all of them stand
// in process functions, and come once. The use tells what else is done with fn.
func (prog *Program) onlyProcess(fn *ssa.Function, use valueUse) bool {
	if fn.Parent() != nil {
		return prog.closureProcess(fn)
	}
	calls, open := prog.Graph.Callers(fn)
	if use.once && !use.other && !prog.Graph.Exported(fn) {
		open = false
	}
	if open || len(calls) == 0 && !use.once {
		return false
	}
	for _, c := range calls {
		if !prog.onceGlobal(c.Common()) && (!prog.Process[c.Parent()] || prog.repeated(c)) {
			return false
		}
	}
	return true
}

// repeated reports whether one function may be called there again and again. A
// loop that goes over a list of functions calls each of them once.
func (prog *Program) repeated(c ssa.CallInstruction) bool {
	if !prog.Looped(c) {
		return false
	}
	load, ok := c.Common().Value.(*ssa.UnOp)
	if !ok {
		return true
	}
	element, ok := load.X.(*ssa.IndexAddr)
	loops := prog.PlainGraph(c.Parent()).Around(c.Block())
	return !ok || len(loops) != 1 || !loops[0].Has(element.Block()) || prog.again(c)
}

// closureProcess reports whether a function literal runs once because the
// function around it does.
func (prog *Program) closureProcess(fn *ssa.Function) bool {
	parent := fn.Parent()
	var uses []ssa.Instruction
	for _, in := range *fn.Referrers() {
		switch in := in.(type) {
		case *ssa.MakeClosure:
			if in.Fn == fn {
				uses = append(uses, *in.Referrers()...)
			}
		case ssa.CallInstruction:
			uses = append(uses, in)
		}
	}
	if len(uses) == 0 {
		return false
	}
	for _, u := range uses {
		c, ok := u.(ssa.CallInstruction)
		if !ok {
			return false
		}
		if prog.onceGlobal(c.Common()) {
			continue
		}
		if !prog.Process[parent] || prog.Looped(c) {
			return false
		}
		direct := c.Common().Value == fn
		if m, ok := c.Common().Value.(*ssa.MakeClosure); ok && m.Fn == fn {
			direct = true
		}
		if !direct && !prog.SpawnsArg(c) {
			return false // a handler: it may run many times
		}
	}
	return true
}

// SpawnsArg reports whether the call starts its argument as a goroutine.
func (prog *Program) SpawnsArg(c ssa.CallInstruction) bool {
	return len(prog.SiteIndex().By[c]) > 0
}

// onceGlobal reports whether the call runs its argument once in the life of the
// process.
func (prog *Program) onceGlobal(c *ssa.CallCommon) bool {
	once := prog.OnceOf(c)
	return once != nil && code.Global(once)
}

// OnceOf returns the object by which the call runs its argument once at most, or nil.
func (prog *Program) OnceOf(c *ssa.CallCommon) ssa.Value {
	e, ok := signal.Entry(prog.Base, c)
	if !ok || e.Effect != kb.Callback || !e.Once || len(c.Args) == 0 {
		return nil
	}
	return c.Args[0]
}

// isProcess reports whether the goroutine is meant to live as long as the
// process.
func (prog *Program) isProcess(g *Goroutine) bool {
	s := g.Site
	if prog.Process[s.In] && !prog.again(s.Inst) {
		return true
	}
	if prog.SaysForever(s.Pos) {
		return true
	}
	if d := prog.Syn.Decl(s.Pos); d != nil && d.Doc != nil && prog.Base.LifetimePhrase(d.Doc.Text()) {
		return true
	}
	if s.Body != nil {
		if d, ok := s.Body.Syntax().(*ast.FuncDecl); ok && d.Doc != nil && prog.Base.LifetimePhrase(d.Doc.Text()) {
			return true
		}
	}
	return prog.singleton(s.In) || prog.underOnce(s.In) || prog.latched(s)
}

// latched reports whether the goroutine starts once for the whole process,
// because a package-level variable says that it has started: the function finds
// it nil or false, sets it, and nothing ever resets it.
func (prog *Program) latched(s *spawn.Site) bool {
	for cond := range flow.HoldsAt(s.Inst.Block()) {
		v := code.Latch(cond)
		if v == nil {
			continue
		}
		set, reset := false, false
		for _, st := range prog.CellsOf().globals[v] {
			if c, ok := st.Val.(*ssa.Const); ok && (c.IsNil() || c.Value != nil && c.Value.Kind() == constant.Bool && !constant.BoolVal(c.Value)) {
				reset = true
			} else if st.Parent() == s.In {
				set = true
			}
		}
		if set && !reset {
			return true
		}
	}
	return false
}

// underOnce reports whether fn runs under a sync.Once of an object that has no
// method to end it: it starts something for all, for good.
func (prog *Program) underOnce(fn *ssa.Function) bool {
	if fn.Parent() == nil {
		return false
	}
	uses := slices.Clone(*fn.Referrers())
	for i := 0; i < len(uses); i++ {
		switch in := uses[i].(type) {
		case *ssa.MakeClosure:
			uses = append(uses, *in.Referrers()...)
		case ssa.CallInstruction:
			if !prog.passes(in.Common(), fn) {
				continue
			}
			e, ok := signal.Entry(prog.Base, in.Common())
			if ok && e.Effect == kb.Callback && e.Once && !prog.HasEnder(fn) {
				return true
			}
		}
	}
	return false
}

// passes reports whether fn is an argument of the call.
func (prog *Program) passes(c *ssa.CallCommon, fn *ssa.Function) bool {
	for _, a := range c.Args {
		if m, ok := a.(*ssa.MakeClosure); ok && m.Fn == fn || a == ssa.Value(fn) {
			return true
		}
	}
	return false
}

// HasEnder reports whether the receiver of the method around fn has a method
// that ends it.
func (prog *Program) HasEnder(fn *ssa.Function) bool {
	recv := code.Outermost(fn).Signature.Recv()
	if recv == nil {
		return false
	}
	n := code.TypeName(recv.Type())
	return n != nil && prog.ended(n)
}

// ended reports whether the type has a method to end its objects.
func (prog *Program) ended(n *types.TypeName) bool {
	for sel := range types.NewMethodSet(types.NewPointer(n.Type())).Methods() {
		if prog.Base.CloseMethod(sel.Obj().Name()) {
			return true
		}
	}
	return false
}

// SaysForever reports whether a comment on the line of pos or in the lines
// above it says that something lives as long as the process.
func (prog *Program) SaysForever(pos token.Pos) bool {
	f := prog.Syn.File(pos)
	if f == nil {
		return false
	}
	line := prog.Fset.PositionFor(pos, false).Line
	for _, c := range prog.Syn.comments(f, line) {
		if (c.from == line || c.to == line-1) && prog.Base.LifetimePhrase(c.group.Text()) {
			return true
		}
	}
	return false
}

// singleton reports whether fn is a method of a type, or a constructor of one,
// of which the package holds exactly one object, in a package-level variable.
func (prog *Program) singleton(fn *ssa.Function) bool {
	fn = code.Outermost(fn)
	if recv := fn.Signature.Recv(); recv != nil {
		n := code.TypeName(recv.Type())
		return n != nil && n.Pkg() == prog.Pkg && !n.Exported() && prog.oneGlobal(n)
	}
	calls, open := prog.Graph.Callers(fn)
	if open || len(calls) == 0 {
		return false
	}
	for _, c := range calls {
		v, ok := c.(*ssa.Call)
		if !ok || !prog.Process[c.Parent()] || prog.Looped(c) {
			return false
		}
		for _, r := range *v.Referrers() {
			if s, ok := r.(*ssa.Store); !ok || !code.Global(s.Addr) {
				return false
			}
		}
	}
	return true
}

// oneGlobal reports whether no object of the type is made outside of
// package-level variables.
func (prog *Program) oneGlobal(n *types.TypeName) bool {
	return prog.CellsOf().single[n] && !prog.CellsOf().made[n]
}

// Documented reports whether a directive says that what stands at pos lives as
// long as the process.
func (prog *Program) Documented(pos token.Pos) bool {
	if prog.covers == nil {
		prog.covers = directive.NewIndex(prog.Directives)
	}
	return slices.ContainsFunc(prog.covers.At(pos), func(d *directive.Directive) bool { return d.Verb == directive.Lifetime && d.Valid() })
}
