package wait

import (
	"slices"

	"golang.org/x/tools/go/ssa"

	"github.com/killcheck/killcheck/analyzer/code"
	"github.com/killcheck/killcheck/analyzer/flow"
	"github.com/killcheck/killcheck/analyzer/program"
	"github.com/killcheck/killcheck/analyzer/wake"
)

// closedEarlier reports whether the body of the goroutine has called a method, before
// it comes to the wait, that always closes the channel of the wake, on the same
// object: what the goroutine alone raises, it has raised then. The calls that lead to
// the wait all are of methods that pass their object on.
func (m *Points) closedEarlier(g *program.Goroutine, w *Wait, k *wake.Wake) bool {
	body := g.Site.Body
	if k.Action != wake.ByClose || body == nil || len(w.Calls) == 0 || w.Far != "" || len(w.Calls) == maxCalls {
		return false
	}
	leads := m.methodCall(body, w, 0)
	if leads == nil {
		return false
	}
	on := m.Origin(code.Receiver(leads.Common()))
	for i, fn := 1, leads.Common().StaticCallee(); fn != w.Fn; i++ {
		if i >= len(w.Calls) || len(fn.Params) == 0 {
			return false
		}
		c := m.methodCall(fn, w, i)
		if c == nil || m.Origin(code.Receiver(c.Common())) != ssa.Value(fn.Params[0]) {
			return false
		}
		fn = c.Common().StaticCallee()
	}
	if !ofReceiver(w.Fn, m.waitedFor(w)) {
		return false
	}
	for _, s := range k.Who {
		fn := s.Parent()
		if fn == body || m.Skips(fn, nil, []ssa.Instruction{s}) != nil || !ofReceiver(fn, closedChan(s)) {
			continue
		}
		calls, _ := m.Graph.Callers(fn)
		if slices.ContainsFunc(calls, func(c ssa.CallInstruction) bool {
			_, now := c.(*ssa.Call)
			recv := code.Receiver(c.Common())
			return now && recv != nil && !m.callees.Reaches(fn, w.Fn) && c.Parent() == body && m.Origin(recv) == on && flow.Precedes(c, leads)
		}) {
			return true
		}
	}
	return false
}

// methodCall returns the call in fn that is number i of those that lead to the wait,
// if it is one of a method.
func (m *Points) methodCall(fn *ssa.Function, w *Wait, i int) ssa.CallInstruction {
	for _, b := range fn.Blocks {
		for _, in := range b.Instrs {
			c, ok := in.(*ssa.Call)
			if ok && c.Pos() == w.Calls[i] && c.Call.StaticCallee() != nil && code.Receiver(&c.Call) != nil {
				return c
			}
		}
	}
	return nil
}

// waitedFor returns the channel that the wait receives from, or nil.
func (m *Points) waitedFor(w *Wait) ssa.Value {
	if u, ok := w.In.(*ssa.UnOp); ok && code.IsRecv(u) {
		return u.X
	}
	return nil
}

// closedChan returns the channel that the instruction closes, now or when its
// function returns.
func closedChan(s ssa.Instruction) ssa.Value {
	c, ok := s.(ssa.CallInstruction)
	if !ok || len(c.Common().Args) != 1 {
		return nil
	}
	return c.Common().Args[0]
}

// ofReceiver reports whether the channel is a field of the receiver of fn.
func ofReceiver(fn *ssa.Function, ch ssa.Value) bool {
	load, ok := ch.(*ssa.UnOp)
	if !ok || fn == nil || len(fn.Params) == 0 || fn.Signature.Recv() == nil {
		return false
	}
	f, ok := load.X.(*ssa.FieldAddr)
	return ok && f.X == ssa.Value(fn.Params[0])
}
