package standstill

import (
	"go/token"
	"go/types"
	"slices"

	"golang.org/x/tools/go/ssa"

	"github.com/killcheck/killcheck/analyzer/code"
	"github.com/killcheck/killcheck/analyzer/flow"
	"github.com/killcheck/killcheck/analyzer/group"
	"github.com/killcheck/killcheck/analyzer/kb"
	"github.com/killcheck/killcheck/analyzer/program"
	"github.com/killcheck/killcheck/analyzer/signal"
	"github.com/killcheck/killcheck/analyzer/spawn"
)

// A world is one run of a function with the goroutines that it starts, and the
// channels, contexts, groups and locks that the run makes, keeps, and alone works on. What
// it does with these is a graph of nodes; all else that it does takes no time and
// may go either way.
type world struct {
	ct      *group.Groups
	ops     map[*ssa.Function][]syncOp
	root    *ssa.Function
	fns     []*ssa.Function // that the run comes to
	objects []object
	acts    map[ssa.Instruction]act  // what an instruction does with the objects; of cases see cases
	cases   map[*ssa.Select][]int    // the object of each case, or none
	makes   map[ssa.Instruction]bool // what makes the objects, and whether a node stands for it
	weighty map[*ssa.Function]bool   // functions that do such things, or call such
	nodes   []node
	entries []int      // where the processes begin, the root first
	asked   []question // what branches ask that may be either way whatever the run has done
	ways    map[*ssa.Function]*flow.Paths
	failed  bool // something is done that the graph cannot say
}

// An object is a channel, a context, a group or a lock.
type object struct {
	room int // of a channel
}

const none = -1

// An action is what a node does.
type action int8

const (
	pass     action = iota // nothing
	send                   // to an object
	receive                // from it
	choose                 // one of the cases
	raise                  // closes the channel, or cancels the context
	add                    // counts n more on the group
	join                   // waits until it counts none
	take                   // the lock
	release                // it
	start                  // process n
	branchOn               // goes by whether the last receive, of in, got a value
	halt                   // the process, or all of them, end otherwise
)

type act struct {
	do  action
	obj int
	n   int
}

type node struct {
	act
	in   ssa.Instruction
	next []arc
	yes  []arc    // of branchOn, if there was a value
	sel  []option // of choose
}

// An arc leads to a node. Its fork is twice the number of the question that has led there,
// and one more if the answer was no; or none.
type arc struct{ to, fork int }

// An option is a case of a select. One without an object can always be taken.
type option struct {
	obj   int
	sends bool
	told  bool // it is a stop that comes from elsewhere
	arc
}

// A question is a condition, or a case of a select. Where it is asked again its answer is
// the same.
type question struct {
	op   token.Token
	x    ssa.Value
	y    string
	pos  token.Pos
	once bool // it is asked in one place, and each time anew
}

// Bounds of a world.
const (
	mostFns   = 16
	mostNodes = 1200
	mostAsked = 8
	mostRoom  = 16
)

// newWorld returns the world of the function, or nil if it has none of which anything
// could be said.
func newWorld(ct *group.Groups, ops map[*ssa.Function][]syncOp, root *ssa.Function) *world {
	w := &world{ct: ct, ops: ops, root: root, acts: make(map[ssa.Instruction]act), cases: make(map[*ssa.Select][]int), weighty: make(map[*ssa.Function]bool), makes: make(map[ssa.Instruction]bool), ways: make(map[*ssa.Function]*flow.Paths)}
	if !w.collect(root, 5) || !w.starts() {
		return nil
	}
	w.findChannels()
	w.findGroups()
	if len(w.objects) == 0 {
		return nil
	}
	w.weigh()
	w.process(root, none)
	if w.failed {
		return nil
	}
	return w
}

// collect adds the functions that a run of fn comes to. It reports false if they are too
// many.
func (w *world) collect(fn *ssa.Function, depth int) bool {
	if slices.Contains(w.fns, fn) || depth == 0 {
		return true
	}
	if len(w.fns) == mostFns {
		return false
	}
	w.fns = append(w.fns, fn)
	for _, b := range fn.Blocks {
		for _, in := range b.Instrs {
			c, ok := in.(ssa.CallInstruction)
			if !ok {
				continue
			}
			for _, to := range w.comesTo(c) {
				if !w.collect(to, depth-1) {
					return false
				}
			}
		}
	}
	return true
}

