package lifetime

import (
	"go/token"
	"go/types"

	"golang.org/x/tools/go/ssa"

	"github.com/killcheck/killcheck/analyzer/kb"
)

// promoted returns the remedy for a call that nothing ends: the innermost call
// of a function around it that can move to a child process. That function makes
// itself what it waits on, from what can be sent to another process.
//
// A wait for the terminal is left alone: a child has no standard input, and the
// system stops a process in the background that reads the terminal. A computation
// needs no handle, so what it works on may come from anywhere.
func (w *world) promoted(c *waiting) Remedy {
	if c.row.Kind == kb.KindTTY {
		return Remedy{}
	}
	for f := c.f; f.From != nil; f = f.From {
		call, ok := f.Call.(*ssa.Call)
		if !ok || f.Fn.Object() == nil || call.Call.StaticCallee() != f.Fn || !w.isPlace(call.Pos()) {
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
		if stop := w.stopAt(c.g, f.From, call.Pos()); stop.Ctx != "" {
			return Remedy{Op: Promote, Pos: call.Pos(), Stop: stop}
		}
	}
	return Remedy{}
}

// isPlace reports whether the position is one of the text, not of code that
// cgo or another program made from it.
func (w *world) isPlace(pos token.Pos) bool {
	return pos.IsValid() && w.Fset.PositionFor(pos, false) == w.Fset.PositionFor(pos, true)
}

// An origin tells where the arguments of a wait come from.
type origin struct {
	top  *Frame // the call that is to move to another process
	seen map[ssa.Value]bool
}

// inside reports whether a value in the frame is made below the top from
// constants, texts and bytes. A number that comes from outside may be a
// descriptor, which means nothing in another process.
func (o *origin) inside(f *Frame, v ssa.Value) bool {
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
	if isText(v.Type()) && !isCall(in) {
		return true
	}
	for _, x := range in.Operands(nil) {
		if *x != nil && !o.inside(f, *x) {
			return false
		}
	}
	return true
}

func isCall(in ssa.Instruction) bool {
	_, ok := in.(*ssa.Call)
	return ok
}

func (o *origin) parameter(f *Frame, p *ssa.Parameter) bool {
	if isText(p.Type()) {
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
func (o *origin) captured(f *Frame, v *ssa.FreeVar) bool {
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

// isText reports whether values of the type are text or bytes.
func isText(t types.Type) bool {
	switch t := t.Underlying().(type) {
	case *types.Basic:
		return t.Info()&types.IsString != 0
	case *types.Slice:
		b, ok := t.Elem().Underlying().(*types.Basic)
		return ok && b.Kind() == types.Byte
	}
	return false
}
