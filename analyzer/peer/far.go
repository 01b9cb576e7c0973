package peer

import (
	"slices"
	"strconv"

	"golang.org/x/tools/go/ssa"

	"github.com/killcheck/killcheck/analyzer/capacity"
	"github.com/killcheck/killcheck/analyzer/code"
	"github.com/killcheck/killcheck/analyzer/count"
	"github.com/killcheck/killcheck/analyzer/program"
	"github.com/killcheck/killcheck/analyzer/signal"
	"github.com/killcheck/killcheck/analyzer/summary"
)

// farSends returns the calls of the goroutine in the frame, or nil for what the go
// statement itself calls, of functions of other packages that send on a channel whose
// receiver can leave first. The call alone has the channel, and the function sends
// whatever way it takes.
func (p *Peers) farSends(g *program.Goroutine, f *program.Frame, in ssa.CallInstruction) (all []Unmet) {
	callee, fact := p.FarFact(in.Common())
	if fact == nil || len(fact.Fills) == 0 || p.Looped(in) && f != nil || p.VariableConds(in) {
		return nil
	}
	args := in.Common().Args
	for _, i := range slices.Compact(slices.Clone(fact.Fills)) {
		if i >= len(args) {
			continue
		}
		c := p.Graph.Class(p.Base, args[i])
		if !p.Graph.GivenOnce(c, in, i) || len(c.Has(signal.Send, signal.Close)) > 0 {
			continue
		}
		values := summary.Times(fact.Fills, i)
		// One send in a loop that counts, and then a close: it goes on whatever the values
		// are that it has sent.
		deaf := values > 1 && len(fact.Waits) == 1 && !fact.More && !slices.Contains(fact.Pours, i)
		x, ok := p.tooFewTaken(g, in, i, c, values, deaf)
		if ok {
			x.G, x.F, x.Pos, x.Far = g, f, in.Pos(), code.InPackage(callee)
			x.Name = p.nameOf(in, i)
			all = append(all, x)
		}
	}
	return all
}

// nameOf gives the source of the argument.
func (p *Peers) nameOf(in ssa.CallInstruction, arg int) string {
	if in.Common().Signature().Recv() != nil {
		arg--
	}
	if name := p.Syn.Argument(p.Syn.CalledAt(in), arg); name != "" && len(name) <= 40 {
		return name
	}
	return "the channel"
}

// tooFewTaken compares the values with the receives on the way of the owner of the
// channel that receives least.
func (p *Peers) tooFewTaken(g *program.Goroutine, in ssa.CallInstruction, arg int, c *signal.Class, values int, deaf bool) (Unmet, bool) {
	room, sized := p.Capacity(c)
	if !sized || values <= room {
		return Unmet{}, false
	}
	recvs := c.Has(signal.Recv, signal.Range)
	if len(recvs) == 0 {
		return Unmet{Kind: NoReceiver}, true
	}
	mk := c.Makes[0]
	owner, start := p.Owner(g, c, recvs, p.Goroutines)
	if owner == nil || mk.Parent() != owner || p.Rounds(mk, start) != 1 || !p.Affords(g, owner, len(recvs)) || p.hears(owner, in, arg) {
		return Unmet{}, false
	}
	tally := p.NewCounter(owner, c, recvs)
	tally.Child, tally.Values, tally.Shut = g, deaf, deaf
	if tally.Defers() {
		return Unmet{}, false
	}
	l, ok := tally.LeastOnce(start)
	if !ok || l.Count >= count.Many || values <= room+l.Count {
		return Unmet{}, false
	}
	x := Unmet{
		Kind: Fewer, Leaves: p.LeaveStep(owner, l), Sends: values, Room: room, Taken: l.Count,
		Make: mk.Pos(), Capacity: strconv.Itoa(values),
	}
	if values >= capacity.MostValues {
		x.Sends, x.Capacity = count.Many, ""
	}
	if owner != g.Site.In {
		x.Who = owner.Name()
	}
	return x, true
}

// hears reports whether the call is given another channel, from which the function
// receives: it may tell that the values have been taken.
func (p *Peers) hears(fn *ssa.Function, in ssa.CallInstruction, arg int) bool {
	for i, a := range in.Common().Args {
		if i == arg || !code.IsChan(a.Type()) {
			continue
		}
		for _, o := range p.Graph.Class(p.Base, a).Has(signal.Recv, signal.Range) {
			if p.RunsIn(fn, o.Fn) {
				return true
			}
		}
	}
	return false
}
