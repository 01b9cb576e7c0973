package unsafekill

import (
	"go/ast"
	"go/constant"
	"go/types"
	"slices"

	"golang.org/x/tools/go/ssa"

	"github.com/killcheck/killcheck/analyzer/kb"
	"github.com/killcheck/killcheck/analyzer/program"
	"github.com/killcheck/killcheck/analyzer/signal"
	"github.com/killcheck/killcheck/passes/internal/report"
)

// unsafeKills finds code that ends or signals a thread from outside, and
// callbacks that end the goroutine of the library that calls them.
func (q *question) unsafeKills(gs []*program.Goroutine) {
	for _, fn := range q.Functions {
		if !q.Graph.Live(fn) {
			continue
		}
		if obj, ok := fn.Object().(*types.Func); ok {
			if row, ok := q.Base.Func(obj); ok && row.Effect == kb.KillThread {
				continue // this is the function that its callers are told of
			}
		}
		g, f := q.Runner(gs, fn)
		graph := q.PlainGraph(fn)
		for _, b := range fn.Blocks {
			for _, in := range b.Instrs {
				if p, ok := in.(*ssa.Panic); ok && graph.Executes(p) && p.Pos().IsValid() && q.callback(fn) && recoversPanic(fn.Parent()) {
					q.Report(g, f, report.Finding{
						Pos:     p.Pos(),
						Message: "panic thrown through a library: the caller of this callback is unwound to the recover outside, and may hold locks; return an error or heed a stop signal",
					})
				}
				c, ok := in.(ssa.CallInstruction)
				if !ok || !graph.Executes(in) {
					continue
				}
				if name := q.kills(c); name != "" {
					q.Report(g, f, report.Finding{
						Pos:     in.Pos(),
						Message: "thread killed from outside: " + name + " leaves its locks held, its memory half written and its child processes running; give the work a stop signal, or a process of its own",
					})
				}
				if q.exits(c) && q.callback(fn) {
					q.Report(g, f, report.Finding{
						Pos:     in.Pos(),
						Message: "goroutine killed inside a library: " + q.Syn.Callee(in.Pos()) + " in a callback unwinds the code that called it, which may hold locks; return an error or heed a stop signal",
					})
				}
			}
		}
	}
}

// kills returns the name of the function or system call by which the call ends or
// signals a thread, or "".
func (q *question) kills(c ssa.CallInstruction) string {
	com := c.Common()
	if row, ok := q.Native(com); ok {
		if row.Effect == kb.KillThread {
			return row.Symbol
		}
		return ""
	}
	row, ok := signal.Entry(q.Base, com)
	if !ok {
		return ""
	}
	if row.Effect == kb.KillThread {
		return q.Syn.Callee(c.Pos())
	}
	if row.Kind != kb.KindSyscall {
		return ""
	}
	call, ok := q.Syn.At[c.Pos()].(*ast.CallExpr)
	if !ok {
		return ""
	}
	for _, a := range call.Args {
		if name := q.nativeName(a); name != "" {
			if n, ok := q.Base.Native(name); ok && n.Effect == kb.KillThread {
				return name
			}
		}
	}
	return ""
}

// nativeName returns what the argument names: the constant of a system call, or
// the text that a procedure of a library is looked up by.
func (q *question) nativeName(a ast.Expr) string {
	a = ast.Unparen(a)
	if tv := q.Info.Types[a]; tv.Value != nil && tv.Value.Kind() == constant.String {
		return constant.StringVal(tv.Value)
	}
	if conv, ok := a.(*ast.CallExpr); ok && len(conv.Args) == 1 && q.Info.Types[conv.Fun].IsType() {
		return q.nativeName(conv.Args[0])
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
	if c, ok := q.Info.Uses[id].(*types.Const); ok {
		return c.Name()
	}
	return ""
}

// exits reports whether the call ends the goroutine that makes it, and nothing
// else.
func (q *question) exits(c ssa.CallInstruction) bool {
	row, ok := signal.Entry(q.Base, c.Common())
	return ok && row.Effect == kb.NoReturn && row.Kind == kb.KindRuntime
}

// recoversPanic reports whether fn defers a function literal that calls recover.
func recoversPanic(fn *ssa.Function) bool {
	for _, a := range fn.AnonFuncs {
		for _, b := range a.Blocks {
			for _, in := range b.Instrs {
				c, ok := in.(*ssa.Call)
				if !ok {
					continue
				}
				if built, ok := c.Call.Value.(*ssa.Builtin); ok && built.Name() == "recover" {
					return true
				}
			}
		}
	}
	return false
}

// callback reports whether fn is a function literal that is used for nothing but
// as an argument of functions of other packages that do not start a goroutine
// for it.
func (q *question) callback(fn *ssa.Function) bool {
	if fn.Parent() == nil || q.InTest(fn.Pos()) {
		return false
	}
	found := false
	for _, in := range *fn.Referrers() {
		for _, a := range literalUses(in, fn) {
			c, ok := a.(ssa.CallInstruction)
			if _, isGo := a.(*ssa.Go); !ok || isGo {
				return false
			}
			if !q.handsTo(c, fn) {
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
func (q *question) handsTo(c ssa.CallInstruction, fn *ssa.Function) bool {
	callee := signal.Callee(c.Common())
	if callee == nil || callee.Pkg() == nil || callee.Pkg() == q.Pkg || c.Common().Value == ssa.Value(fn) {
		return false
	}
	if q.SpawnsArg(c) {
		return false
	}
	row, ok := signal.Entry(q.Base, c.Common())
	return ok && row.Effect == kb.Callback && row.Kind != kb.KindTest
}
