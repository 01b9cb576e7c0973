// Package model holds all that is known of one package. The checks and the map ask it,
// and it hands them to the room that knows.
package model

import (
	"sync"

	"golang.org/x/tools/go/ssa"

	"github.com/killcheck/killcheck/analyzer/capacity"
	"github.com/killcheck/killcheck/analyzer/circle"
	"github.com/killcheck/killcheck/analyzer/count"
	"github.com/killcheck/killcheck/analyzer/dead"
	"github.com/killcheck/killcheck/analyzer/event"
	"github.com/killcheck/killcheck/analyzer/fault"
	"github.com/killcheck/killcheck/analyzer/group"
	"github.com/killcheck/killcheck/analyzer/handle"
	"github.com/killcheck/killcheck/analyzer/held"
	"github.com/killcheck/killcheck/analyzer/interrupt"
	"github.com/killcheck/killcheck/analyzer/join"
	"github.com/killcheck/killcheck/analyzer/lock"
	"github.com/killcheck/killcheck/analyzer/lost"
	"github.com/killcheck/killcheck/analyzer/notify"
	"github.com/killcheck/killcheck/analyzer/owner"
	"github.com/killcheck/killcheck/analyzer/peer"
	"github.com/killcheck/killcheck/analyzer/program"
	"github.com/killcheck/killcheck/analyzer/raiser"
	"github.com/killcheck/killcheck/analyzer/standstill"
	"github.com/killcheck/killcheck/analyzer/summary"
	"github.com/killcheck/killcheck/analyzer/verdict"
)

// A Model is all that is known of one package. Its parts are worked out when they
// are asked for, so only one question may be asked at a time; see [Model.Ask].
type Model struct {
	*event.Events
	*group.Groups
	*count.Counts
	*capacity.Capacities
	*circle.Deadlocks
	*join.Endings
	*lost.Stops
	*dead.Waits
	Handles    func() *handle.Handles
	Interrupts func() *interrupt.Interrupts
	Owners     func() *owner.Owners
	Locks      func() *lock.Locker
	Stalls     func() []held.Stall
	Notifiers  func() *notify.Notifiers
	Raisers    func() *raiser.Raisers
	Peers      func() *peer.Peers
	Stands     func() []standstill.Standstill
	Verdicts   func() *verdict.Verdicts
	Faults     func() *fault.Faults

	mu sync.Mutex
}

// New makes the model of a package.
func New(in program.Input) *Model {
	ev := event.New(program.New(in))
	gr := group.New(ev)
	ct := count.New(gr)
	m := &Model{
		Events:     ev,
		Groups:     gr,
		Counts:     ct,
		Capacities: capacity.New(ct),
		Deadlocks:  circle.New(ct),
		Endings:    join.New(gr),
		Stops:      lost.New(ev),
		Waits:      dead.New(ev),
		Handles:    sync.OnceValue(func() *handle.Handles { return handle.New(ev) }),
		Owners:     sync.OnceValue(func() *owner.Owners { return owner.New(ev, ev.Goroutines) }),
		Locks:      sync.OnceValue(func() *lock.Locker { return lock.New(ev) }),
	}
	m.Interrupts = sync.OnceValue(func() *interrupt.Interrupts { return interrupt.New(ev, m.Handles()) })
	m.Notifiers = sync.OnceValue(func() *notify.Notifiers { return notify.New(ct) })
	m.Raisers = sync.OnceValue(func() *raiser.Raisers { return raiser.New(m.Deadlocks) })
	m.Peers = sync.OnceValue(func() *peer.Peers { return peer.New(m.Capacities, m.Raisers(), m.Endings) })
	m.Stands = sync.OnceValue(func() []standstill.Standstill { return standstill.Find(gr) })
	m.Stalls = sync.OnceValue(func() []held.Stall { return held.Find(ct, m.Endings, m.Locks()) })
	m.Verdicts = sync.OnceValue(func() *verdict.Verdicts { return verdict.New(m.Capacities, m.Handles()) })
	m.Faults = sync.OnceValue(func() *fault.Faults { return fault.New(m.Verdicts(), m.Peers()) })
	return m
}

// Ask calls the function while nobody else asks the model something.
func (m *Model) Ask(question func()) {
	m.mu.Lock()
	defer m.mu.Unlock()
	question()
}

// Summaries returns what callers in other packages need to know of the functions.
func (m *Model) Summaries() map[*ssa.Function]*summary.Func {
	sums := make(map[*ssa.Function]*summary.Func)
	for _, fn := range m.Functions {
		sums[fn] = &summary.Func{
			NoReturn: !m.Returns(fn),
			NoError:  m.NoError(fn),
			Spawns:   m.Finder.Spawns[fn],
			Runs:     m.Finder.Runs[fn],
		}
		m.Owners().Tell(fn, sums[fn])
	}
	if m.Exports {
		m.Verdicts().Tell(sums, m.Interrupts())
	}
	return sums
}
