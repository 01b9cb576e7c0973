package circle

import (
	"go/token"
	"go/types"
	"slices"

	"golang.org/x/tools/go/ssa"

	"github.com/killcheck/killcheck/analyzer/code"
	"github.com/killcheck/killcheck/analyzer/flow"
	"github.com/killcheck/killcheck/analyzer/group"
	"github.com/killcheck/killcheck/analyzer/program"
	"github.com/killcheck/killcheck/analyzer/signal"
)

// A Point is a wait in a circle: whatever would end it comes only after a wait that
// cannot end before this one does.
type Point struct {
	In    ssa.Instruction
	Waker ssa.Instruction // one that would end it
	First ssa.Instruction // the wait that comes before the waker
	on    circleKey
	exit  *ssa.BasicBlock // for a range that waits for the close, or a case: where control goes then
	name  string          // for a gate: of what is shut
	at    token.Pos       // of what it waits for
}

// Sends reports whether the wait is a send.
func (p *Point) Sends() bool { return p.on.op == sending }

// At returns the position of what it waits for.
func (p *Point) At() token.Pos { return p.at }

// Joins reports whether the wait is one for a group.
func (p *Point) Joins() bool { return p.on.op == joining }

// Gate returns the name of the lock or group that is shut, if the wait is one for that.
func (p *Point) Gate() string { return p.name }

// GroupName gives the source of the wait group of a wait that joins.
func (ct *Deadlocks) GroupName(p *Point) string { return ct.LockText(p.In.(ssa.CallInstruction)) }

// CircleSteps shows the wake that does not come, and why.
func (ct *Deadlocks) CircleSteps(p *Point, wake string) []program.Step {
	if p.Waker == nil {
		return nil
	}
	steps := []program.Step{ct.StepAt(p.Waker.Pos(), wake)}
	if p.First != p.In {
		steps = append(steps, ct.StepAt(p.First.Pos(), "but this waits before that"))
	}
	return steps
}

// Alone reports whether no goroutine that is known to start here is part of the
// circle: then nobody else speaks of it.
func (ct *Deadlocks) Alone(gs []*program.Goroutine, p *Point) bool {
	if p.First == nil {
		return true
	}
	g, _ := ct.Runner(gs, p.First.Parent())
	return g == nil
}

// circleKey names what a wait is for. All waits for one end by the same wakers.
type circleKey struct {
	op     int
	class  *signal.Class     // unless it is a group
	group  program.LockClass // for a group
	in     ssa.Instruction   // for a group, and for a send that there is no room for: the wait, as what counts comes before it
	excess int               // for a send that there is no room for: how many must be received before
}

// What waits are for.
const (
	receiving = iota // a value, or the close
	closing          // the close
	sending          // a receiver
	joining          // the goroutines of a group
	opening          // what opens the lock or group that is shut
)

// A circle is the search for the waits that wait for each other: the largest set of
// waits of which each ends only by what another one of them precedes. The first of
// them to end would need a waker that has come past one of them, so none ends.
type circle struct {
	ct      *Deadlocks
	points  map[*ssa.Function][]*Point
	calls   map[*ssa.Function][]*ssa.Call // of functions that have points, or make such calls
	wakers  map[circleKey][]waker
	order   []circleKey
	stuck   map[circleKey]bool
	entered map[*ssa.Function]ssa.Instruction // see entry
	blocks  map[*ssa.Function]ssa.Instruction // see passes
}

// A waker is an instruction that ends a wait, or the return of a goroutine.
type waker struct {
	in   ssa.Instruction
	body *ssa.Function // that returns; nil if the instruction does it
}

// mostRounds bounds the search, mostPoints the waits and calls of one function that
// it looks at.
const (
	mostRounds = 30
	mostPoints = 64
)

// Circles returns the waits that wait for each other, without those that come after
// another such wait.
func (ct *Deadlocks) Circles() []*Point {
	if !ct.circled {
		ct.circled, ct.circles = true, ct.findCircles()
	}
	return ct.circles
}

func (ct *Deadlocks) findCircles() []*Point {
	c := &circle{
		ct: ct, points: make(map[*ssa.Function][]*Point), calls: make(map[*ssa.Function][]*ssa.Call),
		wakers: make(map[circleKey][]waker), stuck: make(map[circleKey]bool),
	}
	for _, fn := range ct.Functions {
		if ct.Graph.Live(fn) {
			c.collect(fn)
		}
	}
	waits := make(map[*ssa.Function]bool)
	for _, x := range ct.Gates() {
		c.gate(x)
	}
	for fn, calls := range c.calls {
		calls = slices.DeleteFunc(calls, func(call *ssa.Call) bool { return !c.waits(waits, call.Call.StaticCallee()) })
		c.calls[fn] = calls[:min(len(calls), mostPoints)]
	}
	if len(c.order) == 0 || !c.settle() {
		return nil
	}
	var all []*Point
	for _, fn := range ct.Functions {
		for _, p := range c.points[fn] {
			if !c.stuck[p.on] || !ct.PlainGraph(fn).Executes(p.In) || c.before(p.In) != nil || !c.lasts(p) {
				continue
			}
			for _, w := range c.wakers[p.on] {
				if first := c.held(w); first != nil && p.Waker == nil {
					p.Waker, p.First = w.in, first
				}
			}
			all = append(all, p)
		}
	}
	return all
}

