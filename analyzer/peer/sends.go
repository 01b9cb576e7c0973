package peer

import (
	"go/token"
	"slices"

	"golang.org/x/tools/go/ssa"

	"github.com/killcheck/killcheck/analyzer/code"
	"github.com/killcheck/killcheck/analyzer/count"
	"github.com/killcheck/killcheck/analyzer/event"
	"github.com/killcheck/killcheck/analyzer/flow"
	"github.com/killcheck/killcheck/analyzer/program"
	"github.com/killcheck/killcheck/analyzer/signal"
)

// An Unmet is a send or receive that may not be met: who would do the other end can
// leave first.
type Unmet struct {
	Kind   UnmetKind
	G      *program.Goroutine // that does it; nil for LoopLeaves and NoReceiver if none is seen to
	F      *program.Frame
	Pos    token.Pos       // the send or receive, or the call of what sends in another package
	In     ssa.Instruction // the same; nil for all but ReceiverLeaves
	Unsure bool
	Stop   event.Stop // that is in reach, and could end it
	Apart  bool       // it may be another than that by which the receiver leaves

	Who         string       // for GivenUp and Fewer: who leaves; empty for the function that started G
	Leaves      program.Step // for GivenUp and Fewer: where
	Sends       int          // for Fewer: how many sends can come; count.Many if that has no bound
	Room, Taken int          // for Fewer: how many the channel has room for, and how many he takes
	OneWay      bool         // for Fewer, in a test: on another way all of them are taken
	Make        token.Pos    // the make of the channel
	Capacity    string       // that it would need; empty if that is not known

	Far, Name string // for a call of a function of another package that sends: that, and the channel as the call names it

	Way   Way       // for ReceiverLeaves, SenderLeaves and LoopLeaves: how he leaves
	Case  token.Pos // for ByCase: the case
	Other token.Pos // the other end
}

// An UnmetKind says why the other end may not come.
type UnmetKind int8

// Why the other end may not come.
const (
	NoReceiver     UnmetKind = iota // nothing receives
	ReceiverLater                   // the goroutine itself starts what receives, after the send
	GivenUp                         // the maker of the channel can give up the wait for the answer
	Fewer                           // on one way fewer are taken than sent
	ReceiverLeaves                  // the receiver can leave
	SenderLeaves                    // the sender can leave
	LoopLeaves                      // the loop that is asked to stop can have left
)

// A Way says how somebody leaves.
type Way int8

// How somebody leaves.
const (
	ByCase    Way = iota // by another case of his select
	OnError              // because of an error of his work
	OutOfLoop            // out of his range over the channel
)

// Unmet returns the sends and receives of the goroutine whose partners can leave
// first. Only operations that are no case of a select count: a select has another way
// out.
func (p *Peers) Unmet(g *program.Goroutine) (all []Unmet) {
	if p.EndsWithMain(g) {
		return nil
	}
	if g.Site.Call != nil && (g.Site.Body == nil || len(g.Site.Body.Blocks) == 0) {
		all = p.farSends(g, nil, g.Site.Inst)
	}
	for _, f := range g.Frames {
		graph := p.PlainGraph(f.Fn)
		for _, b := range f.Fn.Blocks {
			for _, in := range b.Instrs {
				switch in := in.(type) {
				case *ssa.Send:
					if graph.Executes(in) {
						all = append(all, p.send(g, f, in)...)
					}
				case *ssa.Call:
					if graph.Executes(in) {
						all = append(all, p.farSends(g, f, in)...)
					}
				}
			}
		}
		for u := range p.Receives(f.Fn) {
			all = append(all, p.leavingSenders(g, f, u)...)
		}
	}
	return all
}

// Unreceived returns the sends outside of the goroutines that are seen, on channels
// without room that nothing receives from.
func (p *Peers) Unreceived() (all []Unmet) {
	for _, fn := range p.Functions {
		sends := p.SendsOf(fn)
		if len(sends) == 0 || fn.Synthetic != "" || !p.Graph.Live(fn) {
			continue
		}
		if g, _ := p.Runner(p.Goroutines, fn); g != nil {
			continue // judged with that
		}
		if _, open := p.Graph.Callers(fn); open && fn.Parent() != nil {
			continue // nothing shows that it runs
		}
		graph := p.PlainGraph(fn)
		for _, s := range sends {
			c := p.Graph.Class(p.Base, s.Chan)
			if !graph.Executes(s) || !c.Own() || len(c.Has(signal.Recv, signal.Range)) > 0 || p.closedFirst(s, c) {
				continue
			}
			if room, ok := p.Capacity(c); ok && room == 0 && !p.VariableConds(s) {
				all = append(all, Unmet{Kind: NoReceiver, Pos: s.Pos()})
			}
		}
	}
	return all
}

// closedFirst reports whether the channel is closed whenever control comes to the send: it
// panics, and waits for nobody.
func (p *Peers) closedFirst(s *ssa.Send, c *signal.Class) bool {
	return len(c.Makes) == 1 && slices.ContainsFunc(c.Has(signal.Close), func(o signal.Op) bool {
		_, later := o.In.(*ssa.Defer)
		return !later && o.Fn == s.Parent() && p.Precedes(o.In, s) &&
			(c.Makes[0].Parent() != o.Fn || p.Precedes(c.Makes[0], o.In))
	})
}

