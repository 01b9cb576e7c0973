package owner

import (
	"errors"
	"fmt"
	"go/ast"
	"go/token"
	"go/types"
	"iter"
	"slices"
	"strings"

	"golang.org/x/tools/go/analysis"

	"github.com/killcheck/killcheck/analyzer/code"
	"github.com/killcheck/killcheck/analyzer/event"
	"github.com/killcheck/killcheck/analyzer/kb"
	"github.com/killcheck/killcheck/passes/internal/fix/edit"
	"github.com/killcheck/killcheck/passes/internal/fix/stopcheck"
	"github.com/killcheck/killcheck/passes/internal/remedy"
)

// A wait is an operation of a function that a stop has to end.
type wait struct {
	op   remedy.Op
	pos  token.Pos
	node ast.Node
	must bool // a remedy asks for it
}

// A turned function heeds the stop.
type turned struct {
	edits []analysis.TextEdit
	left  bool // a wait remains that nothing ends
	loose bool // a way out may skip what others wait for
}

// turn makes the loops and waits of a function heed the stop: those that the
// remedies name, which have to be possible, and the others where a return loses
// nothing. With others false it leaves these alone.
func (p *plan) turn(fn ast.Node, stop event.Stop, remedies []remedy.Remedy, others bool) (turned, error) {
	var result turned
	f, err := p.at(fn.Pos())
	if err != nil {
		return result, err
	}
	waits := p.waits(fn)
	for _, r := range edit.Between(remedies, fn) {
		if !isIn(r.Pos, fn) {
			continue
		}
		i := meant(waits, r)
		if i < 0 {
			return result, fmt.Errorf("no %s at the place of the wait", r.Inner)
		}
		waits[i].must = true
	}
	var loops []wait
	done := make(map[ast.Node]bool)
	for _, w := range waits {
		if w.op == remedy.Loop {
			loops = append(loops, w)
			continue
		}
		if !w.must && p.isLocal(fn, w) {
			continue // between this function and one that it starts
		}
		s := siteAt(f, w, stop)
		if !w.must && (!others || s.loses(w)) {
			result.left = true
			continue
		}
		fix, err := stopcheck.Builder(w.op)(s.Site)
		switch {
		case err == nil:
			result.edits = append(result.edits, fix.Edits...)
			result.loose = result.loose || !fix.Exact
			done[w.node] = true
		case w.must:
			return result, err
		default:
			result.left = true
		}
	}
	for _, w := range loops {
		stmt := w.node.(*ast.ForStmt)
		if (!w.must && hasExit(stmt, siteAt(f, w, stop).Path)) || waitsEachRound(stmt, done) {
			continue
		}
		if remedy.StaysInCall(p.rows(stmt)) || p.waitsAway(stmt) {
			return result, errors.New("the loop waits in a call that the stop does not end")
		}
		fix, err := stopcheck.Builder(remedy.Loop)(siteAt(f, w, stop).Site)
		if err != nil {
			return result, err
		}
		result.edits = append(result.edits, fix.Edits...)
		result.loose = result.loose || !fix.Exact
	}
	return result, nil
}

// rows yields the rows of the calls of a loop, and of what it reaches.
func (p *plan) rows(loop *ast.ForStmt) iter.Seq[kb.Entry] {
	return func(yield func(kb.Entry) bool) {
		for _, body := range p.reachFrom(loop.Body) {
			more := true
			withLiterals(body, func(n ast.Node) {
				if call, ok := n.(*ast.CallExpr); ok && more {
					more = yield(p.row(call))
				}
			})
			if !more {
				return
			}
		}
	}
}

// waitsAway reports whether a loop waits for nothing that is seen, and calls code of other
// packages that is not known: it waits there, or it would never rest, and a check at its
// head is reached only after that.
func (p *plan) waitsAway(loop *ast.ForStmt) bool {
	calls := p.reachFrom(loop.Body)
	return !slices.ContainsFunc(calls, p.rests) && slices.ContainsFunc(calls, p.callsAway)
}

// rests reports whether the code waits itself: for a channel, or in a call that is known
// to wait.
func (p *plan) rests(body ast.Node) bool {
	found := false
	edit.Own(body, func(n ast.Node) {
		switch n := n.(type) {
		case *ast.SelectStmt, *ast.SendStmt:
			found = true
		case *ast.UnaryExpr:
			found = found || n.Op == token.ARROW
		case *ast.RangeStmt:
			_, isChan := p.Info.TypeOf(n.X).Underlying().(*types.Chan)
			found = found || isChan
		case *ast.CallExpr:
			e := p.row(n)
			found = found || e.Effect == kb.Blocks || e.Effect == kb.Bounded
		}
	})
	return found
}

