// Package standstill knows runs of a function, with the goroutines that they start, of which
// no way comes to an end. Where a run makes its channels, contexts, groups and locks and
// keeps them to itself, all orders of its steps are searched, up to a bound. What is not
// known takes no time and may go either way, so that a wait is told of only if none ends it.
package standstill

import (
	"go/token"
	"maps"
	"slices"

	"golang.org/x/tools/go/ssa"

	"github.com/killcheck/killcheck/analyzer/group"
	"github.com/killcheck/killcheck/analyzer/program"
)

// A Standstill is a wait that does not end, as no way on from there does: whatever the
// function and its goroutines do, some of them wait in the end.
type Standstill struct {
	G     *program.Goroutine // that waits; nil for the function itself
	F     *program.Frame
	Pos   token.Pos
	Sends bool
	By    *ssa.Function // of whose run this is said
	After program.Step  // once it has gone this way; without position if it is so whatever way it goes

	fns []*ssa.Function // that take part
}

// Has reports whether the position lies in a function that takes part.
func (x Standstill) Has(pos token.Pos) bool {
	return slices.ContainsFunc(x.fns, func(fn *ssa.Function) bool {
		s := fn.Syntax()
		return s != nil && s.Pos() <= pos && pos < s.End()
	})
}

// Find returns a wait for each run of a function that cannot come to its end.
func Find(ct *group.Groups) []Standstill {
	var all []Standstill
	said := make(map[token.Pos]bool)
	ops := syncOps(ct.SyncIndex())
	for _, fn := range ct.Functions {
		if fn.Synthetic != "" || !ct.Graph.Live(fn) || ct.IsMain(fn) || ct.Process[fn] || ct.InTest(fn.Pos()) || len(fn.Blocks) == 0 {
			continue
		}
		w := newWorld(ct, ops, fn)
		if w == nil {
			continue
		}
		for tracked := none; tracked < 2*len(w.asked); tracked++ {
			at := w.stuck(tracked)
			if at == nil {
				continue
			}
			x := w.standstill(at)
			if tracked != none {
				x.After = w.afterStep(w.asked[tracked/2], tracked%2 == 0)
			}
			if !said[x.Pos] {
				said[x.Pos] = true
				all = append(all, x)
			}
			break
		}
	}
	return all
}

func (w *world) standstill(at *node) Standstill {
	x := Standstill{Pos: at.in.Pos(), Sends: at.do == send, By: w.root, fns: w.fns}
	x.G, x.F = w.ct.Runner(w.ct.Goroutines, at.in.Parent())
	return x
}

// afterStep shows the branch by which the run goes where it cannot come to its end.
func (w *world) afterStep(q question, yes bool) program.Step {
	text := "that is so if it goes one way here"
	if _, ok := q.x.(*ssa.Select); ok {
		text = "that is so if this case is taken"
	}
	return w.ct.StepAt(q.pos, text)
}

// Where a process is, if it is at no node.
const (
	unstarted = -1
	over      = -2
	gone      = -3 // all ends in a way that is not followed
)

// mostStates bounds the search of one world.
const mostStates = 6000

// A moment is a state of the world: where the processes are, what the last receive of each
// was and whether it got a value, how much the objects hold and which are closed.
type moment struct {
	at     []int16
	last   []int16
	holds  []int8
	closed []bool
	seen   bool // the fork that is asked for has been taken
	told   bool // a stop from elsewhere has come
}

func (m *moment) key() string {
	b := make([]byte, 0, 4*len(m.at)+2*len(m.holds)+1)
	for i := range m.at {
		b = append(b, byte(m.at[i]), byte(m.at[i]>>8), byte(m.last[i]), byte(m.last[i]>>8))
	}
	for i := range m.holds {
		c := byte(0)
		if m.closed[i] {
			c = 1
		}
		b = append(b, byte(m.holds[i]), c)
	}
	if m.seen {
		b = append(b, 1)
	}
	if m.told {
		b = append(b, 2)
	}
	return string(b)
}

func (m *moment) clone() *moment {
	return &moment{slices.Clone(m.at), slices.Clone(m.last), slices.Clone(m.holds), slices.Clone(m.closed), m.seen, m.told}
}

// A search looks for an end of all processes.
type search struct {
	w       *world
	tracked int
	work    []*moment
	seen    map[string]bool
	ends    bool
	stuck   *node
}