// comesTo returns the functions that the call runs or starts.
func (w *world) comesTo(c ssa.CallInstruction) []*ssa.Function {
	var all []*ssa.Function
	for _, s := range w.ct.SiteIndex().By[c] {
		if s.Body != nil && len(s.Body.Blocks) > 0 {
			all = append(all, s.Body)
		}
	}
	if len(all) > 0 {
		return all
	}
	fns, _ := w.ct.Graph.Callees(c)
	for _, fn := range fns {
		if len(fn.Blocks) > 0 {
			all = append(all, fn)
		}
	}
	return append(all, w.callbacks(c)...)
}

// callbacks returns the literals that code which was not read runs in the call.
func (w *world) callbacks(c ssa.CallInstruction) []*ssa.Function {
	var all []*ssa.Function
	for _, a := range c.Common().Args {
		if m, ok := a.(*ssa.MakeClosure); ok {
			if fn := m.Fn.(*ssa.Function); w.ct.Callback(fn) == c {
				all = append(all, fn)
			}
		}
	}
	return all
}

// starts reports whether a goroutine starts in the world.
func (w *world) starts() bool {
	return slices.ContainsFunc(w.fns, func(fn *ssa.Function) bool { return len(w.ct.SiteIndex().In[fn]) > 0 })
}

func (w *world) has(fn *ssa.Function) bool { return slices.Contains(w.fns, fn) }

// hasAll reports whether all operations are done in the world.
func (w *world) hasAll(ops []group.SyncOp) bool {
	return !slices.ContainsFunc(ops, func(o group.SyncOp) bool { return !w.has(o.In.Parent()) })
}

// findChannels finds the channels and contexts of the world.
func (w *world) findChannels() {
	known := make(map[*signal.Class]int)
	object := func(ch ssa.Value) int {
		c := w.ct.Graph.Class(w.ct.Base, ch)
		obj, ok := known[c]
		if !ok {
			obj = w.channel(c)
			known[c] = obj
		}
		return obj
	}
	for _, fn := range w.fns {
		for _, b := range fn.Blocks {
			for _, in := range b.Instrs {
				do, ch := pass, ssa.Value(nil)
				switch in := in.(type) {
				case *ssa.Send:
					do, ch = send, in.Chan
				case *ssa.UnOp:
					if code.IsRecv(in) {
						do, ch = receive, in.X
					}
				case *ssa.Select:
					for _, s := range in.States {
						w.cases[in] = append(w.cases[in], object(s.Chan))
					}
				case ssa.CallInstruction:
					if bi, ok := in.Common().Value.(*ssa.Builtin); ok && bi.Name() == "close" {
						do, ch = raise, in.Common().Args[0]
					}
				}
				if ch == nil {
					continue
				}
				if obj := object(ch); obj != none {
					w.acts[in] = act{do: do, obj: obj}
				}
			}
		}
	}
}

// channel adds an object for the channels of the class, or the context of which they tell
// the end, if all that is done with it is done in the world, and it is one.
func (w *world) channel(c *signal.Class) int {
	if len(c.Contexts) == 1 && len(c.Makes)+len(c.Library) == 0 && !c.Nil && !c.Unknown {
		return w.context(c.Contexts[0])
	}
	if !c.Own() || len(c.Makes) != 1 || !w.madeHere(c.Makes[0]) || len(c.Has(signal.Send, signal.Close)) == 0 || len(c.Has(signal.Recv, signal.Range)) == 0 {
		return none
	}
	if slices.ContainsFunc(c.Ops(), func(o signal.Op) bool { return !w.has(o.Fn) }) {
		return none
	}
	room, ok := w.ct.Rooms(c)
	if !ok || room.Least != room.Most || room.Most > mostRoom {
		return none
	}
	return w.object(object{room: room.Most})
}

