package peer

import (
	"go/token"
	"slices"

	"golang.org/x/tools/go/ssa"

	"github.com/killcheck/killcheck/analyzer/code"
	"github.com/killcheck/killcheck/analyzer/flow"
	"github.com/killcheck/killcheck/analyzer/signal"
)

// A Partner asks whether whoever a loop of fn sends to, or receives from, may stay
// away.
type Partner struct {
	*Peers
	Fn   *ssa.Function
	Loop *flow.Loop
	At   ssa.Instruction // the operation, or the call in the loop that leads to it
}

// MaySkipReceive reports whether nobody may come to receive what the loop sends on
// the channel. Where somebody takes all that is sent until the channel is closed,
// or gives room back as a goroutine of the loop does with a token, one comes. A
// channel of which each message has its own is left out: its sender owes one
// answer, not many.
func (p Partner) MaySkipReceive(ch ssa.Value) bool {
	c := p.Graph.Class(p.Base, ch)
	if len(c.Library) > 0 || len(c.Contexts) > 0 || c.Nil || p.varies(ch) || p.givenAway(c) {
		return false
	}
	for _, o := range c.Has(signal.Recv, signal.Range) {
		if p.InTest(o.Pos()) || p.DeadFor(o.Fn, p.Fn) {
			continue
		}
		if p.own(o) || p.takesAll(o) || p.waitsForThis(o) {
			return false
		}
	}
	return !p.counts(c)
}

// givenAway reports whether the package itself gives the channel to code that was not
// read, which may receive from it until all is over. Where others get the channel to
// keep, they may do with it what they want.
func (p Partner) givenAway(c *signal.Class) bool {
	return c.Recvs && len(c.Makes) > 0 && !slices.ContainsFunc(c.Makes, p.handsOut)
}

// own reports whether the loop, or a goroutine that its function starts, does the
// operation.
func (p Partner) own(o signal.Op) bool {
	if o.Fn == p.Fn && p.Loop.Has(o.In.Block()) {
		return true
	}
	for _, g := range p.WithBody(p.BodyOf(o.Fn)) {
		if code.Outermost(g.Site.In) == code.Outermost(p.Fn) && p.Loop.Has(p.startedFrom(g.Site.Inst)) {
			return true
		}
	}
	return false
}

// startedFrom returns the block of the instruction, if that stands in the function
// of the loop.
func (p Partner) startedFrom(in ssa.Instruction) *ssa.BasicBlock {
	if in.Parent() != p.Fn {
		return nil
	}
	return in.Block()
}

// takesAll reports whether the receive is made again and again until the channel
// is closed, or for ever.
func (p Partner) takesAll(o signal.Op) bool {
	graph := p.PlainGraph(o.Fn)
	for _, l := range graph.Around(o.In.Block()) {
		stays := true
		for _, e := range l.Exits {
			stays = stays && e.To != nil && p.byClose(e, o)
		}
		if stays {
			return true
		}
	}
	return false
}

// waitsForThis reports whether the receive, of what carries nothing, is the one
// stop of its loop: until it comes the receiver is there.
func (p Partner) waitsForThis(o signal.Op) bool {
	if o.Sel == nil || !code.IsStopChan(o.Chan.Type()) {
		return false
	}
	for _, l := range p.PlainGraph(o.Fn).Around(o.In.Block()) {
		leaves := false
		for _, e := range l.Exits {
			switch {
			case takesCase(e, o):
				leaves = true
			case e.To == nil || p.AfterStop(nil, e.To.Instrs[0]):
				return false
			}
		}
		if leaves {
			return true
		}
	}
	return false
}

// counts reports whether the channel holds tokens: it has room, carries nothing,
// and somebody takes one out of it without a choice.
func (p Partner) counts(c *signal.Class) bool {
	for _, mk := range c.Makes {
		if k, ok := mk.Size.(*ssa.Const); ok && k.Int64() == 0 {
			return false
		}
		if !code.IsStopChan(mk.Type()) {
			return false
		}
	}
	for _, o := range c.Has(signal.Recv) {
		if o.Sel == nil {
			return len(c.Makes) > 0
		}
	}
	return false
}

// MaySkipSend reports whether nobody may come to send what the loop receives from
// the channel, nor to close it. Where a goroutine that the function starts sends,
// it was started to do so; where the function itself sends, it takes back what is
// its own.
func (p Partner) MaySkipSend(ch ssa.Value) bool {
	c := p.Graph.Class(p.Base, ch)
	if len(c.Library) > 0 || len(c.Contexts) > 0 || c.Nil || p.varies(ch) || code.IsStopChan(ch.Type()) {
		return false
	}
	if len(c.Has(signal.Close)) > 0 || c.Sends {
		return false
	}
	for _, mk := range c.Makes {
		if code.Outermost(mk.Parent()) == code.Outermost(p.Fn) {
			return false
		}
	}
	for _, o := range c.Has(signal.Send) {
		if code.Outermost(o.Fn) == code.Outermost(p.Fn) {
			return false
		}
		if len(p.WithBody(p.BodyOf(o.Fn))) > 0 && o.Sel == nil {
			return false // it may be sure to come
		}
	}
	return true
}

// varies reports whether the channel may be another one in each round of the loop:
// it is made, received, looked up or found in a round, or belongs to an object of
// which that is true.
func (p Partner) varies(v ssa.Value) bool {
	for range 16 {
		v = p.Origin(v)
		switch x := v.(type) {
		case *ssa.UnOp:
			if x.Op == token.ARROW {
				return true
			}
			v = x.X
		case *ssa.FieldAddr:
			v = x.X
		case *ssa.Field:
			v = x.X
		case *ssa.Global:
			return false
		case *ssa.Alloc:
			return !code.Encloses(x.Parent(), p.Fn) || x.Parent() == p.Fn && p.Loop.Has(x.Block()) || p.stored(x)
		case *ssa.MakeChan:
			return x.Parent() == p.Fn && p.Loop.Has(x.Block()) || !code.Encloses(x.Parent(), p.Fn)
		case *ssa.Parameter:
			if code.Encloses(x.Parent(), p.Fn) {
				return false
			}
			c, ok := p.At.(*ssa.Call)
			if !ok {
				return true
			}
			if c.Call.StaticCallee() == x.Parent() {
				if v = code.Argument(&c.Call, x); v == nil {
					return true
				}
				continue
			}
			recv, mine := x.Parent().Signature.Recv(), code.Outermost(p.Fn).Signature.Recv()
			return recv == nil || mine == nil || x != x.Parent().Params[0] || code.TypeName(recv.Type()) != code.TypeName(mine.Type())
		default:
			return true
		}
	}
	return true
}

// stored reports whether the loop stores something in the variable.
func (p Partner) stored(a *ssa.Alloc) bool {
	for _, r := range *a.Referrers() {
		if s, ok := r.(*ssa.Store); ok && s.Addr == ssa.Value(a) && s.Parent() == p.Fn && p.Loop.Has(s.Block()) {
			return true
		}
	}
	return false
}
