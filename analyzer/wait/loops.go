package wait

import (
	"go/token"
	"slices"

	"golang.org/x/tools/go/ssa"

	"github.com/killcheck/killcheck/analyzer/flow"
	"github.com/killcheck/killcheck/analyzer/kb"
	"github.com/killcheck/killcheck/analyzer/wake"
)

// A looper finds the loops without a bound of one function.
type looper struct {
	m     *Points
	fn    *ssa.Function
	graph *flow.Graph
	alive []bool // by block: a return or a loop can be reached; the rest only panics
	waits []*Wait
	comp  []*ssa.BasicBlock // the cycle that is judged
}

// loopWaits returns the loops of fn that are not bounded, each with what makes
// control leave it.
func (m *Points) loopWaits(fn *ssa.Function) []*Wait {
	l := &looper{m: m, fn: fn, graph: m.PlainGraph(fn)}
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
			return l.m.Recovers(l.fn)
		}
		return false
	}
	c, ok := in.(*ssa.Call)
	if !ok {
		return true // select {}
	}
	t := l.m.callees.Of(c)
	if t.Row != nil {
		return t.Row.Kind == kb.KindRuntime || l.m.InTest(c.Pos())
	}
	return t.Fact != nil && len(t.Fact.Waits) > 0 || slices.ContainsFunc(t.Fns, func(f *ssa.Function) bool { return len(l.m.events(f).waits) > 0 })
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
	if l.bounded(comp, head) {
		l.visit(comp, without(drop))
		return
	}
	checks, data := l.exits(comp, in)
	data = data || l.m.Recovers(l.fn) && l.m.Panics(comp) // it leaves in that way
	cover := l.covering(checks, without, head)
	w := &Wait{Op: Loop, Fn: l.fn, Head: head, Pos: l.position(comp, head)}
	switch {
	case len(cover) > 0:
		for _, b := range cover {
			w.Wakes = append(w.Wakes, checks[b]...)
			drop[b] = true
		}
		w.Other = data || len(checks) > len(cover)
		l.waits = append(l.waits, w)
	case l.covered(usable(checks), without, head):
		other := data || len(usable(checks)) < len(checks) || !alike(checks)
		for _, b := range usable(checks) {
			x := *w
			x.Wakes, x.Other = checks[b], other
			l.waits = append(l.waits, &x)
			drop[b] = true
		}
	default:
		if calls, bs := l.together(comp, in, checks, without, head); len(bs) > 0 {
			x := *w
			x.Wakes, x.Other, x.Part = calls, true, true
			l.waits = append(l.waits, &x)
			for _, b := range bs {
				y := *w
				y.Wakes, y.Other, y.Part = checks[b], true, true
				l.waits = append(l.waits, &y)
				drop[b] = true
			}
			break
		}
		w.Wakes = l.otherwise(comp, in, checks, data)
		l.waits = append(l.waits, w)
	}
	l.visit(comp, without(drop))
}

// alike reports whether all of the exits ask for the same: then each round does.
func alike(checks map[*ssa.BasicBlock][]wake.Wake) bool {
	var one *wake.Wake
	for _, ws := range checks {
		for i := range ws {
			if ws[i].Name == "" && ws[i].Param == nil {
				return false
			}
			if one != nil && (ws[i].Action != one.Action || ws[i].Name != one.Name || ws[i].Param != one.Param) {
				return false
			}
			one = &ws[i]
		}
	}
	return one != nil
}

// position returns where the loop of the blocks stands.
func (l *looper) position(comp []*ssa.BasicBlock, head *ssa.BasicBlock) token.Pos {
	if stmt := l.m.Syn.Loop(l.fn, comp); stmt != nil {
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

// usable returns the blocks whose exit may be taken because of a stop.
func usable(checks map[*ssa.BasicBlock][]wake.Wake) []*ssa.BasicBlock {
	var bs []*ssa.BasicBlock
	for b, wakes := range checks {
		if slices.ContainsFunc(wakes, func(k wake.Wake) bool { return k.Param != nil || k.Stops() || k.Level == wake.Itself }) {
			bs = append(bs, b)
		}
	}
	slices.SortFunc(bs, func(a, b *ssa.BasicBlock) int { return a.Index - b.Index })
	return bs
}

// covering returns the blocks with a usable exit that every round passes.
func (l *looper) covering(checks map[*ssa.BasicBlock][]wake.Wake, without func(map[*ssa.BasicBlock]bool) func(*ssa.BasicBlock) bool, head *ssa.BasicBlock) []*ssa.BasicBlock {
	var cover []*ssa.BasicBlock
	for _, b := range usable(checks)[:min(len(usable(checks)), wake.MaxPartners)] {
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
func (l *looper) otherwise(comp []*ssa.BasicBlock, in map[*ssa.BasicBlock]bool, checks map[*ssa.BasicBlock][]wake.Wake, data bool) []wake.Wake {
	var wakes []wake.Wake
	bs := make([]*ssa.BasicBlock, 0, len(checks))
	for b := range checks {
		bs = append(bs, b)
	}
	slices.SortFunc(bs, func(a, b *ssa.BasicBlock) int { return a.Index - b.Index })
	for _, b := range bs {
		for _, k := range checks[b] {
			if k.Param == nil && !k.Stops() && k.Level != wake.Itself {
				wakes = append(wakes, k)
			} else {
				data = true // it is a way out of some rounds
			}
		}
	}
	switch {
	case data && l.computes(comp, in):
		wakes = append(wakes, wake.Wake{Action: wake.ByData, Level: wake.Itself})
	case data:
		wakes = append(wakes, wake.Wake{Action: wake.ByData, Level: wake.Unclear, Why: wake.DataDecide, Stop: l.heeds(comp, checks)})
	case len(wakes) == 0:
		wakes = append(wakes, wake.Wake{Action: wake.ByData, Level: wake.Never, Why: wake.NoExit})
	}
	return wakes
}
