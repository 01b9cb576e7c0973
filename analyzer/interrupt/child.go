package interrupt

import (
	"go/token"

	"golang.org/x/tools/go/ssa"

	"github.com/killcheck/killcheck/analyzer/code"
	"github.com/killcheck/killcheck/analyzer/event"
	"github.com/killcheck/killcheck/analyzer/kb"
	"github.com/killcheck/killcheck/analyzer/program"
)

// child returns the innermost call of a function around a call that nothing ends which
// can move to a child process, and the context to give that; an invalid position if
// there is none. The function makes itself what it waits on, from what can be sent to
// another process.
//
// A wait for the terminal is left alone: a child has no standard input, and the
// system stops a process in the background that reads the terminal. A computation
// needs no handle, so what it works on may come from anywhere.
func (h *Interrupts) child(c *waiting) (at token.Pos, stop event.Stop) {
	if c.row.Kind == kb.KindTTY {
		return token.NoPos, event.Stop{}
	}
	for f := c.f; f.From != nil; f = f.From {
		call, ok := f.Call.(*ssa.Call)
		if !ok || f.Fn.Object() == nil || call.Call.StaticCallee() != f.Fn || !h.isPlace(call.Pos()) {
			continue
		}
		o := &origin{top: f, seen: make(map[ssa.Value]bool)}
		made := true
		for _, arg := range c.in.Call.Args {
			made = made && (c.row.Kind == kb.KindCPU || o.inside(c.f, arg))
		}
		if !made {
			continue
		}
		if stop := h.ev.StopAt(c.g, f.From, call.Pos()); stop.Ctx != "" {
			return call.Pos(), stop
		}
	}
	return token.NoPos, event.Stop{}
}

// isPlace reports whether the position is one of the text, not of code that
// cgo or another program made from it.
func (h *Interrupts) isPlace(pos token.Pos) bool {
	return pos.IsValid() && h.ev.Fset.PositionFor(pos, false) == h.ev.Fset.PositionFor(pos, true)
}

// An origin tells where the arguments of a wait come from.
type origin struct {
	top  *program.Frame // the call that is to move to another process
	seen map[ssa.Value]bool
}

// inside reports whether a value in the frame is made below the top from
// constants, texts and bytes. A number that comes from outside may be a
// descriptor, which means nothing in another process.
func (o *origin) inside(f *program.Frame, v ssa.Value) bool {
	if o.seen[v] {
		return true
	}
	o.seen[v] = true
	switch v := v.(type) {
	case *ssa.Const, *ssa.Function, *ssa.Builtin:
		return true
	case *ssa.Parameter:
		return o.parameter(f, v)
	case *ssa.FreeVar:
		return o.captured(f, v)
	case *ssa.Global:
		return false
	case *ssa.Alloc:
		for _, r := range *v.Referrers() {
			if s, ok := r.(*ssa.Store); ok && s.Addr == v && !o.inside(f, s.Val) {
				return false
			}
		}
		return true
	}
	in, ok := v.(ssa.Instruction)
	if !ok {
		return false
	}
	if code.IsText(v.Type()) && !code.IsCall(in) {
		return true
	}
	for _, x := range in.Operands(nil) {
		if *x != nil && !o.inside(f, *x) {
			return false
		}
	}
	return true
}

func (o *origin) parameter(f *program.Frame, p *ssa.Parameter) bool {
	if code.IsText(p.Type()) {
		return true
	}
	if f == o.top || f.From == nil || f.Call.Common().IsInvoke() {
		return false
	}
	for i, x := range f.Fn.Params {
		if x == p && i < len(f.Call.Common().Args) {
			return o.inside(f.From, f.Call.Common().Args[i])
		}
	}
	return false
}

// captured looks at a variable of the function around a literal that is called
// where it stands.
func (o *origin) captured(f *program.Frame, v *ssa.FreeVar) bool {
	if f == o.top || f.From == nil {
		return false
	}
	lit, ok := f.Call.Common().Value.(*ssa.MakeClosure)
	if !ok || lit.Fn != f.Fn {
		return false
	}
	for i, x := range f.Fn.FreeVars {
		if x == v {
			return o.inside(f.From, lit.Bindings[i])
		}
	}
	return false
}
