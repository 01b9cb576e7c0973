package analyzer

import (
	"go/ast"
	"go/token"
	"go/types"

	"golang.org/x/tools/go/analysis"

	"github.com/killcheck/killcheck/analyzer/kb"
)

// concurrent reports whether the package can start, stop or hold up a
// goroutine: without that no SSA is built. The runtime's own goroutines serve
// the process and live as long as it does.
func concurrent(pass *analysis.Pass, base *kb.Base, imported func(*types.Func) bool) bool {
	if pass.Pkg.Path() == "runtime" {
		return false
	}
	module, told := ofModule(pass), tells(pass)
	for _, f := range pass.Files {
		found := false
		ast.Inspect(f, func(n ast.Node) bool {
			switch n := n.(type) {
			case *ast.GoStmt, *ast.SendStmt, *ast.SelectStmt, *ast.ChanType:
				found = true
			case *ast.UnaryExpr:
				found = found || n.Op == token.ARROW
			case *ast.ForStmt:
				found = found || module && spins(n) || told && polls(n, pass.TypesInfo, base)
			case *ast.Ident:
				if fn, ok := pass.TypesInfo.Uses[n].(*types.Func); ok && fn.Pkg() != pass.Pkg {
					e, ok := base.Func(fn)
					found = found || ok && relevant(e.Effect) || imported(fn)
				}
			}
			return !found
		})
		if found {
			return true
		}
	}
	return false
}

// polls reports whether the loop sleeps or reads a flag: it may go round until
// somebody else does something.
func polls(loop *ast.ForStmt, info *types.Info, base *kb.Base) bool {
	found := false
	ast.Inspect(loop, func(n ast.Node) bool {
		if id, ok := n.(*ast.Ident); ok {
			if fn, ok := info.Uses[id].(*types.Func); ok {
				e, ok := base.Func(fn)
				found = found || ok && (e.Kind == kb.KindSleep || e.Effect == kb.FlagLoad)
			}
		}
		return !found
	})
	return found
}

// spins reports whether the loop has no condition and nothing in it leaves it.
func spins(loop *ast.ForStmt) bool {
	if loop.Cond != nil {
		return false
	}
	leaves := false
	var look func(n ast.Node, inner bool)
	look = func(n ast.Node, inner bool) {
		ast.Inspect(n, func(x ast.Node) bool {
			if x == n || leaves {
				return !leaves
			}
			switch x := x.(type) {
			case *ast.FuncLit:
				return false
			case *ast.ReturnStmt:
				leaves = true
			case *ast.BranchStmt:
				leaves = leaves || x.Tok == token.GOTO || x.Label != nil || x.Tok == token.BREAK && !inner
			case *ast.ForStmt, *ast.RangeStmt, *ast.SwitchStmt, *ast.TypeSwitchStmt, *ast.SelectStmt:
				look(x, true) // a break in it leaves that only
				return false
			}
			return true
		})
	}
	look(loop.Body, false)
	return !leaves
}

func relevant(e kb.Effect) bool {
	switch e {
	case kb.Spawns, kb.Lock, kb.RLock, kb.KillThread, kb.Blocks, kb.NoReturn:
		return true
	}
	return false
}