// callsAway reports whether the code calls functions of other packages that neither the
// knowledge base nor the standard library answers for.
func (p *plan) callsAway(body ast.Node) bool {
	found := false
	edit.Own(body, func(n ast.Node) {
		call, ok := n.(*ast.CallExpr)
		if !ok || found {
			return
		}
		fn := p.callee(call)
		if fn == nil || fn.Pkg() == nil || fn.Pkg() == p.Pkg || p.base.Brief(fn.Name()) {
			return
		}
		_, known := p.base.Func(fn)
		found = !known && !p.isStd(fn.Pkg())
	})
	return found
}

// isStd reports whether the package is one of the standard library. What begins like the
// path of this one is not: a module may have a name without a dot.
func (p *plan) isStd(pkg *types.Package) bool {
	own, _, _ := strings.Cut(p.Pkg.Path(), "/")
	return code.IsStd(pkg.Path(), own)
}

// reachFrom returns the code and the bodies of the functions of the package that it calls
// by name.
func (p *plan) reachFrom(body ast.Node) []ast.Node {
	all := []ast.Node{body}
	edit.Own(body, func(n ast.Node) {
		if call, ok := n.(*ast.CallExpr); ok {
			if decl := p.decls[p.callee(call)]; decl != nil {
				for _, fn := range p.reach(decl) {
					all = append(all, edit.BodyOf(fn))
				}
			}
		}
	})
	return all
}

// siteAt returns the site of a wait that is to heed a stop.
func siteAt(f *edit.File, w wait, stop event.Stop) *site {
	return &site{&edit.Site{File: f, Remedy: remedy.Remedy{Op: w.op, Pos: w.pos, Stop: stop}, Path: edit.PathAt(f.Syntax, w.pos)}}
}

// meant returns the wait that a remedy means: the smallest of its kind around
// the position.
func meant(waits []wait, r remedy.Remedy) int {
	best := -1
	for i, w := range waits {
		if w.op == r.Inner && w.node.Pos() <= r.Pos && r.Pos < w.node.End() &&
			(best < 0 || w.node.Pos() >= waits[best].node.Pos()) {
			best = i
		}
	}
	if best < 0 && (r.Inner == remedy.Recv || r.Inner == remedy.Send) {
		r.Inner = remedy.Select // the only case of one
		return meant(waits, r)
	}
	return best
}

// waits returns the loops and waits of a function itself.
func (p *plan) waits(fn ast.Node) []wait {
	var all []wait
	add := func(op remedy.Op, pos token.Pos, n ast.Node) { all = append(all, wait{op: op, pos: pos, node: n}) }
	comm := make(map[ast.Node]bool)
	edit.Own(edit.BodyOf(fn), func(n ast.Node) {
		switch n := n.(type) {
		case *ast.SelectStmt:
			blocks := true
			for _, c := range n.Body.List {
				comm[c.(*ast.CommClause).Comm] = true
				blocks = blocks && c.(*ast.CommClause).Comm != nil
			}
			if len(n.Body.List) == 0 {
				add(remedy.EmptySelect, n.Select, n)
			} else if blocks {
				add(remedy.Select, n.Select, n)
			}
		case *ast.RangeStmt:
			if _, ok := p.Info.TypeOf(n.X).Underlying().(*types.Chan); ok {
				add(remedy.Range, n.For, n)
			}
		case *ast.ForStmt:
			add(remedy.Loop, n.For, n)
		case *ast.SendStmt:
			if !comm[n] {
				add(remedy.Send, n.Arrow, n)
			}
		case *ast.ExprStmt:
			if comm[n] {
				comm[ast.Unparen(n.X)] = true
			}
		case *ast.AssignStmt:
			if comm[n] {
				comm[ast.Unparen(n.Rhs[0])] = true
			}
		case *ast.UnaryExpr:
			if n.Op == token.ARROW && !comm[n] {
				add(remedy.Recv, n.OpPos, n)
			}
		case *ast.CallExpr:
			if e := p.row(n); e.Kind == kb.KindSleep && e.Use == kb.UseSelect {
				add(remedy.Sleep, n.Lparen, n)
			}
		}
	})
	return all
}