func (w *world) context(ctx ssa.Value) int {
	makes, open := w.ct.Graph.Origins(ctx)
	if open || len(makes) != 1 || !w.has(makes[0].Parent()) || w.ct.Looped(makes[0]) || !w.ct.Graph.Independent(w.ct.Base, ctx) {
		return none
	}
	calls, open := w.ct.Graph.Cancels(w.ct.Base, ctx)
	if open || len(calls) == 0 || slices.ContainsFunc(calls, func(c ssa.CallInstruction) bool { return !w.has(c.Parent()) }) {
		return none
	}
	w.makes[makes[0]] = false
	obj := w.object(object{})
	for _, c := range calls {
		if _, taken := w.acts[c]; taken {
			w.failed = true
		}
		w.acts[c] = act{do: raise, obj: obj}
	}
	return obj
}

func (w *world) object(o object) int {
	w.objects = append(w.objects, o)
	return len(w.objects) - 1
}

// madeHere reports whether each run makes the value once, and keeps it to itself.
func (w *world) madeHere(v ssa.Instruction) bool {
	if !w.has(v.Parent()) || w.ct.Looped(v) || w.ct.InHome(w.root, v) == nil {
		return false
	}
	w.makes[v] = false
	return true
}

// findGroups finds the wait groups and locks of the world. Where a condition variable is
// waited for, a lock is given back in the meantime.
func (w *world) findGroups() {
	s := w.ct.SyncIndex()
	known := make(map[program.LockClass]int)
	var ops []syncOp
	for _, fn := range w.fns {
		ops = append(ops, w.ops[fn]...)
	}
	slices.SortStableFunc(ops, func(a, b syncOp) int { return a.list - b.list })
	locks := !slices.ContainsFunc(ops, func(o syncOp) bool { return o.do == join && !w.joins(o.SyncOp) })
	for _, o := range ops {
		if o.do == join && !w.joins(o.SyncOp) || (o.do == take || o.do == release) && !locks {
			continue
		}
		obj, ok := known[o.Class]
		if !ok {
			obj = w.group(s, o.SyncOp)
			known[o.Class] = obj
		}
		if obj == none {
			continue
		}
		a := act{do: o.do, obj: obj, n: -1}
		if o.adds {
			k, isConst := o.In.Common().Args[1].(*ssa.Const)
			if !isConst || k.Value == nil {
				w.failed = true
				return
			}
			a.n = int(k.Int64())
		}
		w.acts[o.In] = a
	}
}

// A syncOp is what a function does with a group or lock.
type syncOp struct {
	group.SyncOp
	list int // the place among the lists, in which order they are looked at
	do   action
	adds bool
}

// syncOps returns what each function of the package does with groups and locks.
func syncOps(s *group.SyncOps) map[*ssa.Function][]syncOp {
	all := make(map[*ssa.Function][]syncOp)
	for i, list := range []struct {
		ops []group.SyncOp
		do  action
	}{{s.Waits, join}, {s.Dones, add}, {s.Adds, add}, {s.Locks, take}, {s.Unlocks, release}} {
		for _, o := range list.ops {
			fn := o.In.Parent()
			all[fn] = append(all[fn], syncOp{o, i, list.do, i == 2})
		}
	}
	return all
}

// joins reports whether the wait is one for a group.
func (w *world) joins(o group.SyncOp) bool {
	e, _ := signal.Entry(w.ct.Base, o.In.Common())
	return len(e.Wake(kb.Broadcast)) == 0
}

// group adds an object for the groups or locks of the class, if all that is done with it
// is done in the world, and it is one.
func (w *world) group(s *group.SyncOps, o group.SyncOp) int {
	for _, list := range []*[]group.SyncOp{&s.Waits, &s.Dones, &s.Adds, &s.Locks, &s.Unlocks} {
		ops, ok := s.On(list, o.Typ, o.Class)
		if !ok || !w.hasAll(ops) || slices.ContainsFunc(ops, func(o group.SyncOp) bool { return o.Reads }) {
			return none
		}
	}
	if len(s.Of(&s.Dones, o.Class))+len(s.Of(&s.Unlocks, o.Class)) == 0 {
		return none
	}
	made := w.holder(o.Class)
	if made == nil || replaced(made) || !w.madeHere(made) {
		return none
	}
	return w.object(object{})
}

