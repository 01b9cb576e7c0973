package wake

import (
	"go/token"
	"slices"

	"golang.org/x/tools/go/ssa"

	"github.com/killcheck/killcheck/analyzer/code"
	"github.com/killcheck/killcheck/analyzer/flow"
	"github.com/killcheck/killcheck/analyzer/kb"
	"github.com/killcheck/killcheck/analyzer/signal"
)

// closing says how sure it is that the channel is closed, or that a context ends
// whose channel it may be.
func (m *Wakes) closing(at Spot, ch ssa.Value, name string) Wake {
	if m.justClosed(at, ch) {
		return Wake{Action: ByClose, Name: name, Level: Itself}
	}
	key := objectKey{at.Fn, ch}
	k, ok := m.closes[key]
	if !ok {
		m.closes[key] = Wake{Action: ByClose, Level: Unclear, Why: Recursive}
		k = m.closingOf(at, ch)
		m.closes[key] = k
	}
	k.Name = name
	return k
}

// justClosed reports whether the channel has been closed whenever control is at
// the wait: by the same function.
func (m *Wakes) justClosed(at Spot, ch ssa.Value) bool {
	c := m.Graph.Class(m.Base, ch)
	return len(c.Makes) == 1 && !c.Unknown && c.Makes[0].Parent() == at.Fn && !m.loops(at) && alreadyDone(signal.Instructions(c.Has(signal.Close)), at)
}

func (m *Wakes) closingOf(at Spot, ch ssa.Value) Wake {
	c := m.Graph.Class(m.Base, ch)
	stop := code.IsStopChan(ch.Type())
	var worst *Wake
	take := func(k Wake) {
		if worst == nil || k.Level < worst.Level {
			worst = &k
		}
	}
	for _, ctx := range c.Contexts {
		take(m.life(at, ctx, 8))
	}
	for _, e := range c.Library {
		if e.Effect == kb.NeverClosed {
			take(Wake{Level: Never, Why: NobodyDoes})
		} else {
			take(Wake{Level: Perhaps, Stop: true})
		}
	}
	if c.Unknown {
		take(Wake{Level: Perhaps, Stop: stop, Why: NotSeen})
	}
	for _, mk := range m.makes(c, at) {
		take(m.closingMade(at, mk, stop))
	}
	if worst == nil {
		return Wake{Action: ByClose, Level: Never, Why: NilChannel}
	}
	if worst.Level == Never && !c.Nil && len(c.Contexts)+len(c.Library)+len(c.Makes) > 1 {
		worst.Level = OnlyIf
	}
	if !ownMake(c) {
		worst.Of = nil
	}
	return *worst
}

// makes returns the makes of the class, those in test files left out where there
// are others and the wait is in none.
func (m *Wakes) makes(c *signal.Class, at Spot) []*ssa.MakeChan {
	if m.InTest(at.Pos) {
		return c.Makes
	}
	kept := slices.DeleteFunc(slices.Clone(c.Makes), func(mk *ssa.MakeChan) bool { return m.InTest(mk.Pos()) })
	if len(kept) == 0 {
		return c.Makes
	}
	return kept
}

// closingMade is closing for the channels that one call makes.
func (m *Wakes) closingMade(at Spot, mk *ssa.MakeChan, stop bool) Wake {
	c := m.Graph.Class(m.Base, mk)
	k := m.raised(signal.Instructions(c.Has(signal.Close)), mk, at)
	k.Action, k.Stop, k.Of = ByClose, stop, objectOf(c, signal.Close)
	if c.Sends && k.Level < Perhaps {
		level := Unclear
		if m.Graph.HandedOut(mk) {
			level = Perhaps
		}
		return Wake{Action: ByClose, Level: level, Stop: stop, Why: NotSeen, Who: k.Who}
	}
	return k
}

// makerOf returns the function that makes the channel, if one alone does; else nil.
func makerOf(c *signal.Class) *ssa.Function {
	if len(c.Makes) != 1 {
		return nil
	}
	return c.Makes[0].Parent()
}

// ownMake reports whether the channel is one that a single make gives, and everybody
// who could raise it is seen.
func ownMake(c *signal.Class) bool {
	return c.Closed() && !c.Nil && len(c.Makes) == 1 && len(c.Contexts)+len(c.Library) == 0
}

