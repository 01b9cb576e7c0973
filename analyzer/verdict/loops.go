package verdict

import (
	"go/ast"
	"go/token"
	"go/types"
	"slices"

	"golang.org/x/tools/go/ssa"

	"github.com/killcheck/killcheck/analyzer/code"
	"github.com/killcheck/killcheck/analyzer/flow"
	"github.com/killcheck/killcheck/analyzer/kb"
	"github.com/killcheck/killcheck/analyzer/program"
	"github.com/killcheck/killcheck/analyzer/signal"
	"github.com/killcheck/killcheck/analyzer/summary"
)

// A looper finds the loops without a bound of one function.
type looper struct {
	m     *matcher
	fn    *ssa.Function
	graph *flow.Graph
	alive []bool // by block: a return or a loop can be reached; the rest only panics
	waits []*Wait
	comp  []*ssa.BasicBlock // the cycle that is judged
}

// loopWaits returns the loops of fn that are not bounded, each with what makes
// control leave it.
func (m *matcher) loopWaits(fn *ssa.Function) []*Wait {
	l := &looper{m: m, fn: fn, graph: m.mod.PlainGraph(fn)}
	all := func(*ssa.BasicBlock) bool { return true }
	if len(l.graph.Cycles(all)) == 0 {
		return nil
	}
	l.alive = l.survives()
	l.visit(fn.Blocks, all)
	return l.waits
}

// survives finds the blocks from which control can come to a return, or stay: a
// panic, or the end of the process, is no way out of a loop.
func (l *looper) survives() []bool {
	alive := make([]bool, len(l.fn.Blocks))
	for _, comp := range l.graph.Cycles(func(*ssa.BasicBlock) bool { return true }) {
		for _, b := range comp {
			alive[b.Index] = true
		}
	}
	for _, b := range l.fn.Blocks {
		alive[b.Index] = alive[b.Index] || l.graph.Reachable(b) && l.leaves(b)
	}
	for changed := true; changed; {
		changed = false
		for i := len(l.fn.Blocks) - 1; i >= 0; i-- {
			b := l.fn.Blocks[i]
			if !alive[b.Index] && slices.ContainsFunc(l.graph.Succs(b), func(s *ssa.BasicBlock) bool { return alive[s.Index] }) {
				alive[b.Index], changed = true, true
			}
		}
	}
	return alive
}

// leaves reports whether the function, or the goroutine, can end in b, or stays
// there for ever.
func (l *looper) leaves(b *ssa.BasicBlock) bool {
	in := l.graph.StopsAt(b)
	if in == nil {
		switch b.Instrs[len(b.Instrs)-1].(type) {
		case *ssa.Return:
			return true
		case *ssa.Panic:
			return program.Recovers(l.fn)
		}
		return false
	}
	c, ok := in.(*ssa.Call)
	if !ok {
		return true // select {}
	}
	t := l.m.targets(c)
	if t.row != nil {
		return t.row.Kind == kb.KindRuntime || l.m.mod.InTest(c.Pos())
	}
	return t.fact != nil && len(t.fact.Waits) > 0 || slices.ContainsFunc(t.fns, func(f *ssa.Function) bool { return len(l.m.events(f).waits) > 0 })
}

// visit judges the cycles among the blocks that are kept, and what is left of
// them without the blocks that end them.
func (l *looper) visit(within []*ssa.BasicBlock, keep func(*ssa.BasicBlock) bool) {
	for _, comp := range l.graph.CyclesIn(within, keep) {
		l.cycle(comp)
	}
}

