package handle

import (
	"go/token"

	"golang.org/x/tools/go/ssa"

	"github.com/killcheck/killcheck/analyzer/code"
	"github.com/killcheck/killcheck/analyzer/kb"
	"github.com/killcheck/killcheck/analyzer/program"
	"github.com/killcheck/killcheck/analyzer/signal"
)

// A Started is a child process with a context whose watcher nothing ends: the method
// that ends it is never called.
type Started struct {
	Pos   token.Pos     // the call that starts it
	Ender string        // that method
	Wrong token.Pos     // the call that waits for the process in its place, if one does
	By    *ssa.Function // what makes that call
}

// Unwaited returns the child processes that the function starts and whose watchers
// it leaves. What is done with them is all in sight.
func (h *Handles) Unwaited(fn *ssa.Function) []Started {
	var all []Started
	graph := h.ev.PlainGraph(fn)
	for _, b := range fn.Blocks {
		for _, in := range b.Instrs {
			c, ok := in.(*ssa.Call)
			if !ok || !graph.Executes(c) {
				continue
			}
			e, ok := signal.Entry(h.ev.Base, &c.Call)
			if !ok || e.Ender == "" || e.Kind != kb.KindProc || code.Receiver(&c.Call) == nil {
				continue
			}
			p := h.ev.Place(code.Receiver(&c.Call), nil)
			made, ok := p.Root.(*ssa.Call)
			if !ok || p.Path != "" || made.Parent() != fn || !h.watched(made) {
				continue
			}
			u := command{h: h, ender: e.Ender, seen: make(map[ssa.Value]bool)}
			u.uses(made)
			if !u.lost && !u.ended {
				all = append(all, u.started(c, e.Ender))
			}
		}
	}
	return all
}

// watched reports whether the call makes something that carries a context which can
// end.
func (h *Handles) watched(c *ssa.Call) bool {
	e, ok := signal.Entry(h.ev.Base, &c.Call)
	if !ok || e.Carries.Where != kb.Arg {
		return false
	}
	ctx := program.PlaceOf(&c.Call, e.Carries)
	if ctx == nil {
		return false
	}
	calls, open := h.ev.Graph.Origins(ctx)
	if open {
		return true
	}
	for _, o := range calls {
		if d, ok := signal.Entry(h.ev.Base, &o.Call); !ok || d.Effect != kb.Derives || d.Cancel >= 0 || d.Timed || d.Parent.Where != kb.None {
			return true
		}
	}
	return false
}

// A command gathers what is done with a child process.
type command struct {
	h     *Handles
	ender string
	seen  map[ssa.Value]bool
	lost  bool // it is out of sight
	ended bool
	wrong ssa.CallInstruction
}

// started tells of the command.
func (u *command) started(start *ssa.Call, ender string) Started {
	s := Started{Pos: start.Pos(), Ender: ender}
	if u.wrong != nil {
		s.Wrong, s.By = u.wrong.Common().Pos(), u.wrong.Parent()
	}
	return s
}

// uses looks at what is done with the value, which is the command.
func (u *command) uses(v ssa.Value) {
	if u.seen[v] || v.Referrers() == nil {
		return
	}
	u.seen[v] = true
	for _, r := range *v.Referrers() {
		switch r := r.(type) {
		case *ssa.Store:
			if cell, ok := r.Addr.(*ssa.Alloc); ok && r.Val == v && code.OnlyStore(cell) == v {
				u.cell(cell)
			} else {
				u.lost = true
			}
		case *ssa.MakeClosure:
			u.capture(r, v)
		case *ssa.FieldAddr:
			u.field(r)
		case *ssa.DebugRef, *ssa.BinOp:
		case ssa.CallInstruction:
			u.call(r, v)
		default:
			u.lost = true
		}
	}
}

// cell looks at the uses of a variable, or of the capture of one.
func (u *command) cell(cell ssa.Value) {
	if u.seen[cell] {
		return
	}
	u.seen[cell] = true
	for _, r := range *cell.Referrers() {
		switch r := r.(type) {
		case *ssa.UnOp:
			u.uses(r)
		case *ssa.MakeClosure:
			u.capture(r, cell)
		case *ssa.Store, *ssa.DebugRef:
		default:
			u.lost = true
		}
	}
}

// capture goes on in a function literal that has the command, or the variable.
func (u *command) capture(m *ssa.MakeClosure, v ssa.Value) {
	fn := m.Fn.(*ssa.Function)
	if fn.Parent() == nil {
		u.lost = true // a method as a value
		return
	}
	for i, b := range m.Bindings {
		if b != v {
			continue
		}
		if _, isCell := v.(*ssa.Alloc); isCell || u.isCell(v) {
			u.cell(fn.FreeVars[i])
		} else {
			u.uses(fn.FreeVars[i])
		}
	}
}

// isCell reports whether v is a capture of a variable.
func (u *command) isCell(v ssa.Value) bool {
	fv, ok := v.(*ssa.FreeVar)
	if !ok {
		return false
	}
	b := code.Binding(fv)
	if _, ok := b.(*ssa.Alloc); ok {
		return true
	}
	return b != nil && u.isCell(b)
}

// field looks at the uses of a field of the command: of its process.
func (u *command) field(a *ssa.FieldAddr) {
	for _, r := range *a.Referrers() {
		switch r := r.(type) {
		case *ssa.UnOp:
			for _, x := range *r.Referrers() {
				c, ok := x.(ssa.CallInstruction)
				if !ok || code.Receiver(c.Common()) != r {
					continue
				}
				if e, ok := signal.Entry(u.h.ev.Base, c.Common()); ok && e.Effect == kb.Blocks && e.Kind == kb.KindProc {
					u.wrong = c
				}
			}
		case *ssa.Store, *ssa.DebugRef:
		case *ssa.FieldAddr:
		default:
			u.lost = true
		}
	}
}

// call looks at a call that the command has a part in.
func (u *command) call(c ssa.CallInstruction, v ssa.Value) {
	com := c.Common()
	if code.Receiver(com) != v || com.IsInvoke() {
		u.lost = true
		return
	}
	callee := signal.Callee(com)
	e, known := signal.Entry(u.h.ev.Base, com)
	switch {
	case callee == nil:
		u.lost = true
	case callee.Name() == u.ender, known && e.Effect == kb.Blocks && e.Kind == kb.KindProc:
		u.ended = true
	}
}
