package program

import (
	"go/ast"
	"go/token"
	"go/types"
	"slices"
	"sort"

	"golang.org/x/tools/go/ssa"

	"github.com/killcheck/killcheck/analyzer/kb"
)

// Clause returns the case of the select at sel whose operation stands at arrow.
func (s *syntax) Clause(sel, arrow token.Pos) *ast.CommClause {
	stmt, ok := s.At[sel].(*ast.SelectStmt)
	if !ok {
		return nil
	}
	for _, c := range stmt.Body.List {
		if c, ok := c.(*ast.CommClause); ok && c.Comm != nil && c.Comm.Pos() <= arrow && arrow < c.Comm.End() {
			return c
		}
	}
	return nil
}

// LoopAround returns the innermost loop statement around pos, or nil.
func (s *syntax) LoopAround(pos token.Pos) ast.Stmt {
	i := sort.Search(len(s.order), func(i int) bool { return s.order[i].Pos() > pos })
	for i--; i >= 0; i-- {
		if pos < s.order[i].End() {
			return s.order[i]
		}
	}
	return nil
}

// AssignedTo returns the variable that result i of the call at pos is assigned
// to, or nil.
func (prog *Program) AssignedTo(fn *ssa.Function, pos token.Pos, i int) types.Object {
	if prog.Syn.Body(fn) == nil {
		return nil
	}
	if a := prog.Syn.Names[pos]; a != nil && i < len(a.Lhs) {
		if id, ok := a.Lhs[i].(*ast.Ident); ok && id.Name != "_" {
			return prog.Info.ObjectOf(id)
		}
	}
	return nil
}

// syntax finds the source of what SSA speaks about by position.
type syntax struct {
	fset  *token.FileSet
	files []*ast.File
	info  *types.Info
	At    map[token.Pos]ast.Node        // arrow, for, select, call parenthesis -> node
	loops map[*ast.BlockStmt][]ast.Stmt // for and range statements by the body of their function
	order []ast.Stmt                    // the same by position
	decls []*ast.FuncDecl               // by position
	lits  map[token.Pos]*ast.FuncLit
	Names map[token.Pos]*ast.AssignStmt // call parenthesis -> the assignment of what it returns
	said  map[*ast.File][]comment
	found map[**ssa.BasicBlock]ast.Stmt // see loop
}

// A comment is a group of comments with the numbers of its first and last line.
type comment struct {
	group    *ast.CommentGroup
	from, to int
}

func newSyntax(fset *token.FileSet, files []*ast.File, info *types.Info) *syntax {
	s := &syntax{fset: fset, files: files, info: info, At: make(map[token.Pos]ast.Node), loops: make(map[*ast.BlockStmt][]ast.Stmt), lits: make(map[token.Pos]*ast.FuncLit), Names: make(map[token.Pos]*ast.AssignStmt), said: make(map[*ast.File][]comment), found: make(map[**ssa.BasicBlock]ast.Stmt)}
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
				s.At[n.Arrow] = n
			case *ast.UnaryExpr:
				if n.Op == token.ARROW {
					s.At[n.OpPos] = n
				}
			case *ast.RangeStmt:
				s.At[n.For] = n
				s.loops[body()] = append(s.loops[body()], n)
				s.order = append(s.order, n)
			case *ast.ForStmt:
				s.At[n.For] = n
				s.loops[body()] = append(s.loops[body()], n)
				s.order = append(s.order, n)
			case *ast.SelectStmt:
				s.At[n.Select] = n
			case *ast.CallExpr:
				s.At[n.Lparen] = n
			case *ast.GoStmt:
				s.At[n.Go] = n
			case *ast.AssignStmt:
				if len(n.Rhs) == 1 {
					if call, ok := n.Rhs[0].(*ast.CallExpr); ok {
						s.Names[call.Lparen] = n
					}
				}
			case *ast.DeferStmt:
				s.At[n.Defer] = n
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

// Channel gives the source of the channel that the operation at pos works on.
func (s *syntax) Channel(pos token.Pos) string {
	switch n := s.At[pos].(type) {
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

// Callee gives the source of the function that the call at pos names.
func (s *syntax) Callee(pos token.Pos) string {
	if n, ok := s.At[pos].(*ast.CallExpr); ok {
		if _, lit := ast.Unparen(n.Fun).(*ast.FuncLit); !lit {
			return types.ExprString(n.Fun)
		}
	}
	return "a function"
}

// End gives the end of what a report at pos underlines: the operation, or the
// keyword of a statement.
func (s *syntax) End(pos token.Pos) token.Pos {
	switch n := s.At[pos].(type) {
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

// Start gives the position of the statement or expression at pos, where pos may
// be an arrow or a parenthesis in its middle.
func (s *syntax) Start(pos token.Pos) token.Pos {
	switch n := s.At[pos].(type) {
	case *ast.SendStmt, *ast.CallExpr:
		return n.Pos()
	}
	return pos
}

// Body returns the syntax of the function literal or declaration of fn.
func (s *syntax) Body(fn *ssa.Function) *ast.BlockStmt {
	switch n := fn.Syntax().(type) {
	case *ast.FuncDecl:
		return n.Body
	case *ast.FuncLit:
		return n.Body
	}
	return nil
}

// Loop returns the innermost loop statement of fn that holds all the positions,
// or, if there are none, the loop of fn that is empty.
func (s *syntax) Loop(fn *ssa.Function, blocks []*ssa.BasicBlock) ast.Stmt {
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
	body := s.Body(fn)
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

// Decl returns the function declaration around pos, or nil.
func (s *syntax) Decl(pos token.Pos) *ast.FuncDecl {
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

// File returns the file around pos, or nil.
func (s *syntax) File(pos token.Pos) *ast.File {
	for _, f := range s.files {
		if f.FileStart <= pos && pos <= f.FileEnd {
			return f
		}
	}
	return nil
}

// Handle gives the source of the handle that the call at pos waits on.
func (s *syntax) Handle(pos token.Pos, at kb.Wake) string {
	c, ok := s.At[pos].(*ast.CallExpr)
	if !ok {
		return "its handle"
	}
	name := ""
	if sel, ok := ast.Unparen(c.Fun).(*ast.SelectorExpr); ok && at.At.Where == kb.Recv {
		name = types.ExprString(sel.X)
	} else if at.At.N < len(c.Args) {
		name = types.ExprString(c.Args[at.At.N])
	}
	if at.Event == kb.Underlying {
		return "what is behind " + name
	}
	return name
}

// Argument gives the source of an argument of the call at pos.
func (s *syntax) Argument(pos token.Pos, i int) string {
	if n, ok := s.At[pos].(*ast.CallExpr); ok && i < len(n.Args) {
		return types.ExprString(n.Args[i])
	}
	return ""
}

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
