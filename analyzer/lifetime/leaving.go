package lifetime

import (
	"go/ast"
	"go/token"
	"go/types"
	"slices"
	"strings"

	"golang.org/x/tools/go/ssa"

	"github.com/killcheck/killcheck/analyzer/flow"
	"github.com/killcheck/killcheck/analyzer/signal"
)

// leaving reports the send if every receiver is a goroutine that can leave by
// another case of its select, and none of them drains the channel afterwards.
func (w *world) leaving(g *Goroutine, f *Frame, s *ssa.Send, c *signal.Class, room int, recvs []signal.Op, gs []*Goroutine) {
	n := w.sendsUpTo(f, s, c)
	each := n
	switch {
	case !w.looped(g.Site.Inst) || ownChannel(f, c):
	case len(c.Makes) == 1 && c.Makes[0].Parent() == g.Site.In:
		n = min(n*w.rounds(c.Makes[0], g.Site.Inst), many)
	default:
		n = many // one for each goroutine
	}
	if n <= room || roomForEach(each, n, room) || room > 0 && onlyIfSet(s) {
		return
	}
	var by *exit
	for _, o := range recvs {
		if g.Has(o.Fn) {
			return // its own receiver
		}
		x := w.leaves(o, recvs, gs)
		if x == nil || x.stop != nil && (w.onlyRaisedBy(g, x.stop) || w.closedLast(f, x.stop)) {
			return
		}
		by = x
	}
	stop := w.sameStop(f, s, by)
	if stop.Expr == "" {
		stop = w.stopAt(g, f, s.Pos())
	}
	if stop.Expr == "" {
		stop = w.ofReceiver(by, s.Pos())
	}
	if stop.Expr == "" && !w.related(f.Fn, by.op.Fn) && !w.madeWith(by.op.Fn, c) {
		return
	}
	o := Obstacle{
		Kind: Abandoned, Pos: s.Pos(),
		Extended: stop.Ctx == "" && room > smallRoom || w.inTest(s.Pos()),
		Message:  "goroutine cannot end its send: the receiver of " + w.syn.channel(s.Pos()) + " can leave first, " + by.why + w.andReach(stop),
	}
	if stop.Expr != "" {
		o.Remedy = Remedy{Op: Send, Pos: s.Pos(), Stop: stop, Safe: w.bare(f)}
	}
	w.report(g, f, o, Step{Pos: by.op.Pos(), End: w.syn.end(by.op.Pos()), Text: "this receiver can leave first"})
}

// ownChannel reports whether each run of the goroutine makes a channel of its own.
func ownChannel(f *Frame, c *signal.Class) bool {
	for ; f != nil; f = f.From {
		if makesAll(f.Fn, c) {
			return true
		}
	}
	return false
}

// exit is a way by which a receiver leaves.
type exit struct {
	op   signal.Op
	stop ssa.Value // the channel of the case by which it leaves; nil for a range that is left
	at   token.Pos // of that case
	why  string
}

// leaves returns how the receiver can leave for good without receiving, or nil
// if that is not shown: by another case of the select in which it receives,
// after which it receives no more.
func (w *world) leaves(o signal.Op, recvs []signal.Op, gs []*Goroutine) *exit {
	if !w.runsOnce(o.Fn, gs) {
		return nil
	}
	if o.Kind == signal.Range {
		return w.leavesRange(o, recvs)
	}
	if o.Sel == nil {
		return nil
	}
	graph := w.plainGraph(o.Fn)
	for _, b := range o.Fn.Blocks {
		for i, to := range b.Succs {
			sel, k := selectCase(b, i)
			if sel != o.Sel || k == o.Case || k >= len(sel.States) || sel.States[k].Dir != types.RecvOnly {
				continue
			}
			if w.neverRaised(sel.States[k].Chan) || !w.isStopCase(sel.States[k].Chan) {
				continue
			}
			if w.endsWithout(graph, to, recvs) {
				return &exit{o, sel.States[k].Chan, sel.States[k].Pos, "by its case " + w.syn.channel(sel.States[k].Pos)}
			}
		}
	}
	return nil
}