func (l *looper) cycle(comp []*ssa.BasicBlock) {
	l.comp = comp
	in := make(map[*ssa.BasicBlock]bool, len(comp))
	for _, b := range comp {
		in[b] = true
	}
	head := comp[0]
	for _, b := range comp {
		if b.Dominates(head) {
			head = b
		}
	}
	without := func(drop map[*ssa.BasicBlock]bool) func(*ssa.BasicBlock) bool {
		return func(b *ssa.BasicBlock) bool { return in[b] && !drop[b] }
	}
	drop := map[*ssa.BasicBlock]bool{head: true}
	if l.bounded(comp) {
		l.visit(comp, without(drop))
		return
	}
	checks, data := l.exits(comp, in)
	cover := l.covering(checks, without, head)
	w := &Wait{Op: WaitLoop, Fn: l.fn, Head: head, Pos: l.position(comp, head)}
	switch {
	case len(cover) > 0:
		for _, b := range cover {
			w.Wakes = append(w.Wakes, checks[b]...)
			drop[b] = true
		}
		l.waits = append(l.waits, w)
	case l.covered(usable(checks), without, head):
		for _, b := range usable(checks) {
			x := *w
			x.Wakes = checks[b]
			l.waits = append(l.waits, &x)
			drop[b] = true
		}
	default:
		w.Wakes = l.otherwise(comp, in, checks, data)
		l.waits = append(l.waits, w)
	}
	l.visit(comp, without(drop))
}

// usable returns the blocks whose exit may be taken because of a stop.
func usable(checks map[*ssa.BasicBlock][]Wake) []*ssa.BasicBlock {
	var bs []*ssa.BasicBlock
	for b, wakes := range checks {
		if slices.ContainsFunc(wakes, func(k Wake) bool { return k.Param != nil || k.stops() || k.Level == Itself }) {
			bs = append(bs, b)
		}
	}
	slices.SortFunc(bs, func(a, b *ssa.BasicBlock) int { return a.Index - b.Index })
	return bs
}

// covering returns the blocks with a usable exit that every round passes.
func (l *looper) covering(checks map[*ssa.BasicBlock][]Wake, without func(map[*ssa.BasicBlock]bool) func(*ssa.BasicBlock) bool, head *ssa.BasicBlock) []*ssa.BasicBlock {
	var cover []*ssa.BasicBlock
	for _, b := range usable(checks)[:min(len(usable(checks)), maxPartners)] {
		if b == head || l.covered([]*ssa.BasicBlock{b}, without, head) {
			cover = append(cover, b)
		}
	}
	return cover
}

// covered reports whether every round through the head passes one of the blocks.
func (l *looper) covered(bs []*ssa.BasicBlock, without func(map[*ssa.BasicBlock]bool) func(*ssa.BasicBlock) bool, head *ssa.BasicBlock) bool {
	drop := make(map[*ssa.BasicBlock]bool)
	for _, b := range bs {
		drop[b] = true
	}
	for _, comp := range l.graph.CyclesIn(l.comp, without(drop)) {
		if slices.Contains(comp, head) {
			return false
		}
	}
	return len(bs) > 0
}

// otherwise returns the wakes of a loop that some round goes on with whoever asks
// it to stop: its data, or nothing.
func (l *looper) otherwise(comp []*ssa.BasicBlock, in map[*ssa.BasicBlock]bool, checks map[*ssa.BasicBlock][]Wake, data bool) []Wake {
	var wakes []Wake
	bs := make([]*ssa.BasicBlock, 0, len(checks))
	for b := range checks {
		bs = append(bs, b)
	}
	slices.SortFunc(bs, func(a, b *ssa.BasicBlock) int { return a.Index - b.Index })
	for _, b := range bs {
		for _, k := range checks[b] {
			if k.Param == nil && !k.stops() && k.Level != Itself {
				wakes = append(wakes, k)
			} else {
				data = true // it is a way out of some rounds
			}
		}
	}
	switch {
	case data && l.computes(comp, in):
		wakes = append(wakes, Wake{Action: ByData, Level: Itself})
	case data:
		wakes = append(wakes, Wake{Action: ByData, Level: Unclear, Why: DataDecide})
	case len(wakes) == 0:
		wakes = append(wakes, Wake{Action: ByData, Level: Never, Why: NoExit})
	}
	return wakes
}

