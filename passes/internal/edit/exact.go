package edit

import (
	"go/ast"
	"go/types"
	"slices"
	"strings"
)

// endsObject reports whether a call of the method can only mean that the object
// is of no more use. A Stop of something that has a Start may be the end of one
// use of many.
func (f *File) endsObject(decl *ast.FuncDecl) bool {
	fn, ok := f.Info.Defs[decl.Name].(*types.Func)
	if !ok || fn.Signature().Recv() == nil {
		return false
	}
	for param := range fn.Signature().Params().Variables() {
		if !isContext(param.Type()) {
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

// onlyInGoroutines reports whether a variable or field is used in goroutines
// only, and where it gets its value or is handed to a goroutine.
func (s *site) onlyInGoroutines(obj types.Object) bool {
	ids, elsewhere := s.usesOf(obj)
	return !elsewhere && !slices.ContainsFunc(ids, func(id *ast.Ident) bool {
		at, err := s.at(id.Pos())
		return err != nil || !at.isLeft(id) && !at.inGoroutine()
	})
}

// isLeft reports whether the site is on the left side of an assignment.
func (s *site) isLeft(id *ast.Ident) bool {
	assign, _, ok := enclosing[*ast.AssignStmt](s)
	return ok && slices.ContainsFunc(assign.Lhs, func(e ast.Expr) bool { return within(e, id.Pos()) })
}

// inGoroutine reports whether the site is part of a go statement, or of a
// function that go statements alone use.
func (s *site) inGoroutine() bool {
	for _, n := range s.path {
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
func (s *site) onlyGo(decl *ast.FuncDecl) bool {
	fn, ok := s.Info.Defs[decl.Name].(*types.Func)
	if !ok || fn.Exported() && s.Pkg.Name() != "main" {
		return false
	}
	ids, elsewhere := s.usesOf(fn)
	return len(ids) > 0 && !elsewhere && !slices.ContainsFunc(ids, func(id *ast.Ident) bool {
		at, err := s.at(id.Pos())
		if err != nil {
			return true
		}
		start, _, ok := enclosing[*ast.GoStmt](at)
		return !ok || !within(start.Call.Fun, id.Pos())
	})
}

// endsWithLoop reports whether a goroutine runs the loop and does nothing behind
// it: then the end of the loop is the end of the goroutine and no more.
func (s *site) endsWithLoop(loop ast.Stmt, outer []ast.Node) bool {
	if !endsFunction(loop, outer) || inLoop(outer) {
		return false
	}
	body := outer[0].(*ast.BlockStmt)
	deferred := false
	own(body, func(n ast.Node) {
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

// loopsRound reports whether each wait for a condition in the package stands in
// a loop that looks at it again: such waits may be woken for nothing.
func (s *site) loopsRound() bool { return s.Index.loopsRound() }
