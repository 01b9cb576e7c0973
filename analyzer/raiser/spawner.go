package raiser

import (
	"golang.org/x/tools/go/ssa"

	"github.com/killcheck/killcheck/analyzer/code"
	"github.com/killcheck/killcheck/analyzer/count"
	"github.com/killcheck/killcheck/analyzer/flow"
	"github.com/killcheck/killcheck/analyzer/program"
	"github.com/killcheck/killcheck/analyzer/signal"
)

// bySpawner returns the receive if the function that started the goroutine can return nil
// without sending or closing.
func (p *Raisers) bySpawner(g *program.Goroutine, f *program.Frame, u *ssa.UnOp) []Unraised {
	c, raises, ok := p.RaisedElsewhere(g, u)
	if !ok {
		return nil
	}
	isRange := code.RecvIsRange(u)
	if len(raises) == 0 && isRange {
		return p.bySenders(g, f, u, c)
	}
	if len(raises) == 0 {
		return nil // nothing raises it at all
	}
	if _, ok := p.LookedUp(g, f, u); ok || len(c.Makes) > 1 {
		return nil
	}
	parent, start := p.Owner(g, c, raises, nil)
	if parent == nil || !p.MakesOwn(parent, c) {
		return nil
	}
	for _, o := range raises {
		if p.doneBefore(parent, o, start, c.Makes[0].Block()) {
			return nil
		}
	}
	tally := p.NewCounter(parent, c, raises)
	tally.Child, tally.NoJoin = g, true
	if tally.DefersBefore(start) {
		return nil // raised when the function returns
	}
	l, ok := tally.Least(start)
	if !ok || l.Count > 0 || p.Dependent(u) {
		return nil
	}
	return []Unraised{{Kind: BySpawner, G: g, F: f, Pos: u.Pos(), Range: isRange, Unsure: choosesNot(l, raises) || flow.WithoutSome(l.Ret, start), Leaves: p.LeaveStep(parent, l)}}
}

// bySenders returns a range over a channel that nobody closes, if all that
// is sent on it is sent by the function that has started the goroutine, before
// it returns: then the range waits for ever.
func (p *Raisers) bySenders(g *program.Goroutine, f *program.Frame, u *ssa.UnOp, c *signal.Class) []Unraised {
	sends := c.Has(signal.Send)
	if g.Process || len(sends) == 0 {
		return nil
	}
	parent, start := p.Owner(g, c, sends, nil)
	if parent == nil || !p.MakesOwn(parent, c) || p.Process[parent] || p.Dependent(u) {
		return nil
	}
	for _, l := range p.PlainGraph(f.Fn).Around(u.Block()) {
		for _, e := range l.Exits {
			if flow.RangeExit(e.From, flow.Succ(e)) == u {
				continue
			}
			if e.To == nil || !flow.OnFailure(e.From, flow.Succ(e)) || code.DependsOn(flow.Condition(e.From), u, 8) {
				return nil // it may know the last value
			}
		}
	}
	tally := p.NewCounter(parent, c, nil)
	l, ok := tally.Least(start)
	if !ok {
		return nil
	}
	return []Unraised{{Kind: BySenders, G: g, F: f, Pos: u.Pos(), Range: true, In: u, Chan: u.X, Name: parent.Name(), Leaves: p.LeaveStep(parent, l)}}
}

// choosesNot reports whether the path goes past a raise by a condition for just
// that, while another raise stands elsewhere: the condition most likely says
// whether that one was done.
func choosesNot(l count.Leave, raises []signal.Op) bool {
	at := make(map[*ssa.BasicBlock]bool)
	for _, o := range raises {
		at[o.In.Block()] = true
	}
	if len(at) < 2 {
		return false
	}
	for i, b := range l.Steps {
		if len(b.Succs) != 2 || i+1 == len(l.Steps) {
			continue
		}
		for _, s := range b.Succs {
			if s != l.Steps[i+1] && len(s.Preds) == 1 && at[s] {
				return true
			}
		}
	}
	return false
}
