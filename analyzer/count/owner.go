package count

import (
	"slices"

	"golang.org/x/tools/go/ssa"

	"github.com/killcheck/killcheck/analyzer/code"
	"github.com/killcheck/killcheck/analyzer/flow"
	"github.com/killcheck/killcheck/analyzer/program"
	"github.com/killcheck/killcheck/analyzer/signal"
)

// Owner returns the function to whose runs the operations belong, and the
// instruction in it that starts the goroutine: the function of the spawn, or
// its only caller. Each run makes the channels, or all senders are goroutines
// that it starts.
func (ct *Counts) Owner(g *program.Goroutine, c *signal.Class, ops []signal.Op, gs []*program.Goroutine) (*ssa.Function, ssa.Instruction) {
	fn, start := g.Site.In, ssa.Instruction(g.Site.Inst)
	for range 4 {
		all := true
		for _, o := range ops {
			if all = ct.CalledBy(fn, o.Fn, 3) || ct.givenTo(fn, c, o.Fn); !all {
				break
			}
		}
		if all && (ct.MakesOwn(fn, c) || ct.startsAll(fn, c, ops, gs)) {
			return fn, start
		}
		calls, open := ct.Graph.Callers(fn)
		if open || len(calls) != 1 {
			return nil, nil
		}
		if _, isGo := calls[0].(*ssa.Go); isGo {
			return nil, nil
		}
		fn, start = calls[0].Parent(), calls[0]
	}
	return nil, nil
}

// givenTo reports whether callee gets channels of the class, which fn makes and keeps
// in variables, in calls by fn alone: others who call it give it channels of their
// own.
func (ct *Counts) givenTo(fn *ssa.Function, c *signal.Class, callee *ssa.Function) bool {
	for _, m := range c.Makes {
		if m.Parent() != fn {
			return false
		}
	}
	return len(c.Makes) > 0 && len(c.Fields()) == 0 && ct.calls(fn, callee, 3) == callsIt
}

// How one function calls another.
const (
	callsNot = iota // not at all
	callsIt         // it does, itself or by what it calls
	startsIt        // it also starts a goroutine or has a literal that does
)

func (ct *Counts) calls(fn, callee *ssa.Function, depth int) int {
	calls, open := ct.Graph.Callers(callee)
	if open && !ct.Graph.Exported(callee) || depth == 0 || callee.Parent() != nil {
		return startsIt // as far as is known
	}
	found := callsNot
	for _, c := range calls {
		how := callsNot
		_, isGo := c.(*ssa.Go)
		switch from := c.Parent(); {
		case code.Outermost(from) == code.Outermost(fn):
			how = callsIt
			if isGo || from != fn {
				how = startsIt
			}
		case !isGo:
			how = ct.calls(fn, from, depth-1)
		}
		found = max(found, how)
	}
	return found
}

// MakesOwn reports whether every run of fn makes all channels of the class.
func (ct *Counts) MakesOwn(fn *ssa.Function, c *signal.Class) bool {
	for _, m := range c.Makes {
		if !ct.CalledBy(fn, m.Parent(), 3) {
			return false
		}
	}
	return true
}

// startsAll reports whether every operation of the class other than ops is done
// by goroutines that fn starts.
func (ct *Counts) startsAll(fn *ssa.Function, c *signal.Class, ops []signal.Op, gs []*program.Goroutine) bool {
	if ct.IsMain(fn) {
		return false
	}
	for _, o := range c.Ops() {
		if slices.Contains(ops, o) {
			continue
		}
		if gs == nil {
			return false
		}
		started := false
		for _, r := range ct.Running(gs, o.Fn) {
			if r.G.Site.In != fn {
				return false
			}
			started = true
		}
		if !started || o.Kind != signal.Send {
			return false
		}
	}
	return true
}

// SoleRaiser returns the goroutine whose body does all the operations, or the function
// that it is there for, if it is the only one with that body and starts once for each
// channel.
func (ct *Counts) SoleRaiser(c *signal.Class, raises []signal.Op, gs []*program.Goroutine) *program.Goroutine {
	if len(raises) == 0 {
		return nil
	}
	var one *program.Goroutine
	for _, r := range ct.Running(gs, raises[0].Fn) {
		g := r.G
		if g.Site.Call != nil && code.WithoutChan(g.Site.Call) {
			continue
		}
		if one != nil {
			return nil
		}
		one = g
	}
	if one == nil || one.Site.Body == nil || len(one.Site.Body.Blocks) == 0 {
		return nil
	}
	body := one.Site.Body
	for _, o := range raises {
		if o.Sel != nil || o.Fn != raises[0].Fn || o.Fn != body && o.Fn != ct.Doing(body, o.Fn) {
			return nil
		}
	}
	calls, open := ct.Graph.Callers(body)
	calls = slices.DeleteFunc(slices.Clone(calls), func(c ssa.CallInstruction) bool { return code.WithoutChan(c.Common()) })
	if open && !ct.OnlyStarted(body) || len(calls) > 1 || !ct.startedFor(c.Makes[0], one.Site.Inst) {
		return nil
	}
	return one
}

// startedFor reports whether the goroutine starts once at most for each channel that is
// made there: in one function, which may call others for either.
func (ct *Counts) startedFor(m *ssa.MakeChan, start ssa.CallInstruction) bool {
	made := ct.upwards(m)
	for _, at := range ct.upwards(start) {
		for _, by := range made {
			if by.Parent() == at.Parent() {
				return !slices.ContainsFunc(ct.PlainGraph(at.Parent()).Around(at.Block()), func(l *flow.Loop) bool { return !l.Has(by.Block()) && Bound(l) > 1 })
			}
		}
	}
	return false
}

// upwards returns the instruction, and the calls that lead to it as long as each is the
// only one, made once for each run.
func (ct *Counts) upwards(in ssa.Instruction) []ssa.Instruction {
	all := []ssa.Instruction{in}
	for range 3 {
		calls, open := ct.Graph.Callers(in.Parent())
		if open || len(calls) != 1 || ct.Looped(in) {
			break
		}
		if _, ok := calls[0].(*ssa.Call); !ok {
			break
		}
		in = calls[0]
		all = append(all, in)
	}
	return all
}

// Doing returns the function if the body of a goroutine alone calls it, once: it is what
// the goroutine is there for; else the body.
func (ct *Counts) Doing(body, fn *ssa.Function) *ssa.Function {
	calls, open := ct.Graph.Callers(fn)
	if open || len(calls) != 1 || calls[0].Parent() != body || ct.Looped(calls[0]) || ct.IsBody(fn) {
		return body
	}
	if _, ok := calls[0].(*ssa.Call); !ok {
		return body
	}
	return fn
}