// stuck returns a wait at which a process stays, if no way on which the fork is taken, or
// none at all, comes to an end; or nil.
func (w *world) stuck(tracked int) *node {
	n := len(w.entries)
	first := &moment{make([]int16, n), make([]int16, n), make([]int8, len(w.objects)), make([]bool, len(w.objects)), tracked == none, false}
	for i := range first.at {
		first.at[i] = unstarted
	}
	s := &search{w: w, tracked: tracked, seen: make(map[string]bool)}
	s.moves(first, []at{{0, arc{w.entries[0], none}}})
	for len(s.work) > 0 && !s.ends {
		if len(s.seen) > mostStates {
			return nil
		}
		m := s.work[len(s.work)-1]
		s.work = s.work[:len(s.work)-1]
		s.step(m)
	}
	if s.ends {
		return nil
	}
	return s.stuck
}

// An at says that a process goes on by an arc.
type at struct {
	process int
	arc
}

// moves adds the states in which the processes have gone on to where they do something.
func (s *search) moves(m *moment, todo []at) {
	if len(todo) == 0 {
		if k := m.key(); !s.seen[k] {
			s.seen[k] = true
			s.work = append(s.work, m)
		}
		return
	}
	i := todo[0].process
	places := make(map[place]bool)
	s.reach(todo[0].arc, m.last[i], m.seen, places)
	for _, to := range slices.SortedFunc(maps.Keys(places), place.compare) {
		next := m.clone()
		next.at[i], next.seen = to.node, to.seen
		s.moves(next, todo[1:])
	}
}

type place struct {
	node int16
	seen bool
}

func (p place) compare(q place) int {
	if p.seen != q.seen && p.node == q.node {
		if p.seen {
			return -1
		}
		return 1
	}
	return int(p.node) - int(q.node)
}

// reach adds the next nodes at which something is done.
func (s *search) reach(a arc, last int16, seen bool, found map[place]bool) {
	visited := make(map[place]bool)
	acts := false
	var walk func(a arc, seen bool)
	walk = func(a arc, seen bool) {
		if s.tracked != none && a.fork != none {
			if a.fork == s.tracked^1 && !s.w.asked[s.tracked/2].once {
				return
			}
			seen = seen || a.fork == s.tracked
		}
		here := place{int16(a.to), seen}
		if visited[here] {
			return
		}
		visited[here] = true
		n := &s.w.nodes[a.to]
		switch {
		case n.do == pass:
			for _, x := range n.next {
				walk(x, seen)
			}
		case n.do == branchOn:
			got, ok := s.outcome(n.in, last)
			if !ok || got {
				for _, x := range n.yes {
					walk(x, seen)
				}
			}
			if !ok || !got {
				for _, x := range n.next {
					walk(x, seen)
				}
			}
		default:
			acts = true
			found[here] = true
		}
	}
	walk(a, seen)
	if !acts && len(visited) > 0 {
		found[place{gone, true}] = true // it goes round for ever
	}
}

// outcome reports whether the receive got a value, if it is the last that was made.
func (s *search) outcome(in ssa.Instruction, last int16) (got, ok bool) {
	if last == 0 {
		return false, false
	}
	n := &s.w.nodes[last/2-1]
	return last%2 == 1, n.in == in
}

func result(node int16, got bool) int16 {
	last := (node + 1) * 2
	if got {
		last++
	}
	return last
}

// step adds the states that come next.
func (s *search) step(m *moment) {
	done, moved := true, false
	for i, n := range m.at {
		switch {
		case n == gone:
			s.ends = s.ends || m.seen
			moved = true
		case n >= 0:
			done = false
			moved = s.act(m, i, &s.w.nodes[n]) || moved
		}
	}
	switch {
	case done:
		s.ends = s.ends || m.seen
	case !moved && m.seen && !m.told && s.stuck == nil:
		for i := len(m.at) - 1; i >= 0; i-- {
			if n := m.at[i]; n >= 0 {
				s.stuck = &s.w.nodes[n]
				break
			}
		}
	}
}

