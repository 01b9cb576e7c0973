package analyzer

import (
	"fmt"
	"go/ast"
	"go/token"
	"go/types"
	"path/filepath"
	"slices"

	"golang.org/x/tools/go/analysis"

	"github.com/killcheck/killcheck/analyzer/callee"
	"github.com/killcheck/killcheck/analyzer/code"
	"github.com/killcheck/killcheck/analyzer/kb"
	"github.com/killcheck/killcheck/analyzer/summary"
	"github.com/killcheck/killcheck/analyzer/wait"
	"github.com/killcheck/killcheck/analyzer/wake"
)

// matters reports whether the fact says more than that the function may wait for
// a handle, or for code that was not read: a package that calls it is worth its
// SSA.
func matters(f *summary.Func) bool {
	rest := *f
	rest.Waits, rest.More = nil, false
	return !rest.Empty() || slices.ContainsFunc(f.Waits, func(w summary.Wait) bool {
		return w.Op != uint8(wait.Unread) && w.Op != uint8(wait.Call) ||
			slices.ContainsFunc(w.Wakes, func(k summary.Wake) bool { return k.Level == uint8(wake.Never) && k.Param < 0 })
	})
}

// bySyntax tells of the functions of a package for which no SSA is built, as
// nothing in it is concurrent, that they call what may wait: a handle that they
// are given, code that was not read, or a function of another package of which
// the same is known. Without that a call of them would pass for one that
// returns.
func bySyntax(pass *analysis.Pass, base *kb.Base, fact func(*types.Func) *summary.Func) {
	if !tells(pass) {
		return
	}
	_, module := moduleOf(pass)
	s := &scan{pass: pass, module: module, base: base, fact: fact, waits: make(map[*types.Func]*summary.Wait), uses: make(map[*types.Func][]*types.Func)}
	for _, f := range pass.Files {
		for _, d := range f.Decls {
			if d, ok := d.(*ast.FuncDecl); ok && d.Body != nil {
				s.declaration(d)
			}
		}
	}
	for changed := true; changed; {
		changed = false
		for _, fn := range s.order {
			for _, callee := range s.uses[fn] {
				if w := s.waits[callee]; rank(w) > rank(s.waits[fn]) {
					s.waits[fn], changed = w, true
				}
			}
		}
	}
	for _, fn := range s.order {
		if w := s.waits[fn]; w != nil && fn.Exported() {
			pass.ExportObjectFact(fn, &summary.Func{Waits: []summary.Wait{*w}})
		}
	}
}

// A scan looks for what may wait in the functions of a package.
type scan struct {
	pass   *analysis.Pass
	module string // the path of its module; see moduleOf
	base   *kb.Base
	fact   func(*types.Func) *summary.Func
	order  []*types.Func
	waits  map[*types.Func]*summary.Wait // the worst of each function, see rank
	uses   map[*types.Func][]*types.Func // the functions of the package that each names
}

// rank says how much a wait matters: a handle more than code that was not read, and
// that less if it is only told something.
func rank(w *summary.Wait) int {
	switch {
	case w == nil:
		return 0
	case w.Op != uint8(wait.Unread):
		return 3
	case !w.Told:
		return 2
	}
	return 1
}

func (s *scan) declaration(d *ast.FuncDecl) {
	fn, ok := s.pass.TypesInfo.Defs[d.Name].(*types.Func)
	if !ok {
		return
	}
	s.order = append(s.order, fn)
	note := func(op wait.Op, why wake.Reason, name string, told bool, pos token.Pos) {
		p := s.pass.Fset.Position(pos)
		w := &summary.Wait{
			Op: uint8(op), Name: name, Param: -1, Told: told,
			At:    fmt.Sprintf("%s:%d in %s", filepath.Base(p.Filename), p.Line, fn.FullName()),
			Wakes: []summary.Wake{{Action: uint8(wake.ByReturn), Level: uint8(wake.Unclear), Why: uint8(why), Param: -1, Name: name}},
		}
		if rank(w) > rank(s.waits[fn]) {
			s.waits[fn] = w
		}
	}
	ast.Inspect(d.Body, func(n ast.Node) bool {
		switch n := n.(type) {
		case *ast.CallExpr:
			if name, ok := s.unread(n); ok {
				sig, _ := s.pass.TypesInfo.TypeOf(n.Fun).Underlying().(*types.Signature)
				if sig == nil || !callee.IsBrief(s.base, name, sig) {
					note(wait.Unread, wake.NotRead, name, sig != nil && callee.IsTold(sig), n.Pos())
				}
			}
		case *ast.Ident:
			callee, ok := s.pass.TypesInfo.Uses[n].(*types.Func)
			if !ok {
				break
			}
			callee = callee.Origin()
			if callee.Pkg() == s.pass.Pkg {
				s.uses[fn] = append(s.uses[fn], callee)
				break
			}
			if e, ok := s.base.Func(callee); ok {
				if e.Effect == kb.Passes {
					note(wait.Call, wake.Partner, callee.Name(), false, n.Pos())
				}
			} else if f := s.fact(callee); f != nil {
				s.passedOn(f, callee, func(op wait.Op, why wake.Reason, name string, told bool) {
					note(op, why, name, told, n.Pos())
				})
			}
		}
		return true
	})
}

// passedOn notes what the callee waits for: code that was not read by its name, all
// else by that of the callee.
func (s *scan) passedOn(f *summary.Func, callee *types.Func, note func(wait.Op, wake.Reason, string, bool)) {
	if f.More {
		note(wait.Call, wake.Partner, callee.Name(), false)
	}
	for _, w := range f.Waits {
		if w.Op == uint8(wait.Unread) && w.Param < 0 {
			note(wait.Unread, wake.NotRead, w.Name, w.Told)
		} else {
			note(wait.Call, wake.Partner, callee.Name(), false)
		}
	}
}

// unread reports whether the call runs code that was not read, and names it: a
// function value, or a method through an interface that is not one of the
// standard library.
func (s *scan) unread(c *ast.CallExpr) (name string, ok bool) {
	info := s.pass.TypesInfo
	fun := ast.Unparen(c.Fun)
	if tv := info.Types[fun]; tv.IsType() || tv.IsBuiltin() {
		return "", false
	}
	switch f := fun.(type) {
	case *ast.FuncLit:
		return "", false
	case *ast.Ident:
		_, isVar := info.Uses[f].(*types.Var)
		return f.Name, isVar
	case *ast.SelectorExpr:
		if _, isVar := info.Uses[f.Sel].(*types.Var); isVar {
			return types.ExprString(f), true
		}
		fn, isFunc := info.Uses[f.Sel].(*types.Func)
		if !isFunc {
			return "", false
		}
		recv := fn.Signature().Recv()
		if recv == nil || !types.IsInterface(recv.Type()) || fn.Pkg() == nil || code.IsStd(fn.Pkg().Path(), s.module) {
			return "", false
		}
		return types.ExprString(f), true
	}
	return "", false
}
