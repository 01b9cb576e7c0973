package falsestop

import (
	"go/ast"
	"go/constant"
	"go/token"
	"go/types"

	"golang.org/x/tools/go/ssa"

	"github.com/killcheck/killcheck/analyzer/code"
	"github.com/killcheck/killcheck/analyzer/flow"
	"github.com/killcheck/killcheck/analyzer/handle"
	"github.com/killcheck/killcheck/analyzer/kb"
	"github.com/killcheck/killcheck/analyzer/program"
	"github.com/killcheck/killcheck/analyzer/signal"
	"github.com/killcheck/killcheck/passes/internal/report"
)

// blank finds _ = ctx in a goroutine with a loop that does not look at ctx: the
// assignment only quiets whoever asks for a use.
func (s *stopper) blank() {
	body := s.q.Syn.Body(s.fn)
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
		if t := s.q.Info.TypeOf(from); t == nil || !code.IsContext(t) && !code.IsStopChan(t) {
			return true
		}
		s.unused(body, a, from)
		return true
	})
}

// unused judges an assignment of the stop signal to nothing.
func (s *stopper) unused(body *ast.BlockStmt, a *ast.AssignStmt, name *ast.Ident) {
	obj := s.q.Info.Uses[name]
	uses := 0
	ast.Inspect(body, func(n ast.Node) bool {
		if id, ok := n.(*ast.Ident); ok && s.q.Info.Uses[id] == obj {
			uses++
		}
		return true
	})
	if uses != 1 {
		return
	}
	for _, g := range s.q.Goroutines {
		for _, stay := range s.q.Stays(g) {
			at, stop := stay.Pos, stay.Stop
			if stop.Expr == "" || at < body.Pos() || at > body.End() || stop.Ctx != name.Name && stop.Expr != name.Name || s.q.Documented(at) {
				continue
			}
			s.report(report.Finding{
				Pos: a.Pos(), End: a.End(), Instead: at,
				Message: "stop has no effect: " + name.Name + " is named here and heeded nowhere",
				Remedy:  s.q.Staying(g, stay),
			}, program.Step{Pos: at, End: s.q.Syn.End(at), Text: "the loop that goes on"})
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
	graph := s.q.PlainGraph(s.fn)
	for _, b := range s.fn.Blocks {
		for _, in := range b.Instrs {
			c, ok := in.(*ssa.Call)
			if !ok || !graph.Executes(c) {
				continue
			}
			row, ok := signal.Entry(s.q.Base, &c.Call)
			if !ok || row.Effect != kb.Derives || row.Cancel < 0 {
				continue
			}
			if obj := s.q.AssignedTo(s.fn, c.Pos(), row.Cancel); obj != nil {
				x := cancel{c, obj, code.UsedResult(c, row.Cancel)}
				cancels, of[obj] = append(cancels, x), append(of[obj], x)
			}
		}
	}
	for _, x := range cancels {
		for _, y := range of[x.obj] {
			if x.call == y.call || !flow.LeadsTo(graph, x.call, y.call) || !s.overwrites(graph, x.val, x.call, y.call) {
				continue
			}
			s.report(report.Finding{
				Pos:     y.call.Pos(),
				Message: "stop is lost: " + x.obj.Name() + " is overwritten here before it was called, so nothing cancels the earlier context",
			}, s.q.CallStep(x.call, "the context that stays"))
			break
		}
	}
}

// overwrites reports whether each way from the call x to the call y, which gives
// the same variable another value, uses the value v of x nowhere. Values that are
// captured, stored elsewhere or used behind y count as used.
func (s *stopper) overwrites(graph *flow.Graph, v ssa.Value, x, y *ssa.Call) bool {
	if !s.q.Precedes(x, y) {
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

// copies reports whether the command that the call m makes has an output that a
// goroutine of the library copies, and no limit to the wait for it.
func (s *stopper) copies(m, run *ssa.Call) bool {
	copied := run.Call.Signature().Results().Len() > 1 // it collects the output itself
	e := handle.Escape{H: s.h, Seen: make(map[ssa.Value]bool)}
	e.Result(m, 0)
	if e.Out {
		return false
	}
	for v := range e.Seen {
		for _, r := range *v.Referrers() {
			fa, ok := r.(*ssa.FieldAddr)
			if !ok || fa.X != v {
				continue
			}
			named, st := code.StructOf(fa.X.Type())
			if named == nil {
				continue
			}
			row, ok := s.q.Base.Field(named, st.Field(fa.Field).Name())
			if !ok {
				continue
			}
			for _, val := range code.StoresTo(fa) {
				switch row.Kind {
				case kb.KindProc:
					return false // the limit is set
				case kb.KindPipeIO:
					copied = copied || !s.q.isFile(val)
				}
			}
		}
	}
	return copied
}

// isFile reports whether the value is a file of the operating system, which a
// child process gets as it is, or may be one.
func (q *question) isFile(v ssa.Value) bool {
	if m, ok := v.(*ssa.MakeInterface); ok {
		v = m.X
	} else if types.IsInterface(v.Type()) {
		return true
	}
	set := types.NewMethodSet(v.Type())
	for i := range set.Len() {
		if fn, ok := set.At(i).Obj().(*types.Func); ok {
			if row, ok := q.Base.Func(fn); ok && q.handsOut(row) {
				return true
			}
		}
	}
	return false
}

// handsOut reports whether the row is of a method that hands out the descriptor
// of a file, and turns the file to blocking mode for that.
func (q *question) handsOut(row kb.Entry) bool {
	return row.Effect == kb.Blocking
}

// shell reports whether the command runs a script: one of its constant
// arguments is the flag that shells take a script by.
func (s *stopper) shell(m *ssa.Call) bool {
	c, ok := s.q.Syn.At[m.Pos()].(*ast.CallExpr)
	if !ok {
		return false
	}
	for _, a := range c.Args {
		tv := s.q.Info.Types[a]
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
	c, ok := s.q.Syn.At[m.Pos()].(*ast.CallExpr)
	n := row.Carries.N + 1
	return ok && n < len(c.Args) && s.q.Info.Types[c.Args[n]].Value != nil
}

// deafFile judges a deadline that is set on a file after its descriptor was
// handed out: it has no effect.
func (s *stopper) deafFile(c *ssa.Call) {
	row, ok := signal.Entry(s.q.Base, &c.Call)
	if !ok || len(row.Raise(kb.Deadline)) == 0 || code.Receiver(&c.Call) == nil || !s.q.isFile(code.Receiver(&c.Call)) {
		return
	}
	if s.h.Clears(&c.Call) {
		return // that was to stop nobody
	}
	k := s.h.Of(code.Receiver(&c.Call))
	for _, b := range s.fn.Blocks {
		for _, in := range b.Instrs {
			fd, ok := in.(*ssa.Call)
			if !ok || !flow.Precedes(fd, c) {
				continue
			}
			e, ok := signal.Entry(s.q.Base, &fd.Call)
			if !ok || !s.q.handsOut(e) || !s.h.Of(code.Receiver(&fd.Call)).Meets(k) || s.h.PolledAgain(fd) {
				continue
			}
			s.report(report.Finding{
				Pos:     c.Pos(),
				Message: "stop has no effect: " + s.q.Syn.Callee(fd.Pos()) + " has put the file in blocking mode, so no deadline or Close ends a read" + s.q.Advice(e, ""),
			}, s.q.CallStep(fd, "the file becomes blocking here"))
			return
		}
	}
}