// waits reports whether fn, or a function that it calls, has a wait of the search.
func (c *circle) waits(known map[*ssa.Function]bool, fn *ssa.Function) bool {
	has, ok := known[fn]
	if !ok {
		known[fn] = false
		has = len(c.points[fn]) > 0 || slices.ContainsFunc(c.calls[fn], func(call *ssa.Call) bool { return c.waits(known, call.Call.StaticCallee()) })
		known[fn] = has
	}
	return has
}

// collect notes the waits of fn and the calls of other functions.
func (c *circle) collect(fn *ssa.Function) {
	for _, b := range fn.Blocks {
		c.cases(b)
		for _, in := range b.Instrs {
			switch in := in.(type) {
			case *ssa.Send:
				c.wait(in, in.Pos(), in.Chan, sending, nil)
			case *ssa.UnOp:
				if code.IsRecv(in) {
					c.wait(in, in.Pos(), in.X, receiving, nil)
					c.closes(in)
				}
			case *ssa.Call:
				if s := in.Call.StaticCallee(); s != nil && len(s.Blocks) > 0 {
					c.calls[fn] = append(c.calls[fn], in)
				}
			}
		}
	}
	for _, o := range c.ct.waitsOf(fn) {
		c.join(o)
	}
}

// waitsOf returns the waits for groups in fn.
func (ct *Deadlocks) waitsOf(fn *ssa.Function) []group.SyncOp {
	if ct.waits == nil {
		ct.waits = make(map[*ssa.Function][]group.SyncOp)
		for _, o := range ct.SyncIndex().Waits {
			ct.waits[o.In.Parent()] = append(ct.waits[o.In.Parent()], o)
		}
	}
	return ct.waits[fn]
}

// wait adds a wait on a channel of which all operations are seen.
func (c *circle) wait(in ssa.Instruction, at token.Pos, ch ssa.Value, op int, exit *ssa.BasicBlock) {
	class := c.ct.Graph.Class(c.ct.Base, ch)
	if !class.Own() || len(class.Makes) == 0 {
		return
	}
	if len(c.points[in.Parent()]) == mostPoints {
		return
	}
	key := circleKey{op: op, class: class}
	if op == sending {
		room, ok := c.ct.Capacity(class)
		if !ok {
			return
		}
		if room > 0 {
			n := c.ct.excess(in.(*ssa.Send), class, room)
			if n <= 0 {
				return
			}
			key.in, key.excess = in, n
		}
	}
	if _, ok := c.wakers[key]; !ok {
		kinds := []signal.OpKind{signal.Send, signal.Close}
		switch op {
		case sending:
			kinds = []signal.OpKind{signal.Recv, signal.Range, signal.Close}
		case closing:
			kinds = []signal.OpKind{signal.Close}
		}
		var ws []waker
		for _, o := range class.Has(kinds...) {
			ws = append(ws, waker{in: o.In})
		}
		c.add(key, ws)
	}
	c.points[in.Parent()] = append(c.points[in.Parent()], &Point{In: in, on: key, exit: exit, at: at})
}

func (c *circle) add(key circleKey, wakers []waker) {
	c.wakers[key], c.stuck[key] = wakers, len(wakers) > 0
	c.order = append(c.order, key)
}

// closes adds the wait of a range for the close, if nothing else leaves the loop.
func (c *circle) closes(in *ssa.UnOp) {
	for _, b := range append([]*ssa.BasicBlock{in.Block()}, in.Block().Succs...) {
		for i, to := range b.Succs {
			if flow.RangeExit(b, i) == in && len(to.Preds) == 1 {
				c.wait(in, in.Pos(), in.X, closing, to)
			}
		}
	}
}

// cases adds the cases of a select to which the block branches: what comes behind one
// comes after what it receives. The select itself may take another one.
func (c *circle) cases(b *ssa.BasicBlock) {
	for i, to := range b.Succs {
		sel, k := flow.SelectCase(b, i)
		if sel != nil && k < len(sel.States) && sel.States[k].Dir == types.RecvOnly && len(to.Preds) == 1 {
			c.wait(sel, sel.States[k].Pos, sel.States[k].Chan, receiving, to)
		}
	}
}

