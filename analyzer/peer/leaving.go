package peer

import (
	"go/ast"
	"go/token"
	"go/types"
	"slices"
	"strings"

	"golang.org/x/tools/go/ssa"

	"github.com/killcheck/killcheck/analyzer/code"
	"github.com/killcheck/killcheck/analyzer/count"
	"github.com/killcheck/killcheck/analyzer/event"
	"github.com/killcheck/killcheck/analyzer/flow"
	"github.com/killcheck/killcheck/analyzer/program"
	"github.com/killcheck/killcheck/analyzer/signal"
)

// leaving returns the send if every receiver is a goroutine that can leave by
// another case of its select, and none of them drains the channel afterwards.
func (p *Peers) leaving(g *program.Goroutine, f *program.Frame, s *ssa.Send, c *signal.Class, room int, recvs []signal.Op) []Unmet {
	n := p.SendsUpTo(f, s, c)
	each := n
	switch own := p.given(g, f, s.Chan); {
	case !p.Looped(g.Site.Inst) || event.OwnChannel(f, c) || own != nil && p.Rounds(own, g.Site.Inst) == 1:
	case len(c.Makes) == 1 && c.Makes[0].Parent() == g.Site.In:
		n = min(n*p.Rounds(c.Makes[0], g.Site.Inst), count.Many)
	default:
		n = count.Many // one for each goroutine
	}
	if n <= room || count.RoomForEach(each, n, room) || room > 0 && (flow.OnlyIfSet(s) || p.ofWaiter(s, c, recvs)) {
		return nil
	}
	recvs, fake := p.inCode(s.Pos(), recvs)
	if p.closedByOthers(g, c) || p.Credit(s, room, recvs) {
		return nil
	}
	var by *exit
	for _, o := range recvs {
		if g.Has(o.Fn) {
			return nil // its own receiver
		}
		if excludes(s, o.In.Block()) {
			continue
		}
		x := p.leaves(o, recvs, func(stop ssa.Value) bool {
			return p.endings.EndedBefore(g, f, s.Chan, stop, o.Fn) || p.Covered(s, stop)
		})
		if x == nil || x.way == OnError && p.inStep(s, o) || x.stop != nil && (p.OnlyRaisedBy(g, x.stop) || p.ClosedLast(f, x.stop)) {
			return nil
		}
		by = x
	}
	if by == nil {
		return nil
	}
	stop := p.sameStop(f, s, by)
	apart := false
	if stop.Expr == "" {
		stop = p.StopAt(g, f, s.Pos())
		apart = stop.Expr != "" && (by.stop == nil || !p.isStopOf(f, s, stop, by))
	}
	if stop.Expr == "" {
		stop = p.ofReceiver(by, s.Pos())
	}
	if stop.Expr == "" && !p.related(f.Fn, by.op.Fn) && !p.madeWith(by.op.Fn, c) {
		return nil
	}
	return []Unmet{{
		Kind: ReceiverLeaves, G: g, F: f, Pos: s.Pos(), In: s, Stop: stop, Apart: apart, Way: by.way, Case: by.at, Other: by.op.Pos(),
		Unsure: stop.Ctx == "" && room > event.SmallRoom || room > 0 && each <= room && p.fedBack(g) || fake,
	}}
}

// fedBack reports whether the goroutine starts when something is received that it, or what
// it starts in turn, sends: there is the next one only if the last one did not stop.
func (p *Peers) fedBack(g *program.Goroutine) bool {
	for sel, k := range flow.CasesTo(g.Site.Inst.Block()) {
		if sel.States[k].Dir != types.RecvOnly {
			continue
		}
		for _, o := range p.Graph.Class(p.Base, sel.States[k].Chan).Has(signal.Send) {
			if g.Has(o.Fn) || slices.ContainsFunc(p.Goroutines, func(next *program.Goroutine) bool {
				return next.Site != g.Site && g.Has(next.Site.In) && next.Has(o.Fn)
			}) {
				return true
			}
		}
	}
	return false
}

// ofWaiter reports whether the channel is found in a map, into which each receiver has put
// one of its own, from which he receives once: there is room for the one answer that he waits for.
func (p *Peers) ofWaiter(s *ssa.Send, c *signal.Class, recvs []signal.Op) bool {
	return code.Found(s.Chan) && len(recvs) > 0 && !slices.ContainsFunc(recvs, func(o signal.Op) bool {
		return !slices.ContainsFunc(c.Makes, func(m *ssa.MakeChan) bool {
			return m.Parent() == o.Fn && !slices.ContainsFunc(p.PlainGraph(o.Fn).Around(o.In.Block()), func(l *flow.Loop) bool { return !l.Has(m.Block()) })
		})
	})
}

// inStep reports whether the receiver takes the value before it does anything else that
// ends it: the sender has had something from it before, after which the receiver always
// comes to the receive.
func (p *Peers) inStep(s *ssa.Send, o signal.Op) bool {
	return p.Follows(s, func(ch ssa.Value) bool {
		c := p.Graph.Class(p.Base, ch)
		gives := c.Has(signal.Send)
		return c.Own() && len(gives) > 0 && !slices.ContainsFunc(gives, func(x signal.Op) bool {
			return x.Fn != o.Fn || x.Sel != nil || p.returnsWithout(x.In, o.In)
		})
	})
}

// returnsWithout reports whether control can come from one instruction to a return, or
// round to it again, without the other.
func (p *Peers) returnsWithout(from, other ssa.Instruction) bool {
	ends := map[ssa.Instruction]bool{from: true}
	for _, b := range from.Parent().Blocks {
		if r, ok := b.Instrs[len(b.Instrs)-1].(*ssa.Return); ok {
			ends[r] = true
		}
	}
	return flow.Reaches(p.PlainGraph(from.Parent()), from.Block(), from, ends, func(in ssa.Instruction) bool { return in == other })
}