// holder returns the one variable of the world that is of the class or holds it, or nil.
func (w *world) holder(c program.LockClass) *ssa.Alloc {
	if a, ok := c.Root.(*ssa.Alloc); ok {
		return a
	}
	if c.Owner == nil {
		return nil
	}
	for _, v := range w.root.Params {
		if code.TypeName(v.Type()) == c.Owner {
			return nil
		}
	}
	for _, v := range w.root.FreeVars {
		if t := code.TypeName(v.Type()); t == c.Owner || t == nil {
			return nil
		}
	}
	var one *ssa.Alloc
	for _, fn := range w.fns {
		for _, b := range fn.Blocks {
			for _, in := range b.Instrs {
				switch in := in.(type) {
				case *ssa.Alloc:
					if _, isStruct := in.Type().(*types.Pointer).Elem().Underlying().(*types.Struct); !isStruct || code.TypeName(in.Type()) != c.Owner {
						continue
					}
					if one != nil {
						return nil
					}
					one = in
				case *ssa.Call: // it comes from elsewhere
					if to := in.Call.StaticCallee(); code.TypeName(in.Type()) == c.Owner && (to == nil || !w.has(to)) {
						return nil
					}
				}
			}
		}
	}
	return one
}

// replaced reports whether something is stored in the place of the whole variable.
func replaced(a *ssa.Alloc) bool {
	return slices.ContainsFunc(*a.Referrers(), func(r ssa.Instruction) bool {
		s, ok := r.(*ssa.Store)
		return ok && s.Addr == ssa.Value(a)
	})
}

// weigh finds the functions that do something with the objects, or start a goroutine.
func (w *world) weigh() {
	for changed := true; changed; {
		changed = false
		for _, fn := range w.fns {
			if !w.weighty[fn] && w.weighs(fn) {
				w.weighty[fn], changed = true, true
			}
		}
	}
}

func (w *world) weighs(fn *ssa.Function) bool {
	for _, b := range fn.Blocks {
		for _, in := range b.Instrs {
			if _, ok := w.acts[in]; ok {
				return true
			}
			if sel, ok := in.(*ssa.Select); ok && slices.ContainsFunc(w.cases[sel], func(obj int) bool { return obj != none }) {
				return true
			}
			if c, ok := in.(ssa.CallInstruction); ok && slices.ContainsFunc(w.comesTo(c), func(to *ssa.Function) bool { return w.weighty[to] }) {
				return true
			}
		}
	}
	return false
}

// process adds the nodes of a process that runs fn, and returns its number. When it is
// over, the group counts one less.
func (w *world) process(fn *ssa.Function, group int) int {
	n := len(w.entries)
	w.entries = append(w.entries, none)
	end := w.node(node{act: act{do: halt, obj: none, n: n}})
	if group != none {
		end = w.node(node{act: act{do: add, obj: group, n: -1}, next: []arc{{end, none}}})
	}
	w.entries[n] = w.function(&frame{fn: fn, process: n, end: end})
	return n
}

func (w *world) node(n node) int {
	if len(w.nodes) == mostNodes {
		w.failed = true
		return 0
	}
	w.nodes = append(w.nodes, n)
	return len(w.nodes) - 1
}

// then adds a node behind the one at which control is.
func (w *world) then(at *int, n node) {
	next := w.node(n)
	w.nodes[*at].next = append(w.nodes[*at].next, arc{next, none})
	*at = next
}

// A frame is one run of a function in a process.
type frame struct {
	fn      *ssa.Function
	from    *frame
	process int
	looped  bool // it may run again
	ways    *flow.Paths
	nodes   map[flow.State]int
	end     int // where control comes when it returns
}

