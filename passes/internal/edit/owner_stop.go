package edit

import (
	"errors"
	"fmt"
	"go/ast"
	"go/token"
	"go/types"
	"slices"
	"strings"

	"golang.org/x/tools/go/analysis"

	"github.com/killcheck/killcheck/analyzer/kb"
	"github.com/killcheck/killcheck/analyzer/lifetime"
)

// A stopping is the Stop of one type for all its goroutines that need one.
type stopping struct {
	*plan
	*subject
	threads []*owned
	starts  []ast.Stmt // the statements that make the objects; nil if one is not known
	lits    []*ast.CompositeLit
	method  *ast.FuncDecl // the method that is completed; nil if one is added
	wait    bool          // it waits for the goroutines
	recv    string        // the receiver in new methods

	// The names that the type gets. The channel, and either once, or mutex,
	// flag and the methods that use them where the time of making the channel is
	// not known.
	stop, once, running, mutex, flag, spawn, halt, public string

	edits []analysis.TextEdit
}

// stopType gives the type that owns a goroutine a Stop, or completes the one
// that it has, for all the goroutines of the type that need one: each of the
// remedies for the type gives the same fix.
func (p *plan) stopType(first *owned, r lifetime.Remedy) (Fix, error) {
	t, err := p.subject(first.typ)
	if err != nil {
		return Fix{}, err
	}
	s := &stopping{plan: p, subject: t, wait: true, recv: p.recv(t)}
	remedies := p.owners(r)
	if err := s.gather(first, r, remedies); err != nil {
		return Fix{}, err
	}
	s.findStarts()
	if err := s.findMethod(); err != nil {
		return Fix{}, err
	}
	if err := s.choose(); err != nil {
		return Fix{}, err
	}
	if err := s.turnAll(r, remedies); err != nil {
		return Fix{}, err
	}
	s.wait = s.wait && !s.hangs() && !s.underLock()
	for _, step := range []func() error{s.fields, s.spawns, s.stopMethod} {
		if err := step(); err != nil {
			return Fix{}, err
		}
	}
	edits, err := p.tidy(s.edits)
	if err != nil {
		return Fix{}, err
	}
	return Fix{Message: s.message(), Edits: edits}, nil
}

// gather finds the goroutines of the type that a remedy is for, and those that
// run the same function.
func (s *stopping) gather(first *owned, r lifetime.Remedy, remedies []lifetime.Remedy) error {
	s.inspect(func(n ast.Node) bool {
		stmt, ok := n.(*ast.GoStmt)
		if !ok {
			return true
		}
		t, err := s.threadAt(stmt.Go)
		if err != nil {
			return true
		}
		o, err := s.ownerOf(t)
		if err == nil && o.typ == s.Named && slices.ContainsFunc(remedies, func(r lifetime.Remedy) bool { return t.holds(r.Pos) }) {
			s.threads = append(s.threads, o)
		}
		return true
	})
	if !slices.ContainsFunc(s.threads, func(o *owned) bool { return o.stmt == first.stmt }) {
		return errors.New("the goroutine is not among those of its type")
	}
	// Two remedies of one type have to give one fix. So a goroutine whose waits
	// cannot be turned is left out, unless it is the one that is asked for.
	all := s.threads
	s.threads = nil
	for _, o := range all {
		if _, err := s.turnThread(o, lifetime.Stop{Expr: "stop"}, remedies, nil); err != nil {
			if o.holds(r.Pos) {
				return err
			}
			continue
		}
		s.threads = append(s.threads, o)
	}
	return nil
}

// turnThread turns the functions that a goroutine runs and that are not done
// yet. A stop without a dot is a field of the object.
func (s *stopping) turnThread(o *owned, stop lifetime.Stop, remedies []lifetime.Remedy, done map[ast.Node]bool) (left bool, err error) {
	for i, fn := range o.runs {
		if done[fn] {
			continue
		}
		must := slices.ContainsFunc(remedies, func(r lifetime.Remedy) bool { return isIn(r.Pos, fn) })
		name, err := s.ownerIn(o, fn, bodyOf(fn).Lbrace+1)
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
		here := lifetime.Stop{Expr: name + "." + stop.Expr, Owner: true}
		s.known[here.Expr] = types.NewChan(types.RecvOnly, types.NewStruct(nil, nil))
		others := i == 0 || (results(s.Info.Defs[fn.(*ast.FuncDecl).Name]) == 0 && s.onlyRuns(fn.(*ast.FuncDecl)))
		result, err := s.turn(fn, here, remedies, others)
		if err != nil {
			return left, err
		}
		left = left || result.left
		if done != nil {
			done[fn] = true
			s.edits = append(s.edits, result.edits...)
		}
	}
	return left, nil
}