// inCode returns the partners of an operation of the program that stand in its code,
// or else all of them: fake says that those of tests are all that there is, which
// stand for others and end with the test.
func (p *Peers) inCode(pos token.Pos, partners []signal.Op) (judged []signal.Op, fake bool) {
	if p.InTest(pos) {
		return partners, false
	}
	judged = slices.DeleteFunc(slices.Clone(partners), func(o signal.Op) bool { return p.InTest(o.Pos()) })
	if len(judged) == 0 {
		return partners, true
	}
	return judged, false
}

// sameStop returns the stop signal by which the receiver leaves, if the frame
// waits for it somewhere and its name means the same at the send.
func (p *Peers) sameStop(f *program.Frame, s *ssa.Send, by *exit) event.Stop {
	if by.stop == nil || !p.ForAll(by.stop) {
		return event.Stop{}
	}
	for _, b := range f.Fn.Blocks {
		for _, in := range b.Instrs {
			sel, ok := in.(*ssa.Select)
			if !ok {
				continue
			}
			for _, st := range sel.States {
				if st.Dir == types.RecvOnly && p.SameChannel(st.Chan, by.stop) {
					return p.NameAt(st.Pos, s.Pos())
				}
			}
		}
	}
	return event.Stop{}
}

// isStopOf reports whether the stop is known to be that by which the receiver leaves: it
// has the same name there, or is the same channel.
func (p *Peers) isStopOf(f *program.Frame, s *ssa.Send, stop event.Stop, by *exit) bool {
	if p.NameAt(by.at, s.Pos()).Expr == stop.Expr || p.ofReceiver(by, s.Pos()).Expr == stop.Expr {
		return true
	}
	for c := range p.Candidates(f.Fn, s.Pos()) {
		if c.Stop.Expr == stop.Expr && !c.Ctx && p.SameChannel(c.Value, by.stop) {
			return true
		}
	}
	return false
}

// ofReceiver returns the stop signal by which a method leaves, such as
// c.closer.Done(), as a method of the same type names it at pos. It is none if another
// wait for it would take it from the receiver.
func (p *Peers) ofReceiver(by *exit, pos token.Pos) event.Stop {
	if by.stop != nil && !p.ForAll(by.stop) {
		return event.Stop{}
	}
	u, ok := p.Syn.At[by.at].(*ast.UnaryExpr)
	from, to := p.receiver(by.at), p.receiver(pos)
	if !ok || from == nil || to == nil || !types.Identical(from.Type(), to.Type()) || p.Lookup(to.Name(), pos) != to {
		return event.Stop{}
	}
	x := u.X
	for {
		switch e := ast.Unparen(x).(type) {
		case *ast.SelectorExpr:
			x = e.X
			continue
		case *ast.CallExpr:
			if len(e.Args) == 0 {
				x = e.Fun
				continue
			}
		case *ast.Ident:
			if p.Info.Uses[e] == from {
				return event.Stop{Expr: to.Name() + strings.TrimPrefix(types.ExprString(u.X), from.Name()), Owner: true}
			}
		}
		return event.Stop{}
	}
}

// receiver returns the receiver of the method around pos, or nil.
func (p *Peers) receiver(pos token.Pos) types.Object {
	d := p.Syn.Decl(pos)
	if d == nil || d.Recv == nil || len(d.Recv.List[0].Names) == 0 {
		return nil
	}
	return p.Info.Defs[d.Recv.List[0].Names[0]]
}

// leavingSenders returns the receive if every sender is a goroutine that can
// leave by another case of its select, and nothing closes the channel.
func (p *Peers) leavingSenders(g *program.Goroutine, f *program.Frame, u *ssa.UnOp) []Unmet {
	c := p.Graph.Class(p.Base, u.X)
	sends := c.Has(signal.Send)
	if !c.Own() || len(c.Has(signal.Close)) > 0 || len(sends) == 0 {
		return nil
	}
	if room, ok := p.Capacity(c); !ok || room > 0 {
		return nil
	}
	sends, fake := p.inCode(u.Pos(), sends)
	var by *exit
	for _, o := range sends {
		x := p.leaves(o, sends, func(stop ssa.Value) bool { return p.endings.EndedBefore(g, f, u.X, stop, o.Fn) })
		if x == nil || x.stop == nil || g.Has(o.Fn) || p.OnlyRaisedBy(g, x.stop) {
			return nil
		}
		by = x
	}
	stop := p.StopAt(g, f, u.Pos())
	if stop.Expr == "" {
		stop = p.ofReceiver(by, u.Pos())
	}
	return []Unmet{{Kind: SenderLeaves, G: g, F: f, Pos: u.Pos(), Stop: stop, Way: by.way, Case: by.at, Other: by.op.Pos(), Unsure: fake}}
}

// related reports whether two functions belong to one object: methods of one
// type, or literals of one function.
func (p *Peers) related(a, b *ssa.Function) bool {
	for a.Parent() != nil {
		a = a.Parent()
	}
	for b.Parent() != nil {
		b = b.Parent()
	}
	if a == b {
		return true
	}
	ra, rb := a.Signature.Recv(), b.Signature.Recv()
	return ra != nil && rb != nil && code.TypeName(ra.Type()) == code.TypeName(rb.Type())
}

// madeWith reports whether the channels of the class are made by the function
// that fn belongs to.
func (p *Peers) madeWith(fn *ssa.Function, c *signal.Class) bool {
	for _, m := range c.Makes {
		if !p.related(m.Parent(), fn) {
			return false
		}
	}
	return true
}
