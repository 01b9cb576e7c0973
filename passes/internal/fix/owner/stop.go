package owner

import (
	"errors"
	"fmt"
	"go/ast"
	"go/token"
	"go/types"
	"go/version"
	"slices"
	"strings"

	"golang.org/x/tools/go/analysis"

	"github.com/killcheck/killcheck/analyzer/code"
	"github.com/killcheck/killcheck/analyzer/event"
	"github.com/killcheck/killcheck/analyzer/kb"
	"github.com/killcheck/killcheck/passes/internal/fix/edit"
	"github.com/killcheck/killcheck/passes/internal/remedy"
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
	joined  bool          // something else waits for them
	loose   bool          // a way out may skip what others wait for
	recv    string        // the receiver in new methods

	// The names that the type gets. The channel, and either once, or mutex,
	// flag and the methods that use them where the time of making the channel is
	// not known.
	reused                                                bool // the channel is a field that the type has
	stop, once, running, mutex, flag, spawn, halt, public string

	kept  []string // variables that keep arguments
	edits []analysis.TextEdit
}

// stopType gives the type that owns a goroutine a Stop, or completes the one
// that it has, for all the goroutines of the type that need one: each of the
// remedies for the type gives the same fix.
func (p *plan) stopType(t *subject, first *owned, r remedy.Remedy) (edit.Fix, error) {
	s := &stopping{plan: p, subject: t, wait: true, recv: p.recv(t)}
	remedies := p.owners(r)
	if err := s.gather(first, r, remedies); err != nil {
		return edit.Fix{}, err
	}
	s.findStarts()
	if err := s.findMethod(""); err != nil {
		return edit.Fix{}, err
	}
	if err := s.choose(); err != nil {
		return edit.Fix{}, err
	}
	if err := s.turnAll(r, remedies); err != nil {
		return edit.Fix{}, err
	}
	s.wait = s.wait && !s.hangs() && !s.underLock() && (s.method == nil || !s.runsUnknown()) && !s.reads()
	for _, step := range []func() error{s.fields, s.spawns, s.stopMethod} {
		if err := step(); err != nil {
			return edit.Fix{}, err
		}
	}
	edits, err := p.tidy(s.edits)
	if err != nil {
		return edit.Fix{}, err
	}
	return edit.Fix{Message: s.message(), Edits: edits, Exact: s.exact()}, nil
}

