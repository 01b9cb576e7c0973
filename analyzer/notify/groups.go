package notify

import (
	"go/token"
	"slices"

	"golang.org/x/tools/go/ssa"

	"github.com/killcheck/killcheck/analyzer/code"
	"github.com/killcheck/killcheck/analyzer/flow"
	"github.com/killcheck/killcheck/analyzer/group"
	"github.com/killcheck/killcheck/analyzer/kb"
	"github.com/killcheck/killcheck/analyzer/program"
	"github.com/killcheck/killcheck/analyzer/signal"
)

// A Group is a wait for a condition variable or wait group that may not end, or a call
// because of which one may not.
type Group struct {
	Kind   GroupKind
	G      *program.Goroutine // one that does it; nil if none is seen to
	F      *program.Frame     // its function that does
	Pos    token.Pos          // the wait; for MoreAdded the call of Add
	Name   string             // of the condition variable or group
	Unsure bool
	Add    token.Pos          // a call that counts; invalid for Unsignalled and OwnMember
	Done   token.Pos          // for OwnMember: what is done when the wait is over; for GivenLeaves: the call
	More   int                // for MoreCounted: how many more are counted than told
	Some   bool               // for MoreCounted: on one way alone
	By     *program.Goroutine // for MemberLeaves: who leaves
	Who    string             // for Untold: who sets the flag
	Leaves program.Step       // for MoreCounted, MoreAdded, MemberLeaves and GivenLeaves: where; without a position if nothing returns; for Untold: where he sets it
}

// A GroupKind says why the wait may not end.
type GroupKind int8

// Why a wait for a condition variable or group may not end.
const (
	Unsignalled  GroupKind = iota // nothing signals the condition variable
	NoDone                        // nothing calls Done
	OwnMember                     // who waits is one of those that are waited for
	MoreCounted                   // more is counted than there are calls of Done
	MoreAdded                     // the same, and others wait
	AllRounds                     // the goroutines of all rounds of the loop are counted before it
	MemberLeaves                  // a goroutine can return without Done
	GivenLeaves                   // so can a function that is given away for others to call
	Untold                        // a flag ends the wait, and who sets it does not signal
)

// Groups returns the waits for condition variables that nobody signals, and for
// wait groups that do not come to zero.
func (p *Notifiers) Groups() []Group {
	var all []Group
	s := p.SyncIndex()
	for _, o := range s.Waits {
		if deferredWait(o.In) {
			continue // judged where it stands only
		}
		e, _ := signal.Entry(p.Base, o.In.Common())
		if len(e.Wake(kb.Broadcast)) == 0 {
			all = append(all, p.group(s, o)...)
		} else if wakes, ok := s.On(&s.Wakes, o.Typ, o.Class); ok && len(wakes) == 0 && !p.neverSet(code.Receiver(o.In.Common())) {
			all = append(all, p.at(o, Group{Kind: Unsignalled})...)
		} else if st := p.untold(o, wakes); ok && st != nil {
			who := code.Outermost(st.Parent()).Name()
			all = append(all, p.at(o, Group{Kind: Untold, Who: who, Leaves: p.StepAt(st.Pos(), "this would end it, if it were told")})...)
		}
	}
	return all
}

// at adds who waits, and where.
func (p *Notifiers) at(o group.SyncOp, x Group) []Group {
	x.G, x.F = p.Runner(p.Goroutines, o.In.Parent())
	x.Pos, x.Name = o.In.Pos(), p.LockText(o.In)
	return []Group{x}
}

// neverSet reports whether v is read from a pointer field that nothing is stored
// in: code that uses it does not run.
func (p *Notifiers) neverSet(v ssa.Value) bool {
	load, ok := v.(*ssa.UnOp)
	if !ok {
		return false
	}
	field, ok := load.X.(*ssa.FieldAddr)
	if !ok {
		return false
	}
	set, _ := p.CellsOf().Fields.At(field.X.Type()).(map[int]bool)
	return !set[field.Field]
}

// parks reports whether all that is counted is counted by fn, a function of a command,
// which waits for it and starts nothing that could be done: it may mean to wait as long as
// the process lives.
func (p *Notifiers) parks(fn *ssa.Function, adds []group.SyncOp) bool {
	if p.Pkg.Name() != "main" && !p.InCommand() {
		return false
	}
	if slices.ContainsFunc(adds, func(a group.SyncOp) bool { return a.In.Parent() != fn }) {
		return false
	}
	return !slices.ContainsFunc(p.Goroutines, func(g *program.Goroutine) bool { return g.Started() && code.Outermost(g.Site.In) == code.Outermost(fn) })
}

