package join

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
)

// EndedBefore reports whether the goroutine has come to its end whenever somebody
// raises the stop: on every way to each raise it is waited for, or it does that itself,
// at its end. It uses the channel in
// the frame; its partner, who runs the function until that stop, is there as long as it
// is. A wait that the partner makes itself does not count: the two would
// wait for each other.
func (ct *Endings) EndedBefore(g *program.Goroutine, f *program.Frame, ch, stop ssa.Value, partner *ssa.Function) bool {
	ins, open := ct.Raises(stop)
	if open || len(ins) == 0 || g.Site.Body == nil {
		return false
	}
	j := ct.newJoins(g)
	j.with = partner
	for _, r := range ct.Running(ct.Goroutines, partner) {
		j.not = append(j.not, r.G)
	}
	if j.owner = fieldOwner(stop); j.owner != nil {
		j.object = ct.objectOf(f, ch, j.owner)
	}
	found := false
	for _, in := range ins {
		if ct.InTest(in.Pos()) && !ct.InTest(g.Site.Pos) {
			continue // a test ends what it has made
		}
		if !j.atEnd(in, f) && !j.before(in, mostCalls) {
			return false
		}
		found = true
	}
	return found
}

// atEnd reports whether the instruction is a close that the goroutine does at its end,
// of a channel of the same object as the one that it uses in the frame.
func (j *joins) atEnd(in ssa.Instruction, f *program.Frame) bool {
	c, ok := in.(ssa.CallInstruction)
	if !ok || in.Parent() != j.g.Site.Body || !j.last(in) {
		return false
	}
	if b, ok := c.Common().Value.(*ssa.Builtin); !ok || b.Name() != "close" {
		return false
	}
	for ; f != nil; f = f.From {
		if _, ok := f.Call.(*ssa.Defer); ok {
			return false // that may come later
		}
	}
	return j.owner == nil || j.object != program.LockClass{} && j.object == j.ct.objectOf(j.g.Frames[0], c.Common().Args[0], j.owner)
}

// mostCalls is how many calls and goroutines that wait for each other lead at most to
// the wait for a goroutine, or to the raise of a stop.
const mostCalls = 7

// joins knows what waits for the end of a goroutine.
type joins struct {
	ct     *Endings
	g      *program.Goroutine
	bodies []*ssa.Function        // what it runs: its body, and what a wrapper adds to that
	not    []*program.Goroutine   // those whose waits do not count
	with   *ssa.Function          // nor do those of this function, and of what only it calls; nil if there is none
	owner  *types.TypeName        // the type whose field the stop is, or nil
	object program.LockClass      // where the goroutine has the object of that type
	always map[*ssa.Function]bool // functions that wait for it before they return; false while that is worked out
}

func (ct *Endings) newJoins(g *program.Goroutine) *joins {
	j := &joins{ct: ct, g: g, bodies: []*ssa.Function{g.Site.Body}, always: make(map[*ssa.Function]bool)}
	if g.Site.Call == nil { // what starts it may do something before and after
		j.wrapped(g.Site.Inst.Common().StaticCallee(), 3)
	}
	return j
}

// wrapped adds the bodies of the goroutines that the wrapper starts.
func (j *joins) wrapped(fn *ssa.Function, depth int) {
	if fn == nil || depth == 0 {
		return
	}
	if o := fn.Origin(); o != nil {
		fn = o
	}
	for _, s := range j.ct.SiteIndex().In[fn] {
		if s.Body != nil && s.Call != nil && !slices.Contains(j.bodies, s.Body) {
			j.bodies = append(j.bodies, s.Body)
		}
	}
	if len(j.ct.Finder.Spawns[fn]) == 0 {
		return
	}
	for _, b := range fn.Blocks {
		for _, in := range b.Instrs {
			if c, ok := in.(*ssa.Call); ok && c.Call.StaticCallee() != nil && len(j.ct.Finder.Spawns[c.Call.StaticCallee()]) > 0 {
				j.wrapped(c.Call.StaticCallee(), depth-1)
			}
		}
	}
}

// before reports whether the goroutine has been waited for whenever control is at
// the instruction: by its function, or by all that call it for the same object.
func (j *joins) before(in ssa.Instruction, depth int) bool {
	fn := in.Parent()
	if j.passes(fn, in, depth) {
		return true
	}
	if depth == 0 {
		return false
	}
	calls, open := j.ct.Graph.Callers(fn)
	if c := j.ct.Callback(fn); c != nil {
		calls, open = []ssa.CallInstruction{c}, false
	}
	if open && !(j.ct.Graph.Exported(fn) && j.own(fn)) {
		return false
	}
	found := false
	for _, c := range calls {
		if j.ct.InTest(c.Pos()) && !j.ct.InTest(j.g.Site.Pos) || j.another(fn, c) {
			continue
		}
		if !j.before(c, depth-1) {
			return false
		}
		found = true
	}
	return found
}

