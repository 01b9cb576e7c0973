package lifetime

import (
	"go/ast"
	"go/token"
	"go/types"

	"golang.org/x/tools/go/ssa"

	"github.com/killcheck/killcheck/analyzer/kb"
	"github.com/killcheck/killcheck/analyzer/signal"
)

// withForm judges a call that has a form with a context.
func (w *world) withForm(c *waiting) (Obstacle, bool) {
	use, _, _ := c.row.ContextForm()
	name := w.syn.callee(c.in.Pos())
	o := Obstacle{
		Message:  "goroutine cannot stop in " + name + ": " + c.stop.name() + " does not end it, " + shortName(use) + " takes a context",
		Extended: c.row.Effect != kb.Blocks && c.row.Kind != kb.KindNetDial || w.timeLimit(c),
	}
	if c.stop.Ctx == "" {
		o.Extended = true // there is no context to give it
		return o, true
	}
	o.Remedy = Remedy{Op: CtxForm, Pos: c.in.Pos(), Stop: c.stop, Use: use, Safe: true}
	return o, true
}

// timeLimit reports whether a timeout may bound the call: an argument, or a field
// of the object that somebody sets.
func (w *world) timeLimit(c *waiting) bool {
	for _, p := range c.row.Wake(kb.TimeoutArg) {
		if p.Where == kb.Nowhere {
			continue // what the system sets, which is minutes
		}
		v := placeOf(&c.in.Call, p)
		if v == nil || p.Where == kb.Arg || !w.unset(c.h, v) {
			return true
		}
	}
	return false
}

// unset reports whether the object is made here and no field of it is set: then
// it has no timeout either.
func (w *world) unset(h *handles, v ssa.Value) bool {
	k := h.of(v)
	for id := range k.ids {
		a, ok := id.(*ssa.Alloc)
		if !ok {
			return false
		}
		for _, r := range *a.Referrers() {
			if _, sets := r.(*ssa.FieldAddr); sets {
				return false
			}
		}
	}
	return len(k.ids) > 0 && !k.open
}

// shortName turns (*net.Dialer).DialContext into net.Dialer.DialContext, with
// package names for paths.
func shortName(symbol string) string {
	word := ""
	for _, r := range symbol {
		switch r {
		case '(', ')', '*':
		case '/':
			word = ""
		default:
			word += string(r)
		}
	}
	return word
}

// madeWithout judges a call that is ended by the context of its object, if the
// object was made without one though there is a form with one.
func (w *world) madeWithout(c *waiting) (Obstacle, bool) {
	for _, p := range c.row.Wake(kb.CtxDone) {
		if p.Where != kb.Recv && p.Where != kb.InArg {
			return Obstacle{}, false
		}
		v := placeOf(&c.in.Call, p)
		if v == nil || c.row.Kind == kb.KindHTTPServer {
			return Obstacle{}, false // the server's request, and its handler may heed other signals
		}
		k := c.h.of(v)
		if k.open || len(k.makes) == 0 || c.h.interrupted(c.g, c.in, k, kb.Kill, kb.Close) {
			return Obstacle{}, false
		}
		for _, m := range k.makes {
			row, ok := signal.Entry(w.Base, &m.call.Call)
			if !ok || row.Effect != kb.Instant || !w.hasForm(row) {
				return Obstacle{}, false
			}
		}
		return w.makeWith(c, k)
	}
	return Obstacle{}, false
}

func (w *world) makeWith(c *waiting, k *handle) (Obstacle, bool) {
	m := k.makes[0].call
	row, _ := signal.Entry(w.Base, &m.Call)
	if row.Kind == kb.KindProc && w.killed(c.h, k) {
		return Obstacle{}, false
	}
	use, _, _ := row.ContextForm()
	o := Obstacle{
		Message:  "goroutine cannot stop in " + w.syn.callee(c.in.Pos()) + ": " + c.stop.name() + " does not end it, " + shortName(use) + " takes a context",
		Extended: c.stop.Ctx == "" || w.timeLimit(c),
	}
	if c.stop.Ctx != "" && len(k.makes) == 1 && m.Parent() == c.f.Fn {
		if s := w.stopAt(c.g, c.f, m.Pos()); s.Ctx != "" {
			o.Remedy = Remedy{Op: CtxForm, Pos: m.Pos(), Stop: s, Use: use, Safe: true}
		}
	}
	return o, true
}

// killed reports whether some code uses the process of the command: it may kill
// it.
func (w *world) killed(h *handles, k *handle) bool {
	for id := range k.ids {
		m, ok := id.(made)
		if !ok {
			continue
		}
		if h.readsField(m.call, func(t types.Type) bool {
			n := typeName(t)
			return n != nil && n.Pkg() == m.call.Call.StaticCallee().Object().Pkg() || n != nil && n.Name() == "Process"
		}) {
			return true
		}
	}
	return false
}

// readsField reports whether some code reads a field of the object whose type is
// of the given sort, directly or through variables.
func (h *handles) readsField(v ssa.Value, sort func(types.Type) bool) bool {
	e := escape{h: h, seen: make(map[ssa.Value]bool)}
	if c, ok := v.(*ssa.Call); ok {
		e.result(c, 0)
	}
	if e.out {
		return true
	}
	for x := range e.seen {
		if x.Referrers() == nil {
			continue
		}
		for _, r := range *x.Referrers() {
			if fa, ok := r.(*ssa.FieldAddr); ok && fa.X == x {
				if p, ok := fa.Type().(*types.Pointer); ok && sort(p.Elem()) {
					return true
				}
			}
		}
	}
	return false
}

