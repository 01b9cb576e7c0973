package owner

import (
	"errors"
	"fmt"
	"go/ast"
	"go/token"
	"go/types"
	"maps"
	"slices"

	"github.com/killcheck/killcheck/analyzer/code"
	"github.com/killcheck/killcheck/analyzer/event"
	"github.com/killcheck/killcheck/passes/internal/fix/edit"
	"github.com/killcheck/killcheck/passes/internal/fix/stopcheck"
	"github.com/killcheck/killcheck/passes/internal/remedy"
)

// turnThread turns the functions that a goroutine runs and that are not done
// yet. A stop without a dot is a field of the object.
func (s *stopping) turnThread(o *owned, stop event.Stop, remedies []remedy.Remedy, done map[ast.Node]bool) (left bool, err error) {
	for i, fn := range o.runs {
		if done[fn] {
			continue
		}
		must := slices.ContainsFunc(edit.Between(remedies, fn), func(r remedy.Remedy) bool { return isIn(r.Pos, fn) })
		name, err := s.ownerIn(o, fn, edit.BodyOf(fn).Lbrace+1)
		if err != nil {
			if must {
				return left, err
			}
			if len(s.waits(fn)) > 0 {
				left = left || s.waitsAtAll(fn)
			}
			continue
		}
		if must && i > 0 && results(s.Info.Defs[fn.(*ast.FuncDecl).Name]) > 0 {
			return left, errors.New("the caller would take the results of a stopped function for an answer")
		}
		here := event.Stop{Expr: name + "." + stop.Expr, Owner: true}
		s.known[here.Expr] = types.NewChan(types.RecvOnly, types.NewStruct(nil, nil))
		others := i == 0 || (results(s.Info.Defs[fn.(*ast.FuncDecl).Name]) == 0 && s.onlyRuns(fn.(*ast.FuncDecl)))
		result, err := s.turn(fn, here, remedies, others)
		if err != nil {
			return left, err
		}
		left = left || result.left
		s.loose = s.loose || result.loose
		if done != nil {
			done[fn] = true
			s.edits = append(s.edits, result.edits...)
		}
	}
	return left, nil
}

// waitsAtAll reports whether a function has a wait that is no loop.
func (s *stopping) waitsAtAll(fn ast.Node) bool {
	return slices.ContainsFunc(s.waits(fn), func(w wait) bool { return w.op != remedy.Loop && !s.isLocal(fn, w) })
}

func results(obj types.Object) int {
	if fn, ok := obj.(*types.Func); ok {
		return fn.Signature().Results().Len()
	}
	return 0
}

// onlyRuns reports whether only the goroutines of the type run a function.
func (s *stopping) onlyRuns(decl *ast.FuncDecl) bool {
	calls, all := s.called(s.Info.Defs[decl.Name].(*types.Func))
	if !all {
		return false
	}
	for _, call := range calls {
		inside := slices.ContainsFunc(s.threads, func(o *owned) bool {
			return (o.stmt != nil && o.call == call) || o.holds(call.Pos())
		})
		if !inside {
			return false
		}
	}
	return true
}

func (s *stopping) turnAll(r remedy.Remedy, remedies []remedy.Remedy) error {
	done := make(map[ast.Node]bool)
	for _, o := range s.threads {
		left, err := s.turnThread(o, event.Stop{Expr: s.stop}, remedies, done)
		if err != nil {
			return err
		}
		if left && s.method == nil {
			return errors.New("a wait is left that a new stop would not end")
		}
		s.wait = s.wait && !left
	}
	return s.turnSends(done)
}

// exact reports whether the program does just what it did until the object is
// ended: a method that can mean nothing else is completed, every object has the
// channel from the start, other packages cannot tell that there are new fields,
// and no code that is not seen can keep the goroutine from ending, or want to end
// the object from inside it.
func (s *stopping) exact() bool {
	if s.method == nil || s.starts == nil || s.loose || s.Obj().Exported() && s.Pkg.Name() != "main" || !s.EndsObject(s.method) {
		return false
	}
	return !s.wait || !s.runsUnknown()
}

// runsUnknown reports whether a goroutine runs code that is not seen, in which it
// may stay when the stop comes.
func (s *stopping) runsUnknown() bool {
	return s.mayMeet(s.callsUnknown)
}