// waitsAtAll reports whether a function has a wait that is no loop.
func (s *stopping) waitsAtAll(fn ast.Node) bool {
	return slices.ContainsFunc(s.waits(fn), func(w wait) bool { return w.op != lifetime.Loop && !s.isLocal(fn, w) })
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
			return o.stmt.Call == call || o.holds(call.Pos())
		})
		if !inside {
			return false
		}
	}
	return true
}

func (s *stopping) turnAll(r lifetime.Remedy, remedies []lifetime.Remedy) error {
	done := make(map[ast.Node]bool)
	for _, o := range s.threads {
		left, err := s.turnThread(o, lifetime.Stop{Expr: s.stop}, remedies, done)
		if err != nil {
			return err
		}
		s.wait = s.wait && !left
	}
	return nil
}

// findStarts finds where the objects are made, if all of that is known.
func (s *stopping) findStarts() {
	for _, o := range s.threads {
		stmt, lit, ok := s.madeAt(o)
		if !ok {
			s.starts, s.lits = nil, nil
			return
		}
		if !slices.Contains(s.starts, stmt) {
			s.starts, s.lits = append(s.starts, stmt), append(s.lits, lit)
		}
	}
}

// stopNames are the names of methods that end the work of an object, in the
// order of preference.
var stopNames = [...]string{"Close", "Stop", "Shutdown", "close", "stop", "shutdown"}

// findMethod looks for a method of the type to complete. Where one of them calls
// another, the latter does the work.
func (s *stopping) findMethod() error {
	for _, name := range stopNames {
		decl := s.plan.method(s.Named, name)
		if decl == nil {
			continue
		}
		for _, other := range stopNames {
			next := s.plan.method(s.Named, other)
			if next != nil && next != decl && slices.Contains(s.reach(decl), ast.Node(next)) {
				decl = next
			}
		}
		s.method = decl
		break
	}
	if s.method == nil {
		return nil
	}
	if s.receiver(s.method) == nil {
		return fmt.Errorf("the receiver of %s has no name", s.method.Name.Name)
	}
	fn := s.Info.Defs[s.method.Name].(*types.Func)
	calls, _ := s.called(fn)
	if fn.Signature().Params().Len() > 0 || s.joins(s.method) {
		s.wait = false // bounded by a context, or waits already
	}
	for _, o := range s.threads {
		if slices.Contains(o.runs, ast.Node(s.method)) {
			s.wait = false // the goroutine would wait for itself
		}
		start := s.Info.Defs[o.decl.Name].(*types.Func)
		for _, call := range calls {
			if s.startsAgain(call, start) {
				return fmt.Errorf("%s is called again after %s", start.Name(), fn.Name())
			}
		}
	}
	return nil
}

// startsAgain reports whether the function around a call of Stop calls start
// after it: the object can be used again.
func (s *stopping) startsAgain(stop *ast.CallExpr, start *types.Func) bool {
	for _, n := range s.path(stop.Pos()) {
		decl, ok := n.(*ast.FuncDecl)
		if !ok || start.Signature().Recv() == nil {
			continue
		}
		found := false
		ast.Inspect(decl.Body, func(n ast.Node) bool {
			call, ok := n.(*ast.CallExpr)
			found = found || (ok && call.Pos() > stop.Pos() && s.callee(call) == start)
			return !found
		})
		return found
	}
	return false
}

// joins reports whether a method waits for something already.
func (s *stopping) joins(decl *ast.FuncDecl) bool {
	found := false
	for _, w := range s.waits(decl) {
		found = found || w.op == lifetime.Recv
	}
	own(decl.Body, func(n ast.Node) {
		if call, ok := n.(*ast.CallExpr); ok {
			e := s.row(call)
			found = found || (e.Effect == kb.Blocks && e.Kind == kb.KindWait)
		}
	})
	return found
}

