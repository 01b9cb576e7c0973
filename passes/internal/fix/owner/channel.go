package owner

import (
	"go/ast"
	"go/token"
	"go/types"

	"github.com/killcheck/killcheck/passes/internal/fix/edit"
)

// makeChannel makes the channel together with the object: in the literal if it
// has one line, else in the statement after.
func (s *stopping) makeChannel(stmt ast.Stmt, lit *ast.CompositeLit) error {
	if s.reused && s.setIn(stmt) {
		return nil
	}
	f, err := s.at(stmt.Pos())
	if err != nil {
		return err
	}
	if lit != nil && f.Line(lit.Pos()) == f.Line(lit.Rbrace) {
		text := s.stop + ": make(chan struct{})"
		if len(lit.Elts) == 0 {
			s.edits = append(s.edits, edit.Insert(lit.Rbrace, text))
		} else {
			s.edits = append(s.edits, edit.Insert(lit.Elts[len(lit.Elts)-1].End(), ", "+text))
		}
		return nil
	}
	for _, o := range s.threads {
		if made, _, _ := s.madeAt(o); made == stmt {
			indent := f.Indent(stmt.Pos())
			s.edits = append(s.edits, f.After(stmt.End(), indent, indent, o.name+"."+s.stop+" = make(chan struct{})"))
			break
		}
	}
	return nil
}

// unused returns the name of a field of the type that was meant to be its stop
// channel: it has such a name, carries nothing, is made here, and nobody sends
// to it or closes it.
func (s *stopping) unused() string {
	st := s.Named.Underlying().(*types.Struct)
	for field := range st.Fields() {
		ch, ok := field.Type().(*types.Chan)
		if !ok || field.Exported() || ch.Dir() != types.SendRecv || !s.base.StopWord(field.Name()) {
			continue
		}
		if elem, ok := ch.Elem().Underlying().(*types.Struct); ok && elem.NumFields() == 0 && s.isIdle(field) {
			return field.Name()
		}
	}
	return ""
}

// isIdle reports whether a channel in a field is only made and received from.
func (s *stopping) isIdle(field *types.Var) bool {
	idle := true
	s.Wherever(func(n ast.Node) bool {
		switch n := n.(type) {
		case *ast.SendStmt:
			idle = idle && !s.isField(n.Chan, field)
		case *ast.CallExpr:
			for _, arg := range n.Args {
				idle = idle && !s.isField(arg, field) // close, or who knows
			}
		case *ast.AssignStmt:
			for i, left := range n.Lhs {
				idle = idle && (!s.isField(left, field) || len(n.Lhs) == len(n.Rhs) && s.isMake(n.Rhs[i]))
			}
		case *ast.KeyValueExpr:
			if id, ok := n.Key.(*ast.Ident); ok && s.isOrigin(s.Info.Uses[id], field) {
				idle = idle && s.isMake(n.Value)
			}
		}
		return idle
	}, field)
	return idle
}

func (s *stopping) isField(e ast.Expr, field *types.Var) bool {
	sel, ok := ast.Unparen(e).(*ast.SelectorExpr)
	return ok && s.isOrigin(s.Info.Uses[sel.Sel], field)
}

func (s *stopping) isOrigin(obj types.Object, field *types.Var) bool {
	v, ok := obj.(*types.Var)
	return ok && v.Origin() == field
}

func (s *stopping) isMake(e ast.Expr) bool {
	call, ok := ast.Unparen(e).(*ast.CallExpr)
	return ok && s.Info.Types[call.Fun].IsBuiltin()
}

// setIn reports whether the function around a statement that makes an object
// makes its channel.
func (s *stopping) setIn(stmt ast.Stmt) bool {
	found := false
	for _, n := range s.path(stmt.Pos()) {
		decl, ok := n.(*ast.FuncDecl)
		if !ok {
			continue
		}
		ast.Inspect(decl, func(n ast.Node) bool {
			switch n := n.(type) {
			case *ast.KeyValueExpr:
				if id, ok := n.Key.(*ast.Ident); ok && id.Name == s.stop && stmt.Pos() <= n.Pos() && n.End() <= stmt.End() {
					found = true
				}
			case *ast.AssignStmt:
				for _, left := range n.Lhs {
					if sel, ok := left.(*ast.SelectorExpr); ok && sel.Sel.Name == s.stop && n.Tok == token.ASSIGN {
						found = true
					}
				}
			}
			return true
		})
	}
	return found
}
