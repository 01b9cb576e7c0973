package peer

import (
	"go/token"
	"go/types"
	"slices"
	"strconv"

	"golang.org/x/tools/go/ssa"

	"github.com/killcheck/killcheck/analyzer/code"
	"github.com/killcheck/killcheck/analyzer/count"
	"github.com/killcheck/killcheck/analyzer/event"
	"github.com/killcheck/killcheck/analyzer/flow"
	"github.com/killcheck/killcheck/analyzer/program"
	"github.com/killcheck/killcheck/analyzer/signal"
)

// counted handles a channel whose receives all belong to one run of one
// function, its owner: mostly the function that starts the goroutine and makes
// the channel. It compares the sends that can come with the receives on the
// path that receives least. It reports whether it has decided.
func (p *Peers) counted(g *program.Goroutine, f *program.Frame, s *ssa.Send, c *signal.Class, room int, recvs []signal.Op) ([]Unmet, bool) {
	for _, o := range recvs {
		if p.OnlyIn(g, o.Fn, 6) {
			return nil, false // its own receiver
		}
	}
	owner, start := p.Owner(g, c, recvs, p.Goroutines)
	if owner == nil {
		return nil, false
	}
	if owner != f.Fn && !p.Affords(g, owner, len(recvs)) {
		return nil, true
	}
	if p.closedAtEnd(owner, c) {
		return nil, true // to send then is another fault
	}
	tally := p.NewCounter(owner, c, recvs)
	tally.Child = g
	tally.Errors = !p.SendsError(f.Fn, s)
	tally.Values, tally.NoEnd = p.Deaf(g, f, s, c)
	if tally.Defers() {
		return nil, true // received when the function returns
	}
	sends := p.SendsUpTo(f, s, c)
	each := sends
	if len(c.Makes) == 1 && c.Makes[0].Parent() == owner && !p.onceFor(f, c.Makes[0]) {
		sends = min(sends*p.RoundsOn(g, s, c.Makes[0], start), count.Many)
	}
	tally.Agreed = sends == each && !tally.Values && len(c.Makes) == 1 && p.StartsOne(g.Site)
	if count.RoomForEach(each, sends, room) || room > 0 && p.OneEach(c) {
		return nil, true
	}
	others := p.OtherSends(g, c, p.Goroutines)
	var l count.Leave
	var ok bool
	if b := p.startedWithout(g, start); b != nil {
		l, ok = tally.LeastFrom(b, nil)
	} else {
		l, ok = tally.LeastOnce(start)
	}
	if ok && l.Round >= each {
		sends = each // what earlier rounds have started has been received from
	}
	if ok {
		l.Count = min(l.Count+p.TakenBefore(start, c, recvs, p.Goroutines)+p.takenInside(g, c, recvs, owner), count.Many)
	}
	if ok && sends+others > room+l.Count && sends < count.Many {
		others, l = p.othersOn(g, c, owner, start, l, recvs, sends-room, others, tally.Least)
	}
	if !ok || sends+others <= room+l.Count || l.Count >= count.Many || p.Dependent(s) || p.BlockedBefore(f, s, c, room+l.Count) {
		return nil, true
	}
	if p.TakenTogether(g, f, s, c, owner, start, p.Goroutines) {
		return nil, true // each select takes one of them
	}
	if sends >= count.Many && room+l.Count > 0 && p.InTest(s.Pos()) && p.fed(f.Fn, s) {
		return nil, true // the test knows how much it has sent itself
	}
	if sends >= count.Many && p.InTest(s.Pos()) && p.Skippable(f, s) {
		return nil, true // or which rounds send
	}
	if sends >= count.Many && room > event.SmallRoom && event.OnError(s) {
		return nil, true // it would take that many errors
	}
	x := Unmet{
		Kind: Fewer, G: g, F: f, Pos: s.Pos(), Stop: p.StopAt(g, f, s.Pos()), Leaves: p.LeaveStep(owner, l),
		Unsure: sends >= count.Many && (room+l.Count > 0 && p.Skippable(f, s) && !(room <= 1 && p.OwnErrors(f, s)) || room > 0 && each <= room && p.fedBack(g)) || flow.Chosen(s),
		Sends:  min(sends+others, count.Many), Room: room, Taken: l.Count,
	}
	x.OneWay = p.InTest(s.Pos()) && p.takesAll(owner, c, recvs, x.Sends-room)
	if owner != g.Site.In {
		x.Who = owner.Name()
	} else if sends >= count.Many && p.endings.JoinedAtReturn(g) {
		x.Unsure = true // it knows how much there is to send, or it would hang itself
	}
	cases := p.heeded(s, x.Stop, recvs)
	if len(cases) == 0 {
		if stop, shared := p.shared(g, f, s, recvs); stop.Expr != "" {
			x.Stop, cases = stop, shared
		}
	}
	x.Apart = !p.leavesBy(owner, start, cases)
	x.Make, x.Capacity = p.enough(g, f, s, c, sends+others)
	return []Unmet{x}, true
}

