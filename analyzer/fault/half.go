package fault

import (
	"go/token"
	"go/types"
	"slices"
	"strings"

	"golang.org/x/tools/go/ssa"

	"github.com/killcheck/killcheck/analyzer/code"
	"github.com/killcheck/killcheck/analyzer/event"
	"github.com/killcheck/killcheck/analyzer/flow"
	"github.com/killcheck/killcheck/analyzer/peer"
	"github.com/killcheck/killcheck/analyzer/program"
	"github.com/killcheck/killcheck/analyzer/signal"
	"github.com/killcheck/killcheck/analyzer/wait"
	"github.com/killcheck/killcheck/analyzer/wake"
)

// A Half is a wait without bound in a loop that heeds a stop elsewhere: asked to
// stop there, the goroutine stays.
type Half struct {
	Op    wait.Op         // a send, a receive, or a select
	In    ssa.Instruction // the operation
	Pos   token.Pos
	F     *program.Frame // of the function that waits; nil if the goroutine is not known to run it
	Name  string         // what it waits for, as Go source
	Heeds string         // the stop that the loop heeds
	Loop  token.Pos
	Calls bool       // the loop is that of a caller
	Alone bool       // the function that waits goes round by itself there, without a look at the stop
	Tail  bool       // who leaves the loop does more than to return: a return at the wait would skip it
	Stop  event.Stop // a stop signal in reach at the wait; the zero Stop if there is none
	Taken bool       // a send on a channel that others get, to range over it until its close
	Hook  bool       // a send that is done only if somebody has set the channel
	Room  bool       // a send on a channel whose room is no constant: it may be as much as there will ever be
	Asked bool       // a send that somebody awaits without another way out: he would miss it
}

// Halves returns the waits of the goroutine in loops that heed a stop in another
// of their waits. A wait is left out if something is sure to end it, or if its
// partner is seen to stay.
func (m *Faults) Halves(g *program.Goroutine) []Half {
	peers := m.peers
	var all []Half
	for _, f := range g.Frames {
		for _, h := range m.halves(f.Fn) {
			if m.AfterStop(f, h.at) {
				continue
			}
			i := slices.IndexFunc(g.Frames, func(f *program.Frame) bool { return f.Fn == h.In.Parent() })
			if i >= 0 {
				h.F = g.Frames[i]
				h.Stop = m.ownStop(g, h)
			}
			if peers.Outlived(g, h.F, h.In) || peers.Replies(h.In) || peers.OnCredit(h.In) {
				continue
			}
			h.Taken = peers.RangedOver(g, h.In)
			if s, ok := h.In.(*ssa.Send); ok {
				h.Hook, h.Room, h.Asked = flow.IfSet(s), peers.SomeRoom(s), peers.Awaited(s)
			}
			all = append(all, h.Half)
		}
	}
	return all
}

// ownStop returns the stop for the wait: that which the loop around heeds, if it has the
// same name there, or else another in reach. A field may have been set again since.
func (m *Faults) ownStop(g *program.Goroutine, h half) event.Stop {
	if !h.Calls {
		for c := range m.Candidates(h.F.Fn, h.In.Pos()) {
			if c.Stop.Expr == h.Heeds || c.Stop.Ctx != "" && c.Stop.Ctx == h.Heeds {
				return c.Stop
			}
		}
	}
	return m.StopAt(g, h.F, h.In.Pos())
}

// A half is a Half, as one function has it.
type half struct {
	Half
	at ssa.Instruction // the wait, or the call that leads to it, in the loop
}

// halves returns the waits in loops of fn, those of its callees among them.
func (m *Faults) halves(fn *ssa.Function) []half {
	if hs, ok := m.half[fn]; ok {
		return hs
	}
	var all []half
	seen := make(map[ssa.Instruction]bool)
	for _, x := range m.OwnWaits(fn) {
		heeds := m.heeded(fn, x)
		if heeds == "" {
			continue
		}
		l := m.loopOf(x)
		if l == nil {
			continue
		}
		tail := m.hasTail(l)
		for _, b := range l.Blocks {
			for _, in := range b.Instrs {
				for _, w := range m.waitsAt(fn, in) {
					if seen[w.In] || !m.unheeded(fn, in, l, w) || m.raisesFirst(l, in, w) {
						continue
					}
					seen[w.In] = true
					all = append(all, half{Half{Op: w.Op, In: w.In, Pos: w.Pos, Name: w.Name, Heeds: heeds, Loop: x.Pos, Calls: w.Fn != fn, Alone: w.Fn != fn && m.Looped(w.In), Tail: tail}, in})
				}
			}
		}
	}
	m.half[fn] = all
	return all
}

