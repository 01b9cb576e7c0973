package lifetime

import (
	"go/ast"
	"go/constant"
	"go/token"
	"go/types"
	"slices"
	"strings"

	"golang.org/x/tools/go/ssa"

	"github.com/killcheck/killcheck/analyzer/flow"
	"github.com/killcheck/killcheck/analyzer/kb"
	"github.com/killcheck/killcheck/analyzer/signal"
	"github.com/killcheck/killcheck/analyzer/spawn"
)

// findProcess finds the functions that run once in the life of the process:
// main, the initialisation of packages, what a package-level sync.Once runs, the
// commands of a command line, and functions that only such functions call,
// outside of loops.
func (w *world) findProcess() {
	w.process = make(map[*ssa.Function]bool)
	for _, fn := range w.Functions {
		if w.processRoot(fn) {
			w.process[fn] = true
		}
	}
	for changed := true; changed; {
		changed = false
		for _, fn := range w.Functions {
			if !w.process[fn] && w.onlyProcess(fn) {
				w.process[fn] = true
				changed = true
			}
		}
	}
}

func (w *world) processRoot(fn *ssa.Function) bool {
	if fn.Parent() == nil && fn.Signature.Recv() == nil {
		if fn.Name() == "main" && w.Pkg.Name() == "main" || fn.Name() == "init" || strings.HasPrefix(fn.Name(), "init#") {
			return true
		}
	}
	if w.Pkg.Name() == "main" && takesArguments(fn) {
		return true
	}
	for _, p := range fn.Params {
		if n := typeName(p.Type()); n != nil && n.Pkg() != nil && w.Base.EntryParam(n.Pkg().Path()+"."+n.Name()) {
			return true
		}
	}
	return false
}

// takesArguments reports whether the function literal is what a library for
// command lines runs: it gets the arguments and returns an error.
func takesArguments(fn *ssa.Function) bool {
	sig := fn.Signature
	if fn.Parent() == nil || sig.Params().Len() != 1 || sig.Results().Len() != 1 || !isError(sig.Results().At(0).Type()) {
		return false
	}
	s, ok := sig.Params().At(0).Type().Underlying().(*types.Slice)
	return ok && types.Identical(s.Elem(), types.Typ[types.String])
}

// onlyProcess reports whether all calls of fn are seen, and all of them stand
// in process functions and in no loop.
func (w *world) onlyProcess(fn *ssa.Function) bool {
	if fn.Parent() != nil {
		return w.closureProcess(fn)
	}
	calls, open := w.Graph.Callers(fn)
	if open || len(calls) == 0 {
		return false
	}
	for _, c := range calls {
		if !w.process[c.Parent()] || w.looped(c) {
			return false
		}
	}
	return true
}

// closureProcess reports whether a function literal runs once because the
// function around it does.
func (w *world) closureProcess(fn *ssa.Function) bool {
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
		if w.onceGlobal(c.Common()) {
			continue
		}
		if !w.process[parent] || w.looped(c) {
			return false
		}
		direct := c.Common().Value == fn
		if m, ok := c.Common().Value.(*ssa.MakeClosure); ok && m.Fn == fn {
			direct = true
		}
		if !direct && !w.spawnsArg(c) {
			return false // a handler: it may run many times
		}
	}
	return true
}

// spawnsArg reports whether the call starts its argument as a goroutine.
func (w *world) spawnsArg(c ssa.CallInstruction) bool {
	return len(w.siteIndex().by[c]) > 0
}

// onceGlobal reports whether the call runs its argument once in the life of the
// process.
func (w *world) onceGlobal(c *ssa.CallCommon) bool {
	e, ok := signal.Entry(w.Base, c)
	if !ok || e.Effect != kb.Callback || !e.Once || len(c.Args) == 0 {
		return false
	}
	return global(c.Args[0])
}

// global reports whether v is, or is part of, a package-level variable.
func global(v ssa.Value) bool {
	for range 8 {
		switch x := v.(type) {
		case *ssa.Global:
			return true
		case *ssa.FieldAddr:
			v = x.X
		case *ssa.IndexAddr:
			v = x.X
		case *ssa.UnOp:
			v = x.X
		default:
			return false
		}
	}
	return false
}

// looped reports whether the instruction stands in a loop of its function.
func (w *world) looped(in ssa.Instruction) bool {
	return len(w.plainGraph(in.Parent()).Around(in.Block())) > 0
}

// again reports whether the instruction stands in a loop of its function that
// goes round as long as something comes. A loop that counts, or ranges over what
// there is, starts a fixed set of workers.
func (w *world) again(in ssa.Instruction) bool {
	fn := in.Parent()
	for _, l := range w.plainGraph(fn).Around(in.Block()) {
		if s, ok := w.syn.loop(fn, l.Blocks).(*ast.RangeStmt); ok && isChan(w.Info.TypeOf(s.X)) || !w.bounded(fn, l) {
			return true
		}
	}
	return false
}

// isProcess reports whether the goroutine is meant to live as long as the
// process.
func (w *world) isProcess(g *Goroutine) bool {
	s := g.Site
	if w.process[s.In] && !w.again(s.Inst) {
		return true
	}
	if w.saysForever(s.Pos) {
		return true
	}
	if d := w.syn.decl(s.Pos); d != nil && d.Doc != nil && w.Base.LifetimePhrase(d.Doc.Text()) {
		return true
	}
	if s.Body != nil {
		if d, ok := s.Body.Syntax().(*ast.FuncDecl); ok && d.Doc != nil && w.Base.LifetimePhrase(d.Doc.Text()) {
			return true
		}
	}
	return w.singleton(s.In) || w.underOnce(s.In) || w.latched(s)
}

