package signal

import (
	"go/types"
	"slices"

	"golang.org/x/tools/go/ssa"

	"github.com/killcheck/killcheck/analyzer/code"
	"github.com/killcheck/killcheck/analyzer/kb"
)

// Callee returns the function or method that a call names, or nil: for a call
// through an interface its abstract method.
func Callee(c *ssa.CallCommon) *types.Func {
	if c.IsInvoke() {
		return c.Method
	}
	fn := c.StaticCallee()
	if fn == nil {
		return nil
	}
	obj, _ := origin(fn).Object().(*types.Func)
	return obj
}

// Entry returns what the knowledge base says of the callee of a call.
func Entry(base *kb.Base, c *ssa.CallCommon) (kb.Entry, bool) {
	fn := Callee(c)
	if fn == nil {
		return kb.Entry{}, false
	}
	e, ok := base.Func(fn)
	if e.Needs != "" && !mentions(c, e.Needs) || len(e.Except) > 0 && slices.Contains(e.Except, embedder(c)) {
		e.Effect, e.Wakes, e.Use = kb.Instant, nil, ""
	}
	return e, ok
}

// AskedContext returns the context of which the call tells whether it has ended, or nil.
func AskedContext(base *kb.Base, c *ssa.CallCommon) ssa.Value {
	if e, ok := Entry(base, c); !ok || e.Effect != kb.FlagLoad || e.Kind != kb.KindCtx {
		return nil
	}
	if recv := code.Receiver(c); recv != nil {
		return recv
	}
	return c.Args[0]
}

// AsksFlag reports whether the call tells whether somebody has set a flag, or stopped
// something.
func AsksFlag(base *kb.Base, c *ssa.CallCommon) bool {
	e, ok := Entry(base, c)
	return ok && (e.Effect == kb.FlagLoad || e.Effect == kb.StopSignal)
}

// embedder returns the name of the type from whose embedded field the receiver of the
// call is taken: UDPConn for the conn of a *net.UDPConn.
func embedder(c *ssa.CallCommon) string {
	if len(c.Args) == 0 {
		return ""
	}
	field, ok := c.Args[0].(*ssa.FieldAddr)
	if !ok {
		return ""
	}
	named, fields := code.StructOf(field.X.Type())
	if named == nil || !fields.Field(field.Field).Embedded() {
		return ""
	}
	return named.Obj().Name()
}

// mentions reports whether the function that makes the call, or a literal in it, calls
// the function with the symbol.
func mentions(c *ssa.CallCommon, symbol string) bool {
	for _, a := range c.Args {
		if fn := a.Parent(); fn != nil {
			return callsSymbol(code.Outermost(fn), symbol)
		}
	}
	return false
}

func callsSymbol(fn *ssa.Function, symbol string) bool {
	for _, b := range fn.Blocks {
		for _, in := range b.Instrs {
			if c, ok := in.(ssa.CallInstruction); ok {
				if f := Callee(c.Common()); f != nil && f.FullName() == symbol {
					return true
				}
			}
		}
	}
	return slices.ContainsFunc(fn.AnonFuncs, func(lit *ssa.Function) bool { return callsSymbol(lit, symbol) })
}