// leavesRange returns how the receiver leaves its range over the channel before
// it is closed: because of an error, or of something that the values received
// do not decide. A value may be the last one by agreement.
func (w *world) leavesRange(o signal.Op, recvs []signal.Op) *exit {
	graph := w.plainGraph(o.Fn)
	for _, l := range graph.Around(o.In.Block()) {
		for _, e := range l.Exits {
			if e.To == nil {
				continue // a return inside the loop's own blocks: its condition is before it
			}
			cond := condition(e.From)
			if cond == nil || dependsOn(cond, o.In, 8) || rangeExit(e.From, succ(e)) == o.In {
				continue
			}
			if w.endsWithout(graph, e.To, recvs) {
				return &exit{o, nil, token.NoPos, "out of its loop"}
			}
		}
	}
	return nil
}

func succ(e flow.Edge) int {
	if e.From.Succs[0] == e.To {
		return 0
	}
	return 1
}

// dependsOn reports whether v may be computed from what the receive yields,
// other than by way of an error.
func dependsOn(v ssa.Value, recv ssa.Instruction, depth int) bool {
	if depth == 0 {
		return true
	}
	in, ok := v.(ssa.Instruction)
	if !ok {
		return false
	}
	if in == recv {
		return true
	}
	if isError(v.Type()) {
		return false
	}
	if _, ok := in.(*ssa.Phi); ok {
		return true // a counter, or a flag of the loop
	}
	var buf [8]*ssa.Value
	for _, op := range in.Operands(buf[:0]) {
		if *op != nil && dependsOn(*op, recv, depth-1) {
			return true
		}
	}
	return false
}

// sameStop returns the stop signal by which the receiver leaves, if the frame
// waits for it somewhere and its name means the same at the send.
func (w *world) sameStop(f *Frame, s *ssa.Send, by *exit) Stop {
	if by.stop == nil {
		return Stop{}
	}
	for _, b := range f.Fn.Blocks {
		for _, in := range b.Instrs {
			sel, ok := in.(*ssa.Select)
			if !ok {
				continue
			}
			for _, st := range sel.States {
				if st.Dir == types.RecvOnly && w.sameChannel(st.Chan, by.stop) {
					return w.nameAt(st.Pos, s.Pos())
				}
			}
		}
	}
	return Stop{}
}

// ofReceiver returns the stop signal by which a method leaves, such as
// c.closer.Done(), as a method of the same type names it at pos.
func (w *world) ofReceiver(by *exit, pos token.Pos) Stop {
	u, ok := w.syn.at[by.at].(*ast.UnaryExpr)
	from, to := w.receiver(by.at), w.receiver(pos)
	if !ok || from == nil || to == nil || !types.Identical(from.Type(), to.Type()) || w.lookup(to.Name(), pos) != to {
		return Stop{}
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
			if w.Info.Uses[e] == from {
				return Stop{Expr: to.Name() + strings.TrimPrefix(types.ExprString(u.X), from.Name()), Owner: true}
			}
		}
		return Stop{}
	}
}

// receiver returns the receiver of the method around pos, or nil.
func (w *world) receiver(pos token.Pos) types.Object {
	d := w.syn.decl(pos)
	if d == nil || d.Recv == nil || len(d.Recv.List[0].Names) == 0 {
		return nil
	}
	return w.Info.Defs[d.Recv.List[0].Names[0]]
}

// sameChannel reports whether two values may be the same channel.
func (w *world) sameChannel(a, b ssa.Value) bool {
	ca, cb := w.Graph.Class(w.Base, a), w.Graph.Class(w.Base, b)
	for _, m := range ca.Makes {
		if slices.Contains(cb.Makes, m) {
			return true
		}
	}
	return false
}

// nameAt returns the channel of the case at from as a stop signal, if all names
// in its expression mean the same at pos.
func (w *world) nameAt(from, pos token.Pos) Stop {
	u, ok := w.syn.at[from].(*ast.UnaryExpr)
	if !ok {
		return Stop{}
	}
	same := true
	ast.Inspect(u.X, func(n ast.Node) bool {
		if id, ok := n.(*ast.Ident); ok {
			if obj := w.Info.Uses[id]; obj != nil && obj.Parent() != nil && w.lookup(id.Name, pos) != obj {
				same = false
			}
		}
		return same
	})
	if !same {
		return Stop{}
	}
	return Stop{Expr: types.ExprString(u.X), Owner: true}
}