// latched reports whether the goroutine starts once for the whole process,
// because a package-level variable says that it has started: the function finds
// it nil or false, sets it, and nothing ever resets it.
func (w *world) latched(s *spawn.Site) bool {
	for cond := range holdsAt(s.Inst.Block()) {
		v := latch(cond)
		if v == nil {
			continue
		}
		set, reset := false, false
		for _, st := range w.cellsOf().globals[v] {
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

// latch returns the package-level variable of which the condition is, or is not,
// the value or a comparison with nil; else nil.
func latch(cond ssa.Value) *ssa.Global {
	if not, ok := cond.(*ssa.UnOp); ok && not.Op == token.NOT {
		cond = not.X
	} else if cmp, ok := cond.(*ssa.BinOp); ok && (cmp.Op == token.EQL || cmp.Op == token.NEQ) {
		c, ok := cmp.Y.(*ssa.Const)
		if !ok || !c.IsNil() {
			return nil
		}
		cond = cmp.X
	}
	load, ok := cond.(*ssa.UnOp)
	if !ok || load.Op != token.MUL {
		return nil
	}
	v, _ := load.X.(*ssa.Global)
	return v
}

// underOnce reports whether fn runs under a sync.Once of an object that has no
// method to end it: it starts something for all, for good.
func (w *world) underOnce(fn *ssa.Function) bool {
	if fn.Parent() == nil {
		return false
	}
	uses := slices.Clone(*fn.Referrers())
	for i := 0; i < len(uses); i++ {
		switch in := uses[i].(type) {
		case *ssa.MakeClosure:
			uses = append(uses, *in.Referrers()...)
		case ssa.CallInstruction:
			if !w.passes(in.Common(), fn) {
				continue
			}
			e, ok := signal.Entry(w.Base, in.Common())
			if ok && e.Effect == kb.Callback && e.Once && !w.hasEnder(fn) {
				return true
			}
		}
	}
	return false
}

// passes reports whether fn is an argument of the call.
func (w *world) passes(c *ssa.CallCommon, fn *ssa.Function) bool {
	for _, a := range c.Args {
		if m, ok := a.(*ssa.MakeClosure); ok && m.Fn == fn || a == ssa.Value(fn) {
			return true
		}
	}
	return false
}

// hasEnder reports whether the receiver of the method around fn has a method
// that ends it.
func (w *world) hasEnder(fn *ssa.Function) bool {
	fn = outermost(fn)
	recv := fn.Signature.Recv()
	if recv == nil {
		return false
	}
	n := typeName(recv.Type())
	if n == nil {
		return false
	}
	ms := types.NewMethodSet(types.NewPointer(n.Type()))
	for i := range ms.Len() {
		if w.Base.CloseMethod(ms.At(i).Obj().Name()) {
			return true
		}
	}
	return false
}

// saysForever reports whether a comment on the line of pos or in the lines
// above it says that something lives as long as the process.
func (w *world) saysForever(pos token.Pos) bool {
	f := w.syn.file(pos)
	if f == nil {
		return false
	}
	line := w.Fset.PositionFor(pos, false).Line
	for _, c := range w.syn.comments(f, line) {
		if (c.from == line || c.to == line-1) && w.Base.LifetimePhrase(c.group.Text()) {
			return true
		}
	}
	return false
}

// singleton reports whether fn is a method of a type, or a constructor of one,
// of which the package holds exactly one object, in a package-level variable.
func (w *world) singleton(fn *ssa.Function) bool {
	fn = outermost(fn)
	if recv := fn.Signature.Recv(); recv != nil {
		n := typeName(recv.Type())
		return n != nil && n.Pkg() == w.Pkg && !n.Exported() && w.oneGlobal(n)
	}
	calls, open := w.Graph.Callers(fn)
	if open || len(calls) == 0 {
		return false
	}
	for _, c := range calls {
		v, ok := c.(*ssa.Call)
		if !ok || !w.process[c.Parent()] || w.looped(c) {
			return false
		}
		for _, r := range *v.Referrers() {
			if s, ok := r.(*ssa.Store); !ok || !global(s.Addr) {
				return false
			}
		}
	}
	return true
}

// oneGlobal reports whether no object of the type is made outside of
// package-level variables.
func (w *world) oneGlobal(n *types.TypeName) bool {
	return w.cellsOf().single[n] && !w.cellsOf().made[n]
}

// typeName returns the name of t or of what t points to, or nil.
func typeName(t types.Type) *types.TypeName {
	if p, ok := types.Unalias(t).(*types.Pointer); ok {
		t = p.Elem()
	}
	if n, ok := types.Unalias(t).(*types.Named); ok {
		return n.Origin().Obj()
	}
	return nil
}

// bounded reports whether the loop counts, or ranges over what it has.
func (w *world) bounded(fn *ssa.Function, l *flow.Loop) bool {
	switch s := w.syn.loop(fn, l.Blocks).(type) {
	case *ast.RangeStmt:
		t := w.Info.TypeOf(s.X)
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