// lasts reports whether the wait is one that control does not get past by another
// case: no way to a return leads round the case.
func (c *circle) lasts(p *Point) bool {
	if _, ok := p.In.(*ssa.Select); !ok {
		return true
	}
	rets := flow.ReturnsOf(c.ct.PlainGraph(p.In.Parent()))
	return len(rets) > 0 && !slices.ContainsFunc(rets, func(r *ssa.Return) bool { return !c.precedes(p, r) })
}

// join adds a wait for a group whose goroutines the function itself counts and
// starts before it. Those that it counts or starts only afterwards are others.
func (c *circle) join(o group.SyncOp) {
	s, fn := c.ct.SyncIndex(), o.In.Parent()
	if _, ok := o.In.(*ssa.Call); !ok {
		return
	}
	dones, ok := s.On(&s.Dones, o.Typ, o.Class)
	if !ok {
		return
	}
	adds := s.Of(&s.Adds, o.Class)
	if len(c.points[fn]) == mostPoints || !c.ct.Affords(nil, fn, len(dones)*(1+len(adds))) {
		return
	}
	var ends []waker
	for _, d := range dones {
		if d.Spawn {
			for _, site := range c.ct.SiteIndex().By[d.In] {
				if site.Body != nil && c.counts(d.In, o.In) {
					ends = append(ends, waker{d.In, site.Body})
				}
			}
			continue
		}
		for _, r := range c.ct.Running(c.ct.Goroutines, d.In.Parent()) {
			start := r.G.Site.Inst
			if !c.counts(start, o.In) {
				continue
			}
			if slices.ContainsFunc(adds, func(a group.SyncOp) bool { return c.counts(a.In, o.In) && c.ct.Precedes(a.In, start) }) {
				ends = append(ends, waker{in: d.In})
			}
		}
	}
	if len(ends) == 0 {
		return
	}
	key := circleKey{op: joining, group: o.Class, in: o.In}
	if _, ok := c.wakers[key]; !ok {
		c.add(key, ends)
	}
	c.points[fn] = append(c.points[fn], &Point{In: o.In, on: key, at: o.In.Pos()})
}

// gate adds the wait of a goroutine for what is shut when it starts.
func (c *circle) gate(x *Gate) {
	fn := x.In.Parent()
	if _, isGo := x.In.(*ssa.Go); isGo || len(x.Opens) == 0 || len(c.points[fn]) == mostPoints {
		return
	}
	key := circleKey{op: opening, in: x.In}
	if x.Kind == RoomGate {
		key.op = sending
	}
	if _, ok := c.wakers[key]; ok {
		return
	}
	var ws []waker
	for _, in := range x.Opens {
		ws = append(ws, waker{in: in})
	}
	c.add(key, ws)
	c.points[fn] = append(c.points[fn], &Point{In: x.In, on: key, name: x.Name, at: x.In.Pos()})
}

// counts reports whether the call, which counts or starts a goroutine, comes before
// the wait and not after it. The wait may stand in a literal that the function runs or
// defers.
func (c *circle) counts(add, wait ssa.Instruction) bool {
	for range 3 {
		if add.Parent() == wait.Parent() || wait.Parent().Parent() == nil {
			break
		}
		calls, open := c.ct.Graph.Callers(wait.Parent())
		if open || len(calls) != 1 {
			return false
		}
		if _, deferred := calls[0].(*ssa.Defer); deferred && add.Parent() == calls[0].Parent() {
			return true
		}
		if _, called := calls[0].(*ssa.Call); !called {
			return false
		}
		wait = calls[0]
	}
	g := c.ct.PlainGraph(wait.Parent())
	return add.Parent() == wait.Parent() && flow.LeadsTo(g, add, wait) && !flow.LeadsTo(g, wait, add)
}

// settle takes out what ends, until nothing is left to take out. It reports whether
// something stays.
func (c *circle) settle() bool {
	for range mostRounds {
		c.entered, c.blocks = make(map[*ssa.Function]ssa.Instruction), make(map[*ssa.Function]ssa.Instruction)
		changed, left := false, false
		for _, key := range c.order {
			if !c.stuck[key] {
				continue
			}
			if !c.holds(key) {
				c.stuck[key], changed = false, true // Inv: what is known of this round says too much now, the last round does not
			}
			left = left || c.stuck[key]
		}
		if !changed || !left {
			return left
		}
	}
	return false
}

// holds reports whether all that would end the wait is held up, or, for a group, one
// of the goroutines.
func (c *circle) holds(key circleKey) bool {
	if key.op == joining {
		return slices.ContainsFunc(c.wakers[key], func(w waker) bool { return c.held(w) != nil })
	}
	if key.excess > 0 {
		return c.fewer(key)
	}
	return !slices.ContainsFunc(c.wakers[key], func(w waker) bool { return c.held(w) == nil })
}