// passes reports whether control comes past a wait for the goroutine on every way
// through fn to the instruction to, or, if that is nil, before it returns.
func (j *joins) passes(fn *ssa.Function, to ssa.Instruction, depth int) bool {
	if len(fn.Blocks) == 0 {
		return false
	}
	now := func(in ssa.Instruction) bool {
		_, later := in.(*ssa.Defer)
		return !later && j.waits(in, depth)
	}
	any := func(in ssa.Instruction) bool { return j.waits(in, depth) }
	entry := fn.Blocks[0]
	if to == nil {
		return j.comesPast(entry, 0, nil, any)
	}
	if _, ok := to.(*ssa.Defer); ok { // what is deferred after it runs before it
		at := slices.Index(to.Block().Instrs, to) + 1
		return j.comesPast(to.Block(), at, nil, any) || j.comesPast(entry, 0, to, now)
	}
	return j.comesPast(entry, 0, to, now)
}

// comesPast reports whether every way from instruction number at of the block on to
// the instruction to, or to a return, comes past one of which waits holds.
func (j *joins) comesPast(b *ssa.BasicBlock, at int, to ssa.Instruction, waits func(ssa.Instruction) bool) bool {
	graph := j.ct.PlainGraph(b.Parent())
	type place struct {
		b  *ssa.BasicBlock
		at int
	}
	seen := make(map[*ssa.BasicBlock]bool)
	work := []place{{b, at}}
	met := false
	for len(work) > 0 {
		p := work[len(work)-1]
		work = work[:len(work)-1]
		stops := false
		for _, in := range p.b.Instrs[p.at:] {
			if in == to {
				return false
			}
			if waits(in) {
				met, stops = true, true
				break
			}
			if in == graph.StopsAt(p.b) {
				stops = true
				break
			}
			if _, ok := in.(*ssa.Return); ok && to == nil {
				return false
			}
		}
		if stops {
			continue
		}
		for _, s := range graph.Succs(p.b) {
			if !seen[s] && !j.notStarted(p.b, s, waits) {
				if j.fills(p.b, s, mostCalls-1) {
					met = true
					continue
				}
				seen[s] = true
				work = append(work, place{s, 0})
			}
		}
	}
	return met
}

// notStarted reports whether the edge is taken only where a channel is nil that is
// made together with the one on which the other edge waits for the goroutine: then
// there is none.
func (j *joins) notStarted(from, to *ssa.BasicBlock, waits func(ssa.Instruction) bool) bool {
	tested, ifNil := code.NilTest(flow.Condition(from))
	if tested == nil || !code.IsChan(tested.Type()) || len(from.Succs) != 2 {
		return false
	}
	other := from.Succs[0]
	if ifNil {
		other = from.Succs[1]
	}
	if other == to || len(other.Preds) != 1 {
		return false
	}
	for u := range j.ct.Receives(from.Parent()) {
		if other.Dominates(u.Block()) && (j.ct.SameChannel(tested, u.X) || j.madeTogether(tested, u.X)) && waits(u) {
			return true
		}
	}
	return false
}

// madeTogether reports whether two variables get their values from the same calls.
func (j *joins) madeTogether(a, b ssa.Value) bool {
	as, bs := j.tuples(a), j.tuples(b)
	if len(as) == 0 || len(as) != len(bs) {
		return false
	}
	for t := range as {
		if !bs[t] {
			return false
		}
	}
	return true
}

// tuples returns the calls of which the variable holds a result, or nil if it holds
// anything else than that and nil.
func (j *joins) tuples(v ssa.Value) map[ssa.Value]bool {
	if u, ok := v.(*ssa.UnOp); ok && u.Op == token.MUL {
		v = u.X
	}
	vs := []ssa.Value{v}
	if cell, _ := j.ct.Cell(v, nil); cell != nil {
		vs = j.ct.StoredIn(cell)
	}
	calls := make(map[ssa.Value]bool)
	for _, v := range vs {
		switch v := v.(type) {
		case *ssa.Const:
		case *ssa.Extract:
			calls[v.Tuple] = true
		default:
			return nil
		}
	}
	return calls
}

