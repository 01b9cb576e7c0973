package release

import (
	"errors"
	"go/ast"
	"go/token"
	"go/types"
	"slices"
	"strings"
	"unicode"
	"unicode/utf8"

	"github.com/killcheck/killcheck/passes/internal/fix/edit"
)

// split parts a function that takes a lock from its work, which those then call who
// hold the lock already.
//
//	func (t *table) len() int {
//		t.mu.Lock()
//		defer t.mu.Unlock()
//		                             return t.lenLocked()
//	                             }
//
//	                             // lenLocked is len for callers that hold t.mu.
//	                             func (t *table) lenLocked() int {
//		return len(t.m)
//	}
//
// The function has to take the lock first, for no more than its callers hold it, and
// to give it back by a defer.
func (s *site) split() (edit.Fix, error) {
	var parted *parted
	var edits []edit.TextEdit
	for _, pos := range s.Ats {
		call, err := s.heldCall(pos)
		if err != nil {
			return edit.Fix{}, err
		}
		if parted == nil {
			if parted, err = s.part(call.fn); err != nil {
				return edit.Fix{}, err
			}
		}
		switch {
		case call.fn != parted.fn:
			return edit.Fix{}, errors.New("the lock is taken again in more than one function")
		case !call.holds(parted, 3):
			return edit.Fix{}, errors.New("the caller may not hold what the function needs")
		}
		edits = append(edits, edit.Replace(call.name.Pos(), call.name.End(), parted.name))
	}
	if parted == nil {
		return edit.Fix{}, errors.New("no call under the lock")
	}
	change, err := parted.declare()
	if err != nil {
		return edit.Fix{}, err
	}
	return edit.Fix{
		Message: "call " + parted.name + ", which is " + parted.fn.Name() + " without the lock",
		Edits:   append(edits, change),
	}, nil
}

// A heldCall is a call of a function of the package, in a function that holds a lock.
type heldCall struct {
	*site
	fn   *types.Func
	name *ast.Ident
}

// heldCall returns the call around pos, which may stand in another file.
func (s *site) heldCall(pos token.Pos) (*heldCall, error) {
	syntax := s.Index.FileAt(pos)
	if syntax == nil {
		return nil, errors.New("no call")
	}
	file, err := s.Other(syntax)
	if err != nil {
		return nil, err
	}
	at := &site{&edit.Site{File: file, Remedy: s.Remedy, Path: edit.PathAt(syntax, pos)}}
	call, outer, ok := edit.Enclosing[*ast.CallExpr](at.Site)
	if !ok || len(outer) == 0 {
		return nil, errors.New("no call")
	}
	switch outer[0].(type) {
	case *ast.GoStmt, *ast.DeferStmt:
		return nil, errors.New("the call is made later")
	}
	name := edit.Name(call.Fun)
	fn := edit.Named(s.Info, call.Fun)
	if name == nil || fn == nil || s.Index.Decls[fn] == nil {
		return nil, errors.New("no call of a function of the package")
	}
	return &heldCall{site: at, fn: fn, name: name}, nil
}

// holds reports whether the lock of the function is taken before the call, in a list
// of statements around it, and given back on no way to it; or whether all calls of the
// function around it are made so.
func (c *heldCall) holds(p *parted, depth int) bool {
	child, loop := ast.Node(c.name), ast.Node(nil)
	for _, n := range c.Path {
		before, _ := edit.Siblings(child, n)
		for _, stmt := range slices.Backward(before) {
			if c.gives(stmt, p.lock) {
				return false
			}
			if take := c.lockOf(stmt); take != nil && c.Info.Uses[take.Sel] != nil && c.sameLock(take.X, p.lock) {
				return (take.Sel.Name == "Lock" || take.Sel.Name == p.take) && (loop == nil || !c.gives(loop, p.lock))
			}
		}
		if edit.IsLoop(n) {
			loop = n
		}
		if decl, ok := n.(*ast.FuncDecl); ok {
			return depth > 0 && !c.gives(decl.Body, p.lock) && c.allHold(decl, p, depth-1)
		}
		if edit.IsFunc(n) {
			break
		}
		child = n
	}
	return false
}