// hasTail reports whether, behind an exit of the loop, others are told something, or
// the package itself does, before the function returns.
func (m *Faults) hasTail(l *flow.Loop) bool {
	seen := make(map[*ssa.BasicBlock]bool)
	var tells func(b *ssa.BasicBlock) bool
	tells = func(b *ssa.BasicBlock) bool {
		if l.Has(b) || seen[b] {
			return false
		}
		seen[b] = true
		for _, in := range b.Instrs {
			switch in := in.(type) {
			case *ssa.Send, *ssa.Go:
				return true
			case *ssa.Call:
				if b, ok := in.Call.Value.(*ssa.Builtin); ok {
					if b.Name() == "close" {
						return true
					}
					continue
				}
				if _, known := signal.Entry(m.Base, in.Common()); known && !ofRound(l, in) {
					return true
				}
				if fn := in.Call.StaticCallee(); fn != nil && fn.Pkg == l.Head.Parent().Pkg || fn == nil && !in.Call.IsInvoke() {
					return true
				}
			}
		}
		return slices.ContainsFunc(b.Succs, tells)
	}
	return slices.ContainsFunc(l.Exits, func(e flow.Edge) bool { return tells(e.To) })
}

// ofRound reports whether a method is called on what a round of the loop has made, such as
// its timer.
func ofRound(l *flow.Loop, c *ssa.Call) bool {
	made, ok := code.Receiver(&c.Call).(ssa.Instruction)
	return ok && l.Has(made.Block())
}

// heeded returns the stop that the loop x of fn ends by, if that is a context, or
// a channel which carries nothing and is closed by somebody else. Where a loop needs
// two of them, whoever raises them has seen to it in which order the others leave.
func (m *Faults) heeded(fn *ssa.Function, x *wait.Wait) string {
	if x.Op != wait.Loop || x.Part {
		return ""
	}
	for _, k := range x.Wakes {
		if k.Carried {
			continue // the end of what it works on, such as the rows of a query, and no look at the stop
		}
		k = m.Settled(x, k, fn, nil)
		if k.Stops() && k.Stop && (k.Action == wake.ByCancel || k.Action == wake.ByClose) && k.Name != "" {
			name, _ := strings.CutSuffix(k.Name, ".Done()")
			name, _ = strings.CutSuffix(name, ".Err()")
			return name
		}
	}
	return ""
}

// waitsAt returns the waits for channels of one instruction, and of what it calls.
func (m *Faults) waitsAt(fn *ssa.Function, in ssa.Instruction) []*wait.Wait {
	var all []*wait.Wait
	switch in := in.(type) {
	case *ssa.Call:
		all = m.CallWaits(fn, in)
	case *ssa.Send, *ssa.Select, *ssa.UnOp:
		for _, w := range m.OwnWaits(fn) {
			if w.In == in {
				all = append(all, w)
			}
		}
	}
	return slices.DeleteFunc(slices.Clone(all), func(w *wait.Wait) bool {
		return w.Far != "" || w.In == nil || w.Op != wait.Send && w.Op != wait.Recv && w.Op != wait.Select
	})
}

// alone reports whether nobody receives from the channel but the function of the receive.
func (m *Faults) alone(recv *ssa.UnOp) bool {
	return !slices.ContainsFunc(m.Graph.Class(m.Base, recv.X).Has(signal.Recv), func(o signal.Op) bool { return o.Fn != recv.Parent() })
}

// unheeded reports whether a wait in the loop of fn, to which the instruction at
// leads, may last although the stop of the loop is raised.
func (m *Faults) unheeded(fn *ssa.Function, at ssa.Instruction, l *flow.Loop, w *wait.Wait) bool {
	if w.Over() {
		return false
	}
	for _, k := range w.Wakes {
		if k = m.Settled(w, k, fn, at); k.Stops() || k.Level == wake.Itself {
			return false
		}
	}
	p := peer.Partner{Peers: m.peers, Fn: fn, Loop: l, At: at}
	switch in := w.In.(type) {
	case *ssa.Send:
		return p.MaySkipReceive(in.Chan)
	case *ssa.UnOp:
		return !in.CommaOk && p.MaySkipSend(in.X) && !(m.PlainGraph(in.Parent()).TakesBuffered(in) && m.alone(in))
	case *ssa.Select:
		for _, st := range in.States {
			if st.Dir == types.SendOnly && !p.MaySkipReceive(st.Chan) {
				return false
			}
			if st.Dir == types.RecvOnly && !p.MaySkipSend(st.Chan) {
				return false
			}
		}
		return len(in.States) > 0
	}
	return false
}
