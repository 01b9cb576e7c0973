package raiser

import (
	"go/token"
	"go/types"
	"slices"

	"golang.org/x/tools/go/ssa"

	"github.com/killcheck/killcheck/analyzer/code"
	"github.com/killcheck/killcheck/analyzer/count"
	"github.com/killcheck/killcheck/analyzer/flow"
	"github.com/killcheck/killcheck/analyzer/program"
	"github.com/killcheck/killcheck/analyzer/signal"
)

// Unraised returns the receives whose raiser can return without raising: the function
// that started the goroutine, or a goroutine that it waits for.
func (p *Raisers) Unraised() []Unraised {
	var all []Unraised
	for _, g := range p.Goroutines {
		if p.EndsWithMain(g) {
			continue
		}
		for _, f := range g.Frames {
			for u := range p.Receives(f.Fn) {
				all = append(all, p.bySpawner(g, f, u)...)
			}
		}
	}
	for _, fn := range p.Functions {
		if p.Graph.Live(fn) {
			for u := range p.Receives(fn) {
				all = append(append(all, p.byAnswerer(fn, u)...), p.unanswered(fn, u)...)
			}
		}
	}
	return all
}

// byAnswerer returns the receive of fn from a channel that one goroutine alone
// raises, if that goroutine can return without doing so.
func (p *Raisers) byAnswerer(fn *ssa.Function, u *ssa.UnOp) []Unraised {
	c := p.Graph.Class(p.Base, u.X)
	if !c.Own() || len(c.Makes) != 1 {
		return nil
	}
	raises := c.Has(signal.Send, signal.Close)
	if code.RecvIsRange(u) {
		raises = c.Has(signal.Close)
	}
	a := p.answer(c, code.RecvIsRange(u), raises)
	if a.by == nil || a.by.Has(fn) || p.filled(u) || p.mayNotWait(u, a.by.Site.Inst) || p.met(u, a.by) || !a.leaves || p.gotPast(u, a.by, c, raises) || p.byOwnStop(u, a.path) {
		return nil
	}
	if p.InTest(u.Pos()) && (!p.InTest(a.by.Site.Pos) || byFailure(a.path)) {
		return nil // a test counts on what it has made succeed
	}
	g, f := p.Runner(p.Goroutines, fn)
	return []Unraised{{Kind: ByAnswerer, G: g, F: f, Pos: u.Pos(), By: a.by, Unsure: flow.WithoutSome(a.path.Ret, nil), Leaves: p.ReturnStep(a.path.Ret)}}
}

// An answer is what is known of the goroutine that alone raises a channel.
type answer struct {
	by     *program.Goroutine // nil if there is none
	leaves bool               // it can return without raising the channel: by the path
	path   count.Leave
}

type answerKey struct {
	class *signal.Class
	close bool // only a close counts
}

// answer returns the goroutine that alone raises the channels of the class, and
// whether it can return without doing so.
func (p *Raisers) answer(c *signal.Class, close bool, raises []signal.Op) answer {
	key := answerKey{c, close}
	if a, ok := p.answers[key]; ok {
		return a
	}
	a := answer{by: p.SoleRaiser(c, raises, p.Goroutines)}
	if a.by != nil {
		body := p.Doing(a.by.Site.Body, raises[0].Fn)
		tally := p.NewCounter(body, c, raises)
		tally.Strict = true
		if !tally.Defers() {
			l, ok := tally.LeastFrom(body.Blocks[0], nil)
			a.leaves, a.path = ok && l.Count == 0 && !p.DependentReturn(l), l
		}
	}
	p.answers[key] = a
	return a
}

// byFailure reports whether the path goes by an error.
func byFailure(l count.Leave) bool {
	for i := range len(l.Steps) - 1 {
		for k, s := range l.Steps[i].Succs {
			if s == l.Steps[i+1] && flow.OnFailure(l.Steps[i], k) {
				return true
			}
		}
	}
	return false
}