// function adds the nodes of the function, behind which control comes to the end, and
// returns the first.
func (w *world) function(f *frame) int {
	for x := f.from; x != nil; x = x.from {
		if x.fn == f.fn {
			w.failed = true // it calls itself
			return f.end
		}
	}
	if f.ways = w.ways[f.fn]; f.ways == nil {
		f.ways = flow.NewPaths(w.ct.PlainGraph(f.fn), flow.Flags{})
		w.ways[f.fn] = f.ways
	}
	f.nodes = make(map[flow.State]int)
	for _, b := range f.fn.Blocks {
		for _, in := range b.Instrs {
			if again, ok := w.makes[in]; ok {
				w.failed = w.failed || again || f.looped
				w.makes[in] = true
			}
		}
		for _, s := range f.ways.At(b) {
			f.nodes[s] = w.node(node{act: act{obj: none}})
		}
	}
	for _, b := range f.fn.Blocks {
		for _, s := range f.ways.At(b) {
			if w.failed {
				return f.end
			}
			w.block(f, s)
		}
	}
	return f.nodes[f.ways.At(f.fn.Blocks[0])[0]]
}

// block adds what the block does where control comes to it in this state.
func (w *world) block(f *frame, s flow.State) {
	at := f.nodes[s]
	stops := w.ct.PlainGraph(f.fn).StopsAt(s.Block)
	for _, in := range s.Block.Instrs {
		if in == stops {
			w.then(&at, node{act: act{do: halt, obj: none, n: none}})
			return
		}
		switch x := in.(type) {
		case *ssa.Select:
			if w.selects(f, s, x, &at) {
				return
			}
			continue
		case *ssa.Defer:
			continue
		case *ssa.RunDefers:
			w.deferred(f, s.Block, &at)
			continue
		case *ssa.Return:
			w.nodes[at].next = append(w.nodes[at].next, arc{f.end, none})
			return
		case *ssa.Panic:
			w.then(&at, node{act: act{do: halt, obj: none, n: none}})
			return
		}
		if c, ok := in.(ssa.CallInstruction); ok {
			w.call(f, c, w.ct.Looped(in), &at)
		} else if a, ok := w.acts[in]; ok {
			w.then(&at, node{act: a, in: in})
		}
	}
	w.branch(f, s, at)
}

// branch leads from the end of the block to what follows it.
func (w *world) branch(f *frame, s flow.State, at int) {
	cond, want := flow.Positive(flow.Condition(s.Block))
	if x, ok := cond.(*ssa.Extract); ok && x.Index == 1 {
		if recv, ok := x.Tuple.(ssa.Instruction); ok && w.receives(recv) {
			n := node{act: act{do: branchOn, obj: none}, in: recv}
			for _, next := range f.ways.Succs(s) {
				a := arc{f.nodes[next.State], none}
				if (next.Edge == 0) == want {
					n.yes = append(n.yes, a)
				} else {
					n.next = append(n.next, a)
				}
			}
			w.then(&at, n)
			return
		}
	}
	asks := none
	if f.process == 0 && (f.from == nil || f.fn.Parent() == w.root) {
		asks = w.asks(s.Block, cond, &want)
	}
	for _, next := range f.ways.Succs(s) {
		a := arc{f.nodes[next.State], none}
		if asks != none {
			if a.fork = 2 * asks; (next.Edge == 0) != want {
				a.fork++
			}
		}
		w.nodes[at].next = append(w.nodes[at].next, a)
	}
}

// receives reports whether the instruction receives from an object, or may do so.
func (w *world) receives(in ssa.Instruction) bool {
	if sel, ok := in.(*ssa.Select); ok {
		return slices.ContainsFunc(w.cases[sel], func(obj int) bool { return obj != none })
	}
	return w.acts[in].do == receive
}

// asks returns the number of the question that the condition asks, and sets the answer by
// which the first way is taken.
func (w *world) asks(b *ssa.BasicBlock, cond ssa.Value, want *bool) int {
	if cond == nil || !w.free(cond, 6) {
		return none
	}
	q := question{x: w.origin(cond), pos: cond.Pos(), once: w.ct.Looped(b.Instrs[len(b.Instrs)-1])}
	if cmp, ok := q.x.(*ssa.BinOp); ok {
		if k, isConst := cmp.Y.(*ssa.Const); isConst {
			if cmp.Op == token.NEQ {
				*want = !*want
				q.op = token.EQL
			} else {
				q.op = cmp.Op
			}
			q.x, q.y = w.origin(cmp.X), k.String()
		}
	}
	return w.question(q)
}