// onHandle judges a wait on handles that are made in view. A call may wait on
// two, as a copy does: it stays where it is if nobody ends the wait on one of
// them, whatever becomes of the other.
func (w *world) onHandle(c *waiting) (Obstacle, bool) {
	var found *Obstacle
	for _, at := range c.row.Wakes {
		if at.Event != kb.Close && at.Event != kb.Underlying {
			continue
		}
		v := placeOf(&c.in.Call, at.At)
		if v == nil {
			continue
		}
		k := c.h.of(v)
		if row, ok := c.h.isHandle(k); ok && row.Effect == kb.Blocks {
			return Obstacle{
				Message:  "goroutine cannot stop in " + w.syn.callee(c.in.Pos()) + ": neither " + c.stop.name() + " nor a Close ends a read of standard input" + w.advice(row, ""),
				Extended: !w.looksAtStop(c.f),
			}, true
		}
		if c.h.interrupted(c.g, c.in, k, kb.Close, kb.Deadline, kb.Kill) {
			return Obstacle{}, false
		}
		if found != nil || !c.h.sealed(k) || !w.blockingHandle(k) || c.h.peerCloses(c.g, k) {
			continue
		}
		found = &Obstacle{
			Message:  "goroutine cannot stop in " + w.syn.callee(c.in.Pos()) + ": nobody closes " + w.syn.handle(c.in.Pos(), at) + " or sets a deadline on it when " + c.stop.name() + " asks for a stop" + w.advice(c.row, ""),
			Extended: !w.looksAtStop(c.f),
			Remedy:   w.interrupt(c.h, c.in, c.stop, at),
		}
	}
	if found == nil {
		return Obstacle{}, false
	}
	return *found, true
}

// looksAtStop reports whether the frame, or one that calls it, looks at a stop
// signal: then the goroutine is meant to stop, and the call is what keeps it.
func (w *world) looksAtStop(f *Frame) bool {
	for ; f != nil; f = f.From {
		for _, b := range f.Fn.Blocks {
			for _, in := range b.Instrs {
				if w.looks(in) {
					return true
				}
			}
		}
	}
	return false
}

func (w *world) looks(in ssa.Instruction) bool {
	switch in := in.(type) {
	case *ssa.Select:
		for _, st := range in.States {
			if st.Dir == types.RecvOnly && w.isStopCase(st.Chan) && !w.timed(st.Chan) {
				return true
			}
		}
	case *ssa.Call:
		row, ok := signal.Entry(w.Base, &in.Call)
		return ok && row.Effect == kb.FlagLoad && row.Kind == kb.KindCtx
	}
	return false
}

// blockingHandle reports whether each maker of the handle is known to give
// something that blocks without bound: a connection, a listener, a pipe.
func (w *world) blockingHandle(k *handle) bool {
	for _, m := range k.makes {
		row, ok := signal.Entry(w.Base, &m.call.Call)
		if !ok || len(row.Wake(kb.Kill)) > 0 {
			return false // ends with the process that writes to it
		}
		switch row.Kind {
		case kb.KindNetDial, kb.KindNetListen, kb.KindNetAccept, kb.KindNetIO:
		case kb.KindPipeIO:
			if m.index != 0 {
				return false
			}
		default:
			return false
		}
	}
	return len(k.makes) > 0
}

// handle gives the source of the handle that the call at pos waits on.
func (s *syntax) handle(pos token.Pos, at kb.Wake) string {
	c, ok := s.at[pos].(*ast.CallExpr)
	if !ok {
		return "its handle"
	}
	name := ""
	if sel, ok := ast.Unparen(c.Fun).(*ast.SelectorExpr); ok && at.At.Where == kb.Recv {
		name = types.ExprString(sel.X)
	} else if at.At.N < len(c.Args) {
		name = types.ExprString(c.Args[at.At.N])
	}
	if at.Event == kb.Underlying {
		return "what is behind " + name
	}
	return name
}

// hopeless judges a call that nothing ends.
func (w *world) hopeless(c *waiting) (Obstacle, bool) {
	if w.atOnce(c.in) || c.row.Kind == kb.KindCPU && fixedCost(&c.in.Call) {
		return Obstacle{}, false
	}
	name := w.syn.callee(c.in.Pos())
	if native, ok := cgoName(&c.in.Call); ok {
		name = "C." + native
	}
	return Obstacle{
		Message:  "goroutine cannot stop in " + name + ": nothing ends it, " + c.stop.name() + " does not either" + w.advice(c.row, "; only a child process can be ended"),
		Extended: true,
		Remedy:   w.promoted(c),
	}, true
}

// fixedCost reports whether a call computes with constants alone: how long it
// takes does not depend on the input of the program.
func fixedCost(c *ssa.CallCommon) bool {
	args := c.Args
	if c.Signature().Recv() != nil && !c.IsInvoke() && len(args) > 0 {
		args = args[1:]
	}
	for _, a := range args {
		if _, ok := a.(*ssa.Const); !ok {
			return false
		}
	}
	return true
}

// atOnce reports whether an argument holds a flag that makes the call return
// without a wait.
func (w *world) atOnce(in *ssa.Call) bool {
	call, ok := w.syn.at[in.Pos()].(*ast.CallExpr)
	if !ok {
		return false
	}
	found := false
	for _, a := range call.Args {
		ast.Inspect(a, func(n ast.Node) bool {
			if id, ok := n.(*ast.Ident); ok {
				if c, ok := w.Info.Uses[id].(*types.Const); ok {
					row, known := w.Base.Native(c.Name())
					found = found || known && row.Effect == kb.Instant
				}
			}
			return !found
		})
	}
	return found
}