// waits reports whether the goroutine has ended whenever control is behind the
// instruction.
func (j *joins) waits(in ssa.Instruction, depth int) bool {
	switch in := in.(type) {
	case *ssa.UnOp:
		return code.IsRecv(in) && !j.inCircle(in) && j.heard(in, depth)
	case *ssa.Send:
		return !j.inCircle(in) && j.takesLast(in)
	case *ssa.Call, *ssa.Defer:
		c := in.(ssa.CallInstruction)
		if j.inCircle(in) {
			return false
		}
		if e, ok := signal.Entry(j.ct.Base, c.Common()); ok {
			if e.Effect == kb.Callback && depth > 0 {
				return slices.ContainsFunc(j.ct.Finder.Called(c.Common()), func(v ssa.Value) bool {
					m, ok := v.(*ssa.MakeClosure)
					return ok && j.within(m.Fn.(*ssa.Function), depth-1)
				})
			}
			recv := code.Receiver(c.Common())
			if e.Effect != kb.Blocks || e.Kind != kb.KindWait || recv == nil {
				return false
			}
			return j.counted(group.SyncOp{In: c, Class: j.ct.Class(recv), Typ: code.TypeName(recv.Type())}, depth)
		}
		fns, open := j.ct.Graph.Callees(c)
		if open || len(fns) == 0 || depth == 0 || !j.ofObject(c, fns[0]) {
			return false
		}
		return !slices.ContainsFunc(fns, func(fn *ssa.Function) bool { return !j.within(fn, depth-1) })
	}
	return false
}

// within reports whether fn waits for the goroutine before it returns.
func (j *joins) within(fn *ssa.Function, depth int) bool {
	known, ok := j.always[fn]
	if !ok {
		j.always[fn] = false
		known = j.passes(fn, nil, depth)
		j.always[fn] = known
	}
	return known
}

// inCircle reports whether the goroutine itself, or one whose waits do not count,
// runs the function of the instruction.
func (j *joins) inCircle(in ssa.Instruction) bool {
	fn := in.Parent()
	return j.g.Has(fn) || j.with != nil && j.ct.CalledBy(j.with, fn, 3) || slices.ContainsFunc(j.not, func(g *program.Goroutine) bool { return g.Has(fn) })
}

// counted reports whether the wait for a group ends only when the goroutine has
// ended.
func (j *joins) counted(o group.SyncOp, depth int) bool {
	s := j.ct.SyncIndex()
	for _, d := range s.Of(&s.Dones, o.Class) {
		if d.Typ != o.Typ {
			continue
		}
		if !d.Spawn {
			if j.ends(d.In, depth) {
				return true
			}
			continue
		}
		if d.In == j.g.Site.Inst {
			return true
		}
		for _, site := range j.ct.SiteIndex().By[d.In] {
			if site.Body != nil && depth > 0 && j.within(site.Body, depth-1) {
				return true
			}
		}
	}
	return false
}

// heard reports whether the receive gets nothing before the goroutine has ended.
func (j *joins) heard(u *ssa.UnOp, depth int) bool {
	c := j.ct.Graph.Class(j.ct.Base, u.X)
	ins, open := j.ct.Raises(u.X)
	if open || len(ins) == 0 || len(c.Contexts) > 0 || j.ct.Looped(j.g.Site.Inst) {
		return false
	}
	return !slices.ContainsFunc(ins, func(in ssa.Instruction) bool { return !j.ends(in, depth) })
}

// ends reports whether the goroutine has ended when the instruction is done: it is
// the last that the goroutine does, or comes after a wait for it.
func (j *joins) ends(in ssa.Instruction, depth int) bool {
	for range 2 { // a literal that is deferred is part of the end
		if slices.Contains(j.bodies, in.Parent()) {
			return j.last(in)
		}
		calls, open := j.ct.Graph.Callers(in.Parent())
		if open || len(calls) != 1 || j.sendsAfter(in) {
			break
		}
		d, ok := calls[0].(*ssa.Defer)
		if !ok {
			break
		}
		in = d
	}
	return depth > 0 && j.ct.IsBody(in.Parent()) && j.passes(in.Parent(), in, depth-1)
}

// last reports whether nothing that may wait comes after the instruction in its
// function.
func (j *joins) last(in ssa.Instruction) bool {
	if _, ok := in.(*ssa.Defer); ok {
		return true
	}
	return !j.ct.callsAfter(in) && !j.sendsAfter(in)
}

func (j *joins) sendsAfter(in ssa.Instruction) bool {
	if _, ok := in.(*ssa.Defer); ok {
		return false
	}
	graph := j.ct.PlainGraph(in.Parent())
	return slices.ContainsFunc(j.ct.SendsOf(in.Parent()), func(s *ssa.Send) bool { return s != in && flow.LeadsTo(graph, in, s) })
}