// question returns the number of the question, or none if there are too many.
func (w *world) question(q question) int {
	if !q.once {
		for i, o := range w.asked {
			if !o.once && o.op == q.op && o.x == q.x && o.y == q.y {
				return i
			}
		}
	}
	if len(w.asked) == mostAsked || !q.pos.IsValid() {
		return none
	}
	w.asked = append(w.asked, q)
	return len(w.asked) - 1
}

// origin returns the value that a variable which is set once holds.
func (w *world) origin(v ssa.Value) ssa.Value {
	for range 6 {
		load, ok := v.(*ssa.UnOp)
		if !ok || load.Op != token.MUL {
			break
		}
		cell, _ := w.ct.Cell(load.X, nil)
		if cell == nil {
			break
		}
		s := w.ct.OnlyStored(cell)
		if s == nil {
			break
		}
		v = s
	}
	return v
}

// free reports whether the value depends on nothing that the run has done with the
// objects: on what the function is given, and on calls that have to do with none of them.
func (w *world) free(v ssa.Value, depth int) bool {
	if depth == 0 {
		return false
	}
	v = w.origin(v)
	switch v := v.(type) {
	case *ssa.Const:
		return true
	case *ssa.Parameter:
		return v.Parent() == w.root
	case *ssa.BinOp:
		if _, param := w.origin(v.X).(*ssa.Parameter); code.IsNil(v.Y) && !param && !code.IsError(v.X.Type()) {
			return false // what is made is there
		}
		return w.free(v.X, depth-1) && w.free(v.Y, depth-1)
	case *ssa.Extract:
		return w.free(v.Tuple, depth-1)
	case *ssa.Call:
		fn := v.Call.StaticCallee()
		return fn != nil && !w.weighty[fn] && v.Parent() == w.root && !slices.ContainsFunc(v.Call.Args, func(a ssa.Value) bool { return !w.free(a, depth-1) })
	case *ssa.UnOp:
		return v.Op != token.MUL && v.Op != token.ARROW && w.free(v.X, depth-1)
	}
	return false
}

// selects adds a select that has to do with the objects. It reports whether there is one.
func (w *world) selects(f *frame, s flow.State, sel *ssa.Select, at *int) bool {
	if len(sel.States) == 0 {
		w.then(at, node{act: act{do: halt, obj: none, n: none}})
		return true
	}
	if !w.receives(sel) {
		return false
	}
	n := node{act: act{do: choose, obj: none}, in: sel}
	for k, c := range sel.States {
		to, ok := w.caseState(f, s, sel, k)
		if !ok {
			continue
		}
		o := option{obj: w.cases[sel][k], sends: c.Dir == types.SendOnly, arc: arc{f.nodes[to], none}}
		if o.obj == none && !o.sends {
			if w.ct.Timed(c.Chan) {
				if q := w.question(question{x: sel, pos: c.Pos, once: true}); q != none && f.process == 0 {
					o.fork = 2 * q
				}
			} else {
				o.told = true
			}
		}
		n.sel = append(n.sel, o)
	}
	if !sel.Blocking {
		if to, ok := w.caseState(f, s, sel, len(sel.States)); ok {
			n.sel = append(n.sel, option{obj: none, arc: arc{f.nodes[to], none}})
		}
	}
	w.then(at, n)
	return true
}

// caseState returns the state in which control goes on by case k of the select, or behind
// all of them.
func (w *world) caseState(f *frame, s flow.State, sel *ssa.Select, k int) (flow.State, bool) {
	for n := 0; ; n++ { // one test after the other, and then perhaps the select again
		tested, i := flow.SelectCase(s.Block, 0)
		if tested != sel || i != n {
			return s, k == len(sel.States)
		}
		edge := 1
		if i == k {
			edge = 0
		}
		next := slices.IndexFunc(f.ways.Succs(s), func(n flow.Next) bool { return n.Edge == edge })
		if next < 0 {
			return s, false
		}
		if s = f.ways.Succs(s)[next].State; i == k {
			return s, true
		}
	}
}

