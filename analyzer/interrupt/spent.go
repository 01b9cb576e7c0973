package interrupt

import (
	"go/token"

	"golang.org/x/tools/go/ssa"

	"github.com/killcheck/killcheck/analyzer/code"
	"github.com/killcheck/killcheck/analyzer/flow"
)

// A Spent is a receive from a timer that fires once, after another receive has
// taken its only value.
type Spent struct {
	In    ssa.Instruction // the receive, or the call of a function of another package that makes both
	First ssa.Instruction // nil for a call
	Name  string          // the channel
	Times int             // for a call: how many values it receives
}

// Spent returns the receives of fn for which no value is left: all that is done with the timer is seen, and nobody
// starts it again.
func (h *Interrupts) Spent(fn *ssa.Function) []Spent {
	s := &seeker{h: h, fn: fn}
	graph := h.ev.PlainGraph(fn)
	var recvs []*ssa.UnOp
	for _, b := range fn.Blocks {
		for _, in := range b.Instrs {
			if u, ok := in.(*ssa.UnOp); ok && code.IsRecv(u) && graph.Executes(u) && len(recvs) < mostRecvs && !h.ev.InTest(u.Pos()) {
				if _, row, ok := s.timer(u.X); ok && row.Once {
					recvs = append(recvs, u)
				}
			}
		}
	}
	all := s.farSpent(graph)
	for _, u := range recvs {
		for _, first := range recvs {
			if first != u && h.ev.Precedes(first, u) && !counted(u) && s.spent(first, u) {
				all = append(all, Spent{In: u, First: first, Name: h.ev.Syn.Channel(u.Pos())})
				break
			}
		}
	}
	return all
}

// farSpent returns the calls of functions of other packages that receive more than one
// value from a timer.
func (s *seeker) farSpent(graph *flow.Graph) (all []Spent) {
	for _, b := range s.fn.Blocks {
		for _, in := range b.Instrs {
			c, ok := in.(ssa.CallInstruction)
			if !ok || !graph.Executes(c) || s.h.ev.InTest(c.Pos()) {
				continue
			}
			for _, t := range s.h.farTicks(c) {
				if t.times > 1 && s.firesOnce(t.timer) {
					all = append(all, Spent{In: c, Name: t.name, Times: t.times})
				}
			}
		}
	}
	return all
}

// counted reports whether the way to the receive asks how many values are there.
func counted(u *ssa.UnOp) bool {
	for b := u.Block().Idom(); b != nil; b = b.Idom() {
		cond, ok := flow.Condition(b).(*ssa.BinOp)
		if !ok {
			continue
		}
		for _, v := range []ssa.Value{cond.X, cond.Y} {
			if of := code.LenOf(v); of != nil && flow.Same(of, u.X) {
				return true
			}
		}
	}
	return false
}

// mostRecvs bounds the receives of one function that are compared.
const mostRecvs = 16

// spent reports whether both receives are from the same timer, which fires but
// once: what made it comes before both, and nobody resets it.
func (s *seeker) spent(first, u *ssa.UnOp) bool {
	a, _, _ := s.timer(first.X)
	b, _, _ := s.timer(u.X)
	return flow.Same(a, b) && s.firesOnce(b)
}

// firesOnce reports whether one value alone comes from the timer: all that is done with
// it is seen, and nobody sets it anew.
func (s *seeker) firesOnce(b ssa.Value) bool {
	k := s.h.Of(b)
	if len(k.Makes) != 1 || !s.h.Sealed(k) || s.remade(b, k.Makes[0].Call) {
		return false
	}
	return !s.h.setAnew(k)
}

// remade reports whether the variable that holds the timer may hold another one
// from one receive to the next: one that the same call makes anew. A variable that
// is set once, where it is made, does not.
func (s *seeker) remade(v ssa.Value, made *ssa.Call) bool {
	load, ok := v.(*ssa.UnOp)
	if !ok || load.Op != token.MUL {
		return false // the value itself
	}
	if cell, _ := s.h.ev.Cell(load.X, nil); cell != nil {
		return code.OnlyStore(cell) == nil
	}
	f, ok := load.X.(*ssa.FieldAddr)
	if !ok {
		return true
	}
	for _, v := range s.h.Stores[code.CellID(f)] {
		if v != ssa.Value(made) {
			return true
		}
		for _, r := range *made.Referrers() {
			st, ok := r.(*ssa.Store)
			if !ok {
				continue
			}
			at, ok := st.Addr.(*ssa.FieldAddr)
			if !ok {
				return true
			}
			if _, fresh := at.X.(*ssa.Alloc); !fresh {
				return true // of an object that is there already
			}
		}
	}
	return false
}
