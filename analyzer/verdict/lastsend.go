package verdict

import (
	"go/token"

	"golang.org/x/tools/go/ssa"

	"github.com/killcheck/killcheck/analyzer/flow"
	"github.com/killcheck/killcheck/analyzer/signal"
)

// closeBehind reports whether all that is ever sent on a channel of the class is sent
// by functions that close it behind the value, before they send another one or
// return. No channel then gets a second value, so that one with room takes all. Two
// that send at once do not wait for each other: one of them closes, and the other
// panics.
func (m *matcher) closeBehind(c *signal.Class) bool {
	sends := c.Has(signal.Send)
	if c.Sends || c.Unknown || len(sends) == 0 || len(sends) > maxPartners {
		return false
	}
	all := make(map[ssa.Instruction]bool, len(sends))
	for _, o := range sends {
		all[o.In] = true
	}
	for _, o := range sends {
		send, ok := o.In.(*ssa.Send)
		if !ok {
			return false
		}
		closes := make(map[ssa.Instruction]bool)
		for _, x := range c.Has(signal.Close) {
			if _, now := x.In.(*ssa.Call); now && x.Fn == o.Fn && m.sameChannel(x.Chan, send.Chan) {
				closes[x.In] = true
			}
		}
		graph := m.mod.PlainGraph(o.Fn)
		if len(closes) == 0 || flow.FirstReturn(graph, send.Block(), send, closes) != nil ||
			flow.Reaches(graph, send.Block(), send, all, func(in ssa.Instruction) bool { return closes[in] }) {
			return false
		}
	}
	return true
}

// leastRoom returns the room of the smallest channel of the class.
func (m *matcher) leastRoom(c *signal.Class) (n int, ok bool) {
	for i, mk := range c.Makes {
		v, ok := mk.Size.(*ssa.Const)
		if !ok || v.Value == nil {
			return 0, false
		}
		if k := int(v.Int64()); i == 0 || k < n {
			n = k
		}
	}
	return n, len(c.Makes) > 0
}

// sameChannel reports whether two values of one function are surely the same channel,
// or handle: one value, or a field of one object that the function does not set. The
// object may be kept in a variable that gets one value only, or in such a field.
func (m *matcher) sameChannel(a, b ssa.Value) bool {
	if a == b {
		return true
	}
	x, ok := a.(*ssa.UnOp)
	y, ok2 := b.(*ssa.UnOp)
	if !ok || !ok2 || x.Op != token.MUL || y.Op != token.MUL {
		return false
	}
	f, ok := x.X.(*ssa.FieldAddr)
	g, ok2 := y.X.(*ssa.FieldAddr)
	if !ok || !ok2 || f.Field != g.Field || m.origin(f.X) != m.origin(g.X) && !m.sameChannel(f.X, g.X) {
		return false
	}
	for _, b := range f.Parent().Blocks {
		for _, in := range b.Instrs {
			if s, ok := in.(*ssa.Store); ok && sameCell(s.Addr, f) {
				return false
			}
		}
	}
	return true
}
