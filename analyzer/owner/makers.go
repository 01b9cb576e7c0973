package owner

import (
	"go/token"
	"go/types"

	"golang.org/x/tools/go/ssa"

	"github.com/killcheck/killcheck/analyzer/code"
	"github.com/killcheck/killcheck/analyzer/kb"
	"github.com/killcheck/killcheck/analyzer/program"
	"github.com/killcheck/killcheck/analyzer/signal"
	"github.com/killcheck/killcheck/analyzer/summary"
)

// constructors finds the functions whose result owns a goroutine that was
// started inside: those that start it, and those that return what such a
// function returned, or an object that has it in a field.
func (o *Owners) constructors(gs []*program.Goroutine) {
	for _, g := range gs {
		e := o.Ends[g]
		if e == nil || !token.IsExported(e.Ender) && o.ev.Pkg.Name() != "main" && e.By.Name.Exported() {
			continue
		}
		o.makers(g.Site.Inst, e, 4, make(map[*ssa.Function]bool))
	}
	for changed, n := true, 0; changed && n < 4; n++ {
		changed = false
		for _, fn := range o.ev.Functions {
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
func (o *Owners) makers(start ssa.CallInstruction, e *Owned, depth int, seen map[*ssa.Function]bool) {
	fn := start.Parent()
	if fn.Parent() != nil || seen[fn] || depth == 0 {
		return
	}
	seen[fn] = true
	if i := resultOf(fn, e.By.Name); i >= 0 && code.MakesType(fn, e.By.Name) {
		if o.ctor[fn] == nil && startsAlways(start, i) {
			o.ctor[fn] = &summary.Func{Starts: true, Ender: e.Ender, Shared: e.Shared}
		}
		return
	}
	recv := fn.Signature.Recv()
	if recv != nil && code.TypeName(recv.Type()) == e.By.Name && token.IsExported(fn.Name()) {
		return // the caller starts it
	}
	if !startsAlways(start, -1) {
		return
	}
	calls, _ := o.ev.Graph.Callers(fn)
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
		if i >= 0 && code.IsNil(r.Results[i]) {
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
		if code.TypeName(res.At(i).Type()) == n {
			return i
		}
	}
	return -1
}

// passesOn returns the summary of a function that returns the value of a
// constructor, each time that it returns one, and keeps it nowhere. One that finds
// it in a registry, or puts it there, gives nobody anything to close.
func (o *Owners) passesOn(fn *ssa.Function) *summary.Func {
	var found *summary.Func
	at := -1
	for _, b := range fn.Blocks {
		r, ok := b.Instrs[len(b.Instrs)-1].(*ssa.Return)
		if !ok || b == fn.Recover {
			continue
		}
		for i, v := range r.Results {
			if s := o.passed(fn, v); s != nil {
				found, at = s, i
			}
		}
	}
	for _, b := range fn.Blocks {
		r, ok := b.Instrs[len(b.Instrs)-1].(*ssa.Return)
		if found == nil || !ok || b == fn.Recover || code.IsNil(r.Results[at]) {
			continue
		}
		if o.passed(fn, r.Results[at]) == nil {
			return nil
		}
	}
	return found
}

// passed returns the summary of the constructor in fn whose value v is, unless the
// value is kept.
func (o *Owners) passed(fn *ssa.Function, v ssa.Value) *summary.Func {
	c := code.Source(v)
	if c == nil || c.Parent() != fn {
		return nil
	}
	s := o.Constructor(c)
	if s == nil || code.TypeName(v.Type()) == nil || o.ValueIndex(c) < 0 || registered(v) ||
		code.TypeName(v.Type()) != code.TypeName(c.Call.Signature().Results().At(o.ValueIndex(c)).Type()) {
		return nil
	}
	return &summary.Func{Starts: true, Ender: s.Ender, Shared: s.Shared}
}

// registered reports whether the value is put into a map, or into a field or
// variable of something that its function has not made.
func registered(v ssa.Value) bool {
	for _, r := range *v.Referrers() {
		switch r := r.(type) {
		case *ssa.MapUpdate:
			if r.Value == v {
				return true
			}
		case *ssa.Store:
			switch at := r.Addr.(type) {
			case *ssa.FieldAddr:
				if _, own := at.X.(*ssa.Alloc); r.Val == v && !own {
					return true
				}
			case *ssa.Global:
				return r.Val == v
			}
		}
	}
	return false
}

// Constructor returns what is known of the callee if it is a constructor whose
// value owns a goroutine, or nil.
func (o *Owners) Constructor(c *ssa.Call) *summary.Func {
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
	if e, ok := o.ev.Base.Func(callee); ok && e.Ender != "" && e.Kind != kb.KindProc {
		return &summary.Func{Starts: true, Ender: e.Ender}
	}
	if s := o.ev.Fact(callee); s != nil && s.Starts && s.Ender != "" {
		return s
	}
	return nil
}

// ValueIndex returns the result of a constructor that has the ending method.
func (o *Owners) ValueIndex(c *ssa.Call) int {
	s := o.Constructor(c)
	if s == nil {
		return -1
	}
	res := c.Call.Signature().Results()
	for i := range res.Len() {
		if code.HasMethod(res.At(i).Type(), s.Ender, o.ev.Pkg) {
			return i
		}
	}
	return -1
}

// Tell adds to the summary of fn that its result owns a goroutine.
func (o *Owners) Tell(fn *ssa.Function, s *summary.Func) {
	if c := o.ctor[fn]; c != nil {
		s.Starts, s.Ender, s.Shared = c.Starts, c.Ender, c.Shared
	}
}