// exits returns the blocks of the cycle with an edge out that is taken because
// of something outside, and whether there are other edges out.
func (l *looper) exits(comp []*ssa.BasicBlock, in map[*ssa.BasicBlock]bool) (checks map[*ssa.BasicBlock][]Wake, data bool) {
	checks = make(map[*ssa.BasicBlock][]Wake)
	for _, b := range comp {
		for i, to := range b.Succs {
			if !slices.Contains(l.graph.Succs(b), to) {
				continue
			}
			if in[to] {
				if flow.Condition(b) == nil {
					continue
				}
				if !l.leads(b, to, in) {
					if err := failed(b, i); err != nil && l.leavesOn(err, b, to, in) {
						checks[b] = append(checks[b], l.m.failure(err, 4)...)
					}
					continue
				}
				if sel, k := flow.SelectCase(b, i); sel != nil && k < len(sel.States) {
					checks[sel.Block()] = append(checks[sel.Block()], l.caseWakes(sel, k)...)
				} else if ws := l.m.causes(l.spot(b), flow.Condition(b), i == 0, 3); len(ws) > 0 {
					checks[b] = append(checks[b], ws...)
				}
				continue
			}
			if !l.alive[to.Index] {
				continue
			}
			l.exit(b, i, in, checks, &data)
		}
	}
	return checks, data
}

func (l *looper) spot(b *ssa.BasicBlock) spot {
	last := b.Instrs[len(b.Instrs)-1]
	pos := last.Pos()
	if c, ok := flow.Condition(b).(ssa.Instruction); ok && c.Pos().IsValid() {
		pos = c.Pos()
	}
	return spot{l.fn, last, pos}
}

// exit notes one edge out of the cycle.
func (l *looper) exit(b *ssa.BasicBlock, i int, in map[*ssa.BasicBlock]bool, checks map[*ssa.BasicBlock][]Wake, data *bool) {
	to := b.Succs[i]
	if sel, k := flow.SelectCase(b, i); sel != nil && k < len(sel.States) {
		at := b
		if in[sel.Block()] {
			at = sel.Block()
		}
		checks[at] = append(checks[at], l.caseWakes(sel, k)...)
		return
	}
	if sel, _ := flow.SelectCase(b, 0); sel != nil && i == 1 {
		if next, _ := flow.SelectCase(to, 0); next == sel { // the cases that follow all leave
			l.exit(to, 0, in, checks, data)
			l.exit(to, 1, in, checks, data)
			return
		}
		if sel.Blocking {
			return // there is no other case
		}
		if l.drains(sel) {
			at := b
			if in[sel.Block()] {
				at = sel.Block()
			}
			checks[at] = append(checks[at], Wake{Action: ByData, Level: Itself})
			return
		}
	}
	if recv := flow.RangeExit(b, i); recv != nil {
		checks[b] = append(checks[b], l.m.closed(spotOf(recv), recv.X, l.m.mod.Syn.Channel(recv.Pos())))
		return
	}
	if ws := l.m.causes(l.spot(b), flow.Condition(b), i == 0, 3); len(ws) > 0 {
		checks[b] = append(checks[b], ws...)
		return
	}
	*data = true
}

// drains reports whether the select, which has a default, takes what is there and
// then goes on with its default: no channel of it is closed, after which there
// would always be something.
func (l *looper) drains(sel *ssa.Select) bool {
	for _, st := range sel.States {
		if st.Dir == types.RecvOnly && len(l.m.mod.Graph.Class(l.m.mod.Base, st.Chan).Has(signal.Close)) > 0 {
			return false
		}
	}
	return true
}

// caseWakes returns what makes control take the case.
func (l *looper) caseWakes(sel *ssa.Select, k int) []Wake {
	st := sel.States[k]
	at := spotOf(sel)
	if st.Dir == types.SendOnly {
		x := l.m.received(at, st.Chan, st.Pos)
		if x.Level == Itself {
			x.Level, x.Why = Unclear, Partner // another case may always be taken
		}
		return []Wake{x}
	}
	return l.m.raisedBy(at, st.Chan, st.Pos)
}