// allHold reports whether a function is used in calls alone, all of them of this
// package and under the lock.
func (c *heldCall) allHold(decl *ast.FuncDecl, p *parted, depth int) bool {
	fn, ok := c.Info.Defs[decl.Name].(*types.Func)
	if !ok || fn.Exported() || c.Index.Asked[fn.Name()] || len(c.Index.Functions[fn]) != len(c.Index.Calls[fn]) {
		return false
	}
	for _, call := range c.Index.Calls[fn] {
		at, err := c.heldCall(call.Lparen)
		if err != nil || !at.holds(p, depth) {
			return false
		}
	}
	return len(c.Index.Calls[fn]) > 0
}

// lockOf returns what a statement calls to take a lock, or nil.
func (s *site) lockOf(stmt ast.Stmt) *ast.SelectorExpr {
	expr, ok := stmt.(*ast.ExprStmt)
	if !ok {
		return nil
	}
	call, ok := ast.Unparen(expr.X).(*ast.CallExpr)
	if !ok || len(call.Args) > 0 {
		return nil
	}
	fun, ok := ast.Unparen(call.Fun).(*ast.SelectorExpr)
	if !ok || fun.Sel.Name != "Lock" && fun.Sel.Name != "RLock" || !s.IsPath(fun.X) {
		return nil
	}
	return fun
}

// gives reports whether control may go on behind a node with the lock given back: a
// branch that gives it back and leaves does not count.
func (s *site) gives(n ast.Node, lock ast.Expr) bool {
	found := false
	var stack []ast.Node
	ast.Inspect(n, func(n ast.Node) bool {
		if n == nil {
			stack = stack[:len(stack)-1]
			return true
		}
		stack = append(stack, n)
		fun, ok := n.(*ast.SelectorExpr)
		if !ok || fun.Sel.Name != "Unlock" && fun.Sel.Name != "RUnlock" || !s.sameLock(fun.X, lock) {
			return true
		}
		for _, around := range slices.Backward(stack) {
			switch around := around.(type) {
			case *ast.DeferStmt:
				return true
			case *ast.BlockStmt:
				if last := around.List[len(around.List)-1]; isReturn(last) {
					return true
				}
			}
		}
		found = true
		return true
	})
	return found
}

func isReturn(stmt ast.Stmt) bool {
	_, ok := stmt.(*ast.ReturnStmt)
	return ok
}

// sameLock reports whether two expressions end with the same variable or field. The
// model has found that they are one lock.
func (s *site) sameLock(a, b ast.Expr) bool {
	x, y := edit.Name(a), edit.Name(b)
	return x != nil && y != nil && s.Info.Uses[x] != nil && s.Info.Uses[x] == s.Info.Uses[y]
}

// A parted function takes a lock and then does its work.
type parted struct {
	*site
	fn   *types.Func
	decl *ast.FuncDecl
	lock ast.Expr
	take string   // Lock or RLock
	head ast.Stmt // the last statement that is about the lock
	name string   // of the function for the work
}

// part finds how the function can be parted.
func (s *site) part(fn *types.Func) (*parted, error) {
	decl := s.Index.Decls[fn]
	syntax := s.Index.FileAt(decl.Pos())
	file, err := s.Other(syntax)
	if err != nil {
		return nil, err
	}
	p := &parted{site: &site{&edit.Site{File: file, Remedy: s.Remedy, Path: []ast.Node{decl, syntax}}}, fn: fn, decl: decl}
	body := decl.Body.List
	if len(body) < 3 || decl.Type.TypeParams != nil {
		return nil, errors.New("the function does more than to take the lock first")
	}
	take := p.lockOf(body[0])
	give, ok := body[1].(*ast.DeferStmt)
	if take == nil || !ok || p.Source(give.Call.Pos(), give.Call.End()) != p.Source(take.X.Pos(), take.X.End())+"."+strings.Replace(take.Sel.Name, "Lock", "Unlock", 1)+"()" {
		return nil, errors.New("the function does more than to take the lock first")
	}
	p.lock, p.take, p.head = take.X, take.Sel.Name, give
	for _, stmt := range body[2:] {
		if p.touches(stmt) {
			return nil, errors.New("the function takes or gives the lock at other places, too")
		}
	}
	p.name = lowerFirst(fn.Name()) + "Locked"
	if p.taken() {
		return nil, errors.New("there is a " + p.name + " already")
	}
	return p, nil
}

