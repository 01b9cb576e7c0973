package capacity

import (
	"go/ast"
	"go/token"
	"go/types"

	"golang.org/x/tools/go/ssa"

	"github.com/killcheck/killcheck/analyzer/program"
	"github.com/killcheck/killcheck/analyzer/signal"
)

// RoomForAll returns an expression for the number of sends, where each round of
// one loop starts a goroutine that sends once at most, and nobody else sends:
// the length of what the loop ranges over, or how far it counts. The expression
// means the same where the channel is made, which is before the loop. It is
// empty if there is none.
func (ct *Capacities) RoomForAll(g *program.Goroutine, f *program.Frame, s *ssa.Send, c *signal.Class) string {
	if len(c.Makes) != 1 || len(c.Has(signal.Send)) != 1 || f.Fn != g.Site.Body || c.Makes[0].Parent() != g.Site.In {
		return ""
	}
	if ct.Looped(s) {
		return ""
	}
	made := c.Makes[0]
	var around ast.Stmt
	n := 0
	for _, l := range ct.PlainGraph(g.Site.In).Around(g.Site.Inst.Block()) {
		n++
		if !l.Has(made.Block()) {
			around = ct.Syn.Loop(g.Site.In, l.Blocks)
		}
	}
	if n != 1 || around == nil || !ct.Precedes(made, g.Site.Inst) || !within(around, g.Site.Pos) {
		return ""
	}
	switch loop := around.(type) {
	case *ast.RangeStmt:
		switch t := ct.Info.TypeOf(loop.X).Underlying().(type) {
		case *types.Slice:
			return ct.fixedText(loop.X, made.Pos(), "len(")
		case *types.Basic:
			if t.Info()&types.IsInteger != 0 {
				return ct.fixedText(loop.X, made.Pos(), "")
			}
		}
	case *ast.ForStmt:
		return ct.countedTo(loop, made.Pos())
	}
	return ""
}

func within(n ast.Node, pos token.Pos) bool { return n.Pos() <= pos && pos < n.End() }

// countedTo returns how far a loop of the form for i := 0; i < n; i++ counts.
func (ct *Capacities) countedTo(loop *ast.ForStmt, at token.Pos) string {
	init, ok := loop.Init.(*ast.AssignStmt)
	if !ok || init.Tok != token.DEFINE || len(init.Lhs) != 1 {
		return ""
	}
	zero := ct.Info.Types[init.Rhs[0]].Value
	post, isInc := loop.Post.(*ast.IncDecStmt)
	cmp, isCmp := loop.Cond.(*ast.BinaryExpr)
	i, isName := init.Lhs[0].(*ast.Ident)
	if zero == nil || zero.String() != "0" || !isInc || post.Tok != token.INC || !isCmp || cmp.Op != token.LSS || !isName {
		return ""
	}
	for _, e := range []ast.Expr{post.X, cmp.X} {
		if id, ok := e.(*ast.Ident); !ok || ct.Info.Uses[id] != ct.Info.Defs[i] {
			return ""
		}
	}
	if call, ok := cmp.Y.(*ast.CallExpr); ok && len(call.Args) == 1 && ct.Info.Types[call.Fun].IsBuiltin() {
		if id, ok := call.Fun.(*ast.Ident); ok && id.Name == "len" {
			if _, ok := ct.Info.TypeOf(call.Args[0]).Underlying().(*types.Slice); ok {
				return ct.fixedText(call.Args[0], at, "len(")
			}
		}
		return ""
	}
	return ct.fixedText(cmp.Y, at, "")
}

// fixedText returns the name of a local variable that is declared before the
// position and gets no value after it, with what goes around it, or else the
// empty string.
func (ct *Capacities) fixedText(e ast.Expr, at token.Pos, around string) string {
	id, ok := ast.Unparen(e).(*ast.Ident)
	if !ok {
		return ""
	}
	v, ok := ct.Info.Uses[id].(*types.Var)
	if !ok || v.IsField() || v.Parent() == ct.Pkg.Scope() || v.Pos() >= at {
		return ""
	}
	if scope := ct.ScopeAt(at); scope == nil {
		return ""
	} else if _, obj := scope.LookupParent(id.Name, at); obj != v {
		return ""
	}
	var holder ast.Node // what holds all uses of the variable
	if d := ct.Syn.Decl(at); d != nil {
		holder = d
	} else if file := ct.Syn.File(at); file != nil {
		holder = file
	} else {
		return ""
	}
	changes := false
	is := func(e ast.Expr) bool {
		x, ok := ast.Unparen(e).(*ast.Ident)
		return ok && ct.Info.Uses[x] == v
	}
	ast.Inspect(holder, func(n ast.Node) bool {
		switch n := n.(type) {
		case *ast.AssignStmt:
			for _, left := range n.Lhs {
				changes = changes || is(left) && n.Pos() > at
			}
		case *ast.IncDecStmt:
			changes = changes || is(n.X) && n.Pos() > at
		case *ast.RangeStmt:
			changes = changes || n.Key != nil && is(n.Key) || n.Value != nil && is(n.Value)
		case *ast.UnaryExpr:
			changes = changes || n.Op == token.AND && is(n.X)
		case *ast.FuncLit:
			if n.End() < at { // it may run later
				ast.Inspect(n.Body, func(n ast.Node) bool {
					if a, ok := n.(*ast.AssignStmt); ok {
						for _, left := range a.Lhs {
							changes = changes || is(left)
						}
					}
					return true
				})
			}
		}
		return !changes
	})
	if changes {
		return ""
	}
	if around == "" {
		return id.Name
	}
	return around + id.Name + ")"
}
