package lifetime

import (
	"go/token"
	"go/types"

	"golang.org/x/tools/go/ssa"

	"github.com/killcheck/killcheck/analyzer/kb"
	"github.com/killcheck/killcheck/analyzer/signal"
	"github.com/killcheck/killcheck/analyzer/summary"
)

// constructors finds the functions whose result owns a goroutine that was
// started inside: those that start it, and those that return what such a
// function returned, or an object that has it in a field.
func (o *owners) constructors(gs []*Goroutine) {
	for _, g := range gs {
		e := o.ends[g]
		if e == nil || !token.IsExported(e.ender) && o.w.Pkg.Name() != "main" && e.by.name.Exported() {
			continue
		}
		o.makers(g.Site.Inst, e, 4, make(map[*ssa.Function]bool))
	}
	for changed, n := true, 0; changed && n < 4; n++ {
		changed = false
		for _, fn := range o.w.Functions {
			if o.ctor[fn] == nil && fn.Parent() == nil {
				if s := o.passesOn(fn); s != nil {
					o.ctor[fn] = s
					changed = true
				}
			}
		}
	}
}

// makers marks the function of the instruction, which starts the goroutine, or
// those who call it, as constructors of the owner.
func (o *owners) makers(start ssa.CallInstruction, e *owned, depth int, seen map[*ssa.Function]bool) {
	fn := start.Parent()
	if fn.Parent() != nil || seen[fn] || depth == 0 {
		return
	}
	seen[fn] = true
	if i := resultOf(fn, e.by.name); i >= 0 && makesType(fn, e.by.name) {
		if o.ctor[fn] == nil && startsAlways(start, i) {
			o.ctor[fn] = &summary.Func{Starts: true, Ender: e.ender, Shared: e.shared}
		}
		return
	}
	recv := fn.Signature.Recv()
	if recv != nil && typeName(recv.Type()) == e.by.name && token.IsExported(fn.Name()) {
		return // the caller starts it
	}
	if !startsAlways(start, -1) {
		return
	}
	calls, _ := o.w.Graph.Callers(fn)
	for _, c := range calls {
		if call, ok := c.(*ssa.Call); ok {
			o.makers(call, e, depth-1, seen)
		}
	}
}

// startsAlways reports whether the function of the instruction executes it
// before each return that gives back a value as result i, or before each return
// if i is negative.
func startsAlways(start ssa.Instruction, i int) bool {
	for _, b := range start.Parent().Blocks {
		r, ok := b.Instrs[len(b.Instrs)-1].(*ssa.Return)
		if !ok || b == start.Parent().Recover {
			continue
		}
		if i >= 0 && isNil(r.Results[i]) {
			continue
		}
		if !start.Block().Dominates(b) {
			return false
		}
	}
	return true
}

// resultOf returns the first result of fn that is an object of the type, or -1.
func resultOf(fn *ssa.Function, n *types.TypeName) int {
	res := fn.Signature.Results()
	for i := range res.Len() {
		if typeName(res.At(i).Type()) == n {
			return i
		}
	}
	return -1
}

// passesOn returns the summary of a function that returns the value of a
// constructor.
func (o *owners) passesOn(fn *ssa.Function) *summary.Func {
	for _, b := range fn.Blocks {
		r, ok := b.Instrs[len(b.Instrs)-1].(*ssa.Return)
		if !ok {
			continue
		}
		for _, v := range r.Results {
			c := source(v)
			if c == nil || c.Parent() != fn {
				continue
			}
			s := o.constructor(c)
			if s != nil && typeName(v.Type()) != nil && o.valueIndex(c) >= 0 && typeName(v.Type()) == typeName(c.Call.Signature().Results().At(o.valueIndex(c)).Type()) {
				return &summary.Func{Starts: true, Ender: s.Ender, Shared: s.Shared}
			}
		}
	}
	return nil
}

// constructor returns what is known of the callee if it is a constructor whose
// value owns a goroutine, or nil.
func (o *owners) constructor(c *ssa.Call) *summary.Func {
	if fn := c.Call.StaticCallee(); fn != nil {
		if fn.Origin() != nil {
			fn = fn.Origin()
		}
		if s := o.ctor[fn]; s != nil {
			return s
		}
	}
	callee := signal.Callee(&c.Call)
	if callee == nil || c.Call.IsInvoke() {
		return nil
	}
	if s := o.w.Fact(callee); s != nil && s.Starts && s.Ender != "" {
		return s
	}
	return nil
}

// valueIndex returns the result of a constructor that has the ending method.
func (o *owners) valueIndex(c *ssa.Call) int {
	s := o.constructor(c)
	if s == nil {
		return -1
	}
	res := c.Call.Signature().Results()
	for i := range res.Len() {
		if hasMethod(res.At(i).Type(), s.Ender, o.w.Pkg) {
			return i
		}
	}
	return -1
}

func hasMethod(t types.Type, name string, pkg *types.Package) bool {
	obj, _, _ := types.LookupFieldOrMethod(t, true, pkg, name)
	_, ok := obj.(*types.Func)
	return ok
}

// closeCall reports whether the call ends its receiver.
func (w *world) closeCall(c *ssa.CallCommon) bool {
	fn := signal.Callee(c)
	if fn == nil || receiver(c) == nil {
		return false
	}
	if w.Base.CloseMethod(fn.Name()) {
		return true
	}
	e, ok := w.Base.Func(fn)
	return ok && len(e.Raise(kb.Close)) > 0
}

// tell adds to the summary of fn that its result owns a goroutine.
func (o *owners) tell(fn *ssa.Function, s *summary.Func) {
	if c := o.ctor[fn]; c != nil {
		s.Starts, s.Ender, s.Shared = c.Starts, c.Ender, c.Shared
	}
}