// leads reports whether control leaves the cycle by the edge from b to the block,
// without another decision than such as constants make that were set on the way.
func (l *looper) leads(b, to *ssa.BasicBlock, in map[*ssa.BasicBlock]bool) bool {
	env := make(map[ssa.Value]*ssa.Const)
	prev := b
	for range 24 {
		if !in[to] {
			return l.alive[to.Index]
		}
		edge := slices.Index(to.Preds, prev)
		for _, x := range to.Instrs {
			phi, ok := x.(*ssa.Phi)
			if !ok {
				break
			}
			delete(env, phi)
			switch v := phi.Edges[edge].(type) {
			case *ssa.Const:
				env[phi] = v
			default:
				if k := env[v]; k != nil {
					env[phi] = k
				}
			}
		}
		prev = to
		switch x := to.Instrs[len(to.Instrs)-1].(type) {
		case *ssa.Jump:
			to = to.Succs[0]
		case *ssa.If:
			holds, ok := decided(x.Cond, env)
			if !ok {
				return false
			}
			to = to.Succs[1]
			if holds {
				to = prev.Succs[0]
			}
		default:
			return false
		}
	}
	return false
}

// failed returns the error that is known to be one on edge i of b, or nil.
func failed(b *ssa.BasicBlock, i int) ssa.Value {
	cmp, ok := flow.Condition(b).(*ssa.BinOp)
	if !ok || !code.IsError(cmp.X.Type()) || (cmp.Op == token.NEQ) != (i == 0) || cmp.Op != token.NEQ && cmp.Op != token.EQL {
		return nil
	}
	if k, ok := cmp.Y.(*ssa.Const); !ok || !k.IsNil() {
		return nil
	}
	return cmp.X
}

// leavesOn reports whether control leaves the cycle by way of the edge if the
// error says that a handle is closed: it is none that passes, and is that which
// the code asks for.
func (l *looper) leavesOn(err ssa.Value, b, to *ssa.BasicBlock, in map[*ssa.BasicBlock]bool) bool {
	seen := map[*ssa.BasicBlock]bool{to: true}
	work := []*ssa.BasicBlock{to}
	for len(work) > 0 {
		x := work[len(work)-1]
		work = work[:len(work)-1]
		if !in[x] {
			if !l.alive[x.Index] {
				return false
			}
			continue
		}
		if x == b || len(seen) > 40 || x.Dominates(b) {
			return false // it goes round
		}
		next := l.graph.Succs(x)
		if cond, want := flow.Positive(flow.Condition(x)); cond != nil {
			if holds, ok := l.m.saysOfError(cond, err); ok {
				next = x.Succs[1:2]
				if holds == want {
					next = x.Succs[:1]
				}
			}
		}
		for _, s := range next {
			if !seen[s] {
				seen[s] = true
				work = append(work, s)
			}
		}
	}
	return true
}

// saysOfError returns what a question about the error of a closed handle is
// answered: a method of it that asks whether it passes says no, a comparison with
// the error that says so says yes.
func (m *matcher) saysOfError(cond, err ssa.Value) (holds, ok bool) {
	c, isCall := cond.(*ssa.Call)
	if !isCall {
		return false, false
	}
	if c.Call.IsInvoke() {
		return false, derives(c.Call.Value, err, 6)
	}
	if e, known := signal.Entry(m.mod.Base, &c.Call); known && e.Effect == kb.ErrorIs && len(c.Call.Args) == 2 && derives(c.Call.Args[0], err, 6) {
		return true, len(m.isEnd(c)) > 0
	}
	return false, false
}

// derives reports whether v is the error, perhaps asserted to another type.
func derives(v, err ssa.Value, depth int) bool {
	if v == err || depth == 0 {
		return v == err
	}
	switch v := v.(type) {
	case *ssa.Extract:
		return derives(v.Tuple, err, depth-1)
	case *ssa.TypeAssert:
		return derives(v.X, err, depth-1)
	case *ssa.ChangeInterface:
		return derives(v.X, err, depth-1)
	case *ssa.MakeInterface:
		return derives(v.X, err, depth-1)
	}
	return false
}