// send returns the send if the receivers can leave before they take it.
func (p *Peers) send(g *program.Goroutine, f *program.Frame, s *ssa.Send) []Unmet {
	c := p.Graph.Class(p.Base, s.Chan)
	if !c.Own() || p.closedFirst(s, c) {
		return nil
	}
	room, ok := p.Capacity(c)
	if !ok || !p.Affords(g, f.Fn, len(c.Ops())) {
		return nil
	}
	if room > 0 && (p.PlainGraph(s.Parent()).FindsRoom(s) || p.ofRequest(s, c)) {
		return nil
	}
	if p.Behind(s) {
		return nil
	}
	if m := p.given(g, f, s.Chan); m != nil {
		if own, ok := p.Size(m.Size, 3); ok {
			room = own.Most
		}
	}
	recvs := c.Has(signal.Recv, signal.Range)
	if len(recvs) == 0 {
		return p.neverReceived(g, f, s, c, room)
	}
	if p.beforeReceiver(g, f, s, c, room, recvs) {
		return []Unmet{{Kind: ReceiverLater, G: g, F: f, Pos: s.Pos(), Other: recvs[0].Pos()}}
	}
	if found, decided := p.handed(g, f, s, c, recvs); decided {
		return found
	}
	if found, decided := p.counted(g, f, s, c, room, recvs); decided {
		return found
	}
	return p.leaving(g, f, s, c, room, recvs)
}

// ofRequest reports whether the channel is that of a request which brings it along, with
// room for an answer, and one answer at most is sent: the request has just been received,
// and control comes to another send only with the next one, or it is one of many in a list.
func (p *Peers) ofRequest(s *ssa.Send, c *signal.Class) bool {
	var request ssa.Value
	switch ch := s.Chan.(type) {
	case *ssa.Field:
		request = ch.X
	case *ssa.UnOp:
		if field, ok := ch.X.(*ssa.FieldAddr); ok && ch.Op == token.MUL {
			request = field.X
		}
	}
	if request == nil || slices.ContainsFunc(c.Makes, func(m *ssa.MakeChan) bool { return !p.KeptOnce(m, code.TypeName(request.Type())) }) {
		return false
	}
	got := broughtBy(request)
	if got == nil {
		element, ok := request.(*ssa.UnOp)
		if !ok {
			return false
		}
		at, ok := element.X.(*ssa.IndexAddr)
		if !ok {
			return false
		}
		_, isConst := at.Index.(*ssa.Const)
		return !isConst
	}
	all := make(map[ssa.Instruction]bool)
	for _, o := range c.Has(signal.Send) {
		if o.Fn == s.Parent() && o.Sel == nil {
			all[o.In] = true
		}
	}
	return !flow.Reaches(p.PlainGraph(s.Parent()), s.Block(), s, all, func(in ssa.Instruction) bool { return in == got })
}

// broughtBy returns the receive that the value comes from, or nil.
func broughtBy(v ssa.Value) ssa.Instruction {
	for range 8 {
		switch x := v.(type) {
		case *ssa.TypeAssert:
			v = x.X
		case *ssa.Extract:
			if sel, ok := x.Tuple.(*ssa.Select); ok {
				return sel
			}
			v = x.Tuple
		case *ssa.UnOp:
			if code.IsRecv(x) {
				return x
			}
			a, ok := x.X.(*ssa.Alloc)
			if !ok || x.Op != token.MUL {
				return nil
			}
			if v = code.OnlyStore(a); v == nil {
				return nil
			}
		case *ssa.Alloc: // a request that is no pointer
			if v = code.OnlyStore(x); v == nil {
				return nil
			}
		default:
			return nil
		}
	}
	return nil
}

// neverReceived returns a send on a channel that nothing receives from.
func (p *Peers) neverReceived(g *program.Goroutine, f *program.Frame, s *ssa.Send, c *signal.Class, room int) []Unmet {
	n := p.SendsUpTo(f, s, c)
	if n <= room {
		n = p.SendsInAll(g, c, p.Goroutines)
	}
	if n <= room || n >= count.Many && room > event.SmallRoom && event.OnError(s) || p.VariableConds(s) || p.BlockedBefore(f, s, c, room) {
		return nil
	}
	return []Unmet{{Kind: NoReceiver, G: g, F: f, Pos: s.Pos(), Stop: p.StopAt(g, f, s.Pos()), Unsure: flow.Chosen(s)}}
}

// sameRound reports whether a loop around the send holds the other instruction as well:
// what earlier rounds have started is there.
func (p *Peers) sameRound(s *ssa.Send, in ssa.Instruction) bool {
	if s.Parent() != in.Parent() {
		return false
	}
	return slices.ContainsFunc(p.PlainGraph(s.Parent()).Around(s.Block()), func(l *flow.Loop) bool { return l.Has(in.Block()) })
}

// beforeReceiver reports whether the channel has no room for the send, and the
// goroutine itself starts all receivers, and only after it.
func (p *Peers) beforeReceiver(g *program.Goroutine, f *program.Frame, s *ssa.Send, c *signal.Class, room int, recvs []signal.Op) bool {
	for _, m := range c.Makes {
		if !g.Has(m.Parent()) {
			return false
		}
	}
	if p.SendsUpTo(f, s, c) <= room || p.VariableConds(s) {
		return false
	}
	before := p.Before(g, s)
	for _, o := range recvs {
		started := false
		for _, site := range p.Sites {
			if !p.RunsIn(site.Body, o.Fn) {
				continue
			}
			if !p.OnlyIn(g, site.In, 6) || before(site.Inst) || room > 0 && p.sameRound(s, site.Inst) {
				return false
			}
			started = true
		}
		if !started || g.Has(o.Fn) || !p.StartedOnly(o.Fn, 4) {
			return false
		}
	}
	return true
}