// takesAll reports whether the function of a test takes that many on some way on which the
// test does not fail.
func (p *Peers) takesAll(owner *ssa.Function, c *signal.Class, recvs []signal.Op, n int) bool {
	var on []signal.Op
	for _, o := range recvs {
		at := o.In.Block()
		if o.Sel != nil {
			at = flow.CaseBlock(o.Sel, o.Case)
			o.Sel = nil // Inv: a select takes one of them where it stands
		}
		if at == nil || !p.FailsTest(at) {
			on = append(on, o)
		}
	}
	return p.NewCounter(owner, c, on).Most(owner, count.MostDepth) >= n
}

// heeded returns the cases by which a receiver of what is sent leaves on the stop signal as
// well: if there is none, it waits on for a value that the sender drops on a stop.
func (p *Peers) heeded(s *ssa.Send, stop event.Stop, recvs []signal.Op) []*ssa.BasicBlock {
	return casesBeside(recvs, func(st *ssa.SelectState) bool {
		ends := p.Graph.Class(p.Base, st.Chan)
		return len(ends.Contexts) > 0 && stop.Ctx != "" || p.NameAt(st.Pos, s.Pos()).Expr == stop.Expr
	})
}

// shared returns a channel in reach at the send, beside which a receiver of what is sent
// waits for it, and its cases: a stop that both have been given.
func (p *Peers) shared(g *program.Goroutine, f *program.Frame, s *ssa.Send, recvs []signal.Op) (event.Stop, []*ssa.BasicBlock) {
	for c := range p.Candidates(f.Fn, s.Pos()) {
		if c.Ctx || !p.ForAll(c.Value) {
			continue
		}
		cases := casesBeside(recvs, func(st *ssa.SelectState) bool {
			return p.SameChannel(st.Chan, c.Value) || p.Origin(st.Chan) == p.startArg(g, f, c.Value)
		})
		if len(cases) > 0 {
			return c.Stop, cases
		}
	}
	return event.Stop{}, nil
}

// onceFor reports whether the frame is run once at most for each channel, however many
// goroutines come to it: by a sync.Once that is made with the channel.
func (p *Peers) onceFor(f *program.Frame, made *ssa.MakeChan) bool {
	for ; f != nil && f.From != nil; f = f.From {
		by := p.OnceOf(f.Call.Common())
		if by == nil {
			continue
		}
		once, ok := p.Origin(by).(*ssa.Alloc)
		if ok && once.Parent() == made.Parent() && !slices.ContainsFunc(p.PlainGraph(once.Parent()).Around(once.Block()), func(l *flow.Loop) bool { return !l.Has(made.Block()) }) {
			return true
		}
	}
	return false
}

// takenInside returns how many values are received for certain between the go statement
// and the return to the owner, which calls the function that has it.
func (p *Peers) takenInside(g *program.Goroutine, c *signal.Class, recvs []signal.Op, owner *ssa.Function) (n int) {
	start := ssa.Instruction(g.Site.Inst)
	for start.Parent() != owner {
		fn := start.Parent()
		tally := p.NewCounter(fn, c, recvs)
		tally.Child = g
		if tally.Defers() {
			return count.Many
		}
		if l, ok := tally.LeastOnce(start); ok {
			n = min(n+l.Count, count.Many)
		}
		calls, _ := p.Graph.Callers(fn)
		if len(calls) != 1 {
			break
		}
		start = calls[0]
	}
	return n
}

