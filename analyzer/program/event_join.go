package program

import (
	"go/ast"
	"go/token"

	"golang.org/x/tools/go/ssa"
)

// Called returns the position of the parenthesis of the call that the go or defer
// statement at pos makes, or pos.
func (s *syntax) Called(pos token.Pos) token.Pos {
	switch n := s.At[pos].(type) {
	case *ast.GoStmt:
		return n.Call.Lparen
	case *ast.DeferStmt:
		return n.Call.Lparen
	}
	return pos
}

// CalledAt is called for the instruction of a call.
func (s *syntax) CalledAt(in ssa.Instruction) token.Pos { return s.Called(in.Pos()) }
