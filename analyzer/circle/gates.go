package circle

import (
	"slices"

	"golang.org/x/tools/go/ssa"

	"github.com/killcheck/killcheck/analyzer/code"
	"github.com/killcheck/killcheck/analyzer/count"
	"github.com/killcheck/killcheck/analyzer/group"
	"github.com/killcheck/killcheck/analyzer/program"
	"github.com/killcheck/killcheck/analyzer/signal"
	"github.com/killcheck/killcheck/analyzer/summary"
)

// A Gate is a wait of a goroutine for what was shut before it started: a lock that is
// held, a group that is counted up, a channel that is full. All that opens it is seen.
type Gate struct {
	Kind  GateKind
	G     *program.Goroutine
	F     *program.Frame    // that waits; nil if the go statement calls what waits
	In    ssa.Instruction   // the wait, or the call of what waits in another package
	Far   string            // that function; else empty
	Name  string            // of what is shut, as who shuts it calls it
	Shut  ssa.Instruction   // what shuts it
	Opens []ssa.Instruction // what opens it; what the goroutine does after the wait is left out
	Need  int               // how often that must be done
	By    *ssa.Function     // in which the goroutine is started, and before that the gate shut
}

// A GateKind says what is shut.
type GateKind int8

// What can be shut.
const (
	LockGate  GateKind = iota // a lock
	GroupGate                 // a wait group
	RoomGate                  // a channel with room, as a semaphore
)

// Gates returns the gates at which goroutines wait, the first of each that comes.
func (ct *Deadlocks) Gates() []*Gate {
	if ct.gated {
		return ct.gates
	}
	ct.gated = true
	if s := ct.SyncIndex(); len(s.Locks)+len(s.Adds) == 0 && !ct.fills() {
		return nil
	}
	for _, g := range ct.Goroutines {
		ct.gates = append(ct.gates, ct.gatesOf(g)...)
	}
	return ct.gates
}

// fills reports whether the package makes a channel with room.
func (ct *Deadlocks) fills() bool {
	for _, fn := range ct.Functions {
		for _, b := range fn.Blocks {
			for _, in := range b.Instrs {
				if mk, ok := in.(*ssa.MakeChan); ok {
					if k, isConst := mk.Size.(*ssa.Const); isConst && k.Int64() > 0 {
						return true
					}
				}
			}
		}
	}
	return false
}

func (ct *Deadlocks) gatesOf(g *program.Goroutine) []*Gate {
	var all []*Gate
	add := func(x *Gate) {
		if x != nil && !slices.ContainsFunc(all, func(o *Gate) bool { return o.Shut == x.Shut }) {
			all = append(all, x)
		}
	}
	if g.Site.Call != nil && (g.Site.Body == nil || len(g.Site.Body.Blocks) == 0) {
		ct.farGates(&Gate{G: g, In: g.Site.Inst}, g.Site.Inst, add)
	}
	for _, f := range g.Frames {
		for _, b := range f.Fn.Blocks {
			for _, in := range b.Instrs {
				switch in := in.(type) {
				case *ssa.Send:
					add(ct.roomGate(&Gate{G: g, F: f, In: in}, in))
				case *ssa.Call:
					x := &Gate{G: g, F: f, In: in}
					if op, ok := ct.LockCall(in); ok {
						if op.Takes() {
							add(ct.lockGate(x, op.On))
						}
					} else if e, ok := signal.Entry(ct.Base, &in.Call); ok {
						if recv := code.Receiver(&in.Call); recv != nil && group.IsWait(e) {
							add(ct.groupGate(x, recv))
						}
					} else {
						ct.farGates(x, in, add)
					}
				}
			}
		}
	}
	return all
}

// farGates shows the gates at which a function of another package waits that is called.
func (ct *Deadlocks) farGates(x *Gate, in ssa.CallInstruction, add func(*Gate)) {
	callee, fact := ct.FarFact(in.Common())
	if fact == nil {
		return
	}
	args := in.Common().Args
	for _, i := range slices.Compact(slices.Clone(fact.Fills)) {
		if i < len(args) {
			next := *x
			next.Far = code.InPackage(callee)
			add(ct.farRoomGate(&next, in, i, summary.Times(fact.Fills, i)))
		}
	}
	for _, i := range fact.Takes {
		if i >= len(args) {
			continue
		}
		next := *x
		next.Far = code.InPackage(callee)
		if ct.isGroup(args[i]) {
			add(ct.groupGate(&next, args[i]))
		} else {
			add(ct.lockGate(&next, args[i]))
		}
	}
}

// isGroup reports whether the address is one of a group, going by what is called on its
// type.
func (ct *Deadlocks) isGroup(v ssa.Value) bool {
	n := code.TypeName(v.Type())
	return slices.ContainsFunc(ct.SyncIndex().Adds, func(o group.SyncOp) bool { return o.Typ == n })
}

