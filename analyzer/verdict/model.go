// Package verdict holds the model of a package, from which the checks and the map
// read, and judges each goroutine: it ends, it stops by a signal, it is stuck,
// or that is unknown.
package verdict

import (
	"go/types"
	"slices"
	"sync"

	"golang.org/x/tools/go/ssa"

	"github.com/killcheck/killcheck/analyzer/count"
	"github.com/killcheck/killcheck/analyzer/event"
	"github.com/killcheck/killcheck/analyzer/handle"
	"github.com/killcheck/killcheck/analyzer/held"
	"github.com/killcheck/killcheck/analyzer/lock"
	"github.com/killcheck/killcheck/analyzer/owner"
	"github.com/killcheck/killcheck/analyzer/peer"
	"github.com/killcheck/killcheck/analyzer/program"
	"github.com/killcheck/killcheck/analyzer/summary"
)

// A Model is all that is known of one package. Its parts are worked out when they
// are asked for, so only one question may be asked at a time; see [Model.Ask].
type Model struct {
	*event.Events
	*count.Counts
	Handles func() *handle.Handles
	Owners  func() *owner.Owners
	Locks   func() *lock.Locker
	Stalls  func() []held.Stall
	Peers   func() *peer.Peers

	matcher func() *matcher
	mu      sync.Mutex
}

// New makes the model of a package.
func New(in program.Input) *Model {
	ev := event.New(program.New(in))
	m := &Model{
		Events:  ev,
		Counts:  count.New(ev),
		Handles: sync.OnceValue(func() *handle.Handles { return handle.New(ev) }),
		Owners:  sync.OnceValue(func() *owner.Owners { return owner.New(ev, ev.Goroutines) }),
		Locks:   sync.OnceValue(func() *lock.Locker { return lock.New(ev) }),
	}
	m.Peers = sync.OnceValue(func() *peer.Peers { return peer.New(m.Counts) })
	m.Stalls = sync.OnceValue(func() []held.Stall { return held.Find(m.Counts, m.Locks()) })
	m.matcher = sync.OnceValue(func() *matcher { return newMatcher(m, m.Goroutines, m.Handles()) })
	return m
}

// Hear takes what the checks say, which the verdicts and explanations name.
func (m *Model) Hear(said []Said) {
	x := m.matcher()
	x.heard, x.answers, x.verdicts = said, nil, make(map[*program.Goroutine]*Verdict)
}

// Judge returns how one of the goroutines ends.
func (m *Model) Judge(g *program.Goroutine) Verdict { return m.matcher().judge(g) }

// Listed returns the goroutines that the map names: all, but for those which only
// run what their function is given, where it is seen what it is given.
func (m *Model) Listed() []*program.Goroutine {
	return slices.DeleteFunc(slices.Clone(m.Goroutines), m.matcher().givenOnly)
}

// Runs names what one of the goroutines runs, as code of the package would.
func (m *Model) Runs(g *program.Goroutine, pkg *types.Package) string {
	return m.matcher().runs(g, pkg)
}

// Explain explains every wait of the package and every goroutine that starts in
// it.
func (m *Model) Explain() []Explanation { return m.matcher().explain() }

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
			Spawns:   m.Finder.Spawns[fn],
			Runs:     m.Finder.Runs[fn],
		}
		m.Owners().Tell(fn, sums[fn])
	}
	if m.Exports {
		m.matcher().tell(sums)
	}
	return sums
}
