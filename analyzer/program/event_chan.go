package program

import (
	"go/ast"
	"go/token"
	"go/types"
)

// Argument gives the source of an argument of the call at pos.
func (s *syntax) Argument(pos token.Pos, i int) string {
	if n, ok := s.At[pos].(*ast.CallExpr); ok && i < len(n.Args) {
		return types.ExprString(n.Args[i])
	}
	return ""
}
