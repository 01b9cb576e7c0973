package group

import (
	"slices"

	"golang.org/x/tools/go/ssa"

	"github.com/killcheck/killcheck/analyzer/code"
	"github.com/killcheck/killcheck/analyzer/flow"
	"github.com/killcheck/killcheck/analyzer/program"
)

// An Excess is a way through a function on which more is added to a group than
// the goroutines that it starts there, and the function itself, take away.
type Excess struct {
	Add  SyncOp
	More int             // what is too much
	End  ssa.Instruction // where the way ends: a return, the wait, or the last of a round
	Both bool            // there is another way on which nothing is too much
}

// Excess returns what is too much on the groups of the class, or nil. It is
// certain: all that adds to them or takes away is seen, and what takes away is
// started or done by the functions that add.
func (s *SyncOps) Excess(o SyncOp) *Excess {
	if x, ok := s.excess[o.Class]; ok {
		return x
	}
	if s.excess == nil {
		s.excess = make(map[program.LockClass]*Excess)
	}
	x := s.findExcess(o)
	s.excess[o.Class] = x
	return x
}

func (s *SyncOps) findExcess(o SyncOp) *Excess {
	adds, ok := s.On(&s.Adds, o.Typ, o.Class)
	dones, ok2 := s.On(&s.Dones, o.Typ, o.Class)
	waits, ok3 := s.On(&s.Waits, o.Typ, o.Class)
	if !ok || !ok2 || !ok3 || len(adds) == 0 || len(dones) == 0 {
		return nil
	}
	by := make(map[*ssa.Function]*balance)
	var order []*balance
	for _, a := range adds {
		k, ok := a.Adds()
		if !ok {
			return nil
		}
		fn := a.In.Parent()
		if by[fn] == nil {
			by[fn] = &balance{s: s, fn: fn, graph: s.ct.PlainGraph(fn), weight: make(map[ssa.Instruction]int)}
			order = append(order, by[fn])
		}
		by[fn].weight[a.In] += k
		by[fn].adds = append(by[fn].adds, a)
	}
	bodies := make(map[*ssa.Function][]ssa.Instruction)
	for _, d := range dones {
		fn := d.In.Parent()
		switch {
		case d.Spawn:
		case len(d.In.Common().Args) == 2:
			return nil // an Add that may take away
		case by[fn] != nil && !s.ct.IsBody(fn):
			if s.handedOut(fn) || !slices.ContainsFunc(by[fn].adds, func(a SyncOp) bool { return flow.LeadsTo(by[fn].graph, a.In, d.In) }) {
				return nil // whoever has it, or another call, takes away what one has added
			}
			by[fn].weight[d.In]--
		default:
			body := s.bodyOf(fn)
			if body == nil {
				return nil
			}
			bodies[body] = append(bodies[body], d.In)
		}
	}
	for body, ins := range bodies {
		most, ok := s.mostIn(body, ins)
		if !ok {
			return nil
		}
		for _, site := range s.ct.SiteIndex().Of[body] {
			b := by[site.In]
			if b == nil || !s.ct.StartsOne(site) {
				return nil
			}
			b.weight[site.Inst] -= most
		}
	}
	for _, b := range order {
		if x := b.find(o.Class, waits); x != nil {
			return x
		}
	}
	return nil
}

// mostIn returns how many of the instructions, of the body or of literals that it
// defers, are done at most, or ok false if one of them is repeated.
func (s *SyncOps) mostIn(body *ssa.Function, ins []ssa.Instruction) (most int, ok bool) {
	for _, in := range ins {
		if s.ct.Looped(in) {
			return 0, false
		}
	}
	for _, in := range ins {
		apart := true
		for _, x := range ins {
			if x != in && (x.Parent() != in.Parent() || flow.LeadsTo(s.ct.PlainGraph(in.Parent()), in, x) || flow.LeadsTo(s.ct.PlainGraph(in.Parent()), x, in)) {
				apart = false
			}
		}
		if !apart {
			most++
		}
	}
	return max(most, 1), true
}