// deferred adds what is deferred, where the function returns by the block.
func (w *world) deferred(f *frame, b *ssa.BasicBlock, at *int) {
	var all []*ssa.Defer
	for d := range code.Defers(f.fn) {
		all = append(all, d)
	}
	slices.Reverse(all)
	for _, d := range all {
		_, acts := w.acts[d]
		if !acts && !slices.ContainsFunc(w.comesTo(d), func(to *ssa.Function) bool { return w.weighty[to] }) {
			continue
		}
		if !d.Block().Dominates(b) || w.ct.Looped(d) {
			w.failed = true
			return
		}
		w.call(f, d, false, at)
	}
}

// call adds what the call does with the objects.
func (w *world) call(f *frame, c ssa.CallInstruction, looped bool, at *int) {
	looped = looped || f.looped
	sites := w.ct.SiteIndex().By[c]
	a, acts := w.acts[c]
	if _, isGo := c.(*ssa.Go); isGo && acts {
		w.later(c, a, looped, at)
		return
	}
	if len(sites) == 0 && acts {
		w.then(at, node{act: a, in: c})
		return
	}
	if len(sites) > 0 && sites[0].Body != nil && len(sites[0].Body.Blocks) > 0 {
		w.starting(f, c, sites, looped, at)
		return
	}
	if _, isGo := c.(*ssa.Go); isGo {
		return
	}
	fns := slices.DeleteFunc(w.comesTo(c), func(to *ssa.Function) bool { return !w.weighty[to] })
	if len(fns) == 0 {
		return
	}
	_, open := w.ct.Graph.Callees(c)
	after := w.node(node{act: act{obj: none}})
	for _, to := range fns {
		entry := w.function(&frame{fn: to, from: f, process: f.process, looped: looped, end: after})
		w.nodes[*at].next = append(w.nodes[*at].next, arc{entry, none})
	}
	if open || len(fns) != len(w.comesTo(c)) || len(w.callbacks(c)) > 0 {
		w.nodes[*at].next = append(w.nodes[*at].next, arc{after, none})
	}
	*at = after
}

// starting adds the start of a goroutine.
func (w *world) starting(f *frame, c ssa.CallInstruction, sites []*spawn.Site, looped bool, at *int) {
	s := sites[0]
	if !w.weighty[s.Body] && !s.Join {
		return
	}
	later := s.Once && s.Kind == spawn.Call
	if looped || len(sites) > 1 || !later && !w.ct.StartsOne(s) {
		w.failed = true
		return
	}
	group := none
	if a, ok := w.acts[c]; ok {
		group = a.obj
		w.then(at, node{act: act{do: add, obj: group, n: 1}})
	}
	before := *at
	w.then(at, node{act: act{do: start, obj: none, n: w.process(s.Body, group)}, in: c})
	w.then(at, node{act: act{obj: none}})
	if later && !w.surely(c) {
		w.nodes[before].next = append(w.nodes[before].next, arc{*at, none})
	}
}

// later adds a process that does what the go statement calls.
func (w *world) later(c ssa.CallInstruction, a act, looped bool, at *int) {
	n := len(w.entries)
	end := w.node(node{act: act{do: halt, obj: none, n: n}})
	w.entries = append(w.entries, w.node(node{act: a, in: c, next: []arc{{end, none}}}))
	w.failed = w.failed || looped
	w.then(at, node{act: act{do: start, obj: none, n: n}, in: c})
}

// surely reports whether what the library starts later is sure to start: by time alone, and
// nobody can call that off.
func (w *world) surely(c ssa.CallInstruction) bool {
	e, ok := signal.Entry(w.ct.Base, c.Common())
	call, isCall := c.(*ssa.Call)
	return ok && isCall && e.Carries.Where == kb.Nowhere && len(*call.Referrers()) == 0
}