// isLocal reports whether the channel of a wait is made by the function itself, which
// starts goroutines. Who is at the other end was started by it, too, and may need to be heard.
func (p *plan) isLocal(fn ast.Node, w wait) bool {
	if from, to := edit.BodyOf(fn).Pos(), edit.BodyOf(fn).End(); !p.Index.StartsIn(from, to) {
		return false
	}
	var ch ast.Expr
	switch n := w.node.(type) {
	case *ast.SendStmt:
		ch = n.Chan
	case *ast.UnaryExpr:
		ch = n.X
	case *ast.RangeStmt:
		ch = n.X
	}
	id, ok := ch.(*ast.Ident)
	if !ok {
		return false
	}
	made := false
	ast.Inspect(edit.BodyOf(fn), func(n ast.Node) bool {
		if assign, ok := n.(*ast.AssignStmt); ok && len(assign.Lhs) == len(assign.Rhs) {
			for i, left := range assign.Lhs {
				if l, ok := left.(*ast.Ident); ok && p.Info.Defs[l] != nil && p.Info.Defs[l] == p.Info.Uses[id] {
					call, ok := ast.Unparen(assign.Rhs[i]).(*ast.CallExpr)
					made = made || (ok && p.Info.Types[call.Fun].IsBuiltin())
				}
			}
		}
		return true
	})
	return made
}

// loses reports whether leaving at a wait skips something that others may wait
// for.
func (s *site) loses(w wait) bool {
	for i, n := range s.Path {
		stmt, ok := n.(ast.Stmt)
		if !ok || stmt.Pos() > w.node.Pos() {
			continue
		}
		if _, simple := n.(*ast.BlockStmt); simple {
			continue
		}
		return edit.IsDeferred(s.Path[i+1:]) || s.SkipsRelease(stmt, s.Path[i+1:])
	}
	return true
}

// hasExit reports whether control can leave a loop. It errs on the side of yes.
func hasExit(loop *ast.ForStmt, path []ast.Node) bool {
	if loop.Cond != nil || edit.HasBreak(loop, labelAround(loop, path)) {
		return true
	}
	found := false
	edit.Own(loop.Body, func(n ast.Node) {
		switch n := n.(type) {
		case *ast.ReturnStmt:
			found = true
		case *ast.BranchStmt:
			found = found || n.Tok == token.GOTO || n.Label != nil
		}
	})
	return found
}

func labelAround(loop ast.Stmt, path []ast.Node) string {
	i := slices.Index(path, ast.Node(loop))
	return edit.LabelOf(loop, path[i+1:])
}

// waitsEachRound reports whether each round of a loop goes through one of the
// waits that were turned.
func waitsEachRound(loop *ast.ForStmt, done map[ast.Node]bool) bool {
	for _, stmt := range loop.Body.List {
		if l, ok := stmt.(*ast.LabeledStmt); ok {
			stmt = l.Stmt
		}
		if isDone(stmt, done) {
			return true
		}
		skips := false
		edit.Own(stmt, func(n ast.Node) {
			b, ok := n.(*ast.BranchStmt)
			skips = skips || (ok && (b.Tok == token.CONTINUE || b.Tok == token.GOTO))
		})
		if skips {
			return false
		}
	}
	return false
}

// isDone reports whether a statement is a wait that was turned, or has one in it that is
// reached in any case.
func isDone(stmt ast.Stmt, done map[ast.Node]bool) bool {
	switch stmt.(type) {
	case *ast.ExprStmt, *ast.AssignStmt:
		found := false
		edit.Own(stmt, func(n ast.Node) { found = found || done[n] })
		return found
	}
	return done[stmt]
}

var errOverlap = errors.New("the edits of the fix overlap")

// tidy drops imports that two parts of a fix add alike, and fails if edits
// overlap.
func (p *plan) tidy(edits []analysis.TextEdit) ([]analysis.TextEdit, error) {
	var out []analysis.TextEdit
	for _, e := range edits {
		same := func(x analysis.TextEdit) bool { return edit.Same(x, e) }
		if p.inHeader(e.Pos) && slices.ContainsFunc(out, same) {
			continue
		}
		out = append(out, e)
	}
	slices.SortStableFunc(out, func(a, b analysis.TextEdit) int { return int(a.Pos - b.Pos) })
	for i := 1; i < len(out); i++ {
		if out[i].Pos < out[i-1].End {
			return nil, errOverlap
		}
	}
	return out, nil
}

// inHeader reports whether pos stands before the first declaration of its file
// that is no import.
func (p *plan) inHeader(pos token.Pos) bool {
	for _, file := range p.files {
		if pos < file.FileStart || file.FileEnd < pos {
			continue
		}
		for _, d := range file.Decls {
			if group, ok := d.(*ast.GenDecl); !ok || group.Tok != token.IMPORT {
				return pos <= d.Pos()
			}
		}
		return true
	}
	return false
}