// A balance adds up what one function does to a group.
type balance struct {
	s      *SyncOps
	fn     *ssa.Function
	graph  *flow.Graph
	adds   []SyncOp
	weight map[ssa.Instruction]int
	places map[ssa.Instruction]*SyncOp // see addAt

	loop    *flow.Loop               // the innermost around all that counts; nil if there is none
	ends    map[ssa.Instruction]bool // waits on the group in the function
	starts  map[ssa.Instruction]bool // start who waits on it; nil if others wait as well
	left    int                      // how many steps are still taken
	worst   *Excess
	level   bool // some way is even
	isLocal bool
}

// maxSteps bounds the search for ways through a function.
const maxSteps = 4096

// find returns the way on which most is too much, or nil.
func (b *balance) find(class program.LockClass, waits []SyncOp) *Excess {
	if !b.inOneLoop() || !b.waitedFor(class, waits) {
		return nil
	}
	from := b.fn.Blocks[0]
	if b.loop != nil {
		from = b.loop.Head
	}
	known := flow.HoldsAt(from)
	b.left = maxSteps
	b.walk(from, 0, nil, len(b.starts) == 0, known, make(map[*ssa.BasicBlock]bool))
	if b.left <= 0 || b.worst == nil {
		return nil
	}
	b.worst.Both = b.level
	return b.worst
}

// inOneLoop sets the loop around all that counts, and reports whether there is
// one, or none around any.
func (b *balance) inOneLoop() bool {
	first := true
	for in := range b.weight {
		var inner *flow.Loop
		for _, l := range b.graph.Around(in.Block()) {
			if inner == nil || len(l.Blocks) < len(inner.Blocks) {
				inner = l
			}
		}
		if !first && inner != b.loop {
			return false
		}
		b.loop, first = inner, false
	}
	return true
}

// waitedFor notes who waits for the group, and reports whether somebody does
// whatever way the function takes, or the starts of those who do are seen in it.
func (b *balance) waitedFor(class program.LockClass, waits []SyncOp) bool {
	b.ends = make(map[ssa.Instruction]bool)
	b.starts = make(map[ssa.Instruction]bool)
	_, b.isLocal = class.Root.(*ssa.Alloc)
	others := false
	for _, w := range waits {
		fn := w.In.Parent()
		if fn == b.fn {
			switch w.In.(type) {
			case *ssa.Defer:
				b.starts[w.In] = true
				continue
			case *ssa.Go:
				return false
			}
			if b.loop == nil || b.loop.Has(w.In.Block()) {
				b.ends[w.In] = true
			} else {
				others = true
			}
			continue
		}
		sites := b.s.ct.SiteIndex().Of[fn]
		if b.isLocal && len(sites) == 1 && sites[0].In == b.fn {
			b.starts[sites[0].Inst] = true
			continue
		}
		if b.isLocal {
			return false
		}
		others = true
	}
	if others {
		b.starts = nil
	} else if len(b.starts) == 0 {
		b.starts = map[ssa.Instruction]bool{nil: true} // to return is no fault: nobody waits then
	}
	return len(waits) > 0
}

// addAt returns the calls of Add by their place.
func (b *balance) addAt() map[ssa.Instruction]*SyncOp {
	if b.places == nil {
		b.places = make(map[ssa.Instruction]*SyncOp, len(b.adds))
		for i := range b.adds {
			b.places[b.adds[i].In] = &b.adds[i]
		}
	}
	return b.places
}