// gather finds the goroutines of the type that a remedy is for, and those that
// run the same function.
func (s *stopping) gather(first *owned, r remedy.Remedy, remedies []remedy.Remedy) error {
	all := s.owned(s.Named)
	if !slices.ContainsFunc(all, func(o *owned) bool { return o.call == first.call }) {
		all = append(slices.Clone(all), first) // a call that none of the others starts by
		slices.SortFunc(all, func(a, b *owned) int { return int(a.start() - b.start()) })
	}
	for _, o := range all {
		if o.heeds(remedies) {
			s.threads = append(s.threads, o)
		}
	}
	if !slices.ContainsFunc(s.threads, func(o *owned) bool { return o.call == first.call }) {
		return errors.New("the goroutine is not among those of its type")
	}
	// Two remedies of one type have to give one fix. So a goroutine whose waits
	// cannot be turned is left out, unless it is the one that is asked for.
	all, s.threads = s.threads, nil
	for _, o := range all {
		if _, err := s.turnThread(o, event.Stop{Expr: "stop"}, remedies, nil); err != nil {
			if o.holds(r.Pos) {
				return err
			}
			continue
		}
		s.threads = append(s.threads, o)
		if o.stmt == nil {
			s.wait, s.joined = false, true // the function that starts it has its own ways
		}
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

// findMethod looks for a method of the type to complete. Where one of them calls
// another, the latter does the work. If told says which method it is, the others
// are for something else.
func (s *stopping) findMethod(told string) error {
	names := edit.Enders()
	if told != "" {
		names = []string{told}
	}
	for _, name := range names {
		decl := s.plan.method(s.Named, name)
		if decl == nil || !s.endsAll(decl) {
			continue
		}
		for _, other := range edit.Enders() {
			if told != "" {
				break
			}
			next := s.plan.method(s.Named, other)
			if next != nil && next != decl && s.endsAll(next) && slices.Contains(s.reach(decl), ast.Node(next)) {
				decl = next
			}
		}
		s.method = decl
		break
	}
	if s.method == nil {
		return s.callable()
	}
	if s.receiver(s.method) == nil {
		return fmt.Errorf("the receiver of %s has no name", s.method.Name.Name)
	}
	fn := s.Info.Defs[s.method.Name].(*types.Func)
	calls, _ := s.called(fn)
	s.joined = s.joined || s.joins(s.method)
	if fn.Signature().Params().Len() > 0 || s.joined || s.holdsUp(fn) {
		s.wait = false // bounded by a context, or waits already, or others would wait, too
	}
	for _, o := range s.threads {
		if slices.Contains(s.mayRun(o.body), ast.Node(s.method)) {
			s.wait = false // the goroutine would wait for itself
		}
		start := s.Info.Defs[o.decl.Name].(*types.Func)
		for _, call := range calls {
			if s.starts == nil && s.startsAgain(call, start) {
				return fmt.Errorf("%s is called again after %s", start.Name(), fn.Name())
			}
		}
	}
	return nil
}

// callable fails if nobody outside of the module could call a new method of the type:
// nothing in it does.
func (s *stopping) callable() error {
	exported := s.Obj().Exported() || slices.ContainsFunc(s.Index.Embedding[s.Named], (*types.TypeName).Exported)
	if !exported || s.Pkg.Name() == "main" || s.internal() || s.ofTests(s.Obj().Pos()) {
		return errors.New("nobody would call the method that stops it")
	}
	return nil
}

// internal reports whether only the module itself can import the package.
func (p *plan) internal() bool { return slices.Contains(strings.Split(p.Pkg.Path(), "/"), "internal") }

// holdsUp reports whether a function that shares its goroutine with others, as a
// finalizer does, names the method.
func (p *plan) holdsUp(method *types.Func) bool {
	for fn, calls := range p.Index.Calls {
		if row, ok := p.base.Func(fn); !ok || !row.Shared {
			continue
		}
		for _, call := range calls {
			if slices.ContainsFunc(p.Index.Functions[method.Origin()], func(id *ast.Ident) bool { return edit.Within(call, id.Pos()) }) {
				return true
			}
		}
	}
	return false
}

// endsAll reports whether a method is told of nothing that it should end: its
// parameters say at most why, or how long it may take.
func (s *stopping) endsAll(decl *ast.FuncDecl) bool {
	for param := range s.Info.Defs[decl.Name].(*types.Func).Signature().Params().Variables() {
		t := param.Type()
		if !edit.IsContext(t) && !edit.IsError(t) && types.TypeString(t, nil) != "time.Duration" {
			return false
		}
	}
	return !strings.EqualFold(decl.Name.Name, "stop") || len(decl.Body.List) == 0 || s.endsSomething(decl)
}

// endsSomething reports whether a method closes, cancels, stops or drops something, sets a
// flag, or waits for an end. A Stop that does none of that may be a command to what the object
// stands for, such as a drone that is to hover.
func (s *stopping) endsSomething(decl *ast.FuncDecl) bool {
	found := s.joins(decl)
	withLiterals(decl.Body, func(n ast.Node) {
		switch n := n.(type) {
		case *ast.SendStmt:
			found = found || types.Identical(s.Info.TypeOf(n.Value).Underlying(), types.NewStruct(nil, nil)) || code.IsBool(s.Info.TypeOf(n.Value))
		case *ast.AssignStmt:
			found = found || slices.ContainsFunc(n.Rhs, func(e ast.Expr) bool { return s.Info.Types[e].IsNil() || code.IsBool(s.Info.TypeOf(e)) })
		case *ast.CallExpr:
			switch fun := ast.Unparen(n.Fun).(type) {
			case *ast.Ident:
				_, value := s.Info.Uses[fun].(*types.Var) // such as cancel
				found = found || value || fun.Name == "clear" || fun.Name == "delete" || s.base.CloseMethod(fun.Name)
			case *ast.SelectorExpr:
				v, value := s.Info.Uses[fun.Sel].(*types.Var)
				row := s.row(n)
				found = found || value && v.IsField() || s.base.CloseMethod(fun.Sel.Name) || row.Kind != kb.KindLock && len(row.Raises) > 0 || row.Effect == kb.FlagStore
			}
		}
	})
	return found
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
		found = found || w.op == remedy.Recv
	}
	edit.Own(decl.Body, func(n ast.Node) {
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
	if s.stop = s.unused(); s.stop != "" {
		s.reused = true
	} else {
		pick(&s.stop, "stop", "quit", "stopCh", "quitCh")
	}
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

// fields declares the fields, and imports sync where it is needed.
func (s *stopping) fields() error {
	names := &edit.Namer{File: s.file, Pos: s.body.Fields.Opening}
	lib, err := names.Std("sync")
	if err != nil {
		return err
	}
	var lines []string
	if !s.reused {
		lines = append(lines, s.stop+" chan struct{} // closed by "+s.public)
	}
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
	s.edits = append(append(s.edits, edits...), names.Imports()...)
	return err
}

// shut gives the brace behind a go statement a line of its own, if it stands on that of
// the statement.
func (s *stopping) shut(f *edit.File, o *owned) {
	if o.stmt != nil {
		s.edits = append(s.edits, f.Shut(o.stmt)...)
	}
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
		f, err := s.at(o.start())
		if err != nil {
			return err
		}
		if !edit.StandsAlone(o.outer) {
			return edit.ErrNotAlone
		}
		field := o.at(f) + "." + s.running
		if edits := s.groupGo(f, o, field); edits != nil {
			s.edits = append(s.edits, edits...)
			continue
		}
		from, indent, head := f.Open(o.start())
		s.edits = append(s.edits, edit.Replace(from, o.start(), head+field+".Add(1)\n"+indent))
		decl, isDecl := o.body.(*ast.FuncDecl)
		if isDecl && !s.onlyStarted(decl) {
			if !s.stableArgs(o.call) {
				return errors.New("the function that the goroutine runs may be called elsewhere, too")
			}
			s.edits = append(s.edits,
				edit.Insert(o.call.Pos(), "func() {\n"+indent+"\tdefer "+field+".Done()\n"+indent+"\t"),
				edit.Insert(o.call.End(), "\n"+indent+"}()"))
			s.shut(f, o)
			continue
		}
		s.shut(f, o)
		if marked[o.body] {
			continue
		}
		marked[o.body] = true
		name, err := s.ownerIn(o, o.body, edit.BodyOf(o.body).Lbrace+1)
		if err != nil {
			return err
		}
		in, err := s.at(o.body.Pos())
		if err != nil {
			return err
		}
		s.edits = append(s.edits, in.OpenBody(edit.BodyOf(o.body), "defer "+name+"."+s.running+".Done()")...)
	}
	return nil
}

// groupGo returns the edits that let the group start the goroutine, as it can since Go 1.25;
// nil if the arguments must be evaluated before.
func (s *stopping) groupGo(f *edit.File, o *owned, group string) []analysis.TextEdit {
	if v := f.Info.FileVersions[f.Syntax]; o.stmt == nil || !version.IsValid(v) || version.Compare(v, "go1.25") < 0 {
		return nil
	}
	sig, ok := f.Info.TypeOf(o.call.Fun).(*types.Signature)
	if !ok {
		return nil
	}
	_, isLit := o.body.(*ast.FuncLit)
	switch {
	case len(o.call.Args) == 0 && sig.Params().Len() == 0 && sig.Results().Len() == 0:
		return []analysis.TextEdit{edit.Replace(o.stmt.Pos(), o.call.Pos(), group+".Go("), edit.Replace(o.call.Lparen, o.call.End(), ")")}
	case isLit || !s.stableReceiver(o.call) || !s.stableArgs(o.call):
		return nil
	}
	return []analysis.TextEdit{edit.Replace(o.stmt.Pos(), o.call.Pos(), group+".Go(func() { "), edit.Insert(o.call.End(), " })")}
}

// stableArgs reports whether the arguments of the call are the same later.
func (s *stopping) stableArgs(call *ast.CallExpr) bool {
	return !slices.ContainsFunc(call.Args, func(e ast.Expr) bool { return s.SharesVariable() || !s.IsStable(e) })
}

// stableReceiver reports whether the method of the call has the same object later.
func (s *stopping) stableReceiver(call *ast.CallExpr) bool {
	sel, ok := ast.Unparen(call.Fun).(*ast.SelectorExpr)
	return !ok || s.Info.Selections[sel] == nil || s.IsStable(sel.X)
}

// onlyStarted reports whether a function is used in the go statements of the
// goroutines and nowhere else: other packages may call what is exported.
func (s *stopping) onlyStarted(decl *ast.FuncDecl) bool {
	if decl.Name.IsExported() && s.Pkg.Name() != "main" {
		return false
	}
	calls, all := s.called(s.Info.Defs[decl.Name].(*types.Func))
	return all && !slices.ContainsFunc(calls, func(call *ast.CallExpr) bool {
		return !slices.ContainsFunc(s.threads, func(o *owned) bool { return (o.stmt != nil && o.call == call) })
	})
}

// place is where new methods go: below the one that is completed, or the
// function that starts the first goroutine.
func (s *stopping) place() (*edit.File, token.Pos, error) {
	decl := s.method
	if decl == nil {
		decl = s.threads[0].decl
	}
	f, err := s.at(decl.Pos())
	return f, decl.End(), err
}