// choose gives out the names.
func (s *stopping) choose() (err error) {
	pick := func(to *string, names ...string) {
		name, problem := s.plan.name(s.subject, names...)
		if problem != nil && err == nil {
			err = problem
		}
		*to = name
	}
	if s.method == nil {
		pick(&s.public, "Stop", "Close", "Shutdown")
	} else {
		s.public = s.method.Name.Name
	}
	pick(&s.stop, "stop", "quit", "stopCh", "quitCh")
	pick(&s.running, "running", "loops", "stopWait")
	if s.starts != nil {
		pick(&s.once, "stopOnce", "quitOnce")
		return err
	}
	pick(&s.mutex, "stopMu", "stopLock")
	pick(&s.flag, "stopped", "isStopped", "hasStopped")
	pick(&s.spawn, "spawn", "spawnLoop")
	if s.method != nil {
		pick(&s.halt, "signalStop", "haltLoops")
	}
	return err
}

// hangs reports whether a goroutine makes a call that no stop ends and that may
// take for ever, such as an Accept. Then nobody may wait for it.
func (s *stopping) hangs() bool {
	found := false
	for _, o := range s.threads {
		for _, fn := range o.runs {
			own(bodyOf(fn), func(n ast.Node) {
				call, ok := n.(*ast.CallExpr)
				if !ok || found {
					return
				}
				e := s.row(call)
				switch e.Kind {
				case kb.KindNetAccept, kb.KindNetIO, kb.KindHTTPServer, kb.KindTTY, kb.KindPipeIO, kb.KindProc, kb.KindLoop, kb.KindSignal, kb.KindChan, kb.KindCgo:
					found = e.Effect == kb.Blocks || e.Effect == kb.Passes
				case kb.KindWait:
					found = len(e.Wake(kb.Broadcast)) > 0
				}
			})
		}
	}
	return found
}

// fields declares the fields, and imports sync where it is needed.
func (s *stopping) fields() error {
	names := &namer{File: s.file, pos: s.body.Fields.Opening}
	lib, err := names.std("sync")
	if err != nil {
		return err
	}
	lines := []string{s.stop + " chan struct{} // closed by " + s.public}
	if s.starts != nil {
		lines = append(lines, s.once+" "+lib+"Once")
	} else {
		lines = append([]string{s.mutex + " " + lib + "Mutex // guards the making and closing of " + s.stop}, lines...)
		lines = append(lines, s.flag+" bool")
	}
	if s.wait {
		lines = append(lines, s.running+" "+lib+"WaitGroup // what "+s.public+" waits for")
	}
	edits, err := s.addFields(lines)
	s.edits = append(append(s.edits, edits...), names.imports()...)
	return err
}

// std returns the name of a package of the standard library with its dot. The
// file imports it if it does not yet.
func (n *namer) std(path string) (string, error) {
	for _, spec := range n.Syntax.Imports {
		if obj := n.Info.PkgNameOf(spec); obj != nil && obj.Imported().Path() == path && n.means(obj.Name(), obj, n.pos) {
			return obj.Name() + ".", nil
		}
	}
	name, err := n.packageName(types.NewPackage(path, path[strings.LastIndexByte(path, '/')+1:]))
	return name + ".", err
}

// spawns lets each go statement start a goroutine that heeds the stop and that
// can be waited for.
func (s *stopping) spawns() error {
	if s.starts == nil {
		return s.spawnLater()
	}
	for i, stmt := range s.starts {
		if err := s.makeChannel(stmt, s.lits[i]); err != nil {
			return err
		}
	}
	if !s.wait {
		return nil
	}
	marked := make(map[ast.Node]bool)
	for _, o := range s.threads {
		f, err := s.at(o.stmt.Pos())
		if err != nil {
			return err
		}
		if !standsAlone(o.outer) {
			return errNotAlone
		}
		from, indent, head := f.open(o.stmt.Pos())
		field := o.at(f) + "." + s.running
		s.edits = append(s.edits, replace(from, o.stmt.Pos(), head+field+".Add(1)\n"+indent))
		decl, isDecl := o.body.(*ast.FuncDecl)
		if isDecl && !s.onlyStarted(decl) {
			if len(o.stmt.Call.Args) > 0 {
				return errors.New("the function that the goroutine runs is called elsewhere, too")
			}
			s.edits = append(s.edits,
				insert(o.stmt.Call.Pos(), "func() {\n"+indent+"\tdefer "+field+".Done()\n"+indent+"\t"),
				insert(o.stmt.Call.End(), "\n"+indent+"}()"))
			continue
		}
		if marked[o.body] {
			continue
		}
		marked[o.body] = true
		name, err := s.ownerIn(o, o.body, bodyOf(o.body).Lbrace+1)
		if err != nil {
			return err
		}
		in, err := s.at(o.body.Pos())
		if err != nil {
			return err
		}
		s.edits = append(s.edits, in.openBody(bodyOf(o.body), "defer "+name+"."+s.running+".Done()")...)
	}
	return nil
}

