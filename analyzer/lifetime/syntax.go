package lifetime

import (
	"go/ast"
	"go/token"
	"go/types"
	"slices"

	"golang.org/x/tools/go/ssa"
)

// syntax finds the source of what SSA speaks about by position.
type syntax struct {
	fset  *token.FileSet
	files []*ast.File
	info  *types.Info
	at    map[token.Pos]ast.Node        // arrow, for, select, call parenthesis -> node
	loops map[*ast.BlockStmt][]ast.Stmt // for and range statements by the body of their function
	order []ast.Stmt                    // the same by position
	doc   map[*ast.FuncDecl]bool
	decls []*ast.FuncDecl // by position
	lits  map[token.Pos]*ast.FuncLit
	names map[token.Pos]*ast.AssignStmt // call parenthesis -> the assignment of what it returns
	said  map[*ast.File][]comment
	found map[**ssa.BasicBlock]ast.Stmt // see loop
}

// A comment is a group of comments with the numbers of its first and last line.
type comment struct {
	group    *ast.CommentGroup
	from, to int
}

func newSyntax(fset *token.FileSet, files []*ast.File, info *types.Info) *syntax {
	s := &syntax{fset: fset, files: files, info: info, at: make(map[token.Pos]ast.Node), loops: make(map[*ast.BlockStmt][]ast.Stmt), lits: make(map[token.Pos]*ast.FuncLit), names: make(map[token.Pos]*ast.AssignStmt), said: make(map[*ast.File][]comment), found: make(map[**ssa.BasicBlock]ast.Stmt)}
	for _, f := range files {
		var stack []ast.Node
		body := func() *ast.BlockStmt { return innermost(stack) }
		ast.Inspect(f, func(n ast.Node) bool {
			if n == nil {
				stack = stack[:len(stack)-1]
				return true
			}
			stack = append(stack, n)
			switch n := n.(type) {
			case *ast.SendStmt:
				s.at[n.Arrow] = n
			case *ast.UnaryExpr:
				if n.Op == token.ARROW {
					s.at[n.OpPos] = n
				}
			case *ast.RangeStmt:
				s.at[n.For] = n
				s.loops[body()] = append(s.loops[body()], n)
				s.order = append(s.order, n)
			case *ast.ForStmt:
				s.at[n.For] = n
				s.loops[body()] = append(s.loops[body()], n)
				s.order = append(s.order, n)
			case *ast.SelectStmt:
				s.at[n.Select] = n
			case *ast.CallExpr:
				s.at[n.Lparen] = n
			case *ast.GoStmt:
				s.at[n.Go] = n
			case *ast.AssignStmt:
				if len(n.Rhs) == 1 {
					if call, ok := n.Rhs[0].(*ast.CallExpr); ok {
						s.names[call.Lparen] = n
					}
				}
			case *ast.DeferStmt:
				s.at[n.Defer] = n
			case *ast.FuncLit:
				s.lits[n.Type.Func] = n
			case *ast.FuncDecl:
				s.decls = append(s.decls, n)
			}
			return true
		})
	}
	slices.SortFunc(s.order, func(a, b ast.Stmt) int { return int(a.Pos()) - int(b.Pos()) })
	slices.SortFunc(s.decls, func(a, b *ast.FuncDecl) int { return int(a.Pos()) - int(b.Pos()) })
	return s
}

// innermost returns the body of the innermost function on the stack.
func innermost(stack []ast.Node) *ast.BlockStmt {
	for i := len(stack) - 1; i >= 0; i-- {
		switch n := stack[i].(type) {
		case *ast.FuncLit:
			return n.Body
		case *ast.FuncDecl:
			return n.Body
		}
	}
	return nil
}

// channel gives the source of the channel that the operation at pos works on.
func (s *syntax) channel(pos token.Pos) string {
	switch n := s.at[pos].(type) {
	case *ast.SendStmt:
		return types.ExprString(n.Chan)
	case *ast.UnaryExpr:
		return types.ExprString(n.X)
	case *ast.RangeStmt:
		return types.ExprString(n.X)
	case *ast.CallExpr:
		if len(n.Args) > 0 {
			return types.ExprString(n.Args[0])
		}
	}
	return "the channel"
}

// callee gives the source of the function that the call at pos names.
func (s *syntax) callee(pos token.Pos) string {
	if n, ok := s.at[pos].(*ast.CallExpr); ok {
		if _, lit := ast.Unparen(n.Fun).(*ast.FuncLit); !lit {
			return types.ExprString(n.Fun)
		}
	}
	return "a function"
}

