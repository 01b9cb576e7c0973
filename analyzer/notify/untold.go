package notify

import (
	"go/constant"
	"go/token"
	"slices"

	"golang.org/x/tools/go/ssa"

	"github.com/killcheck/killcheck/analyzer/code"
	"github.com/killcheck/killcheck/analyzer/flow"
	"github.com/killcheck/killcheck/analyzer/group"
	"github.com/killcheck/killcheck/analyzer/kb"
	"github.com/killcheck/killcheck/analyzer/program"
	"github.com/killcheck/killcheck/analyzer/signal"
)

// untold returns a store to the flag that ends the loop around the wait for a condition
// variable, after which nothing signals that: who waits by then does not look. All other
// signals must tell of more to do, which may never come.
func (p *Notifiers) untold(o group.SyncOp, wakes []group.SyncOp) *ssa.Store {
	in, ok := o.In.(*ssa.Call)
	if !ok {
		return nil
	}
	loops := p.PlainGraph(in.Parent()).Around(in.Block())
	if len(loops) == 0 {
		return nil
	}
	l := loops[len(loops)-1]
	looked := p.looksAt(l)
	for _, x := range l.Exits {
		addr := p.flagOf(x)
		if addr == nil {
			continue
		}
		flag := p.Class(addr)
		uses := p.FlagUses(addr)
		if uses == nil || uses.Open || !p.tellOfMore(wakes, flag, looked) {
			continue
		}
		for _, s := range uses.Stores {
			st, ok := s.(*ssa.Store)
			if ok && isTrue(st.Val) && p.fromOutside(in, st) && !p.tells(st, wakes, 4) {
				return st
			}
		}
	}
	return nil
}

// flagOf returns the address of the flag of which it is known, where control leaves a
// loop by the edge, that it is set; or nil.
func (p *Notifiers) flagOf(e flow.Edge) ssa.Value {
	if e.To == nil || len(e.From.Succs) != 2 {
		return nil
	}
	cond, holds := flow.Positive(flow.Condition(e.From))
	load, ok := cond.(*ssa.UnOp)
	if !ok || load.Op != token.MUL || holds != (e.From.Succs[0] == e.To) {
		return nil
	}
	return p.variable(load.X)
}

// variable returns the address itself if that is a field, or the variable at it; or nil.
func (p *Notifiers) variable(addr ssa.Value) ssa.Value {
	c := p.Class(addr)
	if a, ok := c.Root.(*ssa.Alloc); ok && c.Path == "" {
		return a
	}
	if _, ok := addr.(*ssa.FieldAddr); ok && c.Owner != nil {
		return addr
	}
	return nil
}

// looksAt returns what the conditions of the loop read.
func (p *Notifiers) looksAt(l *flow.Loop) map[program.LockClass]bool {
	all := make(map[program.LockClass]bool)
	for _, b := range l.Blocks {
		for _, in := range b.Instrs {
			if u, ok := in.(*ssa.UnOp); ok && u.Op == token.MUL {
				if c := p.Class(u.X); c.Known() {
					all[c] = true
				}
			}
		}
	}
	return all
}

// tellOfMore reports whether each of the signals comes after a store that adds to
// something else that the loop looks at, or that sets the flag.
func (p *Notifiers) tellOfMore(wakes []group.SyncOp, flag program.LockClass, looked map[program.LockClass]bool) bool {
	for _, w := range wakes {
		told := false
		for _, b := range w.In.Parent().Blocks {
			for _, in := range b.Instrs {
				st, ok := in.(*ssa.Store)
				if !ok || !p.Precedes(st, w.In) {
					continue
				}
				c := p.Class(st.Addr)
				told = told || c == flag && isTrue(st.Val) || c != flag && looked[c] && p.adds(st, c)
			}
		}
		if !told {
			return false
		}
	}
	return true
}

// adds reports whether what is stored is more than what was there.
func (p *Notifiers) adds(st *ssa.Store, class program.LockClass) bool {
	var old ssa.Value
	switch v := st.Val.(type) {
	case *ssa.BinOp:
		if v.Op == token.ADD {
			old = v.X
		}
	case *ssa.Call:
		if b, ok := v.Call.Value.(*ssa.Builtin); ok && b.Name() == "append" {
			old = v.Call.Args[0]
		}
	}
	load, ok := old.(*ssa.UnOp)
	return ok && load.Op == token.MUL && p.Class(load.X) == class
}

func isTrue(v ssa.Value) bool {
	k, ok := v.(*ssa.Const)
	return ok && k.Value != nil && k.Value.Kind() == constant.Bool && constant.BoolVal(k.Value)
}