// casesBeside returns where the cases lead that receive from something else in the selects
// of the receivers.
func casesBeside(recvs []signal.Op, is func(*ssa.SelectState) bool) (cases []*ssa.BasicBlock) {
	for _, o := range recvs {
		if o.Sel == nil {
			continue
		}
		for k, st := range o.Sel.States {
			if to := flow.CaseBlock(o.Sel, k); k != o.Case && st.Dir == types.RecvOnly && to != nil && is(st) {
				cases = append(cases, to)
			}
		}
	}
	return cases
}

// leavesBy reports whether the function returns by one of the cases only, once it has
// started the goroutine: in another way it leaves the goroutine to a stop that nobody
// raises.
func (p *Peers) leavesBy(owner *ssa.Function, start ssa.Instruction, cases []*ssa.BasicBlock) bool {
	if len(cases) == 0 {
		return false
	}
	if start.Parent() != owner {
		return true
	}
	graph := p.PlainGraph(owner)
	return !slices.ContainsFunc(flow.ReturnsOf(graph), func(r *ssa.Return) bool {
		return flow.LeadsTo(graph, start, r) && !slices.ContainsFunc(cases, func(b *ssa.BasicBlock) bool { return b.Dominates(r.Block()) })
	})
}

// startArg returns what the start of the goroutine gives it as the parameter of the function
// that it runs; nil if the value is none.
func (p *Peers) startArg(g *program.Goroutine, f *program.Frame, v ssa.Value) ssa.Value {
	par, ok := v.(*ssa.Parameter)
	if !ok || f.Fn != g.Site.Body || g.Site.Call == nil || g.Site.Call.StaticCallee() != f.Fn {
		return nil
	}
	if arg := code.Argument(g.Site.Call, par); arg != nil {
		return p.Origin(arg)
	}
	return nil
}

// startedWithout returns the block that control comes to where the call, which starts the
// goroutine, has given no error, if with an error it has started none; else nil.
func (p *Peers) startedWithout(g *program.Goroutine, start ssa.Instruction) *ssa.BasicBlock {
	c, ok := start.(*ssa.Call)
	if !ok || c.Call.StaticCallee() != g.Site.In || !code.GivesError(c) {
		return nil
	}
	graph := p.PlainGraph(g.Site.In)
	if slices.ContainsFunc(flow.ReturnsOf(graph), func(r *ssa.Return) bool {
		return flow.LeadsTo(graph, g.Site.Inst, r) && !code.IsNil(r.Results[len(r.Results)-1])
	}) {
		return nil
	}
	if b := flow.WithoutError(c); b != nil && slices.Contains(c.Block().Succs, b) {
		return b
	}
	return nil // something comes between
}

// given returns the make of the channel where the function that starts the goroutine makes it and
// gives it to the function that is run; nil if that is not so. Others may be given other ones.
func (p *Peers) given(g *program.Goroutine, f *program.Frame, ch ssa.Value) *ssa.MakeChan {
	m, ok := p.startArg(g, f, ch).(*ssa.MakeChan)
	if !ok || m.Parent() != g.Site.In {
		return nil
	}
	return m
}

// othersOn returns how many of the sends of others count, and on which path: on that along
// which the fewest are taken, or, for those of a goroutine that the owner starts elsewhere, on one
// from there, if on the ways to that and from there too few are taken as well.
func (p *Peers) othersOn(g *program.Goroutine, c *signal.Class, owner *ssa.Function, start ssa.Instruction, l count.Leave, recvs []signal.Op, sends, others int, fewest func(ssa.Instruction) (count.Leave, bool)) (int, count.Leave) {
	var off []*program.Goroutine
	for _, o := range c.Has(signal.Send) {
		for _, r := range p.Running(p.Goroutines, o.Fn) {
			at := r.G.Site.Inst
			if r.G == g || slices.Contains(off, r.G) || r.G.Site.In != owner || slices.Contains(l.Steps, at.Block()) || !p.Precedes(start, at) || p.Looped(at) {
				continue
			}
			least, ok := fewest(at)
			if taken := least.Count + p.TakenBefore(at, c, recvs, p.Goroutines); ok && sends+others > taken {
				least.Count = min(taken, count.Many)
				return others, least // on that way they count
			}
			off = append(off, r.G)
		}
	}
	if len(off) == 0 {
		return others, l
	}
	return p.OtherSends(g, c, p.Goroutines, off...), l
}

