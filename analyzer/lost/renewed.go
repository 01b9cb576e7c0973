package lost

import (
	"go/token"

	"golang.org/x/tools/go/ssa"

	"github.com/killcheck/killcheck/analyzer/code"
	"github.com/killcheck/killcheck/analyzer/flow"
	"github.com/killcheck/killcheck/analyzer/signal"
)

// Renewed reports whether what gave the error of the condition is another in each
// round of the loop, or may be: the end that the error tells of is then that of one
// round, as the end of one batch of several.
func (ev *Stops) Renewed(l *flow.Loop, cond ssa.Value) bool {
	for c := range erring(cond) {
		if !l.Has(c.Block()) {
			continue
		}
		args := c.Call.Args
		if recv := code.Receiver(&c.Call); recv != nil {
			args = []ssa.Value{recv}
		}
		for _, v := range args {
			if ev.renewed(l, v, 6) || ev.passedBefore(l, c, v) {
				return true
			}
		}
	}
	return false
}

// erring returns the calls whose error the condition may look at.
func erring(cond ssa.Value) map[*ssa.Call]bool {
	calls := make(map[*ssa.Call]bool)
	var work []ssa.Value
	switch c := cond.(type) {
	case *ssa.BinOp:
		work = []ssa.Value{c.X, c.Y}
	case *ssa.Call:
		work = append(work, c.Call.Args...)
	}
	seen := make(map[ssa.Value]bool)
	for len(work) > 0 && len(seen) < 32 {
		v := work[len(work)-1]
		work = work[:len(work)-1]
		if seen[v] {
			continue
		}
		seen[v] = true
		switch v := v.(type) {
		case *ssa.Call:
			calls[v] = true
		case *ssa.Extract:
			work = append(work, v.Tuple)
		case *ssa.Phi:
			work = append(work, v.Edges...)
		case *ssa.UnOp:
			if a, ok := v.X.(*ssa.Alloc); ok {
				work = append(work, code.StoresTo(a)...)
			}
		}
	}
	return calls
}

// renewed reports whether v may be another object in each round of the loop.
func (ev *Stops) renewed(l *flow.Loop, v ssa.Value, depth int) bool {
	in, ok := v.(ssa.Instruction)
	if !ok || !l.Has(in.Block()) {
		return false
	}
	if depth == 0 {
		return true
	}
	switch v := v.(type) {
	case *ssa.UnOp:
		return v.Op != token.MUL || storedIn(l, v.X) || ev.renewed(l, v.X, depth-1)
	case *ssa.FieldAddr:
		return ev.renewed(l, v.X, depth-1)
	case *ssa.MakeInterface:
		return ev.renewed(l, v.X, depth-1)
	case *ssa.ChangeInterface:
		return ev.renewed(l, v.X, depth-1)
	case *ssa.ChangeType:
		return ev.renewed(l, v.X, depth-1)
	case *ssa.Slice:
		return ev.renewed(l, v.X, depth-1)
	case *ssa.Call:
		return !gets(v)
	}
	return true
}

// storedIn reports whether the loop gives the variable another value.
func storedIn(l *flow.Loop, addr ssa.Value) bool {
	for _, b := range l.Blocks {
		for _, in := range b.Instrs {
			if s, ok := in.(*ssa.Store); ok && flow.Same(s.Addr, addr) {
				return true
			}
		}
	}
	return false
}

// gets reports whether the call only hands out a field.
func gets(c *ssa.Call) bool {
	fn := c.Call.StaticCallee()
	if fn == nil || len(fn.Blocks) != 1 {
		return false
	}
	for _, in := range fn.Blocks[0].Instrs {
		switch in.(type) {
		case *ssa.FieldAddr, *ssa.UnOp, *ssa.Return, *ssa.DebugRef, *ssa.MakeInterface, *ssa.ChangeInterface:
		default:
			return false
		}
	}
	return true
}

// passedBefore reports whether each round gives v, before the call, to code that is
// not known, which may set it to a new start.
func (ev *Stops) passedBefore(l *flow.Loop, c *ssa.Call, v ssa.Value) bool {
	for _, b := range l.Blocks {
		for _, in := range b.Instrs {
			x, ok := in.(*ssa.Call)
			if !ok || x == c || !ev.Precedes(x, c) {
				continue
			}
			if _, known := signal.Entry(ev.Base, &x.Call); known {
				continue
			}
			if recv := code.Receiver(&x.Call); recv != nil && flow.Same(recv, v) {
				return true
			}
			for _, a := range x.Call.Args {
				if m, ok := a.(*ssa.MakeInterface); ok {
					a = m.X
				}
				if flow.Same(a, v) {
					return true
				}
			}
		}
	}
	return false
}
