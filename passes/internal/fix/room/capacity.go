package room

import (
	"errors"
	"fmt"
	"go/ast"
	"go/types"

	"golang.org/x/tools/go/analysis"

	"github.com/killcheck/killcheck/passes/internal/fix/edit"
)

// capacity gives a channel room.
//
//	make(chan T)
//	           ---
//	make(chan T, 1)
func capacity(s *site) (edit.Fix, error) {
	call, _, ok := edit.Enclosing[*ast.CallExpr](s.Site)
	if !ok || !s.Info.Types[call.Fun].IsBuiltin() || len(call.Args) == 0 || s.Capacity == "" {
		return edit.Fix{}, errors.New("no make with a capacity to give")
	}
	if v := s.kept(call); v != nil && s.Assigned(v) {
		return edit.Fix{}, errors.New("its variable is given another channel, or none, elsewhere")
	}
	made := s.Info.Types[call.Args[0]]
	if !made.IsType() {
		return edit.Fix{}, errors.New("no make")
	}
	if _, ok := made.Type.Underlying().(*types.Chan); !ok {
		return edit.Fix{}, errors.New("no make of a channel")
	}
	t, err := s.TypeOf(s.Capacity, call.Pos())
	if err != nil {
		return edit.Fix{}, err
	}
	if basic, ok := t.Underlying().(*types.Basic); !ok || basic.Info()&types.IsInteger == 0 {
		return edit.Fix{}, fmt.Errorf("%s is no integer", s.Capacity)
	}
	change := edit.Insert(call.Args[0].End(), ", "+s.Capacity)
	if len(call.Args) == 2 {
		change = edit.Replace(call.Args[1].Pos(), call.Args[1].End(), s.Capacity)
	}
	return edit.Fix{
		Message: "give the channel the capacity " + s.Capacity,
		Edits:   []analysis.TextEdit{change},
		Exact:   true,
	}, nil
}

// kept returns the variable that the statement around the call declares with its
// value, or nil.
func (s *site) kept(call *ast.CallExpr) types.Object {
	stmt, _, ok := edit.Enclosing[*ast.AssignStmt](s.Site)
	if !ok {
		return nil
	}
	for i, x := range stmt.Rhs {
		if id, ok := stmt.Lhs[min(i, len(stmt.Lhs)-1)].(*ast.Ident); ok && ast.Unparen(x) == call {
			return s.Info.Defs[id]
		}
	}
	return nil
}
