package fault

import (
	"go/token"
	"slices"

	"golang.org/x/tools/go/ssa"

	"github.com/killcheck/killcheck/analyzer/code"
	"github.com/killcheck/killcheck/analyzer/event"
	"github.com/killcheck/killcheck/analyzer/program"
	"github.com/killcheck/killcheck/analyzer/wait"
	"github.com/killcheck/killcheck/analyzer/wake"
)

// A Far is a loop or wait of another package in which a goroutine stays.
type Far struct {
	Pos   token.Pos      // the go statement or call of this package that leads there
	F     *program.Frame // makes the call; nil for a go statement
	What  string         // what stays, and where
	Stop  event.Stop     // a stop signal that the call hands over, or else one in reach
	Given bool           // the call hands it over
}

// Fars returns where the goroutine stays in code of other packages, whatever is
// done. What such a loop was meant to live as long as the process is left out.
func (m *Faults) Fars(g *program.Goroutine) []Far {
	if !m.knowsFar() {
		return nil
	}
	var all []Far
	ws, _ := m.Waits(g)
	for _, w := range ws {
		b := w.Best()
		if w.Far == "" || w.Meant || w.Op != wait.Nothing && (w.Op != wait.Loop || b == nil || b.Level != wake.Never || b.Why != wake.NoExit) {
			continue
		}
		f := Far{Pos: w.Pos, What: m.Words(g, w)}
		if i := slices.IndexFunc(g.Frames, func(x *program.Frame) bool { return x.Fn == w.Fn }); w.Fn != nil && i >= 0 {
			f.F = g.Frames[i]
		}
		if c, ok := w.In.(ssa.CallInstruction); ok {
			f.Stop = m.handed(c, w.Pos)
		}
		f.Given = f.Stop.Expr != ""
		if !f.Given && f.F != nil {
			f.Stop = m.StopAt(g, f.F, f.Pos)
		}
		all = append(all, f)
	}
	return all
}

// FarDeads returns the waits in code of other packages whose wakes nobody raises,
// since nobody raises what that code is given. What ends by itself is not among them,
// nor what waits for the other side of a connection.
func (m *Faults) FarDeads(g *program.Goroutine) []Far {
	if g.Process || !m.knowsFar() {
		return nil // it works as long as the process lives, and is given a signal for form
	}
	var all []Far
	ws, _ := m.Waits(g)
	for _, w := range ws {
		if w.Far == "" || w.Meant || !dead(w) || m.SaysForever(w.Pos) {
			continue
		}
		f := Far{Pos: w.Pos, What: m.Words(g, w)}
		if i := slices.IndexFunc(g.Frames, func(x *program.Frame) bool { return x.Fn == w.Fn }); w.Fn != nil && i >= 0 {
			f.F = g.Frames[i]
		}
		all = append(all, f)
	}
	return all
}

// dead reports whether all that would end the wait is seen, and never comes: what
// the call in sight gives decides, or the loop there has made a context for
// itself which does not end.
func dead(w *wait.Wait) bool {
	switch w.Op {
	case wait.Select, wait.Recv, wait.Send, wait.Loop:
	default:
		return false
	}
	if w.Other {
		return false
	}
	for i := range w.Wakes {
		k := &w.Wakes[i]
		switch k.Action {
		case wake.ByClose, wake.BySend, wake.ByReceive, wake.ByCancel, wake.ByStore:
		default:
			return false
		}
		if k.Param != nil || k.Level != wake.Never || k.Time {
			return false
		}
		switch k.Why {
		case wake.RootContext, wake.NotCancelled:
			if !k.Given && w.Op != wait.Loop {
				return false // that is said where it waits
			}
		case wake.NobodyDoes, wake.NilChannel:
			if !k.Given {
				return false
			}
		default:
			return false
		}
	}
	return len(w.Wakes) > 0
}

// knowsFar reports whether some call of the package leads to a function of another
// one that may stay for ever.
func (m *Faults) knowsFar() bool {
	if m.far == nil {
		found := slices.ContainsFunc(m.Functions, m.callsFar)
		m.far = &found
	}
	return *m.far
}

// callsFar reports whether fn calls, starts or defers such a function.
func (m *Faults) callsFar(fn *ssa.Function) bool {
	for _, b := range fn.Blocks {
		for _, in := range b.Instrs {
			c, ok := in.(ssa.CallInstruction)
			if !ok {
				continue
			}
			f := m.callees.Of(c).Fact
			if f != nil && len(f.Waits) > 0 {
				return true
			}
		}
	}
	return false
}

// handed returns the stop signal that the call hands to its callee: a context that
// may end, or a channel that carries nothing.
func (m *Faults) handed(in ssa.CallInstruction, pos token.Pos) event.Stop {
	c := in.Common()
	first := 0
	if !c.IsInvoke() && c.Signature().Recv() != nil {
		first = 1
	}
	for i, a := range c.Args[first:] {
		switch {
		case code.IsContext(a.Type()) && m.Graph.Context(m.Base, a).Ends:
			name := m.callees.Argument(in, pos, i, "ctx")
			return event.Stop{Expr: name + ".Done()", Ctx: name}
		case code.IsStopChan(a.Type()) && !m.NeverRaised(a):
			return event.Stop{Expr: m.callees.Argument(in, pos, i, "stop")}
		}
	}
	return event.Stop{}
}