func deferredWait(c ssa.CallInstruction) bool {
	_, ok := c.(*ssa.Call)
	return !ok
}

// group judges a wait for a wait group.
func (p *Notifiers) group(s *group.SyncOps, o group.SyncOp) []Group {
	dones, ok := s.On(&s.Dones, o.Typ, o.Class)
	if !ok {
		return nil
	}
	adds, ok := s.On(&s.Adds, o.Typ, o.Class)
	if !ok || len(adds) == 0 {
		return nil
	}
	if len(dones) == 0 {
		return p.at(o, Group{Kind: NoDone, Add: adds[0].In.Pos(), Unsure: p.parks(o.In.Parent(), adds)})
	}
	if done, ok := s.Own(o); ok {
		return p.at(o, Group{Kind: OwnMember, Done: done.Pos()})
	}
	if x := s.Excess(o); x != nil {
		return p.excess(o, x)
	}
	if p.tooEarly(o, adds, dones) {
		return p.at(o, Group{Kind: AllRounds, Add: adds[0].In.Pos()})
	}
	for _, r := range p.Running(p.Goroutines, dones[0].In.Parent()) { // Inv: it calls all of them
		if ret := p.skipsDone(r.G, o, adds, dones); ret != nil {
			return p.at(o, Group{Kind: MemberLeaves, By: r.G, Unsure: flow.WithoutSome(ret, nil), Leaves: p.ReturnStep(ret)})
		}
	}
	if call, ret := p.givenSkips(adds, dones); ret != nil {
		return p.at(o, Group{Kind: GivenLeaves, Done: call.Pos(), Leaves: p.ReturnStep(ret)})
	}
	return nil
}

// tooEarly reports whether the wait stands in a loop that starts one goroutine
// per round, while all of them have been counted before the loop.
func (p *Notifiers) tooEarly(o group.SyncOp, adds, dones []group.SyncOp) bool {
	fn := o.In.Parent()
	for _, l := range p.PlainGraph(fn).Around(o.In.Block()) {
		for _, a := range adds {
			if a.In.Parent() != fn || l.Has(a.In.Block()) || !p.Precedes(a.In, o.In) || one(a.In) {
				return false
			}
		}
		for _, d := range dones {
			if d.Spawn || !p.startedIn(d.In.Parent(), fn, l) {
				return false
			}
		}
		return true
	}
	return false
}

// one reports whether the call adds the constant 1.
func one(c ssa.CallInstruction) bool {
	k, ok := c.Common().Args[1].(*ssa.Const)
	return ok && k.Value != nil && k.Int64() <= 1
}

// startedIn reports whether goroutines with the body fn start in the loop of
// parent and nowhere else.
func (p *Notifiers) startedIn(fn, parent *ssa.Function, l *flow.Loop) bool {
	sites := p.SiteIndex().Of[fn]
	return len(sites) == 1 && sites[0].In == parent && l.Has(sites[0].Inst.Block())
}

// skipsDone returns a return by which the goroutine ends without Done, although
// it calls it on another path and nobody else does.
func (p *Notifiers) skipsDone(g *program.Goroutine, o group.SyncOp, adds, dones []group.SyncOp) *ssa.Return {
	body := g.Site.Body
	if body == nil || g.Site.In == o.In.Parent() && !flow.LeadsTo(p.PlainGraph(g.Site.In), g.Site.Inst, o.In) {
		return nil // it starts after the wait, if at all
	}
	body = p.Doing(body, dones[0].In.Parent())
	counts := make(map[ssa.Instruction]bool)
	for _, d := range dones {
		if d.In.Parent() != body || d.Spawn || deferredWait(d.In) || p.Looped(d.In) {
			return nil
		}
		counts[d.In] = true
	}
	counted := false
	for _, a := range adds {
		if a.In.Parent() == g.Site.In && p.Precedes(a.In, g.Site.Inst) {
			counted = true
		} else {
			return nil
		}
	}
	if !counted || p.Recovers(body) {
		return nil
	}
	return p.returnWithout(body, counts)
}