// fed reports whether each round of a loop around the send first gets something from
// outside, such as a connection, and leaves the loop if that fails.
func (p *Peers) fed(fn *ssa.Function, s *ssa.Send) bool {
	for _, l := range p.PlainGraph(fn).Around(s.Block()) {
		for _, b := range l.Blocks {
			for _, in := range b.Instrs {
				c, ok := in.(*ssa.Call)
				if ok && p.Precedes(c, s) && code.GivesError(c) && code.Receiver(&c.Call) != nil && c.Call.Signature().Results().Len() > 1 {
					return true
				}
			}
		}
	}
	return false
}

// enough returns the make of the channel, and the capacity that takes all sends, if their
// number is known or has a name.
func (p *Peers) enough(g *program.Goroutine, f *program.Frame, s *ssa.Send, c *signal.Class, sends int) (made token.Pos, capacity string) {
	if p.goesOn(f.Fn, s, c) || slices.ContainsFunc(c.Has(signal.Send), func(o signal.Op) bool {
		other, ok := o.In.(*ssa.Send)
		return ok && p.tellsOtherwise(o.Fn, other, c)
	}) {
		return token.NoPos, ""
	}
	if sends < count.Many && len(c.Makes) == 1 && sends <= 16 {
		if p.startsMany(g, c) {
			return token.NoPos, ""
		}
		return c.Makes[0].Pos(), strconv.Itoa(sends)
	}
	if n := p.RoomForAll(g, f, s, c); n != "" {
		return c.Makes[0].Pos(), n
	}
	return token.NoPos, ""
}

// startsMany reports whether other senders start in a loop: how many there are is not
// known, though one of them was enough to say that there is too little room.
func (p *Peers) startsMany(g *program.Goroutine, c *signal.Class) bool {
	made := c.Makes[0]
	for _, o := range c.Has(signal.Send) {
		for _, r := range p.Running(p.Goroutines, o.Fn) {
			in := r.G.Site.Inst
			if in == nil || r.G == g && in.Parent() == made.Parent() {
				continue
			}
			if in.Parent() != made.Parent() && p.Looped(in) || in.Parent() == made.Parent() && p.Rounds(made, in) > 1 {
				return true
			}
		}
	}
	return false
}

// goesOn reports whether another send, on another channel without room, follows whatever
// happens: once this one is done the goroutine waits there.
func (p *Peers) goesOn(fn *ssa.Function, s *ssa.Send, c *signal.Class) bool {
	graph := p.PlainGraph(fn)
	for _, b := range fn.Blocks {
		for _, in := range b.Instrs {
			next, ok := in.(*ssa.Send)
			if !ok || next == s || !flow.LeadsTo(graph, s, next) {
				continue
			}
			other := p.Graph.Class(p.Base, next.Chan)
			if room, ok := p.Capacity(other); other == c || !ok || room > 0 {
				continue
			}
			if flow.FirstReturn(graph, s.Block(), s, map[ssa.Instruction]bool{next: true}) == nil {
				return true
			}
		}
	}
	return false
}

// tellsOtherwise reports whether the sender, once the value is taken, sends on or closes
// another channel of the select that takes it: with room both may be ready there, and the
// value be overlooked.
func (p *Peers) tellsOtherwise(fn *ssa.Function, s *ssa.Send, c *signal.Class) bool {
	after := func(o signal.Op) bool {
		if o.Fn == fn {
			if _, later := o.In.(*ssa.Defer); later {
				return true
			}
			return o.In != s && flow.LeadsTo(p.PlainGraph(fn), s, o.In)
		}
		calls, _ := p.Graph.Callers(o.Fn)
		return slices.ContainsFunc(calls, func(call ssa.CallInstruction) bool {
			_, deferred := call.(*ssa.Defer)
			return deferred && call.Parent() == fn
		})
	}
	for _, o := range c.Has(signal.Recv) {
		if o.Sel == nil {
			continue
		}
		for _, x := range o.Sel.States {
			if x.Dir != types.RecvOnly {
				continue
			}
			if d := p.Graph.Class(p.Base, x.Chan); d != c && slices.ContainsFunc(d.Has(signal.Send, signal.Close), after) {
				return true
			}
		}
	}
	return false
}
