package edit

import (
	"go/ast"
	"go/types"
	"slices"
	"strings"
)

// EndsObject reports whether a call of the method can only mean that the object
// is of no more use. A Stop of something that has a Start may be the end of one
// use of many.
func (f *File) EndsObject(decl *ast.FuncDecl) bool {
	fn, ok := f.Info.Defs[decl.Name].(*types.Func)
	if !ok || fn.Signature().Recv() == nil {
		return false
	}
	for param := range fn.Signature().Params().Variables() {
		if !IsContext(param.Type()) {
			return false
		}
	}
	switch strings.ToLower(fn.Name()) {
	case "close", "shutdown":
		return true
	case "stop":
		owner := fn.Signature().Recv().Type()
		return !slices.ContainsFunc([]string{"Start", "start", "Close", "close", "Shutdown", "shutdown", "Reset", "reset"}, func(name string) bool {
			obj, _, _ := types.LookupFieldOrMethod(owner, true, f.Pkg, name)
			_, method := obj.(*types.Func)
			return method
		})
	}
	return false
}

// OnlyInGoroutines reports whether a variable or field is used in goroutines
// only, and where it gets its value or is handed to a goroutine.
func (s *Site) OnlyInGoroutines(obj types.Object) bool {
	ids, elsewhere := s.UsesOf(obj)
	return !elsewhere && !slices.ContainsFunc(ids, func(id *ast.Ident) bool {
		at, err := s.Place(id.Pos())
		return err != nil || !at.isLeft(id) && !at.inGoroutine()
	})
}

// isLeft reports whether the site is on the left side of an assignment.
func (s *Site) isLeft(id *ast.Ident) bool {
	assign, _, ok := Enclosing[*ast.AssignStmt](s)
	return ok && slices.ContainsFunc(assign.Lhs, func(e ast.Expr) bool { return Within(e, id.Pos()) })
}

// inGoroutine reports whether the site is part of a go statement, or of a
// function that go statements alone use.
func (s *Site) inGoroutine() bool {
	for _, n := range s.Path {
		switch n := n.(type) {
		case *ast.GoStmt:
			return true
		case *ast.FuncDecl:
			return s.onlyGo(n)
		}
	}
	return false
}

// onlyGo reports whether a function of the package is used in go statements of
// this file, and nowhere else.
func (s *Site) onlyGo(decl *ast.FuncDecl) bool {
	fn, ok := s.Info.Defs[decl.Name].(*types.Func)
	if !ok || fn.Exported() && s.Pkg.Name() != "main" {
		return false
	}
	ids, elsewhere := s.UsesOf(fn)
	return len(ids) > 0 && !elsewhere && !slices.ContainsFunc(ids, func(id *ast.Ident) bool {
		at, err := s.Place(id.Pos())
		if err != nil {
			return true
		}
		start, _, ok := Enclosing[*ast.GoStmt](at)
		return !ok || !Within(start.Call.Fun, id.Pos())
	})
}

// EndsWithLoop reports whether a goroutine runs the loop and does nothing behind
// it: then the end of the loop is the end of the goroutine and no more.
func (s *Site) EndsWithLoop(loop ast.Stmt, outer []ast.Node) bool {
	if !EndsFunction(loop, outer) || InLoop(outer) {
		return false
	}
	body := outer[0].(*ast.BlockStmt)
	deferred := false
	Own(body, func(n ast.Node) {
		_, is := n.(*ast.DeferStmt)
		deferred = deferred || is
	})
	if deferred {
		return false
	}
	switch fn := outer[1].(type) {
	case *ast.FuncDecl:
		return s.onlyGo(fn)
	case *ast.FuncLit:
		if len(outer) < 4 {
			return false
		}
		call, ok := outer[2].(*ast.CallExpr)
		_, isGo := outer[3].(*ast.GoStmt)
		return ok && isGo && call.Fun == ast.Expr(fn)
	}
	return false
}

// LoopsRound reports whether each wait for a condition in the package stands in
// a loop that looks at it again: such waits may be woken for nothing.
func (s *Site) LoopsRound() bool { return s.Index.loopsRound() }