// act lets process i do what the node says. It reports whether that can be done.
func (s *search) act(m *moment, i int, n *node) bool {
	on := func(change func(next *moment)) bool {
		next := m.clone()
		if change != nil {
			change(next)
		}
		s.on(next, i, n.next)
		return true
	}
	o := n.obj
	switch n.do {
	case halt:
		if n.n == none {
			s.ends = s.ends || m.seen
			return true
		}
		next := m.clone()
		next.at[i] = over
		s.moves(next, nil)
		return true
	case start:
		next := m.clone()
		for _, a := range n.next {
			s.moves(next, []at{{i, a}, {n.n, arc{s.w.entries[n.n], none}}})
		}
		return true
	case raise:
		return on(func(next *moment) { next.closed[o] = true })
	case add:
		if n.n > 0 && int(m.holds[o])+n.n > mostRoom || int(m.holds[o])+n.n < 0 {
			s.ends = true // more than is followed, or a panic
			return true
		}
		return on(func(next *moment) { next.holds[o] += int8(n.n) })
	case join:
		return m.holds[o] == 0 && on(nil)
	case take:
		return m.holds[o] == 0 && on(func(next *moment) { next.holds[o] = 1 })
	case release:
		return on(func(next *moment) { next.holds[o] = 0 })
	case send:
		return s.send(m, i, o, n.next)
	case receive:
		return s.receive(m, i, o, n.next)
	case choose:
		moved := false
		for _, x := range n.sel {
			switch {
			case x.obj == none:
				next := m.clone()
				next.told = next.told || x.told
				s.on(next, i, []arc{x.arc})
				moved = true
			case x.sends:
				moved = s.send(m, i, x.obj, []arc{x.arc}) || moved
			default:
				moved = s.receive(m, i, x.obj, []arc{x.arc}) || moved
			}
		}
		return moved || s.awaited(m, i, n)
	}
	return false
}

// on lets process i go on by the arcs.
func (s *search) on(next *moment, i int, by []arc) {
	for _, a := range by {
		s.moves(next, []at{{i, a}})
	}
}

// send lets process i send on the channel, into its room or to a receiver.
func (s *search) send(m *moment, i, o int, by []arc) bool {
	if m.closed[o] {
		s.ends = true // a panic
		return true
	}
	if room := s.w.objects[o].room; room > 0 {
		if int(m.holds[o]) == room {
			return false
		}
		next := m.clone()
		next.holds[o]++
		s.on(next, i, by)
		return true
	}
	met := false
	for j, n := range m.at {
		if j == i || n < 0 {
			continue
		}
		for _, a := range s.takers(&s.w.nodes[n], o) {
			next := m.clone()
			next.last[j] = result(n, true)
			for _, mine := range by {
				s.moves(next, []at{{i, mine}, {j, a}})
			}
			met = true
		}
	}
	return met
}

// takers returns the arcs by which the node goes on if it receives from the channel.
func (s *search) takers(n *node, o int) []arc {
	var all []arc
	switch {
	case n.do == receive && n.obj == o:
		all = n.next
	case n.do == choose:
		for _, x := range n.sel {
			if x.obj == o && !x.sends {
				all = append(all, x.arc)
			}
		}
	}
	return all
}

// receive lets process i take what the channel holds, or learn that it is closed. What a
// sender hands to it is the sender's step.
func (s *search) receive(m *moment, i, o int, by []arc) bool {
	held := m.holds[o] > 0
	if !held && !m.closed[o] {
		return s.offered(m, i, o)
	}
	next := m.clone()
	if held {
		next.holds[o]--
	}
	next.last[i] = result(m.at[i], held)
	s.on(next, i, by)
	return true
}

// offered reports whether another process sends on the channel now.
func (s *search) offered(m *moment, i, o int) bool {
	for j, n := range m.at {
		if j == i || n < 0 {
			continue
		}
		x := &s.w.nodes[n]
		if x.do == send && x.obj == o || x.do == choose && slices.ContainsFunc(x.sel, func(c option) bool { return c.obj == o && c.sends }) {
			return true
		}
	}
	return false
}

// awaited reports whether another process receives what the node may send.
func (s *search) awaited(m *moment, i int, n *node) bool {
	for _, x := range n.sel {
		if !x.sends || x.obj == none {
			continue
		}
		for j, k := range m.at {
			if j != i && k >= 0 && len(s.takers(&s.w.nodes[k], x.obj)) > 0 {
				return true
			}
		}
	}
	return false
}
