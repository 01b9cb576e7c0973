package lifetime

import (
	"go/ast"
	"go/constant"
	"go/token"
	"go/types"
	"sort"

	"golang.org/x/tools/go/ssa"

	"github.com/killcheck/killcheck/analyzer/flow"
	"github.com/killcheck/killcheck/analyzer/kb"
	"github.com/killcheck/killcheck/analyzer/signal"
)

func isChan(t types.Type) bool {
	_, ok := t.Underlying().(*types.Chan)
	return ok
}

// clause returns the case of the select at sel whose operation stands at arrow.
func (s *syntax) clause(sel, arrow token.Pos) *ast.CommClause {
	stmt, ok := s.at[sel].(*ast.SelectStmt)
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

// loopAround returns the innermost loop statement around pos, or nil.
func (s *syntax) loopAround(pos token.Pos) ast.Stmt {
	i := sort.Search(len(s.order), func(i int) bool { return s.order[i].Pos() > pos })
	for i--; i >= 0; i-- {
		if pos < s.order[i].End() {
			return s.order[i]
		}
	}
	return nil
}

// blank finds _ = ctx in a goroutine with a loop that does not look at ctx: the
// assignment only quiets whoever asks for a use.
func (s *stopper) blank() {
	body := s.w.syn.body(s.fn)
	if body == nil || s.g == nil {
		return
	}
	ast.Inspect(body, func(n ast.Node) bool {
		if _, ok := n.(*ast.FuncLit); ok {
			return false // a function of its own
		}
		a, ok := n.(*ast.AssignStmt)
		if !ok || a.Tok != token.ASSIGN || len(a.Lhs) != 1 || len(a.Rhs) != 1 {
			return true
		}
		to, ok := a.Lhs[0].(*ast.Ident)
		from, ok2 := a.Rhs[0].(*ast.Ident)
		if !ok || !ok2 || to.Name != "_" {
			return true
		}
		if t := s.w.Info.TypeOf(from); t == nil || !isContext(t) && !isStopChan(t) {
			return true
		}
		s.unused(body, a, from)
		return true
	})
}

// unused judges an assignment of the stop signal to nothing.
func (s *stopper) unused(body *ast.BlockStmt, a *ast.AssignStmt, name *ast.Ident) {
	obj := s.w.Info.Uses[name]
	uses := 0
	ast.Inspect(body, func(n ast.Node) bool {
		if id, ok := n.(*ast.Ident); ok && s.w.Info.Uses[id] == obj {
			uses++
		}
		return true
	})
	if uses != 1 {
		return
	}
	for _, g := range s.w.gs {
		for _, stay := range s.w.stays(g) {
			at, stop := stay.Pos, stay.Stop
			if stop.Expr == "" || at < body.Pos() || at > body.End() || stop.Ctx != name.Name && stop.Expr != name.Name || s.w.documented(at) {
				continue
			}
			s.report(Obstacle{
				Pos: a.Pos(), End: a.End(), Instead: at,
				Message: "stop has no effect: " + name.Name + " is named here and heeded nowhere",
				Remedy:  s.w.staying(g, stay),
			}, Step{Pos: at, End: s.w.syn.end(at), Text: "the loop that goes on"})
			return
		}
	}
}

// lostCancels finds cancel functions that are overwritten before they are called.
func (s *stopper) lostCancels() {
	type cancel struct {
		call *ssa.Call
		obj  types.Object
		val  ssa.Value
	}
	var cancels []cancel
	of := make(map[types.Object][]cancel)
	graph := s.w.plainGraph(s.fn)
	for _, b := range s.fn.Blocks {
		for _, in := range b.Instrs {
			c, ok := in.(*ssa.Call)
			if !ok || !graph.Executes(c) {
				continue
			}
			row, ok := signal.Entry(s.w.Base, &c.Call)
			if !ok || row.Effect != kb.Derives || row.Cancel < 0 {
				continue
			}
			if obj := s.w.assignedTo(s.fn, c.Pos(), row.Cancel); obj != nil {
				x := cancel{c, obj, usedResult(c, row.Cancel)}
				cancels, of[obj] = append(cancels, x), append(of[obj], x)
			}
		}
	}
	for _, x := range cancels {
		for _, y := range of[x.obj] {
			if x.call == y.call || !leadsTo(graph, x.call, y.call) || !s.overwrites(graph, x.val, x.call, y.call) {
				continue
			}
			s.report(Obstacle{
				Pos:     y.call.Pos(),
				Message: "stop is lost: " + x.obj.Name() + " is overwritten here before it was called, so nothing cancels the earlier context",
			}, s.w.callStep(x.call, "the context that stays"))
			break
		}
	}
}

// usedResult returns result i of a call, or nil if nothing uses it.
func usedResult(c *ssa.Call, i int) ssa.Value {
	for _, r := range *c.Referrers() {
		if x, ok := r.(*ssa.Extract); ok && x.Index == i {
			return x
		}
	}
	return nil
}

// overwrites reports whether each way from the call x to the call y, which gives
// the same variable another value, uses the value v of x nowhere. Values that are
// captured, stored elsewhere or used behind y count as used.
func (s *stopper) overwrites(graph *flow.Graph, v ssa.Value, x, y *ssa.Call) bool {
	if !s.w.precedes(x, y) {
		return false
	}
	if v == nil {
		return true
	}
	for _, r := range *v.Referrers() {
		switch r := r.(type) {
		case *ssa.DebugRef:
		case *ssa.Phi:
			if !joins(r, v, y) {
				return false
			}
		default:
			return false
		}
	}
	return true
}

// joins reports whether the phi is where the ways with and without the call y
// meet: it has v from the way without it.
func joins(phi *ssa.Phi, v ssa.Value, y *ssa.Call) bool {
	for i, e := range phi.Edges {
		if e == v && y.Block().Dominates(phi.Block().Preds[i]) {
			return false
		}
	}
	return true
}

// assignedTo returns the variable that result i of the call at pos is assigned
// to, or nil.
func (w *world) assignedTo(fn *ssa.Function, pos token.Pos, i int) types.Object {
	if w.syn.body(fn) == nil {
		return nil
	}
	if a := w.syn.names[pos]; a != nil && i < len(a.Lhs) {
		if id, ok := a.Lhs[i].(*ast.Ident); ok && id.Name != "_" {
			return w.Info.ObjectOf(id)
		}
	}
	return nil
}

// copies reports whether the command that the call m makes has an output that a
// goroutine of the library copies, and no limit to the wait for it.
func (s *stopper) copies(m, run *ssa.Call) bool {
	copied := run.Call.Signature().Results().Len() > 1 // it collects the output itself
	e := escape{h: s.h, seen: make(map[ssa.Value]bool)}
	e.result(m, 0)
	if e.out {
		return false
	}
	for v := range e.seen {
		for _, r := range *v.Referrers() {
			fa, ok := r.(*ssa.FieldAddr)
			if !ok || fa.X != v {
				continue
			}
			named, st := structOf(fa.X.Type())
			if named == nil {
				continue
			}
			row, ok := s.w.Base.Field(named, st.Field(fa.Field).Name())
			if !ok {
				continue
			}
			for _, val := range storesTo(fa) {
				switch row.Kind {
				case kb.KindProc:
					return false // the limit is set
				case kb.KindPipeIO:
					copied = copied || !s.w.isFile(val)
				}
			}
		}
	}
	return copied
}

// structOf returns the named struct type that t points to, or nils.
func structOf(t types.Type) (*types.Named, *types.Struct) {
	p, ok := t.Underlying().(*types.Pointer)
	if !ok {
		return nil, nil
	}
	n, ok := types.Unalias(p.Elem()).(*types.Named)
	if !ok {
		return nil, nil
	}
	st, ok := n.Underlying().(*types.Struct)
	if !ok {
		return nil, nil
	}
	return n, st
}

// isFile reports whether the value is a file of the operating system, which a
// child process gets as it is, or may be one.
func (w *world) isFile(v ssa.Value) bool {
	if m, ok := v.(*ssa.MakeInterface); ok {
		v = m.X
	} else if types.IsInterface(v.Type()) {
		return true
	}
	set := types.NewMethodSet(v.Type())
	for i := range set.Len() {
		if fn, ok := set.At(i).Obj().(*types.Func); ok {
			if row, ok := w.Base.Func(fn); ok && w.handsOut(row) {
				return true
			}
		}
	}
	return false
}

// handsOut reports whether the row is of a method that hands out the descriptor
// of a file, and turns the file to blocking mode for that.
func (w *world) handsOut(row kb.Entry) bool {
	return row.Effect == kb.Blocking
}

// shell reports whether the command runs a script: one of its constant
// arguments is the flag that shells take a script by.
func (s *stopper) shell(m *ssa.Call) bool {
	c, ok := s.w.syn.at[m.Pos()].(*ast.CallExpr)
	if !ok {
		return false
	}
	for _, a := range c.Args {
		tv := s.w.Info.Types[a]
		if tv.Value == nil || tv.Value.Kind() != constant.String {
			continue
		}
		switch constant.StringVal(tv.Value) {
		case "-c", "/c", "/C":
			return true
		}
	}
	return false
}

// constant reports whether the name of the command is a constant.
func (s *stopper) constant(m *ssa.Call, row kb.Entry) bool {
	c, ok := s.w.syn.at[m.Pos()].(*ast.CallExpr)
	n := row.Carries.N + 1
	return ok && n < len(c.Args) && s.w.Info.Types[c.Args[n]].Value != nil
}

// deafFile judges a deadline that is set on a file after its descriptor was
// handed out: it has no effect.
func (s *stopper) deafFile(c *ssa.Call) {
	row, ok := signal.Entry(s.w.Base, &c.Call)
	if !ok || len(row.Raise(kb.Deadline)) == 0 || receiver(&c.Call) == nil || !s.w.isFile(receiver(&c.Call)) {
		return
	}
	k := s.h.of(receiver(&c.Call))
	for _, b := range s.fn.Blocks {
		for _, in := range b.Instrs {
			fd, ok := in.(*ssa.Call)
			if !ok || !precedes(fd, c) {
				continue
			}
			e, ok := signal.Entry(s.w.Base, &fd.Call)
			if !ok || !s.w.handsOut(e) || !s.h.of(receiver(&fd.Call)).meets(k) {
				continue
			}
			s.report(Obstacle{
				Pos:     c.Pos(),
				Message: "stop has no effect: " + s.w.syn.callee(fd.Pos()) + " has put the file in blocking mode, so no deadline or Close ends a read" + s.w.advice(e, ""),
			}, s.w.callStep(fd, "the file becomes blocking here"))
			return
		}
	}
}