// leavingSenders reports the receive if every sender is a goroutine that can
// leave by another case of its select, and nothing closes the channel.
func (w *world) leavingSenders(g *Goroutine, f *Frame, u *ssa.UnOp, gs []*Goroutine) {
	c := w.Graph.Class(w.Base, u.X)
	sends := c.Has(signal.Send)
	if !c.Private() || c.Nil || len(c.Library)+len(c.Contexts)+len(c.Has(signal.Close)) > 0 || len(sends) == 0 {
		return
	}
	if room, ok := w.capacity(c); !ok || room > 0 {
		return
	}
	var by *exit
	for _, o := range sends {
		x := w.leaves(o, sends, gs)
		if x == nil || g.Has(o.Fn) || w.onlyRaisedBy(g, x.stop) {
			return
		}
		by = x
	}
	stop := w.stopAt(g, f, u.Pos())
	if stop.Expr == "" {
		stop = w.ofReceiver(by, u.Pos())
	}
	o := Obstacle{
		Kind: Abandoned, Pos: u.Pos(),
		Extended: w.inTest(u.Pos()),
		Message:  "goroutine cannot end its receive: the sender on " + w.syn.channel(u.Pos()) + " can leave first, " + by.why + w.andReach(stop),
	}
	if stop.Expr != "" {
		o.Remedy = Remedy{Op: Recv, Pos: u.Pos(), Stop: stop, Safe: w.bare(f)}
	}
	w.report(g, f, o, Step{Pos: by.op.Pos(), End: w.syn.end(by.op.Pos()), Text: "this sender can leave first"})
}

// isStopCase reports whether the case is taken because of a stop or a timer, not
// because a message has come.
func (w *world) isStopCase(v ssa.Value) bool {
	c := w.Graph.Class(w.Base, v)
	if len(c.Contexts) > 0 || len(c.Library) > 0 {
		return true
	}
	if len(c.Has(signal.Close)) > 0 && len(c.Has(signal.Send)) == 0 {
		return true
	}
	return isStopChan(v.Type())
}

// endsWithout reports whether every way from b ends the function without another
// of the receives.
func (w *world) endsWithout(g *flow.Graph, b *ssa.BasicBlock, recvs []signal.Op) bool {
	seen := map[*ssa.BasicBlock]bool{b: true}
	work := []*ssa.BasicBlock{b}
	ends := false
	for len(work) > 0 {
		b := work[len(work)-1]
		work = work[:len(work)-1]
		for _, in := range b.Instrs {
			if slices.ContainsFunc(recvs, func(o signal.Op) bool { return o.In == in }) {
				return false
			}
			if c, ok := in.(ssa.CallInstruction); ok {
				fns, _ := w.Graph.Callees(c)
				for _, fn := range fns {
					if slices.ContainsFunc(recvs, func(o signal.Op) bool { return o.Fn == fn }) {
						return false
					}
				}
			}
			if _, ok := in.(*ssa.Return); ok {
				ends = true
			}
		}
		for _, s := range g.Succs(b) {
			if !seen[s] {
				seen[s] = true
				work = append(work, s)
			}
		}
	}
	return ends && !deferred(g.Fn, recvs)
}

// deferred reports whether fn defers a function that receives.
func deferred(fn *ssa.Function, recvs []signal.Op) bool {
	for _, b := range fn.Blocks {
		for _, in := range b.Instrs {
			d, ok := in.(*ssa.Defer)
			if !ok {
				continue
			}
			callee := d.Call.StaticCallee()
			if slices.ContainsFunc(recvs, func(o signal.Op) bool { return o.Fn == callee }) {
				return true
			}
		}
	}
	return false
}

// runsOnce reports whether fn is the body of goroutines, or is called by such a
// body outside of loops, so that what leaves fn does not come back.
func (w *world) runsOnce(fn *ssa.Function, gs []*Goroutine) bool {
	calls, open := w.Graph.Callers(fn)
	if open {
		return false
	}
	body := slices.ContainsFunc(gs, func(g *Goroutine) bool { return g.Site.Body == fn })
	for _, c := range calls {
		if _, isGo := c.(*ssa.Go); isGo {
			continue
		}
		if w.looped(c) || !body && !w.runsOnce(c.Parent(), gs) {
			return false
		}
	}
	return body || len(calls) > 0
}

// related reports whether two functions belong to one object: methods of one
// type, or literals of one function.
func (w *world) related(a, b *ssa.Function) bool {
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
	return ra != nil && rb != nil && typeName(ra.Type()) == typeName(rb.Type())
}

// madeWith reports whether the channels of the class are made by the function
// that fn belongs to.
func (w *world) madeWith(fn *ssa.Function, c *signal.Class) bool {
	for _, m := range c.Makes {
		if !w.related(m.Parent(), fn) {
			return false
		}
	}
	return true
}