// decided returns the value of a condition that constants decide.
func decided(cond ssa.Value, env map[ssa.Value]*ssa.Const) (holds, ok bool) {
	cond, want := flow.Positive(cond)
	k, isConst := cond.(*ssa.Const)
	if !isConst {
		k = env[cond]
	}
	if k == nil || k.Value == nil || !code.IsBool(k.Type()) {
		return false, false
	}
	return (k.Value.String() == "true") == want, true
}

// position returns where the loop of the blocks stands.
func (l *looper) position(comp []*ssa.BasicBlock, head *ssa.BasicBlock) token.Pos {
	if stmt := l.m.mod.Syn.Loop(l.fn, comp); stmt != nil {
		return stmt.Pos()
	}
	for _, b := range append([]*ssa.BasicBlock{head}, comp...) {
		for _, in := range b.Instrs {
			if _, phi := in.(*ssa.Phi); !phi && in.Pos().IsValid() {
				return in.Pos()
			}
		}
	}
	return l.fn.Pos()
}

// bounded reports whether the loop counts, or goes over what there is.
func (l *looper) bounded(comp []*ssa.BasicBlock) bool {
	mod := l.m.mod
	switch s := mod.Syn.Loop(l.fn, comp).(type) {
	case *ast.RangeStmt:
		t := mod.Info.TypeOf(s.X)
		if t == nil {
			return false
		}
		switch t.Underlying().(type) {
		case *types.Chan, *types.Signature:
			return false
		}
		return l.holdsStmt(comp, s)
	case *ast.ForStmt:
		return s.Cond != nil && s.Post != nil && mod.compares(s.Cond, s.Post)
	}
	return false
}

// holdsStmt reports whether the cycle is the loop of the statement, not one that
// a goto or a label makes around it.
func (l *looper) holdsStmt(comp []*ssa.BasicBlock, s *ast.RangeStmt) bool {
	return slices.ContainsFunc(comp, func(b *ssa.BasicBlock) bool {
		switch b.Comment {
		case "rangeindex.loop", "rangeiter.loop", "rangeint.loop", "rangeint.body":
			return true
		}
		return false
	})
}

// compares reports whether the condition of a loop compares what its post
// statement changes.
func (mod *Model) compares(cond ast.Expr, post ast.Stmt) bool {
	var changed []types.Object
	note := func(e ast.Expr) {
		if id, ok := ast.Unparen(e).(*ast.Ident); ok {
			changed = append(changed, mod.Info.ObjectOf(id))
		}
	}
	switch s := post.(type) {
	case *ast.IncDecStmt:
		note(s.X)
	case *ast.AssignStmt:
		for _, e := range s.Lhs {
			note(e)
		}
	}
	found := false
	ast.Inspect(cond, func(n ast.Node) bool {
		cmp, ok := n.(*ast.BinaryExpr)
		if !ok || cmp.Op == token.LAND || cmp.Op == token.LOR {
			_, paren := n.(*ast.ParenExpr)
			return ok && cmp.Op == token.LAND || paren
		}
		for _, side := range []ast.Expr{cmp.X, cmp.Y} {
			ast.Inspect(side, func(n ast.Node) bool {
				if id, ok := n.(*ast.Ident); ok {
					found = found || slices.Contains(changed, mod.Info.ObjectOf(id)) && mod.Info.ObjectOf(id) != nil
				}
				return true
			})
		}
		return false
	})
	return found
}

// computes reports whether the loop only computes: nothing in it waits, and what
// ends it changes from round to round.
func (l *looper) computes(comp []*ssa.BasicBlock, in map[*ssa.BasicBlock]bool) bool {
	for _, b := range comp {
		for _, x := range b.Instrs {
			switch x := x.(type) {
			case *ssa.Send, *ssa.Select, *ssa.Go:
				return false
			case *ssa.UnOp:
				if x.Op == token.ARROW {
					return false
				}
			case ssa.CallInstruction:
				if !l.m.passes(x) {
					return false
				}
			}
		}
	}
	for _, b := range comp {
		for _, to := range b.Succs {
			if !in[to] && l.alive[to.Index] && l.varies(flow.Condition(b), in, 6) {
				return true
			}
		}
	}
	return false
}