// objectOf returns the channel as the object of a wake by the operations, or nil if it
// is not known well enough.
func objectOf(c *signal.Class, kind signal.OpKind) *Object {
	ops := c.Has(kind)
	if !ownMake(c) || len(ops) == 0 {
		return nil
	}
	return &Object{c.Makes[0], signal.Instructions(ops)}
}

// MaxPartners is how many operations on the other end of a channel, callees of one
// call and ways out of one loop are looked at for each wait. Of more nothing is
// said, so that the work grows as the code does.
const MaxPartners = 32

// sending says how sure it is that somebody sends on the channel.
func (m *Wakes) sending(at Spot, ch ssa.Value, name string) Wake {
	c := m.Graph.Class(m.Base, ch)
	stop := code.IsStopChan(ch.Type())
	k := Wake{Action: BySend, Name: name, Stop: stop}
	switch {
	case len(c.Library) > 0 && len(c.Makes)+len(c.Contexts) == 0 && !c.Unknown:
		return m.ticks(ch, c, k)
	case m.OnlyNil(c):
		k.Why = NilChannel
		return k
	case c.Unknown || c.Sends:
		k.Level, k.Why = Perhaps, NotSeen
		if !c.Unknown {
			k.Level = Unclear // it is given to code that is not seen, for one use or another
		}
		return k
	}
	sends := c.Has(signal.Send)
	if len(sends) > MaxPartners {
		return Wake{Action: BySend, Name: name, Stop: stop, Level: Unclear, Why: NoMore}
	}
	k.Why, k.Who, k.Of = NobodyDoes, signal.Instructions(sends), objectOf(c, signal.Send)
	for _, o := range sends {
		k = m.surer(k, m.sender(at, o, c, stop))
	}
	return k
}

func (m *Wakes) surer(a, b Wake) Wake {
	if b.Level > a.Level || b.Level == a.Level && a.Why == NobodyDoes {
		a.Level, a.Why, a.At, a.What, a.Sets, a.If = b.Level, b.Why, b.At, b.What, b.Sets, b.If
	}
	return a
}

// ticks is sending for the channel of a library: a timer's brings a value.
func (m *Wakes) ticks(ch ssa.Value, c *signal.Class, k Wake) Wake {
	k.Level = Itself
	for _, e := range c.Library {
		switch {
		case e.Effect != kb.NeverClosed:
			k.Level = Perhaps
		case e.Keyword == "field" && k.Level == Itself:
			k.Level, k.Why = Unclear, Partner // it may be stopped, or set anew
		}
	}
	if k.Level >= Unclear && k.Why == Partner && (!m.stopsTimers() || m.h.RunsOn(ch, c)) {
		k.Level, k.Why = Itself, NoReason
	}
	k.Action = ByTime
	return k
}

// stopsTimers reports whether some code of the package stops a timer: it may be
// the one.
func (m *Wakes) stopsTimers() bool {
	if m.timers == nil {
		found := false
		for _, fn := range m.Functions {
			for _, b := range fn.Blocks {
				for _, in := range b.Instrs {
					if c, ok := in.(*ssa.Call); ok && !found {
						e, ok := signal.Entry(m.Base, &c.Call)
						found = ok && e.Kind == kb.KindTimer && code.Receiver(&c.Call) != nil && e.Effect == kb.Instant
					}
				}
			}
		}
		m.timers = &found
	}
	return *m.timers
}

// sender judges one send as the wake of a receive.
func (m *Wakes) sender(at Spot, o signal.Op, c *signal.Class, stop bool) Wake {
	fn := o.Fn
	switch {
	case m.DeadFor(fn, at.Fn, makerOf(c)):
		return Wake{Level: Never, Why: NobodyDoes}
	case fn == at.Fn:
		return Wake{Level: Unclear, Why: Partner, At: o.Pos()}
	}
	gs := m.WithBody(m.BodyOf(fn))
	if len(gs) == 0 {
		if stop && fn.Parent() == nil {
			return Wake{Level: Surely} // it is told when somebody calls
		}
		return Wake{Level: Unclear, Why: Partner, At: o.Pos()}
	}
	if m.loops(at) || o.Sel != nil {
		return Wake{Level: Unclear, Why: Partner, At: o.Pos()}
	}
	sites := slices.DeleteFunc(slices.Clone(c.Has(signal.Send, signal.Close)), func(x signal.Op) bool { return x.Fn != fn || x.Sel != nil })
	if r := m.Skips(fn, nil, signal.Instructions(sites)); r != nil {
		return Wake{Level: OnlyIf, Why: OnePath, At: m.ReturnPos(r)}
	}
	return m.ends(gs[0])
}