// touches reports whether a statement names the lock.
func (p *parted) touches(stmt ast.Stmt) bool {
	found := false
	ast.Inspect(stmt, func(n ast.Node) bool {
		e, ok := n.(ast.Expr)
		found = found || ok && p.sameLock(e, p.lock)
		return !found
	})
	return found
}

// taken reports whether the name stands for something already.
func (p *parted) taken() bool {
	if recv := p.fn.Signature().Recv(); recv != nil {
		obj, _, _ := types.LookupFieldOrMethod(recv.Type(), true, p.Pkg, p.name)
		return obj != nil
	}
	used := false
	for _, file := range p.Index.Order {
		used = used || edit.Fresh(file, p.name) != p.name
	}
	return used
}

// declare returns the edit that ends the function behind the head and starts the one
// that does the work.
func (p *parted) declare() (edit.TextEdit, error) {
	call, err := p.call()
	if err != nil {
		return edit.TextEdit{}, err
	}
	if p.fn.Signature().Results().Len() > 0 {
		call = "return " + call
	}
	from, ok := p.LineEnd(p.head.End())
	if !ok || !p.FirstOnLine(p.decl.Body.List[2].Pos()) || p.decl.Recv != nil && !p.FirstOnLine(p.decl.Pos()) {
		return edit.TextEdit{}, errors.New("the function has an odd layout")
	}
	to := from + 1
	for rest := p.Src[p.Offset(to):]; len(rest) > 0 && (rest[0] == '\n' || rest[0] == '\r'); rest = rest[1:] {
		to++
	}
	head := p.Source(p.decl.Pos(), p.decl.Name.Pos())
	if p.decl.Doc != nil {
		head = p.Source(p.decl.Type.Func, p.decl.Name.Pos())
	}
	lock := p.Source(p.lock.Pos(), p.lock.End())
	return edit.Replace(from, to, "\n\t"+call+"\n}\n\n// "+p.name+" is "+p.fn.Name()+" for callers that hold "+lock+".\n"+
		head+p.name+p.Source(p.decl.Name.End(), p.decl.Body.Lbrace+1)+"\n"), nil
}

// call returns the call of the function for the work with the parameters of the other.
func (p *parted) call() (string, error) {
	sig := p.fn.Signature()
	name := p.name
	if recv := sig.Recv(); recv != nil {
		if recv.Name() == "" || recv.Name() == "_" {
			return "", errors.New("the receiver has no name")
		}
		name = recv.Name() + "." + name
	}
	var args []string
	for param := range sig.Params().Variables() {
		if param.Name() == "" || param.Name() == "_" {
			return "", errors.New("a parameter has no name")
		}
		args = append(args, param.Name())
	}
	if sig.Variadic() {
		args[len(args)-1] += "..."
	}
	return name + "(" + strings.Join(args, ", ") + ")", nil
}

// lowerFirst returns a name as that of something unexported: an abbreviation at its
// start is lowered as a whole.
func lowerFirst(name string) string {
	n := 0
	for n < len(name) {
		r, size := utf8.DecodeRuneInString(name[n:])
		next, _ := utf8.DecodeRuneInString(name[n+size:])
		if !unicode.IsUpper(r) || n > 0 && unicode.IsLower(next) {
			break
		}
		n += size
	}
	return strings.ToLower(name[:n]) + name[n:]
}