// end gives the end of what a report at pos underlines: the operation, or the
// keyword of a statement.
func (s *syntax) end(pos token.Pos) token.Pos {
	switch n := s.at[pos].(type) {
	case *ast.SendStmt, *ast.UnaryExpr:
		return n.End()
	case *ast.RangeStmt, *ast.ForStmt:
		return pos + 3
	case *ast.SelectStmt:
		return pos + 6
	case *ast.GoStmt:
		return pos + 2
	case *ast.CallExpr:
		return n.End()
	}
	return pos
}

// start gives the position of the statement or expression at pos, where pos may
// be an arrow or a parenthesis in its middle.
func (s *syntax) start(pos token.Pos) token.Pos {
	switch n := s.at[pos].(type) {
	case *ast.SendStmt, *ast.CallExpr:
		return n.Pos()
	}
	return pos
}

// body returns the syntax of the function literal or declaration of fn.
func (s *syntax) body(fn *ssa.Function) *ast.BlockStmt {
	switch n := fn.Syntax().(type) {
	case *ast.FuncDecl:
		return n.Body
	case *ast.FuncLit:
		return n.Body
	}
	return nil
}

// loop returns the innermost loop statement of fn that holds all the positions,
// or, if there are none, the loop of fn that is empty.
func (s *syntax) loop(fn *ssa.Function, blocks []*ssa.BasicBlock) ast.Stmt {
	if len(blocks) == 0 {
		return s.loopOf(fn, blocks)
	}
	l, ok := s.found[&blocks[0]] // Inv: a loop keeps its list of blocks
	if !ok {
		l = s.loopOf(fn, blocks)
		s.found[&blocks[0]] = l
	}
	return l
}

func (s *syntax) loopOf(fn *ssa.Function, blocks []*ssa.BasicBlock) ast.Stmt {
	body := s.body(fn)
	if body == nil {
		return nil
	}
	var lo, hi token.Pos
	for _, b := range blocks {
		for _, in := range b.Instrs {
			p := in.Pos()
			if !p.IsValid() || p < body.Pos() || p > body.End() {
				continue
			}
			if _, ok := in.(*ssa.Phi); ok {
				continue // stands where its variable is declared
			}
			if _, ok := in.(*ssa.Alloc); ok {
				continue
			}
			if lo == token.NoPos || p < lo {
				lo = p
			}
			hi = max(hi, p)
		}
	}
	if lo == token.NoPos {
		for _, l := range s.loops[body] {
			if f, ok := l.(*ast.ForStmt); ok && f.Cond == nil && len(f.Body.List) == 0 {
				return l
			}
		}
		return nil
	}
	all := s.loops[body] // Inv: in the order of the code
	i, _ := slices.BinarySearchFunc(all, lo, func(l ast.Stmt, pos token.Pos) int { return int(l.Pos() - pos - 1) })
	for i--; i >= 0; i-- {
		if hi <= all[i].End() {
			return all[i]
		}
	}
	return nil
}

// decl returns the function declaration around pos, or nil.
func (s *syntax) decl(pos token.Pos) *ast.FuncDecl {
	i, _ := slices.BinarySearchFunc(s.decls, pos, func(d *ast.FuncDecl, pos token.Pos) int { return int(d.End() - pos - 1) })
	if i < len(s.decls) && s.decls[i].Pos() <= pos {
		return s.decls[i]
	}
	return nil
}

// comments returns the comments of the file that stand on the line or end at most
// two lines above it.
func (s *syntax) comments(f *ast.File, line int) []comment {
	all, ok := s.said[f]
	if !ok {
		for _, g := range f.Comments {
			all = append(all, comment{g, s.fset.PositionFor(g.Pos(), false).Line, s.fset.PositionFor(g.End(), false).Line})
		}
		s.said[f] = all
	}
	i, _ := slices.BinarySearchFunc(all, line-2, func(c comment, line int) int { return c.to - line })
	n := i
	for n < len(all) && all[n].from <= line {
		n++
	}
	return all[i:n]
}

// file returns the file around pos, or nil.
func (s *syntax) file(pos token.Pos) *ast.File {
	for _, f := range s.files {
		if f.FileStart <= pos && pos <= f.FileEnd {
			return f
		}
	}
	return nil
}
