package program

import (
	"go/ast"
	"go/token"
	"go/types"
	"go/version"
	"strings"

	"golang.org/x/tools/go/ssa"

	"github.com/killcheck/killcheck/analyzer/code"
	"github.com/killcheck/killcheck/analyzer/kb"
	"github.com/killcheck/killcheck/analyzer/signal"
)

// EndError returns the variable that cond compares an error with, if it says
// that a handle or context has ended, and whether the true edge means so.
func (prog *Program) EndError(cond ssa.Value) (v *types.Var, holds bool) {
	var args []ssa.Value
	holds = true
	switch c := cond.(type) {
	case *ssa.BinOp:
		if c.Op != token.EQL && c.Op != token.NEQ {
			return nil, false
		}
		args, holds = []ssa.Value{c.X, c.Y}, c.Op == token.EQL
	case *ssa.Call:
		row, ok := signal.Entry(prog.Base, &c.Call)
		if !ok || row.Effect != kb.ErrorIs {
			return nil, false
		}
		args = c.Call.Args
	}
	for _, a := range args {
		u, ok := a.(*ssa.UnOp)
		if !ok {
			continue
		}
		g, ok := u.X.(*ssa.Global)
		if !ok {
			continue
		}
		obj, ok := g.Object().(*types.Var)
		if !ok {
			continue
		}
		if row, ok := prog.Base.Var(obj); ok && row.Effect == kb.EndError {
			return obj, holds
		}
	}
	return nil, false
}

// HasForm reports whether the module's Go version has the form of the call that
// takes a context. The package of that form has none: it is made of the other.
func (prog *Program) HasForm(row kb.Entry) bool {
	_, since, ok := row.ContextForm()
	return ok && prog.HasGo(since) && row.FormPackage() != prog.Pkg.Path()
}

// HasGo reports whether the module may use what came with a Go version, such as
// 1.21. The version of a module that states none is taken to be new enough.
func (prog *Program) HasGo(since string) bool {
	if since == "" || prog.GoVersion == "" {
		return true
	}
	have := prog.GoVersion
	if !strings.HasPrefix(have, "go") {
		have = "go" + have
	}
	return version.Compare(have, "go"+since) >= 0
}

// Advice words the way out that a row knows, or gives another text.
func (prog *Program) Advice(row kb.Entry, other string) string {
	if row.Fix != "" && prog.HasGo(row.FixSince) {
		return "; remedy: " + row.Fix
	}
	return other
}

// Native returns the row of the C function that a call of cgo names.
func (prog *Program) Native(c *ssa.CallCommon) (kb.Entry, bool) {
	name, ok := code.CgoName(c)
	if !ok {
		return kb.Entry{}, false
	}
	return prog.Base.Native(name)
}

// AtOnce reports whether an argument holds a flag that makes the call return
// without a wait.
func (prog *Program) AtOnce(in *ssa.Call) bool {
	call, ok := prog.Syn.At[in.Pos()].(*ast.CallExpr)
	if !ok {
		return false
	}
	found := false
	for _, a := range call.Args {
		ast.Inspect(a, func(n ast.Node) bool {
			if id, ok := n.(*ast.Ident); ok {
				if c, ok := prog.Info.Uses[id].(*types.Const); ok {
					row, known := prog.Base.Native(c.Name())
					found = found || known && row.Effect == kb.Instant
				}
			}
			return !found
		})
	}
	return found
}