// onlyStarted reports whether a function is used in the go statements of the
// goroutines and nowhere else.
func (s *stopping) onlyStarted(decl *ast.FuncDecl) bool {
	calls, all := s.called(s.Info.Defs[decl.Name].(*types.Func))
	return all && !slices.ContainsFunc(calls, func(call *ast.CallExpr) bool {
		return !slices.ContainsFunc(s.threads, func(o *owned) bool { return o.stmt.Call == call })
	})
}

// makeChannel makes the channel together with the object: in the literal if it
// has one line, else in the statement after.
func (s *stopping) makeChannel(stmt ast.Stmt, lit *ast.CompositeLit) error {
	f, err := s.at(stmt.Pos())
	if err != nil {
		return err
	}
	if lit != nil && f.line(lit.Pos()) == f.line(lit.Rbrace) {
		text := s.stop + ": make(chan struct{})"
		if len(lit.Elts) == 0 {
			s.edits = append(s.edits, insert(lit.Rbrace, text))
		} else {
			s.edits = append(s.edits, insert(lit.Elts[len(lit.Elts)-1].End(), ", "+text))
		}
		return nil
	}
	for _, o := range s.threads {
		if made, _, _ := s.madeAt(o); made == stmt {
			indent := f.indent(stmt.Pos())
			s.edits = append(s.edits, f.after(stmt.End(), indent, indent, o.name+"."+s.stop+" = make(chan struct{})"))
			break
		}
	}
	return nil
}

// spawnLater lets a method of the object start the goroutines, where the object
// may be stopped before or meanwhile.
func (s *stopping) spawnLater() error {
	for _, o := range s.threads {
		f, err := s.at(o.stmt.Pos())
		if err != nil {
			return err
		}
		head := o.at(f) + "." + s.spawn + "("
		call := o.stmt.Call
		if lit, ok := o.body.(*ast.FuncLit); ok {
			if len(call.Args) > 0 || lit.Type.Results.NumFields() > 0 {
				return errors.New("the literal that the goroutine runs takes arguments")
			}
			s.edits = append(s.edits, replace(o.stmt.Go, lit.Pos(), head), replace(lit.End(), call.End(), ")"))
			continue
		}
		simple := len(call.Args) == 0 && results(s.Info.Defs[o.body.(*ast.FuncDecl).Name]) == 0
		if simple {
			s.edits = append(s.edits, replace(o.stmt.Go, call.Pos(), head), replace(call.Lparen, call.End(), ")"))
			continue
		}
		for _, arg := range call.Args {
			if !s.isFixed(arg) {
				return errors.New("the arguments of the goroutine would be evaluated later")
			}
		}
		s.edits = append(s.edits, replace(o.stmt.Go, call.Pos(), head+"func() { "), insert(call.End(), " })"))
	}
	return nil
}

// isFixed reports whether an argument has the same value later.
func (s *stopping) isFixed(e ast.Expr) bool {
	if s.Info.Types[e].Value != nil {
		return true
	}
	id, ok := ast.Unparen(e).(*ast.Ident)
	if !ok {
		return false
	}
	v, ok := s.Info.Uses[id].(*types.Var)
	return ok && v.Parent() != s.Pkg.Scope() && !s.assigned(v)
}

// place is where new methods go: below the one that is completed, or the
// function that starts the first goroutine.
func (s *stopping) place() (*File, token.Pos, error) {
	decl := s.method
	if decl == nil {
		decl = s.threads[0].decl
	}
	f, err := s.at(decl.Pos())
	return f, decl.End(), err
}
