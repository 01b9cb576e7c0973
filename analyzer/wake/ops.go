package wake

import (
	"fmt"
	"go/token"
	"slices"
	"strings"

	"golang.org/x/tools/go/ssa"

	"github.com/killcheck/killcheck/analyzer/code"
	"github.com/killcheck/killcheck/analyzer/flow"
	"github.com/killcheck/killcheck/analyzer/handle"
	"github.com/killcheck/killcheck/analyzer/kb"
	"github.com/killcheck/killcheck/analyzer/signal"
)

// A Spot is where somebody waits, or calls who does: the instruction of a
// function. The function is nil where a go statement starts code that is not
// seen.
type Spot struct {
	Fn  *ssa.Function
	In  ssa.Instruction // may be nil
	Pos token.Pos
}

// SpotOf returns the spot of an instruction that waits.
func SpotOf(in ssa.Instruction) Spot { return Spot{in.Parent(), in, in.Pos()} }

// loops reports whether control comes to the spot more than once.
func (m *Wakes) loops(at Spot) bool { return at.In != nil && m.Looped(at.In) }

// RaisedBy returns the wakes of a receive: a close, or a send.
func (m *Wakes) RaisedBy(at Spot, ch ssa.Value, pos token.Pos) []Wake {
	name := m.Syn.Channel(pos)
	closed := m.Closed(at, ch, name)
	if closed.Action == ByCancel || closed.Level == Itself {
		return []Wake{closed}
	}
	return []Wake{closed, m.Sent(at, ch, name)}
}

// contextOf returns the context whose Done channel v is, if it is that of one
// alone.
func (m *Wakes) contextOf(v ssa.Value) ssa.Value {
	c := m.Graph.Class(m.Base, v)
	if len(c.Contexts) != 1 || len(c.Makes)+len(c.Library) > 0 || c.Unknown || c.Nil {
		return nil
	}
	return c.Contexts[0]
}

// Closed returns the wake of a receive by the close of its channel, or by the
// end of the context whose channel it is.
func (m *Wakes) Closed(at Spot, ch ssa.Value, name string) Wake {
	if ctx := m.contextOf(ch); ctx != nil {
		return m.Cancelled(at, ctx, name)
	}
	if p := m.Param(ch); p != nil && code.IsChan(p.Type()) {
		return Wake{Action: ByClose, Param: p, Name: name, Stop: code.IsStopChan(p.Type())}
	}
	k := m.closing(at, ch, name)
	k.Key = m.keyOf(ch)
	return k
}

// Sent returns the wake of a receive by a send on its channel.
func (m *Wakes) Sent(at Spot, ch ssa.Value, name string) Wake {
	if p := m.Param(ch); p != nil && code.IsChan(p.Type()) {
		return Wake{Action: BySend, Param: p, Name: name, Stop: code.IsStopChan(p.Type())}
	}
	k := m.sending(at, ch, name)
	k.Key = m.keyOf(ch)
	return k
}

// Cancelled returns the wake by the end of a context.
func (m *Wakes) Cancelled(at Spot, ctx ssa.Value, name string) Wake {
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
func (m *Wakes) keyOf(v ssa.Value) string {
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

// Received returns the wake of a send: a receive, or room.
func (m *Wakes) Received(at Spot, ch ssa.Value, pos token.Pos) Wake {
	name := m.Syn.Channel(pos)
	if p := m.Param(ch); p != nil && code.IsChan(p.Type()) {
		return Wake{Action: ByReceive, Param: p, Name: name}
	}
	k := m.Taken(at, ch)
	k.Name = name
	return k
}

// StoredTo returns the wake by a store of true to the flag at the address that a call
// gives.
func (m *Wakes) StoredTo(at Spot, addr ssa.Value, name string) Wake {
	name = strings.TrimPrefix(name, "&")
	if p := m.Param(addr); p != nil {
		return Wake{Action: ByStore, Param: p, Name: name, Stop: true}
	}
	yes := true
	if k, ok := m.storing(at, addr, name, &yes); ok {
		return k
	}
	return Wake{Action: ByStore, Name: name, Level: Unclear, Why: NotSeen, At: at.Pos, Stop: true}
}

// cancelledBefore reports whether the function itself has cancelled the context,
// which it has made, whenever control is at the wait: that does not last, and is no
// look at a stop.
func (m *Wakes) cancelledBefore(at Spot, ctx ssa.Value) bool {
	made, open := m.Graph.Origins(ctx)
	if open || len(made) != 1 || at.In == nil || made[0].Parent() != at.In.Parent() {
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
func alreadyDone(ins []ssa.Instruction, at Spot) bool {
	for _, in := range ins {
		switch in.(type) {
		case *ssa.Call, *ssa.Send:
			if at.In != nil && in != at.In && in.Parent() == at.In.Parent() && flow.Precedes(in, at.In) {
				return true
			}
		}
	}
	return false
}