// mayMeet reports whether the question holds for a function that one of the goroutines may
// run.
func (s *stopping) mayMeet(question func(fn ast.Node) bool) bool {
	return slices.ContainsFunc(s.threads, func(o *owned) bool {
		return slices.ContainsFunc(s.mayRun(o.body), question)
	})
}

// reads reports whether a goroutine calls something of which only the name is known, and
// that says that it waits for others to send, or that is given a function, which it may have
// run by another goroutine, such as an event loop: no stop ends that.
func (s *stopping) reads() bool {
	return s.mayMeet(s.readsIn)
}

// readsIn reports whether there is such a call in a function.
func (p *plan) readsIn(fn ast.Node) bool {
	found := false
	withLiterals(edit.BodyOf(fn), func(n ast.Node) {
		call, ok := n.(*ast.CallExpr)
		if !ok {
			return
		}
		id := edit.Name(call.Fun)
		if id == nil {
			return
		}
		waiting := p.base.Waiting(id.Name)
		hands := slices.ContainsFunc(call.Args, func(a ast.Expr) bool {
			_, ok := p.Info.TypeOf(a).Underlying().(*types.Signature)
			return ok
		})
		switch obj := p.Info.Uses[id].(type) {
		case *types.Var:
			found = found || waiting
		case *types.Func:
			_, known := p.base.Func(obj)
			_, here := p.decls[obj]
			elsewhere := obj.Pkg() != nil && obj.Pkg() != p.Pkg && !code.IsStd(obj.Pkg().Path(), "")
			found = found || !known && !here && (waiting || hands && elsewhere)
		}
	})
	return found
}

// callsUnknown reports whether a function calls function values, or methods of
// interfaces of which nothing is known.
func (p *plan) callsUnknown(fn ast.Node) bool {
	found := false
	withLiterals(edit.BodyOf(fn), func(n ast.Node) {
		call, ok := n.(*ast.CallExpr)
		if !ok || p.Info.Types[call.Fun].IsBuiltin() || p.Info.Types[call.Fun].IsType() {
			return
		}
		if _, ok := ast.Unparen(call.Fun).(*ast.FuncLit); ok {
			return
		}
		fn := p.callee(call)
		if fn == nil {
			found = true
		} else if recv := fn.Signature().Recv(); recv != nil && types.IsInterface(recv.Type()) {
			_, known := p.base.Func(fn)
			found = found || !known && fn.Pkg() != nil && !p.base.Brief(fn.Name()) // error has no package
		}
	})
	return found
}

// turnSends lets the stop end the sends of other functions to the goroutines,
// which receive nothing any more: those as a statement in a function without
// results.
func (s *stopping) turnSends(done map[ast.Node]bool) error {
	if err := s.starved(done); err != nil {
		return err
	}
	fed := make(map[types.Object]bool)
	for fn := range done {
		edit.Own(edit.BodyOf(fn), func(n ast.Node) {
			switch n := n.(type) {
			case *ast.UnaryExpr:
				if n.Op == token.ARROW {
					fed[s.fieldOf(n.X)] = true
				}
			case *ast.RangeStmt:
				fed[s.fieldOf(n.X)] = true
			}
		})
	}
	feeds := func(w wait) bool {
		send, ok := w.node.(*ast.SendStmt)
		return ok && s.fieldOf(send.Chan) != nil && fed[s.fieldOf(send.Chan)]
	}
	met := make(map[ast.Node]bool) // the sends that are no harm
	methods := s.Index.Methods[s.Named]
	if s.starts == nil {
		methods = nil // the stop may not be there yet
	}
	for _, decl := range methods {
		if decl.Body == nil || done[decl] || s.receiver(decl) == nil {
			continue
		}
		if results(s.Info.Defs[decl.Name]) > 0 {
			if slices.ContainsFunc(s.waits(decl), feeds) {
				return fmt.Errorf("%s would wait for ever after the stop", decl.Name.Name)
			}
			continue
		}
		stop := event.Stop{Expr: s.receiver(decl).Name() + "." + s.stop, Owner: true}
		s.known[stop.Expr] = types.NewChan(types.RecvOnly, types.NewStruct(nil, nil))
		for _, w := range s.waits(decl) {
			if !feeds(w) {
				continue
			}
			f, err := s.at(decl.Pos())
			if err != nil {
				return err
			}
			at := siteAt(f, w, stop)
			fix, err := stopcheck.Builder(w.op)(at.Site)
			if err != nil {
				return err
			}
			if at.loses(w) {
				return fmt.Errorf("%s would leave something undone after the stop", decl.Name.Name)
			}
			s.edits = append(s.edits, fix.Edits...)
			met[w.node] = true
		}
	}
	s.otherSends(fed, met, done)
	return nil
}