// Taken says how sure it is that a value is taken that is sent: there is room
// for it, or somebody receives.
func (m *Wakes) Taken(at Spot, ch ssa.Value) Wake {
	c := m.Graph.Class(m.Base, ch)
	k := Wake{Action: ByReceive}
	if m.OnlyNil(c) {
		k.Why = NilChannel
		return k
	}
	if c.Unknown || c.Nil || len(c.Library) > 0 {
		k.Level, k.Why = Unclear, NotSeen
		return k
	}
	if len(c.Has(signal.Send)) > MaxPartners || len(c.Has(signal.Recv, signal.Range)) > MaxPartners {
		k.Level, k.Why = Unclear, NoMore
		return k
	}
	room, sized := m.Capacity(c)
	send, _ := at.In.(*ssa.Send)
	if m.met(c) || send != nil && m.EachFits(send, c) {
		k.Level = Itself
		return k
	}
	if rooms, ok := m.Rooms(c); ok && rooms.Least > 0 && m.ClosedBehind(c) {
		k.Level = Itself
		return k
	}
	recvs := c.Has(signal.Recv, signal.Range)
	for _, o := range recvs {
		if o.Fn == at.Fn {
			continue
		}
		k.Who = append(k.Who, o.In)
		if x := m.receiver(at, send, o, c); x.Level > k.Level || k.Why == NoReason {
			k.Level, k.Why, k.At = x.Level, x.Why, x.At
		}
	}
	switch {
	case k.Level >= Surely:
	case c.Recvs:
		k.Level, k.Why = Unclear, NotSeen
	case len(recvs) == 0 && sized && room == 0:
		k.Level, k.Why = Never, NobodyDoes
	case k.Level < Unclear && k.Level != OnlyIf:
		k.Level, k.Why = Unclear, Partner
	}
	return k
}

// receiver judges one receive as the wake of a send.
func (m *Wakes) receiver(at Spot, send *ssa.Send, o signal.Op, c *signal.Class) Wake {
	unclear := Wake{Level: Unclear, Why: Partner, At: o.Pos()}
	if m.DeadFor(o.Fn, at.Fn, makerOf(c)) || o.Sel != nil || len(c.Makes) != 1 {
		return unclear
	}
	if o.Kind != signal.Range {
		if send == nil || m.Looped(send) || m.SenderRuns(c) != 1 || o.Fn == c.Makes[0].Parent() && m.Looped(o.In) && !m.Looped(c.Makes[0]) {
			return unclear
		}
	} else if !m.stays(o) {
		return unclear
	}
	k := m.raised([]ssa.Instruction{o.In}, c.Makes[0], at)
	switch {
	case k.Level == OnlyIf:
		return k
	case k.Level < Surely || len(m.WithBody(o.Fn)) == 0 && o.Fn != c.Makes[0].Parent():
		return unclear
	}
	return Wake{Level: Itself}
}

// stays reports whether the range over the channel is left by its close only.
func (m *Wakes) stays(o signal.Op) bool {
	recv, ok := o.In.(*ssa.UnOp)
	if !ok {
		return false
	}
	graph := m.PlainGraph(o.Fn)
	for _, l := range graph.All() {
		if l.Head != recv.Block() {
			continue
		}
		for _, e := range l.Exits {
			if e.To == nil || flow.RangeExit(e.From, flow.Succ(e)) != recv {
				return false
			}
		}
		return !m.hangs(o.Fn, l.Has)
	}
	return false
}

// hangs reports whether fn may stay for ever in the blocks: other waits than
// receives from the channel are there.
func (m *Wakes) hangs(fn *ssa.Function, in func(*ssa.BasicBlock) bool) bool {
	for _, b := range fn.Blocks {
		if !in(b) {
			continue
		}
		for _, x := range b.Instrs {
			switch x := x.(type) {
			case *ssa.Send:
				return true
			case *ssa.Select:
				if x.Blocking {
					return true
				}
			case *ssa.UnOp:
				if x.Op == token.ARROW && !code.RecvIsRange(x) {
					return true
				}
			case *ssa.Call:
				if !m.brief(x) {
					return true
				}
			}
		}
	}
	return false
}