// fromOutside reports whether another than who waits does the store, when he may wait
// already.
func (p *Notifiers) fromOutside(wait *ssa.Call, st *ssa.Store) bool {
	fn := st.Parent()
	if fn == wait.Parent() || p.InTest(st.Pos()) || !p.Graph.Live(fn) || p.RunsIn(wait.Parent(), fn) || p.RunsIn(fn, wait.Parent()) {
		return false
	}
	for _, r := range p.Running(p.Goroutines, wait.Parent()) {
		if r.G.Has(fn) {
			return false
		}
	}
	a, ok := p.objectAt(st.Addr).(*ssa.Alloc)
	return !ok || a.Parent() != fn || p.sharedBefore(a, st)
}

// objectAt returns the variable at the address, or that of which it is a field.
func (p *Notifiers) objectAt(addr ssa.Value) ssa.Value {
	if f, ok := addr.(*ssa.FieldAddr); ok {
		addr = f.X
	}
	return p.Origin(addr)
}

// sharedBefore reports whether others may have the variable, or the object, before the
// instruction.
func (p *Notifiers) sharedBefore(a *ssa.Alloc, in ssa.Instruction) bool {
	graph := p.PlainGraph(in.Parent())
	for _, r := range *a.Referrers() {
		switch r.(type) {
		case *ssa.MakeClosure, ssa.CallInstruction:
			if flow.LeadsTo(graph, r, in) {
				return true
			}
		}
	}
	return false
}

// mayRaise reports whether the function closes or cancels something, or calls code of
// which that is not known: somebody who notices may signal.
func (p *Notifiers) mayRaise(fn *ssa.Function, depth int) bool {
	for _, b := range fn.Blocks {
		for _, in := range b.Instrs {
			if c, ok := in.(ssa.CallInstruction); ok && p.raises(c, depth) {
				return true
			}
		}
	}
	return false
}

func (p *Notifiers) raises(c ssa.CallInstruction, depth int) bool {
	com := c.Common()
	if b, ok := com.Value.(*ssa.Builtin); ok {
		return b.Name() == "close"
	}
	if e, ok := signal.Entry(p.Base, com); ok {
		_, locks := p.LockCall(c)
		return !locks && e.Effect != kb.Spawns && len(e.Raises) > 0 && len(e.Raise(kb.Broadcast))+len(e.Raise(kb.SignalOne)) == 0
	}
	fns, open := p.Graph.Callees(c)
	if callee := com.StaticCallee(); callee != nil && len(callee.Blocks) == 0 {
		pkg := callee.Package()
		return callee.Signature.Recv() != nil && (pkg == nil || !code.IsStd(pkg.Pkg.Path(), p.Module))
	}
	if open || len(fns) == 0 || depth == 0 {
		return !isGo(c) // what it starts does not come from here
	}
	return slices.ContainsFunc(fns, func(fn *ssa.Function) bool { return p.mayRaise(fn, depth-1) })
}

// tells reports whether one of the signals may come after the instruction, in its
// function or in those that call it, or one of these does what may bring somebody to
// signal.
func (p *Notifiers) tells(in ssa.Instruction, wakes []group.SyncOp, depth int) bool {
	fn := in.Parent()
	graph := p.PlainGraph(fn)
	_, deferred := in.(*ssa.Defer)
	for _, b := range fn.Blocks {
		for _, x := range b.Instrs {
			c, ok := x.(ssa.CallInstruction)
			if _, last := x.(*ssa.Defer); !ok || x == in || deferred && !last {
				continue
			}
			if (isGo(x) || deferred || flow.LeadsTo(graph, in, x)) && p.mayWake(c, wakes, 4) {
				return true
			}
		}
	}
	calls, open := p.Graph.Callers(fn)
	if depth == 0 || open && fn.Parent() != nil || p.mayRaise(fn, 3) {
		return true
	}
	for _, c := range calls {
		if p.tells(c, wakes, depth-1) {
			return true
		}
	}
	return false
}

func isGo(in ssa.Instruction) bool {
	_, ok := in.(*ssa.Go)
	return ok
}

// mayWake reports whether the call is one of the signals, or of what may do one.
func (p *Notifiers) mayWake(c ssa.CallInstruction, wakes []group.SyncOp, depth int) bool {
	if slices.ContainsFunc(wakes, func(w group.SyncOp) bool { return w.In == c }) {
		return true
	}
	fns, _ := p.Graph.Callees(c)
	if depth == 0 {
		return len(fns) > 0
	}
	for _, fn := range fns {
		for _, b := range fn.Blocks {
			for _, in := range b.Instrs {
				if x, ok := in.(ssa.CallInstruction); ok && p.mayWake(x, wakes, depth-1) {
					return true
				}
			}
		}
	}
	return false
}