// walk follows the ways on from the block. What is too much so far is sum; waiting
// says that somebody waits or will.
func (b *balance) walk(x *ssa.BasicBlock, sum int, add *SyncOp, waiting bool, known map[ssa.Value]bool, seen map[*ssa.BasicBlock]bool) {
	if b.left--; b.left < 0 {
		return
	}
	seen[x] = true
	defer delete(seen, x)
	for _, in := range x.Instrs {
		if w := b.weight[in]; w != 0 {
			sum += w
			if a := b.addAt()[in]; a != nil {
				add = a
			}
		}
		waiting = waiting || b.starts[in]
		if b.ends[in] {
			b.end(in, sum, add, true)
			return
		}
		if in == b.graph.StopsAt(x) {
			return
		}
		if _, ok := in.(*ssa.Return); ok {
			b.end(in, sum, add, waiting)
			return
		}
	}
	last := x.Instrs[len(x.Instrs)-1]
	cond := flow.Condition(x)
	for i, to := range x.Succs {
		if !flow.Taken(b.graph, x, to) || b.s.ct.NeverSet(x, i) {
			continue
		}
		if b.loop != nil && !b.loop.Has(to) && !b.goesOn(to) {
			continue
		}
		if b.loop != nil && (to == b.loop.Head || !b.loop.Has(to)) {
			b.end(last, sum, add, waiting)
			continue
		}
		if seen[to] {
			continue
		}
		next := known
		if cond != nil && len(x.Succs) == 2 {
			if contradicts(known, cond, i == 0) {
				continue
			}
			next = with(known, cond, i == 0)
		}
		b.walk(to, sum, add, waiting, next, seen)
	}
}

// goesOn reports whether control that comes to the block, behind the loop, gets to
// a return or goes round for ever: what ends the goroutine or the process ends all
// that is waited for there.
func (b *balance) goesOn(x *ssa.BasicBlock) bool {
	seen := map[*ssa.BasicBlock]bool{x: true}
	work := []*ssa.BasicBlock{x}
	for len(work) > 0 {
		x := work[len(work)-1]
		work = work[:len(work)-1]
		if b.graph.StopsAt(x) == nil && len(x.Instrs) > 0 {
			if _, ok := x.Instrs[len(x.Instrs)-1].(*ssa.Return); ok {
				return true
			}
		}
		if slices.ContainsFunc(x.Instrs, func(in ssa.Instruction) bool { return b.ends[in] }) || len(b.graph.Around(x)) > 0 {
			return true
		}
		for _, to := range b.graph.Succs(x) {
			if !seen[to] {
				seen[to] = true
				work = append(work, to)
			}
		}
	}
	return false
}

// end notes the end of a way.
func (b *balance) end(at ssa.Instruction, sum int, add *SyncOp, waiting bool) {
	switch {
	case sum <= 0 || !waiting:
		b.level = true
	case add != nil && (b.worst == nil || sum > b.worst.More):
		b.worst = &Excess{Add: *add, More: sum, End: at}
	}
}

// contradicts reports whether the condition cannot have the value, by what is
// known.
func contradicts(known map[ssa.Value]bool, cond ssa.Value, holds bool) bool {
	if v, ok := known[cond]; ok {
		return v != holds
	}
	for k, v := range known {
		if flow.Same(k, cond) && v != holds || flow.Opposite(k, cond) && v == holds {
			return true
		}
	}
	return false
}

func with(known map[ssa.Value]bool, cond ssa.Value, holds bool) map[ssa.Value]bool {
	next := make(map[ssa.Value]bool, len(known)+1)
	for k, v := range known {
		next[k] = v
	}
	next[cond] = holds
	return next
}

// Own reports whether the wait is done by one of those whom the group counts,
// before it takes itself away: it waits for itself.
func (s *SyncOps) Own(o SyncOp) (done ssa.CallInstruction, ok bool) {
	if _, call := o.In.(*ssa.Call); !call || !o.Class.Known() {
		return nil, false
	}
	fn := o.In.Parent()
	place := s.ct.Place(code.Receiver(o.In.Common()), nil)
	for _, d := range s.Of(&s.Dones, o.Class) {
		if d.Spawn || len(d.In.Common().Args) != 1 || d.In.Parent() != fn || s.ct.Place(code.Receiver(d.In.Common()), nil) != place {
			continue
		}
		if _, deferred := d.In.(*ssa.Defer); deferred && s.ct.Precedes(d.In, o.In) {
			done = d.In
		} else {
			return nil, false // it may be done before
		}
	}
	if done == nil || !s.ct.IsBody(fn) {
		return nil, false
	}
	for _, a := range s.Of(&s.Adds, o.Class) {
		if a.In.Parent() == fn {
			return nil, false // it counts something else
		}
	}
	return done, true
}