// lockGate returns the gate if somebody holds the lock at the address when the
// goroutine starts.
func (ct *Deadlocks) lockGate(x *Gate, on ssa.Value) *Gate {
	s, class, typ := ct.SyncIndex(), ct.Class(on), code.TypeName(on.Type())
	takes, ok := s.On(&s.Locks, typ, class)
	gives, ok2 := s.On(&s.Unlocks, typ, class)
	if !ok || !ok2 || len(takes) == 0 {
		return nil
	}
	var own, shut []group.SyncOp
	for _, o := range takes {
		if ct.alone(x.G, o.In.Parent()) {
			own = append(own, o)
		} else {
			shut = append(shut, o)
		}
	}
	if len(shut) != 1 || shut[0].Reads {
		return nil
	}
	for _, o := range gives {
		if !ct.alone(x.G, o.In.Parent()) {
			x.Opens = append(x.Opens, o.In)
		} else if !slices.ContainsFunc(own, func(t group.SyncOp) bool { return ct.Precedes(t.In, o.In) }) {
			return nil // it may open the gate itself
		}
	}
	x.Kind, x.Shut, x.Need, x.Name = LockGate, shut[0].In, 1, ct.LockText(shut[0].In)
	return ct.shut(x, on, code.Receiver(shut[0].In.Common()), class, []ssa.Instruction{x.Shut})
}

// groupGate returns the gate if the group at the address is counted up when the
// goroutine starts, and others count it down.
func (ct *Deadlocks) groupGate(x *Gate, on ssa.Value) *Gate {
	s, class, typ := ct.SyncIndex(), ct.Class(on), code.TypeName(on.Type())
	adds, ok := s.On(&s.Adds, typ, class)
	dones, ok2 := s.On(&s.Dones, typ, class)
	if !ok || !ok2 || len(adds) == 0 || len(dones) == 0 && x.Far == "" {
		return nil
	}
	var shuts []ssa.Instruction
	for _, a := range adds {
		k, ok := a.Adds()
		if !ok {
			return nil
		}
		x.Need += min(k, count.Many)
		shuts = append(shuts, a.In)
	}
	for _, d := range dones {
		if d.Spawn || len(d.In.Common().Args) == 2 {
			return nil
		}
		if !ct.alone(x.G, d.In.Parent()) {
			x.Opens = append(x.Opens, d.In)
		} else if _, deferred := d.In.(*ssa.Defer); deferred || !ct.Precedes(x.In, d.In) {
			return nil // it is one of those that are counted
		}
	}
	x.Kind, x.Shut, x.Name = GroupGate, shuts[0], ct.LockText(adds[0].In)
	return ct.shut(x, on, code.Receiver(adds[0].In.Common()), class, shuts)
}

// roomGate returns the gate if there is no room on the channel of the send when the
// goroutine starts.
func (ct *Deadlocks) roomGate(x *Gate, s *ssa.Send) *Gate {
	class := ct.Graph.Class(ct.Base, s.Chan)
	if !class.Own() {
		return nil
	}
	taken := 1
	for _, o := range class.Has(signal.Send) {
		if in, ok := o.In.(*ssa.Send); ok && in != s && ct.alone(x.G, o.Fn) && ct.Precedes(in, s) {
			taken++
		}
	}
	return ct.filled(x, class, taken, func(recv ssa.Instruction) bool { return ct.ComesAfter(s, recv) })
}

// farRoomGate is roomGate where a function of another package sends so many values on
// the channel that it is given, and only then receives.
func (ct *Deadlocks) farRoomGate(x *Gate, in ssa.CallInstruction, arg, values int) *Gate {
	class := ct.Graph.Class(ct.Base, in.Common().Args[arg])
	if ct.Looped(in) || !ct.Graph.GivenOnce(class, in, arg) {
		return nil
	}
	return ct.filled(x, class, values, func(recv ssa.Instruction) bool { return false })
}

// filled returns the gate if the sends of others leave no room for so many values on the
// channel, and the goroutine makes none itself before.
func (ct *Deadlocks) filled(x *Gate, class *signal.Class, taken int, later func(recv ssa.Instruction) bool) *Gate {
	room, sized := ct.Capacity(class)
	if len(class.Makes) != 1 || !sized || room == 0 || room > maxRoom || len(class.Has(signal.Close)) > 0 {
		return nil
	}
	var shuts []ssa.Instruction
	for _, o := range class.Has(signal.Send) {
		in, ok := o.In.(*ssa.Send)
		switch {
		case !ok || ct.Looped(in):
			return nil
		case !ct.alone(x.G, o.Fn):
			shuts = append(shuts, in)
		}
	}
	if x.Need = len(shuts) + taken - room; x.Need <= 0 || len(shuts) == 0 {
		return nil
	}
	for _, o := range class.Has(signal.Recv, signal.Range) {
		switch {
		case o.Sel != nil || o.Kind == signal.Range || ct.Looped(o.In):
			return nil
		case !ct.alone(x.G, o.Fn):
			x.Opens = append(x.Opens, o.In)
		case !later(o.In):
			return nil // it makes room itself
		}
	}
	x.Kind, x.Shut, x.Name = RoomGate, shuts[0], ct.Syn.Channel(shuts[0].Pos())
	mk := class.Makes[0]
	if by, ok := ct.shutBefore(x, shuts); ok && ct.CalledBy(by, mk.Parent(), 3) && !ct.Looped(mk) {
		x.By = by
		return x
	}
	return nil
}

// alone reports whether the goroutine alone runs fn.
func (ct *Deadlocks) alone(g *program.Goroutine, fn *ssa.Function) bool {
	if ct.OnlyIn(g, fn, 6) {
		return true
	}
	rs := ct.Running(ct.Goroutines, fn)
	return len(rs) == 1 && rs[0].G == g && g.Started() && ct.StartedOnly(fn, 6)
}

// maxRoom is the most room of a channel that is taken to be a semaphore.
const maxRoom = 8
