package verdict

import (
	"fmt"
	"go/token"
	"go/types"
	"slices"
	"strings"

	"golang.org/x/tools/go/ssa"

	"github.com/killcheck/killcheck/analyzer/code"
	"github.com/killcheck/killcheck/analyzer/flow"
	"github.com/killcheck/killcheck/analyzer/handle"
	"github.com/killcheck/killcheck/analyzer/kb"
	"github.com/killcheck/killcheck/analyzer/signal"
)

// OwnWaits returns the waits of fn itself: its channel operations and its loops.
// Those of its calls are the business of callWaits.
func (m *Verdicts) OwnWaits(fn *ssa.Function) []*Wait {
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

// A spot is where somebody waits, or calls who does: the instruction of a
// function. The function is nil where a go statement starts code that is not
// seen.
type spot struct {
	fn  *ssa.Function
	in  ssa.Instruction // may be nil
	pos token.Pos
}

func spotOf(in ssa.Instruction) spot { return spot{in.Parent(), in, in.Pos()} }

// loops reports whether control comes to the spot more than once.
func (m *Verdicts) loops(at spot) bool { return at.in != nil && m.Looped(at.in) }

// operation returns the wait of a channel operation, or nil.
func (m *Verdicts) operation(fn *ssa.Function, in ssa.Instruction) *Wait {
	w := &Wait{Fn: fn, In: in, Pos: in.Pos()}
	switch in := in.(type) {
	case *ssa.Select:
		if !in.Blocking {
			return nil
		}
		if len(in.States) == 0 {
			w.Op = WaitNothing
			return w
		}
		w.Op = WaitSelect
		for _, st := range in.States {
			if st.Dir == types.SendOnly {
				w.Wakes = append(w.Wakes, m.received(spotOf(in), st.Chan, st.Pos))
			} else {
				w.Wakes = append(w.Wakes, m.raisedBy(spotOf(in), st.Chan, st.Pos)...)
			}
		}
	case *ssa.Send:
		w.Op, w.Name = WaitSend, m.Syn.Channel(in.Pos())
		w.Wakes = []Wake{m.received(spotOf(in), in.Chan, in.Pos())}
	case *ssa.UnOp:
		if in.Op != token.ARROW {
			return nil
		}
		w.Op, w.Name = WaitRecv, m.Syn.Channel(in.Pos())
		w.Wakes = m.raisedBy(spotOf(in), in.X, in.Pos())
	default:
		return nil
	}
	return w
}

// raisedBy returns the wakes of a receive: a close, or a send.
func (m *Verdicts) raisedBy(at spot, ch ssa.Value, pos token.Pos) []Wake {
	name := m.Syn.Channel(pos)
	closed := m.closed(at, ch, name)
	if closed.Action == ByCancel || closed.Level == Itself {
		return []Wake{closed}
	}
	return []Wake{closed, m.sent(at, ch, name)}
}

// contextOf returns the context whose Done channel v is, if it is that of one
// alone.
func (m *Verdicts) contextOf(v ssa.Value) ssa.Value {
	c := m.Graph.Class(m.Base, v)
	if len(c.Contexts) != 1 || len(c.Makes)+len(c.Library) > 0 || c.Unknown || c.Nil {
		return nil
	}
	return c.Contexts[0]
}

// closed returns the wake of a receive by the close of its channel, or by the
// end of the context whose channel it is.
func (m *Verdicts) closed(at spot, ch ssa.Value, name string) Wake {
	if ctx := m.contextOf(ch); ctx != nil {
		return m.cancelled(at, ctx, name)
	}
	if p := m.Param(ch); p != nil && code.IsChan(p.Type()) {
		return Wake{Action: ByClose, Param: p, Name: name, Stop: code.IsStopChan(p.Type())}
	}
	k := m.closing(at, ch, name)
	k.Key = m.keyOf(ch)
	return k
}

// sent returns the wake of a receive by a send on its channel.
func (m *Verdicts) sent(at spot, ch ssa.Value, name string) Wake {
	if p := m.Param(ch); p != nil && code.IsChan(p.Type()) {
		return Wake{Action: BySend, Param: p, Name: name, Stop: code.IsStopChan(p.Type())}
	}
	k := m.sending(at, ch, name)
	k.Key = m.keyOf(ch)
	return k
}

// cancelled returns the wake by the end of a context.
func (m *Verdicts) cancelled(at spot, ctx ssa.Value, name string) Wake {
	if p := m.Param(ctx); p != nil && code.IsContext(p.Type()) {
		return Wake{Action: ByCancel, Param: p, Name: name, Stop: true}
	}
	if m.cancelledBefore(at, ctx) {
		return Wake{Action: ByCancel, Level: Itself, Name: name, Key: m.keyOf(ctx)}
	}
	k := m.life(at, ctx, 8)
	k.Name, k.Key = name, m.keyOf(ctx)
	return k
}

// keyOf names a channel or context in one way for all functions, if it is kept
// in a field or made at one place; else it is empty.
func (m *Verdicts) keyOf(v ssa.Value) string {
	switch id := handle.Identity(m.Origin(v)).(type) {
	case code.Member:
		return fmt.Sprintf("%d.%d", id.Owner.Pos(), id.Index)
	case handle.Made:
		return fmt.Sprintf("made %d.%d", id.Call.Pos(), id.Index)
	}
	if mk, ok := m.Origin(v).(*ssa.MakeChan); ok {
		return fmt.Sprintf("made %d", mk.Pos())
	}
	return ""
}

// received returns the wake of a send: a receive, or room.
func (m *Verdicts) received(at spot, ch ssa.Value, pos token.Pos) Wake {
	name := m.Syn.Channel(pos)
	if p := m.Param(ch); p != nil && code.IsChan(p.Type()) {
		return Wake{Action: ByReceive, Param: p, Name: name}
	}
	k := m.taken(at, ch)
	k.Name = name
	return k
}

// bind gives the object of an open wake, which is v where the call at stands.
func (m *Verdicts) bind(k Wake, at spot, v ssa.Value, name string) Wake {
	if name == "" {
		name = k.Name
	}
	var b Wake
	switch k.Action {
	case ByCancel:
		if !code.IsContext(v.Type()) {
			return Wake{Action: k.Action, Name: k.Name, Level: Unclear, Why: NotSeen}
		}
		b = m.cancelled(at, v, name)
	case BySend:
		b = m.sent(at, v, name)
	case ByStore:
		b = m.storedTo(at, v, name)
	case ByReceive:
		if p := m.Param(v); p != nil && code.IsChan(p.Type()) {
			b = Wake{Action: ByReceive, Param: p, Name: name}
		} else {
			b = m.taken(at, v)
			b.Name = name
		}
	default:
		if code.IsChan(v.Type()) {
			b = m.closed(at, v, name)
		} else if m.memory(v, 6) {
			b = Wake{Action: ByData, Level: Itself}
		} else {
			b = m.handleWake(at, v, k, name)
		}
	}
	b.Time, b.Given, b.Only, b.Fails = b.Time || k.Time, k.Given, k.Only, k.Fails
	return b.orFails()
}

// storedTo returns the wake by a store of true to the flag at the address that a call
// gives.
func (m *Verdicts) storedTo(at spot, addr ssa.Value, name string) Wake {
	name = strings.TrimPrefix(name, "&")
	if p := m.Param(addr); p != nil {
		return Wake{Action: ByStore, Param: p, Name: name, Stop: true}
	}
	yes := true
	if k, ok := m.storing(at, addr, name, &yes); ok {
		return k
	}
	return Wake{Action: ByStore, Name: name, Level: Unclear, Why: NotSeen, At: at.pos, Stop: true}
}

// cancelledBefore reports whether the function itself has cancelled the context,
// which it has made, whenever control is at the wait: that does not last, and is no
// look at a stop.
func (m *Verdicts) cancelledBefore(at spot, ctx ssa.Value) bool {
	made, open := m.Graph.Origins(ctx)
	if open || len(made) != 1 || at.in == nil || made[0].Parent() != at.in.Parent() {
		return false
	}
	row, ok := signal.Entry(m.Base, &made[0].Call)
	if !ok || row.Effect != kb.Derives || row.Cancel < 0 {
		return false
	}
	cancel := code.UsedResult(made[0], row.Cancel)
	if cancel == nil {
		return false
	}
	return slices.ContainsFunc(*cancel.Referrers(), func(r ssa.Instruction) bool {
		c, ok := r.(*ssa.Call)
		return ok && c.Call.Value == cancel && alreadyDone([]ssa.Instruction{c}, at)
	})
}

// alreadyDone reports whether one of the instructions has been done whenever
// control is at the wait.
func alreadyDone(ins []ssa.Instruction, at spot) bool {
	for _, in := range ins {
		switch in.(type) {
		case *ssa.Call, *ssa.Send:
			if at.in != nil && in != at.in && in.Parent() == at.in.Parent() && flow.Precedes(in, at.in) {
				return true
			}
		}
	}
	return false
}