// brief reports whether the call does not wait, not even for a time, and all that
// it runs was read.
func (m *matcher) brief(in ssa.CallInstruction) bool {
	t := m.targets(in)
	return !t.unread && t.param == nil && m.passes(in) && !slices.ContainsFunc(t.fns, func(f *ssa.Function) bool { return len(m.events(f).waits) > 0 })
}

// passes reports whether the call does not wait, not even for a time, as far as
// what it runs was read.
func (m *matcher) passes(in ssa.CallInstruction) bool {
	t := m.targets(in)
	if t.fact != nil && (t.fact.More || slices.ContainsFunc(t.fact.Waits, func(w summary.Wait) bool { return w.Op != uint8(WaitUnread) })) {
		return false
	}
	if t.row != nil {
		switch t.row.Effect {
		case kb.Blocks, kb.Passes:
			return false
		case kb.Bounded:
			return t.row.Kind != kb.KindSleep
		}
	}
	return !slices.ContainsFunc(t.fns, func(f *ssa.Function) bool {
		e := m.events(f)
		return e.more || slices.ContainsFunc(e.waits, func(w *Wait) bool { return w.Op != WaitUnread })
	})
}

// varies reports whether the condition is computed from what a round of the loop
// changes.
func (l *looper) varies(v ssa.Value, in map[*ssa.BasicBlock]bool, depth int) bool {
	x, ok := v.(ssa.Instruction)
	if !ok || depth == 0 || !in[x.Block()] {
		return false
	}
	switch x := x.(type) {
	case *ssa.Phi, *ssa.Next, *ssa.Alloc:
		return true
	case *ssa.UnOp:
		if x.Op == token.MUL && l.storesIn(x.X, in) {
			return true
		}
	case *ssa.Call:
		if e, ok := signal.Entry(l.m.mod.Base, &x.Call); ok {
			return e.Effect == kb.FlagStore // compare and swap
		}
		if b, ok := x.Call.Value.(*ssa.Builtin); !ok || b.Name() != "len" && b.Name() != "cap" {
			t := l.m.targets(x)
			if len(t.fns) == 0 && !t.unread && t.param == nil {
				return true // of another package: a scanner, an iterator
			}
			for _, f := range t.fns {
				if alters(f) {
					return true
				}
			}
		}
	}
	var buf [8]*ssa.Value
	for _, op := range x.Operands(buf[:0]) {
		if *op != nil && l.varies(*op, in, depth-1) {
			return true
		}
	}
	return false
}

// alters reports whether the function stores something.
func alters(fn *ssa.Function) bool {
	for _, b := range fn.Blocks {
		for _, in := range b.Instrs {
			switch in := in.(type) {
			case *ssa.Store:
				if _, local := in.Addr.(*ssa.Alloc); !local {
					return true
				}
			case *ssa.MapUpdate:
				return true
			case *ssa.Call:
				if b, ok := in.Call.Value.(*ssa.Builtin); ok && b.Name() == "delete" {
					return true
				}
			}
		}
	}
	return false
}

// storesIn reports whether a round of the loop stores at an address like this.
func (l *looper) storesIn(addr ssa.Value, in map[*ssa.BasicBlock]bool) bool {
	for b := range in {
		for _, x := range b.Instrs {
			switch x := x.(type) {
			case *ssa.Store:
				if x.Addr == addr || sameCell(x.Addr, addr) {
					return true
				}
			case *ssa.Call:
				if fns, _ := l.m.mod.Graph.Callees(x); slices.ContainsFunc(fns, alters) {
					return true
				}
			}
		}
	}
	return false
}

// sameCell reports whether two addresses are of the same field, or both of
// elements.
func sameCell(a, b ssa.Value) bool {
	if x, ok := a.(*ssa.FieldAddr); ok {
		y, ok := b.(*ssa.FieldAddr)
		return ok && x.Field == y.Field && types.Identical(x.X.Type(), y.X.Type())
	}
	if _, ok := a.(*ssa.IndexAddr); ok {
		_, ok := b.(*ssa.IndexAddr)
		return ok
	}
	return false
}
