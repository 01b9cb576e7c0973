package wait

import (
	"go/token"
	"go/types"

	"golang.org/x/tools/go/ssa"

	"github.com/killcheck/killcheck/analyzer/code"
	"github.com/killcheck/killcheck/analyzer/wake"
)

// OwnWaits returns the waits of fn itself: its channel operations and its loops.
// Those of its calls are the business of callWaits.
func (m *Points) OwnWaits(fn *ssa.Function) []*Wait {
	if ws, ok := m.own[fn]; ok {
		return ws
	}
	m.own[fn] = nil // Inv: nobody asks for them before they are complete but to show them
	var ws []*Wait
	if len(fn.Blocks) > 0 {
		graph := m.PlainGraph(fn)
		for _, b := range fn.Blocks {
			if !graph.Reachable(b) {
				continue
			}
			for _, in := range b.Instrs {
				if w := m.operation(fn, in); w != nil {
					ws = append(ws, w)
				}
				if in == graph.StopsAt(b) {
					break
				}
			}
		}
		ws = append(ws, m.loopWaits(fn)...)
	}
	m.own[fn] = ws
	return ws
}

// operation returns the wait of a channel operation, or nil.
func (m *Points) operation(fn *ssa.Function, in ssa.Instruction) *Wait {
	w := &Wait{Fn: fn, In: in, Pos: in.Pos()}
	switch in := in.(type) {
	case *ssa.Select:
		if !in.Blocking {
			return nil
		}
		if len(in.States) == 0 {
			w.Op = Nothing
			return w
		}
		w.Op = Select
		for _, st := range in.States {
			if st.Dir == types.SendOnly {
				w.Wakes = append(w.Wakes, m.Received(wake.SpotOf(in), st.Chan, st.Pos))
			} else {
				w.Wakes = append(w.Wakes, m.RaisedBy(wake.SpotOf(in), st.Chan, st.Pos)...)
			}
		}
	case *ssa.Send:
		w.Op, w.Name = Send, m.Syn.Channel(in.Pos())
		w.Wakes = []wake.Wake{m.Received(wake.SpotOf(in), in.Chan, in.Pos())}
	case *ssa.UnOp:
		if in.Op != token.ARROW {
			return nil
		}
		w.Op, w.Name = Recv, m.Syn.Channel(in.Pos())
		w.Wakes = m.RaisedBy(wake.SpotOf(in), in.X, in.Pos())
	default:
		return nil
	}
	return w
}

// bind gives the object of an open wake, which is v where the call at stands.
func (m *Points) bind(k wake.Wake, at wake.Spot, v ssa.Value, name string) wake.Wake {
	if name == "" {
		name = k.Name
	}
	var b wake.Wake
	switch k.Action {
	case wake.ByCancel:
		if !code.IsContext(v.Type()) {
			return wake.Wake{Action: k.Action, Name: k.Name, Level: wake.Unclear, Why: wake.NotSeen}
		}
		b = m.Cancelled(at, v, name)
	case wake.BySend:
		b = m.Sent(at, v, name)
	case wake.ByStore:
		b = m.StoredTo(at, v, name)
	case wake.ByReceive:
		if p := m.Param(v); p != nil && code.IsChan(p.Type()) {
			b = wake.Wake{Action: wake.ByReceive, Param: p, Name: name}
		} else {
			b = m.Taken(at, v)
			b.Name = name
		}
	default:
		if code.IsChan(v.Type()) {
			b = m.Closed(at, v, name)
		} else if m.memory(v, 6) {
			b = wake.Wake{Action: wake.ByData, Level: wake.Itself}
		} else {
			b = m.HandleWake(at, v, k, name)
		}
	}
	b.Time, b.Given, b.Only, b.Fails = b.Time || k.Time, k.Given, k.Only, k.Fails
	return b.OrFails()
}
