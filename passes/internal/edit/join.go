package edit

import (
	"errors"
	"go/ast"
	"slices"

	"github.com/killcheck/killcheck/analyzer/lifetime"
)

// join lets the method that tells the goroutines of a type to stop wait until
// they have: a wait group counts them. Each of the remedies for one type gives
// the same fix.
//
//	func (p *poller) Stop() {
//		                         defer p.running.Wait()
//		close(p.quit)
//	}
func join(s *site) (Fix, error) {
	p, err := newPlan(s.File)
	if err != nil {
		return Fix{}, err
	}
	first, err := p.ownedAt(s.Remedy)
	if err != nil {
		return Fix{}, err
	}
	t, err := p.subject(first.typ)
	if err != nil {
		return Fix{}, err
	}
	st := &stopping{plan: p, subject: t, wait: true, recv: p.recv(t), starts: []ast.Stmt{}}
	for _, r := range s.joins() {
		if o, err := p.ownedAt(r); err == nil && o.typ == first.typ {
			st.threads = append(st.threads, o)
		}
	}
	if err := st.findMethod(); err != nil {
		return Fix{}, err
	}
	switch {
	case st.method == nil:
		return Fix{}, errors.New("no method tells the goroutine to stop")
	case !st.wait:
		return Fix{}, errors.New(st.method.Name.Name + " waits already, or must not")
	case st.hangs():
		return Fix{}, errors.New("the goroutine makes a call that the stop may not end")
	case st.underLock():
		return Fix{}, errors.New("the goroutine may need a lock that is held during the stop")
	}
	st.public = st.method.Name.Name
	if st.running, err = p.name(t, "running", "loops", "stopWait"); err != nil {
		return Fix{}, err
	}
	if err := st.joinAll(); err != nil {
		return Fix{}, err
	}
	edits, err := p.tidy(st.edits)
	if err != nil {
		return Fix{}, err
	}
	return Fix{Message: "let " + st.public + " of " + t.Obj().Name() + " wait for " + st.whom(), Edits: edits}, nil
}

// joins returns the remedies of the package that ask for a wait, with the one
// that is to be built.
func (s *site) joins() []lifetime.Remedy {
	all := slices.Clone(s.Joins)
	if !slices.ContainsFunc(all, func(r lifetime.Remedy) bool { return r.Pos == s.Pos }) {
		all = append(all, s.Remedy)
	}
	slices.SortFunc(all, func(a, b lifetime.Remedy) int { return int(a.Pos - b.Pos) })
	return all
}

func (p *plan) ownedAt(r lifetime.Remedy) (*owned, error) {
	t, err := p.threadAt(r.Pos)
	if err != nil {
		return nil, err
	}
	return p.ownerOf(t)
}

// joinAll declares the wait group, counts the goroutines and waits for them.
func (s *stopping) joinAll() error {
	names := &namer{File: s.file, pos: s.body.Fields.Opening}
	lib, err := names.std("sync")
	if err != nil {
		return err
	}
	edits, err := s.addFields([]string{s.running + " " + lib + "WaitGroup // what " + s.public + " waits for"})
	if err != nil {
		return err
	}
	s.edits = append(append(s.edits, edits...), names.imports()...)
	if err := s.spawns(); err != nil {
		return err
	}
	f, err := s.at(s.method.Pos())
	if err != nil {
		return err
	}
	name := s.receiver(s.method).Name()
	line := "defer " + name + "." + s.running + ".Wait()"
	if first := s.nilGuard(name); first != nil {
		indent := f.indent(first.Pos())
		s.edits = append(s.edits, f.after(first.End(), indent, indent, line))
		return nil
	}
	s.edits = append(s.edits, f.openBody(s.method.Body, line)...)
	return nil
}