// starved fails if another method waits for what only the goroutines send, on a channel that they
// do not close: after the stop it would wait for ever.
func (s *stopping) starved(done map[ast.Node]bool) error {
	gives := make(map[types.Object]bool)
	closed := make(map[types.Object]bool)
	for fn := range done {
		withLiterals(edit.BodyOf(fn), func(n ast.Node) {
			switch n := n.(type) {
			case *ast.SendStmt:
				gives[s.fieldOf(n.Chan)] = true
			case *ast.CallExpr:
				closed[s.fieldOf(edit.ClosedBy(s.Info, n))] = true
			}
		})
	}
	for _, decl := range s.Index.Methods[s.Named] {
		if decl.Body == nil || done[decl] {
			continue
		}
		for _, w := range s.waits(decl) {
			var ch ast.Expr
			switch n := w.node.(type) {
			case *ast.UnaryExpr:
				ch = n.X
			case *ast.RangeStmt:
				ch = n.X
			}
			if f := s.fieldOf(ch); f != nil && gives[f] && !closed[f] {
				return fmt.Errorf("%s would wait for ever after the stop", decl.Name.Name)
			}
		}
	}
	return nil
}

// otherSends looks for a send to the goroutines, outside of what is done, that would wait
// for ever after the stop: then the fix is for review.
func (s *stopping) otherSends(fed map[types.Object]bool, met, done map[ast.Node]bool) {
	s.Wherever(func(n ast.Node) bool {
		switch n := n.(type) {
		case *ast.FuncDecl, *ast.FuncLit:
			return !done[n]
		case *ast.SelectStmt:
			for _, c := range n.Body.List {
				met[c.(*ast.CommClause).Comm] = len(n.Body.List) > 1
			}
		case *ast.SendStmt:
			f := s.fieldOf(n.Chan)
			s.loose = s.loose || f != nil && fed[f] && !met[n]
		}
		return !s.loose
	}, slices.Collect(maps.Keys(fed))...)
}

// fieldOf returns the field of the type that an expression names, or nil.
func (s *stopping) fieldOf(e ast.Expr) types.Object {
	if e == nil {
		return nil
	}
	sel, ok := ast.Unparen(e).(*ast.SelectorExpr)
	if !ok {
		return nil
	}
	v, ok := s.Info.Uses[sel.Sel].(*types.Var)
	if !ok || !v.IsField() || s.structOf(s.Info.TypeOf(sel.X), true) != s.Named {
		return nil
	}
	return v.Origin()
}

// hangs reports whether a goroutine makes a call that no stop ends and that may
// take for ever, such as an Accept. Then nobody may wait for it.
func (s *stopping) hangs() bool {
	return s.mayMeet(func(fn ast.Node) bool { return s.hangsIn(edit.BodyOf(fn)) })
}

// hangsIn reports whether there is such a call in the code, without what it calls.
func (p *plan) hangsIn(body ast.Node) bool {
	found := false
	withLiterals(body, func(n ast.Node) {
		if call, ok := n.(*ast.CallExpr); ok && !found {
			found = remedy.Hangs(p.row(call))
		}
	})
	return found
}

// threadsOf is the key under which the goroutines that belong to objects are kept.
type threadsOf struct{}

// owned returns the goroutines that belong to objects of a type, by where they
// start.
func (p *plan) owned(typ *types.Named) []*owned {
	all := edit.Keep(p.Index, threadsOf{}, func() map[*types.Named][]*owned {
		threads := make(map[*types.Named][]*owned)
		for _, pos := range p.Index.Starts {
			t, err := p.threadAt(pos)
			if err != nil {
				continue
			}
			if o, err := p.ownerOf(t); err == nil {
				threads[o.typ] = append(threads[o.typ], o)
			}
		}
		return threads
	})
	return all[typ]
}
