package owner

import (
	"errors"
	"go/ast"
	"go/token"
	"slices"

	"github.com/killcheck/killcheck/analyzer/kb"
	"github.com/killcheck/killcheck/passes/internal/fix/edit"
	"github.com/killcheck/killcheck/passes/internal/remedy"
)

// join lets the method that tells the goroutines of a type to stop wait until
// they have: a wait group counts them. Each of the remedies for one type gives
// the same fix.
//
//	func (p *poller) Stop() {
//		                         defer p.running.Wait()
//		close(p.quit)
//	}
func join(s *site) (edit.Fix, error) {
	p, err := newPlan(s.File)
	if err != nil {
		return edit.Fix{}, err
	}
	first, err := p.ownedAt(s.Remedy)
	if err != nil {
		return edit.Fix{}, err
	}
	t, err := p.subject(first.typ)
	if err != nil {
		return edit.Fix{}, err
	}
	st := &stopping{plan: p, subject: t, wait: true, recv: p.recv(t), starts: []ast.Stmt{}}
	for _, o := range p.owned(first.typ) {
		if o.call == first.call || s.Index.JoinUse[o.start()] == s.Use {
			st.threads = append(st.threads, o)
		}
	}
	if err := st.findMethod(s.Use); err != nil {
		return edit.Fix{}, err
	}
	switch {
	case st.method == nil:
		return edit.Fix{}, errors.New("no method tells the goroutine to stop")
	case !st.wait:
		return edit.Fix{}, errors.New(st.method.Name.Name + " waits already, or must not")
	case st.hangs() || st.runsUnknown():
		return edit.Fix{}, errors.New("the goroutine makes a call that the stop may not end")
	case slices.ContainsFunc(st.threads, st.sends):
		return edit.Fix{}, errors.New("the goroutine may be in a send that the stop does not end")
	case slices.ContainsFunc(st.threads, func(o *owned) bool { return st.runsOn(o.thread) }):
		return edit.Fix{}, errors.New("the function that starts the goroutine waits itself, so the stop may come before the start")
	case st.underLock():
		return edit.Fix{}, errors.New("the goroutine may need a lock that is held during the stop")
	}
	st.public = st.method.Name.Name
	if st.running, err = p.name(t, "running", "loops", "stopWait"); err != nil {
		return edit.Fix{}, err
	}
	if err := st.joinAll(); err != nil {
		return edit.Fix{}, err
	}
	edits, err := p.tidy(st.edits)
	if err != nil {
		return edit.Fix{}, err
	}
	return edit.Fix{Message: "let " + st.public + " of " + t.Obj().Name() + " wait for " + st.whom(), Edits: edits}, nil
}

func (p *plan) ownedAt(r remedy.Remedy) (*owned, error) {
	t, err := p.threadAt(r.Pos)
	if err != nil {
		return nil, err
	}
	return p.ownerOf(t)
}

// sends reports whether a goroutine sends outside of a select.
func (s *stopping) sends(o *owned) bool {
	return slices.ContainsFunc(s.mayRun(o.body), func(fn ast.Node) bool {
		return slices.ContainsFunc(s.waits(fn), func(w wait) bool { return w.op == remedy.Send })
	})
}

// runsOn reports whether the function that starts a goroutine waits after that.
// Then a stop can only come from elsewhere, at any time.
func (p *plan) runsOn(t *thread) bool {
	if slices.ContainsFunc(p.waits(t.decl), func(w wait) bool {
		loop, ok := w.node.(*ast.ForStmt)
		return w.pos > t.start() && (!ok || loop.Cond == nil)
	}) {
		return true
	}
	found := false
	edit.Own(t.decl.Body, func(n ast.Node) {
		if call, ok := n.(*ast.CallExpr); ok && call.Pos() > t.start() && call != t.call {
			e := p.row(call)
			found = found || e.Effect == kb.Blocks && e.Kind != kb.KindLock
		}
	})
	return found
}

// straight reports whether all ways through a function body lead to its end, and
// nothing happens after that.
func straight(body *ast.BlockStmt) bool {
	found := false
	edit.Own(body, func(n ast.Node) {
		switch n := n.(type) {
		case *ast.DeferStmt, *ast.ReturnStmt:
			found = true
		case *ast.BranchStmt:
			found = found || n.Tok == token.GOTO
		}
	})
	return !found
}

// joinAll declares the wait group, counts the goroutines and waits for them.
func (s *stopping) joinAll() error {
	names := &edit.Namer{File: s.file, Pos: s.body.Fields.Opening}
	lib, err := names.Std("sync")
	if err != nil {
		return err
	}
	edits, err := s.addFields([]string{s.running + " " + lib + "WaitGroup // what " + s.public + " waits for"})
	if err != nil {
		return err
	}
	s.edits = append(append(s.edits, edits...), names.Imports()...)
	if err := s.spawns(); err != nil {
		return err
	}
	f, err := s.at(s.method.Pos())
	if err != nil {
		return err
	}
	name := s.receiver(s.method).Name()
	line := name + "." + s.running + ".Wait()"
	if list := s.method.Body.List; len(list) > 0 && f.Line(list[0].Pos()) > f.Line(s.method.Body.Lbrace) && straight(s.method.Body) {
		s.edits = append(s.edits, f.Beneath(list[len(list)-1], line))
		return nil
	}
	line = "defer " + line
	if first := s.nilGuard(name); first != nil {
		indent := f.Indent(first.Pos())
		s.edits = append(s.edits, f.After(first.End(), indent, indent, line))
		return nil
	}
	s.edits = append(s.edits, f.OpenBody(s.method.Body, line)...)
	return nil
}