// filled reports whether the receive is done only where the channel is known to
// hold a value: its length was found to be more than zero.
func (p *Raisers) filled(u *ssa.UnOp) bool {
	c := p.Graph.Class(p.Base, u.X)
	for cond, holds := range flow.HoldsAt(u.Block()) {
		of, op, to := flow.LenTest(cond, holds)
		n, ok := to.(*ssa.Const)
		if !ok || n.Value == nil || !slices.Equal(p.Graph.Class(p.Base, of).Makes, c.Makes) {
			continue
		}
		switch op {
		case token.GTR, token.NEQ:
			if n.Int64() == 0 {
				return true
			}
		case token.GEQ:
			if n.Int64() >= 1 && holds {
				return true
			}
		}
	}
	return false
}

// met reports whether the function has always handed something to the goroutine
// before it waits: then the goroutine has got as far as that, and it is what it
// does from there on that counts.
func (p *Raisers) met(wait ssa.Instruction, g *program.Goroutine) bool {
	takes := func(ch ssa.Value) bool {
		recvs := p.Graph.Class(p.Base, ch).Has(signal.Recv, signal.Range)
		return len(recvs) > 0 && !slices.ContainsFunc(recvs, func(o signal.Op) bool { return !g.Has(o.Fn) })
	}
	for ch := range p.SentBefore(wait) {
		if takes(ch) {
			return true
		}
	}
	return false
}

// gotPast reports whether the function has got something from the goroutine before it
// waits, from where on every way of that raises the channel.
func (p *Raisers) gotPast(wait ssa.Instruction, g *program.Goroutine, c *signal.Class, raises []signal.Op) bool {
	return slices.ContainsFunc(p.PassedBefore(g, wait, p.Goroutines), func(passed []signal.Op) bool {
		return !slices.ContainsFunc(passed, func(o signal.Op) bool {
			tally := p.NewCounter(p.Doing(g.Site.Body, raises[0].Fn), c, raises)
			tally.Strict = true
			l, ok := tally.Least(o.In)
			return ok && l.Count == 0 || slices.ContainsFunc(raises, func(r signal.Op) bool { return r.In == o.In })
		})
	})
}

// byOwnStop reports whether the way of the goroutine goes by a stop that only the
// function which waits raises, and only when it waits no more.
func (p *Raisers) byOwnStop(wait ssa.Instruction, l count.Leave) bool {
	for i, b := range l.Steps {
		if i+1 == len(l.Steps) {
			break
		}
		for k, s := range b.Succs {
			if s != l.Steps[i+1] {
				continue
			}
			if sel, n := flow.SelectCase(b, k); sel != nil && n < len(sel.States) && sel.States[n].Dir == types.RecvOnly && p.RaisedAfter(wait, sel.States[n].Chan) {
				return true
			}
		}
	}
	return false
}

// mayNotWait reports whether the wait is done only where a captured variable or
// parameter says so, which the goroutine may know as well, other than one that
// decides about its start.
func (p *Raisers) mayNotWait(wait, start ssa.Instruction) bool {
	known := make(map[ssa.Value]bool)
	if start.Parent() == wait.Parent() {
		known = flow.HoldsAt(start.Block())
	}
	for cond := range flow.HoldsAt(wait.Block()) {
		if _, ok := known[cond]; !ok && flow.Outer(cond, 6) && !flow.NilChannel(cond) {
			return true
		}
	}
	return false
}

// RaisedAfter reports whether only what comes after the instruction in its own function,
// or is deferred there, raises the channel, or nothing that is seen.
func (p *Raisers) RaisedAfter(s ssa.Instruction, v ssa.Value) bool {
	ins, open := p.Raises(v)
	return !open && !slices.ContainsFunc(ins, func(in ssa.Instruction) bool {
		_, deferred := in.(*ssa.Defer)
		return in.Parent() != s.Parent() || !deferred && !p.Precedes(s, in)
	})
}
