package owner

import (
	"go/ast"
	"go/types"
	"slices"
	"strings"

	"github.com/killcheck/killcheck/analyzer/kb"
	"github.com/killcheck/killcheck/passes/internal/fix/edit"
)

// underLock reports whether the method that is completed may be called with a
// lock held that one of the goroutines takes: a wait for the goroutine would
// never end.
func (s *stopping) underLock() bool {
	if s.method == nil {
		return false
	}
	if strings.HasSuffix(s.public, "Locked") {
		return true
	}
	var locks []types.Object
	for _, o := range s.threads {
		for _, fn := range s.mayRun(o.body) {
			withLiterals(edit.BodyOf(fn), func(n ast.Node) {
				if call, ok := n.(*ast.CallExpr); ok {
					if obj := s.lock(call, kb.Lock, kb.RLock); obj != nil {
						locks = append(locks, obj)
					}
				}
			})
		}
	}
	return len(locks) > 0 && s.heldAround(s.method, locks, make(map[*ast.FuncDecl]bool))
}

// lock returns the lock that a call works on if it has one of the effects.
func (p *plan) lock(call *ast.CallExpr, effects ...kb.Effect) types.Object {
	if !slices.Contains(effects, p.row(call).Effect) {
		return nil
	}
	fun, ok := ast.Unparen(call.Fun).(*ast.SelectorExpr)
	if !ok {
		return nil
	}
	if sel := p.Info.Selections[fun]; sel != nil && len(sel.Index()) > 1 {
		return embedded(sel)
	}
	switch x := ast.Unparen(fun.X).(type) {
	case *ast.Ident:
		return p.Info.Uses[x]
	case *ast.SelectorExpr:
		if v, ok := p.Info.Uses[x.Sel].(*types.Var); ok {
			return v.Origin()
		}
	}
	return nil
}

// embedded returns the embedded field that a method comes from.
func embedded(sel *types.Selection) types.Object {
	t := sel.Recv()
	var field *types.Var
	for _, i := range sel.Index()[:len(sel.Index())-1] {
		if ptr, ok := t.Underlying().(*types.Pointer); ok {
			t = ptr.Elem()
		}
		st, ok := t.Underlying().(*types.Struct)
		if !ok {
			return nil
		}
		field = st.Field(i).Origin()
		t = st.Field(i).Type()
	}
	return field
}

// heldAround reports whether a caller of the function may hold one of the locks.
func (p *plan) heldAround(decl *ast.FuncDecl, locks []types.Object, seen map[*ast.FuncDecl]bool) bool {
	if seen[decl] {
		return false
	}
	seen[decl] = true
	calls, _ := p.called(p.Info.Defs[decl.Name].(*types.Func))
	for _, call := range calls {
		for _, n := range p.path(call.Pos()) {
			caller, ok := n.(*ast.FuncDecl)
			if !ok {
				continue
			}
			if p.heldAt(caller, call, locks) || p.heldAround(caller, locks, seen) {
				return true
			}
		}
	}
	return false
}

// heldAt reports whether a lock is taken before the call and not given back
// between. It goes by the order of the text.
func (p *plan) heldAt(fn *ast.FuncDecl, at *ast.CallExpr, locks []types.Object) bool {
	held := make(map[types.Object]bool)
	ast.Inspect(fn.Body, func(n ast.Node) bool {
		if d, ok := n.(*ast.DeferStmt); ok && d.Call != at {
			return false // runs later
		}
		call, ok := n.(*ast.CallExpr)
		if !ok || call.Pos() >= at.Pos() {
			return true
		}
		if obj := p.lock(call, kb.Lock, kb.RLock); obj != nil {
			held[obj] = true
		}
		if obj := p.lock(call, kb.Unlock, kb.RUnlock); obj != nil {
			delete(held, obj)
		}
		return true
	})
	return slices.ContainsFunc(locks, func(obj types.Object) bool { return held[obj] })
}
