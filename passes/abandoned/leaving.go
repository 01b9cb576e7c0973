package abandoned

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
	"github.com/killcheck/killcheck/passes/internal/remedy"
	"github.com/killcheck/killcheck/passes/internal/report"
)

// leaving reports the send if every receiver is a goroutine that can leave by
// another case of its select, and none of them drains the channel afterwards.
func (q *question) leaving(g *program.Goroutine, f *program.Frame, s *ssa.Send, c *signal.Class, room int, recvs []signal.Op, gs []*program.Goroutine) {
	n := q.SendsUpTo(f, s, c)
	each := n
	switch {
	case !q.Looped(g.Site.Inst) || event.OwnChannel(f, c):
	case len(c.Makes) == 1 && c.Makes[0].Parent() == g.Site.In:
		n = min(n*q.Rounds(c.Makes[0], g.Site.Inst), count.Many)
	default:
		n = count.Many // one for each goroutine
	}
	if n <= room || count.RoomForEach(each, n, room) || room > 0 && flow.OnlyIfSet(s) {
		return
	}
	recvs, fake := q.inCode(s.Pos(), recvs)
	var by *exit
	for _, o := range recvs {
		if g.Has(o.Fn) {
			return // its own receiver
		}
		x := q.leaves(o, recvs, gs, func(stop ssa.Value) bool { return q.EndedBefore(g, f, s.Chan, stop, o.Fn) })
		if x == nil || x.stop != nil && (q.OnlyRaisedBy(g, x.stop) || q.ClosedLast(f, x.stop)) {
			return
		}
		by = x
	}
	stop := q.sameStop(f, s, by)
	if stop.Expr == "" {
		stop = q.StopAt(g, f, s.Pos())
	}
	if stop.Expr == "" {
		stop = q.ofReceiver(by, s.Pos())
	}
	if stop.Expr == "" && !q.related(f.Fn, by.op.Fn) && !q.madeWith(by.op.Fn, c) {
		return
	}
	o := report.Finding{
		Pos:      s.Pos(),
		Extended: stop.Ctx == "" && room > event.SmallRoom || fake || stop.Ctx == "" && by.stop != nil && q.mayBeJoined(g, s),
		Message:  "goroutine cannot end its send: the receiver of " + q.Syn.Channel(s.Pos()) + " can leave first, " + by.why + q.AndReach(stop),
	}
	if stop.Expr != "" {
		o.Remedy = remedy.Remedy{Op: remedy.Send, Pos: s.Pos(), Stop: stop, Safe: q.Bare(f)}
	}
	q.Report(g, f, o, program.Step{Pos: by.op.Pos(), End: q.Syn.End(by.op.Pos()), Text: "this receiver can leave first"})
}

// mayBeJoined reports whether somebody can wait for the end of the goroutine that
// sends: who raises the stop of the receiver may have done so before, in ways that are
// not seen. Who cancels a context from outside does not.
func (q *question) mayBeJoined(g *program.Goroutine, s *ssa.Send) bool {
	return g.Site.Join || q.Owners().SignalsEnd(g, s)
}

// inCode returns the partners of an operation of the program that stand in its code,
// or else all of them: fake says that those of tests are all that there is, which
// stand for others and end with the test.
func (q *question) inCode(pos token.Pos, partners []signal.Op) (judged []signal.Op, fake bool) {
	if q.InTest(pos) {
		return partners, false
	}
	judged = slices.DeleteFunc(slices.Clone(partners), func(o signal.Op) bool { return q.InTest(o.Pos()) })
	if len(judged) == 0 {
		return partners, true
	}
	return judged, false
}

// sameStop returns the stop signal by which the receiver leaves, if the frame
// waits for it somewhere and its name means the same at the send.
func (q *question) sameStop(f *program.Frame, s *ssa.Send, by *exit) event.Stop {
	if by.stop == nil {
		return event.Stop{}
	}
	for _, b := range f.Fn.Blocks {
		for _, in := range b.Instrs {
			sel, ok := in.(*ssa.Select)
			if !ok {
				continue
			}
			for _, st := range sel.States {
				if st.Dir == types.RecvOnly && q.SameChannel(st.Chan, by.stop) {
					return q.NameAt(st.Pos, s.Pos())
				}
			}
		}
	}
	return event.Stop{}
}

// ofReceiver returns the stop signal by which a method leaves, such as
// c.closer.Done(), as a method of the same type names it at pos.
func (q *question) ofReceiver(by *exit, pos token.Pos) event.Stop {
	u, ok := q.Syn.At[by.at].(*ast.UnaryExpr)
	from, to := q.receiver(by.at), q.receiver(pos)
	if !ok || from == nil || to == nil || !types.Identical(from.Type(), to.Type()) || q.Lookup(to.Name(), pos) != to {
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
			if q.Info.Uses[e] == from {
				return event.Stop{Expr: to.Name() + strings.TrimPrefix(types.ExprString(u.X), from.Name()), Owner: true}
			}
		}
		return event.Stop{}
	}
}

// receiver returns the receiver of the method around pos, or nil.
func (q *question) receiver(pos token.Pos) types.Object {
	d := q.Syn.Decl(pos)
	if d == nil || d.Recv == nil || len(d.Recv.List[0].Names) == 0 {
		return nil
	}
	return q.Info.Defs[d.Recv.List[0].Names[0]]
}

// leavingSenders reports the receive if every sender is a goroutine that can
// leave by another case of its select, and nothing closes the channel.
func (q *question) leavingSenders(g *program.Goroutine, f *program.Frame, u *ssa.UnOp, gs []*program.Goroutine) {
	c := q.Graph.Class(q.Base, u.X)
	sends := c.Has(signal.Send)
	if !c.Private() || c.Nil || len(c.Library)+len(c.Contexts)+len(c.Has(signal.Close)) > 0 || len(sends) == 0 {
		return
	}
	if room, ok := q.Capacity(c); !ok || room > 0 {
		return
	}
	sends, fake := q.inCode(u.Pos(), sends)
	var by *exit
	for _, o := range sends {
		x := q.leaves(o, sends, gs, func(stop ssa.Value) bool { return q.EndedBefore(g, f, u.X, stop, o.Fn) })
		if x == nil || x.stop == nil || g.Has(o.Fn) || q.OnlyRaisedBy(g, x.stop) {
			return
		}
		by = x
	}
	stop := q.StopAt(g, f, u.Pos())
	if stop.Expr == "" {
		stop = q.ofReceiver(by, u.Pos())
	}
	o := report.Finding{
		Pos:      u.Pos(),
		Extended: fake,
		Message:  "goroutine cannot end its receive: the sender on " + q.Syn.Channel(u.Pos()) + " can leave first, " + by.why + q.AndReach(stop),
	}
	if stop.Expr != "" {
		o.Remedy = remedy.Remedy{Op: remedy.Recv, Pos: u.Pos(), Stop: stop, Safe: q.Bare(f)}
	}
	q.Report(g, f, o, program.Step{Pos: by.op.Pos(), End: q.Syn.End(by.op.Pos()), Text: "this sender can leave first"})
}

// related reports whether two functions belong to one object: methods of one
// type, or literals of one function.
func (q *question) related(a, b *ssa.Function) bool {
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
func (q *question) madeWith(fn *ssa.Function, c *signal.Class) bool {
	for _, m := range c.Makes {
		if !q.related(m.Parent(), fn) {
			return false
		}
	}
	return true
}
