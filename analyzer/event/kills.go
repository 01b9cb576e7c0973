package event

import (
	"go/ast"
	"go/constant"
	"go/token"
	"go/types"
	"slices"

	"golang.org/x/tools/go/ssa"

	"github.com/killcheck/killcheck/analyzer/code"
	"github.com/killcheck/killcheck/analyzer/kb"
	"github.com/killcheck/killcheck/analyzer/signal"
)

// A Kill is a place where something is ended from outside, which cannot clean up.
type Kill struct {
	Kind KillKind
	Pos  token.Pos
	By   string // what does it: the call, or the system call that it makes
}

// A KillKind says what a Kill ends.
type KillKind int8

// The kinds of kills.
const (
	Thread  KillKind = iota // a thread, which is ended or given a signal
	Library                 // the library that calls back: its goroutine ends
	Unwound                 // the library that calls back: a panic passes through it
)

// Kills returns what fn ends from outside. What a row knows to do so tells its
// callers, and is none itself.
func (ev *Events) Kills(fn *ssa.Function) []Kill {
	if obj, ok := fn.Object().(*types.Func); ok {
		if row, ok := ev.Base.Func(obj); ok && row.Effect == kb.KillThread {
			return nil
		}
	}
	var all []Kill
	graph := ev.PlainGraph(fn)
	for _, b := range fn.Blocks {
		for _, in := range b.Instrs {
			if !graph.Executes(in) {
				continue
			}
			if p, ok := in.(*ssa.Panic); ok && p.Pos().IsValid() && ev.callback(fn) && recoversPanic(fn.Parent()) {
				all = append(all, Kill{Unwound, p.Pos(), "panic"})
			}
			c, ok := in.(ssa.CallInstruction)
			if !ok {
				continue
			}
			if name := ev.kills(c); name != "" {
				all = append(all, Kill{Thread, c.Pos(), name})
			}
			if ev.exits(c) && ev.callback(fn) {
				all = append(all, Kill{Library, c.Pos(), ev.Syn.Callee(c.Pos())})
			}
		}
	}
	return all
}

// kills returns the name of the function or system call by which the call ends or
// signals a thread, or "".
func (ev *Events) kills(c ssa.CallInstruction) string {
	com := c.Common()
	if row, ok := ev.Native(com); ok {
		if row.Effect == kb.KillThread {
			return row.Symbol
		}
		return ""
	}
	row, ok := signal.Entry(ev.Base, com)
	if !ok {
		return ""
	}
	if row.Effect == kb.KillThread {
		if passesSignal(com) {
			return ""
		}
		return ev.Syn.Callee(c.Pos())
	}
	if row.Kind != kb.KindSyscall {
		return ""
	}
	call, ok := ev.Syn.At[c.Pos()].(*ast.CallExpr)
	if !ok {
		return ""
	}
	for _, a := range call.Args {
		if name := ev.nativeName(a); name != "" {
			if n, ok := ev.Base.Native(name); ok && n.Effect == kb.KillThread {
				return name
			}
		}
	}
	return ""
}

// passesSignal reports whether the caller of the function chooses the signal that the
// call gives: one that is caught wakes the thread, and ends nothing.
func passesSignal(com *ssa.CallCommon) bool {
	return slices.ContainsFunc(com.Args, func(a ssa.Value) bool {
		_, given := a.(*ssa.Parameter)
		return given && types.NewMethodSet(a.Type()).Lookup(nil, "Signal") != nil
	})
}

// nativeName returns what the argument names: the constant of a system call, or
// the text that a procedure of a library is looked up by.
func (ev *Events) nativeName(a ast.Expr) string {
	a = ast.Unparen(a)
	if tv := ev.Info.Types[a]; tv.Value != nil && tv.Value.Kind() == constant.String {
		return constant.StringVal(tv.Value)
	}
	if conv, ok := a.(*ast.CallExpr); ok && len(conv.Args) == 1 && ev.Info.Types[conv.Fun].IsType() {
		return ev.nativeName(conv.Args[0])
	}
	var id *ast.Ident
	switch a := a.(type) {
	case *ast.Ident:
		id = a
	case *ast.SelectorExpr:
		id = a.Sel
	default:
		return ""
	}
	if c, ok := ev.Info.Uses[id].(*types.Const); ok {
		return c.Name()
	}
	return ""
}

// exits reports whether the call ends the goroutine that makes it, and nothing
// else.
func (ev *Events) exits(c ssa.CallInstruction) bool {
	row, ok := signal.Entry(ev.Base, c.Common())
	return ok && row.Effect == kb.NoReturn && row.Kind == kb.KindRuntime
}

// recoversPanic reports whether fn defers a function literal that calls recover.
func recoversPanic(fn *ssa.Function) bool {
	return slices.ContainsFunc(fn.AnonFuncs, code.CallsRecover)
}

// callback reports whether fn is a function literal that is used for nothing but
// as an argument of functions of other packages that do not start a goroutine
// for it.
func (ev *Events) callback(fn *ssa.Function) bool {
	if fn.Parent() == nil || ev.InTest(fn.Pos()) {
		return false
	}
	found := false
	for _, in := range *fn.Referrers() {
		for _, a := range literalUses(in, fn) {
			c, ok := a.(ssa.CallInstruction)
			if _, isGo := a.(*ssa.Go); !ok || isGo {
				return false
			}
			if !ev.handsTo(c, fn) {
				return false
			}
			found = true
		}
	}
	return found
}

// literalUses returns the uses of the function literal that the instruction makes
// or has as an argument.
func literalUses(in ssa.Instruction, fn *ssa.Function) []ssa.Instruction {
	made := false
	var buf [16]*ssa.Value
	for _, op := range in.Operands(buf[:0]) {
		made = made || *op == ssa.Value(fn)
	}
	if !made {
		return nil
	}
	uses := []ssa.Instruction{in}
	for i := 0; i < len(uses); i++ {
		switch x := uses[i].(type) {
		case *ssa.MakeClosure:
			uses = append(uses, *x.Referrers()...)
		case *ssa.ChangeType:
			uses = append(uses, *x.Referrers()...)
		}
	}
	return slices.DeleteFunc(uses, func(x ssa.Instruction) bool {
		switch x.(type) {
		case *ssa.MakeClosure, *ssa.ChangeType:
			return true
		}
		return false
	})
}

// handsTo reports whether the call hands a function to another package, which
// does not start it as a goroutine.
func (ev *Events) handsTo(c ssa.CallInstruction, fn *ssa.Function) bool {
	callee := signal.Callee(c.Common())
	if callee == nil || callee.Pkg() == nil || callee.Pkg() == ev.Pkg || c.Common().Value == ssa.Value(fn) {
		return false
	}
	if ev.SpawnsArg(c) {
		return false
	}
	row, ok := signal.Entry(ev.Base, c.Common())
	return ok && row.Effect == kb.Callback && row.Kind != kb.KindTest
}
