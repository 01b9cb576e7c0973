package verdict

import (
	"slices"

	"golang.org/x/tools/go/ssa"

	"github.com/killcheck/killcheck/analyzer/code"
	"github.com/killcheck/killcheck/analyzer/flow"
)

// tells reports whether fn returns an error where the call fails that waits: one of its
// own, or one of what it calls, of which the calls that lead to it number n is the first
// in fn. What cannot be followed is taken to do so.
func (m *Verdicts) tells(fn *ssa.Function, w *Wait, n int) bool {
	if w.Fn == fn {
		c, ok := w.In.(*ssa.Call)
		return !ok || m.passesOn(fn, c)
	}
	if n >= len(w.Calls) {
		return true
	}
	for _, b := range fn.Blocks {
		for _, in := range b.Instrs {
			c, ok := in.(*ssa.Call)
			if !ok || c.Pos() != w.Calls[n] {
				continue
			}
			t := m.callees.Of(c)
			return m.passesOn(fn, c) && (len(t.Fns) != 1 || m.tells(t.Fns[0], w, n+1))
		}
	}
	return true
}

// passesOn reports whether each way from the call, if that has failed, to a return of fn
// gives an error.
func (m *Verdicts) passesOn(fn *ssa.Function, c *ssa.Call) bool {
	err := code.ErrorOf(c)
	if err == nil || !code.GivesError(c) {
		return false
	}
	graph := m.PlainGraph(fn)
	seen := map[*ssa.BasicBlock]bool{c.Block(): true}
	work := []*ssa.BasicBlock{c.Block()}
	for len(work) > 0 {
		b := work[len(work)-1]
		work = work[:len(work)-1]
		if r, ok := b.Instrs[len(b.Instrs)-1].(*ssa.Return); ok && !m.gives(r, err) {
			return false
		}
		for i, s := range b.Succs {
			if seen[s] || !slices.Contains(graph.Succs(b), s) || succeeded(b, i, err) {
				continue
			}
			seen[s] = true
			work = append(work, s)
		}
	}
	return true
}

// succeeded reports whether edge i of b is taken only if the error is none.
func succeeded(b *ssa.BasicBlock, i int, err ssa.Value) bool {
	if len(b.Succs) != 2 || flow.Condition(b) == nil {
		return false
	}
	v := failed(b, 1-i)
	return v != nil && sameError(v, err)
}

// sameError reports whether v is the error, or a variable that it has just been put in.
func sameError(v, err ssa.Value) bool {
	if u, ok := v.(*ssa.UnOp); ok {
		if s := code.JustStored(u); s != nil {
			v = s
		}
	}
	return v == err
}

// gives reports whether the return gives the error, or one that is not nil.
func (m *Verdicts) gives(r *ssa.Return, err ssa.Value) bool {
	if len(r.Results) == 0 {
		return false
	}
	v := returned(r)
	if phi, ok := v.(*ssa.Phi); ok {
		return slices.Contains(phi.Edges, err)
	}
	return sameError(v, err) || saysError(v)
}
